"""What a desk holds, for its list at the console: narrow rows to put in order, whole ones for a page."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.request import CallbackRequest
from helpline.store import offers, requests
from helpline.store.offers import MEANS_SOMETHING, Offered
from helpline.store.schema import attempt, offer, request


class Row(NamedTuple):
    """As much of an offer and its request as its place in the list depends on. There may be thousands."""

    id: str
    state: str
    until: datetime | None
    shown_in: datetime | None
    risk: str
    window: str
    days: str
    zone: str
    since: datetime
    expires: datetime


def rows(tx: Connection, service: str) -> list[Row]:
    """Give all that is offered to a service, claimed by it or helped on by it."""
    o, r = offer.c, request.c
    since = sa.func.coalesce(r.since, r.created)
    found = sa.select(o.id, o.state, o.until, o.shown_in, r.risk, r.window, r.days, r.zone, since, r.expires)
    held = found.join(request, r.id == o.request).where(o.service == service, o.state.in_(MEANS_SOMETHING))
    return [Row._make(row) for row in tx.execute(held).all()]


def whole(tx: Connection, ids: Sequence[str]) -> list[tuple[Offered, CallbackRequest]]:
    """Give offers with their requests, in the order of `ids`; what has gone meanwhile is left out."""
    found = {each.id: each for each in offers.of_rows(tx, offer.c.id.in_(ids))}
    about = {each.id: each for each in requests.of_ids(tx, {each.request for each in found.values()})}
    here = (found[id] for id in ids if id in found)
    return [(each, about[each.request]) for each in here if each.request in about]


def told(tx: Connection, id: str) -> list[tuple[str, datetime]]:
    """Give what was said of the calls about an offer and stands, the oldest first: outcome and when."""
    stands = sa.and_(attempt.c.offer == id, attempt.c.undone.is_(None))
    found = sa.select(attempt.c.outcome, attempt.c.at).where(stands).order_by(attempt.c.id)
    return [(outcome, at) for outcome, at in tx.execute(found)]
