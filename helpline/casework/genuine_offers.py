"""Settle offers and claims without a valid code: made before there were codes, or with another key, or forged.

A claim that the audit log vouches for is sealed: its service goes on, and is sent its digits, which are new. Everything
else is ended, and the request waits for a service again, so no caller is lost.
"""

from helpline.casework.sms_answers import tell
from helpline.referral import offer_next
from helpline.referral.context import Context
from helpline.request import forged_offers, offers, requests
from helpline.request.model import State
from helpline.request.offers import Offered, OfferState
from helpline.reveal.revealing import ids_of_desk
from helpline.staff import contacts
from helpline.store import audit_log, outbox
from helpline.store.engine import Tx

CLAIMED = ("claim", "undo")
"""In the audit log: what makes a claim, or makes it one again."""
HELD = frozenset({OfferState.CLAIMED, OfferState.FOLLOWED})


def settle(ctx: Context, tx: Tx) -> None:
    """Seal the claims that the audit log vouches for, and end all other rows that are not genuine."""
    desks = dict[str, None]()
    for offer, was_ended in forged_offers.in_force(tx):
        if not was_ended and _is_logged(ctx, tx, offer):
            draws = offer_next.free_draw(ctx, tx, offer.service, offer.id, offer.draws)
            forged_offers.seal(tx, offer.id, draws)
            desks[offer.service] = None
        else:
            ctx.log("offer_not_genuine", offer.id)
            _end(tx, offer)
    for desk in desks:
        if contact := contacts.on_duty(tx, desk):
            tell(tx, contact, "to_ngo.list", desk=desk)


def _is_logged(ctx: Context, tx: Tx, offer: Offered) -> bool:
    """Whether the desk of a claim has made it, by the audit log."""
    if offer.state not in HELD or offer.claimed is None:
        return False
    actors = ids_of_desk(tx, offer.service)
    return audit_log.is_logged(tx, ctx.audit_key, offer.request, actors, offer.claimed, CLAIMED)


def _end(tx: Tx, offer: Offered) -> None:
    """End a row, and let its request wait for a service if nobody else holds it."""
    forged_offers.end(tx, offer.id)
    for kind in ("lapse", "silent"):
        outbox.drop(tx, kind, offer.id)
    request = requests.hold(tx, offer.request)
    asked = request is not None and request.state in (State.OFFERED, State.CLAIMED)
    if request and asked and not offers.live_of_request(tx, request.id):
        requests.move(tx, request.id, request.state, State.WAITING, due=tx.now)
        outbox.wake(tx, "attend", request.id, tx.now, request.queue)
    outbox.wake(tx, "next", offer.line, tx.now)
