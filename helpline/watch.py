"""What a coordinator sees of what is open: what nobody helps with first, what goes well last. Pure.

The rule of the order is stated once, where it is carried out: `store.worst`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from helpline.contact import LAST_MINUTES, Hours, Span, next_window
from helpline.dispatch import heard_last
from helpline.micros import ONE

SOON = timedelta(hours=2)
"""An hour of hers that ends within this, and nobody has said yes, is looked at before the others."""
SHORT = (SOON + LAST_MINUTES) // ONE


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
    """What a line says of a request beside its card.

    `holder`: the desk that is asked about it or holds it; `claimed`, `reminded`: of its offer; `stranger`: when it was
    said that somebody else answered, or coordinators were called about that.
    """

    id: str
    state: str
    window: str
    days: str
    zone: str
    since: datetime
    expires: datetime
    created: datetime
    updated: datetime
    outcome: str
    holder: str
    claimed: datetime | None
    reminded: datetime | None
    stranger: datetime | None

    @property
    def hours(self) -> Hours:
        """When she may be rung."""
        return Hours(self.window, self.days, self.zone, self.since, self.expires)


class Claim(NamedTuple):
    """What tells whether a claim is silent whose holder was reminded. `heard`: when that desk last said anything."""

    offer: str
    window: str
    days: str
    zone: str
    since: datetime
    expires: datetime
    claimed: datetime
    reminded: datetime
    shown_in: datetime | None
    heard: datetime | None


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


def line_of(row: Row, part: Part, now: datetime) -> Watched:
    """Give what a line says of a request."""
    if part in (Part.RESTING, Part.OVER):
        return Watched(row, part, None, row.updated, daily=True)
    span = None if part is Part.HELPED_ON else next_window(row.hours, now)
    began = {Part.STRANDED: row.updated, Part.FROZEN: row.stranger}.get(part, row.claimed)
    return Watched(row, part, span, began or row.created)


def is_silent(claim: Claim) -> bool:
    """Tell whether nothing was heard of a claim since its holder was reminded."""
    hours = Hours(claim.window, claim.days, claim.zone, claim.since, claim.expires)
    return heard_last(hours, claim.claimed, claim.shown_in, claim.heard) < claim.reminded
