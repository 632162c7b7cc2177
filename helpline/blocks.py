"""Blocks of *call me* (R49): for whoever plays with the service until nobody else gets through. Nothing but *call me*.

No key helps here. The public process, which has to ask, holds none that lasts, since a keyed hash of a number *is* the
number to whoever has the key. So each block has a salt of its own and a hash that is slow on purpose
(docs/decisions/0010-blocks.md): it is asked for only where somebody asks for a call while a block is on.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from helpline.numbers import Msisdn
from helpline.store import audits, numbers
from helpline.store import blocks as rows
from helpline.store.blocks import Mark
from helpline.vault import Opening

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


def add(
    tx: Connection, opening: Opening, request: str, reason: str, by: str, now: datetime, days: int, audit_key: bytes
) -> str:
    """Block the number that a request came from, for so many days; give the block's id. Raises `CannotBlock`."""
    if not 0 < len(reason) <= 200 or DIGITS.search(reason):
        raise CannotBlock("a reason has 1 to 200 letters and no number in it")
    sealed = numbers.sealed_of(tx, request)
    if sealed is None:
        raise CannotBlock(f"no request {request} that still has a number")
    if len(rows.active(tx, now)) >= MOST:
        raise CannotBlock(f"{MOST} blocks are on already: lift one first (`komek block list`)")
    salt, number = secrets.token_bytes(16), Msisdn(opening.open(request, sealed))
    id = rows.add(tx, salt, slow_hash(number, salt), now + timedelta(days=days), reason, by, now)
    audits.append(tx, audit_key, now, by, "block", request)
    return id


def lift(tx: Connection, id: str, by: str, now: datetime, audit_key: bytes) -> bool:
    """End a block before its time; false where there is none."""
    if not rows.lift(tx, id):
        return False
    audits.append(tx, audit_key, now, by, "unblock", id)
    return True
