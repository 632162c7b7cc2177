"""With JavaScript off, a caseworker and a coordinator do their commonest jobs in a real browser.

Other tests do some of them with JavaScript off as well: signing in (`test_browser`), the number, the outcome, full and
its undo, a colleague (`test_clicks`), the filters (`test_look`), giving a request to a service (`test_coordinator`).
"""

from pathlib import Path
from typing import Any

from helpline.caller import blocks
from helpline.staff.roles import Role
from helpline.store.schema import contact, offer
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.pages import IN_A_BROWSER, Open, Served, sign_in, sign_out, type_a_service, type_to_sign_in
from tests.helpline.directory.hsds.ground import directories, example, written
from tests.steps.browser import sync_api
from tests.steps.desk import DESK
from tests.world import CALLER, OTHER, World

pytestmark = IN_A_BROWSER


def digits(house: CaseOffice, id: str) -> str:
    row = next(row for row in house.world.rows(offer) if row.id == id)
    return house.world.work.ctx.offer_code(row.id, row.draws)


def press(page: Any, action: str) -> None:
    page.locator(f'form[action="{action}"] button').first.click()


def test_caseworkers_sort_find_claim_and_hand_over_without_script(
    served: Served, house: CaseOffice, page_of: Open
) -> None:
    id = house.offered()
    service = house.service_of(id)
    page = page_of(java_script_enabled=False, viewport={"width": 360, "height": 740})
    type_to_sign_in(served, page, served.insider(Role.CASEWORKER, service=service))
    page.goto(f"{served.url}/cases")
    page.locator(".filters summary").click()
    page.locator("#order").select_option("oldest")
    page.locator("form:has(#order) button").click()
    sync_api.expect(page.locator("#list .row")).to_have_count(1)
    page.locator("#code").fill(digits(house, id))
    page.locator("form:has(#code) button").click()
    page.wait_for_url(f"{served.url}/cases/{id}")
    press(page, f"/cases/{id}/claim")
    page.locator('.bar a[href="#card"]').click()
    sync_api.expect(page.locator("#card")).to_be_in_viewport()
    page.locator("#read").check()
    press(page, f"/cases/{id}/number")
    sync_api.expect(page.locator("#number")).to_contain_text(CALLER)
    page.locator("details.means summary").click()
    sync_api.expect(page.locator("details.means p")).to_be_visible()
    page.locator('input[name="outcome"][value="reached"]').check()
    press(page, f"/cases/{id}/told")
    page.goto(f"{served.url}/cases/{id}/hand")
    page.locator('input[name="to"]').first.check()
    press(page, f"/cases/{id}/hand")
    page.goto(f"{served.url}/cases/shift")
    sync_api.expect(page.locator("#print")).to_be_hidden()
    sync_api.expect(page.get_by_text("Print this page")).to_be_visible()
    sign_out(served, page)
    theirs = next(row for row in house.world.rows(offer) if row.state == "proposed")
    sign_in(served, page, served.insider(Role.CASEWORKER, "receiver", service=theirs.service))
    page.goto(f"{served.url}/cases")
    page.locator(f'main a[href="/cases/{theirs.id}"]').click()
    press(page, f"/cases/{theirs.id}/claim")
    page.wait_for_url(f"{served.url}/cases/{theirs.id}?said=taken_over")
    sync_api.expect(page.get_by_text("You took it over from")).to_be_visible()


def test_coordinators_find_block_and_disable_without_script(served: Served, house: CaseOffice, page_of: Open) -> None:
    id = house.offered()
    house.offered(OTHER)
    wanted = next(row.request for row in house.world.rows(offer) if row.id == id)
    page = page_of(java_script_enabled=False, viewport={"width": 360, "height": 740})
    sign_in(served, page, served.insider(Role.COORDINATOR))
    page.goto(f"{served.url}/requests")
    page.locator("#code").fill(digits(house, id))
    page.locator("form:has(#code) button").click()
    page.locator("main ul.cases a").click()
    page.wait_for_url(f"{served.url}/requests/{wanted}")
    page.locator("summary:has(#block)").click()
    page.locator("#reason").select_option("hoax")
    page.locator('form[action$="/block"] input[name="sure"]').check()
    press(page, f"/requests/{wanted}/block")
    page.goto(f"{served.url}/requests/blocks")
    sync_api.expect(page.locator(f'main a[href="/requests/{wanted}"]')).to_be_visible()
    page.locator('form[action$="/end"] button').click()
    page.wait_for_url(f"{served.url}/requests/blocks?said=ended")
    with house.world.db.read(house.world.clock()) as tx:
        assert blocks.active(tx) == []
    page.goto(f"{served.url}/directory/lost")
    page.locator(f'input[name="contact"][value="{DESK}"]').check()
    page.locator('input[name="sure"]').check()
    press(page, "/directory/lost/off")
    page.locator(f'main a[href="/directory/{DESK}"]').click()
    page.wait_for_url(f"{served.url}/directory/{DESK}")
    assert DESK not in {row.id for row in house.world.rows(contact)}


def test_coordinators_add_a_service_without_script(served: Served, page_of: Open, tmp_path: Path) -> None:
    db = served.office.console.db
    World.on(db, clock=served.office.clock)
    directories(db).take(written(example(), tmp_path))
    page = page_of(java_script_enabled=False)
    sign_in(served, page, served.insider(Role.COORDINATOR, "aida"))
    page.goto(f"{served.url}/directory/new")
    page.locator("#organization").fill("Bridge")
    page.locator("button[value=check]").click()
    sync_api.expect(page.locator("#phone-fault")).to_be_visible()
    type_a_service(page, name="Bridge")
    page.locator("button[value=check]").click()
    page.locator("input[name=sure]").check()  # a Russian name in Latin letters is doubtful
    page.locator("button[value=save]").click()
    page.wait_for_url(f"{served.url}/directory/*?said=new")
