"""One phone, many people (R27): redials, a better time, ten men, a mother after a daughter."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.caller import my_request
from helpline.referral import ending, line_turn
from helpline.request import offers, requests
from helpline.request.model import Outcome, State
from helpline.request.offers import OfferState
from helpline.store.engine import Database
from helpline.store.schema import desk, offer, request
from tests.steps.caller import AGREED, claim, code_of, recipients, save_draft
from tests.world import CALLER, World


@pytest.fixture
def world(db: Database) -> World:
    """A service that permits a phone many requests a day. Coordinators are rarely sent texts."""
    return World.on(db, page_again_minutes=720, requests_a_day=100)


def states(world: World) -> list[str]:
    """Return the states of the requests, oldest first."""
    return [row.state for row in sorted(world.rows(request), key=lambda row: (row.created, row.id))]


def asked(world: World) -> list[tuple[str, str]]:
    """Return the services that were asked, in order, with the state of each offer."""
    rows = sorted(world.rows(offer), key=lambda row: (row.opened, row.seq))
    return [(row.service, row.state) for row in rows if row.state != "called"]


def end(world: World, since: State, outcome: Outcome | None = None) -> None:
    """Close the newest request in this state as its holder's *done* does, or let it be reached."""
    newest = max((row for row in world.rows(request) if row.state == since.value), key=lambda row: row.created)
    with world.db.write(world.clock()) as tx:
        found = requests.get(tx, newest.id)
        assert found is not None
        if outcome:
            assert ending.stop(tx, found, State.CLOSED, outcome)
        else:
            (held,) = offers.live_of_request(tx, found.id)
            assert requests.move(tx, found.id, State.CLAIMED, State.REACHED)
            assert ending.free_line(tx, held)
    world.run()


def claimed_by_the_second(world: World) -> tuple[str, str]:
    """Decline the open offer once, then claim it. Return the holder's phone and code."""
    world.run()
    to, code = world.offered()
    world.text(to, f"NO {code}")
    to, code = world.offered()
    world.text(to, f"YES {code}")
    return to, code


def test_r27_a_dropped_session_and_a_second_dial_are_two_requests(world: World) -> None:
    """The first continues under its own code and is offered when the second has ended."""
    first = world.ask(last=False)  # the network drops the call
    world.wait(seconds=20)
    second = world.ask()
    codes = [re.findall("[0-9]{6}", " ".join(call.seen))[0] for call in (first, second)]
    assert codes[0] != codes[1]
    world.run()
    assert states(world) == ["waiting", "offered"]
    claim_open(world)
    world.wait(minutes=30)
    assert states(world) == ["waiting", "claimed"]
    end(world, State.CLAIMED, Outcome.HELPED)
    assert states(world) == ["offered", "closed"]


def claim_open(world: World) -> tuple[str, str]:
    """Claim the newest offer."""
    to, code = world.offered()
    world.text(to, f"YES {code}")
    return to, code


def test_r27_a_second_request_with_a_better_time_goes_first(world: World) -> None:
    """The offer of the first stays until it ends, so that no service is asked twice. Then the newest is offered."""
    save_draft(world)
    world.run()
    world.clock.at += timedelta(minutes=1)
    save_draft(world, replace(AGREED, window="evening"), session="s2")
    world.run()
    assert states(world) == ["offered", "waiting"]
    to, code = world.offered()
    world.text(to, f"NO {code}")
    assert states(world) == ["waiting", "offered"]
    assert "evening" in world.inbox(world.offered()[0])[-1] or "вечер" in world.inbox(world.offered()[0])[-1]


def test_r27_the_service_with_the_line_gets_its_next_request(world: World) -> None:
    """Not the service that would otherwise be first, because that one declined the phone's first request."""
    save_draft(world)
    holder, _ = claimed_by_the_second(world)
    world.clock.at += timedelta(minutes=1)
    save_draft(world, session="s2")
    world.run()
    assert states(world) == ["claimed", "waiting"]
    assert asked(world) == [("kg-country", "passed"), ("kg-bishkek", "claimed")]
    end(world, State.CLAIMED, Outcome.HELPED)
    assert asked(world)[-1] == ("kg-bishkek", "open")
    assert world.offered()[0] == holder


@pytest.mark.parametrize("why", ["silent", "full", "no longer fits"])
def test_r27_the_last_service_is_not_asked_first_if_it_cannot_help(world: World, why: str) -> None:
    """It fell silent, it is full, or it does not do what is needed. Then the best of the others is asked."""
    save_draft(world)
    claimed_by_the_second(world)
    world.clock.at += timedelta(minutes=1)
    save_draft(world, replace(AGREED, place="KG-O") if why == "no longer fits" else AGREED, session="s2")
    world.run()
    if why == "full":
        with world.db.write() as tx:
            tx.execute(sa.insert(desk).values(service="kg-bishkek", full_until=world.clock() + timedelta(days=1)))
    if why == "silent":
        world.wait(hours=53)
    else:
        end(world, State.CLAIMED, Outcome.HELPED)
    first = next(service for service, state in asked(world)[2:])
    assert first != "kg-bishkek"


