"""The coordinators' side of a request that nobody is left to ask about: they take it, or let it pass.

Each method runs inside one transaction, may run twice, and sends nothing itself: texts are rows of the outbox. A
coordinator answers by five digits of her own (`escalation`); what she has taken she holds as a service does.
"""

from helpline.casework import claims
from helpline.referral import ending, offer_next
from helpline.referral.context import Context
from helpline.request import offers, phone_lines, requests, sealed_numbers
from helpline.request.model import CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.staff import on_call, people
from helpline.staff.contact import Contact
from helpline.store import audit_log, outbox, texts_out
from helpline.store.engine import Tx
from helpline.store.sql import new_id


def take(ctx: Context, tx: Tx, who: Contact, code: str) -> None:
    """A coordinator takes a stranded request, the first to say so: she gets the card as a service does."""
    ctx.stops.settle(tx)
    offer = find_escalated(ctx, tx, who, code)
    if offer is None:
        held = claims.find(ctx, tx, who, code)
        if held is not None and held.state is OfferState.CLAIMED:
            return ending.tell_card(tx, held)
        return claims.wrong_code(ctx, tx, who, code)
    if _is_frozen(tx, who, offer):
        return None
    if not _takes(tx, offer):
        return answer_coordinator(ctx, tx, who, "to_ngo.not_open", offer)
    _took(ctx, tx, who, offer)
    return ending.tell_card(tx, offer)


def take_at_console(ctx: Context, tx: Tx, who: Contact, request: CallbackRequest) -> bool:
    """Take a stranded request at the console, called about it or not; false where it cannot be taken now.

    The console has no words key, so it cannot know whether the digits are free: whoever has it draws them and
    sends the card (`taken`).
    """
    line, held = sealed_numbers.line_of(tx, request.id), offers.call_of(tx, request.id, who.id)
    if line is None or phone_lines.is_taken(tx, line):
        return False
    if held and held.line == line:
        offers.call_again(tx, id := held.id)
    else:
        offers.add(tx, request.id, line, who.id, 0, id := new_id(), OfferState.CALLED)
    offer = offers.get(tx, id)
    if offer is None or not _takes(tx, offer):
        return False
    _took(ctx, tx, who, offer)
    outbox.wake(tx, "taken", id, tx.now)
    return True


def taken(ctx: Context, tx: Tx, id: str) -> None:
    """Give what was taken at the console digits that are no other's at this desk, and send its card."""
    offer = offers.get(tx, id)
    if offer is None or offer.state is not OfferState.CLAIMED:
        return
    offers.set_draws(tx, id, offer_next.free_draw(ctx, tx, offer.service, id, offer.draws))
    ending.tell_card(tx, offer)


def _took(ctx: Context, tx: Tx, who: Contact, offer: Offered) -> None:
    offers.void_calls(tx, offer.request)
    outbox.drop(tx, "page", offer.request)
    outbox.wake(tx, "silent", offer.id, tx.now, requests.queue_of(tx, offer.request))
    audit_log.append(tx, ctx.audit_key, tx.now, who.id, "claim", offer.request)


def _takes(tx: Tx, offer: Offered) -> bool:
    """Move a request and the call about it; false where it is not stranded any more, or its line is held (R27)."""
    if sealed_numbers.line_of(tx, offer.request) != offer.line or phone_lines.is_taken(tx, offer.line):
        return False
    if not offers.move(tx, offer.id, OfferState.CALLED, OfferState.CLAIMED):
        return False
    if requests.move(tx, offer.request, State.STRANDED, State.CLAIMED):
        return True
    offers.move(tx, offer.id, OfferState.CLAIMED, OfferState.VOID)
    return False


def decline_call(ctx: Context, tx: Tx, who: Contact, code: str) -> None:
    """A coordinator says no: whoever was not called yet is called at once; else the next round keeps its time."""
    offer = find_escalated(ctx, tx, who, code)
    if offer is not None and _is_frozen(tx, who, offer):
        return None
    if offer is None or not offers.move(tx, offer.id, OfferState.CALLED, OfferState.PASSED):
        return claims.wrong_code(ctx, tx, who, code)
    request, before = requests.get(tx, offer.request), offers.last_called(tx, offer.request)
    fresh = any(each.id not in before for each in on_call.in_turn(tx, ctx.country.code))
    if fresh and request and request.state is State.STRANDED:
        outbox.wake(tx, "page", offer.request, tx.now, request.queue)
    return answer_coordinator(ctx, tx, who, "to_ngo.next_person", offer)


def find_escalated(ctx: Context, tx: Tx, who: Contact, code: str) -> Offered | None:
    """Find what this coordinator was called about by the five digits: nobody else's open it, nor a guesser's.

    Nor hers who was taken out since.
    """
    if people.is_disabled(tx, who.id) or claims.guesses(tx, who):
        return None
    called = offers.calls_of_person(tx, who.id)
    return next((each for each in called if ctx.codes.offer_code(each.id, each.draws) == code), None)


def _is_frozen(tx: Tx, who: Contact, offer: Offered) -> bool:
    """Tell whether a call is about a frozen request, and say so again: nothing but LIFT answers it (R8)."""
    request = requests.get(tx, offer.request)
    if request is None or request.state is not State.FROZEN:
        return False
    on_call.tell(tx, who, "to_ngo.frozen", request=request.id, offer=offer.id)
    return True


def answer_coordinator(ctx: Context, tx: Tx, who: Contact, notice: str, offer: Offered) -> None:
    """Answer about a code that she was given. The text holds, whatever becomes of the request."""
    code = ctx.codes.offer_code(offer.id, offer.draws)
    id = texts_out.add(tx, who.kind, who.id, notice, "", values={"offer": code})
    outbox.wake(tx, "send", id, tx.now)
