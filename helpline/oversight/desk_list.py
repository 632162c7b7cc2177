"""The list of a service: its open offers, its claims and the callers it helps, in the order in which to act.

The open rows are read in one statement and sorted in Python (decision 19). `_place` defines the order.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from helpline.core.call_windows import NOW, Hours
from helpline.core.clock import FAR, instant
from helpline.oversight import worklist_rows
from helpline.oversight.call_times import CallTimes, last_sign
from helpline.oversight.worklist_rows import HeldRow
from helpline.request import offers, reveals
from helpline.request.offers import OfferState
from helpline.staff import locks
from helpline.store.engine import Tx


class When(IntEnum):
    """The parts of the list, in their order."""

    DANGER = 0
    """The caller may be in danger, and nobody has talked to them: above all others."""
    REMINDED = 1
    """The service was reminded, and has not reported since. Soon the case is taken from it."""
    CALL_NOW = 2
    """Claimed, and the call window is open."""
    OUTCOME = 3
    """The number was shown, and nobody has said how the call went."""
    AGREED = 4
    """The caller was reached, and the contact that was agreed on is due: nobody has said whether it took place."""
    ANSWER = 5
    LATER = 6
    HELPED_ON = 7


DUE = (When.DANGER, When.REMINDED, When.CALL_NOW, When.OUTCOME, When.AGREED, When.ANSWER)
"""The parts in which somebody should act now."""
AHEAD = offers.CONTACT_AHEAD // timedelta(microseconds=1)
"""So long before an agreed contact it is due, in microseconds."""


class Placed(NamedTuple):
    """A line of the list. Lines are sorted by the first three."""

    when: When
    by: int
    """When its window or its time to answer ends, its window opens, its number was shown or its service was reminded,
    in microseconds. `FAR` if nothing ends."""
    id: str
    """Of the offer."""
    offered: bool
    """Whether it waits for an answer of the service."""
    asked: int
    """When the caller asked, in microseconds."""
    silent: bool
    """Whether its number was shown, and nobody has said how the call went."""
    reminded: int = 0
    """When the service was reminded, in microseconds; 0 if it was not, or has reported since."""

    @property
    def at(self) -> datetime | None:
        """`by` as a datetime, or None if nothing ends."""
        return None if self.by == FAR else instant(self.by)


def held(tx: Tx, service: str) -> list[Placed]:
    """Return the whole list of a service, in order."""
    times, silent = CallTimes(tx.now), worklist_rows.without_outcome(tx, service)
    rows = list(worklist_rows.held(tx, service))
    if any(row.agreed for row in rows) and locks.is_raid_on(tx):
        rows = [row._replace(agreed=None) for row in rows]  # as the notes: nobody must read when a caller comes
    rows = [row._replace(agreed=None) if _is_outside(row) else row for row in rows]
    reminded = {row.id: row.reminded for row in worklist_rows.reminded(tx, service) if last_sign(row) < row.reminded}
    used = reveals.used_before(tx, service)
    return sorted(
        _place(row, times, silent=row.id in silent, reminded=reminded.get(row.id, 0), used=_last_used(row, used))
        for row in rows
    )


def _last_used(row: HeldRow, used: Mapping[str, int]) -> int | None:
    """Return the start of the window in which the number was shown last, to this service or the one before (R11).

    Calls before somebody in danger asked for one keep no window from them, so there only the own one counts.
    """
    if row.risk == NOW or row.id not in used:
        return row.shown_in
    return max(used[row.id], row.shown_in or 0)


def _place(row: HeldRow, times: CallTimes, *, silent: bool, reminded: int, used: int | None) -> Placed:
    """Return the line of an offer."""
    offered = row.state in (OfferState.OPEN, OfferState.PROPOSED)
    when, by = _when(row, times, used, offered=offered)
    if reminded and when is not When.DANGER:
        when, by = When.REMINDED, reminded
    elif silent and when is not When.DANGER:
        when, by = When.OUTCOME, row.shown_in or FAR
    return Placed(when, by, row.id, offered, row.created, silent, reminded)


def _when(row: HeldRow, times: CallTimes, used: int | None, *, offered: bool) -> tuple[When, int]:
    """Return the part of the list that an offer belongs to, and when something ends or begins for it."""
    if row.state == OfferState.FOLLOWED:
        return _agreed(row, times.at)
    if offered:
        return When.DANGER if row.risk == NOW else When.ANSWER, row.until or FAR
    window = times.next(row, but_not=used)
    is_open = window is not None and window.start <= times.at
    by = FAR if window is None else window.end if is_open else window.start
    if row.risk == NOW:
        return When.DANGER, by
    return When.CALL_NOW if is_open else When.LATER, by


def _is_outside(row: HeldRow) -> bool:
    """Whether the service agreed to call at a time that is not among the caller's hours any more (R3)."""
    if row.agreed is None:
        return False
    hours = Hours(row.window, row.days, row.zone, instant(row.since), instant(row.expires))
    return not offers.is_in_hours(row.agreed_how, hours, instant(row.agreed))


def _agreed(row: HeldRow, now: int) -> tuple[When, int]:
    """Return the part of a caller who was reached: the next contact is due, or is to come, or is not agreed on."""
    is_due = row.agreed is not None and row.agreed - AHEAD <= now
    return When.AGREED if is_due else When.HELPED_ON, row.agreed or FAR
