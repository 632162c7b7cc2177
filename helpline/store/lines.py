"""All requests of one telephone, its line: whether one is offered, which of them waits, how many there were."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.request import OVER, CallbackRequest, State
from helpline.store import requests
from helpline.store.offers import LIVE, OfferState
from helpline.store.schema import offer, request, vault

OF_LINE = (
    sa.select(request.c.id, request.c.state)
    .join(vault, vault.c.request == request.c.id)
    .where(vault.c.line == sa.bindparam("of"))
    .order_by(request.c.created.desc(), request.c.id)
)
"""The requests of a line with where they stand, the newest first."""
TAKEN = sa.select(offer.c.id).where(offer.c.line == sa.bindparam("of"), offer.c.state.in_(LIVE))


def newest_waiting(tx: Connection, line: str) -> str | None:
    """Give the id of a line's newest request that waits (R27: the newest first)."""
    newest = tx.execute(OF_LINE, {"of": line})
    return next((row.id for row in newest if row.state == State.WAITING.value), None)


def of_state(tx: Connection, line: str, state: State) -> list[CallbackRequest]:
    """Give the requests of a line that stand so, the newest first."""
    rows = sa.select(request).join(vault, vault.c.request == request.c.id).where(vault.c.line == line)
    newest = tx.execute(rows.order_by(request.c.created.desc(), request.c.id))
    return [requests.of_row(row) for row in newest if row.state == state.value]


def still_open(tx: Connection, line: str) -> list[CallbackRequest]:
    """Give all requests of a line that are not over."""
    rows = sa.select(request).join(vault, vault.c.request == request.c.id).where(vault.c.line == line)
    return [found for row in tx.execute(rows) if (found := requests.of_row(row)).state not in OVER]


def of_caller(tx: Connection, caller: bytes) -> list[CallbackRequest]:
    """Give all requests of a telephone (its keyed hash) that are not over."""
    rows = sa.select(request).join(vault, vault.c.request == request.c.id).where(vault.c.caller == caller)
    return [
        found for row in tx.execute(rows) if (found := requests.of_row(row)).state not in (State.CLOSED, State.EXPIRED)
    ]


def made_before(tx: Connection, line: str, made: datetime, since: datetime) -> int:
    """Count the requests of a line that were made before one, since an instant (R49)."""
    rows = sa.select(sa.func.count()).select_from(request.join(vault, vault.c.request == request.c.id))
    earlier = sa.and_(request.c.created < made, request.c.created >= since)
    return tx.execute(rows.where(vault.c.line == line, earlier)).scalar_one()


def made_since(tx: Connection, caller: bytes, since: datetime) -> int:
    """Count the requests of a telephone (its keyed hash) since an instant (R49)."""
    rows = sa.select(sa.func.count()).select_from(request.join(vault, vault.c.request == request.c.id))
    return tx.execute(rows.where(vault.c.caller == caller, request.c.created >= since)).scalar_one()


def is_taken(tx: Connection, line: str) -> bool:
    """Tell whether a request of this line is offered or claimed."""
    return tx.execute(TAKEN, {"of": line}).first() is not None


def last_holder(tx: Connection, line: str) -> str | None:
    """Give the desk that last held a line and did not give it up by its silence: it knows that telephone (R27)."""
    ended = (OfferState.VOID.value, OfferState.FOLLOWED.value)
    held = sa.and_(offer.c.line == line, offer.c.claimed.is_not(None), offer.c.state.in_(ended))
    return tx.execute(sa.select(offer.c.service).where(held).order_by(offer.c.closed.desc())).scalars().first()
