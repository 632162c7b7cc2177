"""Attend to a request: ask the next service, or call a coordinator if none is left.

`next_step` decides what comes next, `ranking` which services are eligible. This module reads and changes the database.
"""

from collections.abc import Container, Iterable, Iterator, Set
from datetime import datetime, timedelta

from helpline.core.call_windows import NOW
from helpline.directory.service import Service
from helpline.matching import candidates
from helpline.matching.next_step import Action, CallAPerson, Expire, Leave, Offer, decide, waits_until
from helpline.matching.ranking import in_order, why_not
from helpline.referral import context, ending, line_turn, noted_cries, offer_next, pass_on, timeouts
from helpline.referral.context import Context
from helpline.request import offers, phone_lines, requests, sealed_numbers, waitlist_entries
from helpline.request.model import DRILL, CallbackRequest, State
from helpline.request.recipients import recipients_of
from helpline.staff import contacts
from helpline.store import exclusive, outbox
from helpline.store.engine import Tx

UNREACHED = frozenset({State.WAITING, State.OFFERED, State.STRANDED, State.CLAIMED})
SOON = timedelta(seconds=0.5)
"""When to attend to a request again whose desk was busy."""
LOOK_AGAIN, SELDOM = timedelta(minutes=10), timedelta(hours=1)
"""When to attend to a waiting request again. The longer time is for one that a desk wakes (`waitlist`)."""


def attend(ctx: Context, tx: Tx, id: str) -> datetime | None:
    """Do what a request needs next. Return when to attend to it again; None if an event will wake it."""
    ctx.settle_stops(tx, id)
    request, line = sealed_numbers.with_line(tx, id)
    if request is None or line is None:
        return None
    if request.kind == DRILL:
        ending.end_drill(tx, request)
        return None
    ending.plan_end(tx, request)
    services = candidates.candidates(tx, ctx.country, request)
    _alarm(ctx, tx, request, line)
    if request.state is State.OFFERED:
        request = _refit(ctx, tx, request, services)
    on_line = phone_lines.of_line(tx, line)
    if later := line_turn.put_off(ctx, tx, id, on_line):
        return later
    asked, full = offers.asked(tx, id), candidates.full(tx, services)
    eligible = _eligible(ctx, tx, request, services, asked, full)
    busy = line_turn.is_busy(ctx, tx, id, line, on_line)
    action = decide(request, eligible, asked, busy, tx.now, full)
    waits_for = action.full if isinstance(action, Leave | CallAPerson) else frozenset[str]()
    to_ask = {action.service.id} if isinstance(action, Offer) else set[str]()
    waited_for = waitlist_entries.desks_of(tx, id)
    if not exclusive.desks_if_free(tx, to_ask | waits_for | waited_for):
        return tx.now + SOON  # what was changed so far is saved, and the caller can go on
    is_as_read = requests.hold(tx, id) == request
    if not is_as_read or _has_place(tx, services, waits_for) or not _carry_out(ctx, tx, action, request, line):
        return tx.now  # at the same instant it was changed, or the last place of a desk was freed or taken
    if request.state is not State.STRANDED:  # that one stays on the waitlists of the desks that were full
        _wait_for(tx, id, waits_for, waited_for)
    return _attend_again_at(ctx, request, action, tx.now) if isinstance(action, Leave) else None


def _wait_for(tx: Tx, id: str, desks: Set[str], before: Set[str]) -> None:
    """Put a request on the waitlists of these desks and no others. The others may have been kept free for it."""
    for desk in waitlist_entries.put(tx, id, desks, before):
        outbox.wake(tx, "waitlist", desk, tx.now)


def _has_place(tx: Tx, services: Iterable[Service], full: Set[str]) -> bool:
    """Whether one of the full desks has a place by now. They are locked, so until the end none of them gets one.

    Otherwise a desk could be checked before this request is on its waitlist, and be free without being asked.
    """
    return bool(full) and not full <= candidates.full(tx, [each for each in services if each.id in full]).keys()


def _carry_out(ctx: Context, tx: Tx, action: Action, request: CallbackRequest, line: str) -> bool:
    """Do what is next. Return False if the service to ask has no place any more."""
    match action:
        case Offer(service):
            return offer_next.offer(ctx, tx, request, line, service)
        case CallAPerson():
            pass_on.strand(ctx, tx, request)
        case Expire():
            timeouts.expire(ctx, tx, request.id)
        case Leave():
            pass
    return True


