"""The list of a service: its open offers, its claims and the callers it helps, in the order in which to act.

The open rows are read in one statement and sorted in Python (decision 19). `_place` defines the order.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

import sqlalchemy as sa

from helpline.core.call_windows import NOW
from helpline.core.clock import FAR, instant
from helpline.oversight.call_times import CallTimes
from helpline.request import offers, requests
from helpline.request.model import CallbackRequest
from helpline.request.offers import Offered, OfferState
from helpline.store.engine import Tx
from helpline.store.schema import IS_HELD, IS_OPEN, attempt, offer, raw, request


class When(IntEnum):
    """The parts of the list, in their order."""

    CALL_NOW = 0
    """Claimed, and the call window is open; or offered, and the caller is in danger."""
    ANSWER = 1
    LATER = 2
    HELPED_ON = 3


DUE = (When.CALL_NOW, When.ANSWER)
"""The parts in which somebody should act now."""


class Placed(NamedTuple):
    """A line of the list. Lines are sorted by all three."""

    when: When
    by: int
    """When its window or its time to answer ends, or its window opens, in microseconds. `FAR` if nothing ends."""
    id: str
    """Of the offer."""

    @property
    def at(self) -> datetime | None:
        """`by` as a datetime, or None if nothing ends."""
        return None if self.by == FAR else instant(self.by)


_o, _r = offer.c, request.c
_HELD = (
    sa.select(
        *(_o.id, _o.state, raw(_o.until), raw(_o.shown_in)),
        *(_r.risk, _r.window, _r.days, _r.zone, raw(_r.since), raw(_r.expires)),
    )
    .join(request, _r.id == _o.request)
    .where(IS_OPEN, IS_HELD, _o.service == sa.bindparam("of_service"))
)


class _Row(NamedTuple):
    """A row of `_HELD`. Instants are in microseconds."""

    id: str
    state: str
    until: int | None
    shown_in: int | None
    risk: str
    window: str
    days: str
    zone: str
    since: int
    expires: int


def held(tx: Tx, service: str) -> list[Placed]:
    """Return the whole list of a service, in order."""
    times = CallTimes(tx.now)
    return sorted(_place(row, times) for row in map(_Row._make, tx.execute(_HELD, {"of_service": service})))


def _place(row: _Row, times: CallTimes) -> Placed:
    """Return the line of an offer."""
    if row.state == OfferState.FOLLOWED:
        return Placed(When.HELPED_ON, FAR, row.id)
    if row.state == OfferState.OPEN:
        return Placed(When.CALL_NOW if row.risk == NOW else When.ANSWER, row.until or FAR, row.id)
    window = times.next(row, but_not=row.shown_in)
    if window and window.start <= times.at:
        return Placed(When.CALL_NOW, window.end, row.id)
    return Placed(When.LATER, window.start if window else FAR, row.id)


def with_requests(tx: Tx, ids: Sequence[str]) -> list[tuple[Offered, CallbackRequest]]:
    """Return offers with their requests, in the order of `ids`. Those that no longer exist are left out."""
    found = {each.id: each for each in offers.of_rows(tx, offer.c.id.in_(ids))}
    about = {each.id: each for each in requests.of_ids(tx, {each.request for each in found.values()})}
    existing = (found[id] for id in ids if id in found)
    return [(each, about[each.request]) for each in existing if each.request in about]


def outcomes(tx: Tx, id: str) -> list[tuple[str, datetime]]:
    """Return the outcomes reported for an offer that were not undone, oldest first, with their times."""
    valid = sa.and_(attempt.c.offer == id, attempt.c.undone.is_(None))
    found = sa.select(attempt.c.outcome, attempt.c.at).where(valid).order_by(attempt.c.id)
    return [(outcome, at) for outcome, at in tx.execute(found)]
