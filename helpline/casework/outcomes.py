"""What a service says of its call, and what follows: on to the next window, helped on (`Following`), rest (`freezing`).

Each method runs inside one transaction and moves rows only by compare-and-set, so it may run twice.

She was reached, and is helped on: until the service says that all is done, or for thirty days.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from helpline.casework import claims, freeze
from helpline.casework.freeze import FOR_HER_SAFETY, FREEZES
from helpline.referral import ending
from helpline.referral.context import Context
from helpline.request import attempts, requests
from helpline.request.attempts import IN_VAIN
from helpline.request.model import HELD_ON, CallbackRequest, Outcome, State
from helpline.request.offers import Offered, OfferState
from helpline.reveal.may_reveal import MOST_ATTEMPTS, was_shown, when_or_never
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.store import audit_log, outbox
from helpline.store.engine import Tx


def record(ctx: Context, tx: Tx, who: Contact, code: str, outcome: str) -> None:
    """Write down how a call went, once for each window in which the number was shown, and do what follows.

    `outcome`: one of the rules' "attempt.outcome".
    """
    ctx.stops.settle(tx)
    offer = claims.find(ctx, tx, who, code)
    request = requests.get(tx, offer.request) if offer else None
    if offer is None or request is None:
        return _late(ctx, tx, who, code, outcome)
    told, shown = attempts.told(tx, offer), was_shown(tx, who, offer)
    if refused := refusal(offer, request, outcome, told=told, shown=shown):
        return ending.tell_service(tx, offer, refused, who)
    attempts.add(tx, offer, who.id, outcome, request.state)
    audit_log.append(tx, ctx.audit_key, tx.now, who.id, outcome, request.id)
    if outcome == "reached":
        return begin_following(tx, who, offer, request)
    if outcome in IN_VAIN and attempts.in_vain(tx, request.id, offer.line) < MOST_ATTEMPTS:
        return _again(tx, who, offer, request)
    _stop(ctx, tx, offer, request, outcome)
    told_too = contacts.on_duty(tx, who.desk)
    if told_too and told_too.id != who.id:  # who is on duty was told; so is who wrote
        claims.answer(tx, who, "to_ngo.stop", code)
    return None


def _late(ctx: Context, tx: Tx, who: Contact, code: str, outcome: str) -> None:
    """A code that is not open: what a desk learnt by a call of ours holds though its claim has ended (R1, R8).

    Never of a number that was not shown to it, and nothing twice.
    """
    offer = claims.ended(ctx, tx, who, code) if outcome in FOR_HER_SAFETY else None
    request = requests.get(tx, offer.request) if offer else None
    if offer is None or request is None or not was_shown(tx, who, offer):
        return claims.wrong_code(ctx, tx, who, code)
    if is_said(tx, offer, request, outcome):
        return claims.wrong_code(ctx, tx, who, code)
    attempts.add(tx, offer, who.id, outcome, request.state)
    audit_log.append(tx, ctx.audit_key, tx.now, who.id, outcome, request.id)
    _stop(ctx, tx, offer, request, outcome)
    return claims.answer(tx, who, "to_ngo.stop", code)


def _again(tx: Tx, who: Contact, offer: Offered, request: CallbackRequest) -> None:
    """Nobody was reached: the claim stays, and the answer names the next window."""
    notice = when_or_never(request, "to_ngo.noted", tx.now, but_not=offer.shown_in)
    ending.tell_service(tx, offer, notice, who)


def _stop(ctx: Context, tx: Tx, offer: Offered, request: CallbackRequest, outcome: str) -> None:
    """Nobody rings any more: for her safety, or because it was in vain too often."""
    if outcome in FOR_HER_SAFETY:
        freeze.freeze(ctx, tx, offer, request, outcome)
    else:
        ending.stop(tx, request, State.CLOSED, Outcome.UNREACHABLE)


def is_said(tx: Tx, offer: Offered, request: CallbackRequest, outcome: str) -> bool:
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


A_DAY = timedelta(days=1)
NOT_YET: Mapping[OfferState, str] = {OfferState.OPEN: "to_ngo.menu_open", OfferState.CLAIMED: "to_ngo.reach_first"}
"""What to do first, where *done* comes too early."""


def begin_following(tx: Tx, who: Contact, offer: Offered, request: CallbackRequest) -> None:
    """She is helped on, and her line is free for whoever else uses that phone."""
    if requests.move(tx, request.id, State.CLAIMED, State.REACHED):
        ending.free_line(tx, offer)
        outbox.wake(tx, "follow", request.id, tx.now + A_DAY)
        ending.tell_service(tx, offer, "to_ngo.reached", who)


def finish_following(ctx: Context, tx: Tx, who: Contact, code: str) -> None:
    """A service has finished with somebody it reached: the request ends well, the number is erased."""
    ctx.stops.settle(tx)
    offer = claims.find(ctx, tx, who, code)
    request = requests.get(tx, offer.request) if offer else None
    if offer is None or request is None:
        return claims.wrong_code(ctx, tx, who, code)
    if offer.state is not OfferState.FOLLOWED or request.state not in HELD_ON:
        return ending.tell_service(tx, offer, NOT_YET.get(offer.state, "to_ngo.not_open"), who)
    attempts.add(tx, offer, who.id, "done", request.state)
    audit_log.append(tx, ctx.audit_key, tx.now, who.id, "done", request.id)
    finish(tx, offer, request, Outcome.HELPED)
    return ending.tell_service(tx, offer, "to_ngo.done", who)


def follow_up(ctx: Context, tx: Tx, id: str) -> datetime | None:
    """Let a day pass after she was reached, then thirty, and end it; give when to look again."""
    request, reached = requests.get(tx, id), attempts.reached_at(tx, id)
    if request is None or reached is None or request.state not in HELD_ON:
        return None
    if request.state is State.REACHED:
        if tx.now < reached + A_DAY:
            return reached + A_DAY
        requests.move(tx, id, State.REACHED, State.FOLLOWING)
        request = requests.get(tx, id) or request
    config = ctx.config
    ends = min(reached + timedelta(days=config.follow_days), request.created + timedelta(days=config.keep_days))
    if tx.now < ends:
        return ends
    ending.stop(tx, request, State.CLOSED, Outcome.HELPED)
    return None


def finish(tx: Tx, offer: Offered, request: CallbackRequest, outcome: Outcome) -> None:
    """End a request by the word of whoever held it, who gets a better answer than *do not ring*."""
    ending.end_offer(tx, offer, OfferState.VOID)
    ending.stop(tx, request, State.CLOSED, outcome)
