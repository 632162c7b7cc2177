"""A coordinator finds a request by the digits that a service has in its SMS."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.casework import find_request
from helpline.casework.find_request import FOUND
from helpline.request import offers, requests
from helpline.staff.roles import Role
from helpline.store.engine import Database
from helpline.store.schema import audit, offer, request
from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_cases import a_form
from tests.gateway.console.test_steer import newest
from tests.gateway.console.test_watch import answer
from tests.world import CALLER, OTHER

HERE = "/requests/find"


@pytest.fixture
def office(new_sqlite: Databases) -> CaseOffice:
    return CaseOffice.on(new_sqlite())


@pytest.fixture
def browser(office: CaseOffice) -> Browser:
    return office.office.signed_in(office.office.insider(Role.COORDINATOR))


def digits(office: CaseOffice, id: str) -> str:
    """Return the digits of an offer as its service has them in its SMS."""
    with office.world.db.read() as tx:
        found = offers.get(tx, id)
    assert found is not None
    return office.world.work.ctx.offer_code(found.id, found.draws)


def looked(browser: Browser, code: str) -> str:
    browser.get("/requests")
    return browser.send(HERE, {"code": code}).get_data(as_text=True)


def test_the_digits_of_a_service_find_its_request(office: CaseOffice, browser: Browser) -> None:
    code = digits(office, office.offered())
    wanted = newest(office)
    office.offered(OTHER)
    page = looked(browser, code)
    assert page.count('<a href="/requests/') == 1
    assert f'<a href="/requests/{wanted}"' in page
    assert CALLER.lstrip("+") not in page


@pytest.mark.engines
def test_digits_that_two_services_have_find_both(db: Database) -> None:
    """A code is the digits of one service: another one may have the same."""
    office = CaseOffice.on(db)
    office.offered()
    office.offered(OTHER)
    two = {row.id for row in office.world.rows(offer)}
    assert len(two) == 2
    ctx = replace(office.world.work.ctx, offer_code=lambda *_: "48291")
    with office.world.db.write(office.world.clock()) as tx:
        found = find_request.by_digits(ctx, tx, "aida", "48291")
    assert {each.id for each in found} == two


def test_a_request_is_found_by_the_digits_of_a_service_that_declined_it(office: CaseOffice, browser: Browser) -> None:
    code = digits(office, office.offered())
    answer(office, "NO")
    assert "That service no longer has it." in looked(browser, code)


@pytest.mark.engines
def test_a_short_code_opens_its_request(db: Database) -> None:
    """Coordinators name it to each other. It also finds a request that no service was asked about."""
    office = CaseOffice.on(db)
    office.offered()
    wanted = newest(office)
    with office.world.db.read() as tx:
        assert requests.of_short_code(tx, wanted[:6]) == [wanted]
    browser = office.office.signed_in(office.office.insider(Role.COORDINATOR))
    for typed in (wanted[:6], f"№ {wanted[:6].upper()}"):
        browser.get("/requests")
        assert browser.send(HERE, {"code": typed}).location == f"/requests/{wanted}"
    assert "Nothing was found" in looked(browser, "0a0b0c")
    assert FOUND in {row.action for row in office.world.rows(audit)}


def test_two_requests_with_the_same_short_code_are_both_shown(office: CaseOffice, browser: Browser) -> None:
    office.offered()
    office.offered(OTHER)
    two = sorted(row.id for row in office.world.rows(request))
    like = two[0][:6] + two[1][6:]
    with office.world.db.write(office.world.clock()) as tx:
        tx.execute(sa.update(request).where(request.c.id == two[1]).values(id=like))
    page = looked(browser, like[:6])
    assert all(f'<a href="/requests/{each}"' in page for each in (two[0], like))


@pytest.mark.parametrize("typed", ["4829", "abcde", "٤٨٢٩١", "+996000", "abcdeg"])
def test_anything_but_a_code_is_not_searched(office: CaseOffice, browser: Browser, typed: str) -> None:
    office.offered()
    assert "Type the five digits, or" in looked(browser, typed)
    assert FOUND not in {row.action for row in office.world.rows(audit)}


def test_r32_a_search_is_in_the_audit_log_without_the_digits(office: CaseOffice, browser: Browser) -> None:
    code = digits(office, office.offered())
    for typed in (code, "00000"):
        looked(browser, typed)
    rows = [row for row in office.world.rows(audit) if row.action == FOUND]
    assert [row.ref for row in rows] == ["requests"]
    assert code not in {row.ref for row in office.world.rows(audit)}


def test_r35_digits_are_in_no_address(office: CaseOffice, browser: Browser) -> None:
    """An address is in the history of a browser, and after the end of a session in that of the sign-in page."""
    code = digits(office, office.offered())
    assert "/requests/" + newest(office) not in browser.get(f"{HERE}?code={code}").get_data(as_text=True)
    assert FOUND not in {row.action for row in office.world.rows(audit)}
    browser.get("/requests")
    form = browser.hidden(HERE)
    office.office.clock.at += timedelta(days=1)
    assert browser.post(HERE, {**form, "code": code}).location == f"/login?next={HERE}"


def test_a_caseworker_cannot_search_all_requests(office: CaseOffice) -> None:
    held = office.offered()
    _, worker = office.worker(office.service_of(held))
    assert worker.post(HERE, {**a_form(worker), "code": digits(office, held)}).status_code == 403
