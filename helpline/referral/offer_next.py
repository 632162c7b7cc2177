"""An offer: one service is asked, and its answer clock runs from the moment that the gateway took the text."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from helpline.directory.service import Service
from helpline.matching import candidates, next_step
from helpline.matching.next_step import answer_by
from helpline.matching.ranking import promise
from helpline.referral.referral import Referral
from helpline.request import offers, requests
from helpline.request.model import CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.store import outbox, texts_out
from helpline.store.engine import Tx


@dataclass(frozen=True, slots=True)
class Offering:
    """Its field is all it needs; its methods are all it does."""

    referral: Referral

    def offer(self, tx: Tx, request: CallbackRequest, line: str, service: Service) -> None:
        """Ask a service: it answers by five digits that are no other's at its desk."""
        id, draws = self.referral.new_code(tx, service.id)
        if not offers.add(tx, request.id, line, service.id, draws, id):
            return  # its line was offered elsewhere at the same instant; its end will wake this one
        if not requests.move(tx, request.id, State.WAITING, State.OFFERED):
            offers.move(tx, id, OfferState.OPEN, OfferState.VOID)  # stopped at the same instant
            return
        message = texts_out.add(tx, "service", service.id, "to_ngo.offer", "", offer=id, request=request.id)
        outbox.wake(tx, "send", message, tx.now, request.queue)

    def hasten(self, tx: Tx, offer: Offered, service: Service, request: CallbackRequest) -> None:
        """Let a running answer clock end sooner where what she says by now leaves less time: danger, other hours."""
        until = self._answer_by(service, request, tx.now)
        if offer.until is not None and offers.hasten(tx, offer.id, until):
            outbox.wake(tx, "lapse", offer.id, until, request.queue)

    def taken(self, tx: Tx, id: str) -> None:
        """The gateway took an offer's text: its answer clock starts now, not when the offer was made."""
        offer = offers.get(tx, id)
        request = requests.get(tx, offer.request) if offer else None
        if offer is None or request is None:
            return
        listed = candidates.candidates(tx, self.referral.country, request)
        service = next((each for each in listed if each.id == offer.service), None)
        if request.promised_to is None:  # the call dropped before its END: what it could have promised counts
            span = promise(listed, self.referral.wanted(request, tx.now))
            request = replace(request, promised_to=span.end if span else None)
        until = self._answer_by(service, request, tx.now) if service else tx.now + self._patience(request)
        if offers.start_clock(tx, id, until):
            outbox.wake(tx, "lapse", id, until, request.queue)

    def _answer_by(self, service: Service, request: CallbackRequest, now: datetime) -> datetime:
        return answer_by(service, request, now, self._patience(request))

    def _patience(self, request: CallbackRequest) -> timedelta:
        return next_step.for_an_answer(self.referral.config, request.risk)

    def lapse(self, tx: Tx, id: str) -> None:
        """Nobody answered in time: on to the next service."""
        offer = offers.get(tx, id)
        if offer and offer.state is OfferState.OPEN and offer.until is not None and offer.until <= tx.now:
            self.referral.on_to_the_next(tx, offer, OfferState.LAPSED)

    def undeliverable(self, tx: Tx, id: str) -> None:
        """The offer's text cannot reach the service: on to the next one at once."""
        offer = offers.get(tx, id)
        if offer and offer.state is OfferState.OPEN:
            self.referral.on_to_the_next(tx, offer, OfferState.UNDELIVERABLE)
