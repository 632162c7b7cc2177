"""How the database orders thousands by their hours, though it knows no zones: it is told of the hours there are.

Thousands of people have few kinds of hours. These are read first, their windows are worked out purely, and the
statement that orders a list has a branch for each. A place in a list is one number: a part, and in it an instant.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from helpline.contact import NOW, NOW_LASTS
from helpline.micros import micros
from helpline.store.schema import raw, request
from helpline.windows import Kind

Number = sa.ColumnElement[int]
Condition = sa.ColumnElement[bool]
Numbers = dict[str, int]
Told = Callable[[str], Number]
"""Gives, by its name, a number that the database is told of a kind of hours."""
A_PART = 1 << 58
"""More than any instant."""
AT_ONCE = 4
"""So many more kinds of hours make another statement: each is put together once, and both engines know it again."""
NOBODYS = Kind("", "", "", 0)

_r = request.c
_since = sa.case((_r.window == NOW, raw(_r.since)), else_=0)
_lasting = raw(_r.since) > sa.bindparam("lasting", type_=sa.BigInteger)
now_is = sa.bindparam("now", type_=sa.BigInteger)


def number(value: int) -> Number:
    """Give a number that both engines take for one of 64 bits."""
    return sa.literal(value, sa.BigInteger)


def place(part: int, at: Number) -> Number:
    """Give the place of an instant in a part."""
    return number(part * A_PART) + at


class earliest(GenericFunction[int]):  # noqa: N801  # a function of SQL, and written as one
    """The least of some numbers: each engine has its own name for it."""

    inherit_cache = True


@compiles(earliest)
def _least(element: earliest, compiler: Any, **rest: Any) -> str:
    name = "min" if compiler.dialect.name == "sqlite" else "least"
    return f"{name}({compiler.process(element.clauses, **rest)})"


def kinds(found: sa.FromClause, *where: Condition) -> sa.Select[Any]:
    """Give the statement that finds the kinds of hours among requests; of `now` those that are not over."""
    of_kind = sa.select(_r.window, _r.days, _r.zone, _since).distinct().select_from(found)
    return of_kind.where(*where, sa.or_(_r.window != NOW, _lasting))


@dataclass(frozen=True, slots=True)
class Known:
    """What the statements of a list are told: the moment at which it is looked at, and of as many kinds of hours."""

    branches: int
    values: dict[str, Any]


def known(
    tx: Connection, of_kinds: sa.Select[Any], now: datetime, tell: Callable[[Kind, datetime], Numbers], **values: Any
) -> Known:
    """Read the kinds of hours of a list. `tell`: what its order depends on of one, by name."""
    told: dict[str, Any] = {"now": micros(now), "lasting": micros(now - NOW_LASTS), **values}
    found = [Kind._make(row) for row in tx.execute(of_kinds, told)]
    found += [NOBODYS] * (-len(found) % AT_ONCE if found else AT_ONCE)
    for at, kind in enumerate(found):
        told |= {f"{name}{at}": value for name, value in (kind._asdict() | tell(kind, now)).items()}
    return Known(len(found), told)


def by_hours(branches: int, stands: Callable[[Told], tuple[Condition, Number]], never: Number) -> Number:
    """Give the place of a request by its hours: what `stands` gives for their kind, on a condition; else `never`."""
    return sa.case(*[_branch(at, stands) for at in range(branches)], else_=never)


def _branch(at: int, stands: Callable[[Told], tuple[Condition, Number]]) -> tuple[Condition, Number]:
    def told(name: str) -> Number:
        return sa.bindparam(f"{name}{at}", type_=sa.BigInteger)

    of_kind = [column == sa.bindparam(f"{column.name}{at}") for column in (_r.window, _r.days, _r.zone)]
    condition, place = stands(told)
    return sa.and_(*of_kind, _since == told("since"), condition), place
