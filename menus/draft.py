"""What a conversation wants, as data: the answers given so far, and what an end screen asks for.

Nothing here is done yet. `helpline.caller.hop` carries it out; `menus` only says it. Everything left unsaid is read
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
    "window": frozenset({"any", "morning", "day", "evening", "now"}),
    "days": None,
    "hour": None,
    "place": None,
    "typed": None,
    "need": frozenset({"safe_place", "health", "talk", "legal", "documents", "wages", "go_home", "not_sure"}),
    **dict.fromkeys(PERMISSIONS, frozenset({YES, NO})),
    "risk": frozenset({"now", "none"}),
    "kind": frozenset({"self", "about_someone"}),
    "cover": frozenset({"survey", "shop", "delivery", "friend", "none"}),
    "operator_sex": frozenset({"woman", "man", "any"}),
    "operator_language": None,
    "age_band": frozenset({"under_18", "adult"}),
    "sex": frozenset({"woman", "man"}),
    "state_line": frozenset({YES, NO}),
    "number": None,
    "number_ok": frozenset({YES, NO}),
    "wish": frozenset({"see", "hour", "permissions", "withdraw", "felt"}),
    "new_window": frozenset({"any", "morning", "day", "evening"}),
    **{f"new_{name}": frozenset({YES, NO}) for name in PERMISSIONS},
    "felt": frozenset({"well", "nobody", "harm"}),
    "code": None,
    "word": None,
}
"""What a screen may keep, and the values it may take (None: typed, or a code from a list)."""

TYPED: Mapping[str, str] = {"days": "[1-7]+", "hour": "0?[1-9]|1[0-9]|2[0-4]"}
"""What a typed answer looks like (a whole regular expression), where not every row of digits is one.

Midnight is hour 24: `0` is *back* and `00` is *home* on every screen.
"""

TOLD: Mapping[str, frozenset[str]] = {"abroad": frozenset({YES, NO}), "duty": frozenset({YES, NO})}
"""What the program knows before the first key, and no key changes: a fork may ask for it, no option keeps it.

`abroad`: the call comes from a number of another country (R3). `duty`: this country has a legal duty to tell (R22).
"""


class Act(StrEnum):
    """What an end screen asks for beside the draft."""

    PAUSE = "pause"
    """Do not ring: pauses every open request of the line, needs no code (R48)."""
    SEE = "see"
    """How is my request? Words from the database, the same path whether or not code and word match."""
    WITHDRAW = "withdraw"
    """Do not ring for good: ends and erases the request of this code and word (R33)."""
    HOUR = "hour"
    """Another hour for the request of this code and word; a paused or frozen one goes on again (R8, R48)."""
    PERMIT = "permit"
    """Other permissions for the request of this code and word (R4)."""
    FELT = "felt"
    """Was it all right? Asked only on her own dial (R14); harm goes into the register (R46)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The answers of one conversation. `window` is set on the second consent screen: choosing it is the yes (R28).

    `days`: digits 1 (Monday) to 7, empty for every day. `hour`: 1 to 24, what her clock says now where she is
    abroad (R3). `typed`: the letters of a place that she looks for. `number`: another telephone to ring, typed by
    hand, which counts only with `number_ok`. `sex` is hers or his (R42), `state_line` whether a line of the state may
    receive the request, beside NGOs (R21). Empty means that it was not said.

    `new_…`: for a request made earlier, which is reached with code and word. They never become answers about the
    request of this call: nobody has agreed to it by them (R28), and nothing is permitted by them (R4).
    """

    language: str = ""
    consent: str = ""
    window: str = ""
    days: str = ""
    hour: str = ""
    place: str = ""
    typed: str = field(default="", repr=False)
    need: str = ""
    others_may_answer: str = NOT_SAID
    may_leave_message: str = NOT_SAID
    may_name_us: str = NOT_SAID
    may_sms: str = NOT_SAID
    risk: str = ""
    kind: str = "self"
    cover: str = ""
    operator_sex: str = ""
    operator_language: str = ""
    age_band: str = ""
    sex: str = NOT_SAID
    state_line: str = NO
    number: str = field(default="", repr=False)
    number_ok: str = ""
    wish: str = ""
    new_window: str = ""
    new_others_may_answer: str = NOT_SAID
    new_may_leave_message: str = NOT_SAID
    new_may_name_us: str = NOT_SAID
    new_may_sms: str = NOT_SAID
    felt: str = ""
    code: str = field(default="", repr=False)
    word: str = field(default="", repr=False)
    abroad: str = NO
    duty: str = NO

    @property
    def asks_for_a_call(self) -> bool:
        """Both consent screens were answered with yes, so the request must exist from now on."""
        return self.consent == YES and self.window != ""

    def keep(self, answers: tuple[tuple[str, str], ...]) -> Self:
        """Give a draft that also holds `answers` (names from `ANSWERS`)."""
        if not answers:
            return self
        new = dict(answers)
        if "number" in new:  # a yes to other digits than these is none
            new.setdefault("number_ok", "")
        return replace(self, **new)
