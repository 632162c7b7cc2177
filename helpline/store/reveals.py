"""How often a number has left, and in which window it did: once a window, and not for ever (R11, R32)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store import attempts, offers
from helpline.store.attempts import NO_CALL
from helpline.store.schema import attempt, offer, request, vault


def mark(tx: Connection, id: str, window_start: datetime, now: datetime) -> bool:
    """Note that the number leaves in this window; false where it had left in it already (R32: once a window)."""
    offers.hold_request(tx, id)
    fresh = sa.and_(offer.c.id == id, sa.or_(offer.c.shown_in.is_(None), offer.c.shown_in != window_start))
    return tx.execute(sa.update(offer).where(fresh).values(shown_in=window_start, shown_at=now)).rowcount == 1


def unmark(tx: Connection, id: str, window_start: datetime) -> bool:
    """The text with the number could not be delivered: it may be asked for again in the window that it was for.

    False where the number has left in another window since: that one stays used, however late the receipt comes. Nor
    where the service has told of its call: then it has rung, whatever the receipt says.
    """
    about = sa.and_(attempt.c.offer == id, attempt.c.shown_in == window_start)
    told = sa.exists().where(about, attempt.c.outcome.not_in(NO_CALL))
    still = sa.and_(offer.c.id == id, offer.c.shown_in == window_start, ~told)
    return tx.execute(sa.update(offer).where(still).values(shown_in=None, shown_at=None)).rowcount == 1


def count(tx: Connection, id: str) -> None:
    """Count one more time that the number left."""
    tx.execute(sa.update(request).where(request.c.id == id).values(reveals=request.c.reveals + 1))


def uncount(tx: Connection, id: str) -> None:
    """Take a reveal back whose text could not be delivered."""
    tx.execute(sa.update(request).where(request.c.id == id).values(reveals=request.c.reveals - 1))


def of_line(tx: Connection, line: str | None) -> int:
    """Count how often the number of a line has left, for all its requests but those by which she was reached (R11)."""
    kept = request.c.id.in_(sa.select(vault.c.request).where(vault.c.line == line))
    erased = request.c.id.in_(sa.select(offer.c.request).where(offer.c.line == line))  # see `erasure.unlink`
    all_but = sa.and_(sa.or_(kept, erased), ~attempts.reached(request.c.id))
    return tx.execute(sa.select(sa.func.sum(request.c.reveals)).where(all_but)).scalar() or 0
