"""The result of a conversation, as data: the answers so far, and the action that an end screen requests.

`menus` only describes it; `helpline.caller.hop` carries it out. A missing answer is read in the restrictive way (R1): a
permission that was not asked is *no* (R4).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import lru_cache
from typing import Self

YES, NO, NOT_SAID = "yes", "no", "not_said"

PERMISSIONS = ("others_may_answer", "may_leave_message", "may_name_us", "may_sms")
"""The four permissions of R4. Each is asked separately."""

AFTER_NOW = ("now_any", "now_morning", "now_day", "now_evening")
"""The two hours of `now`, and the window after them if nobody could call by then."""

AFTER_HOUR = ("18-21", "19-21")
"""The windows after an hour in the evening, as hours that a caller typed are stored. Asked by SMS only."""

NEEDS = frozenset({"safe_place", "health", "talk", "legal", "documents", "wages", "go_home", "not_sure"})
CALLERS_CHOICE = frozenset({"woman", "man", "any"})
"""Who should call (R44)."""

WISHES = frozenset(
    {"see", "hour", "permissions", "withdraw", "felt", "another"}
    | {"hours", "days", "who", "place", "their_place", "need"}
)
"""What a caller may want of an earlier request, which they open with code and word."""

ANSWERS: Mapping[str, frozenset[str] | None] = {
    "language": None,
    "consent": frozenset({YES, NO}),
    "window": frozenset({"any", "morning", "day", "evening", "now", *AFTER_NOW, *AFTER_HOUR}),
    "days": None,
    "hour": None,
    "place": None,
    "near": None,
    "typed": None,
    "need": NEEDS,
    **dict.fromkeys(PERMISSIONS, frozenset({YES, NO})),
    "risk": frozenset({"now", "none"}),
    "kind": frozenset({"self", "about_someone"}),
    "cover": frozenset({"survey", "shop", "delivery", "friend", "none"}),
    "operator_sex": CALLERS_CHOICE,
    "operator_language": None,
    "age_band": frozenset({"under_18", "adult"}),
    "sex": frozenset({"woman", "man"}),
    "state_line": frozenset({YES, NO}),
    "number": None,
    "number_ok": frozenset({YES, NO}),
    "wish": WISHES,
    "new_window": frozenset({"any", "morning", "day", "evening"}),
    **dict.fromkeys(("new_from", "new_until", "new_days", "new_place", "new_operator_language")),
    "new_need": NEEDS,
    "new_operator_sex": CALLERS_CHOICE,
    **{f"new_{name}": frozenset({YES, NO}) for name in PERMISSIONS},
    "felt": frozenset({"well", "nobody", "harm"}),
    "code": None,
    "word": None,
}
"""The answers that a screen can store, and their allowed values (None: typed, or a code from a list)."""

TYPED: Mapping[str, str] = {
    "days": "[1-7]+",
    "hour": "0?[1-9]|1[0-9]|2[0-4]",
    "new_days": "[1-7]+",
    "new_from": "0?[89]|1[0-9]|20",
    "new_until": "0?9|1[0-9]|2[01]",
}
"""Typed answers that not every number is valid for, as regular expressions of the whole answer.

Midnight is hour 24, because `0` is *back* and `00` is *home* on every screen. Nobody is called before 8 or after 21
(`helpline.core.call_windows`).
"""

NONE = "none"
PRESET: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("abroad", "duty", "front"), frozenset({YES, NO})),
    "to_come": frozenset({"morning", "day", "evening", NONE}),
}
"""Values that no key changes. A fork can use them; no option stores them.

