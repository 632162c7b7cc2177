"""The safe-contact card: when somebody may ring. One pure question that SMS, reveal and console all ask.

A window is local time and a zone, compared in UTC; one that crosses midnight belongs to the day it starts; in the
gap of a clock change the later instant counts (R3). Zone data comes from the tzdata wheel only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WINDOWS: Mapping[str, tuple[time, time]] = {
    "any": (time(8), time(21)),
    "morning": (time(8), time(12)),
    "day": (time(12), time(17)),
    "evening": (time(17), time(21)),
}
"""Her hours, local time, from and to (R3)."""

LAST_MINUTES = timedelta(minutes=5)
"""In the last five minutes of a window no number is sent: the call would start outside it (R32)."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, UTC, from the first instant up to but not with the last."""

    start: datetime
    end: datetime

    def holds(self, now: datetime) -> bool:
        """Tell whether `now` lies in it."""
        return self.start <= now < self.end

    def meets(self, other: "Span") -> "Span | None":
        """Give what both have in common, None where that is nothing."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Give the instant of a local time. In a gap of the clocks it is the later one (PEP 495: fold=0 reads it so)."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def span_of(day: date, opens: time, closes: time, zone: ZoneInfo) -> Span:
    """Give the stretch that starts on `day`; `closes` at or before `opens` means the day after."""
    ends = day if closes > opens else day + timedelta(days=1)
    return Span(instant(day, opens, zone), instant(ends, closes, zone))


def windows(name: str, zone: str, now: datetime, days: int = 8) -> Iterator[Span]:
    """Give her windows that have not ended, in order, over the next `days` days."""
    here = ZoneInfo(zone)
    opens, closes = WINDOWS[name]
    today = now.astimezone(here).date()
    for ahead in range(-1, days):
        span = span_of(today + timedelta(days=ahead), opens, closes, here)
        if span.end > now:
            yield span


def open_window(name: str, zone: str, now: datetime, expires: datetime) -> Span | None:
    """Answer *may we ring now?* with the window that is open, None where nobody may ring (R3).

    An expired consent closes every window (R30).
    """
    if now >= expires or name not in WINDOWS:
        return None
    return next((span for span in windows(name, zone, now, 1) if span.holds(now)), None)


def may_show_number(name: str, zone: str, now: datetime, expires: datetime) -> Span | None:
    """Give the open window in which the number may leave, None outside it and in its last five minutes (R32)."""
    span = open_window(name, zone, now, expires)
    return span if span and now < span.end - LAST_MINUTES else None


def next_window(name: str, zone: str, now: datetime, *, but_not: datetime | None = None) -> Span:
    """Give the window that is open, or the one that opens next; one in its last minutes does not count.

    `but_not` is the start of a window that has been used already.
    """
    coming = (span for span in windows(name, zone, now) if now < span.end - LAST_MINUTES)
    return next(span for span in coming if span.start != but_not)
