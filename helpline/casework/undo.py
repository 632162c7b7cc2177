"""UNDO: a service takes back the last thing it said or did, within minutes, where nothing has followed from it.

Never a stop: what was paused, frozen or ended for her safety, only she sets going, or two coordinators (R8).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from helpline.casework.claims import Claims
from helpline.directory.service import Contact
from helpline.referral import ending
from helpline.request import attempts, offers, phone_lines, requests
from helpline.request.attempts import IN_VAIN, Attempt
from helpline.request.model import OVER, CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.store import audit_log, outbox

STAYS = OVER | {State.PAUSED, State.FROZEN}
"""Where nobody takes anything back."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """Its field is all it needs; its method is all it does."""

    claims: Claims

    def undo(self, tx: Connection, who: Contact, code: str, now: datetime) -> None:
        """Take back what this phone said last; with a code only if it was about that one."""
        referral = self.claims.referral
        referral.lines.settle(tx, now)
        minutes = referral.config.undo_minutes
        made = attempts.last_of(tx, who.id, now - timedelta(minutes=minutes))
        offer = offers.get(tx, made.offer) if made else None
        request = requests.get(tx, made.request) if made else None
        if made is None or offer is None or request is None:
            return self._nothing(tx, who, now)
        its = referral.words.offer_code(offer.id, offer.draws)
        if code not in ("", its):
            return self._nothing(tx, who, now)
        if request.state in STAYS:
            return self.claims.answer(tx, who, "to_ngo.stays", its, now)
        if not attempts.is_newest(tx, made) or not self._back(tx, made, offer, request, now):
            return self._nothing(tx, who, now)
        attempts.undo(tx, made.id, now)
        audit_log.append(tx, referral.audit_key, now, who.id, "undo", request.id)
        return self.claims.answer(tx, who, "to_ngo.undone", its, now)

    def _nothing(self, tx: Connection, who: Contact, now: datetime) -> None:
        minutes = str(self.claims.referral.config.undo_minutes)
        self.claims.answer(tx, who, "to_ngo.not_undone", "", now, count=minutes)

    def _back(self, tx: Connection, made: Attempt, offer: Offered, request: CallbackRequest, now: datetime) -> bool:
        """Put things back as they stood; false where something has happened since."""
        claimed = request.state is State.CLAIMED and offer.state is OfferState.CLAIMED
        if made.outcome in IN_VAIN:
            return claimed and offer.shown_in == made.shown_in
        if made.outcome == "reached":
            return self._unreach(tx, offer, request, now)
        if made.outcome == "claim" and claimed and offer.shown_in is None:
            self.claims.referral.on_to_the_next(tx, offer, OfferState.VOID, now)  # void: it is asked again
            return True
        return made.outcome == "pass" and self._unpass(tx, offer, request, now)

    def _unreach(self, tx: Connection, offer: Offered, request: CallbackRequest, now: datetime) -> bool:
        """Let the claim stand again. Its line may by now be somebody else's: then it cannot."""
        if request.state is not State.REACHED or phone_lines.is_taken(tx, offer.line):
            return False
        if not offers.move(tx, offer.id, OfferState.FOLLOWED, OfferState.CLAIMED, now):
            return False
        outbox.drop(tx, "follow", request.id)
        outbox.wake(tx, "silent", offer.id, now)
        return requests.take_back(tx, request.id, State.REACHED, now)

    def _unpass(self, tx: Connection, offer: Offered, request: CallbackRequest, now: datetime) -> bool:
        """Let it be asked again, where nobody else has been asked."""
        if request.state not in (State.WAITING, State.STRANDED):
            return False
        if not offers.move(tx, offer.id, OfferState.PASSED, OfferState.VOID, now):
            return False
        if request.state is State.STRANDED:
            ending.resume(tx, request, now, now)
        else:
            outbox.wake(tx, "attend", request.id, now)
        return True
