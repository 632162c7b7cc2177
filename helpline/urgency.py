"""In which order a desk sees what it holds: what must happen now first, what closes soonest before the rest. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import IntEnum
from operator import itemgetter
from typing import NamedTuple

from helpline.contact import NOW, Span
from helpline.micros import FAR, micros
from helpline.store.offers import OfferState
from helpline.windows import Windows


class When(IntEnum):
    """The parts of the list, in their order."""

    RING_NOW = 0
    """Ours, and her window is open; or offered to us, and she is in danger."""
    ANSWER = 1
    LATER = 2
    HELPED_ON = 3


DUE = frozenset({When.RING_NOW, When.ANSWER})
"""What somebody should do something about now."""
OPEN, FOLLOWED = OfferState.OPEN.value, OfferState.FOLLOWED.value
A_PAGE = 50
"""So many lines stand on a page."""


class Row(NamedTuple):
    """As much of an offer and its request as its place depends on; instants in microseconds. There may be thousands."""

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


class Placed(NamedTuple):
    """An offer's place: its part, when that closes or opens (microseconds), and of a claim the window to ring in."""

    when: When
    at: int
    id: str
    span: Span | None


IN_ORDER = itemgetter(0, 1, 2)


def in_order(rows: Iterable[Row], now: datetime) -> list[Placed]:
    """Put the list of a desk in order."""
    windows, at = Windows(now), micros(now)
    return sorted([_place(row, at, windows) for row in rows], key=IN_ORDER)


def _place(row: Row, now: int, windows: Windows) -> Placed:
    if row.state == OPEN:
        return Placed(When.RING_NOW if row.risk == NOW else When.ANSWER, row.until or FAR, row.id, None)
    if row.state == FOLLOWED:
        return Placed(When.HELPED_ON, FAR, row.id, None)
    window = windows.next(row, used=row.shown_in)
    if window is None:
        return Placed(When.LATER, FAR, row.id, None)
    if window.start <= now:
        return Placed(When.RING_NOW, window.end, row.id, window.span)
    return Placed(When.LATER, window.start, row.id, window.span)


def page_of(placed: Sequence[Placed], number: int) -> Sequence[Placed]:
    """Give one page of the list; pages count from 1."""
    return placed[(number - 1) * A_PAGE : number * A_PAGE]


def pages_of(placed: Sequence[Placed]) -> int:
    """Give how many pages there are."""
    return -(-len(placed) // A_PAGE)
