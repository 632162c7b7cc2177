"""What `komek check` says beside faults: how the content of each country stands, and the hashes for review marks."""

from collections.abc import Iterator

from helpline import catalogs
from helpline.commands import presses
from helpline.content import Content
from helpline.reviews import Reviews, guarded, hash_of
from menus.book import Page, fill
from menus.gsm7 import USSD, room, weigh

TIGHTEST = 10


def summary(loaded: dict[str, Content]) -> Iterator[str]:
    """Say how the content stands: screens, the tightest ones, presses to a stored request, what awaits review."""
    for code, content in loaded.items():
        yield from _country(code, content)
    rows = sorted({row for content in loaded.values() for row in tightest(content)})
    if not rows:
        return
    yield "the tightest screens (septets or units left):"
    yield from (f"  {left:>3} left  {where}" for left, where in rows[:TIGHTEST])


def _country(code: str, content: Content) -> Iterator[str]:
    book = content.book
    unread = list(Reviews(book, content.reviews, all_allowed=False).missing())
    absent = [language for language in content.country.languages if language not in book.languages]
    texts = len(catalogs.wanted_of(content.parsed))
    without = f"; not offered, since not whole: {', '.join(absent)}" if absent else ""
    yield f"{code}: {len(book.tree.screens)} screens, {texts} texts, languages {', '.join(book.languages)}{without}"
    unverified = ", ".join(content.country.unverified) or "none"
    yield f"  not verified: {unverified}; awaiting review: {len(unread)} wordings"
    for language in book.languages:
        stored, emergency = presses.to_request(book, language), presses.to_emergency(book, language)
        deep, where = presses.to_deepest(book, language)
        yield (
            f"  {language}: a request is stored after {stored} presses,"
            f" the emergency number is shown after {emergency}, the farthest screen after {deep} ({where})"
        )


def tightest(content: Content) -> list[tuple[int, str]]:
    """Give the screens by what is left of their budget, the tightest first."""
    rows = []
    for language, screens in content.book.pages.items():
        for name, pages in screens.items():
            rows += [(_left(page, content, language), f"{language} {name}") for page in pages]
    return sorted(rows)


def _left(page: Page, content: Content, language: str) -> int:
    text = fill(page.text, content.book.locals[language].longest)
    return room(text, USSD) - weigh(text)


def hashes(content: Content) -> Iterator[str]:
    """Give what a review mark needs: each guarded wording with its hash now."""
    reviews = Reviews(content.book, content.reviews, all_allowed=False)
    for language in content.book.languages:
        for text in guarded(content.book):
            mark = "read" if reviews.allow(text, language) else "unread"
            yield f"{hash_of(reviews.wording(text, language))}  {language}  {mark:6}  {text}"
