"""Time limits of a claim and of the consent.

A claim is a promise to a person who waits for a call. If nothing is heard of the claimant, it is reminded and a
coordinator is told; then the next service is asked. Its signs of life are that it asks for the number and reports the
call. The time counts from when the caller could be called.

When the consent ends, nobody may call any more (R30).
"""

from datetime import datetime, timedelta

from helpline.core.call_windows import next_window
from helpline.matching import next_step
from helpline.matching.next_step import heard_last
from helpline.referral import ending, pass_on
from helpline.referral.context import Context
from helpline.request import attempts, case_owners, free_windows, offers, phone_lines, requests, sealed_numbers
from helpline.request.model import DRILL, HELD_ON, MAY_FOLLOW, OVER, CallbackRequest, Outcome, State
from helpline.request.offers import Offered, OfferState
from helpline.store import outbox
from helpline.store.engine import Tx

REMIND_OWNER = "to_ngo.remind_owner"


def await_a_sign(ctx: Context, tx: Tx, offer: str, request: CallbackRequest) -> None:
    """Check whether anything is heard of a claim that is made now, once its service has had time to call."""
    first, _ = next_step.for_a_sign(ctx.config, request.risk)
    outbox.wake(tx, "silent", offer, heard_last(request.hours, tx.now, None, None) + first, request.queue)


def remind_or_release(ctx: Context, tx: Tx, id: str) -> datetime | None:
    """Check whether anything was heard of a claim. Return when to check again, or None if the claim is over.

    One that reported its last call, in vain, ends without a reminder: there is nothing left to report.

    After `silent_hours` the claimant is reminded and a coordinator is told; `silent_more_hours` later the claim is
    taken from it. In danger these are minutes: as long as for an offer, then as long as for an urgent offer.
    """
    offer = offers.get(tx, id)
    request = requests.get(tx, offer.request) if offer else None
    if offer is None or request is None or offer.claimed is None:
        return None
    if offer.state is not OfferState.CLAIMED or request.state is not State.CLAIMED or request.kind == DRILL:
        return None  # practice ends by itself, and nobody is called about it
    calls = [at for _, at in free_windows.counted_calls(tx, offer.line, request)]
    heard = heard_last(request.hours, offer.claimed, offer.shown_in, attempts.last_report(tx, id), calls)
    first, more = next_step.for_a_sign(ctx.config, request.risk)
    if tx.now < heard + first:
        return heard + first
    is_reported = offer.shown_in is not None and attempts.has_outcome(tx, offer)
    if is_reported and next_window(request.hours, tx.now) is None:
        _release(ctx, tx, offer)  # it has called in vain, and may not call again
        return None
    if offer.reminded is None or offer.reminded < heard:
        _remind(ctx, tx, offer)
        return tx.now + more
    if tx.now < offer.reminded + more:
        return offer.reminded + more
    _release(ctx, tx, offer)
    return None


def _remind(ctx: Context, tx: Tx, offer: Offered) -> None:
    """Remind the service, and by name the colleague who does the case: accounts have no telephone of their own."""
    offers.remind(tx, offer.id)
    ending.tell_service(tx, offer, REMIND_OWNER if case_owners.of_case(tx, offer) else "to_ngo.remind")
    pass_on.tell_coordinator(ctx, tx, "to_ngo.silent", request=offer.request, offer=offer.id, but_not=offer.service)


def _release(ctx: Context, tx: Tx, offer: Offered) -> None:
    ctx.log("silent_claim", offer.request)
    pass_on.pass_on(ctx, tx, offer, OfferState.LAPSED)
    ending.tell_service(tx, offer, "to_ngo.stop")


NOT_REACHED = frozenset({State.WAITING, State.OFFERED, State.STRANDED, State.CLAIMED, State.FROZEN})
"""States in which nobody has talked to the caller, so that a coordinator must know that the consent has ended."""


PUT_OFF = timedelta(minutes=10)
"""When to look again whether a clock that was set is beyond doubt."""


def expire(ctx: Context, tx: Tx, id: str) -> datetime | None:
    """End a request whose consent has ended. If nobody has talked to the caller, tell a coordinator.

    Nothing ends because of a clock that may be wrong: return when to look again.
    """
    request = requests.hold(tx, id)
    if request is None or request.state in OVER:
        return None
    ends = min(request.expires, request.created + timedelta(days=ctx.config.keep_days))
    if tx.now < ends:
        return ends  # a clock that was set ahead, and is right again
    if not tx.sure:
        return tx.now + PUT_OFF
    if request.kind == DRILL:
        ending.end_drill(tx, request)
        return None
    if request.state in HELD_ON and tx.now < request.created + timedelta(days=ctx.config.keep_days):
        return None  # the caller was reached in time; `follow` limits how long the service goes on helping
    _end(ctx, tx, request)
    return None


def _end(ctx: Context, tx: Tx, request: CallbackRequest) -> None:
    """End a request whose consent has ended, its offers and its claim."""
    id = request.id
    if request.state in NOT_REACHED:
        pass_on.tell_coordinator(ctx, tx, "to_ngo.expired", request=id)
    if request.frozen_at and (line := sealed_numbers.line_of(tx, id)):
        phone_lines.hand_on_freeze(tx, line, request.frozen_at)
    if request.state is State.OFFERED:
        for offer in offers.live_of_request(tx, id):
            ending.take_back(tx, offer)
        requests.move(tx, id, State.OFFERED, State.WAITING)
        request = requests.get(tx, id) or request
    end = State.EXPIRED if State.EXPIRED in MAY_FOLLOW[request.state] else State.CLOSED
    ending.stop(tx, request, end, Outcome.UNREACHABLE if request.state is State.CLAIMED else None)
