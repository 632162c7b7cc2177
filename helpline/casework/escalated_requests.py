"""Requests that no service takes: a coordinator takes them, or declines and the next one is called.

Each command runs inside one transaction and may run twice. A coordinator holds what they have taken as a service holds
a claim. By SMS they answer with five digits of their own (`escalation`).
"""

from helpline.casework import claims
from helpline.casework.answers import Answer, CallDeclined, Claimed, NotOpen, Refused, Why
from helpline.core.call_windows import NOW
from helpline.referral import ending, offer_next
from helpline.referral.context import Context
from helpline.request import coordinator_calls, offers, phone_lines, requests, sealed_numbers
from helpline.request.model import CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.request.recipients import recipients_of
from helpline.staff import on_call, people
from helpline.staff.contact import Actor
from helpline.store import audit_log, outbox
from helpline.store.engine import Tx
from helpline.store.sql import new_id

DANGER = "danger"
"""The reason of an override that needs no words: the caller is in danger (R29)."""


def needs_reason(ctx: Context, tx: Tx, actor: Actor, request: CallbackRequest) -> bool:
    """Whether a coordinator may get the number only by an override: no more services may (R29, R30)."""
    return not recipients_of(tx, request, ctx.config.most_services).may_get(actor.desk)


def take(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None) -> Answer:
    """Take a stranded request, called about it by text. The first coordinator to do so gets the card.

    By SMS no reason can be given. So if one is needed, only danger is one.
    """
    found = called_about(ctx, tx, actor, offer)
    if found is None:
        return claims.claim(ctx, tx, actor, offer)  # a holder gets the card again
    offer, request = found
    if request.state is State.FROZEN:
        return Refused(offer, Why.FROZEN)
    needed = needs_reason(ctx, tx, actor, request)
    if needed and request.risk != NOW:
        return Refused(offer, Why.NO_MORE_SERVICES)
    if not _move(tx, offer):
        return NotOpen()
    _taken(ctx, tx, actor, offer, DANGER if needed else "")
    return Claimed(offer, request.has_wishes)


def take_at_console(ctx: Context, tx: Tx, actor: Actor, request: CallbackRequest, why: str = "") -> bool:
    """Take a stranded request at the console, called about it or not. Return False if it cannot be taken now.

    `why` is the reason of an override; empty if none is needed.

    The console has no words key, so it cannot know which digits are free. A worker draws them and sends the card
    (`send_card`).
    """
    line, held = sealed_numbers.line_of(tx, request.id), coordinator_calls.get(tx, request.id, actor.id)
    if line is None or phone_lines.is_taken(tx, line):
        return False
    if held and held.line == line:
        coordinator_calls.again(tx, id := held.id)
    else:
        offers.add(tx, request.id, line, actor.id, 0, id := new_id(), OfferState.CALLED)
    offer = offers.get(tx, id)
    if offer is None or not _move(tx, offer):
        return False
    _taken(ctx, tx, actor, offer, why)
    outbox.wake(tx, "taken", id, tx.now)
    return True


def send_card(ctx: Context, tx: Tx, id: str) -> None:
    """Draw digits, which no other offer of this desk has, for a request taken at the console, and send its card."""
    offer = offers.get(tx, id)
    if offer is None or offer.state is not OfferState.CLAIMED:
        return
    offers.set_draws(tx, id, offer_next.free_draw(ctx, tx, offer.service, id, offer.draws))
    ending.tell_card(tx, offer)


def _taken(ctx: Context, tx: Tx, actor: Actor, offer: Offered, why: str) -> None:
    if why:
        audit_log.append(tx, ctx.audit_key, tx.now, actor.id, f"override_{why}", offer.request)
        offers.set_override(tx, offer.id, why)
    coordinator_calls.end_all(tx, offer.request)
    outbox.drop(tx, "page", offer.request)
    outbox.wake(tx, "silent", offer.id, tx.now, requests.queue_of(tx, offer.request))
    audit_log.append(tx, ctx.audit_key, tx.now, actor.id, "claim", offer.request)


def _move(tx: Tx, offer: Offered) -> bool:
    """Move a request and the call about it. Return False if it is not stranded any more, or its line is held (R27)."""
    if sealed_numbers.line_of(tx, offer.request) != offer.line or phone_lines.is_taken(tx, offer.line):
        return False
    if not offers.move(tx, offer.id, OfferState.CALLED, OfferState.CLAIMED):
        return False
    if requests.move(tx, offer.request, State.STRANDED, State.CLAIMED):
        return True
    offers.move(tx, offer.id, OfferState.CLAIMED, OfferState.VOID)
    return False


def decline_call(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None) -> Answer:
    """Decline a call. A coordinator who was not called yet is called at once; else the next round keeps its time."""
    found = called_about(ctx, tx, actor, offer)
    if found is None:
        return NotOpen()
    offer, request = found
    if request.state is State.FROZEN:
        return Refused(offer, Why.FROZEN)
    if not offers.move(tx, offer.id, OfferState.CALLED, OfferState.PASSED):
        return NotOpen()
    before = coordinator_calls.last_times(tx, request.id)
    fresh = any(each.id not in before for each in on_call.in_turn(tx, ctx.country.code))
    if fresh and request.state is State.STRANDED:
        outbox.wake(tx, "page", request.id, tx.now, request.queue)
    return CallDeclined(offer)


def called_about(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None) -> tuple[Offered, CallbackRequest] | None:
    """Return what a coordinator is called about, as it is now. It opens for nobody else.

    Nor does it open for a coordinator whose account was disabled.
    """
    found = claims.current(ctx, tx, actor, offer)
    if found is None or found[0].state is not OfferState.CALLED:
        return None
    return None if people.is_disabled(tx, actor.id) else found
