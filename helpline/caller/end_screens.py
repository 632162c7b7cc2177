"""The actions of screens that end a call: do not call, my request, withdraw, another window, permissions, feedback."""

from dataclasses import replace

from helpline.caller import my_request, receive
from helpline.caller.caller_context import CallerContext
from helpline.caller.limits import Limits
from helpline.core.call_windows import between, times_of
from helpline.core.phone_numbers import Msisdn
from helpline.core.ports import Hop
from helpline.core.waiting import may_wait
from helpline.store.engine import Unavailable
from menus.converse import Turn
from menus.draft import PERMISSIONS, Act, Draft
from menus.tree import End, Tree

NOBODYS_WORD = -1
"""A word that no request has."""


def requested(tree: Tree, turn: Turn) -> Act | None:
    """Return the action that the screen of a turn requests, or None."""
    screen = tree.screens[turn.screen]
    return screen.act if isinstance(screen, End) else None


def act(ctx: CallerContext, limits: Limits, channel: str, hop: Hop, turn: Turn) -> dict[str, str]:
    """Do what the screen of a turn requests. Return the values of its placeholders."""
    match requested(ctx.book.tree, turn):
        case None:
            return {}
        case Act.PAUSE:
            may_wait()
            receive.pause(ctx, ctx.words.session(channel, hop.session), hop.caller)
            return {}
        case action:
            return _status(ctx, limits, hop.caller, turn.draft, action)


def _status(ctx: CallerContext, limits: Limits, caller: Msisdn, draft: Draft, action: Act) -> dict[str, str]:
    """Do it. If it is too soon for another code, do the same work with a word that nobody has (R27, R49).

    The loop of a web may count the try. To look up the code may wait.
    """
    tried = limits.try_code(caller)
    may_wait()
    try:
        name = _with_code(ctx, action, draft, int(draft.word) if tried else NOBODYS_WORD)
    except Unavailable:
        if tried:
            limits.take_back(caller, tried)
        raise
    if tried and name != "unknown":
        limits.take_back(caller, tried)
    if limits.alarm_is_due():
        receive.guessing(ctx)
    return {"status": _said(ctx, draft, name)}


def _said(ctx: CallerContext, draft: Draft, name: str) -> str:
    """Return what was done. New hours are said back."""
    if name == "hour" and (times := times_of(_hours(draft)[0])):
        start, end = times
        return ctx.book.notice(
            draft.language, "status.hour_named", **{"from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}
        )  # fmt: skip
    return ctx.book.notice(draft.language, f"status.{name}")


def _hours(draft: Draft) -> tuple[str, str]:
    """Return the window and the days that the caller wishes now. An answer to a wish they left again does not count."""
    match draft.wish:
        case "hours":
            return between(draft.new_from, draft.new_until), ""
        case "days":
            return "", draft.new_days
        case _:
            return draft.new_window, ""


def _with_code(ctx: CallerContext, action: Act, draft: Draft, word: int) -> str:
    """Show or change a request with code and word. Return the name of the notice to show."""
    code = draft.code
    match action:
        case Act.WITHDRAW:
            return my_request.withdraw(ctx, code, word)
        case Act.HOUR:
            return my_request.change_window(ctx, code, word, *_hours(draft), draft.hour)
        case Act.DETAIL:
            return my_request.change_detail(ctx, code, word, draft)
        case Act.PERMIT:
            answered = {name: getattr(draft, f"new_{name}") for name in PERMISSIONS}
            return my_request.permit(ctx, code, word, replace(draft, **answered))
        case Act.ANOTHER:
            return my_request.agree_to_another(ctx, code, word)
        case Act.FELT:
            return my_request.record_feedback(ctx, code, word, draft.felt)
        case Act.SEE | Act.PAUSE:
            return my_request.status(ctx, code, word)
