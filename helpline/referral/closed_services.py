"""Requests that a closed service could do nothing with: no number is shown to it any more (R32)."""

from helpline.directory import services
from helpline.referral import ending, pass_on
from helpline.referral.context import Context
from helpline.request import offers
from helpline.request.offers import OfferState
from helpline.staff import on_call
from helpline.store.engine import Tx


def pass_on_what_they_hold(ctx: Context, tx: Tx) -> None:
    """Pass on each open offer of a closed service, and each claim whose number it has not got.

    It keeps the cases whose number it has: the caller may expect it to call again, and a second one would call (R30).
    """
    for desk in offers.desks_that_hold(tx):
        if on_call.is_coordinator(tx, desk) or services.is_active(tx, desk):
            continue
        for offer in offers.live_of_service(tx, desk):
            unseen = offer.state is OfferState.CLAIMED and offer.left_at is None
            if (unseen or offer.state is OfferState.OPEN) and pass_on.pass_on(ctx, tx, offer, OfferState.VOID):
                ending.say_gone(tx, offer)
