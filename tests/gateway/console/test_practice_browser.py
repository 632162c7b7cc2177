"""A new caseworker walks through a practice case in a real browser, from the list to the outcome."""

import pytest

from helpline.staff.roles import Role
from helpline.store.schema import request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.pages import IN_A_BROWSER, Open, Served, check_accessibility, sign_in
from tests.steps.browser import sync_api
from tests.steps.desk import DESK, only

pytestmark = IN_A_BROWSER


@pytest.mark.parametrize(("language", "script"), [("en", True), ("ky", False)], ids=["en", "ky without JavaScript"])
def test_a_new_caseworker_practises(
    served: Served, house: CaseOffice, page_of: Open, language: str, script: bool
) -> None:
    only(house.world, DESK)
    page = page_of(java_script_enabled=script)
    sign_in(served, page, served.insider(Role.CASEWORKER, language=language, service=DESK))
    page.locator('form[action="/cases/practise"] button').click()
    page.wait_for_url(f"{served.url}/cases?said=practice_soon")
    house.world.run()
    page.goto(f"{served.url}/cases")
    page.locator("#list .row a").click()
    id = page.url.rpartition("/")[2]
    page.locator(f'form[action="/cases/{id}/claim"] button').click()
    page.locator("#read").click()
    page.locator(f'form[action="/cases/{id}/number"] button').click()
    sync_api.expect(page.locator("#number")).to_have_text("+996000000000")
    sync_api.expect(page.locator("main .badge").first).to_be_visible()
    if script:
        check_accessibility(page, f"practice-number-{language}")
    page.locator('input[name="outcome"][value="reached"]').click()
    page.locator(f'form[action="/cases/{id}/told"] button').click()
    page.locator("#sure").click()
    page.locator(f'form[action="/cases/{id}/done"] button').click()
    page.wait_for_url(f"{served.url}/cases/{id}?said=done")
    over = served.office.console.texts.say(language, "cases.said.practice_over")
    sync_api.expect(page.locator("main [role=status]")).to_have_text(over)
    sync_api.expect(page.locator("main .badge")).to_be_visible()
    assert page.locator("form[action$='/told']").count() == 0  # there is no caller whose safety a late report concerns
    page.goto(f"{served.url}/cases")
    sync_api.expect(page.locator("#ended li .badge").first).to_be_attached()
    assert [row.state for row in house.world.rows(request)] == ["closed"]
