"""How many keys a caller presses: found by walking the menus breadth first, as callers do, not by knowing the keys."""

from collections import deque
from collections.abc import Callable, Iterator

from menus.book import Book
from menus.converse import Turn, converse, press
from menus.salt import drawn_key
from menus.tree import BACK, DRAWN, Ask, End, Fork

SALT = bytes(16)
MOST = 8
"""Whoever has not come to a request, or to the emergency number, after so many keys, has been lost."""
EMERGENCY_SLOT = "emergency"
TYPED = {False: "1", True: "а"}
"""What is typed where digits, or letters, are asked for."""


def to_request(book: Book, language: str) -> int | None:
    """Count the keys from the dial to a stored request; None where no way of `MOST` keys leads there."""
    return _first(book, language, lambda turn: turn.draft.asks_for_a_call)


def to_emergency(book: Book, language: str) -> int | None:
    """Count the keys from the dial to a screen with the emergency number (R19); None as above."""
    named = {name for name, screen in book.tree.screens.items() if _says_emergency(screen)}
    return _first(book, language, lambda turn: turn.screen in named)


def to_deepest(book: Book, language: str) -> tuple[int, str]:
    """Give the screen that takes the most keys to come to by the shortest way, and how many.

    Every way of a fork is taken, whether or not one caller's answers could lead there.
    """
    todo = deque([(book.tree.start, 0, 0)])
    known, far = {(book.tree.start, 0)}, (0, book.tree.start)
    while todo:
        name, at, count = todo.popleft()
        far = max(far, (count, name), key=lambda row: row[0])
        for onward in _onward(book, language, name, at):
            if onward not in known:
                known.add(onward)
                todo.append((*onward, count + 1))
    return far


def _onward(book: Book, language: str, name: str, at: int) -> Iterator[tuple[str, int]]:
    """Give every page that one key leads to."""
    screen = book.tree.screens[name]
    gotos = [getattr(screen, "goto", ""), getattr(getattr(screen, "each", None), "goto", "")]
    for step in book.pages[language][name][at].keys.values():
        if isinstance(step, int):
            yield name, step
        else:
            gotos.append(step.goto)
    yield from ((shown, 0) for goto in gotos if goto for shown in _shown(book, goto))


def _shown(book: Book, name: str) -> Iterator[str]:
    screen = book.tree.screens[name]
    if isinstance(screen, Fork):
        for goto in {*screen.cases.values(), screen.otherwise}:
            yield from _shown(book, goto)
    else:
        yield name


def _first(book: Book, language: str, there: Callable[[Turn], bool]) -> int | None:
    """Give the least number of keys to a turn of which `there` is true."""

    forked = sorted({screen.by for screen in book.tree.screens.values() if isinstance(screen, Fork)})

    def seen(turn: Turn) -> tuple[str | int, ...]:
        """Two turns that differ in what a fork asks for may lead to different screens."""
        asked = (getattr(turn.draft, name) for name in forked)
        return (turn.screen, turn.page, turn.draft.consent, turn.draft.window, *asked)

    return next((count for turn, count in _walk(book, language, seen) if there(turn)), None)


def _walk(book: Book, language: str, seen: Callable[[Turn], object]) -> Iterator[tuple[Turn, int]]:
    """Give every turn that can be come to, the nearest first; those that `seen` finds alike only once."""
    tongue = str(book.languages.index(language) + 1)
    todo = deque([(converse(book, (tongue,), SALT, shown=1), 1)])
    known = {seen(todo[0][0])}
    while todo:
        turn, count = todo.popleft()
        yield turn, count
        for key in _keys(book, turn) if count < MOST else ():
            onward = press(book, turn, key, SALT)
            mark = seen(onward)
            if not onward.wrong and mark not in known:
                known.add(mark)
                todo.append((onward, count + 1))


def _keys(book: Book, turn: Turn) -> Iterator[str]:
    screen = book.tree.screens[turn.screen]
    if isinstance(screen, End):
        return
    for key in book.page(turn.draft.language, turn.screen, turn.page, turn.draft).keys:
        if key == DRAWN:
            yield drawn_key(SALT)
        elif key != BACK or turn.past:
            yield key
    if isinstance(screen, Ask):
        yield TYPED[screen.letters] * (screen.least or screen.digits)


def _says_emergency(screen: object) -> bool:
    text = getattr(screen, "text", None)
    return text is not None and f"{{{EMERGENCY_SLOT}}}" in text.english
