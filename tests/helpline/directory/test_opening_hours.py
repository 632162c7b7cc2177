"""Opening hours: rules of RFC 5545 as HSDS uses them, closures, holidays, zones and clock changes."""

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.core.call_windows import Span
from helpline.directory.hsds.hours import opening_of
from helpline.directory.hsds.tables import Flaw, Row
from helpline.directory.opening_hours import DAYS, MONTHLY, WEEKLY, Opening, open_spans
from tests.steps.by_day import examples

BISHKEK, BERLIN = "Asia/Bishkek", "Europe/Berlin"
NINE, SIX = time(9), time(18)
BASE = {"opens_at": "09:00", "closes_at": "18:00", "timezone": BISHKEK}


def read(**fields: object) -> Opening:
    """Read a valid row of a schedule."""
    flaws: list[Flaw] = []
    found = opening_of(Row("schedule", "here", {"id": "a", **BASE, **fields}), False, flaws)
    assert found is not None
    assert flaws == []
    return found


def days(line: Opening, first: date, last: date) -> list[date]:
    """Return the days of a line."""
    return [day for day in (first + timedelta(days=n) for n in range((last - first).days + 1)) if line.holds_on(day)]


def some(text: str) -> list[date]:
    """Return a list of days: `2026-11-24 28 12-05`, where each gives the parts that changed."""
    found: list[date] = []
    for part in text.split():
        before = f"{found[-1]}" if found else ""
        found.append(date.fromisoformat(before[: 10 - len(part)] + part))
    return found


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"byday": "MO,FR"}, "2026-11-02 06 09 13 16 20 23 27 30"),
        ({"freq": "WEEKLY", "interval": 2, "byday": "TU", "dtstart": "2026-11-03"}, "2026-11-03 17"),
        # RFC 5545, 3.3.10: which weeks count depends on the first day of a week.
        ({"interval": "2", "byday": "TU,SU", "dtstart": "2026-11-03", "wkst": "MO"}, "2026-11-03 08 17 22"),
        ({"interval": "2", "byday": "TU,SU", "dtstart": "2026-11-03", "wkst": "SU"}, "2026-11-03 15 17 29"),
        ({"freq": "WEEKLY", "dtstart": "2026-11-04"}, "2026-11-04 11 18 25"),
        ({"freq": "MONTHLY", "byday": "1MO"}, "2026-11-02"),
        ({"freq": "MONTHLY", "byday": "+2TU,-1FR"}, "2026-11-10 27"),
        ({"freq": "MONTHLY", "byday": "5SU"}, "2026-11-29"),
        ({"freq": "MONTHLY", "byday": "5TU"}, ""),
        ({"freq": "MONTHLY", "bymonthday": "1,15,-1"}, "2026-11-01 15 30"),
        ({"freq": "MONTHLY", "bymonthday": "31"}, ""),
        ({"freq": "MONTHLY", "byday": "FR", "bymonthday": "13"}, "2026-11-13"),
        ({"freq": "MONTHLY", "dtstart": "2026-10-20"}, "2026-11-20"),
        ({"freq": "MONTHLY", "interval": 2, "bymonthday": "5", "dtstart": "2026-10-01"}, ""),
        ({"freq": "MONTHLY", "interval": 2, "bymonthday": "5", "dtstart": "2026-09-01"}, "2026-11-05"),
        ({"byday": "MO", "valid_from": "2026-11-09", "valid_to": "2026-11-16"}, "2026-11-09 16"),
        ({"byday": "MO", "until": "2026-11-09", "valid_to": "2026-11-16"}, "2026-11-02 09"),
        ({"byday": "MO", "dtstart": "2026-11-09", "count": 2}, "2026-11-09 16"),
        ({"byday": "MO,TU", "dtstart": "2026-10-27", "count": "3.0"}, "2026-11-02 03"),
    ],
)
def test_a_schedule_row_is_valid_on_the_days_of_rfc_5545(fields: dict[str, object], expected: str) -> None:
    assert days(read(**fields), date(2026, 11, 1), date(2026, 11, 30)) == some(expected)


