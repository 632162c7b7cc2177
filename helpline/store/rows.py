"""Small things that every table needs: ids, inserts that may meet a row already there."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def new_id() -> str:
    """Make an id that tells nothing: 32 random hex digits."""
    return uuid.uuid4().hex


def day_of(at: datetime) -> datetime:
    """Give the beginning of a day, UTC."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def insert_if_new(tx: Connection, table: sa.Table, values: dict[str, Any]) -> bool:
    """Insert a row; false where one of its unique keys was there already. Nothing else is changed."""
    make = sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert
    key = next(iter(table.primary_key))  # `rowcount` of an insert is not told by every driver; what it returns is
    return tx.execute(make(table).on_conflict_do_nothing().returning(key), values).first() is not None
