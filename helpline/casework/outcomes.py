"""What a service reports of its calls, and what follows: another call window, follow-up, or no calls any more.

Each command runs inside one transaction and moves rows only by compare-and-set, so it may run twice. A caller who was
reached is helped until the service says that the case is finished, or for thirty days.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from helpline.casework import claims, freeze
from helpline.casework.answers import (
    AlreadyTold,
    Answer,
    CallsStopped,
    Finished,
    NotForUs,
    NotOpen,
    Reached,
    Recorded,
    Refused,
    Why,
)
from helpline.casework.freeze import FOR_SAFETY, FREEZES
from helpline.core.call_windows import NOW
from helpline.referral import ending, pass_on, timeouts
from helpline.referral.context import Context
from helpline.request import attempts, offers, requests
from helpline.request.attempts import IN_VAIN, NOT_FOR_US
from helpline.request.free_windows import next_free_window
from helpline.request.model import HELD_ON, CallbackRequest, Outcome, State
from helpline.request.offers import MEANS_SOMETHING, Offered, OfferState
from helpline.reveal.may_reveal import MOST_ATTEMPTS, is_shown_enough, was_shown
from helpline.staff import contacts
from helpline.staff.contact import Actor
from helpline.store import audit_log, outbox
from helpline.store.engine import Tx

A_DAY = timedelta(days=1)
TOO_EARLY: Mapping[OfferState, Why] = {OfferState.OPEN: Why.ANSWER_FIRST, OfferState.CLAIMED: Why.REACH_FIRST}
"""Why a case cannot be finished yet."""


def record(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None, outcome: str) -> Answer:
    """Record how a call went, once for each window in which the number was shown, and do what follows.

    `outcome`: one of the rules' "attempt.outcome".
    """
    found = claims.current(ctx, tx, actor, offer)
    if found is None:
        return NotOpen()
    offer, request = found
    if offer.state not in MEANS_SOMETHING:
        return _record_late(ctx, tx, actor, offer, request, outcome)
    refused = _refusal(tx, actor, offer, request, outcome)
    if refused is not None:
        return refused
    _add(ctx, tx, actor, offer, request, outcome)
    if outcome == "reached":
        return _reach(tx, offer, request)
    if outcome == NOT_FOR_US:
        return _end_soon(ctx, tx, offer, request)
    if outcome in IN_VAIN:
        return _reached_nobody(ctx, tx, actor, offer, request, outcome)
    return _stop_calls(ctx, tx, actor, offer, request, outcome)


def _reached_nobody(
    ctx: Context, tx: Tx, actor: Actor, offer: Offered, request: CallbackRequest, outcome: str
) -> Answer:  # fmt: skip
    """Keep the claim for the next call window. In danger, a coordinator is told at once (R1): it may be hours away."""
    in_danger = request.risk == NOW
    if in_danger:
        about = {"request": request.id, "offer": offer.id, "but_not": offer.service}
        pass_on.tell_coordinator(ctx, tx, "to_ngo.unreached", **about)
    if attempts.in_vain(tx, request.id, offer.line) >= MOST_ATTEMPTS:
        return _stop_calls(ctx, tx, actor, offer, request, outcome)
    is_last = is_shown_enough(tx, request) or next_free_window(tx, offer.line, request) is None
    return Recorded(offer, is_last, in_danger)


def _stop_calls(
    ctx: Context, tx: Tx, actor: Actor, offer: Offered, request: CallbackRequest, outcome: str
) -> Answer:  # fmt: skip
    _stop(ctx, tx, offer, request, outcome)
    on_duty = contacts.on_duty(tx, actor.desk)  # who is told by text, as every holder of a request that stops
    return AlreadyTold() if on_duty and on_duty.id == actor.id else CallsStopped()


def _record_late(ctx: Context, tx: Tx, actor: Actor, offer: Offered, request: CallbackRequest, outcome: str) -> Answer:
    """Record what a service learnt by its call although its claim has ended (R1, R8).

    Only if the number was shown to it, and nothing twice.
    """
    if outcome not in late_outcomes(tx, actor, offer, request):
        return NotOpen()
    _add(ctx, tx, actor, offer, request, outcome)
    _stop(ctx, tx, offer, request, outcome)
    return CallsStopped()


def late_outcomes(tx: Tx, actor: Actor, offer: Offered, request: CallbackRequest) -> frozenset[str]:
    """Return the outcomes that a service may still report of an offer that has ended.

    Each counts once. Nothing more is reported of a stranger while the line is frozen because of one.
    """
    lately = any(each.id == offer.id for each in claims.ended_lately(tx, actor.desk))
    if offer.state in MEANS_SOMETHING or not lately or not was_shown(tx, actor, offer):
        return frozenset()
    known = FREEZES if request.state is State.FROZEN else frozenset[str]()
    return frozenset(each for each in FOR_SAFETY if not attempts.was_reported(tx, offer.id, {each} | known))


def _add(ctx: Context, tx: Tx, actor: Actor, offer: Offered, request: CallbackRequest, outcome: str) -> None:
    attempts.add(tx, offer, actor.id, outcome, request.state)
    audit_log.append(tx, ctx.audit_key, tx.now, actor.id, outcome, request.id)


def _stop(ctx: Context, tx: Tx, offer: Offered, request: CallbackRequest, outcome: str) -> None:
    """Stop all calls: for the caller's safety, or because too many were in vain."""
    if outcome in FOR_SAFETY:
        freeze.stop_calls(ctx, tx, offer, request, outcome)
    else:
        ending.stop(tx, request, State.CLOSED, Outcome.UNREACHABLE)


