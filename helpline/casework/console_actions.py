"""What a person at the console does about the requests of their service: the same commands that orders by SMS run.

The console finds an offer by its id. It has no hashing key, so it finds an unread stop by comparing telephones (R48).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpline.casework import claims, desk, handover, outcomes, undo
from helpline.casework.answers import (
    Answer,
    CallPlaced,
    Declined,
    GivenBack,
    HoursChange,
    NextContact,
    NotTaken,
    NumberLeaves,
    StopWaits,
)
from helpline.casework.opened_before import OpenedBefore
from helpline.casework.sms_answers import tell
from helpline.keys.sealing import Opening
from helpline.referral.context import Context
from helpline.request import offers, requests, sealed_numbers
from helpline.request.model import CallbackRequest
from helpline.request.offers import HAS_CODE, Offered, OfferState
from helpline.reveal.revealing import Revealed, revealed
from helpline.staff import contacts, openings
from helpline.staff.contact import Actor, Contact
from helpline.staff.roles import Person
from helpline.store import arrivals, audit_log
from helpline.store.arrivals import Arrived
from helpline.store.engine import Tx
from menus.keywords import Category

WHY = ("full", "language", "needs", "hours", "known", "other")
"""Why a service declines a request. There is no free text, so that nothing about a caller is in it."""
At = Answer | CallPlaced | StopWaits | HoursChange | NextContact
Command = Callable[[Context, Tx, Actor, Offered], At]


class NotTheirs(Exception):
    """There is no such offer, or it is another service's: both look the same."""


