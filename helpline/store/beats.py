"""Signs of life of the processes."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store.rows import insert_if_new
from helpline.store.schema import beat

BACKUP = "backup"
"""What a copy leaves behind where it may write: its age is watched as a process's is."""


def beats(tx: Connection, name: str, now: datetime) -> None:
    """Note that a process is alive."""
    if tx.execute(sa.update(beat).where(beat.c.name == name).values(at=now)).rowcount == 0:
        insert_if_new(tx, beat, {"name": name, "at": now})


def last(tx: Connection, name: str) -> datetime | None:
    """Give when a process last showed life."""
    return tx.execute(sa.select(beat.c.at).where(beat.c.name == name)).scalar()
