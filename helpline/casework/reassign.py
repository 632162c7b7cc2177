"""What a coordinator does about a request at the console: gives it to another service, takes it, unfreezes its line.

A coordinator never sees whose request it is. What they take is taken for their telephone, which gets the card and the
number by SMS: no account of a coordinator is ever shown a number. If another request of the same telephone is in the
way, the answer is the same as for anything that passes by itself (R27).
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from helpline.casework import escalated_requests, freeze, handover
from helpline.casework.console_actions import Cases
from helpline.casework.escalated_requests import DANGER
from helpline.casework.freeze import LIFT
from helpline.core.call_windows import NOW
from helpline.referral import ending, pass_on
from helpline.referral.context import Context
from helpline.request import attempts, offers, phone_lines, requests
from helpline.request.model import DRILL, HELD_ON, OVER, CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.staff import contacts
from helpline.staff.contact import Actor
from helpline.staff.roles import Person
from helpline.store import audit_log, outbox
from helpline.store.engine import Tx

WHY = ("silent", "asked", "fits", "urgent", "other")
"""Why a request is given to another service. There is no free text, so that nothing about a caller is in it."""
REASSIGNABLE = frozenset({State.WAITING, State.OFFERED, State.CLAIMED, State.STRANDED})
"""States in which a request may be given to a service: not while it is stopped, nor once the caller was reached."""
SAID_NO = frozenset({OfferState.PASSED, OfferState.LAPSED, OfferState.UNDELIVERABLE})


class Reassigned(StrEnum):
    """What happened. The value is the name of the text in `console.requests.said`."""

    GIVEN = "given"
    INCOMPLETE = "choose"
    STOPPED = "rests"
    """The request is paused or frozen."""
    OVER = "over"
    WAIT = "wait"
    """Something passes by itself: an unread stop, or another request of the same telephone."""
    SAME_SERVICE = "same"
    DOES_NOT_FIT = "unfit"
    SAID_NO = "said_no"
    """The service has declined, or has not answered in time: it must be chosen once more."""
    TAKEN = "taken"
    NOT_STRANDED = "not_stranded"
    NO_TELEPHONE = "no_telephone"
    """The account has no telephone of the directory."""
    GIVEN_BACK = "gave_back"
    NOT_THEIRS = "not_yours"
    REASON_MISSING = "reason"
    """No more services may get the number, so a coordinator must say why (R29, R30)."""
    UNFROZEN = "lifted"
    ONE_MORE = "lift_more"
    NOT_FROZEN = "not_frozen"
    TAKEN_BACK = "took_back"
    """What a coordinator gave to another service is offered again to the one before (`undo_reassign`)."""
    UNDO_LATE = "undo_late"
    UNDO_TAKEN = "undo_taken"
    """The other service, or a coordinator, has taken it meanwhile."""
    UNDO_ELSEWHERE = "undo_elsewhere"
    """Neither the service that was chosen, nor the one before, but a third one is asked."""
    UNDO_FULL = "undo_full"
    UNDO_UNFIT = "undo_unfit"


class NotThere(Exception):
    """There is no such request, or only what is counted is left of it."""


def said_no(tx: Tx, id: str) -> Mapping[str, OfferState]:
    """Return the services that were offered a request and did not take it, or gave it back."""
    return {offer.service: offer.state for offer in offers.of_request(tx, id) if offer.state in SAID_NO}


def choices(tx: Tx, id: str) -> list[tuple[str, datetime]]:
    """Return why coordinators gave a request to a service, each one of `WHY`, and when, oldest first."""
    found = ((each.action.removeprefix("give_"), each.at) for each in audit_log.search(tx, ref=id))
    return [(why, at) for why, at in found if why in WHY]


def give(cases: Cases, tx: Tx, person: Person, id: str, to: str, why: str, *, again: bool = False) -> Reassigned:
    """Offer a request to another service, by its id, next. `why` is one of `WHY` and goes into the audit log.

    Only within the caller's consent, and only if it fits (R28, R30). With `again`, also to a service that has declined
    it before. The service that has it now gets a neutral text that its part is over. Raise `NotThere`.
    """
    request = hold(cases, tx, id)
    if why not in WHY or not to:
        return Reassigned.INCOMPLETE
    if stopped := cannot_be_moved(tx, request):
        return stopped
    if cases.stop_waits(tx, id) or phone_lines.is_barred(tx, request):
        return Reassigned.WAIT
    asked = live(tx, id)
    if any(offer.service == to for offer in asked):
        return Reassigned.SAME_SERVICE
    chosen = next((each for each in handover.candidates(cases.ctx, tx, request) if each.id == to), None)
    if chosen is None or chosen.why:
        return Reassigned.DOES_NOT_FIT
    if to in said_no(tx, id) and not again:
        return Reassigned.SAID_NO
    offers.ask_again(tx, id, to)
    if to in offers.asked(tx, id):
        return Reassigned.DOES_NOT_FIT  # somebody guessed at its code
    audit_log.append(tx, cases.ctx.audit_key, tx.now, person.id, f"give_{why}", id)
    requests.hand_to(tx, id, to)
    _note_move(tx, person, request, asked)
    release(cases.ctx, tx, id, asked)
    return Reassigned.GIVEN


def cannot_be_moved(tx: Tx, request: CallbackRequest) -> Reassigned | None:
    """Return why a request can be given to no service now: it is stopped, or over. Return None if it can."""
    if request.state in REASSIGNABLE and tx.now < request.expires:
        return None
    return Reassigned.STOPPED if request.state not in HELD_ON | OVER else Reassigned.OVER


def _note_move(tx: Tx, person: Person, request: CallbackRequest, asked: list[Offered]) -> None:
    for offer in asked:
        attempts.add(tx, offer, person.id, attempts.MOVED, request.state)


def release(ctx: Context, tx: Tx, id: str, asked: list[Offered]) -> None:
    """End the open offer or the claim, and let the request wait. A worker offers it to the chosen service first."""
    for offer in asked:
        claimed = offer.state is OfferState.CLAIMED
        pass_on.pass_on(ctx, tx, offer, OfferState.PASSED if claimed else OfferState.VOID)
        if claimed or offer.until:  # an offer without a time limit: its text has not been sent
            ending.tell_service(tx, offer, "to_ngo.stop" if claimed else "to_ngo.gone")
    now = requests.get(tx, id)
    if now and now.state is State.STRANDED:
        ending.resume(tx, now, tx.now)
    elif now and now.state is State.WAITING:
        outbox.wake(tx, "attend", now.id, max(now.due, tx.now), now.queue)


def take(cases: Cases, tx: Tx, person: Person, id: str, why: str = "") -> Reassigned:
    """Take a stranded request, as TAKE does by SMS. The card goes to the coordinator's telephone. Raise `NotThere`.

    `why` is one of `WHY`. It is needed if no more services may get the number, except in danger (R29, R30).
    """
    request, actor = hold(cases, tx, id), actor_of(tx, person)
    if actor is None:
        return Reassigned.NO_TELEPHONE
    if request.state is not State.STRANDED or tx.now >= request.expires:
        return Reassigned.NOT_STRANDED
    reason = ""
    if escalated_requests.needs_reason(cases.ctx, tx, actor, request):
        reason = DANGER if request.risk == NOW else why
        if reason not in (DANGER, *WHY):
            return Reassigned.REASON_MISSING
    if cases.stop_waits(tx, id) or not escalated_requests.take_at_console(cases.ctx, tx, actor, request, reason):
        return Reassigned.WAIT
    audit_log.append(tx, cases.ctx.audit_key, tx.now, person.id, "take", id)
    return Reassigned.TAKEN


def give_back(cases: Cases, tx: Tx, person: Person, id: str) -> Reassigned:
    """Release a request that the coordinator has taken. Other coordinators are called. Raise `NotThere`."""
    request, actor = hold(cases, tx, id), actor_of(tx, person)
    offer = next((each for each in live(tx, id) if actor and each.service == actor.id), None)
    if offer is None or request.state is not State.CLAIMED:
        return Reassigned.NOT_THEIRS
    attempts.add(tx, offer, person.id, "pass", request.state)
    pass_on.pass_on(cases.ctx, tx, offer, OfferState.PASSED)
    audit_log.append(tx, cases.ctx.audit_key, tx.now, person.id, "give_back", id)
    if offer.left_at is not None:
        ending.tell_service(tx, offer, "to_ngo.stop")
    return Reassigned.GIVEN_BACK


def lift(cases: Cases, tx: Tx, person: Person, id: str) -> Reassigned:
    """Agree that a request was frozen by mistake. Two people together unfreeze its line (R8). Raise `NotThere`."""
    request, actor = hold(cases, tx, id), actor_of(tx, person)
    if actor is None:
        return Reassigned.NO_TELEPHONE
    if request.state is not State.FROZEN or not phone_lines.is_frozen(tx, id):
        return Reassigned.NOT_FROZEN
    if cases.stop_waits(tx, id):
        return Reassigned.WAIT
    audit_log.append(tx, cases.ctx.audit_key, tx.now, person.id, LIFT, id)
    unfrozen = freeze.unfreeze_at_console(cases.ctx, tx, actor, id)
    return Reassigned.UNFROZEN if unfrozen else Reassigned.ONE_MORE


def actor_of(tx: Tx, person: Person) -> Actor | None:
    """Return a coordinator as their telephone of the directory; None if their account has none."""
    contact = contacts.get(tx, person.contact) if person.contact else None
    return Actor.by_sms(contact) if contact and contact.kind == "coordinator" else None


def hold(cases: Cases, tx: Tx, id: str) -> CallbackRequest:
    """Return a request, locked, after the stops that workers have read. Raise `NotThere`."""
    cases.ctx.settle_stops(tx, id)
    request = requests.hold(tx, id)
    if request is None or request.kind == DRILL:
        raise NotThere
    return request


def live(tx: Tx, id: str) -> list[Offered]:
    """Return the open offer or the claim of a request."""
    found = offers.live_of_request(tx, id)
    return [offer for offer in found if offer.state in (OfferState.OPEN, OfferState.CLAIMED)]
