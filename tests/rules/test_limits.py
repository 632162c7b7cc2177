"""R49: each limit by itself. `test_no_oracle` tests what a caller can read of all of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.caller import receive
from helpline.caller.limits import PACE, Limits
from helpline.caller.stops import MOST_OPEN
from helpline.core.config import Config
from helpline.core.phone_numbers import msisdn
from helpline.matching import line_order
from helpline.matching.line_order import MOST_PUT_OFF
from helpline.operations import health_figures
from helpline.referral import attend
from helpline.request import phone_lines, sealed_numbers
from helpline.request.model import OnLine
from helpline.store.engine import Database
from helpline.store.schema import offer, outbox, request, vault
from menus.draft import Draft
from tests.steps.caller import AGREED, claim, code_of, recipients, save_draft
from tests.world import CALLER, MORNING, OTHER, SEE, STOPPED, WITHDRAW, Clock, World

DANGER = Draft(language="ru", consent="yes", window="now", risk="now")
NAMED = "+996000111005"
WITHHELD = "anonymous"


def guess(world: World, times: int = 1, caller: str = CALLER) -> str:
    """Type wrong codes. Return the last screen."""
    return [world.dial(caller).press(*SEE, "000000", "1").text for _ in range(times)][-1]


def opens(world: World, path: Sequence[str] = SEE, caller: str = CALLER) -> bool:
    """Type the right code and word. Return whether anything opens."""
    code, word = code_of(world)
    shown = world.dial(caller).press(*path, code, str(word + 1)).text
    return shown != world.public.ctx.book.notice("ru", "status.unknown")


def states(world: World) -> list[str]:
    """Return the states of the requests, oldest first."""
    return [row.state for row in sorted(world.rows(request), key=lambda row: (row.created, row.id))]


@pytest.mark.engines
def test_r49_after_twenty_wrong_codes_one_is_looked_up_every_ten_minutes(world: World) -> None:
    """The same screen each time. A right code is no wrong one, and from another phone it opens at once."""
    save_draft(world)
    wrong = guess(world, 19)
    assert opens(world)
    assert guess(world) == wrong
    assert not opens(world)
    assert opens(world, caller=OTHER)
    world.wait(minutes=10)
    assert opens(world)
    assert opens(world, WITHDRAW), "a right code uses no time up"
    assert states(world) == ["closed"]


def test_r49_a_guess_that_comes_too_soon_does_not_keep_the_owner_out_for_longer(world: World) -> None:
    """A caller who types on and on is not looked up, and does not count."""
    save_draft(world)
    guess(world, 21)
    for _ in range(9):
        world.wait(minutes=1)
        guess(world)
    world.wait(minutes=1)
    assert opens(world)


def test_r49_withheld_numbers_do_not_lock_each_other_out(world: World) -> None:
    save_draft(world)
    guess(world, 30, WITHHELD)
    assert opens(world, caller=WITHHELD)


def test_r49_above_the_total_of_an_hour_only_phones_that_failed_are_slower(db: Database) -> None:
    """A caller who mistyped once waits ten minutes; others do not wait. A coordinator is told, once an hour."""
    slow = World.on(db, wrong_codes_an_hour=30, page_again_minutes=720)
    save_draft(slow)
    guess(slow)
    assert opens(slow), "below the total, one mistake costs nothing"
    for at in range(30):
        guess(slow, 1, f"+996000222{at:03}")
    slow.run()
    assert recipients(slow, "to_ngo.guessing") == ["kg-coordinator-1"]
    assert not opens(slow)
    assert opens(slow, caller=OTHER)
    assert opens(slow, caller=WITHHELD)
    guess(slow, 1, WITHHELD)
    assert not opens(slow, caller=WITHHELD)
    slow.wait(minutes=10)
    assert opens(slow)
    assert opens(slow, caller=WITHHELD)
    guess(slow, 5, OTHER)
    slow.run()
    assert recipients(slow, "to_ngo.guessing") == ["kg-coordinator-1"], "once an hour"
    with slow.db.read() as tx:
        assert health_figures.read(tx.at(slow.clock()), timedelta(hours=1)).texts["guessing"] is not None


def test_r49_a_coordinator_is_told_of_guesses_once_an_hour(world: World) -> None:
    """However many public processes raise the alarm."""
    for minutes in (0, 10, 49, 1):
        world.wait(minutes=minutes)
        receive.guessing(world.public.ctx)
        world.run()
    assert recipients(world, "to_ngo.guessing") == ["kg-coordinator-1"] * 2


def test_r49_many_calls_at_once_are_no_way_around_the_limit() -> None:
    """A wrong code is counted before it is looked up. What was right, or failed, is taken back."""
    clock = Clock()
    limits, caller = Limits(Config(wrong_codes_a_day=3), clock), msisdn(CALLER)
    assert [limits.try_code(caller) for _ in range(3)] == [clock.at] * 3
    assert limits.try_code(caller) is None
    limits.take_back(caller, clock.at)
    assert limits.try_code(caller)
    clock.at += PACE
    assert limits.try_code(caller)
    assert limits.try_code(caller) is None
    clock.at -= timedelta(hours=1)
    assert limits.try_code(caller), "a clock that was set back locks nobody out"


@pytest.mark.engines
def test_r49_a_line_keeps_fifty_open_requests_and_never_loses_the_newest(world: World) -> None:
    """What is beyond closes, the oldest first, and nobody is told. What somebody was asked about stays."""
    save_draft(world, session="asked")
    world.run()
    for at in range(MOST_OPEN + 2):
        world.clock.at += timedelta(seconds=1)
        save_draft(world, session=f"s{at}")
    told = len(world.gateway.sent)
    world.run()
    assert states(world) == ["offered"] + ["closed"] * 3 + ["waiting"] * (MOST_OPEN - 1)
    assert len(world.rows(vault)) == MOST_OPEN, "the numbers of the closed ones are erased"
    assert len(world.gateway.sent) == told


def test_r49_a_request_in_danger_is_closed_last(world: World) -> None:
    """A danger that waits behind a claim in danger of its line is not pushed out by others."""
    save_draft(world, DANGER, session="asked")
    claim(world)
    world.clock.at += timedelta(seconds=1)
    save_draft(world, DANGER, session="danger")
    for at in range(MOST_OPEN + 2):
        world.clock.at += timedelta(seconds=1)
        save_draft(world, session=f"s{at}")
    world.run()
    assert sorted(row.state for row in world.rows(request) if row.risk == "now") == ["claimed", "waiting"]


def test_r49_a_freeze_is_not_pushed_out(world: World) -> None:
    """A request that was offered to nobody keeps the freeze of its line (R8). Many requests do not end it."""
    save_draft(world, session="asked")
    world.run()
    world.clock.at += timedelta(seconds=1)
    id = save_draft(world, session="keeps").id
    world.run()
    with world.db.write() as tx:
        phone_lines.hand_on_freeze(tx, sealed_numbers.line_of(tx, id) or "", world.clock())
    for at in range(MOST_OPEN + 2):
        world.clock.at += timedelta(seconds=1)
        save_draft(world, session=f"s{at}")
    world.run()
    assert states(world)[:4] == ["offered", "waiting", "closed", "closed"]


def name(world: World, session: str, caller: str, draft: Draft = AGREED) -> None:
    """Ask for a call of one and the same number from a phone."""
    save_draft(world, replace(draft, number=NAMED.removeprefix("+"), number_ok="yes"), session=session, caller=caller)
    world.clock.at += timedelta(seconds=1)


def next_look(world: World, session: str) -> datetime:
    """Return when the request of a session is attended to again."""
    hashed = world.public.ctx.words.session("at", session)
    id = next(row.id for row in world.rows(request) if row.session == hashed)
    (due,) = (row.due for row in world.rows(outbox) if row.dedupe == f"attend:{id}")
    assert isinstance(due, datetime)
    return due


@pytest.mark.parametrize("draft", [AGREED, DANGER])
def test_r49_namings_of_a_telephone_do_not_close_what_its_owner_asked_for(world: World, draft: Draft) -> None:
    """Somebody names it again and again, also in danger. What they named closes first, the owner's own request last."""
    save_draft(world, session="asked", caller=NAMED)
    world.run()
    world.clock.at += timedelta(seconds=1)
    own = save_draft(world, session="own", caller=NAMED).id
    for at in range(MOST_OPEN + 2):
        name(world, f"s{at}", OTHER, draft)
    world.run()
    assert [row.state for row in world.rows(request) if row.id == own] == ["waiting"]


