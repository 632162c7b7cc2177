"""A coordinator finds a request by the digits that a service has in its SMS."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.casework import find_request
from helpline.casework.find_request import FOUND, NOT_FOUND, REF
from helpline.directory.phone_changes import REDRAW
from helpline.request import offers, requests
from helpline.staff.roles import Role
from helpline.store import outbox
from helpline.store.engine import Database
from helpline.store.schema import audit, offer, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_cases import a_form
from tests.gateway.console.test_steer import newest
from tests.gateway.console.test_watch import answer
from tests.world import CALLER, OTHER

HERE = "/requests/find"


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
    assert {each.offer.id for each in found} == two


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
    assert "No request has this short code." in looked(browser, "0a0b0c")
    assert {FOUND, NOT_FOUND} <= {row.action for row in office.world.rows(audit)}


def test_two_requests_with_the_same_short_code_are_both_shown(office: CaseOffice, browser: Browser) -> None:
    office.offered()
    office.offered(OTHER)
    two = sorted(row.id for row in office.world.rows(request))
    like = two[0][:6] + two[1][6:]
    with office.world.db.write(office.world.clock()) as tx:
        tx.execute(sa.update(request).where(request.c.id == two[1]).values(id=like))
    page = looked(browser, like[:6])
    assert all(f'<a href="/requests/{each}"' in page for each in (two[0], like))


def test_a_code_that_looks_like_a_callers_own_is_named(office: CaseOffice, browser: Browser) -> None:
    """It finds nothing: an earlier request is reached only by its caller, with code and word (R27)."""
    office.offered()
    page = looked(browser, "801073")
    assert "only the caller uses it, and it finds nothing here" in page
    assert "No service has these five digits now" in looked(browser, "00000")


@pytest.mark.engines
def test_r32_old_digits_find_a_request_after_a_telephone_was_lost(db: Database) -> None:
    """A coordinator reads that they are old. A caseworker with a printed sheet still opens the case."""
    office = CaseOffice.on(db)
    id = office.offered()
    was, service = digits(office, id), office.service_of(id)
    with office.world.db.write(office.world.clock()) as tx:
        outbox.wake(tx, REDRAW, service, tx.now)
    office.world.run()
    assert digits(office, id) != was
    coordinator = office.office.signed_in(office.office.insider(Role.COORDINATOR))
    page = looked(coordinator, was)
    assert f'<a href="/requests/{newest(office)}"' in page
    assert "These were its digits until" in page
    assert "These were its digits until" not in looked(coordinator, digits(office, id))
    _, worker = office.worker(service)
    assert "Your requests have new digits since" in worker.get("/cases").get_data(as_text=True)
    assert worker.send("/cases/find", {"code": was}).location == f"/cases/{id}?said=old_digits"
    assert "You typed its old digits." in worker.get(f"/cases/{id}?said=old_digits").get_data(as_text=True)
    office.world.wait(days=3)
    assert "Your requests have new digits since" not in worker.get("/cases").get_data(as_text=True)


@pytest.mark.parametrize("typed", ["4829", "abcde", "٤٨٢٩١", "+996000", "abcdeg"])
def test_anything_but_a_code_is_not_searched(office: CaseOffice, browser: Browser, typed: str) -> None:
    office.offered()
    assert "This is none of the codes." in looked(browser, typed)
    assert not {FOUND, NOT_FOUND} & {row.action for row in office.world.rows(audit)}


def test_r32_a_search_is_in_the_audit_log_without_the_digits(office: CaseOffice, browser: Browser) -> None:
    code = digits(office, office.offered())
    for typed in (code, "00000"):
        looked(browser, typed)
    rows = [(row.action, row.ref) for row in office.world.rows(audit) if row.action in (FOUND, NOT_FOUND)]
    assert rows == [(FOUND, newest(office)), (NOT_FOUND, REF)]
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
