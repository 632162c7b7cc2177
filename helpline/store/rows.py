"""Small things that every table needs: ids, inserts that may meet a row already there.

What runs with each step of a worker is built once, as a constant or behind `cache`: to build a statement and find it
among those that were compiled before takes three times as long as to carry it out.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

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
