"""What happens to a request after it was written down: offered to one service at a time until one takes it.

Each method runs inside one transaction and moves rows only by compare-and-set, so it may run twice, or be cut off
anywhere, and nothing is lost or done twice. It sends nothing itself: texts are rows of the outbox.
"""

from collections.abc import Callable, Container, Iterable, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.engine import Connection

from helpline import duty, ending, mine
from helpline.config import Config
from helpline.contact import LAST_MINUTES, NOW, Span, next_window
from helpline.directory import Country, Service
from helpline.dispatch import Action, CallAPerson, Expire, Leave, Offer, answer_by, decide
from helpline.fit import Wanted
from helpline.matching import in_order, promise, why_not
from helpline.request import DRILL, HELD_ON, MAY_FOLLOW, OVER, CallbackRequest, Outcome, State
from helpline.store import (
    audits,
    calls,
    capacity,
    contacts,
    directory,
    freezes,
    harms,
    messages,
    numbers,
    offers,
    outbox,
    requests,
)
from helpline.store.messages import Message
from helpline.store.offers import Offered, OfferState
from helpline.store.rows import new_id

UNANSWERED = frozenset({State.WAITING, State.OFFERED, State.STRANDED})
UNHEARD = UNANSWERED | {State.CLAIMED, State.FROZEN}
"""Where a person must know that her consent ended and nobody has talked to her."""
LOOK_AGAIN = timedelta(minutes=10)
A_MOMENT = timedelta(minutes=1)
MOST_PUT_OFF = timedelta(hours=1)
"""What a flood of one telephone waits for others at most: the end of the queue is in it (R49)."""


class Stops(Protocol):
    """What hears a stop before anything else is done (R48): workers apply it, the console waits for them."""

    def settle(self, tx: Connection, now: datetime) -> None:
        """See to every stop that has come in."""


class Codes(Protocol):
    """What an offer is called by: five digits in a text; at the console, which has no words key, its id."""

    def offer_code(self, offer: str, draw: int) -> str:
        """Give what the holder of an offer calls it by."""


