"""Her consent has ended: nobody may ring any more (R30)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from helpline import ending
from helpline.referral import Referral
from helpline.request import DRILL, HELD_ON, MAY_FOLLOW, OVER, Outcome, State
from helpline.store import freezes, numbers, offers, requests
from helpline.store.offers import OfferState

UNHEARD = frozenset({State.WAITING, State.OFFERED, State.STRANDED, State.CLAIMED, State.FROZEN})
"""Where a person must know that her consent ended and nobody has talked to her."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """Its field is all it needs; its method is all it does."""

    referral: Referral

    def expire(self, tx: Connection, id: str, now: datetime) -> None:
        """Her consent has ended: nobody may ring any more. That nobody answered is told to a person."""
        request = requests.hold(tx, id)
        if request is None or request.state in OVER or now < request.expires:
            return None
        if request.kind == DRILL:
            return ending.end_drill(tx, request, now)
        if request.state in HELD_ON and now < request.created + timedelta(days=self.referral.config.keep_days):
            return None  # she was reached in time; how long she is helped on is another clock (`follow`)
        if request.state in UNHEARD:
            self.referral.tell_coordinator(tx, "to_ngo.expired", now, request=id)
        if request.frozen_at and (line := numbers.line_of(tx, id)):
            freezes.hand_on(tx, line, request.frozen_at)
        if request.state is State.OFFERED:
            for offer in offers.live_of_request(tx, id):
                ending.end_offer(tx, offer, OfferState.VOID, now)
            requests.move(tx, id, State.OFFERED, State.WAITING, now)
            request = requests.get(tx, id) or request
        end = State.EXPIRED if State.EXPIRED in MAY_FOLLOW[request.state] else State.CLOSED
        ending.stop(tx, request, end, now, Outcome.UNREACHABLE if request.state is State.CLAIMED else None)
