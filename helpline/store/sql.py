"""Small parts of SQL that all tables need: ids, and inserts that may meet an existing row.

A statement that runs with each hop or each step of a worker is built once, as a constant or behind `cache`, and is
`Fixed`. Building a statement and finding it among the compiled ones takes three times as long as running it.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from helpline.store.engine import Tx
from helpline.store.fixed import Fixed

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
def _if_new(dialect: str, table: sa.Table) -> Fixed:
    key = next(iter(table.primary_key))  # not every driver gives the `rowcount` of an insert
    return Fixed(INSERT[dialect](table).on_conflict_do_nothing().returning(key))
