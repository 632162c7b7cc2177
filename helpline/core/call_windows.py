"""The safe-contact card: when a caller may be called. SMS, reveal, promise and console all use these pure functions.

A window is stored as local time and a time zone, and compared in UTC. A window that crosses midnight belongs to the
day on which it starts. In the gap of a clock change the later instant counts (R3). Zone data comes from the tzdata
wheel only.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

WINDOWS: Mapping[str, tuple[time, time]] = {
    "any": (time(8), time(21)),
    "morning": (time(8), time(12)),
    "day": (time(12), time(17)),
    "evening": (time(17), time(21)),
}
"""The windows a caller can choose: local time, from and to (R3)."""

PARTS = ("morning", "day", "evening")
"""The parts of a day, in order."""

TO_BE_CALLED = timedelta(minutes=30)
"""What a service needs at least to take a request and call. With less left of a day, *only today* is not offered."""

EARLIEST, LATEST = WINDOWS["any"]
"""Nobody is called earlier or later than this by the caller's clock, except in the window `now`."""

NOW = "now"
NOW_LASTS = timedelta(hours=2)
"""The window `now` of a caller in danger. It opens once, when they ask, at any hour and in any time zone."""

LATER: Mapping[str, str] = {f"now_{name}": name for name in WINDOWS}
"""The two hours of `now`, and then the window in which the caller may be called if nobody could by then."""

FROM_NOW = frozenset({NOW, *LATER})
"""The windows that begin when the caller asks."""

FROM_TO = re.compile(r"([01][0-9]|2[0-3])-([01][0-9]|2[0-3])")
"""Hours that the caller typed, as they are stored."""

ONE_DAY: Mapping[str, int] = {"today": 0, "tomorrow": 1}
"""The answers of callers who can be called on one day only, with the days until then.

They are stored as `ONCE` and a weekday (`weekdays_of`).
"""

ONCE = "0"
"""Before the digit of a weekday: only the next such day counts, not that of each week. Nobody can type it."""

WEEK = timedelta(days=7)

LAST_MINUTES = timedelta(minutes=5)
"""No number is sent in the last minutes of a window, because the call would start outside it (R32)."""

EVERY_DAY = frozenset(range(1, 8))
"""ISO weekdays: 1 is Monday, 7 is Sunday."""

AHEAD_DAYS = 8
"""Windows are searched this many days ahead, so that a window on one day a week is always found."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""Before every window."""

FARTHEST_EAST = 12
"""A larger offset east of Greenwich is read as an offset west of it: +13 becomes -11."""


