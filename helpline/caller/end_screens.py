"""What an end screen asks for is done: do not ring, look, withdraw, another hour, permissions, was it all right."""

from dataclasses import dataclass, replace

from helpline.caller.intake import Intake
from helpline.caller.limits import Limits
from helpline.caller.my_request import ByCode
from helpline.caller.receive import Arriving
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
    intake: Intake
    limits: Limits

    @property
    def by_code(self) -> ByCode:
        """Give what is done with code and word."""
        return ByCode(self.intake)

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
                Arriving(self.intake).pause(self.intake.words.session(channel, hop.session), hop.caller)
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
        mine, code, word = self.by_code, draft.code, int(draft.word)
        match act:
            case Act.WITHDRAW:
                return mine.withdraw(code, word)
            case Act.HOUR:
                return mine.change_hour(code, word, draft.new_window, "", draft.hour)
            case Act.PERMIT:
                said = {name: getattr(draft, f"new_{name}") for name in PERMISSIONS}
                return mine.permit(code, word, replace(draft, **said))
            case Act.FELT:
                return mine.felt(code, word, draft.felt)
            case Act.SEE | Act.PAUSE:
                return mine.status(code, word)
