"""A simulated caller who presses keys at random, call after call, and the checks of each screen that they see."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from helpline.content.glossary import Glossary
from helpline.content.sources import countries
from helpline.core.config import Config
from menus.book import SLOT, Book, Page, fill
from menus.converse import Turn, converse, press
from menus.draft import NO, NONE, PRESET, YES, Draft
from menus.gsm7 import USSD, fits, fold
from menus.salt import SALT_BYTES, drawn_key
from menus.tree import BACK, DRAWN, Ask, Choice, End, Screen, Text
from tests.world import contents

ODD_SHARE = 0.15
"""How often the caller presses a key that the screen may not have."""
NEW_SHARE = 0.5
"""How often the caller goes where they were least; otherwise they press the key that they pressed least."""
TYPED_SHARE = 0.7
"""How often the caller types an answer where a key would skip it."""
GO_ON_SHARE = 0.3
"""How often a call goes on where an earlier one was on a page that was hardly seen: menus are deep."""
ANY_KEY: tuple[str, ...] = (
    *"0123456789*#", "00", "000", "99", "12", "482913", "drawn", "٣", "Ош", "🙂", "", " 1 ", "x" * 100,
)  # fmt: skip
LETTERS = "абвгдеиклмнорстуўқғҳәөүұıabcdeghiklmnorstuvz' -"
TRIES = 50


def offered(page: Page, salt: bytes) -> list[str]:
    """Return the keys that a page offers."""
    return [drawn_key(salt) if key == DRAWN else key for key in page.keys]


def books() -> dict[str, Book]:
    """Return the menus of every country in its complete languages."""
    return {country: contents(Config(country=country)).book for country in countries()}


@dataclass(slots=True)
class Caller:
    """A caller who walks through a book in one language.

    The caller prefers what is new, and so reaches deep menus and the ends of lists.
    """

    book: Book
    language: str
    chance: Random
    been: Counter[tuple[str, int]] = field(default_factory=Counter)
    """How often each page was reached."""
    taken: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    """How often each key of a page was pressed."""
    first_at: dict[tuple[str, int], Turn] = field(default_factory=dict)
    """How the caller came to each page for the first time."""

    def calls(self) -> Iterator[tuple[Turn, Page]]:
        """Press keys forever, in call after call. Yield what the caller sees after each."""
        while True:
            salt = self.chance.randbytes(SALT_BYTES)
            turn = self.begin(salt)
            yield turn, self.page(turn)
            while not self.over(turn):
                turn = press(self.book, turn, self.key(turn, salt), salt)
                if turn.draft.language == self.language:
                    self.first_at.setdefault((turn.screen, turn.page), turn)
                    yield turn, self.page(turn)

    def begin(self, salt: bytes) -> Turn:
        """Return where a call begins: after the choice of the language, or on the page that was reached least so far."""
        if self.first_at and self.chance.random() < GO_ON_SHARE:
            least = min(self.first_at, key=lambda at: (self.been[at], self.chance.random()))
            self.been[least] += 1
            return self.first_at[least]
        first = str(self.book.languages.index(self.language) + 1)
        return press(self.book, converse(self.book, (), salt, draft=self.known_at_start()), first, salt)

    def over(self, turn: Turn) -> bool:
        """Whether the call has ended or has changed to another language."""
        return isinstance(self.book.tree.screens[turn.screen], End) or turn.draft.language != self.language

    def known_at_start(self) -> Draft:
        """Return what is known before the first key: a call from abroad, a legal duty to announce, a neutral front."""
        duty = YES if self.book.locals[self.language].own.get("duty") else NO
        abroad, front = (self.chance.choice((YES, NO, NO)) for _ in range(2))
        to_come = NONE if abroad == YES else self.chance.choice(sorted(PRESET["to_come"]))
        return Draft(self.book.languages[0], abroad=abroad, duty=duty, front=front, to_come=to_come)

    def page(self, turn: Turn) -> Page:
        """Return what the caller sees."""
        return self.book.page(turn.draft.language, turn.screen, turn.page, turn.draft)

    def key(self, turn: Turn, salt: bytes) -> str:
        """Choose a key, mostly one that the screen shows or asks for."""
        screen = self.book.tree.screens[turn.screen]
        ways = offered(self.page(turn), salt)
        if self.chance.random() < ODD_SHARE:
            return self.chance.choice((*ANY_KEY, self.typed()))
        if isinstance(screen, Ask) and (not ways or self.chance.random() < TYPED_SHARE):
            return self.answer(screen)
        if not ways:
            return BACK
        new = self.chance.random() < NEW_SHARE
        key = min(ways, key=lambda way: (*self.times_taken(turn, way, salt, new), self.chance.random()))
        there = press(self.book, turn, key, salt)
        self.been[there.screen, there.page] += 1
        self.taken[turn.screen, turn.page, key] += 1
        return key

    def times_taken(self, turn: Turn, key: str, salt: bytes, new: bool) -> tuple[int, int]:
        """Return how often the caller pressed a key.

        With `new`, the first number is how often the caller was on the page that the key leads to.
        """
        taken = self.taken[turn.screen, turn.page, key]
        if not new:
            return taken, 0
        there = press(self.book, turn, key, salt)
        return self.been[there.screen, there.page], taken

    def answer(self, ask: Ask) -> str:
        """Return a valid answer."""
        if ask.letters:
            names = [label for _, label in self.book.locals[self.language].lists["regions"]]
            return (self.chance.choice(names)[: self.chance.randint(2, 6)] if names else "") or "ош"
        for _ in range(TRIES):
            length = self.chance.randint(ask.least or ask.digits, ask.digits)
            key = "".join(self.chance.choice("0123456789") for _ in range(length))
            if ask.takes(key):
                return key
        return "1" * (ask.least or ask.digits)

    def typed(self) -> str:
        """Return random letters of the region, or digits."""
        signs = self.chance.choice((LETTERS, "0123456789"))
        return "".join(self.chance.choice(signs) for _ in range(self.chance.randint(1, 12)))


@dataclass(slots=True)
class Watch:
    """Checks each screen that a caller sees, once for each form of it."""

    book: Book
    language: str
    glossary: Glossary
    faults: list[str] = field(default_factory=list)
    """The faults that were found."""
    seen: set[tuple[str, str]] = field(default_factory=set)
    screens: set[str] = field(default_factory=set)

    def look(self, turn: Turn, page: Page) -> None:
        """Check a screen."""
        shown = page.wrong if turn.wrong else page.text
        if (turn.screen, shown) in self.seen:
            return
        self.seen.add((turn.screen, shown))
        self.faults += [f"{turn.screen}: {what}: {shown!r}" for what in self._wrong_with(shown)]
        if turn.screen not in self.screens:
            self.screens.add(turn.screen)
            self.faults += [f"{path} is not translated" for path in self._untranslated(turn.screen)]
        if self._dead_end(turn, page):
            self.faults.append(f"{turn.screen}: no key leads on")

    def _wrong_with(self, shown: str) -> Iterator[str]:
        text = fold(fill(shown, self.book.locals[self.language].longest), self.language)
        if not text.strip():
            yield "nothing is shown"
        if not fits(text, USSD):
            yield "does not fit"
        if SLOT.search(text) or "{" in text:
            yield "a placeholder is left"

    def _untranslated(self, screen: str) -> Iterator[str]:
        catalog = self.book.locals[self.language].catalog
        for text in texts_of(self.book.tree.screens[screen]):
            translation = catalog.get((text.path, text.english), "")
            english = text.english.strip()
            if english and self.language != "en" and translation in ("", english) and not self.glossary.stays(english):
                yield text.path

    def _dead_end(self, turn: Turn, page: Page) -> bool:
        """Whether none of the keys on a screen leads to another one."""
        screen = self.book.tree.screens[turn.screen]
        salt = bytes(SALT_BYTES)
        there = [press(self.book, turn, key, salt).screen for key in (*offered(page, salt), BACK)]
        return not isinstance(screen, End | Ask) and all(name == turn.screen for name in there)


def texts_of(screen: Screen) -> list[Text]:
    """Return the texts of a screen."""
    found = [getattr(screen, "text", None), getattr(screen, "again", None)]
    found += [option.label for option in screen.options] if isinstance(screen, Choice) else []
    return [text for text in found if text is not None]
