"""Locks that hold for every process, and the assents of people where it takes two."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store.rows import insert_if_new
from helpline.store.schema import assent, lock

ASSENT_LASTS = timedelta(hours=24)
"""The second of two people must agree within this."""
ENOUGH = 2


def put(tx: Connection, name: str, by: str, now: datetime) -> bool:
    """Put a lock on; false where it was on already."""
    return insert_if_new(tx, lock, {"name": name, "since": now, "by": by})


def since(tx: Connection, name: str) -> tuple[datetime, str] | None:
    """Give since when a lock is on and who put it on; None where it is not."""
    row = tx.execute(sa.select(lock.c.since, lock.c.by).where(lock.c.name == name)).first()
    return (row.since, row.by) if row else None


def take_off(tx: Connection, name: str) -> bool:
    """Take a lock off; false where it was not on."""
    return tx.execute(sa.delete(lock).where(lock.c.name == name)).rowcount == 1


def agree(tx: Connection, what: str, ref: str, by: str, now: datetime) -> bool:
    """Note that somebody agrees to `what`; true where two different people have within a day."""
    about = sa.and_(assent.c.what == what, assent.c.ref == ref)
    tx.execute(sa.delete(assent).where(about, sa.or_(assent.c.at <= now - ASSENT_LASTS, assent.c.by == by)))
    tx.execute(sa.insert(assent).values(what=what, ref=ref, by=by, at=now))
    return tx.execute(sa.select(sa.func.count()).select_from(assent).where(about)).scalar_one() >= ENOUGH


def forget_assents(tx: Connection, what: str, ref: str) -> None:
    """Drop what was agreed to, once it is done or has begun anew."""
    tx.execute(sa.delete(assent).where(assent.c.what == what, assent.c.ref == ref))


def sweep(tx: Connection, now: datetime) -> int:
    """Drop assents that nobody joined in time; give how many."""
    return tx.execute(sa.delete(assent).where(assent.c.at <= now - ASSENT_LASTS)).rowcount
