"""When a service is open: rows of HSDS `schedule`, read as spans of time.

HSDS takes its rules from RFC 5545: `freq`, `interval`, `byday`, `bymonthday`, `wkst`, `dtstart`, `until`. Each rule is
checked for one day, so nothing is counted from the beginning. A row of ten years ago costs as much as a new one.
"""

from calendar import monthrange
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpline.core.call_windows import AHEAD_DAYS, Span, span_of

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKLY, MONTHLY = "WEEKLY", "MONTHLY"
WEEK = 7
MONTHS = 12
NO_HOLIDAYS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Opening:
    """One row of a schedule: HSDS `schedule`."""

    days: frozenset[str]
    """`byday`: `MO`, and in a monthly row also `1MO` or `-1FR`. Every day, if `month_days` is empty as well."""
    opens: time
    closes: time
    """If it is not after `opens`, it is on the next day."""
    freq: str = WEEKLY
    interval: int = 1
    month_days: frozenset[int] = frozenset()
    """`bymonthday`, counted from the end if negative."""
    starts: date | None = None
    """`dtstart`: `interval` is counted from here."""
    since: date | None = None
    """`valid_from`: the first day on which it holds."""
    until: date | None = None
    """The last day: the earlier of `valid_to` and `until`."""
    week_starts: str = "MO"
    zone: str = ""
    """Empty means the service's zone."""
    closed: bool = False
    """It closes what other rows open."""

    def holds_on(self, day: date) -> bool:
        """Whether it opens (or closes) something that begins on this day."""
        early = (self.starts and day < self.starts) or (self.since and day < self.since)
        if early or (self.until and day > self.until):
            return False
        if self.freq == MONTHLY:
            return self._in_month(day) and self._counted(_months(day) - _months(self.starts or day))
        if self.days and DAYS[day.weekday()] not in self.days:
            return False
        return self.interval == 1 or self._counted(self._weeks(day))  # most rows hold every week

    def _counted(self, passed: int) -> bool:
        return passed % self.interval == 0

    def _weeks(self, day: date) -> int:
        first = DAYS.index(self.week_starts)
        start = self.starts or day
        return (_week(day, first) - _week(start, first)).days // WEEK

    def _in_month(self, day: date) -> bool:
        """Whether a day of a month fits.

        RFC 5545: if a row has both, only days of `bymonthday` that `byday` names count.
        """
        length = monthrange(day.year, day.month)[1]
        if self.month_days and not {day.day, day.day - length - 1} & self.month_days:
            return False
        weekday, from_end = DAYS[day.weekday()], (length - day.day) // WEEK + 1
        named = {weekday, f"{(day.day - 1) // WEEK + 1}{weekday}", f"-{from_end}{weekday}"}
        return not self.days or bool(named & self.days)

    def spans(self, zone: str, now: datetime, ahead: int) -> Iterator[Span]:
        """Yield the spans that have not ended and begin on a day from yesterday to `ahead` days on."""
        here = ZoneInfo(self.zone or zone)
        today = now.astimezone(here).date()
        for day in (today + timedelta(days=each) for each in range(-1, ahead)):
            if self.holds_on(day):
                span = span_of(day, self.opens, self.closes, here)
                if max(now, span.start) < span.end:
                    yield span


def open_spans(
    schedule: Sequence[Opening], zone: str, now: datetime, ahead: int = AHEAD_DAYS,
    holidays: Collection[str] = NO_HOLIDAYS,
) -> Iterator[Span]:  # fmt: skip
    """Yield the spans over the next `ahead` days in which a schedule is open and that have not ended.

    `holidays` are month and day (`03-21`) of the days on which it is closed, by the clock of `zone`. A night belongs to
    the day on which it starts (R3): a closed day closes its own hours and the night that starts on it.
    """
    shut = [
        (line.closes == line.opens, span)
        for line in schedule
        if line.closed
        for span in line.spans(zone, now, ahead + 1)
    ]
    shut += [(True, span) for span in _holidays(holidays, zone, now, ahead + 1)] if holidays else []
    for line in schedule:
        for span in () if line.closed else line.spans(zone, now, ahead):
            yield from (left for left in _without(span, shut) if now < left.end) if shut else (span,)


def _holidays(holidays: Collection[str], zone: str, now: datetime, ahead: int) -> list[Span]:
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    days = (today + timedelta(days=each) for each in range(-1, ahead))
    return [span_of(day, time(), time(), here) for day in days if f"{day:%m-%d}" in holidays]


def _without(span: Span, shut: Sequence[tuple[bool, Span]]) -> list[Span]:
    """Return what remains of a span outside all these holes; nothing if it starts on a closed day."""
    if any(whole_day and hole.contains(span.start) for whole_day, hole in shut):
        return []
    left = [span]
    for _, hole in shut:
        left = [part for piece in left for part in _pieces(piece, hole)]
    return left


def _pieces(span: Span, hole: Span) -> Iterator[Span]:
    if not span.overlap(hole):
        yield span
        return
    if span.start < hole.start:
        yield Span(span.start, hole.start)
    if hole.end < span.end:
        yield Span(hole.end, span.end)


def _week(day: date, first: int) -> date:
    """Return the first day of the week of `day`. `first` is the index in `DAYS` of a week's first day."""
    return day - timedelta(days=(day.weekday() - first) % WEEK)


def _months(day: date) -> int:
    return day.year * MONTHS + day.month
