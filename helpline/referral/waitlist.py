"""The waitlist of a desk: when the desk has a free place again, waiting requests go on.

If all eligible desks are full, `attend` puts a request on the waitlist of each of them. A worker checks a desk when an
offer there ends or is claimed (`place`), and when a pause of it starts or ends (`waitlist`), so waiting requests need
not be checked in between. If a request that was woken does not take the place, the desk is checked again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from helpline.directory import services
from helpline.directory.service import Service
from helpline.matching import candidates
from helpline.referral import attend, ending, line_turn
from helpline.referral.attend import SELDOM
from helpline.referral.context import Context
from helpline.request import offers, requests, sealed_numbers, waitlist_entries
from helpline.request.model import CallbackRequest, State
from helpline.store import exclusive, outbox
from helpline.store.engine import Tx

MOST_REMOVED = 3
"""So many requests that no longer fit are removed at once. Each is checked again while others wait for the desk."""


def offer_place(ctx: Context, tx: Tx, offer: str) -> None:
    """Check the waitlist of the desk of an offer that has ended or is a claim now, and what is still stored with it."""
    offers.forget_agreed(tx, offer)
    moved = offers.get(tx, offer)
    if moved is not None:
        look_for_room(ctx, tx, moved.service)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for a desk, as it was when it was checked."""

    request: CallbackRequest
    fits: bool
    """Whether the desk could be asked about it."""
    is_next: bool
    """Whether it fits, and no other request of its telephone goes first."""


def look_for_room(ctx: Context, tx: Tx, service: str) -> datetime | None:
    """Wake the requests that wait for a desk if it has a free place. Return when its pause ends, or None.

    All are checked before the desk is locked and before any row is changed: others need these, and hundreds may wait.
    """
    found = services.service_by_id(tx, service)
    if found is None:
        return None
    seen = {} if service in candidates.full(tx, [found]) else _check_in_turn(ctx, tx, found)
    exclusive.desks(tx, [service])
    full = candidates.full(tx, [found])
    if service not in full:
        _fill(ctx, tx, found, seen)
    elif _is_hopeless(full[service], tx.now):
        _wake_hopeless(ctx, tx, service)
    until = candidates.full_until(tx, service)
    return until if until and until > tx.now else None


def _check_in_turn(ctx: Context, tx: Tx, service: Service) -> Mapping[str, Waiting | None]:
    """Check the requests that wait for a desk until there is one for each place."""
    seen, places = dict[str, Waiting | None](), candidates.places(tx, service)
    for id in waitlist_entries.of(tx, service.id):
        if places <= 0:
            break
        seen[id] = waiting = _check(ctx, tx, service, id)
        places -= waiting is not None and waiting.is_next
    return seen


def _check(ctx: Context, tx: Tx, service: Service, id: str) -> Waiting | None:
    """Check one request. None: its number was just replaced, and it is attended to because of that."""
    request, line = sealed_numbers.with_line(tx, id)
    if request is None or line is None:
        return None
    fits = attend.could_ask(ctx, tx, request, service)
    return Waiting(request, fits, fits and not line_turn.is_busy(ctx, tx, id, line))


def _fill(ctx: Context, tx: Tx, service: Service, seen: Mapping[str, Waiting | None]) -> None:
    """Wake as many waiting requests as there are places, and remove those that can no longer go to this desk.

    A request that must wait for another one of its telephone stays on the waitlist, and the next one is woken. One that
    has come since the others were checked is checked now. One is only removed if it still does not fit.
    """
    places, unfit = candidates.places(tx, service), list[str]()
    for id in waitlist_entries.of(tx, service.id):
        if places <= 0:
            break
        waiting = seen[id] if id in seen else _check(ctx, tx, service, id)
        if waiting and waiting.is_next:
            places -= _wake(ctx, tx, id)
        elif waiting and not waiting.fits:
            unfit.append(id)
    for id in unfit[:MOST_REMOVED]:
        _remove(ctx, tx, service, id)


def _remove(ctx: Context, tx: Tx, service: Service, id: str) -> None:
    """Remove a request from the waitlist of a desk if it still does not fit, by what is true now.

    One that somebody else works on is left for the next check: they may wait for a request that was woken here.
    """
    if not requests.lock_if_free(tx, id):
        return
    waiting = _check(ctx, tx, service, id)
    if waiting and not waiting.fits:
        waitlist_entries.leave(tx, id, service.id)


def _wake(ctx: Context, tx: Tx, id: str) -> bool:
    """Wake a request as it is now: since it was checked, it may have become urgent. Return False if it cannot go.

    Another one of its telephone may have been woken just before.
    """
    request, line = sealed_numbers.with_line(tx, id)
    if request is None or line is None or line_turn.is_busy(ctx, tx, id, line):
        return False
    if request.state is State.STRANDED:
        ending.resume(tx, request, tx.now)
    else:
        outbox.wake(tx, "attend", id, tx.now, request.queue)
    return True


def _wake_hopeless(ctx: Context, tx: Tx, service: str) -> None:
    """Wake the requests that wait only for desks that stay full for long, or until nobody knows when."""
    listed = services.services(tx, ctx.country.code)
    hopeless = [id for id, until in candidates.full(tx, listed).items() if _is_hopeless(until, tx.now)]
    for id in waitlist_entries.in_vain(tx, service, hopeless):
        outbox.wake(tx, "attend", id, tx.now, requests.queue_of(tx, id))


def _is_hopeless(free_at: datetime | None, now: datetime) -> bool:
    """Whether requests that wait for a full desk must be woken now. Otherwise they are attended to in time anyway."""
    return free_at is None or free_at - now > SELDOM