@pytest.mark.engines
def test_r27_ten_people_on_one_phone_are_served_one_by_one(world: World) -> None:
    """Never two at once, the newest first, all by the service that knows them. Nobody is forgotten."""
    for at in range(10):
        save_draft(world, session=f"man{at}")
        world.clock.at += timedelta(seconds=30)
    for turn in range(10):
        world.run()
        live = [row for row in world.rows(offer) if row.state in ("open", "claimed")]
        assert [row.state for row in live] == ["open"]
        assert states(world) == ["waiting"] * (9 - turn) + ["offered"] + ["reached"] * turn
        claim_open(world)
        assert states(world).count("claimed") == 1
        world.wait(minutes=20)
        assert states(world) == ["waiting"] * (9 - turn) + ["claimed"] + ["reached"] * turn
        end(world, State.CLAIMED)
    assert [row.state for row in world.rows(offer)] == [OfferState.FOLLOWED.value] * 10
    assert {row.service for row in world.rows(offer)} == {"kg-country"}


def test_r27_a_mother_calls_after_a_daughter_and_neither_learns_of_the_other(world: World) -> None:
    """The mother has her own request and code, and stops only her own. Screens of the daughter are shown to nobody."""
    daughter = world.ask(last=False)
    daughter.press("0")
    world.run()
    to, code = claim_open(world)
    world.clock.at += timedelta(minutes=1)
    mother = world.ask(window="4")
    shown = " ".join(mother.seen)
    told_daughter = re.findall("[0-9]{6}", " ".join(daughter.seen))[0]
    assert told_daughter not in shown
    world.run()
    assert states(world) == ["claimed", "waiting"]
    mothers_code = code_of(world, mother.session, draws=draws_of(world, mother.session))
    assert my_request.status(world.public.ctx, *mothers_code) == "waiting"
    end(world, State.CLAIMED)
    assert states(world) == ["reached", "offered"]
    assert world.offered()[0] == to, "the service that knows the telephone"
    assert world.offered()[1] != code
    assert my_request.withdraw(world.public.ctx, *mothers_code) == "withdrawn"
    world.run()
    assert states(world) == ["reached", "closed"]
    daughters_code = code_of(world, daughter.session, draws=draws_of(world, daughter.session))
    assert my_request.status(world.public.ctx, *daughters_code) == "reached"
    assert CALLER not in " ".join(text for _, text in world.gateway.sent)


def draws_of(world: World, session: str) -> int:
    """Return the draw that gave a session its code."""
    hashed = world.public.ctx.words.session("at", session)
    return int(next(row.draws for row in world.rows(request) if row.session == hashed))


def test_r39_a_promise_broken_by_a_busy_line_is_counted_and_the_card_is_right(world: World) -> None:
    """The screen could not know, because the public process knows no lines. The card has only what is still true."""
    missed: list[str] = []

    def log(name: str, about: str) -> None:
        if name == "promise_missed":
            missed.append(about)

    world.work = replace(world.work, ctx=replace(world.work.ctx, log=log))
    save_draft(world, replace(AGREED, days="7"))
    claim(world)
    world.clock.at += timedelta(minutes=1)
    kept = save_draft(world, session="s2")
    assert kept.promise is not None
    world.wait(hours=30)
    assert states(world) == ["claimed", "waiting"]
    assert missed == [kept.id]
    end(world, State.CLAIMED, Outcome.HELPED)
    to, code = claim_open(world)
    card = next(text for text in world.inbox(to) if text.startswith(f"{code} is yours"))
    today = world.clock().astimezone(world.zone)
    days = {f"{today + timedelta(days=ahead):%d.%m}" for ahead in (0, 1)}
    assert any(f"{day} " in card for day in days)
    assert f"{kept.promise.start.astimezone(world.zone):%d.%m %H:%M}" not in card


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (State.WAITING, "waiting"), (State.OFFERED, "offered"), (State.CLAIMED, "claimed"),
        (State.REACHED, "reached"), (State.FOLLOWING, "reached"), (State.STRANDED, "stranded"),
        (State.PAUSED, "paused"), (State.FROZEN, "frozen"), (State.EXPIRED, "closed"), (State.CLOSED, "closed"),
    ],
)  # fmt: skip
def test_r08_my_request_shows_its_state(world: World, state: State, text: str) -> None:
    """In each state, with what to do if it was stopped for the caller's safety."""
    save_draft(world)
    world.run()
    with world.db.write() as tx:
        tx.execute(sa.update(request).values(state=state.value))
    assert my_request.status(world.public.ctx, *code_of(world)) == text
    assert recipients(world, "to_ngo.offer") == ["kg-country"]


def test_a_request_that_is_withdrawn_while_it_is_attended_to_is_put_off_by_nothing(world: World) -> None:
    """On PostgreSQL the public process may erase a number at any moment. Then no line has this request any more."""
    with world.db.read(world.clock()) as tx:
        assert line_turn.put_off(world.work.ctx, tx, "withdrawn", []) is None
