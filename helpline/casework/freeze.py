"""For her safety a telephone rests: nobody rings it, for whichever request of it (R7, R8, R9, R11).

Lifting: what froze a line may have been a slip. Two coordinators who say so together set it going again (R8).
"""

from collections.abc import Sequence
from datetime import timedelta

from helpline.casework import claims, escalated_requests
from helpline.referral import ending, escalation, harm_register, harms, pass_on
from helpline.referral.context import Context
from helpline.request import attempts, offers, phone_lines, requests, sealed_numbers
from helpline.request.model import DRILL, CallbackRequest, Outcome, State
from helpline.request.offers import Offered
from helpline.staff import approvals, on_call
from helpline.staff.contact import Contact
from helpline.store import audit_log, outbox
from helpline.store.engine import Tx

FREEZES = phone_lines.STRANGER
"""Whoever has her phone is not her (R8)."""
FOR_HER_SAFETY = FREEZES | {"not_safe_now", "hung_up"}
"""Outcomes that hold at any time once the number was shown: whoever says so late still says it (R1)."""
MOST_UNSAFE = 2
"""Times that it was not safe, after which a request ends (R7)."""
RESTING = frozenset({State.PAUSED, State.FROZEN})


def freeze(ctx: Context, tx: Tx, offer: Offered, request: CallbackRequest, outcome: str) -> None:
    """Pause or freeze what she may not be rung for by now; the service is told not to ring any more."""
    if outcome in FREEZES:
        return _freeze(ctx, tx, offer, request)
    rung = lines_of(tx, offer, request)
    twice = outcome == "not_safe_now" and attempts.count(tx, request.id, outcome) >= MOST_UNSAFE
    if twice and request.frozen_at is None:  # what is frozen stays so: it bars what is made on its line
        ending.stop(tx, request, State.CLOSED, Outcome.UNSAFE)
    _rest(tx, rung, State.PAUSED)
    return None


def _freeze(ctx: Context, tx: Tx, offer: Offered, request: CallbackRequest) -> None:
    """Somebody else has her phone: no request of it is rung for any more, until she comes back (R8).

    The slip of a service two coordinators lift together; what was frozen before is frozen anew, so that nobody
    lifts it who has not heard of this. What is paused stays paused, and bars new calls of that telephone too.
    Where nothing is left to lift, a person is told of it.
    """
    rung = lines_of(tx, offer, request)
    _rest(tx, rung, State.FROZEN)
    for line in rung:
        phone_lines.note_freeze(tx, line)
    if request.kind == DRILL:
        return
    ctx.log("frozen", request.id)
    source = "coordinator" if on_call.is_coordinator(tx, offer.service) else "service"
    harms.add(tx, request.id, source, harms.WRONG_PERSON)
    called = [anew(tx, line) for line in rung]
    if not any(called):
        pass_on.tell_coordinator(ctx, tx, "to_ngo.harm", request=request.id)


def lines_of(tx: Tx, offer: Offered, request: CallbackRequest) -> list[str]:
    """Give the telephone that was rung, and the one that would be by now, where she has named another since."""
    return sorted({offer.line, sealed_numbers.line_of(tx, request.id) or offer.line})


def _rest(tx: Tx, rung: Sequence[str], to: State) -> None:
    """Pause or freeze whatever of a telephone may be rung: it rings the same, for whichever request (R7, R8).

    What is paused or frozen rests already.
    """
    for each in (each for line in rung for each in phone_lines.still_open(tx, line)):
        if each.state not in RESTING:
            ending.stop(tx, each, to)


LIFT = "lift"
TWO = 2
"""So many coordinators lift what froze a line, each within a day of the other (R8)."""
TOGETHER = timedelta(hours=24)


def unfreeze(ctx: Context, tx: Tx, who: Contact, code: str) -> None:
    """A coordinator says that a slip froze a line: by the second who says so its requests wait again (R8).

    A freeze that came before or after it stands until two have lifted that one too: she is told of it, by its code.
    """
    ctx.stops.settle(tx)
    offer = escalated_requests.find_escalated(ctx, tx, who, code)
    if offer is None:
        return claims.wrong_code(ctx, tx, who, code)
    request = requests.get(tx, offer.request)
    if request is None or request.state is not State.FROZEN:
        return escalated_requests.answer_coordinator(ctx, tx, who, "to_ngo.not_open", offer)
    if not _agree(ctx, tx, who, offer.request):
        return escalated_requests.answer_coordinator(ctx, tx, who, "to_ngo.lift_more", offer)
    still = _still(ctx, tx, offer.line)
    if standing := requests.get(tx, still[0]) if still else None:
        return escalation.call_coordinator(ctx, tx, standing, offer.line, who, "to_ngo.frozen")
    _thaw(ctx, tx, who, offer.request, offer.line)
    return escalated_requests.answer_coordinator(ctx, tx, who, "to_ngo.lifted", offer)


def unfreeze_at_console(ctx: Context, tx: Tx, who: Contact, request: str) -> bool:
    """Say so at the console, of a frozen request; true where nothing of its line is frozen any more."""
    line, enough = sealed_numbers.line_of(tx, request), _agree(ctx, tx, who, request)
    if line is None or not enough or _still(ctx, tx, line):
        return False
    _thaw(ctx, tx, who, request, line)
    return True


def _agree(ctx: Context, tx: Tx, who: Contact, request: str) -> bool:
    approvals.add(tx, LIFT, request, who.id, tx.now)
    audit_log.append(tx, ctx.audit_key, tx.now, who.id, LIFT, request)
    return _is_lifted(ctx, tx, request)


def _still(ctx: Context, tx: Tx, line: str) -> list[str]:
    """Give the freezes of a line that two have not lifted."""
    return [id for id in phone_lines.freeze_of(tx, line) if not _is_lifted(ctx, tx, id)]


def _is_lifted(ctx: Context, tx: Tx, request: str) -> bool:
    return len(approved(ctx, tx, request)) >= TWO


def approved(ctx: Context, tx: Tx, request: str) -> list[str]:
    """Give which coordinators say that a slip froze a request: people, whether by telephone or account.

    Who is not in the directory any more, and whose account was disabled, counts no more.
    """
    there = {each.id for each in on_call.in_turn(tx, ctx.country.code)}
    said = approvals.approvers(tx, LIFT, request, tx.now - TOGETHER)
    return [each for each in said if each in there]


def _thaw(ctx: Context, tx: Tx, who: Contact, id: str, line: str) -> None:
    """Set a line going. One request of it is audited: several would show what belongs together (R27)."""
    audit_log.append(tx, ctx.audit_key, tx.now, who.id, "lifted", id)
    phone_lines.end_freeze(tx, line)
    for request in phone_lines.of_state(tx, line, State.FROZEN):
        approvals.clear(tx, LIFT, request.id)
        ending.resume(tx, request, tx.now)


def anew(tx: Tx, line: str) -> bool:
    """Have coordinators called about each freeze of a line under new codes; false where nothing of it is frozen.

    Who agreed to lift it before counts no more, and a code from before opens nothing: it was about what was known
    then. Whoever has the words key draws the new ones.
    """
    frozen = [each.id for each in phone_lines.of_state(tx, line, State.FROZEN)]
    for id in frozen:
        approvals.clear(tx, LIFT, id)
        offers.void_calls(tx, id)
    for id in phone_lines.freeze_of(tx, line) or frozen[-1:]:
        outbox.wake(tx, "frozen", id, tx.now)
    return bool(frozen)
