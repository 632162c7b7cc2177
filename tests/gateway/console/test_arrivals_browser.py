"""A coordinator's pages in a real browser: danger appears and is heard, and a stop does not show which belong together."""

import re

import pytest

from gateway.console.cases import live
from helpline.staff.roles import Role
from helpline.store.schema import request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.pages import IN_A_BROWSER, Open, Served, check_accessibility, sign_in
from tests.gateway.console.test_arrivals import endanger
from tests.gateway.console.test_live import PLAYED
from tests.steps.browser import sync_api
from tests.world import OTHER

pytestmark = IN_A_BROWSER


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make browsers ask every second."""
    monkeypatch.setattr(live, "EVERY_SECONDS", 1)


@pytest.mark.parametrize("place", ["/requests", "/people"])
def test_danger_appears_and_is_heard_on_the_pages_of_a_coordinator(
    served: Served, page_of: Open, house: CaseOffice, place: str
) -> None:
    house.offered()
    page = page_of()
    sign_in(served, page, served.insider(Role.COORDINATOR))
    page.evaluate("localStorage.setItem('sound', 'on')")
    page.goto(f"{served.url}{place}")
    page.evaluate(PLAYED)
    with page.expect_response("**/requests/bell"):
        pass
    assert page.locator("h2.loud").count() == 0
    (row,) = house.world.rows(request)
    endanger(house, row.id)
    sync_api.expect(page).to_have_title(re.compile(r"^\(1\) DANGER! "))
    page.wait_for_function("window.played === 1")
    if place == "/requests":
        sync_api.expect(page.locator("h2.loud")).to_contain_text("(1)")
        sync_api.expect(page.locator("#sound")).to_have_text("Sound: on")
    else:
        sync_api.expect(page.locator("#in-danger a")).to_have_attribute("href", "/requests")
        sync_api.expect(page.locator("#in-danger")).to_contain_text("Requests in danger: 1")
    check_accessibility(page, "danger-for-coordinators")


def test_r27_the_list_of_coordinators_does_not_follow_a_stop(served: Served, page_of: Open, house: CaseOffice) -> None:
    """A stop pauses all requests of a telephone at one instant. Two that vanished together would be known as one's."""
    for _ in range(2):
        house.world.ask(OTHER)
    for row in house.world.rows(request):
        endanger(house, row.id)
    page = page_of()
    sign_in(served, page, served.insider(Role.COORDINATOR))
    page.goto(f"{served.url}/requests")
    sync_api.expect(page).to_have_title(re.compile(r"^\(2\) "))
    lists = list[str]()
    page.on("request", lambda each: lists.append(each.url) if "/requests/now" in each.url else None)
    house.world.text(OTHER, "STOP")
    assert {row.state for row in house.world.rows(request)} == {"paused"}
    sync_api.expect(page).to_have_title(re.compile(r"^All requests"))
    sync_api.expect(page.locator("h2.loud")).to_contain_text("(2)")
    assert lists == []
