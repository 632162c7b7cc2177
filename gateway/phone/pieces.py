"""Splits a shown text into fixed text and filled-in values: with `Code {code}`, 482913 is the `code`.

The page uses it to record a session as a story. Codes and words are named there, because they differ each time.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from menus.book import SLOT, Book

FEWEST_LETTERS = 6
"""A template with fewer fixed letters matches too many texts to be useful."""

HOURS = re.compile(r"(\d\d\.\d\d) (\d\d:\d\d)-(\d\d:\d\d)", re.ASCII)
"""A call window on a card, as `helpline.messaging.wording` writes it: in a story it is another day each time."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: fixed text, or the value of a placeholder."""

    text: str
    slot: str = ""
    """The placeholder's name; empty for fixed text."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with placeholders, and its path in the content."""

    path: str
    text: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, path: str, text: str) -> "Template":
        """Compile a text into a pattern. A placeholder that comes twice must have the same value twice."""
        seen: set[str] = set()
        parts = SLOT.split(text)
        found = "".join(re.escape(part) if at % 2 == 0 else _group(part, seen) for at, part in enumerate(parts))
        return cls(path, text, re.compile(found, re.DOTALL))

    @property
    def letters(self) -> int:
        """The number of fixed letters."""
        return len(SLOT.sub("", self.text))

    def read(self, shown: str, book: Book, language: str) -> list[Piece] | None:
        """Split a shown text into pieces, or return None if it has another template."""
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
    """Split a filled-in value that is itself a text of the content, such as a promise or a status."""
    if slot == "window" and (hours := HOURS.fullmatch(value)):
        day, since, until = hours.groups()
        return [Piece(day, "day"), Piece(" "), Piece(since, "from"), Piece("-"), Piece(until, "to")]
    notices = book.notices[language]
    for path in (name for name in notices if name.startswith(f"{slot}.") and SLOT.search(notices[name])):
        if pieces := Template.of(path, notices[path]).read(value, book, language):
            return pieces
    return [Piece(value, slot)]


def templates(book: Book, language: str) -> Iterator[Template]:
    """Yield all texts that the service can send in a language: pages of screens, and SMS."""
    for name, pages in book.pages[language].items():
        for page in pages:
            yield Template.of(name, page.text)
            yield Template.of(name, page.wrong)
    for name, text in book.notices[language].items():
        if name.startswith("to_"):
            yield Template.of(name, text)


def distinctive(book: Book) -> Mapping[str, tuple[Template, ...]]:
    """Return the templates of each language that can identify a text, those with most fixed letters first."""
    return {
        language: tuple(
            sorted((t for t in templates(book, language) if t.letters >= FEWEST_LETTERS), key=lambda t: -t.letters)
        )
        for language in book.languages
    }
