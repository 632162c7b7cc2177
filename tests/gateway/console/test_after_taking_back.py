"""What a caller and the services read after a coordinator took back that a request was given to another service."""

from datetime import timedelta

import pytest

from helpline.caller import my_request
from helpline.casework import undo
from helpline.casework.answers import NothingToUndo
from helpline.directory import services
from helpline.matching import candidates
from helpline.staff import contacts
from helpline.staff.contact import Actor
from helpline.store.engine import Database
from helpline.store.schema import offer
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_steer import FIRST, act, coordinator, held, newest, reassign, state
from tests.gateway.console.test_undo_reassign import last, moved
from tests.gateway.console.test_watch import answer
from tests.steps.caller import code_of
from tests.steps.desk import all_fit

pytestmark = pytest.mark.engines


@pytest.fixture
def office(db: Database) -> CaseOffice:
    made = CaseOffice.on(db)
    all_fit(made.world)
    return made


@pytest.fixture
def browser(office: CaseOffice) -> Browser:
    """The browser of the coordinator who gives requests to other services."""
    return coordinator(office, "coordinator", FIRST)[1]


def told(office: CaseOffice) -> str:
    """Return the notice that the caller reads under *my request*."""
    return my_request.status(office.world.public.ctx, *code_of(office.world))


def shown_and_given(office: CaseOffice, browser: Browser) -> tuple[str, str, str]:
    """Take a claim from a service that has the number. Return what `moved` returns."""
    office.offered()
    answer(office, "YES")
    answer(office, "NUMBER")
    id, before = newest(office), held(office)[0][0]
    assert [row.left_at for row in office.world.rows(offer)] != [None]
    to = next(each for each in ("kg-bishkek", "kg-country") if each != before)
    assert reassign(browser, id, to) == "given"
    return id, before, to


def test_r30_my_request_says_who_calls_after_what_was_given_away_is_taken_back(
    office: CaseOffice, browser: Browser
) -> None:
    """*Another one will call* is true only until it is taken back, and again once the service declines."""
    id, before, _ = shown_and_given(office, browser)
    assert told(office) == "next"
    office.world.run()
    assert told(office) == "next"
    assert act(browser, id, "undo") == "took_back"
    assert told(office) == "waiting"
    office.world.run()
    assert held(office)[-1] == (before, "open")
    assert told(office) == "offered"
    answer(office, "NO")
    assert told(office) == "next"


def test_a_caller_whose_number_was_shown_to_nobody_reads_the_same_before_and_after(
    office: CaseOffice, browser: Browser
) -> None:
    id, *_ = moved(office, browser)
    office.world.run()
    assert told(office) == "offered"
    assert act(browser, id, "undo") == "took_back"
    assert told(office) == "waiting"
    office.world.run()
    assert told(office) == "offered"


def test_a_decline_by_sms_that_came_between_stays(office: CaseOffice, browser: Browser) -> None:
    """The service before is asked next. *It is as before* would be false for the one that declined."""
    id, before, to = moved(office, browser)
    office.world.run()
    full_but(office, "")
    answer(office, "NO")
    assert state(office, id) in ("waiting", "stranded")
    full_but(office, before)
    assert act(browser, id, "undo") == "took_back"
    with office.world.db.write() as tx:
        phone = contacts.get(tx, to)
        assert phone is not None
        assert isinstance(undo.undo(office.world.work.ctx, tx, Actor.by_sms(phone)), NothingToUndo)
    office.world.run()
    assert asked(office, before, to) == sorted([(before, "open"), (before, "void"), (to, "passed")])


def test_a_decline_at_the_console_that_came_between_stays(office: CaseOffice, browser: Browser) -> None:
    id, before, to = moved(office, browser)
    office.world.run()
    case = next(row.id for row in office.world.rows(offer) if row.service == to)
    _, worker = office.worker(to)
    worker.get(f"/cases/{case}")
    assert worker.send(f"/cases/{case}/pass", {"why": "other"}).location == f"/cases/{case}?said=passed"
    assert act(browser, id, "undo") == "took_back"
    assert f'action="/cases/{case}/undo"' not in worker.get(f"/cases/{case}").text
    worker.get("/account")
    done = worker.post(f"/cases/{case}/undo", worker.hidden("/account/looks"))
    assert done.location == f"/cases/{case}?said=not_undone"
    office.world.run()
    assert asked(office, before, to) == sorted([(before, "open"), (before, "void"), (to, "passed")])


def asked(office: CaseOffice, *services: str) -> list[tuple[str, str]]:
    """Return the state of each offer to some services."""
    return sorted(each for each in held(office) if each[0] in services)


def full_but(office: CaseOffice, but: str) -> None:
    """Make all services but one refuse new requests."""
    with office.world.db.write() as tx:
        for each in services.services(tx, "KG"):
            candidates.set_full(tx, each.id, None if each.id == but else office.world.clock() + timedelta(days=1))


def test_an_answer_with_the_digits_of_before_changes_nothing(office: CaseOffice, browser: Browser) -> None:
    """The service that is asked again got other digits; the text with the old ones said that it need not answer."""
    office.offered()
    phone, old = office.world.offered()
    id, before = newest(office), held(office)[0][0]
    assert reassign(browser, id, next(each for each in ("kg-bishkek", "kg-country") if each != before)) == "given"
    office.world.text(phone, f"NO {old}")
    assert act(browser, id, "undo") == "took_back"
    office.world.run()
    _, new = office.world.offered()
    office.world.text(phone, f"NO {old}")
    assert f"{old} is over for you" in last(office, before)
    assert asked(office, before) == [(before, "open"), (before, "void")]
    office.world.text(phone, f"NO {new}")
    assert asked(office, before) == [(before, "passed"), (before, "void")]
