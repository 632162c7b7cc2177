"""Undo: take back one's last action within minutes, if nothing has followed from it.

A stop is never undone. Only the caller, or two coordinators, resume what was paused, frozen or closed for safety (R8).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from helpline.casework.answers import Answer, CannotUndo, NothingToUndo, Undone
from helpline.casework.freeze import FREEZES
from helpline.core.call_windows import NOW
from helpline.referral import ending, pass_on
from helpline.referral.context import Context
from helpline.request import attempts, case_owners, offers, phone_lines, requests
from helpline.request.attempts import IN_VAIN, Attempt
from helpline.request.model import HELD_ON, OVER, CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.staff.contact import Actor
from helpline.store import audit_log, outbox
from helpline.store.engine import Tx

STAYS = OVER | {State.PAUSED, State.FROZEN}
"""States of a request in which nothing is undone."""


@dataclass(frozen=True, slots=True)
class Undoable:
    """What an actor could undo now."""

    outcome: str
    """What they reported or did last."""
    until: datetime


def undoable(ctx: Context, tx: Tx, actor: Actor, only: Offered) -> Undoable | None:
    """Return what `undo` would undo about an offer now, or None: its time is over, or something has followed."""
    minutes = timedelta(minutes=ctx.config.undo_minutes)
    last = attempts.last_of(tx, actor.id, tx.now - minutes)
    request = requests.get(tx, only.request)
    if last is None or request is None or last.offer != only.id or request.state in STAYS:
        return None
    if not attempts.is_newest(tx, last) or not _is_as_left(tx, actor, last, only, request):
        return None
    return Undoable(last.outcome, last.at + minutes)


def undo(ctx: Context, tx: Tx, actor: Actor, only: Offered | None = None) -> Answer:
    """Undo what this actor did last; with `only`, if it was about that offer."""
    minutes = ctx.config.undo_minutes
    last = attempts.last_of(tx, actor.id, tx.now - timedelta(minutes=minutes))
    if last:
        ctx.settle_stops(tx, last.request)
    offer = offers.get(tx, last.offer) if last else None
    request = requests.get(tx, last.request) if last else None
    if last is None or offer is None or request is None or (only and only.id != offer.id):
        return CannotUndo(only, frozen=True) if only and _has_frozen(tx, only) else NothingToUndo(minutes)
    if request.state in STAYS:
        return CannotUndo(offer, frozen=_has_frozen(tx, offer))
    if not attempts.is_newest(tx, last) or not _is_as_left(tx, actor, last, offer, request):
        return NothingToUndo(minutes)
    if not _take_back(ctx, tx, last, offer, request):
        return NothingToUndo(minutes)
    attempts.undo(tx, last.id)
    audit_log.append(tx, ctx.audit_key, tx.now, actor.id, "undo", request.id)
    return Undone(offer, asked_again=last.outcome in ("claim", "pass"))


def _has_frozen(tx: Tx, offer: Offered) -> bool:
    """Whether a report about this offer froze its request, and nobody has unfrozen it. What others did is not said."""
    request = requests.get(tx, offer.request)
    is_frozen = request is not None and request.state is State.FROZEN
    return is_frozen and attempts.was_reported(tx, offer.id, FREEZES)


def last_offer(ctx: Context, tx: Tx, actor: Actor) -> Offered | None:
    """Return the offer that this actor's last action of the last minutes was about."""
    last = attempts.last_of(tx, actor.id, tx.now - timedelta(minutes=ctx.config.undo_minutes))
    return offers.get(tx, last.offer) if last else None


def _is_as_left(tx: Tx, actor: Actor, last: Attempt, offer: Offered, request: CallbackRequest) -> bool:
    """Whether offer and request are still as this action left them."""
    claimed = request.state is State.CLAIMED and offer.state is OfferState.CLAIMED
    match last.outcome:
        case attempts.HANDING:
            return bool(offers.proposed(tx, request.id))
        case "claim":
            return claimed and offer.shown_in is None and _is_own_claim(tx, actor, last, offer)
        case "pass":
            waits = request.state in (State.WAITING, State.STRANDED)
            return waits and offer.state is OfferState.PASSED and not offers.named_next(tx, request)
        case "reached" | attempts.NOT_FOR_US:
            back_to_claim = last.was_request is State.CLAIMED
            return _can_claim_again(tx, offer, request) if back_to_claim else request.state in HELD_ON
        case _:
            return last.outcome in IN_VAIN and claimed and offer.shown_in == last.shown_in


