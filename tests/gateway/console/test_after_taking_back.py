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
from helpline.store.schema import offer
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_steer import act, held, newest, reassign, state
from tests.gateway.console.test_undo_reassign import last, moved
from tests.gateway.console.test_watch import answer
from tests.steps.caller import code_of

pytestmark = pytest.mark.engines


def told(fitting: CaseOffice) -> str:
    """Return the notice that the caller reads under *my request*."""
    return my_request.status(fitting.world.public.ctx, *code_of(fitting.world))


def shown_and_given(fitting: CaseOffice, giver: Browser) -> tuple[str, str, str]:
    """Take a claim from a service that has the number. Return what `moved` returns."""
    fitting.offered()
    answer(fitting, "YES")
    answer(fitting, "NUMBER")
    id, before = newest(fitting), held(fitting)[0][0]
    assert [row.left_at for row in fitting.world.rows(offer)] != [None]
    to = next(each for each in ("kg-bishkek", "kg-country") if each != before)
    assert reassign(giver, id, to) == "given"
    return id, before, to


def test_r30_my_request_says_who_calls_after_what_was_given_away_is_taken_back(
    fitting: CaseOffice, giver: Browser
) -> None:
    """That another one is sought is true only until it is taken back, and again once the service declines."""
    id, before, _ = shown_and_given(fitting, giver)
    assert told(fitting) == "next_sought"
    fitting.world.run()
    assert told(fitting) == "next_sought"
    assert act(giver, id, "undo") == "took_back"
    assert told(fitting) == "waiting"
    fitting.world.run()
    assert held(fitting)[-1] == (before, "open")
    assert told(fitting) == "offered"
    answer(fitting, "NO")
    assert told(fitting) == "next_sought"


def test_a_caller_whose_number_was_shown_to_nobody_reads_the_same_before_and_after(
    fitting: CaseOffice, giver: Browser
) -> None:
    id, *_ = moved(fitting, giver)
    fitting.world.run()
    assert told(fitting) == "offered"
    assert act(giver, id, "undo") == "took_back"
    assert told(fitting) == "waiting"
    fitting.world.run()
    assert told(fitting) == "offered"


def test_a_decline_by_sms_that_came_between_stays(fitting: CaseOffice, giver: Browser) -> None:
    """The service before is asked next. *It is as before* would be false for the one that declined."""
    id, before, to = moved(fitting, giver)
    fitting.world.run()
    full_but(fitting, "")
    answer(fitting, "NO")
    assert state(fitting, id) in ("waiting", "stranded")
    full_but(fitting, before)
    assert act(giver, id, "undo") == "took_back"
    with fitting.world.db.write() as tx:
        phone = contacts.get(tx, to)
        assert phone is not None
        assert isinstance(undo.undo(fitting.world.work.ctx, tx, Actor.by_sms(phone)), NothingToUndo)
    fitting.world.run()
    assert asked(fitting, before, to) == sorted([(before, "open"), (before, "void"), (to, "passed")])


def test_a_decline_at_the_console_that_came_between_stays(fitting: CaseOffice, giver: Browser) -> None:
    id, before, to = moved(fitting, giver)
    fitting.world.run()
    case = next(row.id for row in fitting.world.rows(offer) if row.service == to)
    _, worker = fitting.worker(to)
    worker.get(f"/cases/{case}")
    assert worker.send(f"/cases/{case}/pass", {"why": "other"}).location == f"/cases/{case}?said=passed"
    assert act(giver, id, "undo") == "took_back"
    assert f'action="/cases/{case}/undo"' not in worker.get(f"/cases/{case}").text
    worker.get("/account")
    done = worker.post(f"/cases/{case}/undo", worker.hidden("/account/looks"))
    assert done.location == f"/cases/{case}?said=not_undone"
    fitting.world.run()
    assert asked(fitting, before, to) == sorted([(before, "open"), (before, "void"), (to, "passed")])


def asked(fitting: CaseOffice, *services: str) -> list[tuple[str, str]]:
    """Return the state of each offer to some services."""
    return sorted(each for each in held(fitting) if each[0] in services)


def full_but(fitting: CaseOffice, but: str) -> None:
    """Make all services but one refuse new requests."""
    with fitting.world.db.write() as tx:
        for each in services.services(tx, "KG"):
            candidates.set_full(tx, each.id, None if each.id == but else fitting.world.clock() + timedelta(days=1))


def test_an_answer_with_the_digits_of_before_changes_nothing(fitting: CaseOffice, giver: Browser) -> None:
    """The service that is asked again got other digits; the text with the old ones said that it need not answer."""
    fitting.offered()
    phone, old = fitting.world.offered()
    id, before = newest(fitting), held(fitting)[0][0]
    assert reassign(giver, id, next(each for each in ("kg-bishkek", "kg-country") if each != before)) == "given"
    assert act(giver, id, "undo") == "took_back"
    fitting.world.run()
    _, new = fitting.world.offered()
    fitting.world.text(phone, f"NO {old}")
    assert f"{old} is over for you" in last(fitting, before)
    assert asked(fitting, before) == [(before, "open"), (before, "void")]
    fitting.world.text(phone, f"NO {new}")
    assert asked(fitting, before) == [(before, "passed"), (before, "void")]
