"""*My request*: what a caller sees and changes with their code and word.

Each function returns the name of the notice to show. It is `unknown` if code and word match no request; the work that
was done is then the same (R27).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from helpline.caller import request_columns
from helpline.caller.caller_context import CallerContext
from helpline.core.call_windows import FROM_NOW, LATER, lacks_hour, next_window, times_of, usable_windows, zone_at
from helpline.referral import ending
from helpline.referral.ending import News, holders, resume
from helpline.request import offers, requests
from helpline.request.model import ABOUT_SOMEONE, OVER, CallbackRequest, Outcome, State
from helpline.request.recipients import recipients_of
from helpline.store import outbox
from helpline.store.engine import Tx
from menus.draft import NO, PERMISSIONS, Draft

NOTICES = {State.FOLLOWING: "reached", State.EXPIRED: "closed"}
"""The notices of states that have none of their own name."""
BEFORE_A_CALL = frozenset({State.WAITING, State.OFFERED, State.CLAIMED})
TO_BE_CALLED = BEFORE_A_CALL | {State.STRANDED}
"""States in which the caller expects a call."""
STOPPED = frozenset({State.PAUSED, State.FROZEN, State.STRANDED})
"""States that end when the caller changes the window: stopped for safety (R8, R48), or no service was found."""
NO_CALL_LEFT = frozenset({"hours_over", "last_call"})
"""The notices of a request for which nobody can call any more, in the hours that the caller chose."""


def status(ctx: CallerContext, code: str, word: int) -> str:
    """Return the state of the request (R27)."""
    with ctx.db.glance() as tx:
        found = requests.by_code(tx, ctx.words.code(code, word))
        return status_of(ctx, tx, *found) if found else "unknown"


def withdraw(ctx: CallerContext, code: str, word: int) -> str:
    """End and erase the request (R33)."""

    def end(tx: Tx, request: CallbackRequest, outcome: str | None) -> str:
        outcome = Outcome.WITHDREW if ending.withdraw(tx, request) else outcome
        return "withdrawn" if outcome == Outcome.WITHDREW else "closed"

    return _with_code(ctx, code, word, end)


def change_window(ctx: CallerContext, code: str, word: int, window: str, days: str, hour: str = "") -> str:
    """Change the time window. A paused or frozen request resumes (R8, R48).

    A window outside the hours in which people are called changes nothing (R3). An empty `window` or `days` leaves the
    caller's earlier choice, also what a service has left out of it since. `hour` is the hour on the caller's clock, if
    the request came from abroad. With the hour alone nothing resumes: the caller has not said that they may be called
    again.
    """

    def change(tx: Tx, request: CallbackRequest, outcome: str | None) -> str:
        if request.state in OVER or not (window in ("", *FROM_NOW) or times_of(window)):
            return status_of(ctx, tx, request, outcome)
        own = request.own_hours if window or days else request.hours
        hours = {"window": window or _kept(own.window, days), "days": days or own.days}
        if hour and request.zone != ctx.country.zone:
            zones = ctx.country.abroad.get(request.place, ())
            if request.kind == ABOUT_SOMEONE and request.zone:
                zones = (request.zone, *zones)  # the place is the other person's
            hours |= {"hour": hour, "zone": zone_at(hour, zones, tx.now)}
        if not (window or days):
            return _set_hour(ctx, tx, request, outcome, hours)
        said, changed = set_window(tx, request, hours), requests.get(tx, request.id)
        left = status_of(ctx, tx, changed, outcome) if changed else said
        return left if left in NO_CALL_LEFT else said

    return _with_code(ctx, code, word, change)


def _set_hour(
    ctx: CallerContext, tx: Tx, request: CallbackRequest, outcome: str | None, hours: dict[str, Any]
) -> str:  # fmt: skip
    """Set the hour on the caller's clock alone, if the request came from abroad.

    The same hour again says the same, since the gateway may send the last hop twice. The promise stays (R39).
    """
    if all(getattr(request, name) == value for name, value in hours.items()):
        lacks = lacks_hour(hours["window"], hours.get("zone", ""))
        said = "hour" in hours and request.state in TO_BE_CALLED and not lacks
        return "hour" if said else status_of(ctx, tx, request, outcome)
    if request.state in (State.PAUSED, State.FROZEN):
        requests.amend(tx, request.id, hours)
        return status_of(ctx, tx, request, outcome)
    return set_window(tx, request, hours, since=request.since)


def permit(ctx: CallerContext, code: str, word: int, draft: Draft) -> str:
    """Change the four permissions to those of `draft` (R4)."""

    def change(tx: Tx, request: CallbackRequest, outcome: str | None) -> str:
        over = request.state in OVER
        return status_of(ctx, tx, request, outcome) if over else set_permissions(tx, request, draft)

    return _with_code(ctx, code, word, change)


def change_detail(ctx: CallerContext, code: str, word: int, draft: Draft) -> str:
    """Change the one answer that the caller wishes to change: the place, the need, or who should call (R42, R44).

    It can be changed again in the same way. Nothing that was stopped resumes: the caller has not said that they may be
    called again.
    """

    def change(tx: Tx, request: CallbackRequest, outcome: str | None) -> str:
        new = request_columns.later_answers(draft, request, ctx.country, tx.now)
        if request.state in OVER or not new:
            return status_of(ctx, tx, request, outcome)
        return set_detail(tx, request, new)

    return _with_code(ctx, code, word, change)


def agree_to_another(ctx: CallerContext, code: str, word: int) -> str:
    """Agree that one service more gets the number, if as many as the caller agreed to have had it (R30)."""

    def agree(tx: Tx, request: CallbackRequest, outcome: str | None) -> str:
        recipients = recipients_of(tx, request, ctx.config.most_services)
        if request.state is State.STRANDED and recipients.are_all:
            requests.amend(tx, request.id, {"more_services": request.more_services + 1, "more_agreed": tx.now})
            resume(tx, request, tx.now)
        elif not request.more_services or recipients.are_all or request.state not in BEFORE_A_CALL:
            return status_of(ctx, tx, request, outcome)
        return "no_hour" if lacks_hour(request.window, request.zone) else "another"

    return _with_code(ctx, code, word, agree)


def record_feedback(ctx: CallerContext, code: str, word: int, feedback: str) -> str:
    """Store whether the call was all right, also for a request that is over (R46)."""
    return _with_code(ctx, code, word, lambda tx, request, _: save_feedback(tx, request, feedback))


def _with_code(
    ctx: CallerContext, code: str, word: int, action: Callable[[Tx, CallbackRequest, str | None], str]
) -> str:  # fmt: skip
    """Run `action` with the request of a code and word, and its outcome."""
    with ctx.db.write() as tx:
        found = requests.by_code(tx, ctx.words.code(code, word), held=True)
        return action(tx, *found) if found else "unknown"


def status_of(ctx: CallerContext, tx: Tx, request: CallbackRequest, outcome: str | None) -> str:
    """Return the name of the notice that tells the caller the state of their request."""
    if outcome == Outcome.WITHDREW:
        return "withdrawn"
    if request.state in TO_BE_CALLED and lacks_hour(request.window, request.zone):
        return "no_hour"
    if request.state in TO_BE_CALLED and not next_window(request.hours, tx.now):
        return "hours_over"  # nobody may call, so nobody is looking for a helper (R39)
    if request.state in TO_BE_CALLED and _is_last_call(tx, request):
        return "last_call"
    recipients = recipients_of(tx, request, ctx.config.most_services)
    if request.state is State.STRANDED and recipients.are_all:
        return "ask_another"
    if request.state in BEFORE_A_CALL and recipients.have:
        asked = {offer.service for offer in offers.live_of_request(tx, request.id)}
        if not (asked or offers.named_next(tx, request)) & recipients.have:
            return "next" if request.state is State.CLAIMED else "next_sought"
    return NOTICES.get(request.state, request.state.value)


def _is_last_call(tx: Tx, request: CallbackRequest) -> bool:
    """Whether a service got the number in the last window that the caller chose: no other call can come (R11, R39)."""
    shown = max((each.shown_at for each in offers.of_request(tx, request.id) if each.shown_at), default=None)
    return shown is not None and not any(usable_windows(request.hours, tx.now, after=shown))


def set_window(
    tx: Tx, request: CallbackRequest, hours: dict[str, Any], *, since: datetime | None = None
) -> str:  # fmt: skip
    """Set another time window, chosen now or at `since`. An open offer that no longer fits is void; the holder is told.

    Abroad the caller's clock may still be unknown. Then nobody may call, and the notice says so (R3).
    """
    if request.window in FROM_NOW and hours["window"] == request.window:
        since = request.since  # the two hours of `now` began when it was chosen
    requests.amend(tx, request.id, {**hours, "since": since or tx.now, "promised_from": None, "promised_to": None})
    if request.state in STOPPED:
        resume(tx, request, tx.now)
    elif request.state in (State.WAITING, State.OFFERED):
        due = max(request.due, tx.now) if request.state is State.WAITING else tx.now
        outbox.wake(tx, "attend", request.id, due, request.queue)
    for offer in holders(tx, request):
        ending.ask_to_tell(tx, offer, News.HOUR, request.queue)
    return "no_hour" if lacks_hour(hours["window"], hours.get("zone", request.zone)) else "hour"


def _kept(window: str, days: str) -> str:
    """Return the window that stays in force with these days. The two hours of `now` have no days: they are over."""
    return LATER.get(window, "any") if days and window in FROM_NOW else window


def set_permissions(tx: Tx, request: CallbackRequest, draft: Draft) -> str:
    """Set the four permissions (R4); all are *no* if another number is to be called. The holder is told."""
    answered = {name: NO if request.other else getattr(draft, name) for name in PERMISSIONS}
    requests.amend(tx, request.id, answered)
    for offer in holders(tx, request):
        ending.ask_to_tell(tx, offer, News.PERMISSIONS, request.queue)
    return "permissions"


def set_detail(tx: Tx, request: CallbackRequest, new: dict[str, str]) -> str:
    """Set new answers. An open offer that no longer fits is void, as after an answer in the first call."""
    requests.amend(tx, request.id, {**new, "promised_from": None, "promised_to": None})
    match request.state:
        case State.STRANDED:
            resume(tx, request, tx.now)
        case State.WAITING | State.OFFERED:
            due = max(request.due, tx.now) if request.state is State.WAITING else tx.now
            outbox.wake(tx, "attend", request.id, due, request.queue)
    changed = {name for name, value in new.items() if getattr(request, name) != value}
    ending.tell_holder(tx, request, changed, request.queue)
    stopped = request.state in (State.PAUSED, State.FROZEN)
    unknown = not stopped and lacks_hour(request.window, new.get("zone", request.zone))
    return request.state.value if stopped else "no_hour" if unknown else "detail"


def save_feedback(tx: Tx, request: CallbackRequest, feedback: str) -> str:
    """Store whether the call was all right. A worker enters harm into the register (R46)."""
    requests.amend(tx, request.id, {"felt": feedback})
    if feedback == "harm" and request.felt != "harm":
        outbox.wake(tx, "harm", request.id, tx.now)
    return "felt"
