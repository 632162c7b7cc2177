"""A coordinator takes back, within ten minutes, that a request was given to another service."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.directory import services
from helpline.matching import candidates
from helpline.oversight.open_requests import desks
from helpline.store.engine import Database
from helpline.store.schema import attempt, offer, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_steer import FIRST, SECOND, act, actions, coordinator, held, newest, reassign, state
from tests.gateway.console.test_watch import answer
from tests.steps.desk import all_fit
from tests.world import CALLER

pytestmark = pytest.mark.engines
GONE, OFFER = "do not need to answer any more", "YES"


@pytest.fixture
def office(db: Database) -> CaseOffice:
    made = CaseOffice.on(db)
    all_fit(made.world)
    return made


@pytest.fixture
def browser(office: CaseOffice) -> Browser:
    """The browser of the coordinator who gives requests to other services."""
    return coordinator(office, "coordinator", FIRST)[1]


def moved(office: CaseOffice, browser: Browser) -> tuple[str, str, str]:
    """Take a request from the service that was asked. Return its id, that service, and the one that is asked next."""
    office.offered()
    id, before = newest(office), held(office)[0][0]
    to = next(each for each in ("kg-bishkek", "kg-country") if each != before)
    assert reassign(browser, id, to, "fits") == "given"
    return id, before, to


def page_of(browser: Browser, id: str) -> str:
    return " ".join(browser.get(f"/requests/{id}").text.split())


def last(office: CaseOffice, service: str) -> str:
    return office.world.inbox(office.world.phone(service))[-1]


def test_a_withdrawn_offer_comes_back_and_the_other_service_is_told(office: CaseOffice, browser: Browser) -> None:
    """Each of the two has as its last text what is true."""
    id, before, to = moved(office, browser)
    office.world.run()
    assert GONE in last(office, before)
    assert OFFER in last(office, to)
    page = page_of(browser, id)
    assert f'action="/requests/{id}/undo"' in page
    with office.world.db.read() as tx:
        name = desks(tx, "en")[before].name
    assert f"Then {name} is asked again." in page
    assert act(browser, id, "undo") == "took_back"
    assert f"Taken back. Asked next: {name}." in browser.get(f"/requests/{id}?said=took_back&to={before}").text
    office.world.run()
    assert held(office) == [(before, "void"), (to, "void"), (before, "open")]
    assert GONE in last(office, to)
    assert OFFER in last(office, before)
    assert "undo_give" in actions(office)
    assert all(row.undone for row in office.world.rows(attempt) if row.outcome == "moved")
    page = page_of(browser, id)
    assert "A coordinator took that back. The service that had it before is asked next." in page
    assert f'action="/requests/{id}/undo"' not in page
    assert act(browser, id, "undo") == "undo_late"


def test_a_service_that_was_not_asked_yet_never_hears_of_it(office: CaseOffice, browser: Browser) -> None:
    id, before, to = moved(office, browser)
    assert act(browser, id, "undo") == "took_back"
    office.world.run()
    assert not office.world.inbox(office.world.phone(to))
    assert held(office) == [(before, "void"), (before, "open")]


def test_a_claim_comes_back_as_an_offer_that_its_service_can_take(office: CaseOffice, browser: Browser) -> None:
    """It was told to delete the number, so it claims again."""
    office.offered()
    answer(office, "YES")
    id, before = newest(office), held(office)[0][0]
    assert reassign(browser, id, next(each for each in ("kg-bishkek", "kg-country") if each != before)) == "given"
    assert act(browser, id, "undo") == "took_back"
    office.world.run()
    assert held(office) == [(before, "void"), (before, "open")]
    answer(office, "YES")
    assert state(office, id) == "claimed"
    assert "is yours" in last(office, before)


def test_it_comes_back_after_the_other_service_has_declined(office: CaseOffice, browser: Browser) -> None:
    id, before, _ = moved(office, browser)
    office.world.run()
    with office.world.db.write() as tx:
        for each in services.services(tx, "KG"):
            candidates.set_full(tx, each.id, office.world.clock() + timedelta(days=1))
    answer(office, "NO")
    with office.world.db.write() as tx:
        candidates.set_full(tx, before, None)
    assert act(browser, id, "undo") == "took_back"
    office.world.run()
    assert (before, "open") in held(office)


def claimed_by_the_other(office: CaseOffice, _: str, __: str) -> None:
    office.world.run()
    answer(office, "YES")


def asked_elsewhere(office: CaseOffice, _: str, __: str) -> None:
    office.world.run()
    answer(office, "NO")


def full(office: CaseOffice, before: str, _: str) -> None:
    with office.world.db.write() as tx:
        candidates.set_full(tx, before, office.world.clock() + timedelta(days=1))


def withdrawn_by_the_caller(office: CaseOffice, _: str, id: str) -> None:
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).where(request.c.id == id).values(state="closed", outcome="withdrew"))


def paused_by_the_caller(office: CaseOffice, _: str, __: str) -> None:
    office.world.text(CALLER, "STOP")


def late(office: CaseOffice, _: str, __: str) -> None:
    office.world.clock.at += timedelta(minutes=10, seconds=1)


@pytest.mark.parametrize(
    ("event", "reply", "shown"),
    [
        (claimed_by_the_other, "undo_taken", "a service or a coordinator has taken it."),
        (asked_elsewhere, "undo_elsewhere", "another service is asked about it now."),
        (full, "undo_full", "takes no more requests now."),
        (withdrawn_by_the_caller, "over", ""),
        (paused_by_the_caller, "rests", ""),
        (late, "undo_late", ""),
    ],
)
def test_what_followed_stays_and_the_page_says_why(
    office: CaseOffice, browser: Browser, event: Callable[[CaseOffice, str, str], None], reply: str, shown: str
) -> None:
    id, before, _ = moved(office, browser)
    event(office, before, id)
    asked = held(office)
    page = page_of(browser, id)
    assert f'action="/requests/{id}/undo"' not in page
    assert shown in page
    assert act(browser, id, "undo") == reply
    assert held(office) == asked
    assert 'class="refused" role="status"' in browser.get(f"/requests/{id}?said={reply}").text
    assert "undo_give" not in actions(office)


def test_only_the_last_choice_is_taken_back_by_the_person_who_made_it(office: CaseOffice, browser: Browser) -> None:
    id, before, _ = moved(office, browser)
    _, second = coordinator(office, "second", SECOND)
    assert f'action="/requests/{id}/undo"' not in page_of(second, id)
    assert act(second, id, "undo") == "undo_late"
    assert reassign(second, id, "kg-osh") == "given"
    assert act(browser, id, "undo") == "undo_late"
    assert held(office) == [(before, "void")]


def test_r30_what_is_taken_back_goes_to_no_service_that_the_caller_did_not_agree_to(
    office: CaseOffice, browser: Browser
) -> None:
    """It may have become a line of the state in the directory since."""
    id, before, to = moved(office, browser)
    office.world.run()
    with office.world.db.write() as tx:
        there = services.service_by_id(tx, before)
        assert there is not None
        services.write(tx, "KG", replace(there, kind="state", regions=frozenset()))
    assert act(browser, id, "undo") == "undo_unfit"
    assert held(office) == [(before, "void"), (to, "open")]


def test_r30_no_third_service_gets_the_number_by_an_undo(office: CaseOffice, browser: Browser) -> None:
    id, before, to = moved(office, browser)
    office.world.run()
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(short_form=True))
        tx.execute(sa.update(offer).where(offer.c.service == to).values(left_at=office.world.clock()))
    assert act(browser, id, "undo") == "undo_unfit"
    assert held(office) == [(before, "void"), (to, "open")]


def test_r48_nothing_is_taken_back_while_a_stop_is_unread(office: CaseOffice, browser: Browser) -> None:
    id, before, _ = moved(office, browser)
    office.world.public.sms("at", IncomingSms("late", msisdn(CALLER), Hidden("STOP")))
    assert act(browser, id, "undo") == "wait"
    assert held(office) == [(before, "void")]


def test_r27_taking_back_says_the_same_while_another_request_of_the_telephone_is_offered(
    office: CaseOffice, browser: Browser
) -> None:
    id, before, to = moved(office, browser)
    office.world.wait(minutes=3)
    office.world.ask(CALLER)
    assert act(browser, id, "undo") == "took_back"
    office.world.run()
    assert len([each for each in held(office) if each[1] in ("open", "claimed")]) == 1
    assert {before, to}.issuperset({each[0] for each in held(office)})
