"""Coordinators called about a request: rows of `offer` that hold no line, one a coordinator and request at a time.

A coordinator who let one pass is called again by the same row, hence by the same code, when the turn comes round.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store.offers import MEANS_SOMETHING, Offered, OfferState, of_rows
from helpline.store.schema import offer

ANSWERABLE = (OfferState.CALLED.value, OfferState.PASSED.value)


def of_person(tx: Connection, person: str) -> list[Offered]:
    """Give what a coordinator is called about."""
    return of_rows(tx, offer.c.service == person, offer.c.state == OfferState.CALLED.value)


def held_codes(tx: Connection, desk: str) -> list[tuple[str, int]]:
    """Give id and draws of whatever a code of this desk may open: no two of them may look alike."""
    known = sa.and_(offer.c.service == desk, offer.c.state.in_((*MEANS_SOMETHING, *ANSWERABLE)))
    return [(row.id, row.draws) for row in tx.execute(sa.select(offer.c.id, offer.c.draws).where(known))]


def of_request(tx: Connection, request: str, person: str) -> Offered | None:
    """Give the row by which a coordinator was called about a request, None where a new one is to be made."""
    asked = [each for each in of_rows(tx, offer.c.request == request) if each.service == person]
    return next((each for each in reversed(asked) if each.state.value in ANSWERABLE), None)


def last_called(tx: Connection, request: str) -> Mapping[str, datetime]:
    """Give when each desk was last asked or called about a request; what was taken back does not count."""
    rows = sa.select(offer.c.service, sa.func.max(offer.c.opened).label("at")).group_by(offer.c.service)
    asked = rows.where(offer.c.request == request, offer.c.state != OfferState.VOID.value)
    return {row.service: row.at for row in tx.execute(asked)}


def again(tx: Connection, id: str, now: datetime) -> None:
    """Note that a coordinator is called once more."""
    change = sa.update(offer).where(offer.c.id == id, offer.c.state.in_(ANSWERABLE))
    tx.execute(change.values(state=OfferState.CALLED.value, opened=now))


def void(tx: Connection, request: str, now: datetime) -> None:
    """Nobody is called about a request any more: their codes open nothing."""
    called = sa.and_(offer.c.request == request, offer.c.state == OfferState.CALLED.value)
    tx.execute(sa.update(offer).where(called).values(state=OfferState.VOID.value, closed=now))


def shown_to(tx: Connection, request: str) -> frozenset[str]:
    """Give the desks that have got the number of a request."""
    rows = sa.select(offer.c.service).where(offer.c.request == request, offer.c.shown_in.is_not(None))
    return frozenset(tx.execute(rows).scalars())
