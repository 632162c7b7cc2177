"""Claimed, but nothing is heard: the holder is reminded and a person is told, then the next one is asked.

A claim is a promise to a person who waits beside a telephone. Its holder shows life by asking for the number and by
telling how the call went; the hours count from when she could be rung.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from helpline import ending, patience
from helpline.dispatch import heard_last
from helpline.referral import Referral
from helpline.request import State
from helpline.store import attempts, offers, requests
from helpline.store.offers import Offered, OfferState


@dataclass(frozen=True, slots=True)
class Silence:
    """Its field is all it needs; its method is all it does."""

    referral: Referral

    def look(self, tx: Connection, id: str, now: datetime) -> datetime | None:
        """Look whether anything is heard of a claim; give when to look again, None where it is over.

        After `silent_hours` its holder is reminded and a coordinator told; `silent_more_hours` later it gives back.
        Somebody in danger waits minutes instead: as long as an offer may, then as long as an urgent one.
        """
        offer = offers.get(tx, id)
        request = requests.get(tx, offer.request) if offer else None
        if offer is None or request is None or offer.claimed is None:
            return None
        if offer.state is not OfferState.CLAIMED or request.state is not State.CLAIMED:
            return None
        heard = heard_last(request.hours, offer.claimed, offer.shown_in, attempts.last_told(tx, id))
        first, more = patience.for_a_sign(self.referral.config, request.risk)
        if now < heard + first:
            return heard + first
        if offer.reminded is None or offer.reminded < heard:
            self._remind(tx, offer, now)
            return now + more
        if now < offer.reminded + more:
            return offer.reminded + more
        self._give_back(tx, offer, now)
        return None

    def _remind(self, tx: Connection, offer: Offered, now: datetime) -> None:
        offers.remind(tx, offer.id, now)
        ending.tell_service(tx, offer, "to_ngo.remind", now)
        self.referral.tell_coordinator(
            tx, "to_ngo.silent", now, request=offer.request, offer=offer.id, but_not=offer.service
        )

    def _give_back(self, tx: Connection, offer: Offered, now: datetime) -> None:
        self.referral.log("silent_claim", offer.request)
        self.referral.on_to_the_next(tx, offer, OfferState.LAPSED, now)
        ending.tell_service(tx, offer, "to_ngo.stop", now)
