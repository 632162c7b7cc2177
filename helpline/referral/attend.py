"""Attending to a request: whom to ask next, of those who may be asked, or whom to call where nobody is left.

What comes next is decided in `next_step`, which services fit in `ranking`. Here the database is asked and told.
"""

from collections.abc import Container, Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from helpline.core.call_windows import NOW
from helpline.directory.service import Service
from helpline.matching import candidates
from helpline.matching.next_step import Action, CallAPerson, Expire, Leave, Offer, decide, waits_until
from helpline.matching.ranking import in_order, why_not
from helpline.referral import ending
from helpline.referral.offer_next import Offering
from helpline.referral.referral import Referral
from helpline.referral.timeouts import Expiry
from helpline.request import offers, phone_lines, requests, sealed_numbers, waitlist_entries
from helpline.request.model import DRILL, CallbackRequest, State
from helpline.request.offers import OfferState
from helpline.staff import contacts
from helpline.store import outbox

UNANSWERED = frozenset({State.WAITING, State.OFFERED, State.STRANDED})
LOOK_AGAIN, SELDOM = timedelta(minutes=10), timedelta(hours=1)
"""When to look again at a request that waits, and at one that a desk wakes (`waitlist_entries`) while there is time."""
A_MOMENT = timedelta(minutes=1)
MOST_PUT_OFF = timedelta(hours=1)
"""What a flood of one telephone waits for others at most: the end of the queue is in it (R49)."""


@dataclass(frozen=True, slots=True)
class Attending:
    """Its field is all it needs; its methods are all it does."""

    referral: Referral

    @property
    def offering(self) -> Offering:
        """Give what asks a service."""
        return Offering(self.referral)

    def attend(self, tx: Connection, id: str, now: datetime) -> datetime | None:
        """Do what a request needs next; give when to look again, None where an event will say."""
        self.referral.lines.settle(tx, now)
        request, line = requests.get(tx, id), sealed_numbers.line_of(tx, id)
        if request is None or line is None:
            return None
        if request.kind == DRILL:
            ending.end_drill(tx, request, now)
            return None
        services = candidates.candidates(tx, self.referral.country, request)
        self._alarm(tx, request, now)
        if request.state is State.OFFERED:
            request = self._refit(tx, request, services, now)
        if self._gives_way(tx, request, line, now):
            return now + A_MOMENT
        asked, full = offers.asked(tx, id), candidates.full(tx, services, now)
        able = self._able(tx, request, services, asked, full, now)
        busy = self.is_busy(tx, id, line)
        action = decide(request, able, asked, busy, now, full)
        self._act(tx, action, request, line, now)
        for desk in waitlist_entries.put(tx, id, action.full if isinstance(action, Leave | CallAPerson) else ()):
            outbox.wake(tx, "waitlist", desk, now)  # a place that this one was woken for may be the next one's
        return self._later(request, action, now) if isinstance(action, Leave) else None

    def is_busy(self, tx: Connection, id: str, line: str) -> bool:
        """Tell whether a request must wait for another one of its telephone: one at a time a line, the newest (R27)."""
        return phone_lines.is_taken(tx, line) or phone_lines.newest_waiting(tx, line) not in (id, None)

    def _act(self, tx: Connection, action: Action, request: CallbackRequest, line: str, now: datetime) -> None:
        match action:
            case Offer(service):
                self.offering.offer(tx, request, line, service, now)
            case CallAPerson():
                self.referral.strand(tx, request, now)
            case Expire():
                Expiry(self.referral).expire(tx, request.id, now)
            case Leave():
                pass

    def _later(self, request: CallbackRequest, left: Leave, now: datetime) -> datetime | None:
        """Give when to look at a waiting request again. That a held line broke its promise is counted, once (R39)."""
        if request.state is not State.WAITING:
            return None
        if now < request.due:
            return request.due
        if not left.full and request.promised_to and request.promised_to <= now < request.promised_to + LOOK_AGAIN:
            self.referral.log("promise_missed", request.id)
        until = waits_until(request)
        return now + (SELDOM if left.full and until and until - now > 2 * SELDOM else LOOK_AGAIN)

    def _gives_way(self, tx: Connection, request: CallbackRequest, line: str, now: datetime) -> bool:
        """Tell whether a request waits until nobody else does: one of many from a telephone in a day (R49).

        Never in danger, and never for longer than an hour.
        """
        late = not request.due <= now < request.due + MOST_PUT_OFF
        if late or request.state is not State.WAITING or request.risk == NOW:
            return False
        made = phone_lines.made_before(tx, line, request.created, request.created - timedelta(days=1))
        return made >= self.referral.config.requests_a_day and outbox.others_due(tx, "attend", request.id, now)

    def _alarm(self, tx: Connection, request: CallbackRequest, now: datetime) -> None:
        """Tell the coordinator first in turn of danger, once a request, beside whatever service is asked."""
        danger = request.risk == NOW and request.state in UNANSWERED
        if danger and requests.mark_alarmed(tx, request.id, now):
            self.referral.tell_coordinator(tx, "to_ngo.danger", now, request=request.id)

    def _refit(
        self, tx: Connection, request: CallbackRequest, services: list[Service], now: datetime
    ) -> CallbackRequest:
        """Take an open offer back where later answers no longer fit it, and give the request as it then stands."""
        for offer in offers.live_of_request(tx, request.id):
            service = next((s for s in services if s.id == offer.service), None)
            if service is None or why_not(service, self.referral.wanted(request, now)):
                ending.end_offer(tx, offer, OfferState.VOID, now)
                requests.move(tx, request.id, State.OFFERED, State.WAITING, now, due=now)
            else:
                self.offering.hasten(tx, offer, service, request, now)
        return requests.get(tx, request.id) or request

    def _able(
        self, tx: Connection, request: CallbackRequest, services: list[Service], asked: Set[str], full: Container[str],
        now: datetime,
    ) -> Iterable[Service]:  # fmt: skip
        """Give who may be asked about a request and was not, best first.

        Nobody, where its line is frozen (R8); who agreed to one service only is given to none but that one (R28). None
        that has no telephone that counts: of a full desk, which is only waited for, that is looked at when it has room.
        """
        if self.referral.is_barred(tx, request):
            return ()
        able = in_order([each for each in services if each.id not in asked], self.referral.wanted(request, now))
        had = offers.shown_to(tx, request.id) if request.short_form else ()
        reached = (each for each in able if each.id in full or contacts.of_service(tx, each.id))
        return (each for each in reached if each.id in had) if had else reached

    def untried(self, tx: Connection, request: CallbackRequest, now: datetime) -> Iterator[str]:
        """Give the ids of who could be asked about a request and has not been: newly listed, or full before."""
        listed = candidates.candidates(tx, self.referral.country, request)
        full = candidates.full(tx, listed, now)
        able = self._able(tx, request, listed, offers.asked(tx, request.id), full, now)
        return (each.id for each in able if each.id not in full)

    def directory_changed(self, tx: Connection, now: datetime) -> None:
        """Let every stranded request wait again for which there is somebody new; look at all that wait for a desk."""
        for request in requests.standing(tx, State.STRANDED):
            if any(self.untried(tx, request, now)):
                ending.resume(tx, request, now, now)
        for id in waitlist_entries.everybody(tx):
            outbox.wake(tx, "attend", id, now)
