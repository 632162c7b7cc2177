"""She was reached, and is helped on: until the service says that all is done, or for thirty days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from helpline import ending
from helpline.claims import Claims
from helpline.directory import Contact
from helpline.request import HELD_ON, CallbackRequest, Outcome, State
from helpline.store import attempts, audits, outbox, requests
from helpline.store.offers import Offered, OfferState

A_DAY = timedelta(days=1)
NOT_YET: Mapping[OfferState, str] = {OfferState.OPEN: "to_ngo.menu_open", OfferState.CLAIMED: "to_ngo.reach_first"}
"""What to do first, where *done* comes too early."""


@dataclass(frozen=True, slots=True)
class Following:
    """Its field is all it needs; its methods are all it does."""

    claims: Claims

    def begin(self, tx: Connection, who: Contact, offer: Offered, request: CallbackRequest, now: datetime) -> None:
        """She is helped on, and her line is free for whoever else uses that phone."""
        if requests.move(tx, request.id, State.CLAIMED, State.REACHED, now):
            ending.free_line(tx, offer, now)
            outbox.wake(tx, "follow", request.id, now + A_DAY)
            ending.tell_service(tx, offer, "to_ngo.reached", now, who)

    def done(self, tx: Connection, who: Contact, code: str, now: datetime) -> None:
        """A service has finished with somebody it reached: the request ends well, the number is erased."""
        self.claims.referral.lines.settle(tx, now)
        offer = self.claims.find(tx, who, code)
        request = requests.get(tx, offer.request) if offer else None
        if offer is None or request is None:
            return self.claims.wrong_code(tx, who, code, now)
        if offer.state is not OfferState.FOLLOWED or request.state not in HELD_ON:
            return ending.tell_service(tx, offer, NOT_YET.get(offer.state, "to_ngo.not_open"), now, who)
        attempts.add(tx, offer, who.id, "done", request.state, now)
        audits.append(tx, self.claims.referral.audit_key, now, who.id, "done", request.id)
        finish(tx, offer, request, Outcome.HELPED, now)
        return ending.tell_service(tx, offer, "to_ngo.done", now, who)

    def follow(self, tx: Connection, id: str, now: datetime) -> datetime | None:
        """Let a day pass after she was reached, then thirty, and end it; give when to look again."""
        request, reached = requests.get(tx, id), attempts.reached_at(tx, id)
        if request is None or reached is None or request.state not in HELD_ON:
            return None
        if request.state is State.REACHED:
            if now < reached + A_DAY:
                return reached + A_DAY
            requests.move(tx, id, State.REACHED, State.FOLLOWING, now)
            request = requests.get(tx, id) or request
        config = self.claims.referral.config
        ends = min(reached + timedelta(days=config.follow_days), request.created + timedelta(days=config.keep_days))
        if now < ends:
            return ends
        ending.stop(tx, request, State.CLOSED, now, Outcome.HELPED)
        return None


def finish(tx: Connection, offer: Offered, request: CallbackRequest, outcome: Outcome, now: datetime) -> None:
    """End a request by the word of whoever held it, who gets a better answer than *do not ring*."""
    ending.end_offer(tx, offer, OfferState.VOID, now)
    ending.stop(tx, request, State.CLOSED, now, outcome)