@dataclass(frozen=True, slots=True)
class Span:
    """A period of time in UTC: from `start` (included) to `end` (excluded)."""

    start: datetime
    end: datetime

    def contains(self, now: datetime) -> bool:
        """Whether `now` is in the period."""
        return self.start <= now < self.end

    def local_texts(self, zone: ZoneInfo) -> dict[str, str]:
        """Return the local `day`, `from` and `to` as text. These are the placeholders of every text with a time."""
        start, end = self.start.astimezone(zone), self.end.astimezone(zone)
        return {"day": f"{start:%d.%m}", "from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}

    def overlap(self, other: "Span") -> "Span | None":
        """Return the part that both periods share, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None


@dataclass(frozen=True, slots=True)
class Hours:
    """When a caller may be called."""

    window: str
    """A name of `WINDOWS`, hours that the caller typed (`between`), `NOW`, or a name of `LATER`."""
    days: str
    """ISO weekdays as digits. Empty means every day. It begins with `ONCE` if only the next such day counts."""
    zone: str
    """The time zone where the caller is. Empty means unknown: all windows but `now` are then closed."""
    since: datetime
    """When the caller chose the window. The window `now` starts here."""
    expires: datetime
    """When the consent expires, which closes all windows (R30)."""

    @property
    def weekdays(self) -> frozenset[int]:
        """The ISO weekdays on which the caller may be called."""
        return frozenset(map(int, self.days.removeprefix(ONCE))) or EVERY_DAY

    @property
    def once(self) -> bool:
        """Whether the caller may be called on one day only, counted from `since`."""
        return self.days.startswith(ONCE)

    @property
    def chooses_days(self) -> bool:
        """Whether the caller may be called on some days only."""
        return self.window not in FROM_NOW and self.weekdays != EVERY_DAY

    def name_at(self, now: datetime) -> str:
        """Return the name of the window that counts now: after the two hours of `now` the later one, if any."""
        soon, later = self.at_once, LATER.get(self.window)
        return later if soon and later and now >= soon.end - LAST_MINUTES else NOW if soon else self.window

    @property
    def at_once(self) -> Span | None:
        """The two hours of `now`, if the caller chose them."""
        return Span(self.since, self.since + NOW_LASTS) if self.window in FROM_NOW else None


def weekdays_of(said: str, zone: str, when: datetime) -> str:
    """Return the days that a caller chose at `when`, as they are stored: *today* and *tomorrow* are by their clock."""
    if said not in ONE_DAY:
        return said
    return ONCE + str((when.astimezone(ZoneInfo(zone)) + timedelta(days=ONE_DAY[said])).isoweekday())


def first_to_come(zone: str, when: datetime) -> str:
    """Return the first part of the day in which somebody can still be called today, or `none`."""
    now = when.astimezone(ZoneInfo(zone))
    last = now + TO_BE_CALLED
    if last.date() != now.date():
        return "none"
    return next((part for part in PARTS if last.time() <= WINDOWS[part][1]), "none")


def between(first: str, last: str) -> str:
    """Return the window from one full hour to another, as it is stored: `09-14`."""
    return f"{int(first):02}-{int(last):02}"


@lru_cache(maxsize=128)
def times_of(window: str) -> tuple[time, time] | None:
    """Return from when until when a window lasts, or None if there is no such window: then nobody may call.

    Hours that the caller typed (`between`) count only within the hours in which people are called at all (R3).
    """
    typed = FROM_TO.fullmatch(window)
    if typed is None:
        return WINDOWS.get(window)
    first, last = time(int(typed[1])), time(int(typed[2]))
    return (first, last) if EARLIEST <= first < last <= LATEST else None


def holds(hours: Hours, others: Hours) -> bool:
    """Whether a caller who may be called in `others` may be called then in `hours`, too.

    The two hours of `now` count as over: of a name of `LATER`, the later window counts.
    """
    outer, inner = times_of(LATER.get(hours.window, hours.window)), times_of(others.window)
    if outer is None or inner is None:
        return False
    if hours.once and not others.once:
        return False
    return outer[0] <= inner[0] and inner[1] <= outer[1] and others.weekdays <= hours.weekdays


def lacks_hour(window: str, zone: str) -> bool:
    """Whether nobody may call, because the clock of a caller abroad is not known (R3)."""
    return window not in FROM_NOW and not zone


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant of a local time. In the gap of a clock change it is the later one (PEP 495, fold=0)."""
    return datetime.combine(day, at, zone).astimezone(UTC)


@lru_cache(maxsize=16_384)
def span_of(day: date, opens: time, closes: time, zone: ZoneInfo) -> Span:
    """Return the period that starts on `day`. If `closes` is not after `opens`, it ends on the next day.

    Cached, because many services share opening hours and this is the most expensive part of matching.
    """
    ends = day if closes > opens else day + timedelta(days=1)
    return Span(instant(day, opens, zone), instant(ends, closes, zone))


def recurring(
    weekdays: Collection[int], opens: time, closes: time, zone: str, now: datetime, ahead: int = AHEAD_DAYS
) -> Iterator[Span]:
    """Yield the periods that start on `weekdays` within `ahead` days and have not ended."""
    local = ZoneInfo(zone)
    today = now.astimezone(local).date()
    for day in (today + timedelta(days=offset) for offset in range(-1, ahead)):
        if day.isoweekday() not in weekdays:
            continue
        span = span_of(day, opens, closes, local)
        if max(now, span.start) < span.end:
            yield span


def windows(hours: Hours, now: datetime, ahead: int = AHEAD_DAYS) -> Iterator[Span]:
    """Yield the caller's windows that have not ended, in order, over the next `ahead` days."""
    if soon := hours.at_once:
        yield from [soon] if now < soon.end else []
        yield from _later(hours, soon.end, now, ahead)
    elif (times := times_of(hours.window)) and hours.zone:
        spans = recurring(hours.weekdays, *times, hours.zone, now, ahead)
        yield from _next_such_day(hours, spans) if hours.once else spans


def _next_such_day(hours: Hours, spans: Iterator[Span]) -> Iterator[Span]:
    """Yield those that begin within a week after the day on which the caller chose: nobody may call on a later one."""
    zone = ZoneInfo(hours.zone)
    last = hours.since.astimezone(zone).date() + WEEK
    yield from (span for span in spans if span.start.astimezone(zone).date() < last)


def _later(hours: Hours, ends: datetime, now: datetime, ahead: int) -> Iterator[Span]:
    """Yield the windows after the two hours of `now`, which end at `ends`. They never open before that."""
    if hours.window in LATER and hours.zone:
        opens, closes = WINDOWS[LATER[hours.window]]
        for span in recurring(EVERY_DAY, opens, closes, hours.zone, max(now, ends), ahead):
            yield Span(max(span.start, ends), span.end)


def windows_in_turn(hours: Hours, now: datetime, free: tuple[Span, ...] | None = None) -> tuple[Span, ...]:
    """Return the windows that services are asked for: only the two hours of `now` while they can be used.

    A service that opens tomorrow must not be asked before one that could call now. `free` are the windows in which the
    caller was not called yet; None: all of them.
    """
    found, soon = tuple(windows(hours, now)) if free is None else free, hours.at_once
    is_now = soon and found and found[0].start < soon.end and now < soon.end - LAST_MINUTES
    return found[:1] if is_now else found


def has_window_at(hours: Hours, at: datetime) -> bool:
    """Whether the caller may be called at an instant to come, if the consent lasts until then (R3)."""
    return any(span.contains(at) for span in windows(hours, at, 1))


def open_window(hours: Hours, now: datetime) -> Span | None:
    """Return the window that is open now, or None if the caller may not be called now (R3).

    An expired consent closes every window (R30).
    """
    if now >= hours.expires:
        return None
    return next((span for span in windows(hours, now, 1) if span.contains(now)), None)


def may_show_number(hours: Hours, now: datetime) -> Span | None:
    """Return the open window in which the number may be shown. None in its last five minutes and outside it (R32)."""
    span = open_window(hours, now)
    return span if span and now < span.end - LAST_MINUTES else None


def usable_windows(hours: Hours, now: datetime, *, after: datetime = LONG_AGO) -> Iterator[Span]:
    """Yield the open window and the next ones, in order, that start later than `after`.

    A window in its last minutes is left out.
    """
    later = (span for span in windows(hours, now) if after < span.start < hours.expires)
    return (span for span in later if now < span.end - LAST_MINUTES)


def next_window(hours: Hours, now: datetime, *, but_not: datetime | None = None) -> Span | None:
    """Return the first usable window, or None. `but_not` is the start of a window that was already used."""
    return next((span for span in usable_windows(hours, now) if span.start != but_not), None)


class NoWindow(StrEnum):
    """Why a caller has no usable window left."""

    UNKNOWN = "no_hour"
    """They said no time, or nobody knows what time it is where they are."""
    TWO_HOURS_OVER = "no_hour_over"
    """They asked for a call at once, and for no later time."""
    NONE_LEFT = "no_hour_left"
    """Their times are known, but each was used or comes after the end of the consent."""


def why_no_window(hours: Hours, now: datetime) -> NoWindow:
    """Return why no window is left, for a caller who has none."""
    soon, later = hours.at_once, LATER.get(hours.window, "")
    if soon and now < soon.end - LAST_MINUTES:
        return NoWindow.NONE_LEFT
    if soon and not later:
        return NoWindow.TWO_HOURS_OVER
    is_known = bool(hours.zone) and times_of(later or hours.window) is not None
    return NoWindow.NONE_LEFT if is_known else NoWindow.UNKNOWN


def zone_at(hour: str, zones: Sequence[str], now: datetime) -> str:
    """Return the time zone in which a clock shows `hour` now, or "" if no hour was typed.

    `hour` is typed as 1 to 24; midnight is 0 or 24. `zones` are the zones of the country where the caller is. The
    first of them that shows this hour is returned. If none does, the result is a fixed whole-hour offset.
    """
    if not hour:
        return ""
    shown = int(hour) % 24
    if found := next((zone for zone in zones if now.astimezone(ZoneInfo(zone)).hour == shown), ""):
        return found
    east = (shown - now.astimezone(UTC).hour) % 24
    east -= 24 * (east > FARTHEST_EAST)
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"