@dataclass(frozen=True, slots=True)
class Referral:
    """Its fields are all it needs; its methods are all it does."""

    lines: Stops
    words: Codes
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
        if request.kind == DRILL:
            ending.end_drill(tx, request, now)
            return None
        services = directory.candidates(tx, self.country, request)
        self._alarm(tx, request, now)
        if request.state is State.OFFERED:
            request = self._refit(tx, request, services, now)
        if self._gives_way(tx, request, line, now):
            return now + A_MOMENT
        asked, full = offers.asked(tx, id), capacity.full(tx, services, now)
        able = self._able(tx, request, services, asked, full, now)
        busy = offers.line_is_taken(tx, line) or requests.newest_waiting(tx, line) not in (id, None)
        action = decide(request, able, asked, busy, now, full)
        self._act(tx, action, request, line, now)
        return self._later(request, busy, now) if isinstance(action, Leave) else None

    def _act(self, tx: Connection, action: Action, request: CallbackRequest, line: str, now: datetime) -> None:
        match action:
            case Offer(service):
                self._offer(tx, request, line, service, now)
            case CallAPerson():
                self.strand(tx, request, now)
            case Expire():
                self.expire(tx, request.id, now)
            case Leave():
                pass

    def _later(self, request: CallbackRequest, busy: bool, now: datetime) -> datetime | None:
        """Give when to look at a waiting request again. That a held line broke its promise is counted, once (R39)."""
        if request.state is not State.WAITING:
            return None
        if busy and request.promised_to and request.promised_to <= now < request.promised_to + LOOK_AGAIN:
            self.log("promise_missed", request.id)
        return now + LOOK_AGAIN if now >= request.due else request.due

    def _gives_way(self, tx: Connection, request: CallbackRequest, line: str, now: datetime) -> bool:
        """Tell whether a request waits until nobody else does: one of many from a telephone in a day (R49).

        Never in danger, and never for longer than an hour.
        """
        late = not request.due <= now < request.due + MOST_PUT_OFF
        if late or request.state is not State.WAITING or request.risk == NOW:
            return False
        made = requests.made_before(tx, line, request.created, request.created - timedelta(days=1))
        return made >= self.config.requests_a_day and outbox.others_due(tx, "attend", request.id, now)

    def _alarm(self, tx: Connection, request: CallbackRequest, now: datetime) -> None:
        """Tell the coordinator first in turn of danger, once a request, beside whatever service is asked."""
        danger = request.risk == NOW and request.state in UNANSWERED
        if danger and requests.mark_alarmed(tx, request.id, now):
            duty.tell_first(tx, self.country.code, "to_ngo.danger", now, self.log, request=request.id)

    def harm(self, tx: Connection, id: str, now: datetime) -> None:
        """She said that a call harmed her: into the register with it, and a person is told (R46)."""
        if not harms.add(tx, id, "caller", harms.CALL, now):
            return
        audits.append(tx, self.audit_key, now, "caller", "harm", id)
        self.log("harm", id)
        duty.tell_first(tx, self.country.code, "to_ngo.harm", now, self.log, request=id)

    def _refit(
        self, tx: Connection, request: CallbackRequest, services: list[Service], now: datetime
    ) -> CallbackRequest:
        """Take an open offer back where later answers no longer fit it, and give the request as it then stands."""
        for offer in offers.live_of_request(tx, request.id):
            service = next((s for s in services if s.id == offer.service), None)
            if service is None or why_not(service, self.wanted(request, now)):
                ending.end_offer(tx, offer, OfferState.VOID, now)
                requests.move(tx, request.id, State.OFFERED, State.WAITING, now, due=now)
            else:
                self._hasten(tx, offer, service, request, now)
        return requests.get(tx, request.id) or request

    def _hasten(
        self, tx: Connection, offer: Offered, service: Service, request: CallbackRequest, now: datetime
    ) -> None:
        """Let a running answer clock end sooner where what she says by now leaves less time: danger, other hours."""
        until = self._answer_by(service, request, now)
        if offer.until is not None and offers.hasten(tx, offer.id, until):
            outbox.wake(tx, "lapse", offer.id, until)

    def _offer(self, tx: Connection, request: CallbackRequest, line: str, service: Service, now: datetime) -> None:
        id, draws = self.new_code(tx, service.id)
        if not offers.add(tx, request.id, line, service.id, draws, now, id):
            return  # its line was offered elsewhere at the same instant; its end will wake this one
        if not requests.move(tx, request.id, State.WAITING, State.OFFERED, now):
            offers.move(tx, id, OfferState.OPEN, OfferState.VOID, now)  # stopped at the same instant
            return
        message = messages.add(tx, "service", service.id, "to_ngo.offer", "", now, offer=id, request=request.id)
        outbox.wake(tx, "send", message, now)

    def new_code(self, tx: Connection, desk: str) -> tuple[str, int]:
        """Give the id of a new offer and the draw by which its five digits are no other's at this desk."""
        id, draws = new_id(), 0
        held = {self.words.offer_code(*each) for each in calls.held_codes(tx, desk)}
        while self.words.offer_code(id, draws) in held:
            draws += 1
        return id, draws

    def taken(self, tx: Connection, id: str, now: datetime) -> None:
        """The gateway took an offer's text: its answer clock starts now, not when the offer was made."""
        offer = offers.get(tx, id)
        request = requests.get(tx, offer.request) if offer else None
        if offer is None or request is None:
            return
        listed = directory.candidates(tx, self.country, request)
        service = next((each for each in listed if each.id == offer.service), None)
        if request.promised_to is None:  # the call dropped before its END: what it could have promised counts
            span = promise(listed, self.wanted(request, now))
            request = replace(request, promised_to=span.end if span else None)
        until = self._answer_by(service, request, now) if service else now + self._patience(request)
        if offers.start_clock(tx, id, until):
            outbox.wake(tx, "lapse", id, until)

    def _answer_by(self, service: Service, request: CallbackRequest, now: datetime) -> datetime:
        return answer_by(service, request, now, self._patience(request))

    def _patience(self, request: CallbackRequest) -> timedelta:
        """Give how long a service has to answer (an offer of somebody in danger: five minutes)."""
        danger = request.risk == NOW
        return timedelta(minutes=self.config.urgent_minutes if danger else self.config.offer_minutes)

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
        if not requests.move(tx, offer.request, since, State.WAITING, now, due=now):
            return
        request = requests.get(tx, offer.request)
        if request and duty.is_coordinator(tx, offer.service):  # who was asked before her has no time either
            self.strand(tx, request, now)
        else:
            outbox.wake(tx, "attend", offer.request, now)

    def next_on_line(self, tx: Connection, line: str, now: datetime) -> None:
        """A line has become free: look at the newest request that waits on it. Who held it is asked first (R27)."""
        waiting, holder = requests.newest_waiting(tx, line), offers.last_holder(tx, line)
        if waiting is None:
            return
        if holder:
            requests.ask_first(tx, waiting, holder)
        outbox.wake(tx, "attend", waiting, now)

    def untried(self, tx: Connection, request: CallbackRequest, now: datetime) -> bool:
        """Tell whether somebody could be asked about a request who has not been: newly listed, or full before."""
        listed = directory.candidates(tx, self.country, request)
        full = capacity.full(tx, listed, now)
        able = self._able(tx, request, listed, offers.asked(tx, request.id), full, now)
        return any(each.id not in full for each in able)

    def _able(
        self, tx: Connection, request: CallbackRequest, services: list[Service], asked: Set[str], full: Container[str],
        now: datetime,
    ) -> Iterable[Service]:  # fmt: skip
        """Give who may be asked about a request and was not, best first.

        Nobody, where its line is frozen (R8); who agreed to one service only is given to none but that one (R28). None
        that has no telephone that counts: of a full desk, which is only waited for, that is looked at when it has room.
        """
        if self.is_barred(tx, request):
            return ()
        able = in_order([each for each in services if each.id not in asked], self.wanted(request, now))
        had = calls.shown_to(tx, request.id) if request.short_form else ()
        reached = (each for each in able if each.id in full or contacts.of_service(tx, each.id))
        return (each for each in reached if each.id in had) if had else reached

    def wanted(self, request: CallbackRequest, now: datetime, full: frozenset[str] = frozenset()) -> Wanted:
        """Give what is looked for: a request, and all that a fit depends on here. `full`: desks that take no more."""
        return Wanted(request, self.country, now, self.config.fresh_days, full)

    def is_barred(self, tx: Connection, request: CallbackRequest) -> bool:
        """Tell whether a request was made on a line that was frozen and still is: no service rings there (R8)."""
        line = numbers.line_of(tx, request.id)
        return line is not None and freezes.before(tx, line, request.created)

    def directory_changed(self, tx: Connection, now: datetime) -> None:
        """Let every stranded request wait again for which there is somebody new, or with room again."""
        for request in requests.standing(tx, State.STRANDED):
            if self.untried(tx, request, now):
                mine.resume(tx, request, now, now)

    def strand(self, tx: Connection, request: CallbackRequest, now: datetime) -> None:
        """Nobody is left to ask: a person is called, and again until somebody is found."""
        if requests.move(tx, request.id, State.WAITING, State.STRANDED, now):
            self.log("stranded", request.id)
            outbox.wake(tx, "page", request.id, now)

    def tell_coordinator(self, tx: Connection, about: Message, now: datetime) -> None:
        """A text to a service on which safety hangs did not arrive: a person must ring there."""
        duty.tell_first(tx, self.country.code, "to_ngo.undelivered", now, self.log, offer=about.offer)

    def expire(self, tx: Connection, id: str, now: datetime) -> None:
        """Her consent has ended: nobody may ring any more. That nobody answered is told to a person."""
        request = requests.hold(tx, id)
        if request is None or request.state in OVER or now < request.expires:
            return None
        if request.kind == DRILL:
            return ending.end_drill(tx, request, now)
        if request.state in HELD_ON and now < request.created + timedelta(days=self.config.keep_days):
            return None  # she was reached in time; how long she is helped on is another clock (`follow`)
        if request.state in UNHEARD:
            duty.tell_first(tx, self.country.code, "to_ngo.expired", now, self.log, request=id)
        if request.frozen_at and (line := numbers.line_of(tx, id)):
            freezes.hand_on(tx, line, request.frozen_at)
        if request.state is State.OFFERED:
            for offer in offers.live_of_request(tx, id):
                ending.end_offer(tx, offer, OfferState.VOID, now)
            requests.move(tx, id, State.OFFERED, State.WAITING, now)
            request = requests.get(tx, id) or request
        end = State.EXPIRED if State.EXPIRED in MAY_FOLLOW[request.state] else State.CLOSED
        ending.stop(tx, request, end, now, Outcome.UNREACHABLE if request.state is State.CLAIMED else None)

    def hour(self, request: CallbackRequest, now: datetime) -> Span | None:
        """Give the hour on the card: what the END screen promised while that is to come, else the next window (R39).

        None where no window is to come, or none is known yet.
        """
        if request.promised_from and request.promised_to and now < request.promised_to - LAST_MINUTES:
            return Span(request.promised_from, request.promised_to)
        return next_window(request.hours, now)