@pytest.mark.engines
def test_r49_the_third_naming_of_a_number_in_a_day_waits_half_an_hour(world: World) -> None:
    """No screen says so. Meanwhile the owner of the number can stop all, and the second naming does not wait."""
    for session in ("first", "second", "third"):
        name(world, session, OTHER)
    world.run()
    assert all(row.other for row in world.rows(request))
    assert states(world) == ["waiting", "offered", "waiting"]
    assert next_look(world, "third") == world.clock() - timedelta(seconds=1) + MOST_PUT_OFF
    world.dial(NAMED).press(*STOPPED)
    world.run()
    assert set(states(world)) == {"paused"}


def test_r49_a_naming_that_waits_keeps_no_other_request_waiting(world: World) -> None:
    """The owner of the number asks, too. However often it is named after that, the owner's request goes first."""
    for session in ("first", "second"):
        name(world, session, OTHER)
    save_draft(world, session="own", caller=NAMED)
    for session in ("third", "fourth"):
        world.clock.at += timedelta(seconds=1)
        name(world, session, OTHER)
    world.run()
    assert states(world) == ["waiting", "waiting", "offered", "waiting", "waiting"]


def test_r49_a_naming_in_danger_takes_no_danger_from_its_owner(world: World) -> None:
    """The owner of a telephone is in danger. Then somebody names it, in danger as well."""
    own = save_draft(world, DANGER, session="own", caller=NAMED).id
    world.run()
    world.clock.at += timedelta(seconds=1)
    name(world, "named", OTHER, DANGER)
    world.run()
    assert [row.risk for row in world.rows(request) if row.id == own] == ["now"]


