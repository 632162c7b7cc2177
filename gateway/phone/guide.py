"""Where in the graph a call of the demo stands: the same fold over the same keys, told beside the phone.

It reads what passed over the wire and asks nothing of the database, so it can change nothing. Demo only.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from gateway.phone import weight
from gateway.phone.pieces import Piece, Template, telling
from helpline.core.languages import LANGUAGES
from menus.book import Book, Page
from menus.converse import Turn, converse
from menus.faults import Mark
from menus.tree import MORE, Option

CHANNEL = "africastalking"


@dataclass(frozen=True)
class Guide:
    """`salt` gives what is drawn from (channel, session); `marks` says where in the files a screen stands."""

    book: Book
    salt: Callable[[str, str], bytes]
    marks: Mapping[str, Mark] = field(default_factory=dict)

    def languages(self) -> list[tuple[str, str, str]]:
        """Give each language: its code, its name, the keys from the dial that choose it (`9*1` where it takes two)."""
        return [(code, LANGUAGES[code].name if code in LANGUAGES else code, keys) for keys, code in _ways(self.book)]

    def where(self, session: str, keys: Sequence[str], hops: Sequence[int], text: str) -> dict[str, Any]:
        """Say where a call stands after `keys`, which came in hops that had brought `hops` keys each.

        `text` is what was shown. Where the service put another screen in place of the one that the keys lead to
        (this number cannot be rung, nothing could be stored), that one is named, and `instead` is true.
        """
        salt = self.salt(CHANNEL, session)
        shown = _shown(self.book, keys, hops, salt)
        turns = [converse(self.book, keys[:n], salt, shown) for n in range(len(keys) + 1)]
        last, language = turns[-1], turns[-1].draft.language
        path = [_step(key, turn) for key, turn in zip(("", *keys), turns, strict=True)]
        pieces, screen = self._as_folded(last, text), last.screen
        if pieces is None:
            screen, pieces = self._recognised(text, language)
        here: dict[str, Any] = {"language": language, "screen": screen, "at": self._at(screen), "path": path}
        count = len(self.book.pages[language].get(screen, ()))
        here |= {"page": last.page + 1 if screen == last.screen else 1, "pages": count, "wrong": last.wrong}
        return here | {
            "instead": screen != last.screen, "pieces": _written(pieces), "weight": weight.screen(text),
        }  # fmt: skip

    def pieces(self, text: str) -> list[dict[str, str]]:
        """Take a text by SMS apart."""
        return _written(self._recognised(text, "")[1])

    def _as_folded(self, turn: Turn, text: str) -> list[Piece] | None:
        page = self.book.page(turn.draft.language, turn.screen, turn.page, turn.draft)
        template = Template.of(turn.screen, page.wrong if turn.wrong else page.text)
        return template.read(text, self.book, turn.draft.language)

    def _recognised(self, text: str, first: str) -> tuple[str, list[Piece]]:
        """Find a text among all that can be said, in the language `first` before the others."""
        for language in sorted(self._telling, key=lambda each: each != first):
            for template in self._telling[language]:
                if pieces := template.read(text, self.book, language):
                    return template.path, pieces
        return "", [Piece(text)]

    @cached_property
    def _telling(self) -> Mapping[str, tuple[Template, ...]]:
        return telling(self.book)

    def _at(self, screen: str) -> str:
        mark = self.marks.get(screen)
        return f"{mark.file}:{mark.line}" if mark else ""


def _ways(book: Book) -> Iterator[tuple[str, str]]:
    """Give the keys from the dial to each language, with its code."""
    pages: Sequence[Page] = book.pages[book.languages[0]][book.tree.start]
    for at, page in enumerate(pages):
        for key, step in page.keys.items():
            if isinstance(step, Option):
                yield from (
                    ("*".join((*([MORE] * at), key)), str(code)) for name, code in step.keep if name == "language"
                )


def _shown(book: Book, keys: Sequence[str], hops: Sequence[int], salt: bytes) -> int:
    """Give how many keys had come when the first consent screen was first really shown (R28)."""
    reached = (n for n in hops if converse(book, keys[:n], salt).consent_at is not None)
    return next(reached, 0)


def _step(key: str, turn: Turn) -> dict[str, Any]:
    return {"key": key, "screen": turn.screen, "page": turn.page + 1, "wrong": turn.wrong}


def _written(pieces: Sequence[Piece]) -> list[dict[str, str]]:
    return [asdict(piece) for piece in pieces]
