"""R32, R36: a practice case that a person starts at the console holds nobody's number, and nothing counts it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from helpline.casework import practice_case
from helpline.content.sources import ROOT, load_country
from helpline.core.phone_numbers import country_of, msisdn
from helpline.operations import health_figures
from helpline.oversight import exported_cases, month_rows, most_urgent_first
from helpline.request import sealed_numbers
from helpline.request.model import DRILL, Way
from helpline.staff import contacts
from helpline.staff.roles import Role
from helpline.store.schema import offer, outbox, request
from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_cases import act
from tests.steps.desk import DESK, only

NOBODY = "+996000000000"
MARK = re.compile("PRACTICE(</span>)?</strong>")


@pytest.fixture
def office(new_sqlite: Databases) -> CaseOffice:
    made = CaseOffice.on(new_sqlite())
    only(made.world, DESK)
    return made


def started(office: CaseOffice) -> tuple[str, Browser]:
    """Start a practice case at the console and claim it, with a fresh second factor. Return its offer."""
    who, browser = office.worker(DESK)
    browser.get("/cases")
    assert browser.send("/cases/practise").location == "/cases?said=practice_soon"
    office.world.run()
    id = office.newest()
    assert act(browser, id, "claim") == "card"
    office.prove(who, browser, f"/cases/{id}")
    return id, browser


def test_r32_a_practice_case_holds_and_shows_a_number_of_nobody(office: CaseOffice) -> None:
    """Also in production, where a drill by SMS has the number of its own desk."""
    orders = office.world.work.inbound.orders
    in_production = replace(orders, drills=replace(orders.drills, is_demo=False))
    inbound = replace(office.world.work.inbound, orders=in_production)
    office.world.work = replace(office.world.work, inbound=inbound)
    id, browser = started(office)
    page = browser.send(f"/cases/{id}/number", {"read": "yes"}).get_data(as_text=True)
    assert f"<code>{NOBODY}</code>" in page
    assert "No caller has this number" in page
    assert 'href="tel:' not in page
    assert office.world.phone(DESK) not in page
    (row,) = office.world.rows(request)
    with office.world.db.read() as tx:
        sealed = sealed_numbers.sealed_of(tx, row.id)
    assert office.world.work.outgoing.opening.open(row.id, sealed or b"").reveal() == NOBODY


@pytest.mark.parametrize("daily", [False, True], ids=["asked for", "daily"])
def test_r32_a_drill_by_sms_is_not_opened_as_a_practice_case(office: CaseOffice, daily: bool) -> None:
    """In production it has the desk's own telephone. A practice case takes its place."""
    drills = replace(office.world.work.inbound.orders.drills, is_demo=False)
    with office.world.db.write() as tx:
        contact = contacts.on_duty(tx, DESK)
        assert contact is not None
        if daily:
            drills.begin_daily(tx, contact, Way.TEXT)
        else:
            drills.begin(tx, contact)
        assert practice_case.open_one(tx, DESK) is None
    by_sms = office.newest()
    id, browser = started(office)
    assert id != by_sms
    assert NOBODY in browser.send(f"/cases/{id}/number", {"read": "yes"}).get_data(as_text=True)


def test_a_daily_drill_at_the_console_is_a_practice_case(office: CaseOffice) -> None:
    with office.world.db.write() as tx:
        contact = contacts.on_duty(tx, DESK)
        assert contact is not None
        office.world.work.inbound.orders.drills.begin_daily(tx, contact, Way.ACCOUNT)
        found = practice_case.open_one(tx, DESK)
    assert found is not None
    assert found.id == office.newest()


@pytest.mark.parametrize("country", ["kg", "kz", "tj", "tm", "uz"])
def test_r32_the_number_of_practice_belongs_to_nobody_in_any_country(country: str) -> None:
    assert country_of(msisdn(f"{load_country(ROOT, country).made_up}000000")) is None


def test_r36_a_practice_case_is_not_counted_offered_or_reported(office: CaseOffice) -> None:
    """Walked to its end: no text, no other service, no figure, no export, no event for other systems."""
    start = office.world.clock() - timedelta(days=1)
    id, browser = started(office)
    with office.world.db.read(office.world.clock()) as tx:
        assert most_urgent_first.everything(tx) == []
        assert health_figures.services_with_open_offer(tx) == frozenset()
    browser.send(f"/cases/{id}/number", {"read": "yes"})
    assert act(browser, id, "told", outcome="reached") == "reached"
    assert act(browser, id, "done", sure="yes") == "done"
    office.world.run()
    end = office.world.clock() + timedelta(days=1)
    (row,) = office.world.rows(request)
    assert (row.kind, row.state) == (DRILL, "closed")
    assert [each.service for each in office.world.rows(offer)] == [DESK]
    assert office.world.gateway.sent == []
    assert [each for each in office.world.rows(outbox) if each.kind == "event"] == []
    with office.world.db.read() as tx:
        for service in ("", DESK):
            data = month_rows.month_data(tx, start, end, str, service)
            assert (data.people, dict(data.spans), data.asked) == ([], {}, [])
        assert exported_cases.rows(tx) == []


def test_r32_a_practice_case_is_marked_on_every_page(office: CaseOffice) -> None:
    id, browser = started(office)
    for place in ("/cases", f"/cases/{id}", f"/cases/beside?case={id}", f"/cases/{id}/hand", "/cases/shift"):
        assert MARK.search(browser.get(place).get_data(as_text=True)), place
    browser.get(f"/cases/{id}")
    assert MARK.search(browser.send(f"/cases/{id}/number", {"read": "yes"}).get_data(as_text=True))


def test_a_service_has_one_practice_case_and_it_ends_by_itself(office: CaseOffice) -> None:
    id, browser = started(office)
    browser.get("/cases")
    assert browser.send("/cases/practise").location == f"/cases/{id}"
    with office.world.db.write() as tx:
        practice_case.make(office.world.work.inbound.orders.drills, tx, DESK)
    assert len(office.world.rows(request)) == 1
    office.world.wait(days=1, minutes=1)
    assert [row.state for row in office.world.rows(request)] == ["closed"]
    with office.world.db.read() as tx:
        assert practice_case.open_one(tx, DESK) is None


def test_without_a_telephone_on_duty_nothing_starts(office: CaseOffice) -> None:
    _, browser = office.worker("a service without telephones")
    browser.get("/cases")
    assert browser.send("/cases/practise").location == "/cases?said=practice_not"
    assert 'class="refused"' in browser.get("/cases?said=practice_not").get_data(as_text=True)


def test_a_new_person_is_invited_to_practise_on_their_first_page(office: CaseOffice) -> None:
    who, browser = office.worker(DESK)
    assert "Start a practice case" in browser.get("/cases").get_data(as_text=True)
    assert "Start a practice case" in browser.get("/help").get_data(as_text=True)
    office.office.wait(days=15)
    browser = office.office.signed_in(who)
    assert "Start a practice case" not in browser.get("/cases").get_data(as_text=True)
    assert 'href="/help#practise"' in browser.page
    coordinator = office.office.signed_in(office.office.insider(Role.COORDINATOR))
    assert "Start a practice case" not in coordinator.get("/help").get_data(as_text=True)
