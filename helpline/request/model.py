"""A callback request: its states, and what may follow what.

The table is the one of the rules ("request.state"): nothing leaves CLOSED or EXPIRED, everything else can reach
CLOSED (she withdrew). `request.requests.move` asks it, so no code can take a step that is not written here.

What was permitted: the consent that stands behind a request (R28, R29, R30).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from helpline.core.call_windows import NOW, Hours, Span
from helpline.core.jobs import Queue
from helpline.core.languages import spoken
from menus.draft import NO, NOT_SAID, YES

SEXES = frozenset({"woman", "man"})
"""Who may be asked to ring; whoever is said to be any is not asked for (R44)."""
NO_COVER = "none"
DRILL = "drill"
"""A kind that nobody asked for: a service practises with it. Never offered to another, never counted."""
ABOUT_SOMEONE = "about_someone"
"""Who asks is a relative or friend: whoever rings says nothing of the other person (R25)."""


class Way(StrEnum):
    """How a daily drill reaches a desk: what stands where the version of a consent stands in a real request."""

    TEXT = "daily"
    ACCOUNT = "daily at the console"


class State(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    CLAIMED = "claimed"
    REACHED = "reached"
    FOLLOWING = "following"
    STRANDED = "stranded"
    """Nobody is left to ask; a person is called, again and again."""
    PAUSED = "paused"
    FROZEN = "frozen"
    EXPIRED = "expired"
    CLOSED = "closed"


_ALWAYS = {State.PAUSED, State.FROZEN, State.CLOSED}

MAY_FOLLOW: Mapping[State, frozenset[State]] = {
    State.WAITING: frozenset({State.OFFERED, State.STRANDED, State.EXPIRED, *_ALWAYS}),
    State.OFFERED: frozenset({State.CLAIMED, State.WAITING, *_ALWAYS}),
    State.CLAIMED: frozenset({State.REACHED, State.WAITING, *_ALWAYS}),
    State.REACHED: frozenset({State.FOLLOWING, *_ALWAYS}),
    State.FOLLOWING: frozenset({*_ALWAYS}),
    State.STRANDED: frozenset({State.CLAIMED, State.WAITING, State.EXPIRED, *_ALWAYS}),
    State.PAUSED: frozenset({State.WAITING, State.EXPIRED, State.CLOSED}),
    State.FROZEN: frozenset({State.WAITING, State.EXPIRED, State.CLOSED}),
    State.EXPIRED: frozenset(),
    State.CLOSED: frozenset(),
}

OVER = frozenset({State.EXPIRED, State.CLOSED})
HELD_ON = frozenset({State.REACHED, State.FOLLOWING})
"""Somebody has talked to her and helps her on."""

MAY_BE_TAKEN_BACK: Mapping[State, State] = {State.REACHED: State.CLAIMED}
"""The one step back there is: a service said *reached* by mistake, and says so within minutes."""


class Outcome(StrEnum):
    """Why a request closed."""

    HELPED = "helped"
    HANDED_OVER = "handed_over"
    WITHDREW = "withdrew"
    UNREACHABLE = "unreachable"
    UNSAFE = "unsafe"
    NOT_FOR_US = "not_for_us"


def queue_for(risk: str, kind: str) -> Queue:
    """Return the queue of the work for a request: `urgent` if somebody is in danger, `low` if it is practice."""
    if kind == DRILL:
        return Queue.LOW
    return Queue.URGENT if risk == NOW else Queue.DEFAULT


@dataclass(frozen=True, slots=True)
class CallbackRequest:
    """What a request says. No number, no story, no name: the number lies in the vault (R2, idea 3).

    `word` and `ours` are places in the word lists of `language`. What was not said is empty, or *not said* (half a
    draft). `zone` is an IANA name, empty until she has told her hour abroad, which is kept as `hour` (R3). `since`:
    when she chose her hours. `other`: a mark of another telephone that is to be rung, None for the one she called
    from. `promised_from`, `promised_to`: what the last END screen said, None where it said "we cannot say when" (R39).
    `frozen_at`: since when its line is frozen, also where it was paused before; None again once she came back (R8).
    """

    id: str
    state: State
    due: datetime
    created: datetime
    expires: datetime
    language: str
    window: str
    zone: str
    place: str
    need: str
    others_may_answer: str
    may_leave_message: str
    may_name_us: str
    may_sms: str
    word: int
    ours: int
    short_form: bool = False
    age_band: str = NOT_SAID
    days: str = ""
    hour: str = ""
    since: datetime | None = None
    risk: str = ""
    kind: str = "self"
    cover: str = ""
    operator_sex: str = ""
    operator_language: str = ""
    felt: str = ""
    other: str | None = None
    promised_from: datetime | None = None
    promised_to: datetime | None = None
    reveals: int = 0
    sex: str = NOT_SAID
    state_line: str = NO
    handed_to: str | None = None
    frozen_at: datetime | None = None

    @property
    def queue(self) -> Queue:
        """The queue of the work for this request."""
        return queue_for(self.risk, self.kind)

    @property
    def hours(self) -> Hours:
        """When she may be rung."""
        return Hours(self.window, self.days, self.zone, self.since or self.created, self.expires)

    @property
    def promised(self) -> Span | None:
        """What the last END screen promised (R39)."""
        return Span(self.promised_from, self.promised_to) if self.promised_from and self.promised_to else None

    @property
    def speaks(self) -> str:
        """The language in which to ring her: the one she asked for, else that of the menu (R44)."""
        return spoken(self.operator_language or self.language)

    @property
    def is_covered(self) -> bool:
        """Tell whether whoever rings is to be somebody else (R5): not where they may say who they are."""
        return self.may_name_us != YES and self.cover not in ("", NO_COVER)

    @property
    def has_wishes(self) -> bool:
        """Tell whether the card needs a second text, of all that few callers ask for."""
        who = self.operator_language or self.operator_sex in SEXES
        return bool(who or self.other or self.is_covered or self.hours.chooses_days or self.kind == ABOUT_SOMEONE)


NGO = "ngo"
"""The only kind of recipient that consent is for by default (R20, R30)."""
STATE = "state"
"""A line of the state: a kind that she may say yes to, after she has read what may follow (R21, R30)."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Given by pressing the drawn key and then choosing a time.

    `version` names the very content she read (its digest), `language` the one she read it in. The only kind of
    recipient that can be consented to by default is an NGO (R20, R30). `short_form`: by SMS, one NGO and no
    handover.
    """

    version: str
    language: str
    given: datetime
    expires: datetime
    short_form: bool = False

    @classmethod
    def now(cls, version: str, language: str, now: datetime, days: int, *, short_form: bool) -> "Consent":
        """Consent given at `now`, for `days` days."""
        return cls(version, language, now, now + timedelta(days=days), short_form)


def covers(kind: str, expires: datetime, now: datetime, state_line: str = NO) -> bool:
    """Tell whether a recipient of this kind may still receive the request.

    `ngo` by the consent itself; `state` only where `state_line` is her yes to that kind; `police`, `migration` and
    whatever else there is never (R20, R30).
    """
    return now < expires and (kind == NGO or (kind == STATE and state_line == YES))
