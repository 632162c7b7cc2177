"""When a caller may be called, for any window, days, zone and instant (R3), whatever the clocks do."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.core.call_windows import (
    EVERY_DAY,
    LAST_MINUTES,
    LATER,
    WINDOWS,
    Hours,
    NoWindow,
    Span,
    may_show_number,
    next_window,
    open_window,
    recurring,
    why_no_window,
    windows,
    windows_in_turn,
    zone_at,
)

BISHKEK = "Asia/Bishkek"
TWO_HOURS = timedelta(hours=2)
ZONES = (BISHKEK, "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Etc/GMT-6", "Asia/Kabul")
"""With and without clock changes, also by half an hour, in either half of the year."""
NOON = datetime(2026, 11, 24, 6, tzinfo=UTC)
"""A Tuesday, noon in Bishkek."""

instants = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))
times_of_day = st.times().map(lambda at: at.replace(second=0, microsecond=0))
days = st.sets(st.integers(1, 7), min_size=1)


def hours(window: str = "any", on: str = "", zone: str = BISHKEK, since: datetime = NOON) -> Hours:
    return Hours(window, on, zone, since, since + timedelta(days=365 * 3))


@given(days, times_of_day, times_of_day, st.sampled_from(ZONES), instants)
def test_r03_a_window_belongs_to_the_day_it_starts(
    on: set[int], opens: time, closes: time, zone: str, now: datetime
) -> None:
    """Also across midnight and at a clock change: it starts on one of the caller's days, at their hour."""
    here = ZoneInfo(zone)
    for span in recurring(on, opens, closes, zone, now):
        start = span.start.astimezone(here)
        assert start.isoweekday() in on
        assert now < span.end
        assert timedelta() < span.end - span.start <= timedelta(hours=25)
        begins = [start + shift for shift in (timedelta(), -timedelta(hours=1), -timedelta(minutes=30))]
        assert any(begin.time() == opens for begin in begins), (
            "at the chosen hour, or as much later as the clocks jumped"
        )


@given(days, times_of_day, times_of_day, st.sampled_from(ZONES), instants)
def test_r03_windows_are_in_order_and_one_is_within_eight_days(
    on: set[int], opens: time, closes: time, zone: str, now: datetime
) -> None:
    """For any days. The only exception is a night in which the chosen hour does not exist."""
    starts = [span.start for span in recurring(on, opens, closes, zone, now)]
    assert starts == sorted(starts)
    swallowed = opens < closes and datetime.combine(date.min, closes) - datetime.combine(date.min, opens) <= timedelta(
        hours=1
    )
    assert starts or swallowed


@given(
    st.sampled_from([*WINDOWS, "now", "night", ""]), st.text("1234567", max_size=7), st.sampled_from(ZONES), instants
)
def test_r03_open_shown_and_next_window_agree(window: str, on: str, zone: str, now: datetime) -> None:
    """The number is shown only while the window is open, and then that window is the next one."""
    chosen = hours(window, on, zone, since=NOON)
    opened, shown = open_window(chosen, now), may_show_number(chosen, now)
    coming = next_window(chosen, now)
    assert shown in (None, opened)
    assert not shown or shown == coming
    assert not opened or opened.contains(now)
    assert not coming or now < coming.end - LAST_MINUTES
    assert (shown is None) == (coming is None or not coming.contains(now))


@given(st.sampled_from(sorted(WINDOWS)), days, st.sampled_from(ZONES), instants)
def test_r03_choosing_days_only_closes_windows(window: str, on: set[int], zone: str, now: datetime) -> None:
    """A time that is open on some days is also open with every day chosen. No days means every day."""
    some, every = (hours(window, digits, zone) for digits in ("".join(map(str, on)), ""))
    assert open_window(some, now) in (None, open_window(every, now))
    assert open_window(hours(window, "1234567", zone), now) == open_window(every, now)
    assert every.weekdays == EVERY_DAY


@given(instants, st.sampled_from(ZONES), st.timedeltas(timedelta(), timedelta(days=3)))
def test_r03_now_means_two_hours_after_asking_and_never_again(since: datetime, zone: str, later: timedelta) -> None:
    """At any hour, in any zone, even an unknown one. Afterwards it is closed for good."""
    for where in (zone, ""):
        asked = hours("now", "", where, since)
        assert bool(open_window(asked, since + later)) is (later < TWO_HOURS)
        assert [span.end for span in windows(asked, since)] == [since + TWO_HOURS]
        assert next_window(asked, since + TWO_HOURS) is None


