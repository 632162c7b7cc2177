"""Blocks of *call me* (R49): a slow, salted hash of a number, for some days, with who and why."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store.rows import new_id
from helpline.store.schema import block


@dataclass(frozen=True, slots=True)
class Mark:
    """What a number is compared with. `salt` and `mac` are bytes that show in no log."""

    id: str
    salt: bytes
    mac: bytes


@dataclass(frozen=True, slots=True)
class Block:
    """A block as people see it: no number, and nothing to find one by."""

    id: str
    at: datetime
    until: datetime
    by: str
    reason: str


def marks(tx: Connection, now: datetime) -> list[Mark]:
    """Give what numbers are compared with now. The public process may read these columns and no others."""
    rows = sa.select(block.c.id, block.c.salt, block.c.mac).where(block.c.until > now).order_by(block.c.id)
    return [Mark(row.id, row.salt, row.mac) for row in tx.execute(rows)]


def add(tx: Connection, salt: bytes, mac: bytes, until: datetime, reason: str, by: str, now: datetime) -> str:
    """Write a block down; give its id."""
    id = new_id()
    tx.execute(sa.insert(block).values(id=id, salt=salt, mac=mac, until=until, reason=reason, by=by, at=now))
    return id


def active(tx: Connection, now: datetime) -> list[Block]:
    """Give the blocks that hold, the oldest first."""
    rows = tx.execute(sa.select(block).where(block.c.until > now).order_by(block.c.at, block.c.id))
    return [Block(row.id, row.at, row.until, row.by, row.reason) for row in rows]


def lift(tx: Connection, id: str) -> bool:
    """Delete a block, its hash with it; false where there is none."""
    return tx.execute(sa.delete(block).where(block.c.id == id)).rowcount == 1


def sweep(tx: Connection, now: datetime) -> int:
    """Delete the blocks that have ended; give how many."""
    return tx.execute(sa.delete(block).where(block.c.until <= now)).rowcount
