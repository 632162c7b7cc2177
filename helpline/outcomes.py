"""What a service says of its call, and what follows: on to the next window, helped on (`following`), rest (`resting`).

Each method runs inside one transaction and moves rows only by compare-and-set, so it may run twice.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from helpline import ending
from helpline.allowance import MOST_ATTEMPTS, was_shown, when_or_never
from helpline.claims import Claims
from helpline.directory import Contact
from helpline.following import Following
from helpline.referral import Referral
from helpline.request import HELD_ON, CallbackRequest, Outcome, State
from helpline.resting import FOR_HER_SAFETY, FREEZES, Resting
from helpline.store import attempts, audits, desks, requests
from helpline.store.attempts import IN_VAIN
from helpline.store.offers import Offered, OfferState


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Its field is all it needs; its methods are all it does."""

    claims: Claims

    @property
    def referral(self) -> Referral:
        """Give what moves requests on."""
        return self.claims.referral

    def tell(self, tx: Connection, who: Contact, code: str, outcome: str, now: datetime) -> None:
        """Write down how a call went, once for each window in which the number was shown, and do what follows.

        `outcome`: one of the rules' "attempt.outcome".
        """
        self.referral.lines.settle(tx, now)
        offer = self.claims.find(tx, who, code)
        request = requests.get(tx, offer.request) if offer else None
        if offer is None or request is None:
            return self._late(tx, who, code, outcome, now)
        told, shown = attempts.told(tx, offer), was_shown(tx, who, offer)
        if refused := refusal(offer, request, outcome, told=told, shown=shown):
            return ending.tell_service(tx, offer, refused, now, who)
        attempts.add(tx, offer, who.id, outcome, request.state, now)
        audits.append(tx, self.referral.audit_key, now, who.id, outcome, request.id)
        if outcome == "reached":
            return Following(self.claims).begin(tx, who, offer, request, now)
        if outcome in IN_VAIN and attempts.in_vain(tx, request.id, offer.line) < MOST_ATTEMPTS:
            return self._again(tx, who, offer, request, now)
        self._stop(tx, offer, request, outcome, now)
        told_too = desks.on_duty(tx, who.desk)
        if told_too and told_too.id != who.id:  # who is on duty was told; so is who wrote
            self.claims.answer(tx, who, "to_ngo.stop", code, now)
        return None

    def _late(self, tx: Connection, who: Contact, code: str, outcome: str, now: datetime) -> None:
        """A code that is not open: what a desk learnt by a call of ours holds though its claim has ended (R1, R8).

        Never of a number that was not shown to it, and nothing twice.
        """
        offer = self.claims.ended(tx, who, code, now) if outcome in FOR_HER_SAFETY else None
        request = requests.get(tx, offer.request) if offer else None
        if offer is None or request is None or not was_shown(tx, who, offer):
            return self.claims.wrong_code(tx, who, code, now)
        if is_said(tx, offer, request, outcome):
            return self.claims.wrong_code(tx, who, code, now)
        attempts.add(tx, offer, who.id, outcome, request.state, now)
        audits.append(tx, self.referral.audit_key, now, who.id, outcome, request.id)
        self._stop(tx, offer, request, outcome, now)
        return self.claims.answer(tx, who, "to_ngo.stop", code, now)

    def _again(self, tx: Connection, who: Contact, offer: Offered, request: CallbackRequest, now: datetime) -> None:
        """Nobody was reached: the claim stays, and the answer names the next window."""
        notice = when_or_never(request, "to_ngo.noted", now, but_not=offer.shown_in)
        ending.tell_service(tx, offer, notice, now, who)

    def _stop(self, tx: Connection, offer: Offered, request: CallbackRequest, outcome: str, now: datetime) -> None:
        """Nobody rings any more: for her safety, or because it was in vain too often."""
        if outcome in FOR_HER_SAFETY:
            Resting(self.referral).rest(tx, offer, request, outcome, now)
        else:
            ending.stop(tx, request, State.CLOSED, now, Outcome.UNREACHABLE)


def is_said(tx: Connection, offer: Offered, request: CallbackRequest, outcome: str) -> bool:
    """Tell whether a late word about an offer adds nothing: a text that comes twice counts once.

    Who has frozen a line says nothing more of it while it is.
    """
    return attempts.said(tx, offer.id, {outcome} | (FREEZES if request.state is State.FROZEN else set()))


def refusal(offer: Offered, request: CallbackRequest, outcome: str, *, told: bool, shown: bool) -> str:
    """Give the notice that says why an outcome cannot be written down; empty where it can.

    `told`: it was before. `shown`: the number was once, though a receipt may have said since that it did not arrive.
    """
    if offer.state is OfferState.OPEN:
        return "to_ngo.menu_open"
    if offer.state is OfferState.FOLLOWED and request.state in HELD_ON:
        return "" if outcome in FOR_HER_SAFETY else "to_ngo.menu_reached"
    if offer.state is not OfferState.CLAIMED or request.state is not State.CLAIMED:
        return "to_ngo.not_open"
    if outcome in FOR_HER_SAFETY:
        return "" if shown else "to_ngo.ask_first"
    if offer.shown_in is None:
        return "to_ngo.ask_first"
    return "to_ngo.reported" if told else ""
