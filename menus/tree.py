"""The kinds of screen, as a union of frozen dataclasses. `parse` makes them, `converse` walks them.

    Choice      a text and options, one key each; may list something (regions, languages) page by page
    Ask         a typed answer: so many digits, or letters
    Statement   a fixed text, paged; goes on to another screen
    End         the last screen of the call; may ask for an act
    Fork        never shown: goes where an earlier answer says

A new kind is added here; mypy then names each `match` that lacks it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from menus.draft import TYPED, Act

OPTION_KEYS = ("1", "2", "3", "4", "5", "6", "7")
EMERGENCY, MORE, BACK, HOME = "8", "9", "0", "00"
DRAWN = "drawn"
"""In place of a key: 1 to 7, drawn by the session's salt, so that nothing dialled ahead goes on unseen (R28)."""


@dataclass(frozen=True, slots=True)
class Text:
    """An English text of content and where it stands (`callback.when.1`): msgid and msgctxt of its translations."""

    path: str
    english: str


@dataclass(frozen=True, slots=True)
class Option:
    """One key of a choice: what it says, what it keeps, where it leads."""

    key: str
    label: Text
    goto: str
    keep: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Each:
    """Options from data: the code of the one chosen is kept as `keep`.

    `source`: languages, needs, words, regions, abroad (countries of work); districts, which are those of the region
    kept as `place`; found, which are the places that the letters kept as `typed` may mean.
    """

    source: str
    keep: str
    goto: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A question. `again` stands in for `text` after a wrong key, where the usual hint would not fit beside it."""

    name: str
    text: Text | None
    options: tuple[Option, ...]
    each: Each | None = None
    again: Text | None = None
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """A typed answer of `digits` digits (ASCII), or of `least` to `digits`; with `letters`, of that many signs.

    `skip`: where key 0 leads, if it does not lead back.
    """

    name: str
    text: Text
    digits: int
    keep: str
    goto: str
    again: Text | None = None
    least: int = 0
    letters: bool = False
    skip: str = ""

    def takes(self, key: str) -> bool:
        """Tell whether what was pressed is such an answer."""
        if self.letters:
            return self.least <= len(key) <= self.digits and any(sign.isalpha() for sign in key)
        fits = (self.least or self.digits) <= len(key) <= self.digits and key.isascii() and key.isdigit()
        return fits and re.fullmatch(TYPED.get(self.keep, ".*"), key) is not None


@dataclass(frozen=True, slots=True)
class Statement:
    """A fixed text, as many pages as it needs; 1 on the last one goes on to `goto`."""

    name: str
    text: Text
    goto: str


@dataclass(frozen=True, slots=True)
class End:
    """The last screen. It stays on the handset until a key is pressed, so R13's review marks guard it too."""

    name: str
    text: Text
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class Fork:
    """Not shown: goes to the case of an earlier answer, or `otherwise`."""

    name: str
    by: str
    cases: Mapping[str, str]
    otherwise: str


Screen = Choice | Ask | Statement | End | Fork
Shown = Choice | Ask | Statement | End


@dataclass(frozen=True, slots=True)
class Tree:
    """All screens by name (`topic.screen`), and where a call begins. `start` is the dial, `home` is key 00.

    `consent` is the first consent screen: nothing is written down in a session in which it was not shown (R28).
    `notices` are the single texts that belong to no screen: hints, labels of the uniform keys, SMS templates.
    """

    screens: Mapping[str, Screen]
    start: str
    home: str
    consent: str
    notices: Mapping[str, Text]
