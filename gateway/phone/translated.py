"""An SMS in another language: its text, and its values such as a place, a need, a time window, `yes` and `no`.

The demo shows below each SMS what it says in the language of the page. Only the page reads this; the SMS stays as sent.
A text is translated whole or not at all: half of one would say something that nobody has written.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from menus.book import SLOT, Book
from menus.gsm7 import fold

NEVER = ("words",)
"""Lists whose entries stay as they are: a caller's word is said as the caller was shown it."""
SPOKEN = frozenset({"word", "ours"})
"""Placeholders of the words by which caller and helper know each other. They stay as they are."""
OF_SERVICES = ("to_ngo.", "needs.", "windows.", "answers.")
"""Notices whose words count first: *not sure* beside a key may be another word than the same in an SMS."""
AROUND = ("to_ngo.urgent", "to_ngo.cover")
"""Notices that are a value of another one, and have one value themselves."""
SIGNS = re.compile(r"[0-9:.+–-]+|[A-Z]{2}")
"""What is the same in every language: a number, a date, hours, the code of a language."""
SHORT = re.compile(r"weekdays\.\d|to_ngo\.(wo)?man")
"""Notices that stand beside other values with only a space between: "RU woman", "Mo-Fr 25.11"."""
MOST_TRIED = 2000
"""So many ways to split a text are tried at most."""


@dataclass(frozen=True, slots=True)
class Words:
    """The single words and names of one language, each with its translation."""

    known: Mapping[str, str]
    short: Mapping[str, str]
    """Those that stand beside others with only a space between."""
    around: Sequence[tuple[re.Pattern[str], str]]
    """Short texts around one value, like *urgent* after a time window, each with its translation."""

    @classmethod
    def of(cls, book: Book, spoken: str, language: str) -> "Words":
        """Return the translations from one language of the book into another."""
        known: dict[str, str] = {}
        short: dict[str, str] = {}
        around = list[tuple[re.Pattern[str], str]]()
        for name, entries in book.locals[spoken].lists.items():
            there = dict(book.locals[language].lists.get(name, ()))
            if name not in NEVER:
                known |= {fold(label, spoken): there[code] for code, label in entries if code in there}
        rows = sorted(book.notices[spoken].items(), key=lambda row: row[0].startswith(OF_SERVICES))
        for name, text in rows:
            folded = fold(text, spoken)
            parts = SLOT.split(folded)
            if len(parts) == 1:
                known[folded] = book.notices[language][name]
                short |= {folded: known[folded]} if SHORT.fullmatch(name) else {}
            elif name in AROUND:
                before, _, after = parts
                around.append((re.compile(f"{re.escape(before)}(.+){re.escape(after)}"), book.notices[language][name]))
        return cls(known, short, around)

    def value(self, value: str) -> str | None:
        """Return a value in the other language. It may be several, after commas or spaces. None if one is not known."""
        if value in self.known:
            return self.known[value]
        inside = next(self._inside(value), None)
        if inside is not None or SIGNS.fullmatch(value):
            return inside or value
        if ", " in value:
            return _joined(", ", [self.value(part) for part in value.split(", ")])
        return _joined(" ", [self._short(part) for part in value.split(" ")])

    def told(self, template: str, sent: str) -> dict[str, str] | None:
        """Return the translated values of a text, by placeholder. None if its values are not all known."""
        parts = SLOT.split(template)
        for values in islice(_split(parts, sent), MOST_TRIED):
            found = {slot: value if slot in SPOKEN else self.value(value) for slot, value in values.items()}
            told = {slot: value for slot, value in found.items() if value is not None}
            if len(told) == len(found):
                return told
        return None

    def _short(self, part: str) -> str | None:
        """Return one of several words with spaces between them, in the other language. Days may be a run: `Mo-Fr`."""
        if SIGNS.fullmatch(part):
            return part
        return _joined("-", [self.short.get(day) for day in part.split("-")])

    def _inside(self, value: str) -> Iterator[str]:
        """Yield the translations of a value that is a short text around another one."""
        for pattern, there in self.around:
            if (found := pattern.fullmatch(value)) and (inner := self.value(found[1])) is not None:
                before, _, after = SLOT.split(there)
                yield before + inner + after


def _joined(between: str, parts: Sequence[str | None]) -> str | None:
    """Return the parts of a value as one. None if one of them is not known."""
    told = [part for part in parts if part is not None]
    return between.join(told) if len(told) == len(parts) else None


def _split(parts: Sequence[str], sent: str) -> Iterator[dict[str, str]]:
    """Yield each way to split a text by the fixed parts of its template, which alternate with its placeholders."""
    fixed, *rest = parts
    if not sent.startswith(fixed):
        return
    left = sent.removeprefix(fixed)
    if not rest:
        if not left:
            yield {}
        return
    slot, *rest = rest
    last = len(rest) == 1 and not rest[0]
    ends = [len(left)] if last else [at for at in range(1, len(left) + 1) if left.startswith(rest[0], at)]
    for end in ends:
        for values in _split(rest, left[end:]):
            if left[:end] and values.get(slot, left[:end]) == left[:end]:
                yield {slot: left[:end]} | values
