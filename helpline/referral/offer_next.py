"""Offer a request to a service. Its time to answer starts when the gateway has accepted the text."""

from dataclasses import replace
from datetime import datetime, timedelta

from helpline.directory.service import Service
from helpline.matching import candidates, next_step
from helpline.matching.next_step import answer_by
from helpline.matching.ranking import promise
from helpline.referral import context, pass_on
from helpline.referral.context import Context
from helpline.request import offers, requests
from helpline.request.model import CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.store import exclusive, outbox, texts_out
from helpline.store.engine import Tx
from helpline.store.sql import new_id


def offer(ctx: Context, tx: Tx, request: CallbackRequest, line: str, service: Service) -> bool:
    """Ask a service. It answers with five digits that no other offer of its desk has.

    Return False if the last place of the service was taken at the same instant.
    """
    id, draws = new_offer_code(ctx, tx, service.id)  # from here on nobody else can take a place of it
    if service.capacity is not None and candidates.places(tx, service) <= 0:
        return False
    if not offers.add(tx, request.id, line, service.id, draws, id):
        return True  # another request of the line was offered at the same instant; the end of that offer wakes this one
    if not requests.move(tx, request.id, State.WAITING, State.OFFERED):
        offers.move(tx, id, OfferState.OPEN, OfferState.VOID)  # stopped at the same instant
        return True
    texts_out.add(tx, "service", service.id, "to_ngo.offer", "", offer=id, request=request.id, queue=request.queue)
    return True


def hasten(ctx: Context, tx: Tx, offer: Offered, service: Service, request: CallbackRequest) -> None:
    """Shorten a running time to answer if new answers leave less time: danger, or another window."""
    until = _answer_by(ctx, service, request, tx.now)
    if offer.until is not None and offers.hasten(tx, offer.id, until):
        outbox.wake(tx, "lapse", offer.id, until, request.queue)


def taken(ctx: Context, tx: Tx, id: str) -> None:
    """Start the time to answer of an offer: the gateway has accepted its text."""
    offer = offers.get(tx, id)
    request = requests.get(tx, offer.request) if offer else None
    if offer is None or request is None:
        return
    listed = candidates.candidates(tx, ctx.country, request)
    service = next((each for each in listed if each.id == offer.service), None)
    if request.promised_to is None:  # the call dropped before its END screen: what that would have promised counts
        span = promise(listed, context.criteria_for(ctx, tx, request))
        request = replace(request, promised_to=span.end if span else None)
    until = _answer_by(ctx, service, request, tx.now) if service else tx.now + _patience(ctx, request)
    if offers.start_clock(tx, id, until):
        outbox.wake(tx, "lapse", id, until, request.queue)


def _answer_by(ctx: Context, service: Service, request: CallbackRequest, now: datetime) -> datetime:
    return answer_by(service, request, now, _patience(ctx, request))


def _patience(ctx: Context, request: CallbackRequest) -> timedelta:
    return next_step.for_an_answer(ctx.config, request.risk)


def lapse(ctx: Context, tx: Tx, id: str) -> None:
    """Pass a request on to the next service if an offer was not answered in time."""
    offer = offers.get(tx, id)
    if offer and offer.state is OfferState.OPEN and offer.until is not None and offer.until <= tx.now:
        pass_on.pass_on(ctx, tx, offer, OfferState.LAPSED)


def undeliverable(ctx: Context, tx: Tx, id: str) -> None:
    """Pass a request on at once: the text of its offer cannot be delivered."""
    offer = offers.get(tx, id)
    if offer and offer.state is OfferState.OPEN:
        pass_on.pass_on(ctx, tx, offer, OfferState.UNDELIVERABLE)


def new_offer_code(ctx: Context, tx: Tx, desk: str) -> tuple[str, int]:
    """Return the id of a new offer, and a draw with five digits that no other offer of this desk has."""
    id = new_id()
    return id, free_draw(ctx, tx, desk, id)


def free_draw(ctx: Context, tx: Tx, desk: str, id: str, draws: int = 0) -> int:
    """Return the first draw from `draws` on whose five digits no other offer of this desk has.

    Until the transaction ends, no other one draws a code for this desk.
    """
    exclusive.desks(tx, [desk])
    others = {ctx.offer_code(*each) for each in offers.held_codes(tx, desk) if each[0] != id}
    while ctx.offer_code(id, draws) in others:
        draws += 1
    return draws
