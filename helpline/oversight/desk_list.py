"""What a desk sees of what it holds: what must happen now first, what closes soonest before the rest. Pure.

The rule of the order is stated once, where it is carried out: `oversight.desk_list`.

What a desk holds, for its list at the console: the order, of which a page is read, and whole rows for that page.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

import sqlalchemy as sa

from helpline.core.call_windows import NOW
from helpline.core.clock import FAR, instant, micros
from helpline.oversight import hours_order
from helpline.oversight.hours_order import A_PART, Integer, Kind, Kinds, ahead, integer, place
from helpline.request import offers, requests
from helpline.request.model import CallbackRequest
from helpline.request.offers import Offered, OfferState
from helpline.store.engine import Tx
from helpline.store.schema import IS_HELD, IS_OPEN, attempt, offer, raw, request


class When(IntEnum):
    """The parts of the list, in their order."""

    RING_NOW = 0
    """Ours, and her window is open; or offered to us, and she is in danger."""
    ANSWER = 1
    LATER = 2
    HELPED_ON = 3


DUE = (When.RING_NOW, When.ANSWER)
"""What somebody should do something about now: the first parts."""
A_PAGE = 50
"""So many lines stand on a page."""


class Placed(NamedTuple):
    """An offer's place: its part, and when that closes or opens; None where nothing does."""

    when: When
    at: datetime | None
    id: str


def page_of(placed: Sequence[Placed], number: int) -> Sequence[Placed]:
    """Give one page out of the list; pages count from 1."""
    return placed[before(number) : before(number + 1)]


def before(number: int) -> int:
    """Give how many lines stand before a page."""
    return (number - 1) * A_PAGE


def pages(count: int) -> int:
    """Give how many pages so many lines take."""
    return -(-count // A_PAGE)


_o, _r = offer.c, request.c
_ALL = offer.join(request, _r.id == _o.request)
_HELD = (IS_OPEN, IS_HELD, _o.service == sa.bindparam("of_service"))
_CLAIMED = _o.state == OfferState.CLAIMED.value
_KINDS = hours_order.kinds(_ALL, *_HELD, _CLAIMED)


class Hour(NamedTuple):
    """Where a claim stands by her window, open or to come, and by the next where that one is used."""

    start: int
    place: int
    next_start: int
    next_place: int


_HOURS = hours_order.table(Hour._fields)
_WITH_HOURS = hours_order.with_hours(_ALL, _HOURS, _CLAIMED)


def _place() -> Integer:
    """State the order: where an offer stands in the list of its desk."""
    answer, hour = sa.func.coalesce(raw(_o.until), FAR), _HOURS.c
    unused = raw(_o.shown_in).is_distinct_from(hour.start)
    first, then = sa.and_(raw(_r.expires) > hour.start, unused), raw(_r.expires) > hour.next_start
    new, no_hour = hours_order.is_new(_HOURS), integer(When.LATER * A_PART + FAR)
    by_state = {
        OfferState.CLAIMED.value: sa.case(
            (first, hour.place), (then, hour.next_place), (new, sa.null()), else_=no_hour
        ),
        OfferState.FOLLOWED.value: integer(When.HELPED_ON * A_PART + FAR),
    }
    asked = sa.case((_r.risk == NOW, place(When.RING_NOW, answer)), else_=place(When.ANSWER, answer))
    return sa.case(by_state, value=_o.state, else_=asked)


_LIST = hours_order.listing(_o.id, _place(), _WITH_HOURS, *_HELD, part=A_PART)


def _hour(kind: Kind, now: datetime) -> Hour:
    window, then = ahead(kind, now)
    is_open = window.start <= micros(now)
    return Hour(
        window.start,
        When.RING_NOW * A_PART + window.end if is_open else When.LATER * A_PART + window.start,
        then.start,
        When.LATER * A_PART + then.start,
    )


class Held(NamedTuple):
    """Some lines of what is offered to a service, claimed by it or helped on by it, of requests that are not over.

    `of`: how many there are in all; `due`: about how many of them somebody should do something now.
    """

    lines: list[Placed]
    of: int
    due: int


def held(tx: Tx, service: str, kinds: Kinds, after: int = 0, many: int = A_PAGE) -> Held:
    """Give so many lines of what a service holds, after the first ones."""
    values = {"of_service": service, "after": after, "many": many}
    lines, counts = hours_order.listed(hours_order.ask(tx, _LIST, _KINDS, kinds, _hour, **values))
    placed = [Placed(When(at // A_PART), _closes(at % A_PART), id) for id, at in lines]
    return Held(placed, counts.total(), sum(counts[part] for part in DUE))


def _closes(at: int) -> datetime | None:
    return None if at == FAR else instant(at)


def whole(tx: Tx, ids: Sequence[str]) -> list[tuple[Offered, CallbackRequest]]:
    """Give offers with their requests, in the order of `ids`; what has gone meanwhile is left out."""
    found = {each.id: each for each in offers.of_rows(tx, offer.c.id.in_(ids))}
    about = {each.id: each for each in requests.of_ids(tx, {each.request for each in found.values()})}
    here = (found[id] for id in ids if id in found)
    return [(each, about[each.request]) for each in here if each.request in about]


def told(tx: Tx, id: str) -> list[tuple[str, datetime]]:
    """Give what was said of the calls about an offer and stands, the oldest first: outcome and when."""
    stands = sa.and_(attempt.c.offer == id, attempt.c.undone.is_(None))
    found = sa.select(attempt.c.outcome, attempt.c.at).where(stands).order_by(attempt.c.id)
    return [(outcome, at) for outcome, at in tx.execute(found)]
