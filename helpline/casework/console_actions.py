"""What a person at the console does about the requests of their service: by the very methods that SMS goes by.

There is no second set of rules. A contact is made from the account; what would be texted to it is taken out of the
outbox in the same transaction and stands on the page instead. Texts to others go out as ever. The console has no words
key, so an offer is called by its id, and no hashing key, so it hears a stop by comparing telephones (R48).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from helpline.casework import claims, handover, outcomes, undo
from helpline.casework import desk as desk_steps
from helpline.casework.freeze import FOR_HER_SAFETY
from helpline.casework.outcomes import is_said
from helpline.keys.sealing import CannotOpen, Opening
from helpline.referral.context import Context
from helpline.request import offers, requests, sealed_numbers
from helpline.request.offers import MEANS_SOMETHING, Offered, OfferState
from helpline.reveal.may_reveal import was_shown
from helpline.reveal.revealing import Revealed, revealed
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.staff.roles import Person
from helpline.store import arrivals, audit_log, outbox, texts_out
from helpline.store.engine import Tx
from menus.keywords import Category

WHY = ("full", "language", "needs", "hours", "known", "other")
"""Why a service lets a request pass: no free text, so that nothing of a caller stands in it."""
TAKEN, WAIT, NOT_OPEN, RINGS = "taken", "wait", "not_open", "rings"
Does = Callable[[Tx, Contact, str], None]


class NotTheirs(Exception):
    """There is no such offer, or it is another service's: both look the same."""


@dataclass(frozen=True, slots=True)
class ById:
    """What the console has in place of the words key."""

    def offer_code(self, offer: str, draw: int) -> str:
        """Call an offer by its id: it cannot be guessed, and only its own desk is asked for it."""
        del draw
        return offer


@dataclass(frozen=True, slots=True)
class WaitsForStops:
    """What the console has in place of the hashing key: `Cases` looks for a stop of that telephone itself."""

    def settle(self, tx: Tx) -> None:
        """Let no worker apply a stop while something is done."""
        sealed_numbers.one_at_a_time(tx)


