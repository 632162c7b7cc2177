"""Calls of coordinators about a request that no service took, or that is frozen.

Each is a row among the offers, which does not take the phone line: one for each coordinator and request. If a
coordinator declines and is called again later, it is by the same row, and so by the same digits.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from helpline.request import offer_seal, offers
from helpline.request.offers import ANSWERABLE, Offered, OfferState
from helpline.store.engine import Tx
from helpline.store.schema import offer


def get(tx: Tx, request: str, person: str) -> Offered | None:
    """Return the row by which a coordinator was called about a request. None if a new one must be made."""
    asked = [each for each in offers.of_rows(tx, offer.c.request == request) if each.service == person]
    return next((each for each in reversed(asked) if each.state.value in ANSWERABLE), None)


def last_times(tx: Tx, request: str) -> Mapping[str, datetime]:
    """Return when each desk was last asked or called about a request. Offers that we took back do not count."""
    rows = sa.select(offer.c.service, sa.func.max(offer.c.opened).label("at")).group_by(offer.c.service)
    asked = rows.where(offer.c.request == request, offer.c.state != OfferState.VOID.value)
    return {row.service: row.at for row in tx.execute(asked)}


def again(tx: Tx, id: str) -> None:
    """Store that a coordinator is called once more."""
    row = offers.locked(tx, id)
    if row and row.state in ANSWERABLE:
        offers.change(tx, row, state=OfferState.CALLED.value, opened=tx.now)


def end_all(tx: Tx, request: str) -> None:
    """End all calls of coordinators about a request, and so their codes."""
    called = sa.and_(offer.c.request == request, offer.c.state == OfferState.CALLED.value)
    over = {"mac": offer_seal.OVER} if tx.contacts else {}
    tx.execute(sa.update(offer).where(called).values(state=OfferState.VOID.value, closed=tx.now, **over))
