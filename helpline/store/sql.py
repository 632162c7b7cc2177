"""Small parts of SQL that all tables need: ids, inserts that may meet an existing row, functions of both engines.

A statement that runs with each step of a worker is built once, as a constant or behind `cache`. Building a statement
and finding it among the compiled ones takes three times as long as running it.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from helpline.store.engine import Tx

INSERT: Mapping[str, Callable[[sa.Table], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
"""By dialect: the insert that may meet an existing row."""


def new_id() -> str:
    """Return an id that reveals nothing: 32 random hex digits."""
    return uuid.uuid4().hex


def day_of(at: datetime) -> datetime:
    """Return the beginning of a day, UTC."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def insert_if_new(tx: Tx, table: sa.Table, values: dict[str, Any]) -> bool:
    """Insert a row. Return False if one of its unique keys exists already; then nothing is changed."""
    return tx.execute(_if_new(tx.dialect.name, table), values).first() is not None


@cache
def _if_new(dialect: str, table: sa.Table) -> sa.Executable:
    key = next(iter(table.primary_key))  # not every driver gives the `rowcount` of an insert
    return INSERT[dialect](table).on_conflict_do_nothing().returning(key)


class earliest(GenericFunction[int]):  # noqa: N801  # a function of SQL, so in small letters
    """The least of some numbers. Each engine has its own name for it."""

    inherit_cache = True


@compiles(earliest)
def _least(element: earliest, compiler: Any, **rest: Any) -> str:
    name = "min" if compiler.dialect.name == "sqlite" else "least"
    return f"{name}({compiler.process(element.clauses, **rest)})"


class elements(GenericFunction[Any]):  # noqa: N801  # as above
    """The elements of a JSON array, in a column `value`. So thousands of numbers are one parameter."""

    inherit_cache = True


@compiles(elements)
def _elements(element: elements, compiler: Any, **rest: Any) -> str:
    array = compiler.process(element.clauses, **rest)
    return f"json_each({array})" if compiler.dialect.name == "sqlite" else f"jsonb_array_elements(({array})::jsonb)"


class item(GenericFunction[Any]):  # noqa: N801  # as above
    """An item of a JSON array, counted from 0. (`->>` is newer than some SQLite versions in use.)"""

    inherit_cache = True


@compiles(item)
def _item(element: item, compiler: Any, **rest: Any) -> str:
    array, at = (compiler.process(each, **rest) for each in element.clauses)
    return f"json_extract({array}, '$[{at}]')" if compiler.dialect.name == "sqlite" else f"({array} ->> {at})"
