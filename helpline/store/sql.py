"""Small things that every table needs: ids, inserts that may meet a row already there.

What runs with each step of a worker is built once, as a constant or behind `cache`: to build a statement and find it
among those that were compiled before takes three times as long as to carry it out.

Functions of SQL for which each engine has words of its own.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

INSERT: Mapping[str, Callable[[sa.Table], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
"""How to begin an insert that may meet a row already there, by dialect."""


def new_id() -> str:
    """Make an id that tells nothing: 32 random hex digits."""
    return uuid.uuid4().hex


def day_of(at: datetime) -> datetime:
    """Give the beginning of a day, UTC."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def insert_if_new(tx: Connection, table: sa.Table, values: dict[str, Any]) -> bool:
    """Insert a row; false where one of its unique keys was there already. Nothing else is changed."""
    return tx.execute(_if_new(tx.dialect.name, table), values).first() is not None


@cache
def _if_new(dialect: str, table: sa.Table) -> sa.Executable:
    key = next(iter(table.primary_key))  # `rowcount` of an insert is not told by every driver; what it returns is
    return INSERT[dialect](table).on_conflict_do_nothing().returning(key)


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
