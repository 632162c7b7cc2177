"""The order of a coordinator's list: danger comes first, then what nobody helps with; what goes well comes last.

Python sorts the open requests (decision 19) by `_part`. For a page, SQL counts them by kind. Only the kinds that may be
on that page are read.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from helpline.core.call_windows import LAST_MINUTES, NOW
from helpline.core.clock import FAR, MICROSECOND
from helpline.oversight import worklist_rows
from helpline.oversight.call_times import CallTimes, last_sign
from helpline.oversight.open_requests import Part
from helpline.oversight.worklist_rows import Kind, OpenRow
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
GROUP_OF = itemgetter(0, 1)
PLACE_OF = itemgetter(0)


class Place(NamedTuple):
    """The place of a request in the list. Places are sorted by all four."""

    calm: bool
    """Whether nobody is in danger. A request in danger is above all others."""
    part: Part
    at: int
    """The instant by which it is sorted inside its part, in microseconds."""
    id: str


class Stretch(NamedTuple):
    """Where the requests of a kind are in the list: not before `first`, and not after `last`."""

    first: tuple[bool, Part, int]
    last: tuple[bool, Part, int]
    kind: Kind


def everything(tx: Tx) -> list[Place]:
    """Return the places of all open requests but drills, in order."""
    return _places(worklist_rows.open_rows(tx), CallTimes(tx.now), _late(tx))


def page(tx: Tx, first: int, last: int) -> tuple[list[Place], Counter[Group]]:
    """Return the places from one number to another (not included), and how many requests each group has.

    Requests with the same hours are at about the same place, so most are only counted.
    """
    times, kinds = CallTimes(tx.now), worklist_rows.kinds(tx)
    alone = worklist_rows.singles(tx, kinds)
    singles = _places(alone.values(), times, _late(tx))
    counted = Counter(row[1:6] for row in alone.values())
    left = [each._replace(size=each.size - counted[each[:5]]) for each in kinds]
    stretches = [_stretch(each, times) for each in left if each.size > 0]
    groups = Counter(map(GROUP_OF, singles))
    for each in stretches:
        groups[each.first[:2]] += each.kind.size
    wanted, before = _on_page(stretches, [place[:3] for place in singles], first, last)
    others = (row for row in worklist_rows.of_kinds(tx, wanted) if row.id not in alone)
    placed = sorted([*singles, *_places(others, times, {})])
    return placed[first - before : last - before], groups


def _stretch(kind: Kind, times: CallTimes) -> Stretch:
    """Return where the requests of a kind are that have no place of their own. All are in one part.

    The instants of claims depend on their hours, and on whether they expire before these. Others have their own.
    What has expired is placed by itself, but may be the first of its kind to do so. Then the stretch is only longer.
    """
    row = kind.row(kind.last_expires)
    part, soonest = _part(row, times, None)
    calm = _is_calm(row, part)
    if part is not HELD:
        return Stretch((calm, part, 0), (calm, part, FAR), kind)
    _, latest = _part(kind.row(kind.first_expires), times, None)
    return Stretch((calm, part, soonest), (calm, part, latest), kind)


def _on_page(
    stretches: list[Stretch], singles: list[tuple[bool, Part, int]], first: int, last: int
) -> tuple[list[Kind], int]:
    """Return the kinds of which some may be on a page, and how many requests of other kinds come before the page."""
    starts = sorted([*((each.first, each.kind.size) for each in stretches), *((place, 1) for place in singles)])
    ends = sorted([*((each.last, each.kind.size) for each in stretches), *((place, 1) for place in singles)])
    started, ended = ([0, *accumulate(count for _, count in found)] for found in (starts, ends))
    kinds, before = list[Kind](), 0
    for each in stretches:
        if started[bisect_right(starts, each.last, key=PLACE_OF)] <= first:
            before += each.kind.size
        elif ended[bisect_left(ends, each.first, key=PLACE_OF)] < last:
            kinds.append(each.kind)
    return kinds, before


def stranded_or_urgent(tx: Tx) -> list[Place]:
    """Return the places of those that no service is left for, or whose caller may be in danger."""
    return _places(worklist_rows.stranded_or_urgent(tx), CallTimes(tx.now), _late(tx))


def part_of(tx: Tx, id: str) -> Part:
    """Return the part of one request, also of one that is over or has gone."""
    placed = _places(worklist_rows.open_row(tx, id), CallTimes(tx.now), _late(tx, id))
    return placed[0].part if placed else Part.OVER


def _late(tx: Tx, id: str | None = None) -> dict[str, int]:
    """Return when their holders were reminded, of the requests whose holder is silent since: of all, or of one."""
    reminded = worklist_rows.reminded(tx, request=id)
    return {each.request: each.reminded for each in reminded if last_sign(each) < each.reminded}


def _places(rows: Iterable[OpenRow], times: CallTimes, late: Mapping[str, int]) -> list[Place]:
    """Return the places of requests in order."""
    placed = list[Place]()
    for row in rows:
        part, at = _part(row, times, late.get(row.id) or row.missed)
        placed.append(Place(_is_calm(row, part), part, at, row.id))
    return sorted(placed)


def _is_calm(row: OpenRow, part: Part) -> bool:
    return row.risk != NOW or part in DANGER_IS_OVER


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