@given(instants, st.sampled_from(sorted(LATER)), st.sampled_from(ZONES), st.timedeltas(timedelta(), timedelta(days=3)))
def test_r03_after_the_two_hours_only_the_later_window_is_open(
    since: datetime, window: str, zone: str, later: timedelta
) -> None:
    """Within the two hours at any hour; afterwards only in the window that was chosen for then."""
    asked, then, now = hours(window, "", zone, since), hours(LATER[window], "", zone, since), since + later
    expected = later < TWO_HOURS or open_window(then, now) is not None
    assert bool(open_window(asked, now)) is expected
    assert bool(open_window(hours(window, "", "", since), now)) is (later < TWO_HOURS), "an unknown clock"


@given(instants, st.sampled_from(sorted(LATER)), st.sampled_from(ZONES))
def test_r39_services_are_asked_for_the_two_hours_alone_while_they_last(
    since: datetime, window: str, zone: str
) -> None:
    """Then for the later window, which begins when they have ended."""
    asked, soon = hours(window, "", zone, since), Span(since, since + TWO_HOURS)
    assert windows_in_turn(asked, since) == (soon,)
    coming = [each for each in windows_in_turn(asked, soon.end - LAST_MINUTES) if each != soon]
    assert coming
    assert all(each.start >= soon.end for each in coming)
    assert next_window(asked, soon.end - LAST_MINUTES) == coming[0]


@pytest.mark.parametrize(
    ("on", "day", "may"),
    [
        ("", 24, True),
        ("2", 24, True),  # Tuesday
        ("13456", 24, False),
        ("67", 28, True),  # Saturday
        ("67", 30, False),
    ],
)
def test_r03_nobody_may_call_on_other_days(on: str, day: int, may: bool) -> None:
    """Noon in Bishkek, on a chosen day or not."""
    assert bool(may_show_number(hours("any", on), NOON.replace(day=day))) is may


@pytest.mark.parametrize("ask", [open_window, may_show_number, next_window])
def test_r03_without_a_zone_every_window_is_closed(ask: Callable[[Hours, datetime], object]) -> None:
    """Abroad, before the caller has given their hour."""
    assert ask(hours(zone=BISHKEK), NOON)
    assert ask(hours(zone=""), NOON) is None


def test_r30_the_next_window_is_never_after_the_consent_ends() -> None:
    """Saturdays only, and the consent ends on Friday."""
    saturdays = Hours("any", "6", BISHKEK, NOON, NOON + timedelta(days=3))
    assert next_window(saturdays, NOON) is None


@given(st.integers(1, 24), instants)
def test_r03_the_zone_of_the_callers_hour_shows_that_hour(hour: int, now: datetime) -> None:
    """For any hour, with or without zones of the country."""
    for zones in ((), ("Europe/Moscow",), ("Europe/Kaliningrad", "Asia/Vladivostok")):
        assert now.astimezone(ZoneInfo(zone_at(str(hour), zones, now))).hour == hour % 24


@pytest.mark.parametrize(
    ("hour", "zones", "zone"),
    [
        ("", ("Europe/Moscow",), ""),  # not given yet
        ("9", ("Europe/Kaliningrad", "Europe/Moscow"), "Europe/Moscow"),
        ("09", ("Europe/Moscow", "Europe/Istanbul"), "Europe/Moscow"),  # the first zone matches
        ("15", ("Europe/Moscow",), "Etc/GMT-9"),  # no zone matches: use the distance from Greenwich
        ("6", (), "Etc/GMT"),
        ("24", (), "Etc/GMT+6"),  # midnight
        ("1", ("Europe/Moscow",), "Etc/GMT+5"),
    ],
)
def test_r03_each_hour_has_this_zone(hour: str, zones: tuple[str, ...], zone: str) -> None:
    """Six in the morning in Greenwich."""
    assert zone_at(hour, zones, NOON) == zone


@pytest.mark.parametrize(
    ("window", "zone", "why"),
    [
        ("now", "Asia/Bishkek", NoWindow.TWO_HOURS_OVER),
        ("now", "", NoWindow.TWO_HOURS_OVER),
        ("morning", "Asia/Bishkek", NoWindow.NONE_LEFT),
        ("morning", "", NoWindow.UNKNOWN),
        ("", "Asia/Bishkek", NoWindow.UNKNOWN),
    ],
)
def test_why_no_window_is_left_is_said_as_it_is(window: str, zone: str, why: NoWindow) -> None:
    since = datetime(2026, 11, 24, 4, tzinfo=UTC)
    hours = Hours(window, "", zone, since, since + timedelta(days=14))
    assert why_no_window(hours, since + timedelta(hours=3)) is why


def test_within_the_two_hours_a_used_window_is_not_called_over() -> None:
    since = datetime(2026, 11, 24, 4, tzinfo=UTC)
    hours = Hours("now", "", "", since, since + timedelta(days=14))
    assert why_no_window(hours, since + timedelta(hours=1)) is NoWindow.NONE_LEFT
