"""Attending to a request: whom to ask next, of those who may be asked, or whom to call where nobody is left.

What comes next is decided in `next_step`, which services fit in `ranking`. Here the database is asked and told.
"""

from collections.abc import Container, Iterable, Iterator, Set
from datetime import datetime, timedelta

from helpline.core.call_windows import NOW
from helpline.directory.service import Service
from helpline.matching import candidates
from helpline.matching.next_step import Action, CallAPerson, Expire, Leave, Offer, decide, waits_until
from helpline.matching.ranking import in_order, why_not
from helpline.referral import context, ending, offer_next, pass_on, timeouts
from helpline.referral.context import Context
from helpline.request import offers, phone_lines, requests, sealed_numbers, waitlist_entries
from helpline.request.model import DRILL, CallbackRequest, State
from helpline.request.offers import OfferState
from helpline.staff import contacts
from helpline.store import outbox
from helpline.store.engine import Tx

UNANSWERED = frozenset({State.WAITING, State.OFFERED, State.STRANDED})
LOOK_AGAIN, SELDOM = timedelta(minutes=10), timedelta(hours=1)
"""When to look again at a request that waits, and at one that a desk wakes (`waitlist_entries`) while there is time."""
A_MOMENT = timedelta(minutes=1)
MOST_PUT_OFF = timedelta(hours=1)
"""What a flood of one telephone waits for others at most: the end of the queue is in it (R49)."""


def attend(ctx: Context, tx: Tx, id: str) -> datetime | None:
    """Do what a request needs next; give when to look again, None where an event will say."""
    ctx.settle_stops(tx)
    request, line = requests.get(tx, id), sealed_numbers.line_of(tx, id)
    if request is None or line is None:
        return None
    if request.kind == DRILL:
        ending.end_drill(tx, request)
        return None
    services = candidates.candidates(tx, ctx.country, request)
    _alarm(ctx, tx, request)
    if request.state is State.OFFERED:
        request = _refit(ctx, tx, request, services)
    if _gives_way(ctx, tx, request, line):
        return tx.now + A_MOMENT
    asked, full = offers.asked(tx, id), candidates.full(tx, services)
    able = _able(ctx, tx, request, services, asked, full)
    busy = is_busy(tx, id, line)
    action = decide(request, able, asked, busy, tx.now, full)
    _carry_out(ctx, tx, action, request, line)
    for desk in waitlist_entries.put(tx, id, action.full if isinstance(action, Leave | CallAPerson) else ()):
        outbox.wake(tx, "waitlist", desk, tx.now)  # a place that this one was woken for may be the next one's
    return _later(ctx, request, action, tx.now) if isinstance(action, Leave) else None


def is_busy(tx: Tx, id: str, line: str) -> bool:
    """Tell whether a request must wait for another one of its telephone: one at a time a line, the newest (R27)."""
    return phone_lines.is_taken(tx, line) or phone_lines.newest_waiting(tx, line) not in (id, None)


def _carry_out(ctx: Context, tx: Tx, action: Action, request: CallbackRequest, line: str) -> None:
    match action:
        case Offer(service):
            offer_next.offer(ctx, tx, request, line, service)
        case CallAPerson():
            pass_on.strand(ctx, tx, request)
        case Expire():
            timeouts.expire(ctx, tx, request.id)
        case Leave():
            pass


def _later(ctx: Context, request: CallbackRequest, left: Leave, now: datetime) -> datetime | None:
    """Give when to look at a waiting request again. That a held line broke its promise is counted, once (R39)."""
    if request.state is not State.WAITING:
        return None
    if now < request.due:
        return request.due
    if not left.full and request.promised_to and request.promised_to <= now < request.promised_to + LOOK_AGAIN:
        ctx.log("promise_missed", request.id)
    until = waits_until(request)
    return now + (SELDOM if left.full and until and until - now > 2 * SELDOM else LOOK_AGAIN)


def _gives_way(ctx: Context, tx: Tx, request: CallbackRequest, line: str) -> bool:
    """Tell whether a request waits until nobody else does: one of many from a telephone in a day (R49).

    Never in danger, and never for longer than an hour.
    """
    late = not request.due <= tx.now < request.due + MOST_PUT_OFF
    if late or request.state is not State.WAITING or request.risk == NOW:
        return False
    made = phone_lines.made_before(tx, line, request.created, request.created - timedelta(days=1))
    return made >= ctx.config.requests_a_day and outbox.others_due(tx, "attend", request.id)


def _alarm(ctx: Context, tx: Tx, request: CallbackRequest) -> None:
    """Tell the coordinator first in turn of danger, once a request, beside whatever service is asked."""
    danger = request.risk == NOW and request.state in UNANSWERED
    if danger and requests.mark_alarmed(tx, request.id):
        pass_on.tell_coordinator(ctx, tx, "to_ngo.danger", request=request.id)


def _refit(ctx: Context, tx: Tx, request: CallbackRequest, services: list[Service]) -> CallbackRequest:
    """Take an open offer back where later answers no longer fit it, and give the request as it then stands."""
    for offer in offers.live_of_request(tx, request.id):
        service = next((s for s in services if s.id == offer.service), None)
        if service is None or why_not(service, context.criteria_for(ctx, request, tx.now)):
            ending.end_offer(tx, offer, OfferState.VOID)
            requests.move(tx, request.id, State.OFFERED, State.WAITING, due=tx.now)
        else:
            offer_next.hasten(ctx, tx, offer, service, request)
    return requests.get(tx, request.id) or request


def _able(
    ctx: Context, tx: Tx, request: CallbackRequest, services: list[Service], asked: Set[str], full: Container[str],

) -> Iterable[Service]:  # fmt: skip
    """Give who may be asked about a request and was not, best first.

    Nobody, where its line is frozen (R8); who agreed to one service only is given to none but that one (R28). None
    that has no telephone that counts: of a full desk, which is only waited for, that is looked at when it has room.
    """
    if pass_on.is_barred(tx, request):
        return ()
    able = in_order([each for each in services if each.id not in asked], context.criteria_for(ctx, request, tx.now))
    had = offers.shown_to(tx, request.id) if request.short_form else ()
    reached = (each for each in able if each.id in full or contacts.of_service(tx, each.id))
    return (each for each in reached if each.id in had) if had else reached


def untried(ctx: Context, tx: Tx, request: CallbackRequest) -> Iterator[str]:
    """Give the ids of who could be asked about a request and has not been: newly listed, or full before."""
    listed = candidates.candidates(tx, ctx.country, request)
    full = candidates.full(tx, listed)
    able = _able(ctx, tx, request, listed, offers.asked(tx, request.id), full)
    return (each.id for each in able if each.id not in full)


def directory_changed(ctx: Context, tx: Tx) -> None:
    """Let every stranded request wait again for which there is somebody new; look at all that wait for a desk."""
    for request in requests.in_state(tx, State.STRANDED):
        if any(untried(ctx, tx, request)):
            ending.resume(tx, request, tx.now)
    for id in waitlist_entries.everybody(tx):
        outbox.wake(tx, "attend", id, tx.now, requests.queue_of(tx, id))
