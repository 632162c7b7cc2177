"""When a service is open: HSDS `schedule` rows, read as stretches of time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from helpline.contact import AHEAD_DAYS, Span, recurring

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Opening:
    """One line of a schedule: HSDS `schedule.byday`, `opens_at`, `closes_at`, in the service's zone."""

    days: frozenset[str]
    opens: time
    closes: time


def open_spans(schedule: Sequence[Opening], zone: str, now: datetime, ahead: int = AHEAD_DAYS) -> Iterator[Span]:
    """Give the stretches in which a schedule is open that have not ended, over the next `ahead` days."""
    for line in schedule:
        weekdays = {DAYS.index(day) + 1 for day in line.days}
        yield from recurring(weekdays, line.opens, line.closes, zone, now, ahead)
