"""Call coordinators: in turn about a stranded request, all of them about a frozen line."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from helpline.matching import next_step
from helpline.referral import attend, ending, offer_next
from helpline.referral.context import Context
from helpline.request import coordinator_calls, offers, phone_lines, requests, sealed_numbers
from helpline.request.model import CallbackRequest, State
from helpline.request.offers import OfferState
from helpline.request.recipients import recipients_of
from helpline.staff import on_call
from helpline.staff.contact import Contact
from helpline.store import exclusive, texts_out
from helpline.store.engine import Tx

GUESSING, AN_HOUR = "to_ngo.guessing", timedelta(hours=1)


def page(ctx: Context, tx: Tx, id: str, turn: int) -> datetime | None:
    """Call the next coordinator about a stranded request. Return when to call again, or None if it is not stranded.

    After each round the pause is twice as long, up to six hours, so that the calls are still read. If a service can be
    asked by now that was not, it is asked instead.
    """
    ctx.settle_stops(tx, id)
    request, line = sealed_numbers.with_line(tx, id)
    if request is None or line is None or request.state is not State.STRANDED:
        return None
    if any(attend.untried(ctx, tx, request)):
        ending.resume(tx, request, tx.now)
        return None
    people = on_call.in_turn(tx, ctx.country.code)
    if not people:
        ctx.log("no_coordinator", id)
    elif not phone_lines.is_taken(
        tx, line
    ):  # otherwise nobody could take it now: one request of a line at a time (R27)
        coordinator = next_in_turn(people, coordinator_calls.last_times(tx, id))
        no_more = recipients_of(tx, request, ctx.config.most_services).are_all
        notice = "to_ngo.stranded_limit" if no_more else "to_ngo.stranded"
        call_coordinator(ctx, tx, request, line, coordinator, notice)
    return next_step.page_again_at(ctx.config, request, tx.now, (turn - 1) // max(len(people), 1))


def report_guessing(ctx: Context, tx: Tx) -> None:
    """Report to a coordinator that many wrong codes of callers were tried (R49). Once an hour at most."""
    last = texts_out.newest(tx, GUESSING)
    if last is None or tx.now - last >= AN_HOUR:
        ctx.log("codes_guessed", "codes")
        on_call.tell_first(tx, ctx.country.code, GUESSING, ctx.log)


def call_about_frozen(ctx: Context, tx: Tx, id: str) -> None:
    """Call every coordinator about a frozen request, if it is still frozen (R8)."""
    ctx.settle_stops(tx, id)
    request = requests.get(tx, id)
    if request is not None and request.state is State.FROZEN:
        note_called(ctx, tx, request, "to_ngo.frozen")


def note_called(ctx: Context, tx: Tx, request: CallbackRequest, notice: str) -> None:
    """Call every coordinator about a frozen line, by one request of it."""
    line, people = sealed_numbers.line_of(tx, request.id), on_call.in_turn(tx, ctx.country.code)
    if line is None or not people:
        return ctx.log("no_coordinator", request.id)
    exclusive.desks(tx, [each.id for each in people])
    for coordinator in people:
        call_coordinator(ctx, tx, request, line, coordinator, notice)
    return None


def call_coordinator(ctx: Context, tx: Tx, request: CallbackRequest, line: str, to: Contact, notice: str) -> None:
    """Send a text to a coordinator, with the five digits by which they can answer."""
    earlier = coordinator_calls.get(tx, request.id, to.id)
    if earlier and earlier.line == line:
        coordinator_calls.again(tx, earlier.id)
        return on_call.tell(tx, to, notice, request=request.id, offer=earlier.id, queue=request.queue)
    id, draws = offer_next.new_offer_code(ctx, tx, to.id)
    offers.add(tx, request.id, line, to.id, draws, id, OfferState.CALLED)
    return on_call.tell(tx, to, notice, request=request.id, offer=id, queue=request.queue)


def next_in_turn(people: Sequence[Contact], called: Mapping[str, datetime]) -> Contact:
    """Return the coordinator to call next: the first who was not called yet, else the one called longest ago."""
    fresh = next((each for each in people if each.id not in called), None)
    return fresh or min(people, key=lambda each: called[each.id])
