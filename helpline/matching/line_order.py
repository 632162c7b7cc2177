"""Which request of a phone line is next (R27), and how long those of a telephone that asks often wait (R49).

Pure. The screens never show that a request waits here. Otherwise a person who holds the phone could read from them
that somebody has used it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from helpline.request.model import OnLine

MOST_PUT_OFF = timedelta(minutes=30)
"""How long a limit postpones a request, at most."""
NAMINGS_A_DAY = 2
"""How often a day a telephone may be named on other telephones before a naming is postponed."""
A_DAY = timedelta(days=1)


def next_waiting(line: Sequence[OnLine], requests_a_day: int, now: datetime, *, others_wait: bool) -> str | None:
    """Return the id of the request that is offered next on a line, or None if none waits. `line` is newest first.

    It is the newest one (R27), or the newest that was made in danger on this telephone itself (R1). A postponed naming
    does not keep the others waiting, and no postponed request keeps one in danger waiting.
    """
    waiting = [each for each in line if each.waits]
    ready = [each for each in waiting if not naming_put_off(line, each, now)] or waiting
    if not ready:
        return None
    newest = next((each for each in ready if each.in_danger and not each.was_named), ready[0])
    if others_wait and flood_put_off(line, newest, requests_a_day, now):
        newest = next((each for each in ready if each.in_danger), newest)
    return newest.id


def flood_put_off(line: Sequence[OnLine], request: OnLine, requests_a_day: int, now: datetime) -> datetime | None:
    """Return until when a request makes way for those of other telephones, or None.

    It is one of many that its telephone made in a day. The time counts from the first of those that still wait, so that
    more requests cannot keep the line waiting for longer.
    """
    if not request.waits or request.in_danger or not _is_over(line, request, requests_a_day):
        return None
    over = [each for each in line if each.waits and not each.in_danger and _is_over(line, each, requests_a_day)]
    until = min(each.created for each in over) + MOST_PUT_OFF
    return until if now < until else None


def naming_put_off(line: Sequence[OnLine], request: OnLine, now: datetime) -> datetime | None:
    """Return until when a request waits because its number was named too often in a day, or None.

    Until then the owner of that telephone can stop all calls to it.
    """
    named = [each for each in line if each.was_named]
    if not request.waits or request.in_danger or not request.was_named or not _is_over(named, request, NAMINGS_A_DAY):
        return None
    until = request.created + MOST_PUT_OFF
    return until if now < until else None


def _is_over(line: Sequence[OnLine], request: OnLine, most: int) -> bool:
    earlier = (each for each in line if request.created - A_DAY <= each.created < request.created)
    return sum(1 for _ in earlier) >= most
