"""Claim an offer, decline it or give a claim back, and ask for the number or for a bridged call.

Each command runs inside one transaction and may run twice. It returns an answer, and sends nothing itself.
"""

from datetime import timedelta

from helpline.casework.answers import (
    AlreadyClaimed,
    Answer,
    CallPlaced,
    Claimed,
    Declined,
    GivenBack,
    NotOpen,
    NumberLeaves,
    Refused,
    Why,
)
from helpline.content.country import in_use
from helpline.referral import pass_on, timeouts
from helpline.referral.context import Context
from helpline.request import attempts, offers, requests
from helpline.request.model import DRILL, CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.reveal import may_reveal
from helpline.reveal.bridging import BRIDGED, CALL, can_be_connected
from helpline.reveal.may_reveal import Refusal
from helpline.staff import openings
from helpline.staff.contact import Actor
from helpline.store import audit_log, outbox
from helpline.store.engine import Tx

LATE_ANSWER = timedelta(days=2)
"""For how long the code of an offer that has ended is still known: using it is no guess."""


def current(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None) -> tuple[Offered, CallbackRequest] | None:
    """Apply the stops that have come in; then return an offer of this desk and its request as they are now (R48)."""
    if offer is None:
        return None
    ctx.settle_stops(tx, offer.request)
    now = offers.get(tx, offer.id)
    request = requests.get(tx, now.request) if now else None
    return (now, request) if now and request and now.service == actor.desk else None


def claim(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None) -> Answer:
    """Claim an open offer. The first to do so gets the card."""
    found = current(ctx, tx, actor, offer)
    if found is None:
        return NotOpen()
    offer, request = found
    if offer.state is OfferState.CLAIMED:
        openings.record(tx, ctx.audit_key, actor.id, request.id)
        return AlreadyClaimed(offer, request.has_wishes)
    if offer.state is OfferState.OPEN and offer.until is not None and offer.until <= tx.now:
        pass_on.pass_on(ctx, tx, offer, OfferState.LAPSED)
        return NotOpen()
    if offer.state is not OfferState.OPEN or not offers.move(tx, offer.id, OfferState.OPEN, OfferState.CLAIMED):
        return NotOpen()
    if not requests.move(tx, request.id, State.OFFERED, State.CLAIMED):
        offers.move(tx, offer.id, OfferState.CLAIMED, OfferState.VOID)
        return NotOpen()
    outbox.drop(tx, "lapse", offer.id)
    timeouts.await_a_sign(ctx, tx, offer.id, request)
    outbox.wake(tx, "waitlist", offer.service, tx.now)  # a claim does not end by itself: others may wait in vain
    attempts.add(tx, offer, actor.id, "claim", State.OFFERED)
    audit_log.append(tx, ctx.audit_key, tx.now, actor.id, "claim", request.id)
    return Claimed(offer, request.has_wishes)


def decline(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None) -> Answer:
    """Decline an open offer, or give a claim back. The next service is asked at once, if the caller agreed to it."""
    found = current(ctx, tx, actor, offer)
    if found is None:
        return NotOpen()
    offer, request = found
    if offer.state not in (OfferState.OPEN, OfferState.CLAIMED):
        _keep_late_no(tx, actor, offer, request)
        return NotOpen()
    attempts.add(tx, offer, actor.id, "pass", request.state)
    pass_on.pass_on(ctx, tx, offer, OfferState.PASSED)
    return GivenBack(offer) if offer.left_at else Declined(offer)


def _keep_late_no(tx: Tx, actor: Actor, offer: Offered, request: CallbackRequest) -> None:
    """Store the *no* of a service from which a coordinator has just taken the request: it is not asked again."""
    moved = attempts.last_moved(tx, request.id, tx.now - LATE_ANSWER)
    if moved and moved.offer == offer.id and not attempts.has_declined(tx, offer.id):
        attempts.add(tx, offer, actor.id, "pass", request.state)
        offers.move(tx, offer.id, OfferState.VOID, OfferState.PASSED)


def ask_number(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None) -> Answer:
    """Ask for the number of a claim: inside the call window, once in it, and written to the audit log first (R32)."""
    found = current(ctx, tx, actor, offer)
    return _let_leave(ctx, tx, actor, *found, "reveal") if found else NotOpen()


def ask_bridge(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None) -> Answer | CallPlaced:
    """Ask for a bridged call, in which nobody sees the number.

    It requires all that a reveal requires, and the call window is used up before any call is made (R11).
    """
    found = current(ctx, tx, actor, offer)
    trunk = in_use(ctx.country.trunk, ctx.config)
    if found is None or not can_be_connected(tx, trunk, actor.desk, found[1]):
        return NotOpen()
    answer = _let_leave(ctx, tx, actor, *found, BRIDGED)
    if not isinstance(answer, NumberLeaves):
        return answer
    outbox.wake(tx, CALL, answer.offer.id, tx.now)
    return CallPlaced()


def _let_leave(ctx: Context, tx: Tx, actor: Actor, offer: Offered, request: CallbackRequest, action: str) -> Answer:
    """Count the number as having left, or return why it may not leave."""
    window = may_reveal.use_up(ctx, tx, actor, offer, request)
    if window is Refusal.NOT_OPEN:
        return Refused(offer, Why.ALREADY_REACHED) if offer.state is OfferState.FOLLOWED else NotOpen()
    if isinstance(window, Refusal):
        return Refused(offer, window)
    action = "practice" if request.kind == DRILL else action
    audit_log.append(tx, ctx.audit_key, tx.now, actor.id, action, request.id)
    return NumberLeaves(offer, window)


def find(ctx: Context, tx: Tx, actor: Actor, code: str) -> Offered | None:
    """Return the offer that five digits belong to: of this desk, and not ended for more than two days."""
    for each in known_to(tx, actor.desk):
        if ctx.offer_code(each.id, each.draws) == code:
            return each
    return None


def known_to(tx: Tx, desk: str) -> list[Offered]:
    """Return the offers whose digits a desk may send: those it has, then those that ended in the last two days."""
    return offers.held_or_ended(tx, desk, tx.now - LATE_ANSWER)


def ended_lately(tx: Tx, desk: str) -> list[Offered]:
    """Return the offers of a desk that have ended in the last two days, the newest first."""
    return offers.ended_of_service(tx, desk, tx.now - LATE_ANSWER)[::-1]
