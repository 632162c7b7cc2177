"""What a desk holds, for its list at the console: narrow rows to put in order, whole ones for a page."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.request import CallbackRequest
from helpline.store import offers, requests
from helpline.store.offers import Offered
from helpline.store.schema import IS_HELD, IS_OPEN, attempt, offer, raw, request
from helpline.urgency import Row

_o, _r = offer.c, request.c
_HELD = (
    sa.select(
        _o.id, _o.state, raw(_o.until), raw(_o.shown_in), _r.risk, _r.window, _r.days, _r.zone,
        raw(sa.func.coalesce(_r.since, _r.created)), raw(_r.expires),
    )
    .join(request, _r.id == _o.request)
    .where(IS_OPEN, IS_HELD, _o.service == sa.bindparam("of_service"))
)  # fmt: skip


def rows(tx: Connection, service: str) -> list[Row]:
    """Give all that is offered to a service, claimed by it or helped on by it, of requests that are not over."""
    return [Row._make(row) for row in tx.execute(_HELD, {"of_service": service}).all()]


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
