"""Calling coordinators: in turn about a request that nobody is left to ask about, all of them about a frozen line."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from helpline.matching import next_step
from helpline.referral import attend, ending, offer_next
from helpline.referral.context import Context
from helpline.request import offers, phone_lines, requests, sealed_numbers
from helpline.request.model import CallbackRequest, State
from helpline.request.offers import OfferState
from helpline.staff import on_call
from helpline.staff.contact import Contact
from helpline.store.engine import Tx


def page(ctx: Context, tx: Tx, id: str, turn: int) -> datetime | None:
    """Call the next coordinator about a stranded request; give when to call again, None where that is over.

    Each round waits twice as long as the one before, up to six hours: again and again, but read. Where by now a
    service could be asked that was not, it is asked instead.
    """
    ctx.settle_stops(tx)
    request, line = requests.get(tx, id), sealed_numbers.line_of(tx, id)
    if request is None or line is None or request.state is not State.STRANDED:
        return None
    if any(attend.untried(ctx, tx, request)):
        ending.resume(tx, request, tx.now)
        return None
    who = on_call.in_turn(tx, ctx.country.code)
    if not who:
        ctx.log("no_coordinator", id)
    elif not phone_lines.is_taken(tx, line):  # nobody could take it now: one at a time a line (R27)
        call_coordinator(ctx, tx, request, line, whose_turn(who, offers.last_called(tx, id)), "to_ngo.stranded")
    return tx.now + next_step.between_rounds(ctx.config, request.risk, (turn - 1) // max(len(who), 1))


def call_about_frozen(ctx: Context, tx: Tx, id: str) -> None:
    """Call every coordinator about a request that was frozen, while it is (R8)."""
    ctx.settle_stops(tx)
    request = requests.get(tx, id)
    if request is not None and request.state is State.FROZEN:
        note_called(ctx, tx, request, "to_ngo.frozen")


def note_called(ctx: Context, tx: Tx, request: CallbackRequest, notice: str) -> None:
    """Call every coordinator about a line that was frozen, by one request of it."""
    line, who = sealed_numbers.line_of(tx, request.id), on_call.in_turn(tx, ctx.country.code)
    if line is None or not who:
        return ctx.log("no_coordinator", request.id)
    for person in who:
        call_coordinator(ctx, tx, request, line, person, notice)
    return None


def call_coordinator(ctx: Context, tx: Tx, request: CallbackRequest, line: str, who: Contact, notice: str) -> None:
    """Write to a coordinator with the five digits by which she can answer."""
    held = offers.call_of(tx, request.id, who.id)
    if held and held.line == line:
        offers.call_again(tx, held.id)
        return on_call.tell(tx, who, notice, request=request.id, offer=held.id, queue=request.queue)
    id, draws = offer_next.new_offer_code(ctx, tx, who.id)
    offers.add(tx, request.id, line, who.id, draws, id, OfferState.CALLED)
    return on_call.tell(tx, who, notice, request=request.id, offer=id, queue=request.queue)


def whose_turn(people: Sequence[Contact], called: Mapping[str, datetime]) -> Contact:
    """Give who is called next: the first who was not called yet, else who was called longest ago."""
    fresh = next((who for who in people if who.id not in called), None)
    return fresh or min(people, key=lambda who: called[who.id])
