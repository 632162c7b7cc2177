"""The book: all screens of a deployment in all languages, as pages to look up. `render` prints it at the start."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from menus.draft import Draft
from menus.gsm7 import fold
from menus.tree import Choice, Each, Option, Screen, Statement, Tree

SLOT = re.compile(r"\{([a-z_]+)\}")
SENTENCES = re.compile(r"(?<=[.?!]) +")
SERVICES = frozenset({"services", "more_services", "last_services"})
AT_HOP = SERVICES | {"drawn", "code", "word", "ours", "number", "promise", "status", "clinic", "shows", "today"}
"""Placeholders that are filled at the hop: drawn from the session, typed, or read from the clock and the database."""
THERE = "there"
"""The placeholder with the numbers of one country of work. A text with it has pages of its own for each country."""
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
    there: Mapping[str, str] = field(default_factory=dict)
    """What may be read of each place in the list `abroad`: code → value of `{there}`."""
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
        """Return one page. Districts, found places and the numbers of a country depend on the answers in `draft`."""
        if draft:
            match self.tree.screens[screen]:
                case Choice(each=Each(source="found")):
                    found = self.locals[language].search(draft.typed, draft.place)
                    return self.printers[language].found(screen, found)
            screen = self.shown(language, screen, draft)
        return self.pages[language][screen][number]

    def shown(self, language: str, screen: str, draft: Draft | None) -> str:
        """Return the key of a screen's pages, which may be separate for each region or country."""
        by = depends_on(self.tree.screens[screen])
        if draft is None or not by:
            return screen
        name = f"{screen}@{getattr(draft, by)}"
        return name if name in self.pages[language] else screen

    def notice(self, language: str, name: str, /, **values: str) -> str:
        """Return a notice in a language, with its placeholders filled and its letters folded for phones."""
        return fold(fill(self.notices[language][name], values), language)


def depends_on(screen: Screen) -> str:
    """Return the answer that decides which pages of a screen are shown, or "" if it has the same for everybody."""
    match screen:
        case Choice(each=Each(source="districts", keep=keep)):
            return keep
        case Statement(text=text) if f"{{{THERE}}}" in text.english:
            return "near"
        case _:
            return ""


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
