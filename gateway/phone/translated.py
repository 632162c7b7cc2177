"""The values of an SMS in another language: a place, a need, a time window, `yes` and `no`.

The demo shows below each SMS what it says in the language of the page. Only the page reads this; the SMS stays as sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from menus.book import SLOT, Book

NEVER = ("words",)
"""Lists whose entries stay as they are: a caller's word is said as the caller was shown it."""


@dataclass(frozen=True, slots=True)
class Words:
    """The single words and names of one language, each with its translation."""

    known: Mapping[str, str]

    @classmethod
    def of(cls, book: Book, spoken: str, language: str) -> "Words":
        """Return the translations from one language of the book into another."""
        known: dict[str, str] = {}
        for name, entries in book.locals[spoken].lists.items():
            there = dict(book.locals[language].lists.get(name, ()))
            if name not in NEVER:
                known |= {label: there[code] for code, label in entries if code in there}
        for name, text in book.notices[spoken].items():
            if not SLOT.search(text):
                known[text] = book.notices[language][name]
        return cls(known)

    def value(self, value: str) -> str:
        """Return a value in the other language. It may be several, after commas. What is not known stays."""
        if value in self.known:
            return self.known[value]
        between = next((each for each in (", ", " ") if each in value), "")
        return between.join(map(self.value, value.split(between))) if between else value
