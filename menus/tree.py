"""The kinds of screen, as a union of frozen dataclasses. `parse` makes them, `converse` follows them.

    Choice      a text and options, one key for each; can have a list (regions, languages) on several pages
    Ask         a typed answer: a number of digits or letters
    Statement   a fixed text on one or more pages; continues to another screen
    End         the last screen of the call; can request an action
    Fork        never shown; continues depending on an earlier answer

Add a new kind here. mypy then reports each `match` that does not handle it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from menus.draft import TYPED, Act

OPTION_KEYS = ("1", "2", "3", "4", "5", "6", "7")
EMERGENCY, MORE, BACK, HOME = "8", "9", "0", "00"
HIDE = "99"
"""Ends the call on a harmless screen, where the country has a neutral first screen."""
CONSENT = frozenset({"consent", "window"})
"""The answers that are consent. Every screen that asks for one of them is a consent screen (R28)."""
DRAWN = "drawn"
"""Stands for a key from 1 to 7 that is drawn from the session's salt, so that nobody can dial ahead past it (R28)."""


@dataclass(frozen=True, slots=True)
class Text:
    """An English text of the content."""

    path: str
    """Its place in the content (`callback.when.1`): the msgctxt of its translations."""
    english: str
    """The msgid of its translations."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a choice."""

    key: str
    label: Text
    goto: str
    """The next screen."""
    keep: tuple[tuple[str, str], ...] = ()
    """The answers to store: (name, value)."""


@dataclass(frozen=True, slots=True)
class Each:
    """Options from a list."""

    source: str
    """languages, needs, words, regions (with *abroad*), home_regions, abroad (countries of work), districts (of the
    region stored in `keep`), or found (the places that the letters stored as `typed` may mean)."""
    keep: str
    """The answer in which the chosen code is stored."""
    goto: str
    """The next screen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A question with options. `again` replaces `text` after a wrong key, if the usual error text does not fit."""

    name: str
    text: Text | None
    options: tuple[Option, ...]
    each: Each | None = None
    again: Text | None = None
    inline: bool = False
    sms_safe: bool = False
    """Whether the author says that it may be sent by SMS as it is, and stay on the caller's phone (R13)."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with a typed answer."""

    name: str
    text: Text
    digits: int
    """The greatest length of the answer."""
    keep: str
    """The answer in which the typed text is stored."""
    goto: str
    again: Text | None = None
    least: int = 0
    """The smallest length of the answer. 0 means exactly `digits`."""
    letters: bool = False
    """Whether letters are typed. Otherwise only ASCII digits are allowed."""
    skip: str = ""
    """Where key 0 leads. Empty means back."""

    def takes(self, key: str) -> bool:
        """Whether a typed text is a valid answer."""
        if self.letters:
            return self.least <= len(key) <= self.digits and any(sign.isalpha() for sign in key)
        fits = (self.least or self.digits) <= len(key) <= self.digits and key.isascii() and key.isdigit()
        return fits and re.fullmatch(TYPED.get(self.keep, ".*"), key) is not None


@dataclass(frozen=True, slots=True)
class Statement:
    """A fixed text with as many pages as it needs. Key 1 on the last page leads to `goto`."""

    name: str
    text: Text
    goto: str


@dataclass(frozen=True, slots=True)
class End:
    """The last screen. It stays on the handset until a key is pressed, so it needs a review mark (R13)."""

    name: str
    text: Text
    act: Act | None = None
    sms_safe: bool = False
    """As for a choice: a topic to read by SMS."""


@dataclass(frozen=True, slots=True)
class Fork:
    """Not shown. Continues at the case of an earlier answer, or at `otherwise`."""

    name: str
    by: str
    cases: Mapping[str, str]
    otherwise: str


Screen = Choice | Ask | Statement | End | Fork
Shown = Choice | Ask | Statement | End


@dataclass(frozen=True, slots=True)
class Tree:
    """All screens, and where a call begins."""

    screens: Mapping[str, Screen]
    """By name (`topic.screen`)."""
    start: str
    """The first screen after the dial."""
    home: str
    """The screen of key 00."""
    consent: str
    """The first consent screen."""
    notices: Mapping[str, Text]
    """Texts that belong to no screen, by path: error texts, labels of the fixed keys, SMS templates."""
    emergency: str = ""
    """The screen of key 8, or "" if that key means nothing of its own."""
    hide: str = ""
    """The harmless screen of key 99, or "" if that key means nothing of its own."""
    front_start: str = ""
    """The first screen after the dial in a country with a neutral front, or "" if it is the same as elsewhere."""
    front_home: str = ""
    """The screen of key 00 there, or "" likewise."""
    consent_screens: frozenset[str] = field(init=False)
    """The screens that ask for consent, or for the time that is the second yes. Nothing is stored in a session in which
    one on its way was not shown (R28)."""
    sms_safe: frozenset[str] = field(init=False)
    """The screens that an author has marked as safe to be sent by SMS (R13)."""

    def without_topics(self) -> "Tree":
        """Return the tree without the topics to read by SMS, for a country that has not switched them on."""
        return replace(self, screens={name: it for name, it in self.screens.items() if name not in self.sms_safe})

    def __post_init__(self) -> None:
        asking = frozenset(name for name, screen in self.screens.items() if _asks_consent(screen))
        object.__setattr__(self, "consent_screens", asking)
        safe = (name for name, screen in self.screens.items() if isinstance(screen, Choice | End) and screen.sms_safe)
        object.__setattr__(self, "sms_safe", frozenset(safe))


def _asks_consent(screen: Screen) -> bool:
    return isinstance(screen, Choice) and any(
        answer in CONSENT for option in screen.options for answer, _ in option.keep
    )