def test_a_rule_of_the_standards_own_guidance_is_read() -> None:
    """First Saturday of the month from July to November (HSDS 3.0, guidance on schedules)."""
    line = read(freq="MONTHLY", byday="1SA", dtstart="2020-07-04", until="2020-11-07", opens_at="09:00:00Z", closes_at="17:00:00Z", timezone="")  # fmt: skip
    assert days(line, date(2020, 1, 1), date(2020, 12, 31)) == some("2020-07-04 08-01 09-05 10-03 11-07")
    assert line.zone == "Etc/UTC"


def by_listing(line: Opening, first: date, last: date) -> Iterator[date]:
    """List the days of a rule the slow way: week by week and month by month from its start."""
    start = line.starts or first
    if line.freq == WEEKLY:
        week = start - timedelta(days=(start.weekday() - DAYS.index(line.week_starts)) % 7)
        while week <= last:
            named = [week + timedelta(days=n) for n in range(7)]
            yield from (day for day in named if not line.days or DAYS[day.weekday()] in line.days)
            week += timedelta(weeks=line.interval)
        return
    year, month = start.year, start.month
    while date(year, month, 1) <= last:
        yield from _month(line, year, month)
        month += line.interval
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1


def _month(line: Opening, year: int, month: int) -> Iterator[date]:
    every = [day for day in calendar.Calendar().itermonthdates(year, month) if day.month == month]
    of_month = {every[n - 1 if n > 0 else n] for n in line.month_days if abs(n) <= len(every)}
    of_days = set() if line.days else set(every)
    for name in line.days:
        ordinal, weekday = int(name[:-2] or 0), DAYS.index(name[-2:])
        those = [day for day in every if day.weekday() == weekday]
        chosen = those if not ordinal else those[ordinal - 1 if ordinal > 0 else ordinal :][:1]
        of_days |= set(chosen if abs(ordinal) <= len(those) else [])
    yield from (day for day in every if day in of_days and (day in of_month or not line.month_days))


WEEKDAYS = st.frozensets(st.sampled_from(DAYS), min_size=1)
ORDINALS = st.sampled_from(["", "1", "2", "3", "4", "5", "-1", "-2", "-5"])
ORDINAL_DAYS = st.frozensets(st.builds("".join, st.tuples(ORDINALS, st.sampled_from(DAYS))), max_size=4)
MONTH_DAYS = st.frozensets(st.integers(-31, 31).filter(bool), max_size=4)
DATES = st.dates(date(2024, 1, 1), date(2027, 12, 31))
INTERVALS = st.integers(1, 5)
LINES = st.one_of(
    st.builds(
        Opening, WEEKDAYS, st.just(NINE), st.just(SIX), st.just(WEEKLY), INTERVALS, starts=DATES,
        since=st.none() | DATES, until=st.none() | DATES, week_starts=st.sampled_from(DAYS),
    ),
    st.builds(
        Opening, ORDINAL_DAYS, st.just(NINE), st.just(SIX), st.just(MONTHLY), INTERVALS, MONTH_DAYS, starts=DATES,
        since=st.none() | DATES, until=st.none() | DATES,
    ),
)  # fmt: skip


@settings(max_examples=examples(300), deadline=None)
@given(LINES, DATES)
def test_asking_about_one_day_equals_listing_all_days(line: Opening, first: date) -> None:
    last = first + timedelta(days=70)
    since = max(day for day in (first, line.starts, line.since) if day)
    listed = {day for day in by_listing(line, first, last) if since <= day <= min(last, line.until or last)}
    assert set(days(line, first, last)) == listed


def at(day: int, hour: int, minute: int = 0, month: int = 11, zone: str = BISHKEK) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def spans(*lines: Opening, now: datetime, ahead: int = 8, holidays: frozenset[str] = frozenset(), zone: str = BISHKEK) -> list[Span]:  # fmt: skip
    return sorted(open_spans(lines, zone, now, ahead, holidays), key=lambda span: span.start)


DAILY = Opening(frozenset(), NINE, SIX)
NIGHTLY = Opening(frozenset(), time(20), time(8))


def closed(since: date, until: date, opens: time = time(), closes: time = time()) -> Opening:
    return Opening(frozenset(), opens, closes, since=since, until=until, closed=True)


