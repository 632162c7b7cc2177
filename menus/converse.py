"""The conversation as a fold over the keys pressed since the dial. It is pure: the same keys give the same result.

    turn = converse(book, keys, salt)

Keys mean the same on every screen: 1 to 7 options, 8 emergency, 9 more, 0 back (on a question *no*), 00 home, and
where a country has a neutral first screen, 99 a harmless end. Any other key shows the screen again with an error text,
so it is never a dead end.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from menus.book import Book, Page
from menus.clock_said import clock_said
from menus.draft import YES, Draft
from menus.salt import drawn_key
from menus.tree import (
    BACK,
    DRAWN,
    EMERGENCY,
    HIDE,
    HOME,
    MORE,
    Ask,
    Choice,
    Each,
    End,
    Fork,
    Option,
    Screen,
    Statement,
    Tree,
)

Visit = tuple[str, int, Draft]
HOUR = "hour"
"""The answer to "What time is it where you are?". Many type more than digits: `15:20`."""
ONWARD = frozenset({"1", MORE})
"""Both lead on from every page of a text to read, whichever is printed: who has pressed 9 on each page presses it on
the last one, too."""


class Turn(NamedTuple):
    """The state of a conversation. Each key makes one: a frozen dataclass takes three times as long to make."""

    screen: str
    page: int
    draft: Draft
    """The caller's answers so far."""
    home: str
    """The screen of key 00."""
    wrong: bool = False
    """Whether the last key led nowhere."""
    past: tuple[Visit, ...] = ()
    """The screens before this one, for key 0."""
    consent_at: int | None = None
    """How many keys came before the first consent screen was reached. None if it was not reached."""
    unseen: bool = False
    """Whether this is a consent screen that this session has not been shown yet. It must be recorded as shown (R28)."""
    consented: bool = False
    """Whether the caller has answered yes on both consent screens, now or earlier in the conversation. If the draft no
    longer asks for a call, the caller has taken the consent back."""
    consented_before: bool = False
    """The value of `consented` before the last key."""

    def is_repeated(self, screens: Collection[str]) -> bool:
        """Whether a wrong key shows one of these screens again: the next key answers it as it is shown now."""
        return self.wrong and self.screen in screens


def converse(
    book: Book,
    keys: Sequence[str],
    salt: bytes,
    shown: Collection[int] | None = None,
    start: str = "",
    draft: Draft | None = None,
) -> Turn:
    """Return the turn after `keys`.

    `shown` holds, for each consent screen that was really shown in this session, the number of keys by then. Keys that
    were dialled past a consent screen before it was shown are dropped, and the fold stops at one that was not shown
    yet (R28). Without `shown`, each screen counts as shown as soon as it is reached. With `start` and `draft` the
    conversation begins elsewhere than at the dial (an SMS dialogue, whose language is known).
    """
    first = draft or Draft(language=book.languages[0])
    tree = book.tree
    dialled = (first.front == YES and tree.front_start) or tree.start
    turn = _arrive(book, _home(tree, start, first) if start else dialled, first, (), start or tree.home)
    at, before, consent_at, unseen, consented, consented_before = 0, "", None, False, False, False
    while True:
        if turn.screen != before and turn.screen in book.tree.consent_screens:
            consent_at = at if consent_at is None else consent_at
            counts_from = at if shown is None else min((count for count in shown if count >= at), default=None)
            unseen, at = counts_from is None, len(keys) if counts_from is None else counts_from
        if at >= len(keys):
            if consent_at is None:
                return turn
            return turn._replace(
                consent_at=consent_at, unseen=unseen, consented=consented, consented_before=consented_before
            )
        before = turn.screen
        turn = press(book, turn, keys[at].strip(), salt)
        if consent_at is not None:  # nobody has consented before they came to the question
            consented, consented_before = consented or turn.draft.asks_for_a_call, consented
        at += 1


