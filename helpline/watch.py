"""In which order a coordinator sees what is open: what nobody helps with first, what goes well last. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from helpline.contact import LAST_MINUTES, NOW, Hours, Span
from helpline.dispatch import heard_last
from helpline.micros import FAR, ONE, instant, micros
from helpline.request import HELD_ON, OVER, State
from helpline.windows import Window, Windows, hours_of

SOON = timedelta(hours=2)
"""An hour of hers that ends within this, and nobody has said yes, is looked at before the others."""
SHORT = (SOON + LAST_MINUTES) // ONE
UNCLAIMED = frozenset({State.WAITING, State.OFFERED})
STILL = OVER | {State.STRANDED, State.FROZEN, State.PAUSED}


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


class Row(NamedTuple):
    """As much of an open request as its place depends on; instants in microseconds. There may be thousands.

    `holder`: the desk that is asked about it or holds it, with its offer's clock (`until`), `claimed`, `shown_in` and
    `reminded`; `heard`: when that desk last said anything; `stranger`: when it was said that somebody else answered, or
    coordinators were called about that.
    """

    id: str
    state: str
    risk: str
    window: str
    days: str
    zone: str
    since: int
    expires: int
    created: int
    updated: int
    promised_to: int | None
    reveals: int
    outcome: str
    holder: str
    until: int | None
    claimed: int | None
    shown_in: int | None
    reminded: int | None
    heard: int | None
    stranger: int | None

    @property
    def hours(self) -> Hours:
        """When she may be rung."""
        return hours_of(self)


class Rank(NamedTuple):
    """A request's place in the list, and its place among the rows that it was read with; `at` is in microseconds."""

    part: Part
    calm: bool
    at: int
    id: str
    row: int


@dataclass(frozen=True, slots=True)
class Watched:
    """What a line says of a request: its part, its next hour if one is known, and since when it stands so.

    `daily`: no more of `since` is told than the day. Whatever stops a telephone stops all its requests in the same
    instant: told to the minute it would show which belong together (R27).
    """

    row: Row
    part: Part
    span: Span | None
    since: datetime
    daily: bool = False


def in_order(rows: Iterable[Row], windows: Windows) -> list[Rank]:
    """Put all open requests in order; within a part danger first."""
    at, ranks = micros(windows.now), list[Rank]()
    for place, row in enumerate(rows):
        part, by = _rank(row, at, windows.next(row))
        ranks.append(Rank(part, row.risk != NOW, by, row.id, place))
    return sorted(ranks)


def look(row: Row, now: datetime) -> Watched:
    """Give what is said of one request."""
    return line_of(row, Windows(now))


def line_of(row: Row, windows: Windows) -> Watched:
    """Give what a line says of a request."""
    window = windows.next(row)
    part, _ = _rank(row, micros(windows.now), window)
    if part in (Part.RESTING, Part.OVER):
        return Watched(row, part, None, instant(row.updated), daily=True)
    span = window.span if window and part is not Part.HELPED_ON else None
    began = {Part.STRANDED: row.updated, Part.FROZEN: row.stranger}.get(part, row.claimed)
    return Watched(row, part, span, instant(began or row.created))


def _rank(row: Row, now: int, window: Window | None) -> tuple[Part, int]:
    """Give the part of a request, and what orders it there. `window`: her hour that is open or comes next."""
    if row.state in STILL:
        return _still(row)
    if late := _late_since(row, now):
        return Part.LATE, late
    if row.state in HELD_ON:
        return Part.HELPED_ON, row.claimed or row.created
    if row.state not in UNCLAIMED:
        return Part.HELD, window.end if window else FAR
    closes = window.end if window and window.start <= now else FAR
    part = Part.CLOSING if row.risk == NOW or closes - SHORT < now else Part.ASKED
    return part, min(closes, row.until or FAR, row.expires)


def _still(row: Row) -> tuple[Part, int]:
    """Give where a request stands that waits for nobody's hour."""
    if row.state in OVER:
        return Part.OVER, row.created
    if row.state == State.STRANDED:
        return Part.STRANDED, row.updated
    if row.state == State.FROZEN and row.stranger:
        return Part.FROZEN, row.stranger
    return Part.RESTING, row.created


def _late_since(row: Row, now: int) -> int | None:
    """Give since when a claim is silent or a promise broken; None where neither is."""
    if row.state in HELD_ON:
        return None
    missed = row.promised_to if row.promised_to and row.promised_to <= now and not row.reveals else None
    if row.reminded is None or row.claimed is None:
        return missed
    signs = (None if each is None else instant(each) for each in (row.shown_in, row.heard))
    silent = heard_last(row.hours, instant(row.claimed), *signs) < instant(row.reminded)
    return row.reminded if silent else missed
