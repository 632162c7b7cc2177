"""Frozen lines, consent to one service only, and consent that ends: when nobody may call any more."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.caller import my_request
from helpline.core.phone_numbers import Hidden
from helpline.matching import candidates
from helpline.referral import ending
from helpline.request import requests, sealed_numbers
from helpline.request.model import CallbackRequest, State
from helpline.store.engine import Database, Tx
from helpline.store.schema import offer, request
from tests.steps.caller import recipients
from tests.steps.desk import DESK, says, shown, states
from tests.world import CALLER, OTHER, World

FIRST, SECOND = "kg-coordinator-1", "kg-coordinator-2"


@pytest.fixture
def world(db: Database) -> World:
    """Coordinators who read English, may get numbers by SMS and are rarely called. A claim may be silent for long."""
    made = World.on(db, page_again_minutes=720, silent_hours=400)
    made.contacts_are(accepts_numbers_by_sms=True, language="en")
    return made


def call_of(world: World, who: str, word: str = "LIFT", at: int = -1) -> str:
    """Return the code of a coordinator's last call, or of another one in their order."""
    texts = [text for text in world.inbox(world.phone(who)) if word in text]
    return str(re.findall(r"[0-9]{5}", texts[at])[0])


def times_shown(world: World) -> int:
    """Count how often the caller's number left."""
    return sum(CALLER in text for _, text in world.gateway.sent)


def oldest(world: World, state: State) -> CallbackRequest:
    """Return the oldest request in this state."""
    with world.db.read() as tx:
        return requests.in_state(tx, state)[0]


def second_freeze(world: World) -> None:
    """Freeze a line. A coordinator takes its next request and reports by mistake that a stranger answered."""
    says(world, f"STRANGER {shown(world)}")
    world.wait(days=1)
    world.ask()
    world.run()
    to, code = world.phone(FIRST), call_of(world, FIRST, "TAKE")
    for text in ("TAKE", "NUMBER", "WRONG"):
        world.text(to, f"{text} {code}")
    assert states(world) == [("frozen", None)] * 2


def test_r08_lifting_a_mistaken_freeze_leaves_an_earlier_one(world: World) -> None:
    """Nothing continues.

    Both coordinators are told of the remaining freeze with its own code, and lift that one together too.
    """
    second_freeze(world)
    slip = {who: call_of(world, who) for who in (FIRST, SECOND)}
    for who in (FIRST, SECOND):
        world.text(world.phone(who), f"LIFT {slip[who]}")
    assert states(world) == [("frozen", None)] * 2
    earlier = call_of(world, SECOND)
    assert earlier != slip[SECOND]
    assert "stopped" in world.inbox(world.phone(SECOND))[-1]
    world.text(world.phone(FIRST), f"LIFT {call_of(world, FIRST, 'stopped', at=-2)}")
    assert states(world) == [("frozen", None)] * 2
    world.text(world.phone(SECOND), f"LIFT {earlier}")
    assert ("frozen", None) not in states(world)


def test_r08_a_new_request_on_a_frozen_line_is_offered_to_no_service(world: World) -> None:
    """A stranger with the phone may have made it: a coordinator is called, and no service sees the number."""
    says(world, f"STRANGER {shown(world)}")
    world.wait(days=1)
    before, seen = len(world.rows(offer)), times_shown(world)
    world.ask()
    world.run()
    assert states(world) == [("frozen", None), ("stranded", None)]
    assert {row.service for row in world.rows(offer)[before:]} <= {FIRST, SECOND}
    assert recipients(world, "to_ngo.stranded")
    world.wait(days=2)
    assert states(world)[1] == ("stranded", None)
    assert times_shown(world) == seen


def test_r08_a_new_request_is_offered_after_the_caller_returned_with_code_and_word(world: World) -> None:
    """A new time for the frozen request ends the freeze. Later requests are then offered as usual."""
    says(world, f"STRANGER {shown(world)}")
    world.wait(days=1)
    world.ask()
    world.run()
    with world.db.write(world.clock()) as tx:
        my_request.set_window(tx, oldest_in(tx, State.FROZEN), {"window": "any"})
    world.run()
    assert states(world)[0] == ("offered", None)
    newest = max(world.rows(request), key=lambda row: row.created)
    world.wait(days=1)
    assert {row.service for row in world.rows(offer) if row.request == newest.id} - {FIRST, SECOND}


