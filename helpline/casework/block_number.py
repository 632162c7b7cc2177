"""Block the number of a request, and end a block (R49). A number is opened here, so the public process imports none."""

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta

from helpline.caller import blocks
from helpline.caller.blocks import Block
from helpline.core.phone_numbers import Msisdn
from helpline.keys.sealing import Opening
from helpline.request import requests, sealed_numbers
from helpline.request.model import DRILL
from helpline.store import audit_log
from helpline.store.engine import Tx

REASONS = ("abuse", "threats", "hoax", "other")
"""Why a number is blocked at the console. There is no free text, so that nothing about a caller is in it."""
BLOCK = "block"
"""In the audit log: somebody blocked the number of this request."""
DIGITS = re.compile(r"[0-9]{4}")


class CannotBlock(Exception):
    """A block cannot be made; the message says why."""


def block(tx: Tx, opening: Opening, request: str, reason: str, by: str, days: int, audit_key: bytes) -> str:
    """Block the number of a request for some days. Return the block's id. Raise `CannotBlock`."""
    if not 0 < len(reason) <= 200 or DIGITS.search(reason):
        raise CannotBlock("a reason has 1 to 200 letters and no number in it")
    sealed = sealed_numbers.sealed_of(tx, request)
    if sealed is None:
        raise CannotBlock(f"no request {request} that still has a number")
    if len(blocks.active(tx)) >= blocks.MOST:
        raise CannotBlock(f"{blocks.MOST} blocks are on already: lift one first (`komek block list`)")
    salt, number = secrets.token_bytes(16), Msisdn(opening.open(request, sealed))
    id = blocks.insert(tx, salt, blocks.slow_hash(number, salt), tx.now + timedelta(days=days), reason, by)
    audit_log.append(tx, audit_key, tx.now, by, BLOCK, request)
    return id


def blocked_requests(tx: Tx, listed: Sequence[Block]) -> dict[str, str]:
    """Return the id of the request that each block was set from, by the id of the block, where the audit log knows it.

    The row of a block names no request: the public process reads these rows.
    """
    newest = audit_log.newest(tx, [BLOCK], 10 * blocks.MOST)
    logged = {(entry.at, entry.actor): entry.ref for entry in newest}
    return {each.id: logged[each.at, each.by] for each in listed if (each.at, each.by) in logged}


def can_be_blocked(tx: Tx, request: str) -> bool:
    """Whether there is such a request, of a caller."""
    found = requests.get(tx, request)
    return found is not None and found.kind != DRILL


def unblock(tx: Tx, id: str, by: str, audit_key: bytes) -> bool:
    """End a block before its time. Return False if there is none."""
    if not blocks.delete(tx, id):
        return False
    audit_log.append(tx, audit_key, tx.now, by, "unblock", id)
    return True
