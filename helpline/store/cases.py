"""What a desk holds, for its list at the console: narrow rows to put in order, whole ones for a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.contact import Hours
from helpline.request import CallbackRequest
from helpline.store import offers, requests
from helpline.store.offers import MEANS_SOMETHING, Offered, OfferState
from helpline.store.schema import attempt, offer, request


@dataclass(frozen=True, slots=True)
class Row:
    """As much of an offer and its request as its place in the list depends on."""

    id: str
    state: OfferState
    until: datetime | None
    shown_in: datetime | None
    risk: str
    hours: Hours


def rows(tx: Connection, service: str) -> list[Row]:
    """Give all that is offered to a service, claimed by it or helped on by it."""
    r = request.c
    found = sa.select(
        offer.c.id, offer.c.state, offer.c.until, offer.c.shown_in,
        r.risk, r.window, r.days, r.zone, r.since, r.created, r.expires,
    ).join(request, r.id == offer.c.request)  # fmt: skip
    held = found.where(offer.c.service == service, offer.c.state.in_(MEANS_SOMETHING))
    return [
        Row(id, OfferState(state), until, shown, risk, Hours(window, days, zone, since or created, expires))
        for id, state, until, shown, risk, window, days, zone, since, created, expires in tx.execute(held)
    ]


def whole(tx: Connection, ids: Sequence[str]) -> list[tuple[Offered, CallbackRequest]]:
    """Give offers with their requests, in the order of `ids`; what has gone meanwhile is left out."""
    found = {each.id: each for each in offers.of_rows(tx, offer.c.id.in_(ids))}
    pairs = ((found[id], requests.get(tx, found[id].request)) for id in ids if id in found)
    return [(each, about) for each, about in pairs if about is not None]


def told(tx: Connection, id: str) -> list[tuple[str, datetime]]:
    """Give what was said of the calls about an offer and stands, the oldest first: outcome and when."""
    stands = sa.and_(attempt.c.offer == id, attempt.c.undone.is_(None))
    found = sa.select(attempt.c.outcome, attempt.c.at).where(stands).order_by(attempt.c.id)
    return [(outcome, at) for outcome, at in tx.execute(found)]
