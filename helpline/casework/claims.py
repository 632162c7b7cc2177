"""What a service does about a request by its five digits: takes it, lets it pass, gives it back, asks for the number.

Each method runs inside one transaction, may run twice, and sends nothing itself: texts are rows of the outbox.
"""

from datetime import timedelta

from helpline.content.country import in_use
from helpline.core.call_windows import Span
from helpline.referral import ending, pass_on
from helpline.referral.context import Context
from helpline.request import attempts, offers, requests, reveals
from helpline.request.model import DRILL, State
from helpline.request.offers import MOST_TRIES, Offered, OfferState
from helpline.reveal import may_reveal
from helpline.reveal.bridging import BRIDGED, RING, can_be_joined
from helpline.staff.contact import Contact
from helpline.store import audit_log, outbox, texts_out
from helpline.store.engine import Tx

LATE_ANSWER = timedelta(days=2)
WRONG_CODE, GUESSES_LAST = "wrong_code", timedelta(hours=1)
"""In the audit log: a code that opened nothing, from a coordinator's telephone; and for how long it counts."""


def claim(ctx: Context, tx: Tx, who: Contact, code: str) -> None:
    """A service says yes: right sender, right code, open offer, and the first to say it. It gets the card."""
    ctx.stops.settle(tx)
    offer = find(ctx, tx, who, code)
    if offer is None:
        return wrong_code(ctx, tx, who, code)
    if offer.state is OfferState.CLAIMED:
        return ending.tell_card(tx, offer, who)
    if offer.until is not None and offer.until <= tx.now:
        pass_on.pass_on(ctx, tx, offer, OfferState.LAPSED)
        return answer(tx, who, "to_ngo.not_open", code)
    if not offers.move(tx, offer.id, OfferState.OPEN, OfferState.CLAIMED):
        return answer(tx, who, "to_ngo.not_open", code)
    if not requests.move(tx, offer.request, State.OFFERED, State.CLAIMED):
        offers.move(tx, offer.id, OfferState.CLAIMED, OfferState.VOID)
        return answer(tx, who, "to_ngo.not_open", code)
    outbox.drop(tx, "lapse", offer.id)
    outbox.wake(tx, "silent", offer.id, tx.now, requests.queue_of(tx, offer.request))
    outbox.wake(tx, "place", offer.id, tx.now)  # an offer ends by itself; when a claim does nobody knows
    attempts.add(tx, offer, who.id, "claim", State.OFFERED)
    audit_log.append(tx, ctx.audit_key, tx.now, who.id, "claim", offer.request)
    ending.tell_card(tx, offer, who)


def decline(ctx: Context, tx: Tx, who: Contact, code: str) -> None:
    """A service says no to an open offer, or gives its claim back: the next one is asked at once.

    Who agreed to one service only (`short_form`, R28) is not given to a second one after the first has her number.
    """
    ctx.stops.settle(tx)
    offer = find(ctx, tx, who, code)
    request = requests.get(tx, offer.request) if offer else None
    if offer is None or request is None:
        return wrong_code(ctx, tx, who, code)
    if offer.state not in (OfferState.OPEN, OfferState.CLAIMED):
        return answer(tx, who, "to_ngo.not_open", code)
    if request.short_form and offer.shown_in is not None:
        return ending.tell_service(tx, offer, "to_ngo.handed_no", who)
    attempts.add(tx, offer, who.id, "pass", request.state)
    pass_on.pass_on(ctx, tx, offer, OfferState.PASSED)
    ending.tell_service(tx, offer, "to_ngo.stop" if offer.shown_in else "to_ngo.passed", who)


def ask_number(ctx: Context, tx: Tx, who: Contact, code: str) -> None:
    """A service asks for the number of its claim: inside the window, once in it, written to the audit log (R32)."""
    left = _leaves(ctx, tx, who, code, "reveal")
    if left is not None:
        offer, span = left
        ending.tell_service(tx, offer, "to_ngo.number", who, shown_in=span.start.isoformat())


