"""*My request* by code and word: whether or not they open one, the same is said (R27). What she changes: `my_request`.

*My request*: what she changes with code and word. Each step is taken inside a transaction that is open already.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from helpline.caller.caller_context import CallerContext
from helpline.core.call_windows import zone_at
from helpline.referral import ending
from helpline.referral.ending import claims, resume
from helpline.request import requests
from helpline.request.model import OVER, CallbackRequest, Outcome, State
from helpline.store import outbox
from helpline.store.engine import Tx
from menus.draft import NO, PERMISSIONS, Draft

_SAID = {State.FOLLOWING: "reached", State.EXPIRED: "closed"}


def status(ctx: CallerContext, code: str, word: int) -> str:
    """Give the name of what *my request* says to this code and word; `unknown` where they open nothing (R27)."""
    with ctx.db.read() as tx:
        found = requests.by_code(tx, ctx.words.code(code, word))
    return status_of(*found) if found else "unknown"


def withdraw(ctx: CallerContext, code: str, word: int) -> str:
    """End and erase the request of this code and word (R33); give the name of what to say."""

    def end(tx: Tx, request: CallbackRequest, outcome: str | None) -> str:
        outcome = Outcome.WITHDREW if ending.withdraw(tx, request) else outcome
        return "withdrawn" if outcome == Outcome.WITHDREW else "closed"

    return _with_code(ctx, code, word, end)


def change_hour(ctx: CallerContext, code: str, word: int, window: str, days: str, hour: str = "") -> str:
    """Set other hours; a paused or frozen request goes on (R8, R48). Give the name of what to say.

    `window` and `days`: empty leaves those that she chose. `hour`: what her clock shows, for a request from abroad.
    """
    now = ctx.now()

    def change(tx: Tx, request: CallbackRequest, outcome: str | None) -> str:
        if request.state in OVER:
            return status_of(request, outcome)
        hours = {"window": window or request.window, "days": days or request.days}
        if hour and request.zone != ctx.country.zone:
            zones = ctx.country.abroad.get(request.place, ())
            hours |= {"hour": hour, "zone": zone_at(hour, zones, now)}
        return set_hours(tx, request, hours)

    return _with_code(ctx, code, word, change)


def permit(ctx: CallerContext, code: str, word: int, draft: Draft) -> str:
    """Set the four permissions of a request as `draft` has them (R4); give the name of what to say."""

    def change(tx: Tx, request: CallbackRequest, outcome: str | None) -> str:
        over = request.state in OVER
        return status_of(request, outcome) if over else set_permissions(tx, request, draft)

    return _with_code(ctx, code, word, change)


def record_feedback(ctx: CallerContext, code: str, word: int, felt: str) -> str:
    """Keep whether the call was all right, of a request that is over too (R46); give the name of what to say."""
    return _with_code(ctx, code, word, lambda tx, request, _: keep_felt(tx, request, felt))


def _with_code(ctx: CallerContext, code: str, word: int, does: Callable[[Tx, CallbackRequest, str | None], str]) -> str:
    """Do something with the request of a code and word; `unknown` where they open nothing (R27)."""
    with ctx.db.write() as tx:
        found = requests.by_code(tx, ctx.words.code(code, word), held=True)
        return does(tx, *found) if found else "unknown"


def status_of(request: CallbackRequest, outcome: str | None) -> str:
    """Give the name of the notice that tells her how her request stands."""
    if outcome == Outcome.WITHDREW:
        return "withdrawn"
    return _SAID.get(request.state, request.state.value)


STOPPED = frozenset({State.PAUSED, State.FROZEN, State.STRANDED})
"""What another hour sets going again: what stopped for her safety (R8, R48), and what nobody was found for."""


def set_hours(tx: Tx, request: CallbackRequest, hours: dict[str, Any]) -> str:
    """Set other hours, counted from now. An offer that no longer fits is void; whoever claimed it is told."""
    requests.amend(tx, request.id, {**hours, "since": tx.now, "promised_from": None, "promised_to": None})
    if request.state in STOPPED:
        resume(tx, request, tx.now)
    elif request.state in (State.WAITING, State.OFFERED):
        due = max(request.due, tx.now) if request.state is State.WAITING else tx.now
        outbox.wake(tx, "attend", request.id, due, request.queue)
    for offer in claims(tx, request):
        ending.tell_service(tx, offer, "to_ngo.hour")
    return "hour"


def set_permissions(tx: Tx, request: CallbackRequest, draft: Draft) -> str:
    """Set the four permissions (R4), all at *no* where another telephone is rung. Whoever claimed it is told."""
    said = {name: NO if request.other else getattr(draft, name) for name in PERMISSIONS}
    requests.amend(tx, request.id, said)
    for offer in claims(tx, request):
        ending.tell_service(tx, offer, "to_ngo.permissions")
        if replace(request, may_name_us=said["may_name_us"]).is_covered:
            ending.tell_service(tx, offer, "to_ngo.card_more")
    return "permissions"


def keep_felt(tx: Tx, request: CallbackRequest, said: str) -> str:
    """Keep whether the call was all right. Harm goes into the register, which a worker keeps (R46)."""
    requests.amend(tx, request.id, {"felt": said})
    if said == "harm" and request.felt != "harm":
        outbox.wake(tx, "harm", request.id, tx.now)
    return "felt"
