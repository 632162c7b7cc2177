"""Reads a shown text back into what was written and what was filled in: `Code {code}` gives the 482913 its name.

The page needs it to tell a call as a story, in which codes and words have names since they differ each time.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from menus.book import SLOT, Book

FEWEST_LETTERS = 6
"""A template with fewer letters of its own fits too much to tell anything by it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: as it stands, or (with `slot`) what stands for a placeholder."""

    text: str
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with placeholders, and where it is in the content. Placeholders with texts of their own: `inner`."""

    path: str
    text: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, path: str, text: str) -> "Template":
        """Make what finds the placeholders of a text; one that comes twice has to be the same twice."""
        seen: set[str] = set()
        parts = SLOT.split(text)
        found = "".join(re.escape(part) if at % 2 == 0 else _group(part, seen) for at, part in enumerate(parts))
        return cls(path, text, re.compile(found, re.DOTALL))

    @property
    def letters(self) -> int:
        """How much of it is text of its own."""
        return len(SLOT.sub("", self.text))

    def read(self, shown: str, book: Book, language: str) -> list[Piece] | None:
        """Take a shown text apart; None where it is another text."""
        found = self.pattern.fullmatch(shown)
        if found is None:
            return None
        parts = SLOT.split(self.text)
        pieces: list[Piece] = []
        for at, part in enumerate(parts):
            pieces += [Piece(part)] * bool(part) if at % 2 == 0 else _filled(part, found[part], book, language)
        return pieces


def _group(slot: str, seen: set[str]) -> str:
    if slot in seen:
        return f"(?P={slot})"
    seen.add(slot)
    return f"(?P<{slot}>.+?)"


def _filled(slot: str, value: str, book: Book, language: str) -> list[Piece]:
    """Take apart what was filled in where it is itself a text of the content: a promise, a status."""
    notices = book.notices[language]
    for path in (name for name in notices if name.startswith(f"{slot}.") and SLOT.search(notices[name])):
        if pieces := Template.of(path, notices[path]).read(value, book, language):
            return pieces
    return [Piece(value, slot)]


def templates(book: Book, language: str) -> Iterator[Template]:
    """Give all that may leave the service in a language: pages of screens, texts by SMS."""
    for name, pages in book.pages[language].items():
        for page in pages:
            yield Template.of(name, page.text)
            yield Template.of(name, page.wrong)
    for name, text in book.notices[language].items():
        if name.startswith("to_"):
            yield Template.of(name, text)


def telling(book: Book) -> Mapping[str, tuple[Template, ...]]:
    """Give the templates of each language by which a text can be recognised, the most certain first."""
    return {
        language: tuple(
            sorted((t for t in templates(book, language) if t.letters >= FEWEST_LETTERS), key=lambda t: -t.letters)
        )
        for language in book.languages
    }
