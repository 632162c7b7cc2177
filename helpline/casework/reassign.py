"""What a coordinator does about a request at the console: gives it to another service, takes it, lifts a freeze.

She never sees whose it is. What is taken is taken for her telephone of the directory, where card and number come by
SMS: no account of a coordinator is ever shown a number. Whatever stands in the way because of another request of the
same telephone is answered with the same words as anything that passes by itself (R27).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from helpline.casework import escalated_requests, freeze
from helpline.casework.console_actions import Cases
from helpline.casework.freeze import LIFT
from helpline.directory import services as service_rows
from helpline.matching import candidates as candidate_rows
from helpline.matching.ranking import Candidate, candidates
from helpline.referral import context, ending, pass_on
from helpline.referral.context import Context
from helpline.request import attempts, offers, phone_lines, requests
from helpline.request.model import DRILL, HELD_ON, OVER, CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.staff.roles import Person
from helpline.store import audit_log, outbox
from helpline.store.engine import Tx

WHY = ("silent", "asked", "fits", "urgent", "other")
"""Why a request is given to another service: no free text, so that nothing of a caller stands in it."""
STEERABLE = frozenset({State.WAITING, State.OFFERED, State.CLAIMED, State.STRANDED})
"""Where a coordinator may give a request to somebody: not while it rests for her safety, nor once she was reached."""
SAID_NO = frozenset({OfferState.PASSED, OfferState.LAPSED, OfferState.UNDELIVERABLE})


class NotThere(Exception):
    """There is no such request, or only what counts is left of it."""


@dataclass(frozen=True, slots=True)
class Steering:
    """Its field is all it needs. Each method gives the name of what is to be said, as texts are named (`given`)."""

    cases: Cases

    @property
    def ctx(self) -> Context:
        """The context of the console."""
        return self.cases.ctx

    def candidates(self, tx: Tx, request: CallbackRequest) -> list[Candidate]:
        """Give each service of the country with every reason why it is not asked about a request."""
        services = service_rows.services(tx, self.ctx.country.code)
        full = frozenset(candidate_rows.full(tx, services))
        only = offers.shown_to(tx, request.id) if request.short_form else frozenset[str]()
        return candidates(services, context.criteria_for(self.ctx, request, tx.now, full), only)

    def answered(self, tx: Tx, id: str) -> Mapping[str, OfferState]:
        """Give who was asked about a request before and did not take it, or gave it back."""
        ended = offers.of_request(tx, id)
        return {each.service: each.state for each in ended if each.state in SAID_NO}

    def give(self, tx: Tx, who: Person, id: str, to: str, why: str, *, again: bool = False) -> str:
        """Have another service asked first, by its id; `why` is one of `WHY` and stands in the audit log.

        Inside what she agreed to, and only where it fits (R28, R30). `again`: also one that was asked before and did
        not take it. Whoever was asked or holds it hears neutrally that it is over. Raises `NotThere`.
        """
        request = self._hold(tx, id)
        if why not in WHY or not to:
            return "choose"
        if request.state not in STEERABLE or tx.now >= request.expires:
            return "rests" if request.state not in HELD_ON | OVER else "over"
        if self.cases.stop_waits(tx, id) or pass_on.is_barred(tx, request):
            return "wait"
        if any(each.service == to for each in self._live(tx, id)):
            return "same"
        fitting = next((each for each in self.candidates(tx, request) if each.id == to), None)
        if fitting is None or fitting.why:
            return "unfit"
        if to in self.answered(tx, id) and not again:
            return "said_no"
        offers.ask_again(tx, id, to)
        if to in offers.asked(tx, id):
            return "unfit"  # its code was guessed at
        audit_log.append(tx, self.ctx.audit_key, tx.now, who.id, f"give_{why}", id)
        requests.hand_to(tx, id, to)
        self._free(tx, who, request)
        return "given"

    def _free(self, tx: Tx, who: Person, request: CallbackRequest) -> None:
        """End what is open or claimed, and let the request wait: a worker asks the one that it was given to first."""
        for offer in self._live(tx, request.id):
            claimed = offer.state is OfferState.CLAIMED
            attempts.add(tx, offer, who.id, "moved", request.state)
            pass_on.pass_on(self.ctx, tx, offer, OfferState.PASSED if claimed else OfferState.VOID)
            if claimed or offer.until:  # else it has not heard of it yet
                ending.tell_service(tx, offer, "to_ngo.stop" if claimed else "to_ngo.not_open")
        stands = requests.get(tx, request.id)
        if stands and stands.state is State.STRANDED:
            ending.resume(tx, stands, tx.now)
        elif stands and stands.state is State.WAITING:
            outbox.wake(tx, "attend", stands.id, max(stands.due, tx.now), stands.queue)

    def take(self, tx: Tx, who: Person, id: str) -> str:
        """Take what nobody took, as TAKE does by SMS: the card comes to her own telephone. Raises `NotThere`."""
        request, contact = self._hold(tx, id), self.contact(tx, who)
        if contact is None:
            return "no_telephone"
        if request.state is not State.STRANDED or tx.now >= request.expires:
            return "not_stranded"
        if self.cases.stop_waits(tx, id) or not escalated_requests.take_at_console(self.ctx, tx, contact, request):
            return "wait"
        audit_log.append(tx, self.ctx.audit_key, tx.now, who.id, "take", id)
        return "taken"

    def give_back(self, tx: Tx, who: Person, id: str) -> str:
        """Give back what one has taken: other coordinators are called. Raises `NotThere`."""
        request, contact = self._hold(tx, id), self.contact(tx, who)
        mine_ = [each for each in self._live(tx, id) if contact and each.service == contact.id]
        if not mine_ or request.state is not State.CLAIMED:
            return "not_yours"
        (offer,) = mine_
        if request.short_form and offer.shown_in is not None:
            return "one_only"
        attempts.add(tx, offer, who.id, "pass", request.state)
        pass_on.pass_on(self.ctx, tx, offer, OfferState.PASSED)
        audit_log.append(tx, self.ctx.audit_key, tx.now, who.id, "give_back", id)
        if offer.shown_in is not None:
            ending.tell_service(tx, offer, "to_ngo.stop")
        return "gave_back"

    def lift(self, tx: Tx, who: Person, id: str) -> str:
        """Say that a slip froze a request; two people together lift it (R8). Raises `NotThere`."""
        request, contact = self._hold(tx, id), self.contact(tx, who)
        if contact is None:
            return "no_telephone"
        if request.state is not State.FROZEN or not phone_lines.is_frozen(tx, id):
            return "not_frozen"
        if self.cases.stop_waits(tx, id):
            return "wait"
        audit_log.append(tx, self.ctx.audit_key, tx.now, who.id, LIFT, id)
        return "lifted" if freeze.unfreeze_at_console(self.ctx, tx, contact, id) else "lift_more"

    def contact(self, tx: Tx, who: Person) -> Contact | None:
        """Give whose telephone of the directory an account has, None where it has none."""
        found = contacts.get(tx, who.contact) if who.contact else None
        return found if found and found.kind == "coordinator" else None

    def _hold(self, tx: Tx, id: str) -> CallbackRequest:
        self.ctx.stops.settle(tx)
        request = requests.hold(tx, id)
        if request is None or request.kind == DRILL:
            raise NotThere
        return request

    def _live(self, tx: Tx, id: str) -> list[Offered]:
        live = offers.live_of_request(tx, id)
        return [each for each in live if each.state in (OfferState.OPEN, OfferState.CLAIMED)]
