"""Which questions a dialogue by SMS asks, as one short hash: an update of anything else leaves its answers valid."""

import hashlib

from menus.book import Book
from menus.keywords import Keywords

SMS_SCREENS = "sms."
"""What the names of all screens of the dialogue begin with."""


def version_of(book: Book, keywords: Keywords, language: str) -> str:
    """Return the hash of all that an answer in this language may mean: the screens, their words, and the answers."""
    pages = book.pages.get(language, {})
    told: list[object] = [language, *sorted(keywords.answers.items())]
    told += sorted((name, repr(screen)) for name, screen in book.tree.screens.items() if name.startswith(SMS_SCREENS))
    told += sorted((name, repr(of)) for name, of in pages.items() if name.startswith(SMS_SCREENS))
    return hashlib.blake2b(repr(told).encode(), digest_size=8).hexdigest()
