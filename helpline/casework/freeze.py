"""Pause or freeze a phone line for the caller's safety (R7, R8, R9, R11), and unfreeze one that was frozen by mistake.

All requests of a phone line stop, because the same telephone would ring for each of them. Only the caller, or two
coordinators who agree, unfreeze it.
"""

from collections.abc import Sequence
from datetime import timedelta

from helpline.casework.answers import AlreadyTold, Answer, NotOpen, UnfreezeAgreed, Unfrozen
from helpline.casework.escalated_requests import called_about
from helpline.referral import ending, escalation, harms, pass_on
from helpline.referral.context import Context
from helpline.referral.own_hours import restore
from helpline.request import attempts, coordinator_calls, phone_lines, requests, sealed_numbers
from helpline.request.model import DRILL, CallbackRequest, Outcome, State
from helpline.request.offers import Offered
from helpline.staff import approvals, contacts, on_call
from helpline.staff.contact import Actor
from helpline.store import audit_log, exclusive, outbox
from helpline.store.engine import Tx

FREEZES = phone_lines.STRANGER
"""Outcomes after which somebody else has the caller's telephone (R8)."""
FOR_SAFETY = FREEZES | {"not_safe_now", "hung_up"}
"""Outcomes that are accepted at any time after the number was shown, however late (R1)."""
MOST_UNSAFE = 2
"""After so many calls that were not safe, a request ends (R7)."""
STOPPED = frozenset({State.PAUSED, State.FROZEN})
LIFT = "lift"
"""In the audit log and among the approvals: agreed to unfreeze a phone line."""
TWO = 2
"""So many coordinators unfreeze a phone line (R8)."""
TOGETHER = timedelta(hours=24)
"""Within this time of each other."""


def stop_calls(ctx: Context, tx: Tx, offer: Offered, request: CallbackRequest, outcome: str) -> None:
    """Pause or freeze all requests of the telephone that was called. Their services are told not to call."""
    lines = _lines_of(ctx, tx, offer, request)
    if outcome in FREEZES:
        return _freeze(ctx, tx, lines, offer, request)
    unsafe = outcome == "not_safe_now" and attempts.count(tx, request.id, outcome) >= MOST_UNSAFE
    if unsafe and request.frozen_at is None:  # a frozen request stays: it bars new requests of its line
        ending.stop(tx, request, State.CLOSED, Outcome.UNSAFE)
    _stop_lines(tx, lines, State.PAUSED)
    return None


def _freeze(ctx: Context, tx: Tx, lines: Sequence[str], offer: Offered, request: CallbackRequest) -> None:
    """Freeze every request of a telephone that somebody else has, until the caller comes back (R8).

    A line that was frozen before is frozen again, so coordinators must agree again, knowing of this. A paused request
    stays paused, and bars new requests of its telephone too. If no request can be unfrozen, a coordinator is told.
    """
    _stop_lines(tx, lines, State.FROZEN)
    for line in lines:
        phone_lines.note_freeze(tx, line)
    if request.kind == DRILL:
        return
    ctx.log("frozen", request.id)
    source = "coordinator" if on_call.is_coordinator(tx, offer.service) else "service"
    harms.add(tx, request.id, source, harms.WRONG_PERSON)
    called = [call_about_freezes(tx, line) for line in lines]
    if not any(called):
        pass_on.tell_coordinator(ctx, tx, "to_ngo.harm", request=request.id)


def _lines_of(ctx: Context, tx: Tx, offer: Offered, request: CallbackRequest) -> list[str]:
    """Return the phone line that was called, and the one to call now if the caller has named another since.

    The telephone of the one that was called is settled too: a new request of it may have no line yet.
    """
    now = sealed_numbers.line_of(tx, request.id) or offer.line
    if now != offer.line and (other := sealed_numbers.any_on_line(tx, offer.line)):
        ctx.settle_stops(tx, other)
    return sorted({offer.line, now})


def _stop_lines(tx: Tx, lines: Sequence[str], to: State) -> None:
    """Pause or freeze all open requests of some phone lines (R7, R8)."""
    for request in (request for line in lines for request in phone_lines.still_open(tx, line)):
        if request.state not in STOPPED:
            ending.stop(tx, request, to)


