"""Locks that hold for every process."""

from datetime import datetime

import sqlalchemy as sa

from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import lock as lock_table
from helpline.store.sql import insert_if_new

RAID = "raid"
"""The lock that keeps numbers from leaving (`raid_lock`)."""
SINCE = Fixed(sa.select(lock_table.c.since, lock_table.c.by).where(lock_table.c.name == sa.bindparam("of_name")))


def put_on(tx: Tx, name: str, by: str, until: datetime | None = None) -> bool:
    """Turn a named lock on. Return False if it was on already. `until` is when somebody must take it off."""
    return insert_if_new(tx, lock_table, {"name": name, "since": tx.now, "by": by, "until": until})


def until(tx: Tx, name: str) -> datetime | None:
    """Return when a named lock ends; None if it is off or has no end."""
    return tx.execute(sa.select(lock_table.c.until).where(lock_table.c.name == name)).scalar()


def keep(tx: Tx, name: str) -> bool:
    """Take the end of a named lock away. Return False if it has none."""
    ends = sa.and_(lock_table.c.name == name, lock_table.c.until.is_not(None))
    return tx.execute(sa.update(lock_table).where(ends).values(until=None)).rowcount == 1


def lock_since(tx: Tx, name: str) -> tuple[datetime, str] | None:
    """Return when a named lock was turned on, and who did it; None if it is off."""
    row = tx.execute(SINCE, {"of_name": name}).first()
    return (row.since, row.by) if row else None


def is_raid_on(tx: Tx) -> bool:
    """Whether the raid lock is on. It does not read who turned it on: the public process may not know that."""
    return tx.execute(sa.select(lock_table.c.name).where(lock_table.c.name == RAID)).first() is not None


def take_off(tx: Tx, name: str) -> bool:
    """Turn a named lock off. Return False if it was not on."""
    return tx.execute(sa.delete(lock_table).where(lock_table.c.name == name)).rowcount == 1
