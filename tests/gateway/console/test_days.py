"""A day of each role at the console, from signing in to signing out, in a real browser.

Tests find pages by the addresses of forms and links. So one story runs in every language, with and without scripts.
"""

import re

import pytest
import sqlalchemy as sa

from helpline.staff.roles import Role
from helpline.store.schema import audit, offer, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.pages import IN_A_BROWSER, LOCALES, Open, Served, sign_in, sign_out, window
from tests.steps.browser import sync_api
from tests.world import CALLER

pytestmark = [
    *IN_A_BROWSER,
    pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"]),
    pytest.mark.parametrize("language", ["en", "ru"]),
]
MOST_CLICKS = 8


def test_a_caseworker_claims_and_closes_a_request_in_eight_clicks(
    served: Served, house: CaseOffice, page_of: Open, language: str, script: bool
) -> None:
    """From the list to the end. The second factor of signing in still counts for the number."""
    id = house.offered()
    page = window(served, page_of, Role.CASEWORKER, language, script, house.service_of(id))
    clicks = []

    def click(where: str) -> None:
        clicks.append(where)
        page.locator(where).click()

    click(f'main a[href="/cases/{id}"]')
    click(f'form[action="/cases/{id}/claim"] button')
    page.wait_for_url(f"{served.url}/cases/{id}?said=card")
    assert CALLER not in page.content()
    click("#read")
    click(f'form[action="/cases/{id}/number"] button')
    sync_api.expect(page.locator("#number")).to_contain_text(CALLER)
    click('input[name="outcome"][value="reached"]')
    click(f'form[action="/cases/{id}/told"] button')
    click("#sure")
    click(f'form[action="/cases/{id}/done"] button')
    page.wait_for_url(f"{served.url}/cases/{id}?said=done")
    sync_api.expect(page.locator("p.done")).to_be_visible()
    assert len(clicks) <= MOST_CLICKS, clicks
    assert [row.state for row in house.world.rows(request)] == ["closed"]
    page.go_back()
    assert CALLER not in page.content()
    sign_out(served, page)


def test_a_caseworker_reports_an_unanswered_call_in_two_clicks(
    served: Served, house: CaseOffice, page_of: Open, language: str, script: bool
) -> None:
    id = house.offered()
    page = window(served, page_of, Role.CASEWORKER, language, script, house.service_of(id))
    page.goto(f"{served.url}/cases/{id}")
    page.locator(f'form[action="/cases/{id}/claim"] button').click()
    page.locator("#read").click()
    page.locator(f'form[action="/cases/{id}/number"] button').click()
    page.locator('input[name="outcome"][value="no_answer"]').click()
    page.locator(f'form[action="/cases/{id}/told"] button').click()
    page.wait_for_url(f"{served.url}/cases/{id}?said=noted")
    assert "no_answer" in {row.action for row in house.world.rows(audit)}
    page.goto(f"{served.url}/cases")
    sync_api.expect(
        page.locator(f'main a[href="/cases/{id}"]')
    ).to_be_visible()  # called again in the caller's next window
    sign_out(served, page)


def test_a_lead_pauses_the_desk_downloads_figures_and_opens_again(
    served: Served, house: CaseOffice, page_of: Open, language: str, script: bool
) -> None:
    service = house.service_of(house.offered())
    page = window(served, page_of, Role.LEAD, language, script, service)
    page.locator('nav a[href="/duty"]').click()
    page.locator('form[action="/duty/full"] button').click()
    sync_api.expect(page.locator('form[action="/duty/open"]')).to_be_visible()
    page.locator('form[action="/duty/open"] button').click()
    sync_api.expect(page.locator('form[action="/duty/full"]')).to_be_visible()
    page.locator('nav a[href="/figures"]').click()
    with page.expect_download() as coming:
        page.locator('a[href^="/figures/report.csv"]').first.click()
    assert re.search(rb"\n", coming.value.path().read_bytes())
    sign_out(served, page)


def test_a_person_is_told_that_a_colleague_was_faster(
    served: Served, house: CaseOffice, page_of: Open, language: str, script: bool
) -> None:
    """Two people of one service open the same case. The second is told, and nothing happens twice."""
    id = house.offered()
    service = house.service_of(id)
    first = window(served, page_of, Role.CASEWORKER, language, script, service)
    second = page_of(java_script_enabled=script, locale=LOCALES[language])
    sign_in(served, second, served.insider(Role.LEAD, language=language, service=service))
    for page in (first, second):
        page.goto(f"{served.url}/cases/{id}")
    first.locator(f'form[action="/cases/{id}/claim"] button').click()
    sync_api.expect(first.locator("#read")).to_be_visible()
    second.locator(f'form[action="/cases/{id}/claim"] button').click()
    sync_api.expect(second.locator("p.done")).to_be_visible()
    with house.world.db.read() as tx:
        assert tx.execute(sa.select(sa.func.count()).where(offer.c.state == "claimed")).scalar_one() == 1
    assert [row.action for row in house.world.rows(audit)].count("claim") == 1


def test_a_coordinator_keeps_the_accounts_the_register_and_the_lock(
    served: Served, house: CaseOffice, page_of: Open, language: str, script: bool
) -> None:
    """The administration of a country, with a second coordinator where two people are needed."""
    house.offered()
    served.insider(Role.AUDITOR, "slip", language)
    page, other = (page_of(java_script_enabled=script, locale=LOCALES[language]) for _ in range(2))
    for each, login in ((page, "first"), (other, "second")):
        sign_in(served, each, served.insider(Role.COORDINATOR, login, language))

    page.goto(f"{served.url}/people")
    page.locator("#name").fill("Aida")
    page.locator("#login").fill("aida")
    page.locator("#service").select_option(index=1)
    page.locator('form[action="/people/invite"] button').click()
    sync_api.expect(page.locator("#code")).to_be_visible()
    other.goto(f"{served.url}/people")
    other.locator('form[action$="/agree"] button').click()
    sync_api.expect(other.locator("p.done")).to_be_visible()

    page.goto(f"{served.url}/people")
    account = page.locator("ul.cases > li").filter(has_text="(slip)")
    account.locator("summary").click()
    account.locator('form[action$="/disable"] button').click()
    account.locator('form[action$="/reopen"] button').click()
    sync_api.expect(page.locator("p.done")).to_be_visible()
    sync_api.expect(account.locator("summary")).to_be_visible()

    page.goto(f"{served.url}/requests")
    page.locator("ul.cases a").first.click()
    page.locator('main a[href^="/harm?request="]').click()
    page.locator("#what").select_option(index=1)
    page.locator('form[action="/harm/add"] button').click()
    page.locator('main dd a[href^="/requests/"]').click()
    page.wait_for_url(re.compile("/requests/[0-9a-f]{32}$"))

    page.goto(f"{served.url}/lock")
    for each in (page, page, other):
        each.goto(f"{served.url}/lock")
        each.locator("main form input[type=checkbox]").check()
        each.locator("main form button").click()
        sync_api.expect(each.locator("main p[role=status]")).to_be_visible()
    sync_api.expect(other.locator(".locked")).to_have_count(0)
    sign_out(served, page)
