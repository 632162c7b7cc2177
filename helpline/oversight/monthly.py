"""The figures of a month, which may be published, and what longer times are put together of (R36). Pure.

A month is counted once, when it is over, and kept as it may be published. Pages, files and `komek stats` show nothing
else, and a quarter is nothing but its months side by side and their sums. So no two of them hold more than the months
do, and a month holds counts by one thing only, whose small kinds are together. Services and how they answered are
counts of offers, not of people; by both there is a table with its hidden rectangle
(`helpline.oversight.small_numbers`).

How long something took is told in steps, never to the minute: a time by itself is somebody's time.

Days are counts by one thing like any other. Where a month has few requests its weeks stand for its days; never both,
since a week less its days is what the days hide. Which of the two hangs on nothing but the sum, which is shown.
"""

import calendar
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from helpline.oversight.small_numbers import OTHER, SMALLEST, Figures, Person, Table, publish

NAMES = ("need", "region", "language", "channel", "age", "about", "outcome")
DAY = "day"
"""When somebody asked: the day of the month, UTC as the month is; or its week, by its first and last day."""
DAYS_FROM = 300
"""With fewer requests a month, ten a day, weeks are counted."""
HARM, NO_SERVICE = ("harm", "service"), "(none)"
SCREEN = "screen"
"""Where a call was left: on a screen of the menus."""
SPANS = ("offer", "claim", "reach")
"""How long it took: from asking to the first offer, to the first claim, until somebody was reached."""
STEPS_MINUTES = (5, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 4320, 5760, 10080, 20160, 43200)
"""What a time is rounded up to; the last stands for all that is longer."""
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


NOTHING = Figures(None, "", {}, {})
"""What was not counted yet when a month was kept."""


@dataclass(frozen=True, slots=True)
class Took:
    """Half of them took at most `median` minutes, nine of ten at most `p90`; both rounded up to a step."""

    median: int
    p90: int


@dataclass(frozen=True, slots=True)
class Month:
    """All that may be known of a month. `asked`: offers by `service`, by `answer` and by both.

    `left`: the calls that asked for nothing, by the `screen` on which they were left. Nobody is in both, so that
    neither tells anything of the other. `harm`: what was reported in the month, by `harm` and by `service` (R46).
    """

    named: str
    people: Figures
    took: Mapping[str, Took | None]
    asked: Figures
    left: Figures
    harm: Figures


def count(
    named: str,
    people: Sequence[Person],
    spans: Mapping[str, Sequence[timedelta]],
    asked: Sequence[Person],
    left: Sequence[Person] = (),
    harm: Sequence[Person] = (),
) -> Month:
    """Count a month: who asked, how long it took, which service answered how, where calls were left."""
    took = {span: took_of(spans.get(span, ())) for span in SPANS}
    dated = people if len(people) >= DAYS_FROM else [{**each, DAY: week_of(named, each[DAY])} for each in people]
    return Month(
        named,
        publish(dated, (DAY, *NAMES), ""),
        took,
        publish(asked, ("service", "answer"), "service"),
        publish(left, (SCREEN,), ""),
        publish(harm, HARM, ""),
    )


