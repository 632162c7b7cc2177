"""In which order a coordinator sees what is open: what nobody helps with first, what goes well last. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from helpline.contact import LAST_MINUTES, NOW, Hours, Span, next_window
from helpline.dispatch import heard_last
from helpline.request import HELD_ON, OVER, State
from helpline.store.watch import UNCLAIMED, Row

SOON = timedelta(hours=2)
"""An hour of hers that ends within this, and nobody has said yes, is looked at before the others."""
FAR = datetime.max.replace(tzinfo=UTC)


Known = dict[tuple[str, str, str], Span | None]
"""Hours that many share, by window, days and zone."""


class Part(IntEnum):
    """The parts of the list, the worst first."""

    STRANDED = 0
    """Nobody is left to ask."""
    FROZEN = 1
    """Somebody else answered: only she sets it going, or two coordinators where it was a slip (R8)."""
    LATE = 2
    """Claimed, and nothing is heard; or what she was promised did not happen (R39)."""
    CLOSING = 3
    """Nobody has said yes, and her hour ends soon, or she is in danger."""
    ASKED = 4
    HELD = 5
    HELPED_ON = 6
    RESTING = 7
    """Stopped, and nothing a coordinator can do: only she sets it going."""
    OVER = 8
    """Has ended: in no list."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A request's place: its part, what orders it there, its next hour if one is known, and since when it stands so.

    `daily`: no more of `since` is told than the day. Whatever stops a telephone stops all its requests in the same
    instant: told to the minute it would show which belong together (R27).
    """

    row: Row
    part: Part
    at: datetime
    span: Span | None
    since: datetime
    daily: bool = False


def in_order(rows: Iterable[Row], now: datetime) -> list[Watched]:
    """Put all open requests in order; within a part danger first. Hours that many share are worked out once."""
    known: Known = {}
    watched = (place(row, now, _span(row, now, known)) for row in rows)
    return sorted(watched, key=lambda each: (each.part, each.row.risk != NOW, each.at, each.row.id))


def look(row: Row, now: datetime) -> Watched:
    """Give the place of one request."""
    return place(row, now, _span(row, now, {}))


def place(row: Row, now: datetime, span: Span | None) -> Watched:
    """Give the place of one request. `span`: her hour that is open or comes next."""
    if row.state in OVER:
        return Watched(row, Part.OVER, row.created, None, row.updated, daily=True)
    if row.state == State.STRANDED:
        return Watched(row, Part.STRANDED, row.updated, span, row.updated)
    if row.state == State.FROZEN and row.stranger:
        return Watched(row, Part.FROZEN, row.stranger, span, row.stranger)
    if row.state in (State.FROZEN, State.PAUSED):
        return Watched(row, Part.RESTING, row.created, None, row.updated, daily=True)
    since = row.claimed or row.created
    if late := _late_since(row, now):
        return Watched(row, Part.LATE, late, span, since)
    if row.state in HELD_ON:
        return Watched(row, Part.HELPED_ON, since, None, since)
    if row.state not in UNCLAIMED:
        return Watched(row, Part.HELD, span.end if span else FAR, span, since)
    closes = span.end if span and span.holds(now) else FAR
    part = Part.CLOSING if row.risk == NOW or closes - LAST_MINUTES < now + SOON else Part.ASKED
    return Watched(row, part, min(closes, row.until or FAR, row.expires), span, since)


def _late_since(row: Row, now: datetime) -> datetime | None:
    """Give since when a claim is silent or a promise broken; None where neither is."""
    if row.state in HELD_ON:
        return None
    missed = row.promised_to if row.promised_to and row.promised_to <= now and not row.reveals else None
    if row.reminded is None or row.claimed is None:
        return missed
    silent = heard_last(row.hours, row.claimed, row.shown_in, row.heard) < row.reminded
    return row.reminded if silent else missed


def _span(row: Row, now: datetime, known: Known) -> Span | None:
    if row.window == NOW:
        return next_window(row.hours, now)
    shared = (row.window, row.days, row.zone)
    if shared not in known:
        known[shared] = next_window(Hours(*shared, FAR, FAR), now)
    span = known[shared]
    return span if span is not None and span.start < row.expires else None
