"""UNDO: a service takes back the last thing it said or did, within minutes, where nothing has followed from it.

Never a stop: what was paused, frozen or ended for her safety, only she sets going, or two coordinators (R8).
"""

from datetime import timedelta

from helpline.casework import claims
from helpline.referral import ending, pass_on
from helpline.referral.context import Context
from helpline.request import attempts, offers, phone_lines, requests
from helpline.request.attempts import IN_VAIN, Attempt
from helpline.request.model import OVER, CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.staff.contact import Contact
from helpline.store import audit_log, outbox
from helpline.store.engine import Tx

STAYS = OVER | {State.PAUSED, State.FROZEN}
"""Where nobody takes anything back."""


def undo(ctx: Context, tx: Tx, who: Contact, code: str) -> None:
    """Take back what this phone said last; with a code only if it was about that one."""
    ctx.stops.settle(tx)
    minutes = ctx.config.undo_minutes
    made = attempts.last_of(tx, who.id, tx.now - timedelta(minutes=minutes))
    offer = offers.get(tx, made.offer) if made else None
    request = requests.get(tx, made.request) if made else None
    if made is None or offer is None or request is None:
        return _nothing(ctx, tx, who)
    its = ctx.codes.offer_code(offer.id, offer.draws)
    if code not in ("", its):
        return _nothing(ctx, tx, who)
    if request.state in STAYS:
        return claims.answer(tx, who, "to_ngo.stays", its)
    if not attempts.is_newest(tx, made) or not _back(ctx, tx, made, offer, request):
        return _nothing(ctx, tx, who)
    attempts.undo(tx, made.id)
    audit_log.append(tx, ctx.audit_key, tx.now, who.id, "undo", request.id)
    return claims.answer(tx, who, "to_ngo.undone", its)


def _nothing(ctx: Context, tx: Tx, who: Contact) -> None:
    minutes = str(ctx.config.undo_minutes)
    claims.answer(tx, who, "to_ngo.not_undone", "", count=minutes)


def _back(ctx: Context, tx: Tx, made: Attempt, offer: Offered, request: CallbackRequest) -> bool:
    """Put things back as they stood; false where something has happened since."""
    claimed = request.state is State.CLAIMED and offer.state is OfferState.CLAIMED
    if made.outcome in IN_VAIN:
        return claimed and offer.shown_in == made.shown_in
    if made.outcome == "reached":
        return _unreach(tx, offer, request)
    if made.outcome == "claim" and claimed and offer.shown_in is None:
        pass_on.pass_on(ctx, tx, offer, OfferState.VOID)  # void: it is asked again
        return True
    return made.outcome == "pass" and _unpass(tx, offer, request)


def _unreach(tx: Tx, offer: Offered, request: CallbackRequest) -> bool:
    """Let the claim stand again. Its line may by now be somebody else's: then it cannot."""
    if request.state is not State.REACHED or phone_lines.is_taken(tx, offer.line):
        return False
    if not offers.move(tx, offer.id, OfferState.FOLLOWED, OfferState.CLAIMED):
        return False
    outbox.drop(tx, "follow", request.id)
    outbox.wake(tx, "silent", offer.id, tx.now, request.queue)
    return requests.take_back(tx, request.id, State.REACHED)


def _unpass(tx: Tx, offer: Offered, request: CallbackRequest) -> bool:
    """Let it be asked again, where nobody else has been asked."""
    if request.state not in (State.WAITING, State.STRANDED):
        return False
    if not offers.move(tx, offer.id, OfferState.PASSED, OfferState.VOID):
        return False
    if request.state is State.STRANDED:
        ending.resume(tx, request, tx.now)
    else:
        outbox.wake(tx, "attend", request.id, tx.now, request.queue)
    return True