@dataclass(frozen=True, slots=True)
class Cases:
    """Its fields are all it needs. Each method gives the name of what is to be said, as texts are named (`noted`)."""

    ctx: Context
    opening: Opening

    def held(self, tx: Tx, who: Person, id: str) -> Offered:
        """Give an offer of one's own service, also one that has ended. Raises `NotTheirs`."""
        offer = offers.get(tx, id)
        if offer is None or not who.service or offer.service != who.service or offer.state is OfferState.CALLED:
            raise NotTheirs
        return offer

    def claim(self, tx: Tx, who: Person, id: str) -> str:
        """Say yes to an offer. Who comes second is told."""
        before = self.held(tx, who, id)
        said = self._do(tx, who, before, partial(claims.claim, self.ctx))
        return TAKEN if said == "card" and before.state is OfferState.CLAIMED else said

    def let_pass(self, tx: Tx, who: Person, id: str, why: str) -> str:
        """Say no, or give a claim back; `why` is one of `WHY` and stands in the audit log."""
        offer = self.held(tx, who, id)
        said = self._do(tx, who, offer, partial(claims.decline, self.ctx))
        if said in ("passed", "stop") and why in WHY:
            audit_log.append(tx, self.ctx.audit_key, tx.now, who.id, f"pass_{why}", offer.request)
        return said

    def tell(self, tx: Tx, who: Person, id: str, outcome: str) -> str:
        """Write down how a call went: one of the rules' "attempt.outcome"."""

        def does(tx: Tx, contact: Contact, code: str) -> None:
            outcomes.record(self.ctx, tx, contact, code, outcome)

        return self._do(tx, who, self.held(tx, who, id), does, ended=outcome in FOR_HER_SAFETY)

    def late(self, tx: Tx, who: Person, offer: Offered) -> frozenset[str]:
        """Give what can still be said of a call though the claim has ended: what is about her safety, each once (R8).

        The rule itself is in `Outcomes`; here a page learns what to ask.
        """
        contact, request = self._contact(tx, who), requests.get(tx, offer.request)
        if request is None or offer.state in MEANS_SOMETHING:
            return frozenset()
        if not claims.ended(self.ctx, tx, contact, offer.id) or not was_shown(tx, contact, offer):
            return frozenset()
        return frozenset(each for each in FOR_HER_SAFETY if not is_said(tx, offer, request, each))

    def done(self, tx: Tx, who: Person, id: str) -> str:
        """Say that all is done for somebody who was reached."""
        does = partial(outcomes.finish_following, self.ctx)
        return self._do(tx, who, self.held(tx, who, id), does)

    def hand(self, tx: Tx, who: Person, id: str, to: str) -> str:
        """Hand a request to another service (its id)."""

        def does(tx: Tx, contact: Contact, code: str) -> None:
            handover.hand_over(self.ctx, tx, contact, code, to)

        return self._do(tx, who, self.held(tx, who, id), does)

    def undo(self, tx: Tx, who: Person, id: str) -> str:
        """Take back the last thing that this account said, if it was about this offer."""
        return self._do(tx, who, self.held(tx, who, id), partial(undo.undo, self.ctx), ended=True)

    def number(self, tx: Tx, who: Person, id: str) -> Revealed | str:
        """Ask for the number of a claim. Raises `CannotOpen`: then nothing of it is kept, and it may be asked again."""
        offer = self.held(tx, who, id)
        if self._lock_may_wait(tx):
            return WAIT
        said = self._do(tx, who, offer, partial(claims.ask_number, self.ctx))
        return (revealed(tx, self.opening, offer.request) or WAIT) if said == "number" else said

    def bridge(self, tx: Tx, who: Person, id: str) -> str:
        """Ask to be joined to her: the telephone on duty of one's own service rings in a moment."""
        offer, will_ring = self.held(tx, who, id), list[bool]()
        if self._lock_may_wait(tx):
            return WAIT

        def does(tx: Tx, contact: Contact, code: str) -> None:
            will_ring.append(claims.ask_bridge(self.ctx, tx, contact, code))

        said = self._do(tx, who, offer, does)
        return RINGS if any(will_ring) else said

    def full(self, tx: Tx, who: Person, days: str) -> str:
        """Let nothing more be asked of one's own desk for so many days."""
        audit_log.append(tx, self.ctx.audit_key, tx.now, who.id, "full", who.service)
        return self._answered(tx, who, lambda contact: desk_steps.mark_full(self.ctx, tx, contact, days))

    def open(self, tx: Tx, who: Person) -> str:
        """End the pause of one's own desk."""
        audit_log.append(tx, self.ctx.audit_key, tx.now, who.id, "open", who.service)
        return self._answered(tx, who, lambda contact: desk_steps.open_desk(tx, contact))

    def duty(self, tx: Tx, who: Person, phone: str) -> str:
        """Put one of the telephones of one's own service on duty; each is told by text. Raises `NotTheirs`."""
        named = next((each for each in contacts.of_service(tx, who.service) if each.id == phone), None)
        if named is None:
            raise NotTheirs
        audit_log.append(tx, self.ctx.audit_key, tx.now, who.id, "duty", named.id)
        desk_steps.duty_on(self.ctx, tx, named)
        return "duty_on"

    def _do(self, tx: Tx, who: Person, offer: Offered, does: Does, *, ended: bool = False) -> str:
        """Do one thing about one offer. A stale form does nothing, and is no wrong guess of a code."""
        self.ctx.stops.settle(tx)
        if not ended and offer.state not in MEANS_SOMETHING:
            return NOT_OPEN
        if offer.state in MEANS_SOMETHING and self.stop_waits(tx, offer.request):
            return WAIT
        return self._answered(tx, who, lambda contact: does(tx, contact, offer.id))

    def _answered(self, tx: Tx, who: Person, does: Callable[[Contact], None]) -> str:
        """Do something as this account, and give the first answer to it, which is not sent."""
        before = outbox.newest(tx)
        does(self._contact(tx, who))
        said = []
        for id in outbox.sends_since(tx, before):
            text = texts_out.get(tx, id)
            if text and text.values.get("phone") == who.id:
                said.append(text.notice.partition(".")[2])
                outbox.drop(tx, "send", id)
                texts_out.take_back(tx, id)
        return said[0] if said else NOT_OPEN

    def _contact(self, tx: Tx, who: Person) -> Contact:
        """Make a contact of an account: of its service, with no telephone. Its id names it in the audit log."""
        desk = contacts.get(tx, who.service)
        names = desk.names if desk else {"en": who.service}
        return Contact(who.id, "service", "", names, who.language, True, who.service, on_duty=False)

    def stop_waits(self, tx: Tx, request: str) -> bool:
        """Whether a stop of the caller's telephone is not yet read by a worker. Until then nothing is done."""
        if sealed_numbers.line_of(tx, request) is None:
            return True
        unread = arrivals.unread(tx, Category.STOP)
        if not unread:
            return False
        hers = self._opened(request, sealed_numbers.sealed_of(tx, request))
        return any(self._opened(each.id, each.sealed) == hers for each in unread)

    def _lock_may_wait(self, tx: Tx) -> bool:
        """Whether a coordinator's text that may be LOCK is not yet read by a worker: LOCK holds from its arrival on."""
        senders = {self._opened(each.id, each.sealed) for each in arrivals.unread(tx, Category.STOP, Category.DANGER)}
        found = (contacts.by_phone(tx, each) for each in senders)
        return any(who is not None and who.kind == "coordinator" for who in found)

    def _opened(self, row: str, sealed: bytes | None) -> str:
        try:
            return self.opening.open(row, sealed or b"").reveal().partition("\n")[0]
        except CannotOpen:
            self.ctx.log("cannot_open", row)
            return row  # like no other