def unfreeze(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None) -> Answer:
    """Agree that a phone line was frozen by mistake. After the second coordinator its requests wait again (R8).

    A freeze from before or since needs two who agree as well. The coordinator is then called about that one.
    """
    found = called_about(ctx, tx, actor, offer)
    if found is None or found[1].state is not State.FROZEN:
        return NotOpen()
    offer, request = found
    exclusive.desks(tx, [actor.desk])  # before the audit log: they may be called about another freeze
    if not _agree(ctx, tx, actor, request.id):
        return UnfreezeAgreed(offer)
    others, contact = _freezes_left(ctx, tx, offer.line), contacts.get(tx, actor.id)
    another = requests.get(tx, others[0]) if others else None
    if another:
        if contact is None:  # a line stays frozen where nobody can be asked about its other freeze
            return NotOpen()
        escalation.call_coordinator(ctx, tx, another, offer.line, contact, "to_ngo.frozen")
        return AlreadyTold()
    _unfreeze_line(ctx, tx, actor, request.id, offer.line)
    return Unfrozen(offer)


def unfreeze_at_console(ctx: Context, tx: Tx, actor: Actor, request: str) -> bool:
    """Agree to it at the console. Return True if nothing of the request's phone line is frozen any more."""
    line, enough = sealed_numbers.line_of(tx, request), _agree(ctx, tx, actor, request)
    if line is None or not enough or _freezes_left(ctx, tx, line):
        return False
    _unfreeze_line(ctx, tx, actor, request, line)
    return True


def _agree(ctx: Context, tx: Tx, actor: Actor, request: str) -> bool:
    approvals.add(tx, LIFT, request, actor.id, tx.now)
    audit_log.append(tx, ctx.audit_key, tx.now, actor.id, LIFT, request)
    return _is_agreed(ctx, tx, request)


def _freezes_left(ctx: Context, tx: Tx, line: str) -> list[str]:
    """Return the frozen requests of a line that two coordinators have not agreed about."""
    return [id for id in phone_lines.freeze_of(tx, line) if not _is_agreed(ctx, tx, id)]


def _is_agreed(ctx: Context, tx: Tx, request: str) -> bool:
    return len(approved(ctx, tx, request)) >= TWO


def approved(ctx: Context, tx: Tx, request: str) -> list[str]:
    """Return the coordinators who agree that a request was frozen by mistake, by SMS or at the console.

    Nobody counts who has left the directory, or whose account was disabled.
    """
    coordinators = {each.id for each in on_call.in_turn(tx, ctx.country.code)}
    agreed = approvals.approvers(tx, LIFT, request, tx.now - TOGETHER)
    return [each for each in agreed if each in coordinators]


def half_agreed(ctx: Context, tx: Tx) -> dict[str, list[str]]:
    """Return the requests that are still frozen and about which some coordinators agree, with those coordinators.

    A freeze may be over for another reason: the caller resumed the request, or it ended.
    """
    ids = dict.fromkeys(ref for ref, _, _ in approvals.since(tx, LIFT, tx.now - TOGETHER))
    frozen = [each.id for each in requests.of_ids(tx, [*ids]) if each.state is State.FROZEN] if ids else []
    agreed = {id: approved(ctx, tx, id) for id in frozen}
    return {id: approvers for id, approvers in agreed.items() if approvers}


def _unfreeze_line(ctx: Context, tx: Tx, actor: Actor, id: str, line: str) -> None:
    """Resume the requests of a line. Only one is audited: several would show which belong together (R27)."""
    audit_log.append(tx, ctx.audit_key, tx.now, actor.id, "lifted", id)
    phone_lines.end_freeze(tx, line)
    for request in phone_lines.of_state(tx, line, State.FROZEN):
        approvals.clear(tx, LIFT, request.id)
        ending.resume(tx, restore(tx, request), tx.now)


def call_about_freezes(tx: Tx, line: str) -> bool:
    """Call the coordinators about each freeze of a line, with new digits. Return False if nothing of it is frozen.

    Earlier approvals and digits count no more: they were about what was known then. A worker draws the new digits.
    """
    frozen = [each.id for each in phone_lines.of_state(tx, line, State.FROZEN)]
    for id in frozen:
        approvals.clear(tx, LIFT, id)
        coordinator_calls.end_all(tx, id)
    for id in phone_lines.freeze_of(tx, line) or frozen[-1:]:
        outbox.wake(tx, "frozen", id, tx.now)
    return bool(frozen)
