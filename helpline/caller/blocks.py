"""Blocks of *call me* (R49): for whoever plays with the service until nobody else gets through. Nothing but *call me*.

No key helps here. The public process, which has to ask, holds none that lasts, since a keyed hash of a number *is* the
number to whoever has the key. So each block has a salt of its own and a hash that is slow on purpose
(docs/decisions/0010-blocks.md): it is asked for only where somebody asks for a call while a block is on.

Blocks of *call me* (R49): a slow, salted hash of a number, for some days, with who and why.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from helpline.core.phone_numbers import Msisdn
from helpline.keys.sealing import Opening
from helpline.request import sealed_numbers
from helpline.store import audit_log
from helpline.store.engine import Tx
from helpline.store.schema import block
from helpline.store.sql import new_id


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


def marks(tx: Tx) -> list[Mark]:
    """Give what numbers are compared with now. The public process may read these columns and no others."""
    rows = sa.select(block.c.id, block.c.salt, block.c.mac).where(block.c.until > tx.now).order_by(block.c.id)
    return [Mark(row.id, row.salt, row.mac) for row in tx.execute(rows)]


def insert(tx: Tx, salt: bytes, mac: bytes, until: datetime, reason: str, by: str) -> str:
    """Write a block down; give its id."""
    id = new_id()
    tx.execute(sa.insert(block).values(id=id, salt=salt, mac=mac, until=until, reason=reason, by=by, at=tx.now))
    return id


def active(tx: Tx) -> list[Block]:
    """Give the blocks that hold, the oldest first."""
    rows = tx.execute(sa.select(block).where(block.c.until > tx.now).order_by(block.c.at, block.c.id))
    return [Block(row.id, row.at, row.until, row.by, row.reason) for row in rows]


def delete(tx: Tx, id: str) -> bool:
    """Delete a block, its hash with it; false where there is none."""
    return tx.execute(sa.delete(block).where(block.c.id == id)).rowcount == 1


def sweep(tx: Tx) -> int:
    """Delete the blocks that have ended; give how many."""
    return tx.execute(sa.delete(block).where(block.c.until <= tx.now)).rowcount


COST, SIZE, LANES = 1 << 14, 8, 2
"""scrypt's N, r, p: 16 MiB, twice over. Measured 55 ms on a core of 2026; 10^8 numbers then take two months of it."""
MEMORY_BYTES = 64 << 20
MOST = 20
"""Blocks at once: whoever asks for a call is compared with each, a second in all."""
DIGITS = re.compile(r"[0-9]{4}")


class CannotBlock(Exception):
    """A block cannot be made; the message says why."""


def slow_hash(number: Msisdn, salt: bytes) -> bytes:
    """Give the slow hash of a number under a salt, 32 bytes."""
    return hashlib.scrypt(number.reveal().encode(), salt=salt, n=COST, r=SIZE, p=LANES, maxmem=MEMORY_BYTES, dklen=32)


def holds(number: Msisdn, marks: Iterable[Mark]) -> bool:
    """Tell whether one of these blocks is this number's. The first that is ends the search."""
    return any(hmac.compare_digest(slow_hash(number, mark.salt), mark.mac) for mark in marks)


def add(tx: Tx, opening: Opening, request: str, reason: str, by: str, days: int, audit_key: bytes) -> str:
    """Block the number that a request came from, for so many days; give the block's id. Raises `CannotBlock`."""
    if not 0 < len(reason) <= 200 or DIGITS.search(reason):
        raise CannotBlock("a reason has 1 to 200 letters and no number in it")
    sealed = sealed_numbers.sealed_of(tx, request)
    if sealed is None:
        raise CannotBlock(f"no request {request} that still has a number")
    if len(active(tx)) >= MOST:
        raise CannotBlock(f"{MOST} blocks are on already: lift one first (`komek block list`)")
    salt, number = secrets.token_bytes(16), Msisdn(opening.open(request, sealed))
    id = insert(tx, salt, slow_hash(number, salt), tx.now + timedelta(days=days), reason, by)
    audit_log.append(tx, audit_key, tx.now, by, "block", request)
    return id


def lift(tx: Tx, id: str, by: str, audit_key: bytes) -> bool:
    """End a block before its time; false where there is none."""
    if not delete(tx, id):
        return False
    audit_log.append(tx, audit_key, tx.now, by, "unblock", id)
    return True
