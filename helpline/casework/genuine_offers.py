"""Settle offers and claims without a valid code: made before there were codes, or with another key, or forged.

A claim that the audit log vouches for is sealed: its service goes on, and is sent its digits, which are new. Everything
else is ended, and the request waits for a service again, so no caller is lost. A service that may have the number is
told not to call, and coordinators who were called are called again.

Nothing is settled while no contact is genuine, as after a change of the contact key until the directory is imported:
nobody could be told.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from helpline.casework.sms_answers import tell
from helpline.referral import ending, offer_next
from helpline.referral.context import Context
from helpline.referral.ending import News
from helpline.referral.own_hours import restore
from helpline.request import forged_offers, offers, requests
from helpline.request.model import HELD_ON, CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.staff import contacts, people
from helpline.store import audit_log, exclusive, outbox, texts_out
from helpline.store.engine import Tx

CLAIMED = ("claim", "undo")
"""In the audit log: what makes a claim, or makes it one again."""
HELD: Mapping[OfferState, Collection[State]] = {OfferState.CLAIMED: {State.CLAIMED}, OfferState.FOLLOWED: HELD_ON}
"""The states of a claim, and those of its request. In another one it was stopped while the claim was not genuine."""
WATCHES: Mapping[OfferState, str] = {OfferState.CLAIMED: "silent", OfferState.FOLLOWED: "follow"}
"""The work that watches a claim: it was dropped if it came up while the claim was not genuine."""
CALLS: Mapping[State, str] = {State.FROZEN: "frozen", State.STRANDED: "page"}
"""The work that calls coordinators about a request."""


def settle(ctx: Context, tx: Tx) -> None:
    """Seal the claims that the audit log vouches for, and end all other rows that are not genuine."""
    if not any(contacts.of_kind(tx, kind, ctx.country.code) for kind in ("service", "coordinator")):
        return
    forged, desks = forged_offers.in_force(tx), dict[str, None]()
    if forged:  # all desks at once and before any row, as everywhere
        exclusive.desks(tx, {each.desk for each in contacts.of_kind(tx, "service", ctx.country.code)})
    for id in forged:
        found = forged_offers.hold(tx, id)
        if found is None:
            continue
        offer, was_ended = found
        request = requests.get(tx, offer.request)
        if request and not was_ended and _is_held(request, offer) and _is_logged(ctx, tx, offer):
            _seal(ctx, tx, offer, request)
            desks[offer.service] = None
        else:
            ctx.log("offer_not_genuine", offer.id)
            _end(tx, offer, told=was_ended)
    for desk in desks:
        if contact := contacts.on_duty(tx, desk):
            tell(tx, contact, "to_ngo.list", desk=desk)


def _is_held(request: CallbackRequest, offer: Offered) -> bool:
    return request.state in HELD.get(offer.state, ())


def _is_logged(ctx: Context, tx: Tx, offer: Offered) -> bool:
    """Whether the desk of a claim has made it, by the audit log."""
    if offer.claimed is None:
        return False
    actors = people.ids_of_desk(tx, offer.service)
    return audit_log.is_logged(tx, ctx.audit_key, offer.request, actors, offer.claimed, CLAIMED)


def _seal(ctx: Context, tx: Tx, offer: Offered, request: CallbackRequest) -> None:
    """Seal a claim, with digits that no other offer of its desk has."""
    forged_offers.seal(tx, offer.id, offer_next.free_draw(ctx, tx, offer.service, offer.id, offer.draws))
    about = offer.id if offer.state is OfferState.CLAIMED else request.id
    outbox.wake(tx, WATCHES[offer.state], about, tx.now, request.queue)


def _end(tx: Tx, offer: Offered, *, told: bool) -> None:
    """End a row, and let its request wait for a service if nobody else holds it.

    `told`: its service knows already that it holds nothing.
    """
    forged_offers.end(tx, offer.id)
    for kind in ("lapse", "silent", ending.REMIND):
        outbox.drop(tx, kind, offer.id)
    request = requests.hold(tx, offer.request)
    asked = request is not None and request.state in (State.OFFERED, State.CLAIMED)
    if request and asked and not offers.live_of_request(tx, request.id):
        requests.move(tx, request.id, request.state, State.WAITING, due=tx.now)
        restore(tx, replace(request, state=State.WAITING))
        outbox.wake(tx, "attend", request.id, tx.now, request.queue)
    if request and offer.state in HELD and not told:
        ending.ask_to_tell(tx, offer, News.STOP, texts_out.queue_of("to_ngo.stop", request.queue))
    if request and offer.state is OfferState.CALLED and request.state in CALLS:
        outbox.wake(tx, CALLS[request.state], request.id, tx.now, request.queue)
    outbox.wake(tx, "next", offer.line, tx.now)
