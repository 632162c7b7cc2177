"""What happens to a request after it was written down: offered to one service at a time until one takes it.

Each method runs inside one transaction and moves rows only by compare-and-set, so it may run twice, or be cut off
anywhere, and nothing is lost or done twice. It sends nothing itself: texts are rows of the outbox.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from helpline import ending
from helpline.config import Config
from helpline.contact import LAST_MINUTES, NOW, Span, next_window, windows
from helpline.directory import Contact, Country, Service
from helpline.dispatch import CallAPerson, Expire, Leave, Offer, decide
from helpline.lines import Lines
from helpline.matching import in_order, why_not
from helpline.request import MAY_FOLLOW, OVER, CallbackRequest, State
from helpline.store import audits, directory, messages, numbers, offers, outbox, requests
from helpline.store.messages import Message
from helpline.store.offers import Offered, OfferState
from helpline.store.rows import new_id
from helpline.vault import Words

UNANSWERED = frozenset({State.WAITING, State.OFFERED, State.STRANDED})
LOOK_AGAIN = timedelta(minutes=10)
SELDOM = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Referral:
    """Its fields are all it needs; its methods are all it does."""

    lines: Lines
    words: Words
    country: Country
    config: Config
    audit_key: bytes
    log: Callable[[str, str], None]

    def attend(self, tx: Connection, id: str, now: datetime) -> datetime | None:
        """Do what a request needs next; give when to look again, None where an event will say."""
        self.lines.settle(tx, now)
        request, line = requests.get(tx, id), numbers.line_of(tx, id)
        if request is None or line is None:
            return None
        services = directory.candidates(tx, self.country, request)
        self._alarm(tx, request, now)
        if request.state is State.OFFERED:
            request = self._refit(tx, request, services, now)
        able = in_order(services, request, self.country, now, self.config.fresh_days)
        busy = offers.line_is_taken(tx, line) or requests.newest_waiting(tx, line) not in (id, None)
        match decide(request, able, offers.asked(tx, id), busy, now):
            case Offer(service):
                self._offer(tx, request, line, service, now)
            case CallAPerson():
                self.strand(tx, request, now)
            case Expire():
                self.expire(tx, id, now)
            case Leave() if request.state is State.WAITING:
                return max(request.due, now + LOOK_AGAIN) if now >= request.due else request.due
            case Leave():
                pass
        return None

    def _alarm(self, tx: Connection, request: CallbackRequest, now: datetime) -> None:
        """Tell the coordinator first in turn of danger, once a request, beside whatever service is asked."""
        danger = request.risk == NOW and request.state in UNANSWERED
        if danger and requests.mark_alarmed(tx, request.id, now):
            self._tell_first(tx, "to_ngo.danger", request.id, now)

    def harm(self, tx: Connection, id: str, now: datetime) -> None:
        """She said that a call harmed her: into the register (the audit log) with it, and a person is told (R46)."""
        audits.append(tx, self.audit_key, now, "caller", "harm", id)
        self.log("harm", id)
        self._tell_first(tx, "to_ngo.harm", id, now)

    def _refit(
        self, tx: Connection, request: CallbackRequest, services: list[Service], now: datetime
    ) -> CallbackRequest:
        """Take an open offer back where later answers no longer fit it, and give the request as it then stands."""
        for offer in offers.live_of_request(tx, request.id):
            service = next((s for s in services if s.id == offer.service), None)
            if service is None or why_not(service, request, self.country, now, self.config.fresh_days):
                ending.end_offer(tx, offer, OfferState.VOID, now)
                requests.move(tx, request.id, State.OFFERED, State.WAITING, now, due=now)
        return requests.get(tx, request.id) or request

    def _offer(self, tx: Connection, request: CallbackRequest, line: str, service: Service, now: datetime) -> None:
        id, draws = new_id(), 0
        live = {self.words.offer_code(each.id, each.draws) for each in offers.live_of_service(tx, service.id)}
        while self.words.offer_code(id, draws) in live:
            draws += 1
        if not offers.add(tx, request.id, line, service.id, draws, now, id):
            return  # its line was offered elsewhere at the same instant; its end will wake this one
        if not requests.move(tx, request.id, State.WAITING, State.OFFERED, now):
            offers.move(tx, id, OfferState.OPEN, OfferState.VOID, now)  # stopped at the same instant
            return
        message = messages.add(tx, "service", service.id, "to_ngo.offer", "", now, offer=id, request=request.id)
        outbox.wake(tx, "send", message, now)

    def taken(self, tx: Connection, offer: str, now: datetime) -> None:
        """The gateway took an offer's text: its answer clock starts now, not when the offer was made."""
        until = now + timedelta(minutes=self.config.offer_minutes)
        if offers.start_clock(tx, offer, until):
            outbox.wake(tx, "lapse", offer, until)

    def lapse(self, tx: Connection, id: str, now: datetime) -> None:
        """Nobody answered in time: on to the next service."""
        offer = offers.get(tx, id)
        if offer and offer.state is OfferState.OPEN and offer.until is not None and offer.until <= now:
            self.on_to_the_next(tx, offer, OfferState.LAPSED, now)

    def undeliverable(self, tx: Connection, id: str, now: datetime) -> None:
        """The offer's text cannot reach the service: on to the next one at once."""
        offer = offers.get(tx, id)
        if offer and offer.state is OfferState.OPEN:
            self.on_to_the_next(tx, offer, OfferState.UNDELIVERABLE, now)

    def on_to_the_next(self, tx: Connection, offer: Offered, to: OfferState, now: datetime) -> None:
        """End an offer or a claim, and let whoever comes next be asked at once."""
        if not ending.end_offer(tx, offer, to, now):
            return
        since = State.CLAIMED if offer.state is OfferState.CLAIMED else State.OFFERED
        if requests.move(tx, offer.request, since, State.WAITING, now, due=now):
            outbox.wake(tx, "attend", offer.request, now)

    def next_on_line(self, tx: Connection, line: str, now: datetime) -> None:
        """A line has become free: look at the newest request that waits on it (R27)."""
        waiting = requests.newest_waiting(tx, line)
        if waiting:
            outbox.wake(tx, "attend", waiting, now)

    def silent(self, tx: Connection, id: str, now: datetime) -> datetime | None:
        """Have a service that claimed and has not asked for the number in all these hours give back; the next is asked.

        The hours count from when she could first be rung: where she has chosen Sundays, give when to look again.
        """
        offer = offers.get(tx, id)
        if offer is None or offer.state is not OfferState.CLAIMED or offer.shown_in is not None:
            return None
        patience, request = timedelta(hours=self.config.silent_hours), requests.get(tx, offer.request)
        first = next(windows(request.hours, now - patience), None) if request else None
        if first and first.start + patience > now:
            return first.start + patience
        self.log("silent_claim", offer.request)
        self.on_to_the_next(tx, offer, OfferState.LAPSED, now)
        ending.tell_service(tx, offer, "to_ngo.stop", now)
        return None

    def strand(self, tx: Connection, request: CallbackRequest, now: datetime) -> None:
        """Nobody is left to ask: a person is called, and again until somebody is found."""
        if requests.move(tx, request.id, State.WAITING, State.STRANDED, now):
            self.log("stranded", request.id)
            outbox.wake(tx, "page", request.id, now)

    def page(self, tx: Connection, id: str, turn: int, now: datetime) -> datetime | None:
        """Write to the next coordinator in turn about a stranded request; give when to write again.

        Twice as long each time, up to six hours: again and again, but read.
        """
        request = requests.get(tx, id)
        people = directory.contacts(tx, "coordinator", self.country.code)
        if request is None or request.state is not State.STRANDED:
            return None
        if people:
            self._tell_person(tx, people[(turn - 1) % len(people)], "to_ngo.stranded", id, now)
        else:
            self.log("no_coordinator", id)
        wait = self.config.page_again_minutes * (1 << min(turn - 1, 8))
        return now + min(timedelta(minutes=wait), SELDOM)

    def _tell_first(self, tx: Connection, notice: str, request: str, now: datetime) -> None:
        """Write to the coordinator first in turn; without one the log cries."""
        people = directory.contacts(tx, "coordinator", self.country.code)
        for who in people[:1]:
            self._tell_person(tx, who, notice, request, now)
        if not people:
            self.log("no_coordinator", request)

    def _tell_person(self, tx: Connection, who: Contact, notice: str, request: str, now: datetime) -> None:
        message = messages.add(tx, "coordinator", who.id, notice, "", now, request=request)
        outbox.wake(tx, "send", message, now)

    def tell_coordinator(self, tx: Connection, about: Message, now: datetime) -> None:
        """A text to a service on which safety hangs did not arrive: a person must ring there."""
        for who in directory.contacts(tx, "coordinator", self.country.code)[:1]:
            id = messages.add(tx, who.kind, who.id, "to_ngo.undelivered", "", now, offer=about.offer)
            outbox.wake(tx, "send", id, now)

    def expire(self, tx: Connection, id: str, now: datetime) -> None:
        """Her consent has ended: nobody may ring any more. That nobody answered is told to a person."""
        request = requests.get(tx, id)
        if request is None or request.state in OVER or now < request.expires:
            return
        if request.state in UNANSWERED:
            self._tell_first(tx, "to_ngo.expired", id, now)
        if request.state is State.OFFERED:
            for offer in offers.live_of_request(tx, id):
                ending.end_offer(tx, offer, OfferState.VOID, now)
            requests.move(tx, id, State.OFFERED, State.WAITING, now)
            request = requests.get(tx, id) or request
        end = State.EXPIRED if State.EXPIRED in MAY_FOLLOW[request.state] else State.CLOSED
        ending.stop(tx, request, end, now)

    def hour(self, request: CallbackRequest, now: datetime) -> Span | None:
        """Give the hour on the card: what the END screen promised while that is to come, else the next window (R39).

        None where no window is to come, or none is known yet.
        """
        if request.promised_from and request.promised_to and now < request.promised_to - LAST_MINUTES:
            return Span(request.promised_from, request.promised_to)
        return next_window(request.hours, now)