def test_r49_in_danger_no_naming_waits(world: World) -> None:
    for session in ("first", "second"):
        name(world, session, OTHER)
    name(world, "third", OTHER, DANGER)
    world.run()
    assert states(world) == ["waiting", "waiting", "offered"]


def test_r49_many_requests_do_not_keep_one_in_danger_waiting(world: World) -> None:
    """While others wait, the many of one phone make way. The one in danger, which is older than these, does not."""
    for at in range(3):
        save_draft(world, session=f"s{at}")
        world.clock.at += timedelta(seconds=1)
    save_draft(world, DANGER, session="danger")
    for at in range(3):
        world.clock.at += timedelta(seconds=1)
        save_draft(world, session=f"more{at}")
    save_draft(world, session="other", caller=OTHER)
    with world.db.write() as tx:
        (danger,) = (row.id for row in world.rows(request) if row.risk == "now")
        assert attend.attend(world.work.ctx, tx, danger) is None
    assert [row.request for row in world.rows(offer)] == [danger]


def test_r49_many_requests_do_not_keep_a_naming_in_danger_waiting() -> None:
    """The newest comes first (R27); but while others wait, the many make way, and the naming in danger does not."""
    of_owner = [OnLine(str(at), MORNING + timedelta(minutes=at), True, False, False) for at in (5, 4, 3, 2)]
    line = [*of_owner, OnLine("danger", MORNING, waits=True, in_danger=True, was_named=True)]
    now = MORNING + timedelta(minutes=6)
    assert line_order.next_waiting(line, 3, now, others_wait=False) == "5"
    assert line_order.next_waiting(line, 3, now, others_wait=True) == "danger"


def test_r49_more_requests_do_not_keep_a_line_waiting_for_longer() -> None:
    """Somebody makes a request every ten minutes. Half an hour after the first that is too many, the line is next."""
    line = [
        OnLine(str(at), MORNING + timedelta(minutes=10 * at), waits=True, in_danger=False, was_named=False)
        for at in (6, 5, 4, 3, 2, 1, 0)
    ]
    newest, turn = line[0], MORNING + timedelta(minutes=60)
    assert line_order.flood_put_off(line, newest, 3, turn - timedelta(seconds=1)) == turn
    assert line_order.flood_put_off(line, newest, 3, turn) is None


a_line = st.lists(
    st.builds(
        OnLine, st.just(""), st.integers(0, 90).map(lambda at: MORNING + timedelta(minutes=at)), st.booleans(),
        st.booleans(), st.booleans(),
    ),
    max_size=9,
).map(lambda line: [replace(each, id=str(at)) for at, each in enumerate(sorted(line, key=lambda on: on.created)[::-1])])  # fmt: skip


@given(a_line, st.integers(60, 130), st.booleans())
def test_r49_a_limit_postpones_for_half_an_hour_at_most_and_never_danger(
    line: list[OnLine], minutes: int, others: bool
) -> None:
    """Whatever else is on the line. And one that waits is always next (R27)."""
    now = MORNING + timedelta(minutes=minutes)
    waiting = {each.id: each for each in line if each.waits}
    put_off = {
        each.id: [
            until
            for until in (line_order.naming_put_off(line, each, now), line_order.flood_put_off(line, each, 3, now))
            if until
        ]
        for each in line
    }
    for each in line:
        assert all(now < until <= each.created + MOST_PUT_OFF for until in put_off[each.id])
        assert not (put_off[each.id] and (each.in_danger or not each.waits))
    following = line_order.next_waiting(line, 3, now, others_wait=others)
    assert (following is None) == (not waiting)
    if following and not put_off[following] and not waiting[following].in_danger:
        newer = [each for each in waiting.values() if int(each.id) < int(following)]
        assert all(put_off[each.id] for each in newer), "newest first, but for those that a limit postpones"
    if following and put_off[following] and others:
        assert not any(each.in_danger for each in waiting.values()), "no limit keeps danger waiting"
