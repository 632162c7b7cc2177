"""The list of a service: its open offers, its claims and the callers it helps, in the order in which to act.

The open rows are read in one statement and sorted in Python (decision 19). `_place` defines the order.
"""

from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from helpline.core.call_windows import NOW
from helpline.core.clock import FAR, instant
from helpline.oversight import worklist_rows
from helpline.oversight.call_times import CallTimes
from helpline.oversight.worklist_rows import HeldRow
from helpline.request.offers import OfferState
from helpline.store.engine import Tx


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


def held(tx: Tx, service: str) -> list[Placed]:
    """Return the whole list of a service, in order."""
    times = CallTimes(tx.now)
    return sorted(_place(row, times) for row in worklist_rows.held(tx, service))


def _place(row: HeldRow, times: CallTimes) -> Placed:
    """Return the line of an offer."""
    if row.state == OfferState.FOLLOWED:
        return Placed(When.HELPED_ON, FAR, row.id)
    if row.state in (OfferState.OPEN, OfferState.PROPOSED):
        return Placed(When.CALL_NOW if row.risk == NOW else When.ANSWER, row.until or FAR, row.id)
    window = times.next(row, but_not=row.shown_in)
    if window and window.start <= times.at:
        return Placed(When.CALL_NOW, window.end, row.id)
    return Placed(When.LATER, window.start if window else FAR, row.id)
