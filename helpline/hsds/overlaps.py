"""Hours of one service that overlap: one of the two rows is a mistake, and nobody knows which."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from helpline.hsds.tables import Flaw, Row
from helpline.schedule import WEEKLY, Opening

LOOKED_AT_DAYS = 63
"""So far one looks ahead: every day of a week and every nth weekday of a month comes in it."""


def overlaps(lines: Sequence[tuple[Row, Opening]], zone: str, today: date) -> Iterator[Flaw]:
    """Name rows of one service that are open at the same time: one of them is a mistake."""
    opening = [(row, line) for row, line in lines if not line.closed]
    for at, (row, line) in enumerate(opening):
        for other, earlier in opening[:at]:
            if met := None if _apart(earlier, line) else _meet(earlier, line, zone, today):
                what = f"on {met} these hours overlap with {other.place}; make them one row, or part them"
                yield row.flaw("opens_at", what)


def _apart(one: Opening, other: Opening) -> bool:
    """Tell at a glance that two lines never meet: other hours or other days of the week, none over midnight."""
    if one.zone != other.zone or one.opens >= one.closes or other.opens >= other.closes:
        return False
    weekly = one.freq == other.freq == WEEKLY and bool(one.days) and bool(other.days)
    return one.closes <= other.opens or other.closes <= one.opens or (weekly and not one.days & other.days)


def _meet(one: Opening, other: Opening, zone: str, today: date) -> date | None:
    starts = [start for line in (one, other) for start in (line.since, line.starts) if start]
    first = max([today, *starts])
    now = datetime.combine(first, time(), UTC)
    mine = list(one.spans(zone, now, LOOKED_AT_DAYS))
    for span in other.spans(zone, now, LOOKED_AT_DAYS):
        if found := next((met for each in mine if (met := each.meets(span))), None):
            return found.start.astimezone(ZoneInfo(zone)).date()
    return None