def _attend_again_at(ctx: Context, request: CallbackRequest, left: Leave, now: datetime) -> datetime | None:
    """Return when to attend to a waiting request again. If a busy line broke the promise, log it once (R39)."""
    if request.state is not State.WAITING:
        return None
    if now < request.due:
        return request.due
    if not left.full and request.promised_to and request.promised_to <= now < request.promised_to + LOOK_AGAIN:
        ctx.log("promise_missed", request.id)
    until = waits_until(request)
    return now + (SELDOM if left.full and until and until - now > 2 * SELDOM else LOOK_AGAIN)


def _alarm(ctx: Context, tx: Tx, request: CallbackRequest, line: str) -> None:
    """Alert the first coordinator on call to danger, once for each request, besides asking services.

    Of a line only the newest request is in danger: what its telephone asked for before waits behind it.
    """
    in_danger = request.risk == NOW and request.state in UNREACHED
    if in_danger and requests.mark_alarmed(tx, request.id):
        pass_on.make_way(ctx, tx, line, request)
        phone_lines.calm_earlier(tx, line, request)
        caller = sealed_numbers.caller_of(tx, request.id)
        if caller is None:
            pass_on.tell_coordinator(ctx, tx, "to_ngo.danger", request=request.id)
        else:
            noted_cries.note(tx, caller)
        for claim in ending.claims(tx, request):  # it was claimed as an ordinary one, with hours to call
            timeouts.await_a_sign(ctx, tx, claim.id, request)


def _refit(ctx: Context, tx: Tx, request: CallbackRequest, services: list[Service]) -> CallbackRequest:
    """Take an open offer back if later answers no longer fit it. Return the request as it is then."""
    for offer in offers.live_of_request(tx, request.id):
        service = next((each for each in services if each.id == offer.service), None)
        if service is None or why_not(service, context.criteria_for(ctx, tx, request)):
            ending.take_back(tx, offer)
            requests.move(tx, request.id, State.OFFERED, State.WAITING, due=tx.now)
        else:
            offer_next.hasten(ctx, tx, offer, service, request)
    return requests.get(tx, request.id) or request


def _eligible(
    ctx: Context, tx: Tx, request: CallbackRequest, services: list[Service], asked: Set[str], full: Container[str],
) -> Iterable[Service]:  # fmt: skip
    """Return the services that may be asked about a request and were not, in the order of asking.

    None if its line is frozen (R8). None that the number may not go to (R30). None without a telephone that counts; of
    a full desk this is checked when it has room.
    """
    if phone_lines.is_barred(tx, request):
        return ()
    recipients = recipients_of(tx, request, ctx.config.most_services)
    unasked = [each for each in services if each.id not in asked and recipients.may_get(each.id)]
    eligible = in_order(unasked, context.criteria_for(ctx, tx, request))
    return (each for each in eligible if each.id in full or contacts.of_service(tx, each.id))


def untried(ctx: Context, tx: Tx, request: CallbackRequest) -> Iterator[str]:
    """Yield the ids of services that could be asked about a request and were not: newly listed, or full before."""
    listed = candidates.candidates(tx, ctx.country, request)
    full = candidates.full(tx, listed)
    eligible = _eligible(ctx, tx, request, listed, offers.asked(tx, request.id), full)
    return (each.id for each in eligible if each.id not in full)


def could_ask(ctx: Context, tx: Tx, request: CallbackRequest, service: Service) -> bool:
    """Whether a service that has room could be asked about a request and was not."""
    return any(_eligible(ctx, tx, request, [service], offers.asked(tx, request.id), ()))


def directory_changed(ctx: Context, tx: Tx) -> None:
    """Resume every stranded request with a new eligible service; attend to all that wait for a desk.

    First all are checked, then changed, in the order in which `waitlist` changes them: a caller must not wait for that.
    """
    found = [each for each in requests.in_state(tx, State.STRANDED) if any(untried(ctx, tx, each))]
    found += requests.of_ids(tx, waitlist_entries.everybody(tx))
    for request in sorted(found, key=lambda each: (each.risk != NOW, each.created, each.id)):
        if request.state is State.STRANDED:
            ending.resume(tx, request, tx.now)
        else:
            outbox.wake(tx, "attend", request.id, tx.now, requests.queue_of(tx, request.id))