def week_of(named: str, day: str) -> str:
    """Give the week of a day of a month, as `08-14`. The last has seven days or a few more."""
    last_day = (span_of(named)[1] - timedelta(days=1)).day
    first = min((int(day) - 1) // 7, 3) * 7 + 1
    return f"{first:02}-{last_day if first > 21 else first + 6:02}"


def days_of(month: Month) -> list[str]:
    """Give the days of a month, or its weeks, as they were counted: those too that show no count."""
    start, end = span_of(month.named)
    days = [f"{each + 1:02}" for each in range((end - start).days)]
    if month.people.total is None or month.people.total >= DAYS_FROM:
        return days
    return sorted({week_of(month.named, each) for each in days})


def took_of(spans: Sequence[timedelta]) -> Took | None:
    """Give median and ninth decile by the nearest rank, None for fewer than five."""
    if len(spans) < SMALLEST:
        return None
    ordered = sorted(spans)
    ranks = (-(-len(ordered) * share // 100) - 1 for share in (50, 90))
    return Took(*(_step(ordered[rank]) for rank in ranks))


def _step(span: timedelta) -> int:
    return next((step for step in STEPS_MINUTES if span <= timedelta(minutes=step)), STEPS_MINUTES[-1])


def together(months: Iterable[Month]) -> Figures:
    """Put months side by side: counts by month, sums of what each shows, and tables by month.

    A count that a month does not show is None, and in no sum but the whole: it is in that month's `OTHER`.
    """
    shown = [month for month in months if month.people.total is not None]
    if not shown:
        return Figures(None, "month", {}, {})
    totals = {month.named: month.people.total or 0 for month in shown}
    sums = {name: Counter[str]() for name in NAMES}
    for month in shown:
        for name in NAMES:
            sums[name].update(month.people.by[name])
    by = {"month": totals, **{name: dict(sorted(sums[name].items())) for name in NAMES}}
    tables = {name: _beside(shown, name, tuple(by[name])) for name in NAMES}
    return Figures(sum(totals.values()), "month", by, tables)


def _beside(months: Sequence[Month], name: str, kinds: tuple[str, ...]) -> Table:
    def cell(counts: Mapping[str, int], kind: str) -> int | None:
        return counts.get(kind, 0 if OTHER not in counts else None)

    cells = {(month.named, kind): cell(month.people.by[name], kind) for month in months for kind in kinds}
    return Table(tuple(month.named for month in months), kinds, cells)


def span_of(named: str) -> tuple[datetime, datetime]:
    """Give the first instant of a month and the first after it, UTC. Raises `ValueError` for what is no month."""
    if not MONTH.fullmatch(named):
        raise ValueError("a month is written 2026-11")
    start = datetime(int(named[:4]), int(named[5:]), 1, tzinfo=UTC)
    return start, start + timedelta(days=calendar.monthrange(start.year, start.month)[1])


def months_between(start: datetime, end: datetime) -> list[str]:
    """Give the months from one instant until before another."""
    first, last = start.year * 12 + start.month - 1, (end - timedelta(microseconds=1))
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(first, last.year * 12 + last.month)]


def last_months(now: datetime, how_many: int) -> list[str]:
    """Give the last months that are over, the latest first."""
    this = now.year * 12 + now.month - 1
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(this - 1, this - 1 - how_many, -1)]


def as_data(month: Month) -> dict[str, Any]:
    """Give a month as it is kept, in JSON."""
    took = {span: asdict(each) if each else None for span, each in month.took.items()}
    return {
        "people": _written(month.people),
        "took": took,
        "asked": _written(month.asked),
        "left": _written(month.left),
        "harm": _written(month.harm),
    }


def from_data(named: str, data: Mapping[str, Any]) -> Month:
    """Read a month that was kept."""
    took = {span: Took(**each) if each else None for span, each in data["took"].items()}
    left, harm = (_read(data[each]) if each in data else NOTHING for each in ("left", "harm"))
    return Month(named, _read(data["people"]), took, _read(data["asked"]), left, harm)


def _written(figures: Figures) -> dict[str, Any]:
    tables = {
        name: {"rows": table.rows, "columns": table.columns, "cells": [[*at, n] for at, n in table.cells.items()]}
        for name, table in figures.tables.items()
    }
    return {"total": figures.total, "across": figures.across, "by": figures.by, "tables": tables}


def _read(data: Mapping[str, Any]) -> Figures:
    tables = {
        name: Table(tuple(each["rows"]), tuple(each["columns"]), {(row, column): n for row, column, n in each["cells"]})
        for name, each in data["tables"].items()
    }
    return Figures(data["total"], data["across"], data["by"], tables)
