"""Undo what a coordinator gave to another service: for some minutes, the person who did it may.

The service before is offered the request again, under the same conditions as at first: a service that is full, or that
the number may not go to (R30), is not asked. The offer of the service that was chosen instead ends, if it has not
taken it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from helpline.casework import handover, reassign
from helpline.casework.console_actions import Cases
from helpline.casework.reassign import WHY, Reassigned
from helpline.referral.context import Context
from helpline.request import attempts, offers, phone_lines, requests
from helpline.request.model import CallbackRequest
from helpline.request.offers import Offered, OfferState
from helpline.staff.roles import Person
from helpline.store import audit_log
from helpline.store.engine import Tx

UNDO = "undo_give"
"""How the audit log calls it."""
CHOICES = frozenset({UNDO, *(f"give_{why}" for why in WHY)})


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An offer or a claim that a coordinator ended minutes ago, to give the request to another service."""

    attempt: int
    offer: Offered
    until: datetime
    """Until when it can be undone."""


def withdrawn(ctx: Context, tx: Tx, person: Person, id: str) -> Withdrawn | None:
    """Return what this person could take back by its time. Return None if another choice was made since."""
    minutes = timedelta(minutes=ctx.config.undo_minutes)
    moved = attempts.last_moved(tx, id, tx.now - minutes)
    made = [each for each in audit_log.search(tx, ref=id, since=tx.now - minutes) if each.action in CHOICES]
    if moved is None or not made or made[-1].actor != person.id or made[-1].at != moved.at:
        return None
    offer = offers.get(tx, moved.offer)
    return Withdrawn(moved.id, offer, moved.at + minutes) if offer else None


def times(tx: Tx, id: str) -> list[datetime]:
    """Return when coordinators took such a choice about a request back, oldest first."""
    return [each.at for each in audit_log.search(tx, ref=id, action=UNDO)]


def why_not(ctx: Context, tx: Tx, request: CallbackRequest, ended: Withdrawn) -> Reassigned | None:
    """Return why the service before cannot be asked again about a request. Return None if it can."""
    if stopped := reassign.cannot_be_moved(tx, request):
        return stopped
    asked = reassign.live(tx, request.id)
    if any(offer.state is OfferState.CLAIMED for offer in asked):
        return Reassigned.UNDO_TAKEN
    if any(offer.service != request.handed_to for offer in asked):
        return Reassigned.UNDO_ELSEWHERE
    if attempts.has_declined(tx, ended.offer.id):
        return Reassigned.UNDO_UNFIT  # its *no* came after the request was taken from it
    services = handover.candidates(ctx, tx, request)
    found = next((each.why for each in services if each.id == ended.offer.service), ("gone",))
    if found:
        return Reassigned.UNDO_FULL if found == ("desk",) else Reassigned.UNDO_UNFIT
    return None


def undo(cases: Cases, tx: Tx, person: Person, id: str) -> Reassigned:
    """Take back that this person gave a request to another service. The service before is asked next.

    The service that was chosen is told that it need not answer, if it was asked. Raise `NotThere`.
    """
    request = reassign.hold(cases, tx, id)
    ended = withdrawn(cases.ctx, tx, person, id)
    if ended is None:
        return Reassigned.UNDO_LATE
    if refused := why_not(cases.ctx, tx, request, ended):
        return refused
    if cases.stop_waits(tx, id) or phone_lines.is_barred(tx, request):
        return Reassigned.WAIT
    offers.ask_again(tx, id, ended.offer.service)
    if ended.offer.service in offers.asked(tx, id):
        return Reassigned.UNDO_UNFIT  # somebody guessed at its code
    audit_log.append(tx, cases.ctx.audit_key, tx.now, person.id, UNDO, id)
    attempts.undo(tx, ended.attempt)
    requests.hand_to(tx, id, ended.offer.service)
    reassign.release(cases.ctx, tx, id, reassign.live(tx, id))
    return Reassigned.TAKEN_BACK
