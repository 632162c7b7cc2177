"""In which order a desk sees what it holds: what must happen now first, what closes soonest before the rest. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from helpline.contact import NOW, Hours, Span, next_window
from helpline.store.cases import Row
from helpline.store.offers import OfferState

FAR = datetime.max.replace(tzinfo=UTC)


Known = dict[tuple[str, str, str, datetime | None], Span | None]
"""Windows by name, days, zone, and the one that was used."""


class When(IntEnum):
    """The parts of the list, in their order."""

    RING_NOW = 0
    """Ours, and her window is open; or offered to us, and she is in danger."""
    ANSWER = 1
    LATER = 2
    HELPED_ON = 3


DUE = frozenset({When.RING_NOW, When.ANSWER})
"""What somebody should do something about now."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An offer's place: its part, when that closes or opens, and the window to ring in, if one is known."""

    id: str
    when: When
    at: datetime
    span: Span | None


def in_order(rows: Iterable[Row], now: datetime) -> list[Placed]:
    """Put the list of a desk in order. A window that many share is worked out once."""
    known: Known = {}
    return sorted((_place(row, now, known) for row in rows), key=lambda each: (each.when, each.at, each.id))


def _place(row: Row, now: datetime, known: Known) -> Placed:
    if row.state == OfferState.FOLLOWED:
        return Placed(row.id, When.HELPED_ON, FAR, None)
    span = _window(row, now, known)
    if row.state == OfferState.OPEN:
        part = When.RING_NOW if row.risk == NOW else When.ANSWER
        return Placed(row.id, part, row.until or FAR, span)
    if span is not None and span.holds(now):
        return Placed(row.id, When.RING_NOW, span.end, span)
    return Placed(row.id, When.LATER, span.start if span else FAR, span)


def _window(row: Row, now: datetime, known: Known) -> Span | None:
    """Give the window that is open or comes next and was not used yet."""
    if row.window == NOW:
        return next_window(Hours(NOW, row.days, row.zone, row.since, row.expires), now, but_not=row.shown_in)
    shared = (row.window, row.days, row.zone, row.shown_in)
    if shared not in known:
        known[shared] = next_window(Hours(*shared[:3], FAR, FAR), now, but_not=row.shown_in)
    span = known[shared]
    return span if span is not None and span.start < row.expires else None


def page_of(placed: Sequence[Placed], number: int, size: int) -> Sequence[Placed]:
    """Give one page of the list; pages count from 1."""
    return placed[(number - 1) * size : number * size]
