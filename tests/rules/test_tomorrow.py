"""A caller who can speak tomorrow or today only says so in seven keys, and is called on no other day (R3)."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from helpline.core.call_windows import WINDOWS, NoWindow, open_window, why_no_window, windows
from helpline.oversight import worklist_rows
from helpline.oversight.call_times import CallTimes
from helpline.store.schema import request
from tests.steps.caller import AGREED, save_draft, the_request
from tests.world import CALLER, World

TUESDAY, WEDNESDAY = "02", "03"
"""The day on which every test begins, and the one after it, once."""
ANY_DAY, THIS_DAY = "callback.which_day", "callback.which_day_today"


def test_r03_tomorrow_evening_takes_seven_keys_and_nobody_may_call_tonight(world: World) -> None:
    call = world.ask(window="4", last=False)
    call.press("1").press("0").press("2")
    held = the_request(world)
    assert (held.window, held.days, len(call.keys)) == ("evening", WEDNESDAY, 7)
    world.set_local(18, 0)
    assert open_window(held.hours, world.clock.at) is None
    world.wait(days=1)
    assert open_window(held.hours, world.clock.at)


def test_r03_only_today_takes_seven_keys_and_nobody_may_call_on_another_day(world: World) -> None:
    call = world.ask(window="4", last=False)
    call.press("1").press("0").press("4")
    held = the_request(world)
    assert (held.window, held.days, len(call.keys)) == ("evening", TUESDAY, 7)
    world.set_local(18, 0)
    assert open_window(held.hours, world.clock.at)
    for _ in range(8):
        world.wait(days=1)
        assert open_window(held.hours, world.clock.at) is None


@pytest.mark.parametrize(("hour", "minute", "window", "screen"), [
    (5, 0, "2", THIS_DAY), (11, 30, "2", THIS_DAY), (11, 31, "2", ANY_DAY),
    (16, 30, "3", THIS_DAY), (16, 31, "3", ANY_DAY), (12, 0, "4", THIS_DAY),
    (20, 30, "4", THIS_DAY), (20, 31, "4", ANY_DAY), (23, 45, "4", ANY_DAY), (23, 45, "2", ANY_DAY),
])  # fmt: skip
def test_r03_only_today_is_offered_while_a_call_could_still_come(
    world: World, hour: int, minute: int, window: str, screen: str
) -> None:
    world.set_local(hour, minute)
    call = world.ask(window=window, last=False).press("1").press("0")
    assert call.reply.text == world.public.ctx.book.pages["ru"][screen][0].text


def test_r03_only_today_stays_chosen_when_its_last_half_hour_begins(world: World) -> None:
    """A gateway repeats all keys at each hop: none of them may mean something else a minute later."""
    world.set_local(20, 29)
    call = world.ask(window="4", last=False).press("1").press("0").press("4")
    world.wait(minutes=5)
    call.press("2")
    held = the_request(world)
    assert (held.days, held.place) == (TUESDAY, world.public.ctx.book.locals["ru"].lists["regions"][1][0])


def test_r39_nothing_is_promised_to_a_caller_whom_nobody_can_call_on_their_only_day(world: World) -> None:
    world.set_local(20, 30)
    call = world.ask(window="4", last=False).press("1").press("0").press("4")
    world.wait(minutes=25)
    call.press("0", "0", "0", "0", "0", "0", "1", "0")
    assert call.reply.text == world.public.ctx.book.notice("ru", "promise.one_day")


def test_r03_tomorrow_counts_from_when_the_request_was_saved(world: World) -> None:
    """A later answer of the same call, after midnight, does not move it."""
    save_draft(world, replace(AGREED, window="evening", days="tomorrow"), last=False)
    world.wait(hours=20)
    save_draft(world, replace(AGREED, window="evening", days="tomorrow", need="talk"), keys=5)
    assert (the_request(world).days, the_request(world).need) == (WEDNESDAY, "talk")


@pytest.mark.parametrize(("abroad", "days"), [({}, "04"), ({"place": "PL", "hour": "23"}, WEDNESDAY)])
def test_r03_tomorrow_is_that_of_the_place_where_the_caller_is(world: World, abroad: dict[str, str], days: str) -> None:
    """At four on Wednesday morning in Bishkek it is eleven on Tuesday evening in Poland."""
    world.set_local(4, 0)
    save_draft(world, replace(AGREED, window="evening", days="tomorrow", **abroad))
    assert the_request(world).days == days


@pytest.mark.parametrize(("choice", "window"), [("1", "any"), ("2", "morning"), ("3", "day"), ("4", "evening")])
def test_r03_tomorrow_can_be_chosen_by_sms(world: World, choice: str, window: str) -> None:
    for text in ("CALL", "1", "5", choice):
        world.text(CALLER, text)
    assert [(row.window, row.days) for row in world.rows(request)] == [(window, WEDNESDAY)]


def test_r28_tomorrow_by_sms_is_no_consent_before_a_time_is_chosen(world: World) -> None:
    for text in ("CALL", "1", "5", "0"):
        world.text(CALLER, text)
    assert world.rows(request) == []


def test_r03_nobody_may_call_on_the_same_day_of_the_next_week(world: World) -> None:
    """The caller has said one day. A coordinator's list says so, too."""
    save_draft(world, replace(AGREED, window="evening", days="tomorrow"))
    hours, later = the_request(world).hours, world.clock.at + timedelta(days=3)
    assert len(list(windows(hours, world.clock.at))) == 1
    assert list(windows(hours, later)) == []
    assert why_no_window(hours, later) is NoWindow.NONE_LEFT
    with world.db.read() as tx:
        (row,) = worklist_rows.open_rows(tx)
    assert CallTimes(world.clock.at).next(row)
    assert CallTimes(later).next(row) is None


@pytest.mark.parametrize("said", [1, 23], ids=["early", "late"])
@pytest.mark.parametrize("window", sorted(WINDOWS))
def test_r03_tomorrow_is_one_window_whenever_it_was_said(world: World, said: int, window: str) -> None:
    world.set_local(said)
    save_draft(world, replace(AGREED, window=window, days="tomorrow"))
    hours = the_request(world).hours
    (span,) = windows(hours, hours.since)
    zone = ZoneInfo(hours.zone)
    assert span.start.astimezone(zone).date() - hours.since.astimezone(zone).date() == timedelta(days=1)