@dataclass(frozen=True, slots=True)
class Cases:
    """Runs commands for people at the console."""

    ctx: Context
    opening: Opening
    before: OpenedBefore

    @classmethod
    def of(cls, ctx: Context, opening: Opening) -> "Cases":
        """Make this object. There is one per process, which remembers for all its threads what it opened."""
        return cls(ctx, opening, OpenedBefore(opening, ctx.log))

    def held(self, tx: Tx, person: Person, id: str) -> Offered:
        """Return an offer of the person's own service, also one that has ended. Raise `NotTheirs` if it is not."""
        offer = offers.get(tx, id)
        if offer is None or not person.service or offer.service != person.service or offer.state is OfferState.CALLED:
            raise NotTheirs
        return offer

    def opened(self, tx: Tx, person: Person, id: str) -> tuple[Offered, CallbackRequest]:
        """Return a case that the person opens, with what the caller said. Raise `NotTheirs`.

        Of a case that their service no longer holds, a page shows nothing: that is no opening. Raise `NotRecorded`
        (R32).
        """
        offer = self.held(tx, person, id)
        about = requests.get(tx, offer.request)
        if about is None:
            raise NotTheirs
        if offer.state in HAS_CODE:
            openings.record(tx, self.ctx.audit_key, person.id, offer.request)
        return offer, about

    def do(self, tx: Tx, person: Person, id: str, command: Command) -> At:
        """Run a command about an offer. Raise `NotTheirs`.

        While a stop of the caller's telephone is unread, nothing is done about an offer that is not over (R48). No
        worker applies one until this transaction ends.
        """
        self.ctx.settle_stops(tx, self.held(tx, person, id).request)
        offer = self.held(tx, person, id)
        if offer.state in HAS_CODE and self.stop_waits(tx, offer.request):
            return StopWaits()
        return command(self.ctx, tx, self.actor(tx, person), offer)

    def decline(self, tx: Tx, person: Person, id: str, why: str) -> At:
        """Decline an offer, or give a claim back. `why` is one of `WHY` and goes into the audit log."""
        answer = self.do(tx, person, id, handover.decline)
        if isinstance(answer, Declined | GivenBack | NotTaken) and why in WHY:
            audit_log.append(tx, self.ctx.audit_key, tx.now, person.id, f"pass_{why}", answer.offer.request)
        return answer

    def late(self, tx: Tx, person: Person, offer: Offered) -> frozenset[str]:
        """Return the outcomes that can still be reported of an offer that has ended (R8)."""
        request = requests.get(tx, offer.request)
        return outcomes.late_outcomes(tx, self.actor(tx, person), offer, request) if request else frozenset()

    def undoable(self, tx: Tx, person: Person, offer: Offered) -> undo.Undoable | None:
        """Return what the person could undo about an offer now."""
        return undo.undoable(self.ctx, tx, self.actor(tx, person), offer)

    def number(self, tx: Tx, person: Person, id: str) -> Revealed | At:
        """Reveal the number of a claim. Raise `CannotOpen` if no key fits: then nothing counts as shown."""
        answer = self._unless_lock_waits(tx, person, id, claims.ask_number)
        if not isinstance(answer, NumberLeaves):
            return answer
        return revealed(self.ctx, tx, self.opening, answer.offer.id, person.service) or StopWaits()

    def bridge(self, tx: Tx, person: Person, id: str) -> At:
        """Ask for a bridged call: the gateway is about to call the telephone on duty of the person's service."""
        return self._unless_lock_waits(tx, person, id, claims.ask_bridge)

    def _unless_lock_waits(self, tx: Tx, person: Person, id: str, command: Command) -> At:
        """Run a command after which a number leaves, unless a coordinator's text is unread: it may be LOCK (R32)."""
        self.held(tx, person, id)
        senders = self._unread(tx, Category.STOP, Category.DANGER)
        if any(self.before.hash_of(each.phone) in senders for each in self._coordinators(tx)):
            return StopWaits()
        return self.do(tx, person, id, command)

    def pause(self, tx: Tx, person: Person, days: str) -> Answer:
        """Offer nothing more to the person's service for some days."""
        answer = desk.pause(self.ctx, tx, self.actor(tx, person), days)
        audit_log.append(tx, self.ctx.audit_key, tx.now, person.id, "full", person.service)
        return answer

    def end_pause(self, tx: Tx, person: Person) -> Answer:
        """End the pause of the person's service."""
        answer = desk.end_pause(self.ctx, tx, self.actor(tx, person))
        audit_log.append(tx, self.ctx.audit_key, tx.now, person.id, "open", person.service)
        return answer

    def put_on_duty(self, tx: Tx, person: Person, phone: str) -> Answer:
        """Put a telephone of the person's service on duty. Each telephone is told by text. Raise `NotTheirs`."""
        contact = next((each for each in contacts.of_service(tx, person.service) if each.id == phone), None)
        if contact is None:
            raise NotTheirs
        audit_log.append(tx, self.ctx.audit_key, tx.now, person.id, "duty", contact.id)
        answer = desk.go_on_duty(self.ctx, tx, contact)
        tell(tx, contact, "to_ngo.duty_on")
        return answer

    def actor(self, tx: Tx, person: Person) -> Actor:
        """Return a person as commands know them."""
        return Actor.at_console(person, contacts.get(tx, person.service))

    def stop_waits(self, tx: Tx, request: str) -> bool:
        """Whether a worker has not yet read a stop of the caller's telephone. Until then nothing is done."""
        if sealed_numbers.line_of(tx, request) is None:
            return True
        unread = self._unread_stops(tx)
        return bool(unread) and self._telephone(tx, request) in unread

    def stopped(self, tx: Tx, service: str) -> frozenset[str]:
        """Return the ids of a service's offers whose caller has sent a stop that no worker has read yet (R18).

        Its lists leave them out.
        """
        unread = self._unread_stops(tx)
        held = offers.held(tx, service) if unread else []
        return frozenset(each.id for each in held if self._telephone(tx, each.request) in unread)

    def _coordinators(self, tx: Tx) -> list[Contact]:
        return contacts.of_kind(tx, "coordinator", self.ctx.country.code)

    def _unread(self, tx: Tx, *categories: Category) -> frozenset[bytes]:
        """Return the telephones of unread texts and stops, to compare them."""
        return self._senders(tx, arrivals.unread(tx, *categories))

    def _unread_stops(self, tx: Tx) -> frozenset[bytes]:
        """Return the telephones of unread stops, and of texts that may be a *yes* to "stop all calls?"."""
        return self._senders(tx, arrivals.unread_stops(tx))

    def _senders(self, tx: Tx, unread: Sequence[Arrived]) -> frozenset[bytes]:
        return frozenset(self.before.telephone(each.id, each.sealed, tx.now) for each in unread)

    def _telephone(self, tx: Tx, request: str) -> bytes:
        return self.before.telephone(request, sealed_numbers.sealed_of(tx, request), tx.now)
