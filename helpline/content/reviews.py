"""Review marks: who read a wording, when, and the hash of the very words (R13). Any edit drops the mark.

Production sends nothing that has no mark and does not start with unmarked consent or END screens; the demo shows
all. Marks stand in `content/reviews.yaml`.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from menus.book import FROM_DATABASE, SLOT, Book, fill
from menus.tree import Choice, End, Screen

AGREED = frozenset({"consent", "window", "state_line"})
"""Whoever answers this agrees to be rung, or does not (R28); the last, by a line of the state, too (R21)."""


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
        """Give all words that a mark is about: pages, what a wrong key shows, and everything put into them."""
        local, notices = self.book.locals[language], self.book.notices[language]
        if text in notices:
            screens = [name for name in self.book.pages[language] if self._says(name, text)]
            shown = [notices[text], *(self.wording(name, language) for name in screens)]
        else:
            ends = isinstance(self.book.tree.screens[text], End)  # after it no key is read
            pages = self.book.pages[language][text]
            shown = [said for page in pages for said in ((page.text,) if ends else (page.text, page.wrong))]
        slots = {slot for said in shown for slot in SLOT.findall(said)}
        for slot in sorted(slots & FROM_DATABASE):
            shown += [said for name, said in sorted(notices.items()) if name.startswith(f"{slot}.")]
        if slots & {"word", "ours"}:
            shown += [word for _, word in local.lists["words"]] + list(local.ours)
        return "\f".join(shown)

    def _says(self, screen: str, notice: str) -> bool:
        text = getattr(self.book.tree.screens.get(screen), "text", None)
        return text is not None and text.path == notice

    def missing(self) -> Iterator[tuple[str, str]]:
        """Give every wording (name, language) that production needs a mark for and that has none."""
        for language in self.book.languages:
            for text in guarded(self.book):
                if not self.allow(text, language):
                    yield text, language


@dataclass(frozen=True, slots=True)
class Standing:
    """How one guarded wording stands in one language: its hash now, and the mark that holds, if there is one."""

    text: str
    language: str
    hash: str
    mark: Mark | None


def standings(reviews: Reviews) -> list[Standing]:
    """Give every guarded wording in every language of a country, in the order of languages and of the content."""
    held = {(mark.text, mark.language, mark.hash): mark for mark in reviews.marks if mark.reviewer}
    found = []
    for language in reviews.book.languages:
        for text in guarded(reviews.book):
            now = hash_of(reviews.wording(text, language))
            found.append(Standing(text, language, now, held.get((text, language, now))))
    return found


def guarded(book: Book) -> list[str]:
    """Give what the marks guard: texts to callers, the consent screens, every END screen.

    The words of an SMS dialogue are those of the texts to callers.
    """
    screens = {name: screen for name, screen in book.tree.screens.items() if not name.startswith("sms.")}
    agreeing = [name for name, screen in screens.items() if _agrees(screen) and _is_shown(book, screen)]
    ends = [name for name, screen in screens.items() if isinstance(screen, End)]
    return [*(name for name in book.tree.notices if name.startswith("to_caller.")), *agreeing, *ends]


def _agrees(screen: Screen) -> bool:
    """Tell whether something is agreed to on a screen, or refused."""
    kept = {name for option in screen.options for name, _ in option.keep} if isinstance(screen, Choice) else set[str]()
    return bool(kept & AGREED)


def _is_shown(book: Book, screen: Screen) -> bool:
    """Tell whether a screen has words in this country: a legal duty has none where there is no such duty."""
    text = getattr(screen, "text", None)
    return text is not None and any(fill(text.english, local.own) for local in book.locals.values())


def hash_of(wording: str) -> str:
    """Hash a wording: 16 hex digits."""
    return hashlib.blake2b(wording.encode(), digest_size=8).hexdigest()


def marks_of(data: Sequence[Mapping[str, str]] | str) -> tuple[Mark, ...]:
    """Read the marks of `content/reviews.yaml`."""
    return tuple(Mark(**row) for row in data if isinstance(row, Mapping))
