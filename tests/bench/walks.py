"""Random walks through the menus, which never reach a hop that writes or looks something up."""

from collections.abc import Iterator
from random import Random

from menus.book import Book
from menus.converse import Turn, converse
from menus.tree import Ask, End
from tests.bench.load import Sent

SALT = bytes(16)
"""Any salt: it only matters on the consent screen, and no walk goes there."""
MOST_KEYS = 7
ANY_KEY: tuple[str, ...] = ("0", "00", *"123456789", "12", "#")
ODD_SHARE = 0.25
"""How often a caller presses a key that the screen may not have."""


def walks(book: Book, many: int, chance: Random) -> Iterator[list[tuple[Sent, str]]]:
    """Return sessions, each a list of hops with the right answer."""
    for at in range(many):
        session, number = f"ATUid_{chance.randbytes(16).hex()}", f"+996000{at:06}"
        yield [(Sent(session, number, keys), answer) for keys, answer in walk(book, chance)]


def walk(book: Book, chance: Random) -> Iterator[tuple[tuple[str, ...], str]]:
    """Return one session's hops: the keys so far, and the screen that must come."""
    keys: tuple[str, ...] = ()
    while True:
        turn = converse(book, keys, SALT)
        yield keys, right(book, turn)
        if len(keys) == MOST_KEYS or isinstance(book.tree.screens[turn.screen], End):
            return
        after = keys
        while after == keys or not quiet(book, converse(book, after, SALT)):
            after = (*keys, pressed(book, turn, chance))
        keys = after


def pressed(book: Book, turn: Turn, chance: Random) -> str:
    """Choose a key: mostly one that the screen offers."""
    screen = book.tree.screens[turn.screen]
    if chance.random() < ODD_SHARE:
        return chance.choice(ANY_KEY)
    if isinstance(screen, Ask):
        return f"{chance.randrange(10**screen.digits):0{screen.digits}}"
    offered = book.page(turn.draft.language, turn.screen, turn.page).keys
    return chance.choice((*offered, "0"))


def quiet(book: Book, turn: Turn) -> bool:
    """Whether a screen writes and looks up nothing."""
    screen = book.tree.screens[turn.screen]
    looked_up = book.page(turn.draft.language, turn.screen, turn.page).slots
    return turn.consent_at is None and not looked_up and not (isinstance(screen, End) and screen.act)


def right(book: Book, turn: Turn) -> str:
    """Return the right answer to the gateway."""
    page = book.page(turn.draft.language, turn.screen, turn.page)
    end = isinstance(book.tree.screens[turn.screen], End)
    return f"{'END' if end else 'CON'} {page.wrong if turn.wrong else page.text}"
