"""The page of daily drills: who took each drill and how, and which desks are silent.

Drills are marked at the console.
"""

from datetime import timedelta

import pytest

from helpline.request.model import Way
from helpline.staff import contacts, people
from helpline.staff.roles import Role
from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.test_cases import act
from tests.steps.desk import DESK, only


@pytest.fixture
def office(new_sqlite: Databases) -> CaseOffice:
    made = CaseOffice.on(new_sqlite())
    only(made.world, DESK)
    return made


def drill(office: CaseOffice, way: Way = Way.TEXT) -> str:
    """Hold a drill. Return its offer."""
    with office.world.db.write(office.world.clock()) as tx:
        who = contacts.on_duty(tx, DESK)
        assert who is not None
        office.world.work.inbound.orders.drills.begin_daily(tx, who, way)
    office.world.run()
    return office.newest()


def test_a_drill_that_was_claimed_at_the_console_is_on_the_page(office: CaseOffice) -> None:
    id = drill(office, Way.ACCOUNT)
    assert office.world.gateway.sent == []
    _, worker = office.worker(DESK)
    assert " <span>PRACTICE</span></strong>" in worker.get("/cases").get_data(as_text=True)
    assert act(worker, id, "claim") == "card"
    browser = office.office.signed_in(office.office.insider(Role.COORDINATOR, "aida"))
    page = browser.get("/drills").get_data(as_text=True)
    assert '<td class="number">1 / 1</td>' in page
    assert "All have answered recently" in page
    assert "turned off" in page
    assert browser.get("/requests").status_code == 200
    assert "No request is open now" in browser.page


def test_who_practises_a_hand_over_reads_that_it_is_accepted_at_once(office: CaseOffice) -> None:
    id = drill(office, Way.ACCOUNT)
    _, worker = office.worker(DESK)
    act(worker, id, "claim")
    assert "In a practice case the other service accepts at once." in worker.get(f"/cases/{id}/hand").get_data(
        as_text=True
    )


def test_an_account_without_a_language_reads_its_service_in_the_language_of_the_page(office: CaseOffice) -> None:
    who, worker = office.worker(DESK)
    with office.world.db.write() as tx:
        people.change(tx, who.person.id, {"language": ""})
    page = worker.get("/account", **{"Accept-Language": "ru"}).get_data(as_text=True)
    assert "<dd>Пример" in page


def test_a_desk_that_is_silent_for_days_must_be_called(office: CaseOffice) -> None:
    for _ in range(4):
        drill(office)
        office.world.wait(timedelta(days=1))
    browser = office.office.signed_in(office.office.insider(Role.COORDINATOR, "aida"))
    page = browser.get("/drills").get_data(as_text=True)
    assert "Services that have not answered for days: 1." in page
    assert '<td class="number">0 / 4</td>' in page
