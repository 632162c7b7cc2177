"""Who waits for a place at a desk, and what becomes of them when something changes there.

A request that finds every desk that fits full is noted at each of them (`attending`). An end of an offer and a claim
(`place`), a pause and its end (`waitlist_entries`) have a worker look at that desk, so that nobody who waits is looked
at for nothing. Where whoever is woken does not take the place, it looks there again: a place waits for nobody.
"""

from datetime import datetime

from helpline.directory import services
from helpline.matching import candidates
from helpline.referral import attend, ending
from helpline.referral.attend import SELDOM
from helpline.referral.context import Context
from helpline.request import offers, requests, sealed_numbers, waitlist_entries
from helpline.request.model import CallbackRequest, State
from helpline.store import outbox
from helpline.store.engine import Tx


def offer_place(ctx: Context, tx: Tx, offer: str) -> None:
    """See to those who wait for the desk of an offer: it has ended, or is a claim now."""
    moved = offers.get(tx, offer)
    if moved is not None:
        look_for_room(ctx, tx, moved.service)


def look_for_room(ctx: Context, tx: Tx, service: str) -> datetime | None:
    """See to those who wait for a desk; give when its pause ends, None where it has none."""
    ctx.settle_stops(tx)
    found = services.service_by_id(tx, service)
    if found is None:
        return None
    full = candidates.full(tx, [found])
    if service not in full:
        _next(ctx, tx, service, candidates.places(tx, found))
    elif _is_hopeless(full[service], tx.now):
        _in_vain(ctx, tx, service)
    until = candidates.full_until(tx, service)
    return until if until and until > tx.now else None


def _next(ctx: Context, tx: Tx, service: str, places: int) -> None:
    """There is room: as many go on as there are places. Who cannot go there any more waits for it no more.

    Who must wait for another request of her telephone stays where she is, and the next one goes on.
    """
    for id in waitlist_entries.of(tx, service):
        if places <= 0:
            return
        request, line = requests.get(tx, id), sealed_numbers.line_of(tx, id)
        if request is None or line is None or service not in attend.untried(ctx, tx, request):
            waitlist_entries.leave(tx, id, service)
        elif not attend.is_busy(tx, id, line):
            _go_on(tx, request)
            places -= 1


def _go_on(tx: Tx, request: CallbackRequest) -> None:
    if request.state is State.STRANDED:
        ending.resume(tx, request, tx.now)
    else:
        outbox.wake(tx, "attend", request.id, tx.now, request.queue)


def _in_vain(ctx: Context, tx: Tx, service: str) -> None:
    """It has no room for long, or nobody can say when: who waits for no desk with hope is looked at now."""
    listed = services.services(tx, ctx.country.code)
    hopeless = [id for id, until in candidates.full(tx, listed).items() if _is_hopeless(until, tx.now)]
    for id in waitlist_entries.in_vain(tx, service, hopeless):
        outbox.wake(tx, "attend", id, tx.now, requests.queue_of(tx, id))


def _is_hopeless(free_at: datetime | None, now: datetime) -> bool:
    """Tell whether who waits for a full desk should be looked at: else one looks in time by itself."""
    return free_at is None or free_at - now > SELDOM
