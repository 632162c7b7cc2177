"""Locks that hold for every process."""

from datetime import datetime

import sqlalchemy as sa

from helpline.store.engine import Tx
from helpline.store.schema import lock as lock_table
from helpline.store.sql import insert_if_new


def put_on(tx: Tx, name: str, by: str) -> bool:
    """Turn a named lock on. Return False if it was on already."""
    return insert_if_new(tx, lock_table, {"name": name, "since": tx.now, "by": by})


def lock_since(tx: Tx, name: str) -> tuple[datetime, str] | None:
    """Return when a named lock was turned on, and who did it; None if it is off."""
    row = tx.execute(sa.select(lock_table.c.since, lock_table.c.by).where(lock_table.c.name == name)).first()
    return (row.since, row.by) if row else None


def is_on(tx: Tx, name: str) -> bool:
    """Whether a named lock is on. It does not read who turned it on: the public process may not know that."""
    return tx.execute(sa.select(lock_table.c.name).where(lock_table.c.name == name)).first() is not None


def take_off(tx: Tx, name: str) -> bool:
    """Turn a named lock off. Return False if it was not on."""
    return tx.execute(sa.delete(lock_table).where(lock_table.c.name == name)).rowcount == 1
