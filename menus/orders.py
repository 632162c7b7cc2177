"""Parse an SMS of a service or a coordinator into an order. An ambiguous text is not an order.

An order has a word or phrase (the verb), the five digits of a request, and a digit of its menu, in any sequence, case
and script. The longest phrase counts (*no answer* is not *no*). One wrong letter is allowed if the order can be undone.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import DamerauLevenshtein

from menus.folding import lookalike, normalise

CODE = 5
"""The number of digits of a request's code."""
MENU = 2
"""The most digits that a menu key or a number of days can have."""
LONGEST = 4
"""The most words that a phrase for a verb can have."""
TYPO_MINIMUM = 5
"""A word needs at least so many letters to be recognised with one wrong letter."""
NEVER_GUESSED = frozenset({
    "yes", "no", "bad_number", "done", "not_ours", "handed", "take", "lift", "unlock", "lost", "next", "polite",
})  # fmt: skip
"""Verbs that must be typed correctly: they claim, end, hand over or restart, and some cannot be undone."""
POLITE = "polite"
AT_ONCE = frozenset({"lock"})
"""Verbs that count whatever else the text contains. People may be breaking in, and two people can undo the lock."""
WITH_DIGIT = frozenset({"", "full", "pro"})
"""Verbs beside which a digit may stand: a key of a menu, a number of days, a text."""
FREE_TEXT_AFTER = frozenset({"no", "handed"})
"""Verbs that any text can follow: a reason, the name of a service."""
NEXT = "next"
"""The verb beside which a day and a time of the clock stand."""
BESIDE = "beside"
"""Words beside a day and a time that change nothing: *on*, *at*."""
_CLOCK = re.compile(r"(\d{1,2})(?: ?(\d\d))?")
"""14:00, 14.00, 1400, 14: all that is no digit counts as a space."""
_DATE = re.compile(r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])(?!\d)")
"""A day and a month, as 11.12: it could also be a time."""
_SCRIPTS = re.compile(r"(?=.*[a-z])(?=.*[а-я])")


@dataclass(frozen=True, slots=True)
class DayAndTime:
    """A day and a time of the clock, as somebody typed them. The time may be none, such as 25:00."""

    day: str
    """A section of `days` in `keywords.yaml`."""
    hour: int
    minute: int


@dataclass(frozen=True, slots=True)
class Order:
    """What a service or a coordinator orders."""

    verb: str
    """A section of `ngo` in `keywords.yaml`. Empty if the text has only digits."""
    code: str = ""
    """The five digits of a request, or empty."""
    digit: str = ""
    """A key of the menu, the days after *full*, or the text after *pro*."""
    rest: str = ""
    """The name after *handed*, the telephone number after *lost*, the verb that *help* asks about."""
    unsure: bool = field(default=False, compare=False)
    """Whether *no* came with more than a code, which may change its meaning."""
    twice: bool = field(default=False, compare=False)
    """Whether *no* or *done* was typed twice, as it must be to give a claim back or to close a case."""
    when: DayAndTime | None = field(default=None, compare=False)
    """The day and the time after *next*. None if they are not clear."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a text."""

    codes: frozenset[str]
    digits: tuple[str, ...]
    """Other numbers."""
    verbs: tuple[str, ...]
    """In their order."""
    unknown: tuple[str, ...]
    """Words that are not verbs."""
    words: tuple[str, ...]
    """All words and phrases except *polite*, and except *handed* if it is the first verb."""


def codes(text: str) -> frozenset[str]:
    """Return the different codes in a text."""
    return frozenset(digits for digits in _digits(text) if len(digits) == CODE)


def order(text: str, verbs: Mapping[str, str], days: Mapping[str, str]) -> Order | None:
    """Parse an order. `verbs` maps each normalised word or phrase to its verb, `days` those of a day to the day.

    Return None if the text is not an order, or ambiguous.
    """
    parts = _parts(text, verbs)
    code = next(iter(parts.codes), "")
    first = parts.verbs[0] if parts.verbs else ""
    urgent = next((verb for verb in parts.verbs if verb != "guide"), "")
    if urgent in AT_ONCE:  # also after *help*: somebody in a hurry writes "help, lock"
        return Order(urgent, code)
    if len(parts.codes) > 1:
        return None
    if first == NEXT:
        return Order(first, code, when=_day_and_time(text, {**days, **verbs}))
    if first == "lost":
        return Order(first, code, rest="".join(parts.digits))
    if first in FREE_TEXT_AFTER:
        return _with_free_text(parts, first, code)
    if first == "guide" and len(parts.verbs) == 2 and not parts.unknown and not code:
        return Order(first, rest=parts.verbs[1])
    verb = first or _verb_with_typo(parts.unknown, verbs)
    unknown = parts.unknown if first else parts.unknown[1:] if verb else parts.unknown
    digit = _digit(parts, verb)
    if unknown or len(set(parts.verbs)) > 1 or digit is None:
        return None
    return Order(verb, code, digit, twice=parts.verbs.count("done") > 1) if verb or code or digit else None


