"""R32: what somebody opens of a case at the console is in the audit log before they see it."""

import pytest
import sqlalchemy as sa

from helpline.request import offers
from helpline.request.offers import OfferState
from helpline.staff.openings import OPENED, NotRecorded
from helpline.staff.roles import Role
from helpline.store import audit_log
from helpline.store.engine import Database
from helpline.store.schema import audit, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser, Insider

pytestmark = pytest.mark.engines


@pytest.fixture
def office(db: Database) -> CaseOffice:
    return CaseOffice.on(db)


def openings(office: CaseOffice) -> list[tuple[str, str]]:
    """Return who opened which request, oldest first."""
    return [(row.actor, row.ref) for row in office.world.rows(audit) if row.action == OPENED]


def claimed(office: CaseOffice) -> tuple[str, Insider, Browser]:
    """Claim an offer by SMS, so that nobody has opened it yet. Return it, and a caseworker of that service."""
    id = office.offered()
    to, code = office.world.offered()
    office.world.text(to, f"YES {code}")
    return id, *office.worker(office.service_of(id))


def about(office: CaseOffice) -> str:
    return str(office.world.rows(request)[-1].id)


def test_r32_opening_a_case_is_logged_once_in_a_quarter_of_an_hour(office: CaseOffice) -> None:
    """For each person. A page that is loaded again every few seconds adds no rows."""
    id, who, browser = claimed(office)
    for _ in range(5):
        assert browser.get(f"/cases/{id}").status_code == 200
        office.office.wait(minutes=2)
    mine = (who.person.id, about(office))
    assert openings(office) == [mine]
    colleague, another = office.worker(office.service_of(id), "colleague")
    another.get(f"/cases/{id}")
    assert openings(office) == [mine, (colleague.person.id, about(office))]
    office.office.wait(minutes=5, seconds=1)
    browser.get(f"/cases/{id}")
    assert openings(office)[2:] == [mine]
    with office.world.db.read() as tx:
        assert audit_log.broken_at(tx, office.office.console.sign_in.audit_key) is None


def test_r32_an_offer_that_is_opened_before_the_claim_is_logged_too(office: CaseOffice) -> None:
    id = office.offered()
    who, browser = office.worker(office.service_of(id))
    browser.get(f"/cases/{id}")
    assert openings(office) == [(who.person.id, about(office))]


@pytest.mark.parametrize("page", ["", "/hand"])
def test_r32_every_page_of_a_case_is_an_opening(office: CaseOffice, page: str) -> None:
    """Also the one with the services that it could be handed to, which depend on what the caller said."""
    id, who, browser = claimed(office)
    browser.get(f"/cases/{id}{page}")
    assert openings(office) == [(who.person.id, about(office))]


def test_r32_a_page_with_a_refused_note_is_an_opening(office: CaseOffice) -> None:
    """It shows the case and all its notes again."""
    id, who, browser = claimed(office)
    browser.get(f"/cases/{id}")
    office.office.wait(minutes=14)
    browser.get(f"/cases/{id}")
    office.office.wait(minutes=1, seconds=1)
    browser.send(f"/cases/{id}/note", {"note": "They are at 996 700 00 00 01"})
    assert "They are at" in browser.page
    assert openings(office) == [(who.person.id, about(office))] * 2


def test_r32_a_coordinator_who_opens_a_request_is_logged(office: CaseOffice) -> None:
    office.offered()
    who = office.office.insider(Role.COORDINATOR)
    browser = office.office.signed_in(who)
    browser.get("/requests")
    browser.get("/requests?q=1")
    assert openings(office) == []
    browser.get(f"/requests/{about(office)}")
    browser.get(f"/requests/{about(office)}?q=demo")
    assert openings(office) == [(who.person.id, about(office))]


def test_r32_lists_and_live_updates_open_no_case(office: CaseOffice) -> None:
    id, _, browser = claimed(office)
    for place in (
        "/cases",
        "/cases/now",
        "/cases/bell",
        f"/cases/bell?case={id}",
        f"/cases/beside?case={id}",
        "/cases/unknown",
    ):
        browser.get(place)
    _, stranger = office.worker("another service", "stranger")
    assert stranger.get(f"/cases/{id}").status_code == 404
    coordinator = office.office.signed_in(office.office.insider(Role.COORDINATOR))
    assert coordinator.get("/requests/unknown").status_code == 404
    assert openings(office) == []


def test_r32_a_case_that_was_given_back_shows_nothing_and_is_not_opened(office: CaseOffice) -> None:
    id, _, browser = claimed(office)
    with office.world.db.write(office.world.clock()) as tx:
        assert offers.move(tx, id, OfferState.CLAIMED, OfferState.PASSED)
    assert "<dl" not in browser.get(f"/cases/{id}").get_data(as_text=True)
    assert openings(office) == []


def test_r32_notes_cannot_be_read_without_a_row(office: CaseOffice) -> None:
    """The domain refuses, whatever a page does."""
    id, who, _ = claimed(office)
    notes = office.office.console.case_context.notes
    with office.world.db.read() as tx:
        offer = offers.get(tx, id)
        assert offer is not None
        with pytest.raises(NotRecorded):
            notes.read(tx, who.person, offer)
    with office.world.db.write() as tx:
        assert notes.read(tx, who.person, offer) == []
    assert openings(office) == [(who.person.id, about(office))]
    with office.world.db.read() as tx:
        assert notes.read(tx, who.person, offer) == []


def test_r32_no_case_is_shown_if_the_log_cannot_be_written(office: CaseOffice) -> None:
    """The row comes first. Nothing of the case is in the answer."""
    id, _, browser = claimed(office)

    def full(connection: object, statement: object, *_: object) -> None:
        if isinstance(statement, sa.Insert) and statement.table is audit:
            raise sa.exc.OperationalError("insert", None, Exception("the disk is full"))

    sa.event.listen(office.office.console.db.engine, "before_execute", full)
    office.office.app.testing = False
    office.office.app.config["PROPAGATE_EXCEPTIONS"] = False
    assert browser.get(f"/cases/{id}").status_code == 500
    assert f"/cases/{id}/" not in browser.page
    sa.event.remove(office.office.console.db.engine, "before_execute", full)
    assert f"/cases/{id}/number" in browser.get(f"/cases/{id}").get_data(as_text=True)


def test_r32_auditors_read_openings_in_plain_words(office: CaseOffice) -> None:
    id, who, browser = claimed(office)
    browser.get(f"/cases/{id}")
    auditor = office.office.signed_in(office.office.insider(Role.AUDITOR))
    page = auditor.get(f"/audit?action={OPENED}").get_data(as_text=True)
    assert "Opened a request" in page
    assert who.person.name in page
    assert about(office) in page
