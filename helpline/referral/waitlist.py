"""The waitlist of a desk: when the desk has a free place again, waiting requests go on.

If all eligible desks are full, `attend` puts a request on the waitlist of each of them. A worker checks a desk when an
offer there ends or is claimed (`place`), and when a pause of it starts or ends (`waitlist`), so waiting requests need
not be checked in between. If a request that was woken does not take the place, the desk is checked again.
"""

from datetime import datetime

from helpline.directory import services
from helpline.matching import candidates
from helpline.referral import attend, ending, line_turn
from helpline.referral.attend import SELDOM
from helpline.referral.context import Context
from helpline.request import offers, requests, sealed_numbers, waitlist_entries
from helpline.request.model import CallbackRequest, State
from helpline.store import exclusive, outbox
from helpline.store.engine import Tx


def offer_place(ctx: Context, tx: Tx, offer: str) -> None:
    """Check the waitlist of the desk of an offer that has ended or is a claim now."""
    moved = offers.get(tx, offer)
    if moved is not None:
        look_for_room(ctx, tx, moved.service)


def look_for_room(ctx: Context, tx: Tx, service: str) -> datetime | None:
    """Wake the requests that wait for a desk if it has a free place. Return when its pause ends, or None."""
    exclusive.desks(tx, [service])
    found = services.service_by_id(tx, service)
    if found is None:
        return None
    full = candidates.full(tx, [found])
    if service not in full:
        _fill(ctx, tx, service, candidates.places(tx, found))
    elif _is_hopeless(full[service], tx.now):
        _wake_hopeless(ctx, tx, service)
    until = candidates.full_until(tx, service)
    return until if until and until > tx.now else None


def _fill(ctx: Context, tx: Tx, service: str, places: int) -> None:
    """Wake as many waiting requests as there are places, and remove those that can no longer go to this desk.

    A request that must wait for another one of its telephone stays on the waitlist, and the next one is woken.
    """
    for id in waitlist_entries.of(tx, service):
        if places <= 0:
            return
        request, line = requests.get(tx, id), sealed_numbers.line_of(tx, id)
        if request and line is None:
            continue  # its number was just replaced; it is attended to because of that
        if request is None or line is None or service not in attend.untried(ctx, tx, request):
            waitlist_entries.leave(tx, id, service)
        elif not line_turn.is_busy(ctx, tx, id, line):
            _wake(tx, request)
            places -= 1


def _wake(tx: Tx, request: CallbackRequest) -> None:
    if request.state is State.STRANDED:
        ending.resume(tx, request, tx.now)
    else:
        outbox.wake(tx, "attend", request.id, tx.now, request.queue)


def _wake_hopeless(ctx: Context, tx: Tx, service: str) -> None:
    """Wake the requests that wait only for desks that stay full for long, or until nobody knows when."""
    listed = services.services(tx, ctx.country.code)
    hopeless = [id for id, until in candidates.full(tx, listed).items() if _is_hopeless(until, tx.now)]
    for id in waitlist_entries.in_vain(tx, service, hopeless):
        outbox.wake(tx, "attend", id, tx.now, requests.queue_of(tx, id))


def _is_hopeless(free_at: datetime | None, now: datetime) -> bool:
    """Whether requests that wait for a full desk must be woken now. Otherwise they are attended to in time anyway."""
    return free_at is None or free_at - now > SELDOM
