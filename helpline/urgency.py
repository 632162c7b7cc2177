"""In which order a desk sees what it holds: what must happen now first, what closes soonest before the rest. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from helpline.contact import NOW, Hours, Span, next_window
from helpline.store.cases import Row
from helpline.store.offers import OfferState

FAR = datetime.max.replace(tzinfo=UTC)


class When(IntEnum):
    """The parts of the list, in their order."""

    RING_NOW = 0
    """Ours, and her window is open; or offered to us, and she is in danger."""
    ANSWER = 1
    LATER = 2
    HELPED_ON = 3


@dataclass(frozen=True, slots=True)
class Placed:
    """An offer's place: its part, when that closes or opens, and the window to ring in, if one is known."""

    id: str
    when: When
    at: datetime
    span: Span | None


def in_order(rows: Iterable[Row], now: datetime) -> list[Placed]:
    """Put the list of a desk in order. A window that many share is worked out once."""
    known: dict[tuple[Hours, datetime | None], Span | None] = {}
    return sorted((_place(row, now, known) for row in rows), key=lambda each: (each.when, each.at, each.id))


def _place(row: Row, now: datetime, known: dict[tuple[Hours, datetime | None], Span | None]) -> Placed:
    if row.state is OfferState.FOLLOWED:
        return Placed(row.id, When.HELPED_ON, FAR, None)
    span = _window(row.hours, row.shown_in, now, known)
    if row.state is OfferState.OPEN:
        part = When.RING_NOW if row.risk == NOW else When.ANSWER
        return Placed(row.id, part, row.until or FAR, span)
    if span is not None and span.holds(now):
        return Placed(row.id, When.RING_NOW, span.end, span)
    return Placed(row.id, When.LATER, span.start if span else FAR, span)


def _window(
    hours: Hours, used: datetime | None, now: datetime, known: dict[tuple[Hours, datetime | None], Span | None]
) -> Span | None:
    """Give the window that is open or comes next and was not used yet."""
    if hours.window == NOW:
        return next_window(hours, now, but_not=used)
    shared = (Hours(hours.window, hours.days, hours.zone, FAR, FAR), used)
    if shared not in known:
        known[shared] = next_window(shared[0], now, but_not=used)
    span = known[shared]
    return span if span is not None and span.start < hours.expires else None


def page_of(placed: Sequence[Placed], number: int, size: int) -> Sequence[Placed]:
    """Give one page of the list; pages count from 1."""
    return placed[(number - 1) * size : number * size]
