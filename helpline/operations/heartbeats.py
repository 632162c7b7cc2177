"""Signs of life of the processes, and the time of the last backup."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from helpline.store.engine import Tx
from helpline.store.schema import beat
from helpline.store.sql import insert_if_new

SURE = "sure"
"""The name of the last time at which the clock process was alive and its time beyond doubt."""
SILENT = timedelta(seconds=30)
"""A process gives a sign of life every few seconds. After so long without one it counts as dead."""


def record_heartbeat(tx: Tx, name: str) -> datetime | None:
    """Store that a process is alive now. Return its sign of life before, if there is one."""
    before = last_heartbeat(tx, name)
    if tx.execute(sa.update(beat).where(beat.c.name == name).values(at=tx.now)).rowcount == 0:
        insert_if_new(tx, beat, {"name": name, "at": tx.now})
    return before


def last_heartbeat(tx: Tx, name: str) -> datetime | None:
    """Return the time of a process's last heartbeat, or None."""
    return tx.execute(sa.select(beat.c.at).where(beat.c.name == name)).scalar()


def is_alive(last: datetime | None, now: datetime) -> bool:
    """Whether a process whose last heartbeat was then is alive. Its clock may be a little ahead."""
    return last is not None and abs(now - last) < SILENT
