"""The actions of screens that end a call: do not call, my request, withdraw, another window, permissions, feedback."""

from dataclasses import replace

from helpline.caller import my_request, receive
from helpline.caller.caller_context import CallerContext
from helpline.caller.limits import Limits
from helpline.core.phone_numbers import Msisdn
from helpline.core.ports import Hop
from menus.converse import Turn
from menus.draft import PERMISSIONS, Act, Draft
from menus.tree import End, Tree


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
            receive.pause(ctx, ctx.words.session(channel, hop.session), hop.caller)
            return {}
        case action:
            return _status(ctx, limits, hop.caller, turn.draft, action)


def _status(ctx: CallerContext, limits: Limits, caller: Msisdn, draft: Draft, action: Act) -> dict[str, str]:
    """Do it. After too many wrong codes, return the same without looking (R27, R49)."""
    may_try = limits.may_try_code(caller)
    name = _with_code(ctx, action, draft) if may_try else "unknown"
    if may_try and name == "unknown":
        limits.count_wrong_code(caller)
    return {"status": ctx.book.notice(draft.language, f"status.{name}")}


def _with_code(ctx: CallerContext, action: Act, draft: Draft) -> str:
    """Show or change a request with code and word. Return the name of the notice to show."""
    code, word = draft.code, int(draft.word)
    match action:
        case Act.WITHDRAW:
            return my_request.withdraw(ctx, code, word)
        case Act.HOUR:
            return my_request.change_window(ctx, code, word, draft.new_window, "", draft.hour)
        case Act.PERMIT:
            answered = {name: getattr(draft, f"new_{name}") for name in PERMISSIONS}
            return my_request.permit(ctx, code, word, replace(draft, **answered))
        case Act.FELT:
            return my_request.record_feedback(ctx, code, word, draft.felt)
        case Act.SEE | Act.PAUSE:
            return my_request.status(ctx, code, word)