def test_closed_days_are_removed_from_the_open_ones() -> None:
    shut = closed(date(2026, 11, 25), date(2026, 11, 26))
    assert [span.start for span in spans(DAILY, shut, now=at(24, 8), ahead=4)] == [at(24, 9), at(27, 9)]


def test_a_closure_of_some_hours_splits_a_day() -> None:
    shut = closed(date(2026, 11, 24), date(2026, 11, 24), time(13), time(14))
    found = spans(DAILY, shut, now=at(24, 8), ahead=1)
    assert found == [Span(at(24, 9), at(24, 13)), Span(at(24, 14), at(24, 18))]
    assert spans(DAILY, shut, now=at(24, 13, 30), ahead=1) == found[1:], "what has ended is not given"


def test_a_closed_day_ends_the_night_before_and_has_no_night() -> None:
    shut = closed(date(2026, 11, 25), date(2026, 11, 25))
    found = spans(NIGHTLY, shut, now=at(24, 12), ahead=2)
    assert found == [Span(at(24, 20), at(25, 0))], "and the night that starts on it is closed"


def test_a_closure_at_the_end_of_the_range_counts() -> None:
    """The last night reaches into the first day after the requested range."""
    shut = closed(date(2026, 11, 25), date(2026, 11, 25))
    assert spans(NIGHTLY, shut, now=at(24, 12), ahead=1)[-1] == Span(at(24, 20), at(25, 0))


def test_a_closure_in_another_zone_uses_its_own_clock() -> None:
    shut = Opening(frozenset(), time(), time(), since=date(2026, 11, 24), until=date(2026, 11, 24), zone="Etc/UTC", closed=True)  # fmt: skip
    assert spans(NIGHTLY, shut, now=at(24, 3), ahead=1) == [Span(at(23, 20), at(24, 6))]


def test_holidays_use_the_clock_of_the_service() -> None:
    found = spans(DAILY, now=at(6, 8, month=11), ahead=4, holidays=frozenset({"11-07", "11-08"}))
    assert [span.start for span in found] == [at(6, 9), at(9, 9)]
    assert len(spans(DAILY, now=at(6, 8, month=11), ahead=4)) == 4


def test_schedules_of_one_service_may_have_several_zones() -> None:
    abroad = Opening(frozenset(), NINE, SIX, zone="Europe/Moscow")
    assert [span.start for span in spans(DAILY, abroad, now=at(24, 8), ahead=1)] == [at(24, 9), at(24, 12)]


@pytest.mark.parametrize(
    ("day", "month", "hours"), [(28, 3, 9), (29, 3, 8), (24, 10, 9), (25, 10, 10)]
)  # Germany's clocks go forward in the night to 29 March 2026, and back in the night to 25 October
def test_hours_abroad_follow_the_clocks_there(day: int, month: int, hours: int) -> None:
    """From 0 to 9 it is open for nine hours, unless an hour is missing or occurs twice."""
    (span,) = spans(Opening(frozenset(), time(), NINE, since=date(2026, month, day), until=date(2026, month, day)),
                    now=at(day, 1, month=month, zone="Etc/UTC"), ahead=1, zone=BERLIN)  # fmt: skip
    assert span.end - span.start == timedelta(hours=hours)
    assert span.end.astimezone(ZoneInfo(BERLIN)).time() == NINE


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(LINES, max_size=3), st.lists(LINES, max_size=2), st.integers(0, 730 * 24))
def test_no_open_minute_is_closed(lines: list[Opening], shut: list[Opening], hours: int) -> None:
    """Minute by minute over two days: open by one line, closed by none."""
    here = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    closing = [Opening(line.days, time(12), time(15), line.freq, line.interval, line.month_days, line.starts, closed=True) for line in shut]  # fmt: skip
    found = spans(*lines, *closing, now=here, ahead=3)
    opened, not_ = spans(*lines, now=here, ahead=3), [span for line in closing for span in line.spans(BISHKEK, here, 4)]
    for minute in range(0, 2 * 24 * 60, 30):
        then = here + timedelta(minutes=minute)
        expected = any(span.contains(then) for span in opened) and not any(span.contains(then) for span in not_)
        assert any(span.contains(then) for span in found) == expected
