"""The conversation as a fold over the keys pressed since the dial: pure, the same answer for the same keys.

    turn = converse(book, keys, salt)

Keys mean the same everywhere: 1 to 7 options, 8 emergency where offered, 9 more, 0 back (on a question *no*),
00 home. A key that nothing has shows the screen again with a hint; it is never a dead end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from menus.book import Book, Page
from menus.draft import Draft
from menus.salt import drawn_key
from menus.tree import BACK, DRAWN, HOME, Ask, Choice, Each, End, Fork, Option, Screen

Visit = tuple[str, int, Draft]


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the conversation stands: the screen and its page, what the caller wants so far, and how she came.

    `wrong`: the last key led nowhere. `consent_at`: how many keys had been folded when the first consent screen
    was reached, None while it was not. `held`: at some key both consent screens had been answered with yes; where
    the draft no longer asks for a call, that consent was taken back. `before`: so it was before the last key.
    """

    screen: str
    page: int
    draft: Draft
    home: str
    wrong: bool = False
    past: tuple[Visit, ...] = ()
    consent_at: int | None = None
    held: bool = False
    before: bool = False


def converse(
    book: Book, keys: Sequence[str], salt: bytes, shown: int = 0, start: str = "", draft: Draft | None = None
) -> Turn:
    """Fold `keys` into what comes next.

    `shown` is how many keys had come when the first consent screen was really shown in this session: those
    that were dialled past it unseen are dropped (R28). With `shown=len(keys)` the fold therefore stops there.
    `start` and `draft` begin elsewhere than at the dial (an SMS dialogue, whose language is known).
    """
    first = draft or Draft(language=book.languages[0])
    turn = _arrive(book, start or book.tree.start, first, (), start or book.tree.home)
    at, consent_at, held, before = 0, None, False, False
    while at < len(keys):
        if consent_at is None and turn.screen == book.tree.consent:
            consent_at = at
            at = max(at, min(shown, len(keys)))
            continue
        turn = press(book, turn, keys[at].strip(), salt)
        held, before = held or turn.draft.asks_for_a_call, held
        at += 1
    if consent_at is None and turn.screen == book.tree.consent:
        consent_at = at
    return replace(turn, consent_at=consent_at, held=held, before=before)


def press(book: Book, turn: Turn, key: str, salt: bytes) -> Turn:
    """Give the turn after one key. An end stays where it is whatever is pressed."""
    screen = book.tree.screens[turn.screen]
    if isinstance(screen, End):
        return replace(turn, wrong=False)
    page = book.page(turn.draft.language, turn.screen, turn.page, turn.draft)
    step = _step(page, key, salt)
    if isinstance(step, Option):
        here = (turn.screen, turn.page, turn.draft)
        return _arrive(book, step.goto, turn.draft.keep(step.keep), (*turn.past, here), turn.home)
    if step is not None:
        return replace(turn, page=step, wrong=False)
    if isinstance(screen, Ask) and screen.takes(key):
        here = (turn.screen, turn.page, turn.draft)
        return _arrive(book, screen.goto, turn.draft.keep(((screen.keep, key),)), (*turn.past, here), turn.home)
    return _move(book, turn, key)


def _step(page: Page, key: str, salt: bytes) -> Option | int | None:
    if DRAWN in page.keys and key == drawn_key(salt):
        return page.keys[DRAWN]
    return page.keys.get(key) if key != DRAWN else None


def _move(book: Book, turn: Turn, key: str) -> Turn:
    """Back, home, or nowhere. Back takes back the answer too; home keeps what was said."""
    if key == HOME and turn.screen != book.tree.start:
        return _arrive(book, turn.home, turn.draft, (), turn.home)
    if key == BACK and turn.past:
        screen, page, draft = turn.past[-1]
        return Turn(screen, page, draft, turn.home, past=turn.past[:-1])
    return replace(turn, wrong=True)


def _arrive(book: Book, name: str, draft: Draft, past: tuple[Visit, ...], home: str) -> Turn:
    screen = book.tree.screens[name]
    while (onward := _passed(book, screen, draft)) is not None:
        name, screen = onward, book.tree.screens[onward]
    return Turn(name, 0, draft, home, past=past)


def _passed(book: Book, screen: Screen, draft: Draft) -> str | None:
    """Give where a screen leads that is not shown: a fork, or the districts of a region that has none."""
    match screen:
        case Fork(by=by, cases=cases, otherwise=otherwise):
            return cases.get(getattr(draft, by), otherwise)
        case Choice(name=name, each=Each(source="districts", goto=goto)):
            return goto if book.shown(draft.language, name, draft) == name else None
        case _:
            return None
