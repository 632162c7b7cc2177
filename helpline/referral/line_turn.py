"""Whether it is the turn of a request on its phone line, or of another one (R27), or of other telephones (R49)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from helpline.matching import line_order
from helpline.referral.context import Context
from helpline.request import phone_lines
from helpline.request.model import OnLine
from helpline.store import outbox
from helpline.store.engine import Tx

A_MOMENT = timedelta(minutes=1)


def next_waiting(ctx: Context, tx: Tx, line: str) -> str | None:
    """Return the id of the request that is offered next on a line, or None if none waits."""
    return next_of(ctx, tx, phone_lines.of_line(tx, line))


def next_of(ctx: Context, tx: Tx, found: Sequence[OnLine]) -> str | None:
    """Return the same of a line that has been read."""
    others = len(found) > ctx.config.requests_a_day and outbox.others_due(tx, "attend", found[0].id)
    return line_order.next_waiting(found, ctx.config.requests_a_day, tx.now, others_wait=others)


def is_busy(ctx: Context, tx: Tx, id: str, line: str, found: Sequence[OnLine] = ()) -> bool:
    """Whether a request must wait for another one of its phone line: one at a time, newest first (R27).

    `found` is what is on the line, if it was read a moment ago.
    """
    if phone_lines.is_taken(tx, line):
        return True
    return next_of(ctx, tx, found or phone_lines.of_line(tx, line)) not in (id, None)


def put_off(ctx: Context, tx: Tx, id: str, found: Sequence[OnLine]) -> datetime | None:
    """Return when to attend to a request of a line that a limit postpones (R49), or None if none does.

    One of many of its telephone waits only while requests of others are due. One that was withdrawn a moment ago is not
    on its line any more, and is put off by nothing.
    """
    request = next((each for each in found if each.id == id), None)
    if request is None:
        return None
    if until := line_order.naming_put_off(found, request, tx.now):
        return until
    if line_order.flood_put_off(found, request, ctx.config.requests_a_day, tx.now) is None:
        return None
    return tx.now + A_MOMENT if outbox.others_due(tx, "attend", id) else None
