"""Shows beside the demo's phone where in the menus a session is, by replaying the same keys.

It reads only what was sent over the wire, and never the database, so it can change nothing. Demo only.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from gateway.phone import weight
from gateway.phone.pieces import Piece, Template, distinctive
from gateway.phone.translated import Words
from helpline.core.languages import LANGUAGES
from menus.book import Book, Page
from menus.converse import Turn, converse
from menus.faults import Mark
from menus.tree import MORE, Option

CHANNEL = "africastalking"
KEYS = "1234567890"
MOST_STEPS = 20
"""The longest way that the tour walks by itself."""


@dataclass(frozen=True)
class Guide:
    """Finds the place of a session in the menus."""

    book: Book
    salt: Callable[[str, str], bytes]
    """Returns the salt of a channel and session, from which keys and words are drawn."""
    marks: Mapping[str, Mark] = field(default_factory=dict)
    """File and line of each screen."""

    def languages(self) -> list[tuple[str, str, str]]:
        """Return code and name of each language, and the keys from the dial that choose it (`9*1` if it takes two)."""
        return [(code, LANGUAGES[code].name if code in LANGUAGES else code, keys) for keys, code in _ways(self.book)]

    def where(self, session: str, keys: Sequence[str], hops: Sequence[int], text: str) -> dict[str, Any]:
        """Return where a session is after `keys`. `hops` is the number of keys that each hop had brought.

        `text` is the text that was shown. If the service showed another screen than the keys lead to (the number cannot
        be called, nothing could be stored), the result names that screen and `instead` is true.
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

    def way(self, session: str, keys: Sequence[str], hops: Sequence[int], to: str) -> list[str]:
        """Return the fewest keys that lead on to a screen, or none if no short way leads there.

        Each key is one hop, so every consent screen on the way is really shown (R28).
        """
        salt, shown = self.salt(CHANNEL, session), _shown(self.book, keys, hops, self.salt(CHANNEL, session))
        ways: list[list[str]] = [[]]
        seen: set[tuple[str, int]] = set()
        while ways:
            way = ways.pop(0)
            hopped = {len(keys) + at for at in range(len(way) + 1)}
            turn = converse(self.book, [*keys, *way], salt, shown | hopped)
            if turn.screen == to:
                return way
            if (turn.screen, turn.page) in seen or len(way) >= MOST_STEPS:
                continue
            seen.add((turn.screen, turn.page))
            ways += [[*way, key] for key in KEYS]
        return []

    def pieces(self, text: str) -> list[dict[str, str]]:
        """Split an SMS into its pieces."""
        return _written(self._recognised(text, "")[1])

    def translated(self, text: str, language: str) -> str:
        """Return an SMS of the service in another language, whole.

        Nothing if it is already in that language, is no text of the content, or has a value that cannot be translated.
        Words of a caller stay: both sides must say them as they are.
        """
        for spoken in self.book.languages:
            for template in self._templates[spoken]:
                if template.path in self.book.notices[spoken] and template.pattern.fullmatch(text):
                    values = Words.of(self.book, spoken, language).told(template.text, text)
                    told = self.book.notice(language, template.path, **values) if values is not None else text
                    return "" if spoken == language or told == text else told
        return ""

    def _as_folded(self, turn: Turn, text: str) -> list[Piece] | None:
        page = self.book.page(turn.draft.language, turn.screen, turn.page, turn.draft)
        template = Template.of(turn.screen, page.wrong if turn.wrong else page.text)
        return template.read(text, self.book, turn.draft.language)

    def _recognised(self, text: str, first: str) -> tuple[str, list[Piece]]:
        """Find the template of a text, in the language `first` before the others."""
        for language in sorted(self._templates, key=lambda each: each != first):
            for template in self._templates[language]:
                if pieces := template.read(text, self.book, language):
                    return template.path, pieces
        return "", [Piece(text)]

    @cached_property
    def _templates(self) -> Mapping[str, tuple[Template, ...]]:
        return distinctive(self.book)

    def _at(self, screen: str) -> str:
        mark = self.marks.get(screen)
        return f"{mark.file}:{mark.line}" if mark else ""


def _ways(book: Book) -> Iterator[tuple[str, str]]:
    """Yield the keys from the dial to each language, with its code."""
    pages: Sequence[Page] = book.pages[book.languages[0]][book.tree.start]
    for at, page in enumerate(pages):
        for key, step in page.keys.items():
            if isinstance(step, Option):
                yield from (
                    ("*".join((*([MORE] * at), key)), str(code)) for name, code in step.keep if name == "language"
                )


def _shown(book: Book, keys: Sequence[str], hops: Sequence[int], salt: bytes) -> set[int]:
    """Return how many keys had arrived when each consent screen was really shown (R28)."""
    shown = set[int]()
    for count in hops:
        if converse(book, keys[:count], salt, shown).unseen:
            shown.add(count)
    return shown


def _step(key: str, turn: Turn) -> dict[str, Any]:
    return {"key": key, "screen": turn.screen, "page": turn.page + 1, "wrong": turn.wrong}


def _written(pieces: Sequence[Piece]) -> list[dict[str, str]]:
    return [asdict(piece) for piece in pieces]
