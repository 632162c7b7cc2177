"""Calculate the figures of a month that may be published, and combine months to longer periods (R36). Pure.

A month is counted once, when it is over, and stored as it may be published. Pages, files and `komek stats` show only
that. A quarter is its months side by side and their sums, so it never says more than the months. A month has counts
with one dimension, with small counts merged. Services and their answers are counts of offers, not of people; they also
have a table with a hidden rectangle (`helpline.oversight.small_numbers`).

Durations are rounded up to steps, because an exact duration could belong to one person.

Days are a dimension like any other. If a month has few requests, its weeks are counted instead, never both: a week
minus its shown days would show the hidden ones. The choice depends only on the total, which is published.
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
"""When a request was made: the day of the month (UTC, like the month), or its week as first and last day."""
DAYS_FROM = 300
"""With fewer requests in a month (ten a day), weeks are counted instead of days."""
HARM, NO_SERVICE = ("harm", "service"), "(none)"
SCREEN = "screen"
"""The screen on which a caller hung up without a request."""
SPANS = ("offer", "claim", "reach")
"""Durations from the request: to the first offer, to the first claim, and until the caller was reached."""
STEPS_MINUTES = (5, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 4320, 5760, 10080, 20160, 43200)
"""Durations are rounded up to these. The last one includes all longer durations."""
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


NOTHING = Figures(None, "", {}, {})
"""Stands for figures that did not exist yet when a month was stored."""


@dataclass(frozen=True, slots=True)
class Durations:
    """Minutes within which half (`median`) and nine of ten (`p90`) were done, rounded up to a step."""

    median: int
    p90: int


@dataclass(frozen=True, slots=True)
class Month:
    """All figures of a month that may be published."""

    name: str
    """Like `2026-11`."""
    people: Figures
    """Requests, by each of `NAMES` and by day or week."""
    durations: Mapping[str, Durations | None]
    """For each of `SPANS`."""
    asked: Figures
    """Offers, by `service`, by `answer` and by both."""
    left: Figures
    """Calls without a request, by the `screen` on which they ended.

    No call is also in `people`, so neither says anything about the other.
    """
    harm: Figures
    """Harm that was reported in the month, by `harm` and by `service` (R46)."""


def count(
    name: str,
    people: Sequence[Person],
    spans: Mapping[str, Sequence[timedelta]],
    asked: Sequence[Person],
    left: Sequence[Person] = (),
    harm: Sequence[Person] = (),
) -> Month:
    """Count a month: requests, durations, answers of services, calls without a request, harm."""
    durations = {span: durations_of(spans.get(span, ())) for span in SPANS}
    dated = people if len(people) >= DAYS_FROM else [{**each, DAY: week_of(name, each[DAY])} for each in people]
    return Month(
        name,
        publish(dated, (DAY, *NAMES), ""),
        durations,
        publish(asked, ("service", "answer"), "service"),
        publish(left, (SCREEN,), ""),
        publish(harm, HARM, ""),
    )


def week_of(name: str, day: str) -> str:
    """Return the week of a day of a month, like `08-14`. The last week has seven to ten days."""
    last_day = (span_of(name)[1] - timedelta(days=1)).day
    first = min((int(day) - 1) // 7, 3) * 7 + 1
    return f"{first:02}-{last_day if first > 21 else first + 6:02}"


def days_of(month: Month) -> list[str]:
    """Return the days or weeks of a month, as it was counted, including those whose count is hidden."""
    start, end = span_of(month.name)
    days = [f"{each + 1:02}" for each in range((end - start).days)]
    if month.people.total is None or month.people.total >= DAYS_FROM:
        return days
    return sorted({week_of(month.name, each) for each in days})


def durations_of(spans: Sequence[timedelta]) -> Durations | None:
    """Return the median and the ninth decile by nearest rank, or None for fewer than five spans."""
    if len(spans) < SMALLEST:
        return None
    ordered = sorted(spans)
    ranks = (-(-len(ordered) * share // 100) - 1 for share in (50, 90))
    return Durations(*(_step(ordered[rank]) for rank in ranks))


def _step(span: timedelta) -> int:
    return next((step for step in STEPS_MINUTES if span <= timedelta(minutes=step)), STEPS_MINUTES[-1])


def combine(months: Iterable[Month]) -> Figures:
    """Combine months: totals by month, sums of the shown counts, and tables by month.

    A count that a month hides is None. It is part of that month's `OTHER` and of the total only.
    """
    shown = [month for month in months if month.people.total is not None]
    if not shown:
        return Figures(None, "month", {}, {})
    totals = {month.name: month.people.total or 0 for month in shown}
    sums = {name: Counter[str]() for name in NAMES}
    for month in shown:
        for name in NAMES:
            sums[name].update(month.people.by[name])
    by = {"month": totals, **{name: dict(sorted(sums[name].items())) for name in NAMES}}
    tables = {name: _by_month(shown, name, tuple(by[name])) for name in NAMES}
    return Figures(sum(totals.values()), "month", by, tables)


def _by_month(months: Sequence[Month], name: str, kinds: tuple[str, ...]) -> Table:
    def cell(counts: Mapping[str, int], kind: str) -> int | None:
        return counts.get(kind, 0 if OTHER not in counts else None)

    cells = {(month.name, kind): cell(month.people.by[name], kind) for month in months for kind in kinds}
    return Table(tuple(month.name for month in months), kinds, cells)


def span_of(name: str) -> tuple[datetime, datetime]:
    """Return the first instant of a month and of the next one, UTC. Raise `ValueError` if `name` is no month."""
    if not MONTH.fullmatch(name):
        raise ValueError("a month is written like 2026-11")
    start = datetime(int(name[:4]), int(name[5:]), 1, tzinfo=UTC)
    return start, start + timedelta(days=calendar.monthrange(start.year, start.month)[1])


def months_between(start: datetime, end: datetime) -> list[str]:
    """Return the months from `start` to before `end`."""
    first, last = start.year * 12 + start.month - 1, (end - timedelta(microseconds=1))
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(first, last.year * 12 + last.month)]


def last_months(now: datetime, how_many: int) -> list[str]:
    """Return the last months that are over, latest first."""
    this = now.year * 12 + now.month - 1
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(this - 1, this - 1 - how_many, -1)]


def running(now: datetime) -> str:
    """Return the month that is not over."""
    return f"{now.year:04}-{now.month:02}"


def to_json(month: Month) -> dict[str, Any]:
    """Return a month as it is stored, in JSON."""
    durations = {span: asdict(each) if each else None for span, each in month.durations.items()}
    return {
        "people": _figures_to_json(month.people),
        "took": durations,
        "asked": _figures_to_json(month.asked),
        "left": _figures_to_json(month.left),
        "harm": _figures_to_json(month.harm),
    }


def from_json(name: str, data: Mapping[str, Any]) -> Month:
    """Return a month from its stored JSON."""
    durations = {span: Durations(**each) if each else None for span, each in data["took"].items()}
    left, harm = (_figures_from_json(data[each]) if each in data else NOTHING for each in ("left", "harm"))
    people, asked = _figures_from_json(data["people"]), _figures_from_json(data["asked"])
    return Month(name, people, durations, asked, left, harm)


def _figures_to_json(figures: Figures) -> dict[str, Any]:
    tables = {
        name: {"rows": table.rows, "columns": table.columns, "cells": [[*at, n] for at, n in table.cells.items()]}
        for name, table in figures.tables.items()
    }
    return {"total": figures.total, "across": figures.across, "by": figures.by, "tables": tables}


def _figures_from_json(data: Mapping[str, Any]) -> Figures:
    tables = {
        name: Table(tuple(each["rows"]), tuple(each["columns"]), {(row, column): n for row, column, n in each["cells"]})
        for name, each in data["tables"].items()
    }
    return Figures(data["total"], data["across"], data["by"], tables)
