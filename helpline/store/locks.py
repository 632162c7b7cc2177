"""Locks that hold for every process."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store.rows import insert_if_new
from helpline.store.schema import lock


def put(tx: Connection, name: str, by: str, now: datetime) -> bool:
    """Put a lock on; false where it was on already."""
    return insert_if_new(tx, lock, {"name": name, "since": now, "by": by})


def since(tx: Connection, name: str) -> tuple[datetime, str] | None:
    """Give since when a lock is on and who put it on; None where it is not."""
    row = tx.execute(sa.select(lock.c.since, lock.c.by).where(lock.c.name == name)).first()
    return (row.since, row.by) if row else None


def is_on(tx: Connection, name: str) -> bool:
    """Tell whether a lock is on, without asking who put it there: the public process may know no more."""
    return tx.execute(sa.select(lock.c.name).where(lock.c.name == name)).first() is not None


def take_off(tx: Connection, name: str) -> bool:
    """Take a lock off; false where it was not on."""
    return tx.execute(sa.delete(lock).where(lock.c.name == name)).rowcount == 1
