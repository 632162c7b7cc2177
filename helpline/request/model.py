"""A callback request, its states with their transitions, and its consent (R28, R29, R30).

The transitions are those of docs/rules.md ("request.state"): nothing leaves CLOSED or EXPIRED, and everything else can
reach CLOSED (the caller withdrew). `request.requests.move` checks them, so no code can make another one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from helpline.core.call_windows import NOW, Hours, Span
from helpline.core.jobs import Queue
from helpline.core.languages import spoken
from menus.draft import NO, NOT_SAID, YES

SEXES = frozenset({"woman", "man"})
"""The sexes that a caller can ask for in the person who calls. Other answers ask for nobody in particular (R44)."""
NO_COVER = "none"
DRILL = "drill"
"""The kind of a practice request of one service. It is never offered to another service and never counted."""
ABOUT_SOMEONE = "about_someone"
"""A relative or friend asks. The person who calls says nothing about anybody else (R25)."""


class Way(StrEnum):
    """How a daily drill reaches a desk. It is stored in place of the version of the consent."""

    TEXT = "daily"
    ACCOUNT = "daily at the console"


class State(StrEnum):
    """The states of a request."""

    WAITING = "waiting"
    OFFERED = "offered"
    CLAIMED = "claimed"
    REACHED = "reached"
    FOLLOWING = "following"
    STRANDED = "stranded"
    """No service is left to ask. Coordinators are called, again and again."""
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
"""Somebody has talked to the caller and helps on."""

MAY_BE_TAKEN_BACK: Mapping[State, State] = {State.REACHED: State.CLAIMED}
"""The only step back: a service reported *reached* by mistake, and says so within minutes."""


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
class OnLine:
    """A request among the others of its phone line: what decides which of them is next (R27, R49)."""

    id: str
    created: datetime
    waits: bool
    """Whether it waits to be offered."""
    in_danger: bool
    was_named: bool
    """Whether its number was named on another telephone."""


@dataclass(frozen=True, slots=True)
class CallbackRequest:
    """A request as it is stored. It has no number, story or name: the number is in `sealed_numbers` (R2).

    An answer that was not given is empty, or *not said*.
    """

    id: str
    state: State
    due: datetime
    created: datetime
    expires: datetime
    language: str
    window: str
    zone: str
    """An IANA name. Empty until the caller abroad has said what time it is there (R3)."""
    place: str
    need: str
    others_may_answer: str
    may_leave_message: str
    may_name_us: str
    may_sms: str
    word: int
    """The caller's word, as an index of the list of `language`."""
    ours: int
    """The word that we say, as an index of its list."""
    short_form: bool = False
    age_band: str = NOT_SAID
    days: str = ""
    hour: str = ""
    """What the clock showed abroad, 1 to 24."""
    since: datetime | None = None
    """When the caller chose the window."""
    risk: str = ""
    kind: str = "self"
    cover: str = ""
    operator_sex: str = ""
    operator_language: str = ""
    felt: str = ""
    """Whether the call was all right: `well`, `nobody` or `harm` (R46)."""
    other: str | None = None
    """A mark of another number to call. None for the number that the caller called from."""
    promised_from: datetime | None = None
    promised_to: datetime | None = None
    """What the last END screen promised. None if it said "we cannot say when" (R39)."""
    reveals: int = 0
    sex: str = NOT_SAID
    state_line: str = NO
    """Whether a line of the state may receive it (R21)."""
    handed_to: str | None = None
    """The service that is asked first, or that has taken over."""
    frozen_at: datetime | None = None
    """Since when its phone line is frozen, also while it is paused. None after the caller has resumed it (R8)."""
    more_services: int = 0
    """How many services more may get the number, because the caller said so with code and word (R30)."""
    chosen: str | None = None
    """The caller's own window and days, with a `/` between them, where a service has left out some of these hours."""
    narrowed_at: datetime | None = None
    """When it did. It counts until the caller chooses hours again, so while `since` is the same."""

    @property
    def queue(self) -> Queue:
        """The queue of the work for this request."""
        return queue_for(self.risk, self.kind)

    @property
    def in_danger(self) -> bool:
        """Whether the caller is in danger, and nobody has talked to them yet."""
        return self.risk == NOW and self.state not in HELD_ON

    @property
    def hours(self) -> Hours:
        """When the caller may be called."""
        return Hours(self.window, self.days, self.zone, self.since or self.created, self.expires)

    @property
    def own_hours(self) -> Hours:
        """The hours that the caller chose, also while a service has left out some of them (R3)."""
        if self.chosen is None or self.narrowed_at != self.since:
            return self.hours
        window, _, days = self.chosen.partition("/")
        return replace(self.hours, window=window, days=days)

    @property
    def promised(self) -> Span | None:
        """What the last END screen promised, if it promised a time (R39)."""
        return Span(self.promised_from, self.promised_to) if self.promised_from and self.promised_to else None

    def misses_promise(self, now: datetime) -> bool:
        """Whether a promised call did not come: its time is over, and no service has had the number (R39)."""
        return self.promised_to is not None and self.promised_to <= now and not self.reveals

    def expects_call(self, now: datetime) -> bool:
        """Whether a promised call is still to come: its time is not over, and no service has had the number (R39)."""
        return self.promised is not None and now < self.promised.end and not self.reveals

    @property
    def speaks(self) -> str:
        """The language of the call: the one asked for, else that of the menu (R44)."""
        return spoken(self.operator_language or self.language)

    @property
    def is_covered(self) -> bool:
        """Whether the person who calls uses a cover (R5). Not if they may say who they are."""
        return self.may_name_us != YES and self.cover not in ("", NO_COVER)

    @property
    def has_wishes(self) -> bool:
        """Whether the card needs a second text, for answers that few callers give."""
        operator = self.operator_language or self.operator_sex in SEXES
        return bool(operator or self.other or self.is_covered or self.hours.chooses_days or self.kind == ABOUT_SOMEONE)


NGO = "ngo"
"""A kind of recipient, and the only one that consent covers by default (R20, R30)."""
STATE = "state"
"""A line of the state. Consent covers it if the caller agreed, after reading what may follow (R21, R30)."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent, given by pressing the drawn key and then choosing a time."""

    version: str
    """The digest of the content that the caller read."""
    language: str
    """The language in which the caller read it."""
    given: datetime
    expires: datetime
    short_form: bool = False
    """By SMS: for one NGO, without handover (R28)."""

    @classmethod
    def now(cls, version: str, language: str, now: datetime, days: int, *, short_form: bool) -> "Consent":
        """Return consent given at `now`, for `days` days."""
        return cls(version, language, now, now + timedelta(days=days), short_form)


def covers(kind: str, expires: datetime, now: datetime, state_line: str = NO) -> bool:
    """Whether a recipient of this kind may still receive the request.

    An `ngo` may by the consent itself, a line of the `state` only if `state_line` is yes. `police`, `migration` and all
    other kinds never may (R20, R30).
    """
    return now < expires and (kind == NGO or (kind == STATE and state_line == YES))
