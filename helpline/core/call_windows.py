"""The safe-contact card: when somebody may ring. One pure question that SMS, reveal, promise and console all ask.

A window is local time and a zone, compared in UTC; one that crosses midnight belongs to the day it starts; in the
gap of a clock change the later instant counts (R3). Zone data comes from the tzdata wheel only.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

WINDOWS: Mapping[str, tuple[time, time]] = {
    "any": (time(8), time(21)),
    "morning": (time(8), time(12)),
    "day": (time(12), time(17)),
    "evening": (time(17), time(21)),
}
"""Her hours, local time, from and to (R3)."""

NOW = "now"
NOW_LASTS = timedelta(hours=2)
"""In danger: from the moment she asked, whatever the hour and wherever she is, and then never again."""

LAST_MINUTES = timedelta(minutes=5)
"""In the last five minutes of a window no number is sent: the call would start outside it (R32)."""

EVERY_DAY = frozenset(range(1, 8))
"""Days as ISO has them: 1 is Monday, 7 Sunday."""

AHEAD_DAYS = 8
"""So far ahead one looks: a window of one day a week comes again within it."""

FARTHEST_EAST = 12
"""More hours before Greenwich than these are read as the same clock a day later, behind it."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, UTC, from the first instant up to but not with the last."""

    start: datetime
    end: datetime

    def holds(self, now: datetime) -> bool:
        """Tell whether `now` lies in it."""
        return self.start <= now < self.end

    def told(self, zone: ZoneInfo) -> dict[str, str]:
        """Give it as day and hours of the clocks of `zone`; the same three words wherever a time stands."""
        start, end = self.start.astimezone(zone), self.end.astimezone(zone)
        return {"day": f"{start:%d.%m}", "from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}

    def meets(self, other: "Span") -> "Span | None":
        """Give what both have in common, None where that is nothing."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None


@dataclass(frozen=True, slots=True)
class Hours:
    """When she may be rung: the name of her window, her days (digits, empty for every day), the zone where she is.

    `since`: when she chose it; the window `now` is counted from there. An empty `zone` is not known yet, and until
    it is every window but `now` is closed. `expires`: the end of her consent, which closes all of them (R30).
    """

    window: str
    days: str
    zone: str
    since: datetime
    expires: datetime

    @property
    def weekdays(self) -> frozenset[int]:
        """Her days as ISO has them."""
        return frozenset(map(int, self.days)) or EVERY_DAY

    @property
    def chooses_days(self) -> bool:
        """Tell whether she may be rung on some days only."""
        return self.window != NOW and self.weekdays != EVERY_DAY


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Give the instant of a local time. In a gap of the clocks it is the later one (PEP 495: fold=0 reads it so)."""
    return datetime.combine(day, at, zone).astimezone(UTC)


@lru_cache(maxsize=16_384)
def span_of(day: date, opens: time, closes: time, zone: ZoneInfo) -> Span:
    """Give the stretch that starts on `day`; `closes` at or before `opens` means the day after.

    Remembered: many services are open at the same hours, and working them out costs more than all else in matching.
    """
    ends = day if closes > opens else day + timedelta(days=1)
    return Span(instant(day, opens, zone), instant(ends, closes, zone))


def recurring(
    weekdays: Collection[int], opens: time, closes: time, zone: str, now: datetime, ahead: int = AHEAD_DAYS
) -> Iterator[Span]:
    """Give the stretches from `opens` to `closes` that start on `weekdays` and have not ended, over `ahead` days."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    for day in (today + timedelta(days=each) for each in range(-1, ahead)):
        if day.isoweekday() not in weekdays:
            continue
        span = span_of(day, opens, closes, here)
        if max(now, span.start) < span.end:
            yield span


def windows(hours: Hours, now: datetime, ahead: int = AHEAD_DAYS) -> Iterator[Span]:
    """Give her windows that have not ended, in order, over the next `ahead` days."""
    if hours.window == NOW:
        span = Span(hours.since, hours.since + NOW_LASTS)
        yield from [span] if now < span.end else []
    elif hours.window in WINDOWS and hours.zone:
        yield from recurring(hours.weekdays, *WINDOWS[hours.window], hours.zone, now, ahead)


def open_window(hours: Hours, now: datetime) -> Span | None:
    """Answer *may we ring now?* with the window that is open, None where nobody may ring (R3).

    An expired consent closes every window (R30).
    """
    if now >= hours.expires:
        return None
    return next((span for span in windows(hours, now, 1) if span.holds(now)), None)


def may_show_number(hours: Hours, now: datetime) -> Span | None:
    """Give the open window in which the number may leave, None outside it and in its last five minutes (R32)."""
    span = open_window(hours, now)
    return span if span and now < span.end - LAST_MINUTES else None


def coming(hours: Hours, now: datetime) -> Iterator[Span]:
    """Give the window that is open and those that open next, in order. One in its last minutes does not count."""
    return (span for span in windows(hours, now) if now < span.end - LAST_MINUTES and span.start < hours.expires)


def next_window(hours: Hours, now: datetime, *, but_not: datetime | None = None) -> Span | None:
    """Give the first window that comes; None where none will. `but_not` is the start of one that has been used."""
    return next((span for span in coming(hours, now) if span.start != but_not), None)


def zone_at(hour: str, zones: Sequence[str], now: datetime) -> str:
    """Give the zone where a clock shows `hour` now: typed, 1 to 24 (midnight is 0 or 24); empty where nothing is.

    The first of `zones`, those of the country where she is; where none of them shows it, a fixed distance from
    Greenwich in whole hours.
    """
    if not hour:
        return ""
    shown = int(hour) % 24
    if found := next((zone for zone in zones if now.astimezone(ZoneInfo(zone)).hour == shown), ""):
        return found
    east = (shown - now.astimezone(UTC).hour) % 24
    east -= 24 * (east > FARTHEST_EAST)
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"
