"""How often a number has left, and in which window it did: once a window, and not for ever (R11, R32).

Calls that the gateway is about to join: rows of two minutes, found by the hash of a session that is kept nowhere.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from helpline.request import attempts, offers
from helpline.request.attempts import NO_CALL
from helpline.store.engine import Tx
from helpline.store.schema import attempt, bridge, offer, request, vault


def mark(tx: Tx, id: str, window_start: datetime) -> bool:
    """Note that the number leaves in this window; false where it had left in it already (R32: once a window)."""
    offers.hold_request(tx, id)
    fresh = sa.and_(offer.c.id == id, sa.or_(offer.c.shown_in.is_(None), offer.c.shown_in != window_start))
    return tx.execute(sa.update(offer).where(fresh).values(shown_in=window_start, shown_at=tx.now)).rowcount == 1


def unmark(tx: Tx, id: str, window_start: datetime) -> bool:
    """The text with the number could not be delivered: it may be asked for again in the window that it was for.

    False where the number has left in another window since: that one stays used, however late the receipt comes. Nor
    where the service has told of its call: then it has rung, whatever the receipt says.
    """
    about = sa.and_(attempt.c.offer == id, attempt.c.shown_in == window_start)
    told = sa.exists().where(about, attempt.c.outcome.not_in(NO_CALL))
    still = sa.and_(offer.c.id == id, offer.c.shown_in == window_start, ~told)
    return tx.execute(sa.update(offer).where(still).values(shown_in=None, shown_at=None)).rowcount == 1


def count(tx: Tx, id: str) -> None:
    """Count one more time that the number left."""
    tx.execute(sa.update(request).where(request.c.id == id).values(reveals=request.c.reveals + 1))


def uncount(tx: Tx, id: str) -> None:
    """Take a reveal back whose text could not be delivered."""
    tx.execute(sa.update(request).where(request.c.id == id).values(reveals=request.c.reveals - 1))


def of_line(tx: Tx, line: str | None) -> int:
    """Count how often the number of a line has left, for all its requests but those by which she was reached (R11)."""
    kept = request.c.id.in_(sa.select(vault.c.request).where(vault.c.line == line))
    erased = request.c.id.in_(sa.select(offer.c.request).where(offer.c.line == line))  # see `erasure.unlink`
    all_but = sa.and_(sa.or_(kept, erased), ~attempts.reached(request.c.id))
    return tx.execute(sa.select(sa.func.sum(request.c.reveals)).where(all_but)).scalar() or 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A telephone of a service rings, and its call is to be joined to a caller when somebody takes it and presses 1."""

    call: str
    offer: str
    request: str
    sealed: bytes = field(repr=False)
    language: str
    made: datetime
    until: datetime


def put_bridge(tx: Tx, row: Waiting) -> None:
    """Write one down."""
    columns = (each.name for each in bridge.columns)
    tx.execute(sa.insert(bridge).values({name: getattr(row, name) for name in columns}))


def get_bridge(tx: Tx, call: str) -> Waiting | None:
    """Give one, also one that is over."""
    row = tx.execute(sa.select(bridge).where(bridge.c.call == call)).first()
    return _read(row) if row else None


def take_bridge(tx: Tx, call: str) -> bool:
    """Delete one: nobody is joined twice. False where it was gone before."""
    return tx.execute(sa.delete(bridge).where(bridge.c.call == call)).rowcount == 1


def void_bridges(tx: Tx, offer: str) -> None:
    """Delete those of an offer: nobody is joined by it any more (R48)."""
    tx.execute(sa.delete(bridge).where(bridge.c.offer == offer))


def sweep_bridges(tx: Tx) -> int:
    """Delete those whose time is over; give how many."""
    return tx.execute(sa.delete(bridge).where(bridge.c.until <= tx.now)).rowcount


def _read(row: Row[Any]) -> Waiting:
    return Waiting(row.call, row.offer, row.request, row.sealed, row.language, row.made, row.until)
