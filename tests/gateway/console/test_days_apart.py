"""A day of the roles that see no case, from signing in to signing out, in a real browser: auditor and operator."""

import re
from typing import Any

import pytest

from helpline.operations import heartbeats
from helpline.staff import contacts
from helpline.staff.roles import Role
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.pages import IN_A_BROWSER, Open, Served, sign_out, window
from tests.gateway.console.test_watch import answer
from tests.steps.browser import sync_api
from tests.world import CALLER

pytestmark = [
    *IN_A_BROWSER,
    pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"]),
    pytest.mark.parametrize("language", ["en", "ru"]),
]
REASON = "the clock has shown no sign of life for 3 minutes"


@pytest.fixture
def case(house: CaseOffice) -> str:
    """A request that a service took by SMS and whose number it got. Neither role may see it."""
    id = house.offered()
    answer(house, "YES")
    answer(house, "NUMBER")
    return id


def leads_to(page: Any) -> set[str]:
    """Return where the menu leads."""
    return {str(each.get_attribute("href")) for each in page.locator("nav[aria-label] > ul a").all()}


def is_refused(served: Served, page: Any, place: str, first: str) -> None:
    """Open an address of another role. The page says so, shows nothing, and leads back to the own first page."""
    answered = page.goto(f"{served.url}{place}")
    assert answered.status == 403
    sync_api.expect(page.locator("main h1")).not_to_be_empty()
    assert page.locator("main form, main table").count() == 0
    page.locator("main p a").click()
    page.wait_for_url(f"{served.url}{first}")


def test_an_auditor_reads_the_log_and_checks_it(
    served: Served, house: CaseOffice, case: str, page_of: Open, language: str, script: bool
) -> None:
    page = window(served, page_of, Role.AUDITOR, language, script)
    assert page.url == f"{served.url}/audit"
    assert leads_to(page) == {"/audit", "/reviews", "/figures", "/account"}
    sync_api.expect(page.locator("#chain ~ p.done")).to_be_visible()
    page.locator('main a[href="/audit?check=all"]').click()
    newest = page.locator("#chain ~ p.done code").inner_text()
    assert CALLER.lstrip("+") not in page.content()

    label = page.locator("#action option[value=reveal]").inner_text()
    page.locator("#action").select_option("reveal")
    page.locator("#action").locator("xpath=ancestor::form").locator("button").click()
    sync_api.expect(page.locator("#found ~ div tbody tr")).to_have_count(1)
    assert page.locator("#found ~ div tbody td:nth-child(4)").inner_text() == label
    assert CALLER.lstrip("+") not in page.content()
    assert page.locator('main a[href^="/cases"], main a[href^="/requests"]').count() == 0

    for field in ("#who", "#ref"):  # a number does not even reach the address
        page.locator(field).fill(CALLER)
        page.locator(field).press("Enter")
        assert page.locator(f"{field}:invalid").count() == 1
        page.locator(field).fill("")
    assert CALLER.lstrip("+") not in page.url

    page.locator("details:has(#head) > summary").click()
    for head, shown in (("0" * 8, "p.refused"), ("0" * 8, "p.faults"), (newest[:8], "p.done")):
        page.locator("#head").fill(head)
        page.locator("#head").press("Enter")
        sync_api.expect(page.locator(f"#heads {shown}")).to_be_visible()
    for place in (f"/cases/{case}", "/requests", "/people", "/machine"):
        is_refused(served, page, place, "/audit")
    sign_out(served, page)
    page.go_back()
    page.wait_for_url(re.compile("/login"))


def test_an_operator_sees_the_state_of_the_machine_and_no_case(
    served: Served, house: CaseOffice, case: str, page_of: Open, language: str, script: bool
) -> None:
    served.office.reasons.append(REASON)
    page = window(served, page_of, Role.OPERATOR, language, script)
    assert page.url == f"{served.url}/machine"
    assert leads_to(page) == {"/machine", "/account"}
    sync_api.expect(page.locator(".faults li")).to_have_text(REASON)
    needs = page.locator("main tbody strong")
    before = needs.count()

    served.office.reasons.clear()
    with house.world.db.write(house.world.clock()) as tx:
        heartbeats.record_heartbeat(tx, "clock")
        names = [each.name(language) for each in contacts.of_kind(tx, "service", "KG")]
    page.reload()
    sync_api.expect(page.locator(".faults")).to_have_count(0)
    sync_api.expect(needs).to_have_count(before - 1)
    assert not any(each in page.content() for each in (CALLER.lstrip("+"), case, *names))

    for place in (f"/cases/{case}", "/requests", "/drills", "/audit", "/figures"):
        is_refused(served, page, place, "/machine")
    sign_out(served, page)
    page.go_back()
    page.wait_for_url(re.compile("/login"))