def test_r08_no_service_sees_the_number_of_a_request_on_a_frozen_line(world: World) -> None:
    """Not even one that has claimed it in any way."""
    says(world, f"STRANGER {shown(world)}")
    frozen = oldest(world, State.FROZEN)
    world.wait(days=1)
    with world.db.write() as tx:
        tx.execute(sa.update(request).where(request.c.id == frozen.id).values(state="paused", frozen_at=None))
    world.ask()
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    with world.db.write() as tx:
        tx.execute(
            sa.update(request).where(request.c.id == frozen.id).values(state="frozen", frozen_at=frozen.frozen_at)
        )
    seen = times_shown(world)
    assert CALLER not in says(world, f"NUMBER {code}", to)[-1]
    assert times_shown(world) == seen


@pytest.mark.parametrize("answer", ["TAKE {0}", "YES {0}", "{0} 1", "NO {0}"])
def test_r08_after_a_wrong_answer_a_freeze_can_still_be_lifted(world: World, answer: str) -> None:
    """After any other answer the coordinator is told again what it is about, and LIFT still works."""
    says(world, f"WRONG {shown(world)}")
    codes = {who: call_of(world, who) for who in (FIRST, SECOND)}
    world.text(world.phone(FIRST), answer.format(codes[FIRST]))
    assert f"LIFT {codes[FIRST]}" in world.inbox(world.phone(FIRST))[-1]
    assert states(world) == [("frozen", None)]
    for who in (FIRST, SECOND):
        world.text(world.phone(who), f"LIFT {codes[who]}")
    assert ("frozen", None) not in states(world)


@pytest.mark.parametrize("full", [False, True])
def test_r28_the_short_form_is_for_one_service_only(world: World, full: bool) -> None:
    """A service that has the number may be asked again.

    If it cannot help, a person is called, but no second service.
    """
    code = shown(world)
    with world.db.write() as tx:
        tx.execute(sa.update(request).values(short_form=True))
    says(world, f"HUNGUP {code}")
    with world.db.write(world.clock()) as tx:
        if full:
            candidates.set_full(tx, DESK, world.clock() + timedelta(days=3))
        ending.resume(tx, oldest_in(tx, State.PAUSED), world.clock())
    world.run()
    assert {row.service for row in world.rows(offer)} - {FIRST, SECOND} == {DESK}
    assert states(world) == [("stranded" if full else "offered", None)]


def oldest_in(tx: Tx, state: State) -> CallbackRequest:
    """Return the oldest request in this state, inside a transaction."""
    return requests.in_state(tx, state)[0]


@pytest.mark.engines
@pytest.mark.parametrize(("report", "ends"), [("", ("closed", "unreachable")), ("STRANGER", ("expired", None))])
def test_r28_a_person_is_told_when_consent_ends_while_claimed_or_frozen(
    world: World, report: str, ends: tuple[str, str | None]
) -> None:
    """Nobody has talked to the caller and from now on nobody may, so a person must know."""
    code = shown(world)
    if report:
        says(world, f"{report} {code}")
    world.wait(days=15)
    assert recipients(world, "to_ngo.expired") == [FIRST]
    assert states(world) == [ends]


def test_r08_a_new_request_of_the_telephone_that_was_called_is_frozen_too(world: World) -> None:
    """The caller has named another telephone since, and nobody has attended to the new request of the first one."""
    code = shown(world)
    world.ask()
    world.run()
    (claimed,) = [row for row in world.rows(request) if row.state == "claimed"]
    with world.db.write() as tx:
        sealed_numbers.replace(tx, claimed.id, world.public.ctx.sealing.seal(claimed.id, Hidden(OTHER)))
    before = {row.id for row in world.rows(request)}
    world.ask(last=False)
    (new,) = [row.id for row in world.rows(request) if row.id not in before]
    says(world, f"STRANGER {code}")
    world.wait(minutes=10)
    assert {row.id: row.state for row in world.rows(request)}[new] == "frozen"
