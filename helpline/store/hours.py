"""How the database orders thousands by their hours, though it knows no zones: it is told of the hours there are.

Thousands of people have few kinds of hours. These are read first, their windows are worked out purely, and the
statement that orders a list joins them as a table. A place in a list is one number: a part, and in it an instant.
"""

import json
from collections.abc import Callable, Sequence
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

Integer = sa.ColumnElement[int]
Condition = sa.ColumnElement[bool]
Integers = tuple[int, ...]
Known = dict[str, Any]
"""What the statements of a list are told: the moment at which it is looked at, and of the kinds of hours there are."""
A_PART = 1 << 58
"""More than any instant."""

_r = request.c
_since = sa.case((_r.window == NOW, raw(_r.since)), else_=0)
_lasting = raw(_r.since) > sa.bindparam("lasting", type_=sa.BigInteger)
_kind = _r.window + " " + _r.days + " " + _r.zone + " " + sa.cast(_since, sa.String)
"""One text, not four columns: SQLite makes an index for a join by what has no type of its own, and for no other."""
now_is = sa.bindparam("now", type_=sa.BigInteger)


def integer(value: int) -> Integer:
    """Give a number that both engines take for one of 64 bits."""
    return sa.literal(value, sa.BigInteger)


def place(part: int, at: Integer) -> Integer:
    """Give the place of an instant in a part."""
    return integer(part * A_PART) + at


class earliest(GenericFunction[int]):  # noqa: N801  # a function of SQL, and written as one
    """The least of some numbers: each engine has its own name for it."""

    inherit_cache = True


@compiles(earliest)
def _least(element: earliest, compiler: Any, **rest: Any) -> str:
    name = "min" if compiler.dialect.name == "sqlite" else "least"
    return f"{name}({compiler.process(element.clauses, **rest)})"


class elements(GenericFunction[Any]):  # noqa: N801  # as above
    """The elements of an array in JSON, in a column `value`: so thousands of numbers are one thing to be told."""

    inherit_cache = True


@compiles(elements)
def _elements(element: elements, compiler: Any, **rest: Any) -> str:
    array = compiler.process(element.clauses, **rest)
    return f"json_each({array})" if compiler.dialect.name == "sqlite" else f"jsonb_array_elements(({array})::jsonb)"


class item(GenericFunction[Any]):  # noqa: N801  # as above
    """An item of an array in JSON, counted from 0. (`->>` is younger than some SQLite that is still about.)"""

    inherit_cache = True


@compiles(item)
def _item(element: item, compiler: Any, **rest: Any) -> str:
    array, at = (compiler.process(each, **rest) for each in element.clauses)
    return f"json_extract({array}, '$[{at}]')" if compiler.dialect.name == "sqlite" else f"({array} ->> {at})"


def kinds(found: sa.FromClause, *where: Condition) -> sa.Select[Any]:
    """Give the statement that finds the kinds of hours among requests; of `now` those that are not over."""
    of_kind = sa.select(_r.window, _r.days, _r.zone, _since).distinct().select_from(found)
    return of_kind.where(*where, sa.or_(_r.window != NOW, _lasting))


def known(
    tx: Connection, of_kinds: sa.Select[Any], now: datetime, tell: Callable[[Kind, datetime], Integers], **values: Any
) -> Known:
    """Read the kinds of hours of a list. `tell` gives the numbers of one, in the order of the names given to `table`.

    On PostgreSQL a kind that comes between this and the list is not known to it: who has it stands as without an hour
    until the next look.
    """
    told: Known = {"now": micros(now), "lasting": micros(now - NOW_LASTS), **values}
    kinds = [Kind._make(row) for row in tx.execute(of_kinds, told)]
    return told | {"hours": json.dumps([[" ".join(map(str, kind)), *tell(kind, now)] for kind in kinds])}


def table(names: Sequence[str]) -> sa.CTE:
    """Give the table of the kinds of hours that a statement is told of, with the numbers of each by these names."""
    told = elements(sa.bindparam("hours", type_=sa.String)).table_valued("value").c.value
    kind, *numbers = (item(told, sa.literal_column(str(at))) for at in range(1 + len(names)))
    columns = (sa.cast(each, sa.BigInteger).label(name) for name, each in zip(names, numbers, strict=True))
    return sa.select(kind.label("kind"), *columns).cte("hours")


def with_hours(found: sa.FromClause, hours: sa.CTE) -> sa.Join:
    """Join requests with what is told of their hours; `now` that is over has nothing."""
    return found.outerjoin(hours, _kind == hours.c.kind)
