"""What a conversation wants, as data: the answers given so far, and what an end screen asks for.

Nothing here is done yet. `helpline.talk` carries it out; `menus` only says it. Everything left unsaid is read
the restrictive way (R1): a permission that was not reached is *no* (R4).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

YES, NO, NOT_SAID = "yes", "no", "not_said"

PERMISSIONS = ("others_may_answer", "may_leave_message", "may_name_us", "may_sms")
"""The four permissions of R4, each asked by itself."""

ANSWERS: Mapping[str, frozenset[str] | None] = {
    "language": None,
    "consent": frozenset({YES, NO}),
    "window": frozenset({"any", "morning", "day", "evening"}),
    "place": None,
    "need": frozenset({"safe_place", "health", "talk", "legal", "documents", "wages", "go_home", "not_sure"}),
    **dict.fromkeys(PERMISSIONS, frozenset({YES, NO})),
    "wish": frozenset({"see", "withdraw"}),
    "code": None,
    "word": None,
}
"""What a screen may keep, and the values it may take (None: typed, or a code from a list)."""


class Act(StrEnum):
    """What an end screen asks for beside the draft."""

    PAUSE = "pause"
    """Do not ring: pauses every open request of the line, needs no code (R48)."""
    SEE = "see"
    """How is my request? Words from the database, the same path whether or not code and word match."""
    WITHDRAW = "withdraw"
    """Do not ring for good: ends and erases the request of this code and word (R33)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The answers of one conversation. `window` is set on the second consent screen: choosing it is the yes (R28)."""

    language: str = ""
    consent: str = ""
    window: str = ""
    place: str = ""
    need: str = ""
    others_may_answer: str = NOT_SAID
    may_leave_message: str = NOT_SAID
    may_name_us: str = NOT_SAID
    may_sms: str = NOT_SAID
    wish: str = ""
    code: str = field(default="", repr=False)
    word: str = field(default="", repr=False)

    @property
    def asks_for_a_call(self) -> bool:
        """Both consent screens were answered with yes, so the request must exist from now on."""
        return self.consent == YES and self.window != ""

    def keep(self, answers: tuple[tuple[str, str], ...]) -> Self:
        """Give a draft that also holds `answers` (names from `ANSWERS`)."""
        return replace(self, **dict(answers)) if answers else self