def _is_own_claim(tx: Tx, actor: Actor, last: Attempt, offer: Offered) -> bool:
    """Whether a claim is from the queue, and no colleague does the case now.

    After a hand-over the service that gave the case has deleted the number: it can be handed back.
    """
    owner = case_owners.of_case(tx, offer)
    return last.was_offer is not OfferState.PROPOSED and (owner is None or owner.id == actor.id)


def _can_claim_again(tx: Tx, offer: Offered, request: CallbackRequest) -> bool:
    """Whether no other request holds the phone line by now, which was free when the caller had been reached."""
    is_held = request.state is State.REACHED and offer.state is OfferState.FOLLOWED
    return is_held and not phone_lines.is_taken(tx, offer.line)


def _take_back(ctx: Context, tx: Tx, last: Attempt, offer: Offered, request: CallbackRequest) -> bool:
    """Restore what was before. Return False if another transaction has changed it."""
    match last.outcome:
        case attempts.HANDING:
            return ending.end_proposals(tx, request.id)
        case "claim":
            pass_on.pass_on(ctx, tx, offer, OfferState.VOID)  # void, so this service is asked again
            return True
        case "pass":
            return _undo_decline(tx, offer, request)
        case "reached":
            return _undo_reached(tx, offer, request)
        case attempts.NOT_FOR_US:
            return _undo_not_for_us(tx, last, offer, request)
        case _:
            return True


def _undo_reached(tx: Tx, offer: Offered, request: CallbackRequest) -> bool:
    """Restore the claim."""
    if not offers.move(tx, offer.id, OfferState.FOLLOWED, OfferState.CLAIMED):
        return False
    outbox.drop(tx, "follow", request.id)
    outbox.drop(tx, ending.REMIND, offer.id)
    outbox.wake(tx, "silent", offer.id, tx.now, request.queue)
    return requests.take_back(tx, request.id, State.REACHED)


def _undo_not_for_us(tx: Tx, last: Attempt, offer: Offered, request: CallbackRequest) -> bool:
    """Restore the claim, or go on helping a caller who was reached."""
    if last.was_request is State.CLAIMED:
        return _undo_reached(tx, offer, request)
    outbox.wake(tx, "follow", request.id, tx.now)
    return request.state in HELD_ON


def undo_full(ctx: Context, tx: Tx, service: str) -> tuple[int, int]:
    """Ask a service again about the offers that were passed on minutes ago because it was full.

    One that another service has taken stays there. Return how many were passed on, and how many of them come back.
    """
    back, listed = 0, attempts.passed_as_full(tx, service, tx.now - timedelta(minutes=ctx.config.undo_minutes))
    for passed in listed:
        offer, request = offers.get(tx, passed.offer), requests.hold(tx, passed.request)
        if offer and request and _comes_back(ctx, tx, offer, request):
            attempts.undo(tx, passed.id)
            back += 1
    return len(listed), back


def _comes_back(ctx: Context, tx: Tx, offer: Offered, request: CallbackRequest) -> bool:
    """Make the request open to this service again, unless another one has taken it."""
    if request.state is State.OFFERED:
        return _ask_first_again(ctx, tx, offer, request)
    return _undo_decline(tx, offer, request)


def _undo_decline(tx: Tx, offer: Offered, request: CallbackRequest) -> bool:
    """Make the request open to this service again, unless another one has been asked."""
    if request.state not in (State.WAITING, State.STRANDED):
        return False
    if not offers.move(tx, offer.id, OfferState.PASSED, OfferState.VOID):
        return False
    if request.state is State.STRANDED:
        ending.resume(tx, request, tx.now)
    else:
        outbox.wake(tx, "attend", request.id, tx.now, request.queue)
    return True


def _ask_first_again(ctx: Context, tx: Tx, offer: Offered, request: CallbackRequest) -> bool:
    """End the offer of the service that was asked instead and has not answered, and ask this one first.

    Not in danger: nobody in danger waits because a service was full by mistake. Nor if somebody has named a service,
    nor a second time: a desk must not keep a request from others by turns.
    """
    others = offers.live_of_request(tx, request.id)
    if request.risk == NOW or request.handed_to or [each.state for each in others] != [OfferState.OPEN]:
        return False
    if not pass_on.pass_on(ctx, tx, others[0], OfferState.VOID):
        return False
    if others[0].until:  # an offer without a time limit: its text has not been sent
        ending.tell_service(tx, others[0], "to_ngo.gone")
    offers.move(tx, offer.id, OfferState.PASSED, OfferState.VOID)
    requests.hand_to(tx, request.id, offer.service)
    return True
