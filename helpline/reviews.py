"""Review marks: who read a wording, when, and the hash of the very words (R13). Any edit drops the mark.

Production sends nothing that has no mark and does not start with unmarked consent or END screens; the demo shows
all. Marks stand in `content/reviews.yaml`.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from menus.render import Book
from menus.tree import End

CONSENT = ("callback.consent", "callback.when")


@dataclass(frozen=True, slots=True)
class Mark:
    """One reading of one wording by somebody who works with callers."""

    text: str
    language: str
    reviewer: str
    on: str
    hash: str


@dataclass(frozen=True, slots=True)
class Reviews:
    """The marks that are in force. `all_allowed`: the demo, which shows everything."""

    book: Book
    marks: Sequence[Mark]
    all_allowed: bool

    def allow(self, text: str, language: str) -> bool:
        """Tell whether a wording (`to_caller.ask`, or a screen's name) may be shown or sent in a language."""
        if self.all_allowed:
            return True
        now = hash_of(self.wording(text, language))
        return any(m.text == text and m.language == language and m.hash == now and m.reviewer for m in self.marks)

    def wording(self, text: str, language: str) -> str:
        """Give the words that a mark is about: those of a notice, or all pages of a screen."""
        if text in self.book.pages[language]:
            return "\f".join(page.text for page in self.book.pages[language][text])
        screens = [name for name in self.book.pages[language] if self._says(name, text)]
        pages = "\f".join(self.wording(name, language) for name in screens)
        return f"{self.book.notices[language][text]}\f{pages}"

    def _says(self, screen: str, notice: str) -> bool:
        text = getattr(self.book.tree.screens[screen], "text", None)
        return text is not None and text.path == notice

    def missing(self) -> Iterator[tuple[str, str]]:
        """Give every wording (name, language) that production needs a mark for and that has none."""
        for language in self.book.languages:
            for text in guarded(self.book):
                if not self.allow(text, language):
                    yield text, language


def guarded(book: Book) -> list[str]:
    """Give what the marks guard: texts to callers, the consent screens, every END screen."""
    ends = [
        name for name, screen in book.tree.screens.items() if isinstance(screen, End) and not name.startswith("sms.")
    ]
    return [*(name for name in book.tree.notices if name.startswith("to_caller.")), *CONSENT, *ends]


def hash_of(wording: str) -> str:
    """Hash a wording: 16 hex digits."""
    return hashlib.blake2b(wording.encode(), digest_size=8).hexdigest()


def marks_of(data: Sequence[Mapping[str, str]] | str) -> tuple[Mark, ...]:
    """Read the marks of `content/reviews.yaml`."""
    return tuple(Mark(**row) for row in data if isinstance(row, Mapping))