`abroad`: the call comes from a foreign number (R3). `duty`: this country has a legal duty to report (R22).
`front`: this country has a neutral first screen. `to_come`: the first part of the day in which a call could still come
today, when the first consent screen was shown; abroad it is not known, and `none`.
"""


class Act(StrEnum):
    """The action that an end screen requests, apart from storing the request."""

    PAUSE = "pause"
    """Do not call: pause every open request of the phone line. Needs no code (R48)."""
    SEE = "see"
    """Show the state of my request. The steps are the same whether or not code and word match."""
    WITHDRAW = "withdraw"
    """Never call: end and erase the request of this code and word (R33)."""
    HOUR = "hour"
    """Change the hours or days of the request of this code and word. A paused or frozen request resumes (R8, R48)."""
    DETAIL = "detail"
    """Change the place, the need or who should call, of the request of this code and word. Nothing resumes."""
    PERMIT = "permit"
    """Change the permissions of the request of this code and word (R4)."""
    ANOTHER = "another"
    """Agree that one service more gets the number of the request of this code and word (R30)."""
    FELT = "felt"
    """Report how the call was. Asked only when the caller dials in (R14); harm goes into the register (R46)."""


@dataclass(frozen=True)
class Draft:
    """The answers of one conversation. An empty answer was not given.

    It has no slots, so that `keep` copies all fields at once. `replace` takes ten times as long to set each of them.

    The `new_…` answers are for an earlier request, which the caller reaches with code and word. They never become
    answers of the request of this call: they are no consent to it (R28) and no permission for it (R4).
    """

    language: str = ""
    consent: str = ""
    window: str = ""
    """Set on the second consent screen. Choosing a window there is the second yes (R28)."""
    days: str = ""
    """Digits 1 (Monday) to 7, `today` or `tomorrow`. Empty means every day."""
    hour: str = ""
    """1 to 24: the current hour on the clock of a caller abroad (R3)."""
    place: str = ""
    near: str = ""
    """The region or country whose services or numbers the caller reads. It says nothing of them; it is never stored."""
    typed: str = field(default="", repr=False)
    """The letters of a place that the caller searches for."""
    need: str = ""
    others_may_answer: str = NOT_SAID
    may_leave_message: str = NOT_SAID
    may_name_us: str = NOT_SAID
    may_sms: str = NOT_SAID
    risk: str = ""
    kind: str = "self"
    agreed_kind: str = ""
    """The kind for which a time was chosen, and with it `agreed_risk`. A request that is stored keeps them until a time
    is chosen for another kind."""
    agreed_risk: str = ""
    cover: str = ""
    operator_sex: str = ""
    operator_language: str = ""
    age_band: str = ""
    sex: str = NOT_SAID
    """The sex of the person who needs help (R42)."""
    state_line: str = NO
    """Whether a line of the state, besides NGOs, may receive the request (R21)."""
    number: str = field(default="", repr=False)
    """Another number to call, as typed. It counts only with `number_ok`."""
    number_ok: str = ""
    wish: str = ""
    new_window: str = ""
    new_from: str = ""
    """The hour from which calls may come, and `new_until` the hour by which they end (R3)."""
    new_until: str = ""
    new_days: str = ""
    new_place: str = ""
    new_need: str = ""
    new_operator_sex: str = ""
    new_operator_language: str = ""
    new_others_may_answer: str = NOT_SAID
    new_may_leave_message: str = NOT_SAID
    new_may_name_us: str = NOT_SAID
    new_may_sms: str = NOT_SAID
    felt: str = ""
    code: str = field(default="", repr=False)
    word: str = field(default="", repr=False)
    abroad: str = NO
    duty: str = NO
    front: str = NO
    to_come: str = NONE

    @property
    def asks_for_a_call(self) -> bool:
        """Whether both consent screens were answered with yes. From then on the request must exist."""
        return self.consent == YES and self.window != ""

    def takes(self, answer: str, typed: str) -> bool:
        """Whether a typed answer is possible after the earlier ones: no time window ends before it begins."""
        return answer != "new_until" or int(typed) > int(self.new_from or 0)

    def keep(self, answers: tuple[tuple[str, str], ...]) -> Self:
        """Return a draft with these `answers` added (names from `ANSWERS`)."""
        if not answers:
            return self
        new = dict(answers)
        if "window" in new:
            new = {"agreed_kind": new.get("kind", self.kind), "agreed_risk": new.get("risk", self.risk)} | new
        if "number" in new:  # a yes to another number does not count
            new.setdefault("number_ok", "")
        if "wish" in new:  # an answer to a wish that the caller left does not count
            new = _NO_WISH | new
        kept = object.__new__(type(self))
        kept.__dict__.update(self.__dict__, **new)
        return kept


_NO_WISH = {each.name: str(each.default) for each in fields(Draft) if each.name.startswith("new_")}
"""No answer for an earlier request, whatever the caller has answered before they chose another wish."""


@lru_cache(maxsize=64)
def blank(language: str, abroad: str, duty: str, front: str, to_come: str) -> Draft:
    """Return the draft before the first key. Cached: it has many fields, and each hop begins with one of a few."""
    return Draft(language=language, abroad=abroad, duty=duty, front=front, to_come=to_come)
