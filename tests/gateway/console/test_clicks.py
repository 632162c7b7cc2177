"""How many clicks the commonest jobs take, counted in a real browser from the list, with and without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest

from helpline.staff.roles import Role
from helpline.store.schema import attempt, offer
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.pages import IN_A_BROWSER, Open, Served, sign_in
from tests.steps.browser import sync_api
from tests.world import CALLER

pytestmark = [*IN_A_BROWSER, pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])]
NUMBER, OUTCOME, HAND_OVER, FULL, REASSIGN, UNDO = 4, 2, 4, 2, 4, 1
"""The most clicks of each job; choosing from a list is one."""


def clicks_of(page: Any) -> tuple[list[str], Callable[[str], None]]:
    """Return a list of the clicks made, and what makes one."""
    made = list[str]()

    def click(where: str) -> None:
        made.append(where)
        page.locator(where).click()

    return made, click


def test_clicks_to_the_number_the_outcome_and_the_hand_over(
    served: Served, house: CaseOffice, page_of: Open, script: bool
) -> None:
    id = house.offered()
    page = page_of(java_script_enabled=script)
    sign_in(served, page, served.insider(Role.CASEWORKER, service=house.service_of(id)))
    page.goto(f"{served.url}/cases")
    made, click = clicks_of(page)
    click(f'main a[href="/cases/{id}"]')
    click(f'form[action="/cases/{id}/claim"] button')
    click("#read")
    click(f'form[action="/cases/{id}/number"] button')
    sync_api.expect(page.locator("#number")).to_contain_text(CALLER)
    assert len(made) <= NUMBER, made
    made, click = clicks_of(page)
    click('input[name="outcome"][value="reached"]')
    click(f'form[action="/cases/{id}/told"] button')
    page.wait_for_url(f"{served.url}/cases/{id}?said=reached")
    assert len(made) <= OUTCOME, made
    first = page.locator("main :is(button, .button):not(.quiet)")
    sync_api.expect(first).to_have_attribute("href", "#agree")  # not *Done*, which deletes the number for good
    page.goto(f"{served.url}/cases")
    made, click = clicks_of(page)
    click(f'main a[href="/cases/{id}"]')
    click(f'a[href="/cases/{id}/hand"]')
    click('input[name="to"] >> nth=0')
    click(f'form[action="/cases/{id}/hand"] button')
    page.wait_for_url(f"{served.url}/cases/{id}?said=handing")
    sync_api.expect(page.locator('#asked ~ p a[href^="tel:"]')).to_be_visible()
    assert len(made) <= HAND_OVER, made
    assert [row.state for row in house.world.rows(offer)] == ["followed", "proposed"]


def test_clicks_to_say_full_and_to_take_it_back(served: Served, house: CaseOffice, page_of: Open, script: bool) -> None:
    service = house.service_of(house.offered())
    page = page_of(java_script_enabled=script)
    sign_in(served, page, served.insider(Role.LEAD, service=service))
    page.goto(f"{served.url}/duty")
    made, click = clicks_of(page)
    click('form[action="/duty/full"] button')
    click('form[action="/duty/open"] button')
    page.wait_for_url(f"{served.url}/duty?said=opened_all")
    assert len(made) <= FULL, made


def test_clicks_to_give_a_case_to_a_colleague(served: Served, house: CaseOffice, page_of: Open, script: bool) -> None:
    id = house.offered()
    service = house.service_of(id)
    colleague = served.insider(Role.LEAD, "colleague", service=service).person.id
    page = page_of(java_script_enabled=script)
    sign_in(served, page, served.insider(Role.CASEWORKER, service=service))
    page.goto(f"{served.url}/cases/{id}")
    page.locator(f'form[action="/cases/{id}/claim"] button').click()
    page.wait_for_url(f"{served.url}/cases/{id}?said=card")
    page.goto(f"{served.url}/cases")
    made, click = clicks_of(page)
    click(f'main a[href="/cases/{id}"]')
    made.append("#to")
    page.locator("#to").select_option(colleague)
    click(f'form[action="/cases/{id}/assign"]:has(#to) button')
    page.wait_for_url(f"{served.url}/cases/{id}?assigned=given")
    assert len(made) <= REASSIGN, made
    assert [row.owner for row in house.world.rows(offer)] == [colleague]


def test_clicks_of_a_coordinator_to_give_a_request_to_another_service(
    served: Served, house: CaseOffice, page_of: Open, script: bool
) -> None:
    offered = house.offered()
    id = next(row.request for row in house.world.rows(offer) if row.id == offered)
    page = page_of(java_script_enabled=script)
    sign_in(served, page, served.insider(Role.COORDINATOR))
    page.goto(f"{served.url}/requests")
    made, click = clicks_of(page)
    click(f'main a[href="/requests/{id}"]')
    for field, index in (("#to", 1), ("#why", 1)):
        made.append(field)
        page.locator(field).select_option(index=index)
    click(f'form[action="/requests/{id}/give"] button')
    page.wait_for_url(lambda url: url.startswith(f"{served.url}/requests/{id}?said=given"))
    assert len(made) <= REASSIGN, made
    made, click = clicks_of(page)
    click(f'form[action="/requests/{id}/undo"] button')
    page.wait_for_url(lambda url: url.startswith(f"{served.url}/requests/{id}?said=took_back"))
    assert len(made) == UNDO, made
    assert [row.outcome for row in house.world.rows(attempt) if row.undone] == ["moved"]
