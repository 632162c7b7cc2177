"""What `komek check` prints besides faults: a summary of each country's content, and hashes for review marks.

The number of keys that a caller presses comes from a breadth-first walk through the menus, not from a list of keys.
"""

from collections import deque
from collections.abc import Callable, Iterator

from helpline.content import catalogs
from helpline.content.loading import Content, reviews_of
from helpline.content.reviews import guarded
from helpline.content.sentences import Heard
from menus.book import SLOT, Book, Page, fill
from menus.converse import Turn, converse, press
from menus.gsm7 import USSD, fold, room, weigh
from menus.salt import drawn_key
from menus.tree import BACK, DRAWN, Ask, End, Fork

TIGHTEST = 10


def summary(loaded: dict[str, Content]) -> Iterator[str]:
    """Yield a summary: screens, the fullest ones, presses until a request is stored, wordings that await review."""
    for code, content in loaded.items():
        yield from _country(code, content)
    rows = sorted({row for content in loaded.values() for row in tightest(content)})
    if not rows:
        return
    yield "the fullest screens (septets or UCS-2 units left):"
    yield from (f"  {left:>3} left  {where}" for left, where in rows[:TIGHTEST])


def heard(measured: list[Heard]) -> Iterator[str]:
    """Yield how many of the sentences that callers may write are understood, in each language."""
    rates = ", ".join(f"{each.language} {each.percent:.1f} % of {each.sentences}" for each in measured)
    if rates:
        yield f"texts of callers that are understood: {rates}"


def _country(code: str, content: Content) -> Iterator[str]:
    book = content.book
    unread = list(reviews_of(content).missing())
    absent = [language for language in content.country.languages if language not in book.languages]
    texts = len(catalogs.wanted_of(content.parsed))
    without = f"; incomplete and not offered: {', '.join(absent)}" if absent else ""
    yield f"{code}: {len(book.tree.screens)} screens, {texts} texts, languages {', '.join(book.languages)}{without}"
    unverified = ", ".join(content.country.unverified) or "none"
    yield f"  not verified: {unverified}; awaiting review: {len(unread)} wordings"
    for language in book.languages:
        stored, emergency = to_request(book, language), to_emergency(book, language)
        deep, where = to_deepest(book, language)
        yield (
            f"  {language}: a request is stored after {stored} presses,"
            f" the emergency number is shown after {emergency}, the deepest screen after {deep} ({where})"
        )


def tightest(content: Content) -> list[tuple[int, str]]:
    """Return what is left of each screen's budget, the fullest screen first."""
    rows = []
    for language, screens in content.book.pages.items():
        for name, pages in screens.items():
            rows += [(_left(page, content, language), f"{language} {name}") for page in pages]
    return sorted(rows)


def _left(page: Page, content: Content, language: str) -> int:
    text = fold(fill(page.text, content.book.locals[language].longest), language)
    return room(text, USSD) - weigh(text)


def hashes(content: Content) -> Iterator[str]:
    """Yield each guarded wording with its present hash, for review marks."""
    reviews = reviews_of(content)
    for language in content.book.languages:
        for text in guarded(content.book):
            mark = "read" if reviews.allow(text, language) else "unread"
            yield f"{reviews.hash(text, language)}  {language}  {mark:6}  {text}"


SALT = bytes(16)
MOST = 8
"""A caller who needs more keys than this to reach a request, or the emergency number, has given up."""
EMERGENCY_SLOTS = frozenset({"emergency", "numbers", "sos"})
"""Placeholders that hold the emergency number."""
TYPED = {False: "1", True: "а"}
"""What the walk types where digits, or letters, are asked for."""


def to_request(book: Book, language: str) -> int | None:
    """Return the fewest keys from the dial to a stored request, or None if it takes more than `MOST`."""
    return _first(book, language, lambda turn: turn.draft.asks_for_a_call)


def to_emergency(book: Book, language: str) -> int | None:
    """Return the fewest keys from the dial to the emergency number (R19), or None if it takes more than `MOST`."""
    named = {name for name, screen in book.tree.screens.items() if _says_emergency(screen)}
    return _first(book, language, lambda turn: turn.screen in named)


def to_deepest(book: Book, language: str) -> tuple[int, str]:
    """Return the screen whose shortest path is the longest, and the number of keys.

    All branches of a fork are followed, even if no caller's answers could lead there.
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
    """Yield the pages that one key leads to."""
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
    """Return the fewest keys to a turn for which `there` is true."""

    forked = sorted({screen.by for screen in book.tree.screens.values() if isinstance(screen, Fork)})

    def seen(turn: Turn) -> tuple[str | int, ...]:
        """Return what makes two turns different: also the answers that a fork depends on."""
        asked = (getattr(turn.draft, name) for name in forked)
        return (turn.screen, turn.page, turn.draft.consent, turn.draft.window, *asked)

    return next((count for turn, count in _walk(book, language, seen) if there(turn)), None)


def _walk(book: Book, language: str, seen: Callable[[Turn], object]) -> Iterator[tuple[Turn, int]]:
    """Yield all reachable turns, the nearest first. Of turns with the same `seen` value only the first is yielded."""
    tongue = str(book.languages.index(language) + 1)
    todo = deque([(converse(book, (tongue,), SALT), 1)])
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
    return text is not None and not EMERGENCY_SLOTS.isdisjoint(SLOT.findall(text.english))
