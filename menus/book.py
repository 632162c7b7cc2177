"""The book: every screen of one deployment in every language, as pages to look up. `render` prints it at the start."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from menus.draft import Draft
from menus.gsm7 import fold
from menus.tree import Choice, Option, Tree

SLOT = re.compile(r"\{([a-z_]+)\}")
AT_HOP = frozenset({"drawn", "code", "word", "ours", "number", "promise", "status", "clinic", "shows"})
"""Placeholders filled at the hop: drawn from the session, typed, or told by clock and database."""
FROM_DATABASE = frozenset({"promise", "status", "clinic", "shows"})

Catalog = Mapping[tuple[str, str], str]
"""(msgctxt, msgid) → translation. Empty for English, which is the source."""


@dataclass(frozen=True, slots=True)
class Page:
    """One screen as shown. `keys` says where each key leads: an option, or another page of the same screen.

    `wrong` is what is shown after a key that nothing has. `slots` are the placeholders still to be filled.
    """

    text: str
    wrong: str
    keys: Mapping[str, Option | int]
    slots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Local:
    """What one language brings: its translations, its lists, the longest value of each placeholder."""

    catalog: Catalog
    lists: Mapping[str, Sequence[tuple[str, str]]]
    """languages, needs, words, regions, abroad, `districts.<region>` → (code kept, label shown), in the order to offer.

    `found`: the longest label that a search can give, to weigh with.
    """
    ours: Sequence[str]
    longest: Mapping[str, str]
    own: Mapping[str, str] = field(default_factory=dict)
    """Placeholders that are the same at every hop of this language."""
    search: Callable[[str, str], Sequence[tuple[str, str]]] = lambda typed, region: ()  # noqa: ARG005
    """Letters typed, and the region chosen or '' → places (code, label), the best first."""


class Finder(Protocol):
    """Sets the one page of a book that is not known before the hop: what a search has found."""

    def found(self, name: str, found: Sequence[tuple[str, str]]) -> Page:
        """Set the screen `name` with the places found (code, label), the best first."""
        ...


@dataclass(frozen=True, slots=True)
class Book:
    """All pages of one deployment. `languages` in the order to offer them; `digest` names this very content."""

    tree: Tree
    languages: tuple[str, ...]
    locals: Mapping[str, Local]
    pages: Mapping[str, Mapping[str, tuple[Page, ...]]]
    notices: Mapping[str, Mapping[str, str]]
    digest: str
    printers: Mapping[str, "Finder"] = field(default_factory=dict)

    def page(self, language: str, screen: str, number: int, draft: Draft | None = None) -> Page:
        """Look up one page. What a list of districts or found places shows depends on what `draft` holds."""
        name = self.shown(language, screen, draft)
        if draft and self._lists(screen) == "found":
            found = self.locals[language].search(draft.typed, draft.place)
            return self.printers[language].found(screen, found)
        return self.pages[language][name][number]

    def shown(self, language: str, screen: str, draft: Draft | None) -> str:
        """Give the name under which the pages of a screen lie: districts have a set of their own for each region."""
        name = f"{screen}@{draft.place}" if draft and self._lists(screen) == "districts" else screen
        return name if name in self.pages[language] else screen

    def _lists(self, screen: str) -> str:
        """Tell what a screen lists, if it does."""
        found = self.tree.screens[screen]
        return found.each.source if isinstance(found, Choice) and found.each else ""

    def notice(self, language: str, name: str, /, **values: str) -> str:
        """Give a notice in a language with its placeholders filled, folded as all texts of that language are."""
        return fold(fill(self.notices[language][name], values), language)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A text that cannot be shown: its path in the content, the language, and what is wrong."""

    path: str
    language: str
    what: str


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put `values` in place of `{name}`; names without a value stay."""
    return SLOT.sub(lambda found: values.get(found[1], found[0]), text)
