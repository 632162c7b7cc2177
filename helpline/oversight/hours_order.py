"""The hours that many people have in common, at one moment: worked out once for all of them. Pure.

How the database orders thousands by their hours, though it knows no zones: it is told of the hours there are.

Thousands of people have few kinds of hours. Their windows are worked out purely, and the statement that makes a list
joins them as a table. A place in a list is one number: a part, and in it an instant.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from helpline.core.call_windows import NOW, NOW_LASTS, Hours, usable_windows
from helpline.core.clock import EPOCH, FAR, instant, micros
from helpline.store.engine import Tx
from helpline.store.schema import raw, request
from helpline.store.sql import elements, item


class Kind(NamedTuple):
    """Hours as `call_windows.Hours` has them, whenever consent ends; `since` (microseconds) is 0 unless they are
    `now`.
    """

    window: str
    days: str
    zone: str
    since: int

    @property
    def text(self) -> str:
        """All that tells it from another, in one."""
        return f"{NOW} {self.since}" if self.window == NOW else f"{self.window} {self.days} {self.zone}"


class Window(NamedTuple):
    """From when to when, in microseconds."""

    start: int
    end: int


NEVER = Window(FAR, FAR)


STEP = timedelta(minutes=5)
"""Windows end on full hours, and zones are quarters of hours apart: what comes changes on full five minutes only."""


def ahead(kind: Kind, now: datetime) -> tuple[Window, Window]:
    """Give the window that is open or comes next (`usable_windows`), and what comes next where it is used."""
    return _ahead(kind, now) if kind.window == NOW else _of_step(kind, now - (now - EPOCH) % STEP)


def _ahead(kind: Kind, now: datetime) -> tuple[Window, Window]:
    hours = Hours(kind.window, kind.days, kind.zone, instant(kind.since), instant(FAR))
    there = (Window(micros(span.start), micros(span.end)) for span in usable_windows(hours, now))
    return next(there, NEVER), next(there, NEVER)


_of_step = lru_cache(maxsize=4_096)(_ahead)
"""Not those of `now`: each begins at a moment of its own."""


Integer = sa.ColumnElement[int]
Condition = sa.ColumnElement[bool]
Integers = tuple[int, ...]
A_PART = 1 << 58
"""More than any instant."""
ONCE = "MATERIALIZED"
"""Without it PostgreSQL reads the JSON again for each request, and SQLite puts all in their places twice."""
MOST_KINDS = 1_000
"""So many kinds are remembered: a country has some hundred."""
TRIES = 5
"""More than requests of a new kind come in between two statements, again and again."""

_r = request.c
_since = sa.case((_r.window == NOW, raw(_r.since)), else_=0)
_lasting = sa.or_(_r.window != NOW, raw(_r.since) > sa.bindparam("lasting", type_=sa.BigInteger))
_kind = sa.case(
    (_r.window == NOW, NOW + " " + sa.cast(raw(_r.since), sa.String)),
    else_=_r.window + " " + _r.days + " " + _r.zone,
)
"""`Kind.text`: one column, not four. SQLite makes an index for a join by what has no type of its own, and no other."""
now_is = sa.bindparam("now", type_=sa.BigInteger)


def integer(value: int) -> Integer:
    """Give a number that both engines take for one of 64 bits."""
    return sa.literal(value, sa.BigInteger)


def place(part: int, at: Integer) -> Integer:
    """Give the place of an instant in a part."""
    return integer(part * A_PART) + at


class Listed(NamedTuple):
    """Some lines of a list, each an id and its place, and how many lines stand in each part of all of it."""

    lines: list[tuple[str, int]]
    counts: Counter[int]


@dataclass(slots=True, eq=False)
class Kinds:
    """The kinds of hours that lists have met. A list is told of these, and looks for kinds only where one is new.

    A hint that a process keeps, and its threads share: a list is right whatever it holds.
    """

    met: frozenset[Kind] = frozenset()

    def meet(self, found: frozenset[Kind], lasting: int) -> None:
        """Remember these, and those before unless they are too many; of `now` what began after `lasting`."""
        before = self.met if len(self.met) < MOST_KINDS else frozenset()
        self.met = found | {kind for kind in before if not kind.since or kind.since > lasting}


def kinds(found: sa.FromClause, *where: Condition) -> sa.Select[Any]:
    """Give the statement that finds the kinds of hours among requests; of `now` those that are not over."""
    of_kind = sa.select(_r.window, _r.days, _r.zone, _since).distinct().select_from(found)
    return of_kind.where(*where, _lasting)


def table(names: Sequence[str]) -> sa.CTE:
    """Give the table of the kinds of hours that a statement is told of, with the numbers of each by these names."""
    told = elements(sa.bindparam("hours", type_=sa.String)).table_valued("value").c.value
    kind, *numbers = (item(told, sa.literal_column(str(at))) for at in range(1 + len(names)))
    columns = (sa.cast(each, sa.BigInteger).label(name) for name, each in zip(names, numbers, strict=True))
    return sa.select(kind.label("kind"), *columns).cte("hours").prefix_with(ONCE)


def with_hours(found: sa.FromClause, hours: sa.CTE, *of: Condition) -> sa.Join:
    """Join requests `of` which all this is true with what is told of their hours; `now` that is over has nothing."""
    return found.outerjoin(hours, (sa.case((sa.and_(*of), _kind)) if of else _kind) == hours.c.kind)


def is_new(hours: sa.CTE) -> Condition:
    """Tell whether the statement was not told of the hours of a request: it has no place, and one asks again."""
    return sa.and_(hours.c.kind.is_(None), _lasting)


def listing(
    id: sa.ColumnElement[str], at: Integer, found: sa.FromClause, *where: Condition, part: int
) -> sa.Select[Any]:
    """Give the statement of a list: `many` lines in their order `after` the first ones, then the counts of the parts.

    So that thousands are gone through once, also for a page past the end.
    """
    all = sa.select(id.label("id"), at.label("at")).select_from(found).where(*where).cte("placed").prefix_with(ONCE)
    order, of_part = (all.c.at, all.c.id), (all.c.at // integer(part)).label("part")
    lines = sa.select(all.c.id, all.c.at, integer(0).label("lines")).order_by(*order)
    some = lines.limit(sa.bindparam("many")).offset(sa.bindparam("after")).subquery()
    counts = sa.select(sa.null(), of_part, sa.func.count()).group_by(of_part)
    both = sa.union_all(sa.select(some), counts).subquery()
    return sa.select(both).order_by(both.c.at, both.c.id)


def ask(
    tx: Tx, asked: sa.Select[Any], of_kinds: sa.Select[Any], kinds: Kinds,
    tell: Callable[[Kind, datetime], Integers], **values: Any,
) -> Sequence[sa.Row[Any]]:  # fmt: skip
    """Ask where requests stand (`at`); where one has hours that are new, read the kinds that there are and ask again.

    `tell` gives the numbers of a kind at a moment, in the order of the names given to `table`. Raises `LookupError`
    where it stays so: then the text of a kind is not what the statement makes of it.
    """
    told = {"now": micros(tx.now), "lasting": micros(tx.now - NOW_LASTS), **values}
    for _ in range(TRIES):
        numbers = {kind.text: tell(kind, tx.now) for kind in kinds.met}
        hours = json.dumps([[text, *each] for text, each in numbers.items()])
        rows = tx.execute(asked, told | {"hours": hours}).all()
        if all(row.at is not None for row in rows):
            return rows
        kinds.meet(frozenset(Kind._make(row) for row in tx.execute(of_kinds, told)), told["lasting"])
    raise LookupError("hours that are of no kind")


def listed(rows: Sequence[sa.Row[Any]]) -> Listed:
    """Read the rows of a list."""
    lines = [(row.id, row.at) for row in rows if row.id]
    return Listed(lines, Counter({row.at: row.lines for row in rows if not row.id}))
