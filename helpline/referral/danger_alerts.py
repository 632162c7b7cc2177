"""Alert coordinators to danger: at once, of each telephone at most hourly, and in a flood by one text an hour (R12).

Somebody who forges senders can make many cries look new. Each is counted in the digest, and each request in danger is
offered to services and shown in the list all the same. No text to a coordinator has a number.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from helpline.core.call_windows import NOW
from helpline.referral.context import Context
from helpline.referral.noted_cries import DIGEST, HOUR, put
from helpline.request import cries, phone_lines
from helpline.request.cries import Cries
from helpline.request.model import CallbackRequest, State
from helpline.staff import on_call
from helpline.store import outbox
from helpline.store.engine import Tx

LINES_AN_HOUR = 30
"""Of so many telephones in an hour each has a text of its own. Of more, coordinators get a digest."""
AGAIN_AN_HOUR = 15
"""Fewer for telephones that cried before, so that first cries come before repeated ones."""
GATHER = timedelta(minutes=5)
"""How long the first digest waits for more."""
OPEN = frozenset({State.WAITING, State.OFFERED, State.STRANDED, State.CLAIMED})


def alert(ctx: Context, tx: Tx, id: str) -> datetime | None:
    """Alert the first coordinator on call to the cries of one telephone. Return when to try again, if not now."""
    known = cries.get(tx, id)
    if known is None or not known.texts:
        return None
    if known.told and tx.now < known.told + HOUR:
        return known.told + HOUR
    if cries.told_since(tx, tx.now - HOUR) >= (AGAIN_AN_HOUR if known.told else LINES_AN_HOUR):
        outbox.ensure(tx, DIGEST, "all", tx.now + GATHER)
        return None
    request = _open_request(tx, known)
    if request:
        on_call.tell_first(tx, ctx.country.code, "to_ngo.danger", ctx.log, request=request.id)
    else:
        values = {"count": known.texts}
        on_call.tell_first(tx, ctx.country.code, "to_ngo.cry", ctx.log, values=values)
    put(tx, replace(known, texts=0, told=tx.now))
    return None


def digest(ctx: Context, tx: Tx) -> datetime | None:
    """Send the first coordinator on call the number of telephones that cried. Return when to look again."""
    first, again = cries.waiting(tx, tx.now - HOUR)
    if first or again:
        values = {"first": first, "again": again}
        on_call.tell_first(tx, ctx.country.code, "to_ngo.cries", ctx.log, values=values)
        cries.mark_told(tx, tx.now - HOUR)
    return tx.now + HOUR if cries.told_since(tx, tx.now - HOUR) else None


def _open_request(tx: Tx, known: Cries) -> CallbackRequest | None:
    """Return the newest request in danger of a telephone that is open, if there is one."""
    listed = phone_lines.of_caller(tx, known.caller)
    in_danger = [each for each in listed if each.risk == NOW and each.state in OPEN]
    return max(in_danger, key=lambda each: each.created, default=None)
