"""The order of a coordinator's list: danger comes first, then what nobody helps with; what goes well comes last.

One statement reads the open rows that may go wrong, a second one the few whose holder was reminded. Python sorts them
(decision 19) by `_part`. The other rows are counted, and read only for the last pages.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from operator import itemgetter
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
CLAIMED, HELD, CLOSING, ASKED = State.CLAIMED, Part.HELD, Part.CLOSING, Part.ASKED
"""Names for what is used thousands of times. Asking an enum for a member costs several times as much."""
SOON = timedelta(hours=2)
"""An unclaimed request whose call window can be used no longer than this comes before the others."""
SHORT = (SOON + LAST_MINUTES) // MICROSECOND


Group = tuple[bool, Part]
"""Whether nobody is in danger, and the part."""
GOES_WELL = (True, Part.HELD)
"""The first group of those that `worklist_rows.may_go_wrong` leaves out."""
PART_OF: Mapping[str, Part] = {
    State.CLAIMED: Part.HELD, **dict.fromkeys(HELD_ON, Part.HELPED_ON), State.PAUSED: Part.RESTING,
}  # fmt: skip
"""The part of those."""
GROUP_OF = itemgetter(0, 1)


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


def first(tx: Tx, how_many: int) -> tuple[list[Place], Counter[Group]]:
    """Return the places of the first requests of all, and how many requests each group has.

    Most open requests are held by somebody, and nothing is wrong with them. They come last, so the first pages need
    only their number.
    """
    rows = worklist_rows.may_go_wrong(tx)
    placed = _places(tx, rows, worklist_rows.reminded(tx))
    groups, states = Counter(map(GROUP_OF, placed)), worklist_rows.claimed_helped_or_paused(tx)
    states.subtract(row.state for row in rows if row.state == State.CLAIMED)
    for state, count in states.items():
        groups[True, PART_OF[state]] += count
    before = sum(count for group, count in groups.items() if group < GOES_WELL)
    if before < how_many and len(placed) < groups.total():
        placed = sorted([*placed, *_places(tx, worklist_rows.go_well(tx), ())])
    return placed[:how_many], groups


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
    if row.state == CLAIMED:
        return HELD, window.end if window else FAR
    closes = window.end if window and window.start <= times.at else FAR
    part = CLOSING if row.risk == NOW or closes - SHORT < times.at else ASKED
    return part, min(closes, row.until or FAR, row.expires)