def _day_and_time(text: str, words: Mapping[str, str]) -> DayAndTime | None:
    """Return the one day and the one time that a text names, if it says nothing else. What may be a date is no time."""
    parts = _parts(text, words)
    named = {word for word in parts.verbs if word not in (NEXT, BESIDE)}
    clock = _CLOCK.fullmatch(" ".join(parts.digits))
    if parts.unknown or len(named) != 1 or not clock or _DATE.search(text):
        return None
    return DayAndTime(named.pop(), int(clock[1]), int(clock[2] or 0))


def _with_free_text(parts: Parts, first: str, code: str) -> Order | None:
    """Parse an order whose verb any text can follow. *Yes* after *no* is ambiguous."""
    if first == "no":
        unsure = bool(parts.unknown or len(set(parts.verbs)) > 1)
        twice = parts.verbs.count("no") > 1
        return None if "yes" in parts.verbs else Order("no", code, unsure=unsure, twice=twice)
    rest = (*parts.words, *parts.digits)
    return Order(first, code, rest=" ".join(rest))


def _digit(parts: Parts, verb: str) -> str | None:
    """Return the digit beside a code, after *full* or *pro*. "" means none, and None that the number is not valid."""
    if not parts.digits:
        return ""
    fits = len(parts.digits) == 1 and len(parts.digits[0]) <= MENU and verb in WITH_DIGIT
    return parts.digits[0] if fits else None


def _parts(text: str, verbs: Mapping[str, str]) -> Parts:
    digits = _digits(text)
    words = [_one_script(word) for word in normalise(re.sub(r"\d+", " ", text)).split()]
    found, unknown, rest = list[str](), list[str](), list[str]()
    for phrase, verb in _phrases(words, verbs):
        if not verb:
            unknown.append(phrase)
        elif verb != POLITE:
            found.append(verb)
        if verb != POLITE and (len(found) > 1 or verb != "handed"):
            rest.append(phrase)
    others = tuple(run for run in digits if len(run) != CODE)
    return Parts(codes(text), others, tuple(found), tuple(unknown), tuple(rest))


def _digits(text: str) -> list[str]:
    """Return each run of digits, of any script, as ASCII digits."""
    return ["".join(str(unicodedata.digit(digit)) for digit in run) for run in re.findall(r"\d+", text)]


def _one_script(word: str) -> str:
    """Return a word that mixes Latin and Cyrillic letters in Cyrillic only (HOMEР)."""
    return lookalike(word) if _SCRIPTS.match(word) else word


def _phrases(words: Sequence[str], verbs: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Divide words into the longest known phrases, each with its verb. An unknown word has the verb ""."""
    at = 0
    while at < len(words):
        counts = range(min(LONGEST, len(words) - at), 0, -1)
        known = next((count for count in counts if " ".join(words[at : at + count]) in verbs), 1)
        phrase = " ".join(words[at : at + known])
        yield phrase, verbs.get(phrase, "")
        at += known


def _verb_with_typo(unknown: Sequence[str], verbs: Mapping[str, str]) -> str:
    """Return the verb of a single unknown word with one wrong letter, or "" if there is none or more than one."""
    if len(unknown) != 1 or len(unknown[0]) < TYPO_MINIMUM:
        return ""
    near = {
        verb
        for word, verb in verbs.items()
        if abs(len(word) - len(unknown[0])) <= 1 and len(word) >= TYPO_MINIMUM
        if DamerauLevenshtein.distance(word, unknown[0], score_cutoff=1) <= 1
    }
    return near.pop() if len(near) == 1 and near.isdisjoint(NEVER_GUESSED) else ""
