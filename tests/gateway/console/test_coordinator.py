"""A coordinator's day at the console in a real browser: untaken requests, reasons, reassigning and taking."""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpline.accounts.inviting import InvitationRequest
from helpline.accounts.linking import Linking
from helpline.directory import replace_directory
from helpline.directory.sample import sample
from helpline.staff import people
from helpline.staff.roles import Person, Role
from helpline.store.schema import offer, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.pages import (
    IN_A_BROWSER,
    LOCALES,
    Open,
    Served,
    check_accessibility,
    sign_in,
    sign_out,
)
from tests.gateway.console.test_watch import answer
from tests.steps.browser import sync_api
from tests.steps.desk import DESK, only
from tests.world import CALLER, MORNING, OTHER, World

pytestmark = IN_A_BROWSER
FIRST_COORDINATOR, THIRD = "kg-coordinator-1", "+996000111003"


@pytest.fixture
def house(served: Served) -> CaseOffice:
    """A service with one claimed request, and two that its only service did not take.

    Then further services joined, but the requests were not offered to them.
    """
    made = CaseOffice(World.on(served.office.console.db, clock=served.office.clock), served.office)
    only(made.world, DESK)
    for caller, answers in ((THIRD, "YES"), (CALLER, "NO"), (OTHER, "NO")):
        made.world.ask(caller)
        made.world.run()
        answer(made, answers)
    with made.world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", *sample("KG", "Asia/Bishkek", MORNING.date()))
    return made


def window(served: Served, page_of: Open, language: str, **options: Any) -> Any:
    """Open a window with the coordinator signed in whose phone is the first of the directory."""
    who = served.insider(Role.COORDINATOR, language=language)
    with served.office.console.db.write() as tx:
        people.change(tx, who.person.id, {"contact": FIRST_COORDINATOR})
    page = page_of(locale=LOCALES[language], **options)
    sign_in(served, page, who)
    return page


def waits(served: Served) -> None:
    """Create what waits on the page of people: a new account and a phone, both requested by another coordinator."""
    invitations = served.office.console.invitations
    bek, cholpon = (served.insider(Role.COORDINATOR, login).person for login in ("bek", "cholpon"))
    with served.office.console.db.write() as tx:
        newcomer = Person("", "New One", "new", Role.CASEWORKER, "kg-osh", "en", "")
        assert invitations.invite(tx, InvitationRequest(newcomer, bek))
        assert Linking(invitations, timedelta(hours=72)).ask(tx, cholpon, "kg-coordinator-2", bek)


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_day_of_a_coordinator(served: Served, house: CaseOffice, page_of: Open, language: str, script: bool) -> None:
    page = window(served, page_of, language, java_script_enabled=script)
    assert page.url == f"{served.url}/requests"
    stranded = page.locator("main section").first.locator("li a")
    sync_api.expect(stranded).to_have_count(2)
    here = house.office.clock().astimezone(ZoneInfo("Asia/Bishkek"))
    sync_api.expect(page.locator("#list > p", has_text=f"{here:%d.%m.%Y %H:%M}").locator("a")).to_have_attribute(
        "href", "/requests"
    )  # this list does not follow every change
    first, second = (str(stranded.nth(at).get_attribute("href")) for at in (0, 1))

    stranded.nth(0).click()
    page.locator("#q").fill("osh" if language == "en" else "ош")
    page.locator("#q").press("Enter")
    page.wait_for_url(re.compile(r"\?q="))
    sync_api.expect(page.locator("#why-not ~ ul li").first).to_be_visible()

    to = str(page.locator("#to option").nth(1).get_attribute("value"))
    page.locator("#to").select_option(to)
    page.locator("#why").select_option("urgent")
    page.locator(f'form[action="{first}/give"] button').click()
    sync_api.expect(page.locator("main p[role=status].done")).to_be_visible()
    house.world.run()
    assert (to, "open") in {(row.service, row.state) for row in house.world.rows(offer)}

    page.goto(f"{served.url}{second}")
    page.locator(f'form[action="{second}/take"] button').click()
    sync_api.expect(page.locator("main p[role=status].done")).to_be_visible()
    house.world.run()
    assert re.search(r"\b[0-9]{5}\b", house.world.inbox(house.world.phone(FIRST_COORDINATOR))[-1])
    assert sorted(row.state for row in house.world.rows(request)) == ["claimed", "claimed", "offered"]
    for place in (first, second, "/requests", "/requests/tonight"):
        page.goto(f"{served.url}{place}")
        assert not any(caller.lstrip("+") in page.content() for caller in (CALLER, OTHER, THIRD))
    sign_out(served, page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_coordinators_pages_are_accessible(
    served: Served, house: CaseOffice, page_of: Open, language: str, scheme: str
) -> None:
    """Axe checks the pages at 360 px and wide, and nothing is cut off."""
    assert len(house.world.rows(request)) == 3
    page = window(served, page_of, language, color_scheme=scheme)
    one = page.locator("main section").first.locator("li a").first.get_attribute("href")
    waits(served)
    pages = (("requests", "/requests"), ("request", one), ("tonight", "/requests/tonight"), ("people", "/people"))
    for name, place in pages:
        page.goto(f"{served.url}{place}")
        check_accessibility(page, f"{name}-{language}-{scheme}")
