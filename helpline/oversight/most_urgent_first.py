"""The order of a coordinator's list: danger comes first, then what nobody helps with; what goes well comes last.

The open rows are read in one statement and sorted in Python (decision 19). `_part` defines the order.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from helpline.core.call_windows import LAST_MINUTES, NOW, Hours
from helpline.core.clock import FAR, MICROSECOND, instant, micros
from helpline.matching.next_step import heard_last
from helpline.oversight import worklist_rows
from helpline.oversight.call_times import CallTimes
from helpline.oversight.open_requests import Part
from helpline.oversight.worklist_rows import OpenRow
from helpline.request.model import HELD_ON, OVER, State
from helpline.store.engine import Tx

DANGER_IS_OVER = frozenset({Part.HELPED_ON, Part.RESTING, Part.OVER})
"""Parts in which danger is not loud: somebody has talked to the caller, or nobody may call them."""
TO_BE_CALLED = frozenset({State.WAITING, State.OFFERED, State.CLAIMED})
SOON = timedelta(hours=2)
"""An unclaimed request whose call window can be used no longer than this comes before the others."""
SHORT = (SOON + LAST_MINUTES) // MICROSECOND


class Place(NamedTuple):
    """The place of a request in the list. Places are sorted by all four."""

    calm: bool
    """Whether nobody is in danger. A request in danger is above all others."""
    part: Part
    at: int
    """The instant by which it is sorted inside its part, in microseconds."""
    id: str


def everything(tx: Tx) -> list[Place]:
    """Return the places of all open requests but drills, in order."""
    return _places(tx, worklist_rows.open_rows(tx))


def part_of(tx: Tx, id: str) -> Part:
    """Return the part of one request, also of one that is over or has gone."""
    placed = _places(tx, worklist_rows.open_row(tx, id))
    return placed[0].part if placed else Part.OVER


def _places(tx: Tx, rows: Iterable[OpenRow]) -> list[Place]:
    """Return the places of requests in order."""
    times, placed = CallTimes(tx.now), list[Place]()
    for row in rows:
        part, at = _part(row, times)
        placed.append(Place(row.risk != NOW or part in DANGER_IS_OVER, part, at, row.id))
    return sorted(placed)


def _part(row: OpenRow, times: CallTimes) -> tuple[Part, int]:
    """Return the part of the list and the instant by which the request is sorted there."""
    if row.state in TO_BE_CALLED:
        return _to_be_called(row, times)
    if row.state in OVER:
        return Part.OVER, row.created
    if row.state == State.STRANDED:
        return Part.STRANDED, row.updated
    if row.state == State.FROZEN and row.stranger:
        return Part.FROZEN, row.stranger
    if row.state in HELD_ON:
        return Part.HELPED_ON, row.claimed or row.created
    return Part.RESTING, row.created


def _to_be_called(row: OpenRow, times: CallTimes) -> tuple[Part, int]:
    """Return the place of a request whose caller has not been reached yet."""
    if row.reminded and row.claimed and _last_sign(row, row.claimed) < row.reminded:
        return Part.LATE, row.reminded
    if row.promised_to and row.promised_to <= times.at and not row.reveals:
        return Part.LATE, row.promised_to
    window = times.next(row)
    if row.state == State.CLAIMED:
        return Part.HELD, window.end if window else FAR
    closes = window.end if window and window.start <= times.at else FAR
    part = Part.CLOSING if row.risk == NOW or closes - SHORT < times.at else Part.ASKED
    return part, min(closes, row.until or FAR, row.expires)


def _last_sign(row: OpenRow, claimed: int) -> int:
    """Return the instant from which a claim counts as silent."""
    hours = Hours(row.window, row.days, row.zone, instant(row.since), instant(row.expires))
    shown, heard = (None if each is None else instant(each) for each in (row.shown_in, row.heard))
    return micros(heard_last(hours, instant(claimed), shown, heard))
