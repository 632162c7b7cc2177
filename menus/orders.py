"""A text of a service or a coordinator → the order that it is. What could be meant in two ways is no order.

A word or phrase for the verb, the five digits of a request, a digit of its menu: in any order, case and script. The
longest phrase wins (*no answer* is not *no*), and a slip of one letter is forgiven where a mistake can be undone.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import DamerauLevenshtein

from menus.folding import lookalike, plain

CODE = 5
"""Digits of a request's code."""
MENU = 2
"""Digits of a key of a menu, or of a number of days, at most."""
LONGEST = 4
"""Words of the longest phrase for a verb."""
EASY = 5
"""Letters from which on a word is known in spite of one slip."""
EXACTLY = frozenset({"yes", "no", "bad_number", "done", "handed", "take", "lift", "unlock", "polite"})
"""Verbs that are never guessed at: they claim, end, hand over or set going, and some cannot be taken back."""
POLITE = "polite"
AT_ONCE = frozenset({"lock"})
"""Verbs that count whatever else stands in the text: somebody is at the door, and what they stop two can set going."""
SPOKEN_ON = frozenset({"no", "handed"})
"""Verbs that anything may follow: a reason, the name of a service."""
_SCRIPTS = re.compile(r"(?=.*[a-z])(?=.*[а-я])")


@dataclass(frozen=True, slots=True)
class Order:
    """What is ordered. `verb`: a section of `ngo` in `keywords.yaml`, empty where only digits came.

    `code`: five digits, or empty. `digit`: a key of the menu, or the days of *full*. `rest`: the name after *handed*.
    `unsure`: beside *no* stood more than a code, which may say something else.
    """

    verb: str
    code: str = ""
    digit: str = ""
    rest: str = ""
    unsure: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Said:
    """A text in parts: its codes, other digits, verbs in their order, and the words that are none."""

    codes: frozenset[str]
    digits: tuple[str, ...]
    verbs: tuple[str, ...]
    strange: tuple[str, ...]
    words: tuple[str, ...]


def codes(text: str) -> frozenset[str]:
    """Give the different codes in a text."""
    return frozenset(digits for digits in _digits(text) if len(digits) == CODE)


def order(text: str, verbs: Mapping[str, str]) -> Order | None:
    """Read an order; None for what is none, or could be two. `verbs`: folded word or phrase → verb."""
    said = _said(text, verbs)
    code = next(iter(said.codes), "")
    first = said.verbs[0] if said.verbs else ""
    if first in AT_ONCE:
        return Order(first, code)
    if len(said.codes) > 1:
        return None
    if first in SPOKEN_ON:
        return _spoken_on(said, first, code)
    verb = first or _slip(said.strange, verbs)
    strange = said.strange if first else said.strange[1:] if verb else said.strange
    digit = _digit(said, verb)
    if strange or len(set(said.verbs)) > 1 or digit is None:
        return None
    return Order(verb, code, digit) if verb or code or digit else None


def _spoken_on(said: Said, first: str, code: str) -> Order | None:
    """Read a verb that anything may follow, but for *yes* after *no*."""
    if first == "no":
        return None if "yes" in said.verbs else Order("no", code, unsure=bool(said.strange or len(set(said.verbs)) > 1))
    rest = (*said.words, *said.digits)
    return Order(first, code, rest=" ".join(rest))


def _digit(said: Said, verb: str) -> str | None:
    """Give the one digit that may stand beside a code, or after *full*; None where there is another number."""
    if not said.digits:
        return ""
    fits = len(said.digits) == 1 and len(said.digits[0]) <= MENU and verb in ("", "full")
    return said.digits[0] if fits else None


def _said(text: str, verbs: Mapping[str, str]) -> Said:
    digits = _digits(text)
    words = [_one_script(word) for word in plain(re.sub(r"\d+", " ", text)).split()]
    found, strange, rest = list[str](), list[str](), list[str]()
    for phrase, verb in _phrases(words, verbs):
        if not verb:
            strange.append(phrase)
        elif verb != POLITE:
            found.append(verb)
        if verb != POLITE and (len(found) > 1 or verb != "handed"):
            rest.append(phrase)
    others = tuple(each for each in digits if len(each) != CODE)
    return Said(codes(text), others, tuple(found), tuple(strange), tuple(rest))


def _digits(text: str) -> list[str]:
    """Give each run of digits, of whatever script, in ASCII."""
    return ["".join(str(unicodedata.digit(each)) for each in run) for run in re.findall(r"\d+", text)]


def _one_script(word: str) -> str:
    """Give a word of two scripts in Cyrillic, where its Latin letters only look so (HOMEР)."""
    return lookalike(word) if _SCRIPTS.match(word) else word


def _phrases(words: Sequence[str], verbs: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Cut words into the longest phrases that are known, each with its verb; what is not known has none."""
    at = 0
    while at < len(words):
        counts = range(min(LONGEST, len(words) - at), 0, -1)
        known = next((count for count in counts if " ".join(words[at : at + count]) in verbs), 1)
        phrase = " ".join(words[at : at + known])
        yield phrase, verbs.get(phrase, "")
        at += known


def _slip(strange: Sequence[str], verbs: Mapping[str, str]) -> str:
    """Give the verb that one strange word is, but for a slip; empty where it is none, or could be two."""
    if len(strange) != 1 or len(strange[0]) < EASY:
        return ""
    near = {
        verb
        for word, verb in verbs.items()
        if abs(len(word) - len(strange[0])) <= 1 and len(word) >= EASY
        if DamerauLevenshtein.distance(word, strange[0], score_cutoff=1) <= 1
    }
    return near.pop() if len(near) == 1 and near.isdisjoint(EXACTLY) else ""
