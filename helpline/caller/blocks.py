"""Blocks of *call me* (R49): against people who misuse the service until nobody else gets through.

A block hides *call me* only. No key helps here: the public process checks blocks, and holds no lasting key. A keyed
hash of a number is as good as the number for anybody with the key. So each block has its own salt and a hash that is
slow on purpose (docs/decisions/0010-blocks.md). It is computed only if a call is asked for while a block is active.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from helpline.core.phone_numbers import Msisdn
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import block
from helpline.store.sql import new_id

COST, BLOCK_SIZE, PARALLEL = 1 << 14, 8, 2
"""scrypt's N, r, p: 16 MiB, twice over. Measured 55 ms on a core of 2026; 10^8 numbers then take two months of it."""
MEMORY_BYTES = 64 << 20
MOST = 20
"""Blocks at once. A caller who asks for a call is compared with each: a second in all."""
MARKS = Fixed(
    sa.select(block.c.id, block.c.salt, block.c.mac).where(block.c.until > sa.bindparam("now")).order_by(block.c.id)
)


@dataclass(frozen=True, slots=True)
class Mark:
    """The salted hash of a blocked number. Salt and hash are bytes, which never appear in a log."""

    id: str
    salt: bytes
    mac: bytes


@dataclass(frozen=True, slots=True)
class Block:
    """A block as people see it: no number, and nothing by which to find one."""

    id: str
    at: datetime
    until: datetime
    by: str
    reason: str


def slow_hash(number: Msisdn, salt: bytes) -> bytes:
    """Return the slow hash of a number with a salt, 32 bytes."""
    secret = number.reveal().encode()
    return hashlib.scrypt(secret, salt=salt, n=COST, r=BLOCK_SIZE, p=PARALLEL, maxmem=MEMORY_BYTES, dklen=32)


def holds(number: Msisdn, marks: Iterable[Mark]) -> bool:
    """Whether one of these blocks is for this number. The first match ends the search."""
    return any(hmac.compare_digest(slow_hash(number, mark.salt), mark.mac) for mark in marks)


def marks(tx: Tx) -> list[Mark]:
    """Return the marks of the active blocks. The public process may read these columns and no others."""
    return [Mark(row.id, row.salt, row.mac) for row in tx.execute(MARKS, {"now": tx.now})]


def insert(tx: Tx, salt: bytes, mac: bytes, until: datetime, reason: str, by: str) -> str:
    """Store a block. Return its id."""
    id = new_id()
    tx.execute(sa.insert(block).values(id=id, salt=salt, mac=mac, until=until, reason=reason, by=by, at=tx.now))
    return id


def active(tx: Tx) -> list[Block]:
    """Return the active blocks, oldest first."""
    rows = tx.execute(sa.select(block).where(block.c.until > tx.now).order_by(block.c.at, block.c.id))
    return [Block(row.id, row.at, row.until, row.by, row.reason) for row in rows]


def delete(tx: Tx, id: str) -> bool:
    """Delete a block with its hash. Return False if there is none."""
    return tx.execute(sa.delete(block).where(block.c.id == id)).rowcount == 1


def sweep(tx: Tx) -> int:
    """Delete the blocks that have ended. Return how many."""
    return tx.execute(sa.delete(block).where(block.c.until <= tx.now)).rowcount
