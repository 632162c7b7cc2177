"""What an end screen asks for is done: do not ring, look, withdraw, another hour, permissions, was it all right."""

from dataclasses import dataclass, replace

from helpline.caller import my_request, receive
from helpline.caller.caller_context import CallerContext
from helpline.caller.limits import Limits
from helpline.core.phone_numbers import Msisdn
from helpline.core.ports import Hop
from menus.book import Book
from menus.converse import Turn
from menus.draft import PERMISSIONS, Act, Draft
from menus.tree import End


@dataclass(frozen=True, slots=True)
class Acting:
    """Its fields are all it needs."""

    book: Book
    ctx: CallerContext
    limits: Limits

    @property
    def by_code(self) -> CallerContext:
        """Give what is done with code and word."""
        return self.ctx

    def wanted(self, turn: Turn) -> Act | None:
        """Give what the screen of a turn asks for, if it is one that ends a call."""
        screen = self.book.tree.screens[turn.screen]
        return screen.act if isinstance(screen, End) else None

    def act(self, channel: str, hop: Hop, turn: Turn) -> dict[str, str]:
        """Do what an end screen asks for; give what it says then."""
        match self.wanted(turn):
            case None:
                return {}
            case Act.PAUSE:
                receive.pause(self.ctx, self.ctx.words.session(channel, hop.session), hop.caller)
                return {}
            case act:
                return self._status(hop.caller, turn.draft, act)

    def _status(self, caller: Msisdn, draft: Draft, act: Act) -> dict[str, str]:
        """Do it; after too many wrong codes say the same without looking (R27, R49)."""
        may = self.limits.may_try_code(caller)
        name = self._asked(act, draft) if may else "unknown"
        if may and name == "unknown":
            self.limits.count_wrong_code(caller)
        return {"status": self.book.notice(draft.language, f"status.{name}")}

    def _asked(self, act: Act, draft: Draft) -> str:
        """Look, or change something, with code and word; give the name of what to say."""
        code, word = draft.code, int(draft.word)
        match act:
            case Act.WITHDRAW:
                return my_request.withdraw(self.by_code, code, word)
            case Act.HOUR:
                return my_request.change_hour(self.by_code, code, word, draft.new_window, "", draft.hour)
            case Act.PERMIT:
                said = {name: getattr(draft, f"new_{name}") for name in PERMISSIONS}
                return my_request.permit(self.by_code, code, word, replace(draft, **said))
            case Act.FELT:
                return my_request.record_feedback(self.by_code, code, word, draft.felt)
            case Act.SEE | Act.PAUSE:
                return my_request.status(self.by_code, code, word)
