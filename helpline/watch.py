"""In which order a coordinator sees what is open: what nobody helps with first, what goes well last. Pure."""

from collections.abc import Iterable
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
UNCLAIMED = frozenset({State.WAITING, State.OFFERED, State.STRANDED})


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


class Watched(NamedTuple):
    """A request's place: its part, what orders it there, its next hour if one is known, and since when it stands so.

    `daily`: no more of `since` is told than the day. Whatever stops a telephone stops all its requests in the same
    instant: told to the minute it would show which belong together (R27). `at` and `began` are in microseconds.
    """

    row: Row
    part: Part
    at: int
    span: Span | None
    began: int
    daily: bool = False

    @property
    def since(self) -> datetime:
        """Since when it stands so."""
        return instant(self.began)


def in_order(rows: Iterable[Row], now: datetime) -> list[Watched]:
    """Put all open requests in order; within a part danger first."""
    windows, at = Windows(now), micros(now)
    watched = [_place(row, at, windows.next(row)) for row in rows]
    return sorted(watched, key=lambda each: (each.part, each.row.risk != NOW, each.at, each.row.id))


def look(row: Row, now: datetime) -> Watched:
    """Give the place of one request."""
    return _place(row, micros(now), Windows(now).next(row))


def _place(row: Row, now: int, window: Window | None) -> Watched:
    """Give the place of one request. `window`: her hour that is open or comes next."""
    span = window.span if window else None
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
        return Watched(row, Part.HELD, window.end if window else FAR, span, since)
    closes = window.end if window and window.start <= now else FAR
    part = Part.CLOSING if row.risk == NOW or closes - SHORT < now else Part.ASKED
    return Watched(row, part, min(closes, row.until or FAR, row.expires), span, since)


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