def press(book: Book, turn: Turn, key: str, salt: bytes) -> Turn:
    """Return the turn after one key. After an end screen no key changes anything."""
    screen = book.tree.screens[turn.screen]
    if isinstance(screen, End):
        return _stay(turn, turn.page)
    page = book.page(turn.draft.language, turn.screen, turn.page, turn.draft)
    step = _step(page, _onward(page) if isinstance(screen, Statement) and key in ONWARD else key, salt)
    if isinstance(step, Option):
        here = (turn.screen, turn.page, turn.draft)
        return _arrive(book, step.goto, turn.draft.keep(step.keep), (*turn.past, here), turn.home)
    if step is not None:
        return _stay(turn, step)
    if isinstance(screen, Ask):
        typed = (clock_said(key) or key) if screen.keep == HOUR else key
        if screen.takes(typed) and turn.draft.takes(screen.keep, typed):
            here = (turn.screen, turn.page, turn.draft)
            return _arrive(book, screen.goto, turn.draft.keep(((screen.keep, typed),)), (*turn.past, here), turn.home)
    return _move(book, turn, key)


def _onward(page: Page) -> str:
    """Return the only key that leads on from a page of a text to read."""
    return next(iter(page.keys))


def _step(page: Page, key: str, salt: bytes) -> Option | int | None:
    if DRAWN in page.keys and key == drawn_key(salt):
        return page.keys[DRAWN]
    return page.keys.get(key) if key != DRAWN else None


def _move(book: Book, turn: Turn, key: str) -> Turn:
    """Go back, home, to the emergency screen or to the harmless end, or stay with an error.

    Going back also removes the last answer; the other three keep all. An SMS dialogue has none of these three screens.
    """
    if key == HOME and turn.screen not in (book.tree.start, book.tree.front_start):
        return _arrive(book, _home(book.tree, turn.home, turn.draft), turn.draft, (), turn.home)
    if key == EMERGENCY and turn.home == book.tree.home and book.tree.emergency:
        return _arrive(book, book.tree.emergency, turn.draft, (), turn.home)
    if key == HIDE and turn.home == book.tree.home and book.tree.hide and turn.draft.front == YES:
        return _arrive(book, book.tree.hide, turn.draft, (), turn.home)
    if key == BACK and turn.past:
        return _back(book, turn)
    return _stay(turn, turn.page, wrong=True)


def _back(book: Book, turn: Turn) -> Turn:
    """Go back to the last screen that was not answered with key 0.

    On a question that 0 answers (`0 No`, `0 Skip`), a second 0 would lead here again: the two screens would lead to
    each other as often as the caller presses 0.
    """
    shown = turn
    for at in reversed(range(len(turn.past))):
        screen, page, draft = turn.past[at]
        earlier = Turn(screen, page, draft, turn.home, past=turn.past[:at])
        answer = book.page(draft.language, screen, page, draft).keys.get(BACK)
        if at == 0 or not isinstance(answer, Option) or not _leads(book, earlier, answer, shown):
            return earlier
        shown = earlier
    return turn


def _leads(book: Book, turn: Turn, answer: Option, to: Turn) -> bool:
    """Whether an answer on the screen of `turn` leads to the screen of `to` with the answers there."""
    onward = _arrive(book, answer.goto, turn.draft.keep(answer.keep), (), turn.home)
    return (onward.screen, onward.draft) == (to.screen, to.draft)


def _home(tree: Tree, home: str, draft: Draft) -> str:
    """Return where key 00 leads in a conversation whose home is `home`: an SMS dialogue has its own."""
    return (home == tree.home and draft.front == YES and tree.front_home) or home


def _stay(turn: Turn, page: int, *, wrong: bool = False) -> Turn:
    """Return the turn on a page of the same screen."""
    return Turn(turn.screen, page, turn.draft, turn.home, wrong, turn.past)


def _arrive(book: Book, name: str, draft: Draft, past: tuple[Visit, ...], home: str) -> Turn:
    screen = book.tree.screens[name]
    while (onward := _passed(book, screen, draft)) is not None:
        name, screen = onward, book.tree.screens[onward]
    return Turn(name, 0, draft, home, past=past)


def _passed(book: Book, screen: Screen, draft: Draft) -> str | None:
    """Return where a screen leads that is not shown (a fork, or districts of a region without any), else None."""
    match screen:
        case Fork(by=by, cases=cases, otherwise=otherwise):
            return cases.get(getattr(draft, by), otherwise)
        case Choice(name=name, each=Each(source="districts", goto=goto)):
            return goto if book.shown(draft.language, name, draft) == name else None
        case _:
            return None
