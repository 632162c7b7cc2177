"""The book: all screens of a deployment in all languages, as pages to look up. `render` prints it at the start."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from menus.draft import Draft
from menus.gsm7 import fold
from menus.tree import Choice, Each, Option, Statement, Tree

SLOT = re.compile(r"\{([a-z_]+)\}")
SENTENCES = re.compile(r"(?<=[.?!]) +")
SERVICES = frozenset({"services", "more_services", "last_services"})
AT_HOP = SERVICES | {"drawn", "code", "word", "ours", "number", "promise", "status", "clinic", "shows", "today"}
"""Placeholders that are filled at the hop: drawn from the session, typed, or read from the clock and the database."""
FROM_DATABASE = SERVICES | {"promise", "status", "clinic", "shows"}

Catalog = Mapping[tuple[str, str], str]
"""(msgctxt, msgid) → translation. Empty for English, which is the source."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a screen, as the handset shows it."""

    text: str
    wrong: str
    """The text after a key that leads nowhere."""
    keys: Mapping[str, Option | int]
    """Where each key leads: to an option, or to another page of the same screen."""
    slots: tuple[str, ...] = ()
    """The placeholders that are filled at the hop."""


@dataclass(frozen=True, slots=True)
class Local:
    """What one language adds to a book."""

    catalog: Catalog
    lists: Mapping[str, Sequence[tuple[str, str]]]
    """languages, needs, words, regions, abroad, `districts.<region>` → (code to store, label to show), in order.

    `found` is the longest label that a search can return, to check that it fits.
    """
    our_words: Sequence[str]
    """The everyday words that we say (R6)."""
    longest: Mapping[str, str]
    """The longest value of each placeholder."""
    own: Mapping[str, str] = field(default_factory=dict)
    """Placeholders that have the same value at every hop of this language."""
    search: Callable[[str, str], Sequence[tuple[str, str]]] = lambda typed, region: ()  # noqa: ARG005
    """(typed letters, chosen region or '') → places (code, label), best match first."""


class Finder(Protocol):
    """Prints the only page that is not known before the hop: the results of a search. And measures pages."""

    def found(self, name: str, found: Sequence[tuple[str, str]]) -> Page:
        """Return the screen `name` with the places found (code, label), best match first."""
        ...

    def fits(self, text: str) -> bool:
        """Whether `text` fits with the longest value of each placeholder."""
        ...

    def unfinished(self, screen: Statement) -> Sequence[tuple[int, str]]:
        """Return the pages (number, last word) that end in mid-sentence where the author set no mark."""
        ...


@dataclass(frozen=True, slots=True)
class Book:
    """All pages of one deployment."""

    tree: Tree
    languages: tuple[str, ...]
    """In the order of the first screen."""
    locals: Mapping[str, Local]
    pages: Mapping[str, Mapping[str, tuple[Page, ...]]]
    notices: Mapping[str, Mapping[str, str]]
    digest: str
    """The hash of the content."""
    printers: Mapping[str, "Finder"] = field(default_factory=dict)

    def without_topics(self) -> "Book":
        """Return the book without the topics to read by SMS."""
        gone, tree = self.tree.sms_safe, self.tree.without_topics()
        pages = {
            language: {name: of for name, of in each.items() if name not in gone}
            for language, each in self.pages.items()
        }
        return replace(self, tree=tree, pages=pages)

    def page(self, language: str, screen: str, number: int, draft: Draft | None = None) -> Page:
        """Return one page. A list of districts or of found places depends on the answers in `draft`."""
        each = self._each(screen)
        if each and draft:
            if each.source == "found":
                found = self.locals[language].search(draft.typed, draft.place)
                return self.printers[language].found(screen, found)
            screen = self.shown(language, screen, draft)
        return self.pages[language][screen][number]

    def shown(self, language: str, screen: str, draft: Draft | None) -> str:
        """Return the key of a screen's pages. A screen of districts has separate pages for each region."""
        each = self._each(screen)
        if draft is None or each is None or each.source != "districts":
            return screen
        name = f"{screen}@{getattr(draft, each.keep)}"
        return name if name in self.pages[language] else screen

    def _each(self, screen: str) -> Each | None:
        found = self.tree.screens[screen]
        return found.each if isinstance(found, Choice) else None

    def notice(self, language: str, name: str, /, **values: str) -> str:
        """Return a notice in a language, with its placeholders filled and its letters folded for phones."""
        return fold(fill(self.notices[language][name], values), language)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A text that does not fit: its path in the content, the language, and what is wrong."""

    path: str
    language: str
    what: str


def without_empty(text: str, values: Mapping[str, str]) -> str:
    """Leave out each sentence with a placeholder that has an empty value: nobody reads "To talk: ."."""
    if not any(values.get(name) == "" for name in SLOT.findall(text)):
        return text
    sentences = SENTENCES.split(text)
    return " ".join(each for each in sentences if all(values.get(name) != "" for name in SLOT.findall(each)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace each `{name}` by its value. Names without a value stay."""
    return SLOT.sub(lambda found: values.get(found[1], found[0]), text)