def ask_bridge(ctx: Context, tx: Tx, who: Contact, code: str) -> bool:
    """A service asks to be joined to her, so that nobody sees the number; true where its telephone will ring.

    What a reveal asks is asked, by the same code; and the window is used before anything rings (R11).
    """
    offer = find(ctx, tx, who, code)
    request = requests.get(tx, offer.request) if offer else None
    trunk = in_use(ctx.country.trunk, ctx.config)
    if request and not can_be_joined(tx, trunk, who.desk, request):
        answer(tx, who, "to_ngo.not_open", code)
        return False
    left = _leaves(ctx, tx, who, code, BRIDGED)
    if left is not None:
        outbox.wake(tx, RING, left[0].id, tx.now)
    return left is not None


def _leaves(ctx: Context, tx: Tx, who: Contact, code: str, action: str) -> tuple[Offered, Span] | None:
    """Let a number leave now, by whichever way, or tell whoever asks why not. It then counts as having left."""
    ctx.stops.settle(tx)
    offer = find(ctx, tx, who, code)
    request = requests.get(tx, offer.request) if offer else None
    if offer is None or request is None:
        wrong_code(ctx, tx, who, code)
        return None
    span = may_reveal.use_up(ctx, tx, who, offer, request)
    if span == "to_ngo.not_open":
        answer(tx, who, span, code)
    elif isinstance(span, str):
        ending.tell_service(tx, offer, span, who)
    else:
        reveals.count(tx, request.id)
        action = "practice" if request.kind == DRILL else action
        audit_log.append(tx, ctx.audit_key, tx.now, who.id, action, request.id)
        return offer, span
    return None


def find(ctx: Context, tx: Tx, who: Contact, code: str) -> Offered | None:
    """Find the live offer of this service that the five digits belong to: nobody else's code opens it."""
    live = offers.live_of_service(tx, who.desk)
    return next((offer for offer in live if ctx.codes.offer_code(offer.id, offer.draws) == code), None)


def ended(ctx: Context, tx: Tx, who: Contact, code: str) -> Offered | None:
    """Find the newest offer of this service that the five digits belonged to until lately."""
    ended = reversed(offers.ended_of_service(tx, who.desk, tx.now - LATE_ANSWER))
    return next((offer for offer in ended if ctx.codes.offer_code(offer.id, offer.draws) == code), None)


def wrong_code(ctx: Context, tx: Tx, who: Contact, code: str) -> None:
    """Answer a code that opens nothing. A late answer to an offer that ended is no guess, and not counted.

    Guesses take an offer away from a service. What a coordinator was called about nobody else is told, and whoever
    can write in her name must not take it from her: there her telephone is counted, not the call.
    """
    if ended(ctx, tx, who, code):
        pass
    elif who.kind == "coordinator":
        _count_guess(ctx, tx, who)
    else:
        for offer in offers.count_try(tx, who.desk):
            if offer.tries >= MOST_TRIES:
                ctx.log("offer_guessed", offer.id)
                pass_on.pass_on(ctx, tx, offer, OfferState.VOID)
    answer(tx, who, "to_ngo.not_open", code)


def _count_guess(ctx: Context, tx: Tx, who: Contact) -> None:
    """Count a guess, but none beyond the last that counts: who guesses on shuts nobody out for longer."""
    if not guesses(tx, who):
        audit_log.append(tx, ctx.audit_key, tx.now, who.id, WRONG_CODE, who.id)
        if guesses(tx, who):
            ctx.log("offer_guessed", who.id)


def guesses(tx: Tx, who: Contact) -> bool:
    """Tell whether a telephone sent so many wrong codes within the hour that none of it is looked at."""
    return audit_log.count(tx, WRONG_CODE, who.id, tx.now - GUESSES_LAST) >= MOST_TRIES


def answer(tx: Tx, who: Contact, notice: str, code: str, **values: str) -> None:
    """Answer the phone that wrote: a code that opens nothing is said back as it was typed."""
    id = texts_out.add(tx, who.kind, who.desk, notice, "", values={"offer": code, "phone": who.id, **values})
    outbox.wake(tx, "send", id, tx.now)
