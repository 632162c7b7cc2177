"""The list of a service: its open offers, its claims and the callers it helps, in the order in which to act.

The open rows are read in one statement and sorted in Python (decision 19). `_place` defines the order.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any, NamedTuple, TypeVar

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
Line = TypeVar("Line")
A_PAGE = 50
"""Lines on a page."""


class Placed(NamedTuple):
    """An offer in the list."""

    when: When
    at: datetime | None
    """When its window or its time to answer ends, or its window opens. None if nothing ends."""
    id: str


class Held(NamedTuple):
    """Some lines of the list."""

    lines: list[Placed]
    total: int
    """How many lines the whole list has."""
    due: int
    """How many of all lines are `DUE`."""


_o, _r = offer.c, request.c
_INSTANTS = (raw(each).label(each.name) for each in (_o.until, _o.shown_in, _r.since, _r.expires))
_HELD = (
    sa.select(_o.id, _o.state, _r.risk, _r.window, _r.days, _r.zone, *_INSTANTS)
    .join(request, _r.id == _o.request)
    .where(IS_OPEN, IS_HELD, _o.service == sa.bindparam("of_service"))
)


def held(tx: Tx, service: str, after: int = 0, many: int = A_PAGE) -> Held:
    """Return `many` lines of a service's list, after the first `after`."""
    times = CallTimes(tx.now)
    placed = sorted(_place(row, times) for row in tx.execute(_HELD, {"of_service": service}))
    lines = [Placed(when, None if at == FAR else instant(at), id) for when, at, id in placed[after : after + many]]
    return Held(lines, len(placed), sum(when in DUE for when, _, _ in placed))


def _place(row: sa.Row[Any], times: CallTimes) -> tuple[When, int, str]:
    """Return the part of the list and the instant by which it is sorted there."""
    if row.state == OfferState.FOLLOWED:
        return When.HELPED_ON, FAR, row.id
    if row.state == OfferState.OPEN:
        return When.CALL_NOW if row.risk == NOW else When.ANSWER, row.until or FAR, row.id
    window = times.next(row, but_not=row.shown_in)
    if window is None:
        return When.LATER, FAR, row.id
    return (When.CALL_NOW, window.end, row.id) if window.start <= times.at else (When.LATER, window.start, row.id)


def page_of(lines: Sequence[Line], number: int) -> Sequence[Line]:
    """Return one page of a list. Pages count from 1."""
    return lines[before(number) : before(number + 1)]


def before(number: int) -> int:
    """Return the number of lines before a page."""
    return (number - 1) * A_PAGE


def pages(count: int) -> int:
    """Return the number of pages for `count` lines."""
    return -(-count // A_PAGE)


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