def _refusal(tx: Tx, actor: Actor, offer: Offered, request: CallbackRequest, outcome: str) -> Answer | None:
    """Return why an outcome cannot be recorded, or None if it can."""
    if offer.state is OfferState.OPEN:
        return Refused(offer, Why.ANSWER_FIRST)
    if offer.state is OfferState.FOLLOWED and request.state in HELD_ON:
        return _refusal_while_followed(tx, offer, request, outcome)
    if offer.state is not OfferState.CLAIMED or request.state is not State.CLAIMED:
        return NotOpen()
    if outcome in FOR_SAFETY:  # also if a receipt has said since that the number did not arrive
        return None if was_shown(tx, actor, offer) else Refused(offer, Why.ASK_FIRST)
    if offer.shown_in is None:
        return Refused(offer, Why.ASK_FIRST)
    return Refused(offer, Why.ALREADY_RECORDED) if attempts.has_outcome(tx, offer) else None


def _refusal_while_followed(tx: Tx, offer: Offered, request: CallbackRequest, outcome: str) -> Answer | None:
    if outcome in FOR_SAFETY:
        return None
    if outcome == NOT_FOR_US:
        return Refused(offer, Why.ALREADY_RECORDED) if attempts.not_for_us_at(tx, request.id) else None
    return Refused(offer, Why.ALREADY_REACHED)


def _end_soon(ctx: Context, tx: Tx, offer: Offered, request: CallbackRequest) -> Answer:
    """End a request that was not for its holder, as soon as that can no longer be undone: ending erases the number."""
    if request.state is State.CLAIMED:
        if not requests.move(tx, request.id, State.CLAIMED, State.REACHED):
            return NotOpen()
        ending.free_line(tx, offer)
    outbox.wake(tx, "follow", request.id, tx.now + timedelta(minutes=ctx.config.undo_minutes))
    return NotForUs(offer)


def _reach(tx: Tx, offer: Offered, request: CallbackRequest) -> Answer:
    """Begin the follow-up. From now on another request of the same telephone may be offered."""
    if not requests.move(tx, request.id, State.CLAIMED, State.REACHED):
        return NotOpen()
    ending.free_line(tx, offer)
    outbox.wake(tx, "follow", request.id, tx.now + A_DAY)
    return Reached(offer)


def finish_following(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None) -> Answer:
    """Close the case of a caller who was reached and helped. The number is deleted."""
    found = claims.current(ctx, tx, actor, offer)
    if found is None:
        return NotOpen()
    offer, request = found
    if offer.state is not OfferState.FOLLOWED or request.state not in HELD_ON:
        early = TOO_EARLY.get(offer.state)
        return Refused(offer, early) if early else NotOpen()
    _add(ctx, tx, actor, offer, request, "done")
    finish(tx, offer, request, Outcome.HELPED)
    return Finished(offer)


def finish(tx: Tx, offer: Offered, request: CallbackRequest, outcome: Outcome) -> None:
    """Close a request because its holder says so. They get a better answer than *do not call*."""
    ending.end_offer(tx, offer, OfferState.VOID)
    ending.stop(tx, request, State.CLOSED, outcome)


def follow_up(ctx: Context, tx: Tx, id: str) -> datetime | None:
    """Move a reached request to *following* after a day, and close it after thirty. Return when to look again.

    One that was not for its holder closes within minutes, and not as *helped*.
    """
    request, helped, not_for_us = requests.get(tx, id), attempts.helped_since(tx, id), attempts.not_for_us_at(tx, id)
    if request is None or request.state not in HELD_ON:
        return None
    if not_for_us:
        return _follow_not_for_us(ctx, tx, request, not_for_us)
    if helped is None:
        return None
    if request.state is State.REACHED:
        if tx.now < helped + A_DAY:
            return helped + A_DAY
        requests.move(tx, id, State.REACHED, State.FOLLOWING)
        request = requests.get(tx, id) or request
    ends = _closes(ctx, request, helped)
    if tx.now < ends:
        return ends
    if not tx.sure:
        return tx.now + timeouts.PUT_OFF
    ending.stop(tx, request, State.CLOSED, Outcome.HELPED)
    return None


def closes_at(ctx: Context, tx: Tx, request: CallbackRequest) -> datetime | None:
    """Return when the case of a caller who was reached closes by itself, or None if it was not for its holder."""
    helped = None if attempts.not_for_us_at(tx, request.id) else attempts.helped_since(tx, request.id)
    return _closes(ctx, request, helped) if helped else None


def leaving(ctx: Context, tx: Tx, ids: Collection[str]) -> dict[str, datetime]:
    """Return when those of some requests end that their holder reported as not for them."""
    return {id: _ends(ctx, said) for id, said in attempts.not_for_us(tx, ids).items()}


def _ends(ctx: Context, said: datetime) -> datetime:
    """Return when a request ends that is not for its holder. Until then they can take that back."""
    return said + timedelta(minutes=ctx.config.undo_minutes)


def _closes(ctx: Context, request: CallbackRequest, helped: datetime) -> datetime:
    days, kept = timedelta(days=ctx.config.follow_days), timedelta(days=ctx.config.keep_days)
    return min(helped + days, request.created + kept)


def _follow_not_for_us(ctx: Context, tx: Tx, request: CallbackRequest, said: datetime) -> datetime | None:
    ends = _ends(ctx, said)
    if tx.now < ends:
        return ends
    if not tx.sure or offers.proposed(tx, request.id):  # another service may still take it over
        return tx.now + timeouts.PUT_OFF
    for offer in offers.live_of_request(tx, request.id):
        finish(tx, offer, request, Outcome.NOT_FOR_US)
    return None
