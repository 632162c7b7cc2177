"""The order of a coordinator's list: danger comes first, then what nobody helps with; what goes well comes last.

One statement reads the open rows, a second one the few whose holder was reminded. Python sorts them (decision 19) by
`_part`.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from helpline.core.call_windows import LAST_MINUTES, NOW
from helpline.core.clock import FAR, MICROSECOND
from helpline.oversight import worklist_rows
from helpline.oversight.call_times import CallTimes, last_sign
from helpline.oversight.open_requests import Part
from helpline.oversight.worklist_rows import OpenRow, RemindedRow
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
    return _places(tx, worklist_rows.open_rows(tx), worklist_rows.reminded(tx))


def stranded_or_urgent(tx: Tx) -> list[Place]:
    """Return the places of those that no service is left for, or whose caller may be in danger."""
    return _places(tx, worklist_rows.stranded_or_urgent(tx), worklist_rows.reminded(tx))


def part_of(tx: Tx, id: str) -> Part:
    """Return the part of one request, also of one that is over or has gone."""
    placed = _places(tx, worklist_rows.open_row(tx, id), worklist_rows.reminded(tx, request=id))
    return placed[0].part if placed else Part.OVER


def _places(tx: Tx, rows: Iterable[OpenRow], reminded: Iterable[RemindedRow]) -> list[Place]:
    """Return the places of requests in order."""
    times, placed = CallTimes(tx.now), list[Place]()
    late = {each.request: each.reminded for each in reminded if last_sign(each) < each.reminded}
    for row in rows:
        part, at = _part(row, times, late.get(row.id) or row.missed)
        placed.append(Place(row.risk != NOW or part in DANGER_IS_OVER, part, at, row.id))
    return sorted(placed)


def _part(row: OpenRow, times: CallTimes, late: int | None) -> tuple[Part, int]:
    """Return the part of the list and the instant by which the request is sorted there."""
    if row.state in TO_BE_CALLED:
        return (Part.LATE, late) if late else _to_be_called(row, times)
    if row.state in OVER:
        return Part.OVER, row.created
    if row.state == State.STRANDED:
        return Part.STRANDED, row.began or row.created
    if row.state == State.FROZEN and row.began:
        return Part.FROZEN, row.began
    if row.state in HELD_ON:
        return Part.HELPED_ON, row.began or row.created
    return Part.RESTING, row.created


def _to_be_called(row: OpenRow, times: CallTimes) -> tuple[Part, int]:
    """Return the place of a request whose caller has not been reached yet. Its holder is not silent."""
    window = times.next(row)
    if row.state == State.CLAIMED:
        return Part.HELD, window.end if window else FAR
    closes = window.end if window and window.start <= times.at else FAR
    part = Part.CLOSING if row.risk == NOW or closes - SHORT < times.at else Part.ASKED
    return part, min(closes, row.until or FAR, row.expires)
