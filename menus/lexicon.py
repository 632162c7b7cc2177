"""Find known words and phrases in a text: in any script, spelled out, run together, or with one slip of the thumb.

The words are those of `content/keywords.yaml`. What they mean together is decided in `menus/sentences.py`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from menus.folding import normalise
from menus.romanise import is_cyrillic, romanise

LONGEST_TEXT = 2000
"""Letters of a text that are read, half of them at its end: little enough to read at once."""
MOST_WORDS = 300
LONGEST_WORD = 24
"""So many letters of a word are compared with stems, and of no longer one with other words for a typing error."""
TYPO_MINIMUM = 6
SHORT = 4
"""Words of so many letters or fewer may have to be typed as they are listed: *door* is not *dur*, *чал* not *call*."""
RUN_TOGETHER = 6
"""Phrases of so many letters are also recognised without spaces."""
SKIPPED = 2
"""The most words that change nothing ("мне", "please") and may stand inside a phrase."""
SPELLED = 3
"""So many single letters after one another are a word that was spelled out (S-O-S)."""
WHOLE = 14
"""A text of few letters may be one word with spaces in the wrong places."""
_CLAUSES = re.compile(r"[.,!?;:\n\r()…«»\"]+")
_STEM = 3
_Element = TypeVar("_Element")


class Role(StrEnum):
    """What a word or phrase does in a sentence."""

    QUIET = "words"
    HALT = "halt"
    ALONE = "alone"
    DISMISSED = "dismissal"
    WITHDRAWN = "withdrawn"
    MISTAKEN = "mistaken"
    CRY = "danger"
    RESCUE = "rescue"
    RISK = "risk"
    CALL = "call"
    HELP = "help"
    TOPIC = "topic"
    OVER = "over"
    NOT_BEFORE = "not_before"
    NOT_AFTER = "not_after"
    OBJECT = "object"
    SUBJECT = "subject"
    US = "calls"
    AID = "help_itself"
    WHY = "question"
    HERE = "here"
    NO = "no_word"
    FILLER = "filler"
    NEUTRAL = "neutral"
    PERSON = "person"
    HELD = "held"
    NAMED = "named"
    STATE = "state"
    BESIDE = "beside"
    SELF = "self"
    HELPED = "helped"


LONG_REFUSAL = 7
"""Shorter words of refusal are not recognised with a typing error: *отдали* (they gave away) is not *отвали*."""
LONG_JOINED = 9
"""Likewise cries and refusals run together: *weather* is not *beat her*, and *написать* (to write) not *не писать*."""


GUESSED = frozenset({Role.QUIET, Role.HALT, Role.WITHDRAWN, Role.CRY, Role.RISK, Role.CALL, Role.HELP})
"""Roles whose words are recognised with a typing error, and run together."""


IMPERATIVES = frozenset({Role.QUIET, Role.HALT, Role.DISMISSED, Role.CALL, Role.HELP})
"""Roles whose words may have a polite ending that is not listed."""


AS_LISTED = frozenset({Role.ALONE, Role.DISMISSED, Role.MISTAKEN, Role.CALL, Role.TOPIC})
"""Roles whose short words must be typed as they are listed."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word or phrase of the file, in Latin letters. A word that ends in `*` stands for all that begin so."""

    words: tuple[str, ...]
    role: Role
    language: str
    cyrillic: bool
    exact: str
    """How its first word must be typed, if it is short and may be another word; else empty."""
    rank: int
    """Its place among the languages: an offered one is preferred."""
    of_ideas: bool = False
    """Whether its words are ideas (`menus/together.py`), and not words of the file."""

    @property
    def is_stem(self) -> bool:
        """Whether its last word stands for all that begin so."""
        return self.words[-1].endswith("*")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text."""

    known: frozenset[str]
    """The words and stems of the lexicon that it may be. Empty for an unknown word."""
    typed: str
    clause: int
    """Which part of the text it is in, between signs like commas."""
    cyrillic: bool
    filler: bool
    ideas: frozenset[tuple[str, str]] = frozenset()
    """(idea, language) of the stems that it begins with."""


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found in a text, at the words `start` to `end` (not included)."""

    phrase: Phrase
    start: int
    end: int
    same_script: bool

    @property
    def role(self) -> Role:
        """The role of the phrase."""
        return self.phrase.role

    @property
    def places(self) -> range:
        """The places of the words of this phrase."""
        return range(self.start, self.end)

    def covers(self, at: int) -> bool:
        """Whether a word belongs to this phrase."""
        return self.start <= at < self.end

    def contains(self, other: "Match") -> bool:
        """Whether all words of another phrase belong to this one."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Match") -> bool:
        """Whether two phrases share a word."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All phrases, by their first word."""

    by_first: Mapping[str, Sequence[Phrase]]
    vocabulary: frozenset[str]
    fillers: frozenset[str]
    guessed: Sequence[str]
    """Words that are recognised with a typing error."""
    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    """Word → the roles of the phrases that it occurs in."""
    ideas: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)
    """Word or stem → the ideas that it stands for, and in which language."""
    endings: tuple[str, ...] = ()
    """Polite endings that change nothing, in Latin letters, the longest first."""

    @classmethod
    def of(
        cls,
        rows: Iterable[tuple[Role, str, str]],
        languages: Sequence[str] = (),
        ideas: Iterable[tuple[str, str, str]] = (),
        endings: Iterable[str] = (),
    ) -> "Lexicon":
        """Make the lexicon from rows of (role, language, phrase). Phrases of `languages` are preferred.

        `ideas` are rows of (idea, language, word).
        """
        phrases = list(dict.fromkeys(_phrases(rows, languages)))
        by_first = dict[str, list[Phrase]]()
        roles = dict[str, set[Role]]()
        for phrase in phrases:
            by_first.setdefault(phrase.words[0], []).append(phrase)
            for word in phrase.words:
                roles.setdefault(word, set()).add(phrase.role)
        fillers = {phrase.words[0] for phrase in phrases if phrase.role is Role.FILLER}
        joined = {"".join(phrase.words) for phrase in phrases if len(phrase.words) > 1}
        guessed = [word for word, of in roles.items() if "*" not in word and _is_long(word, of, joined=word in joined)]
        of_stem = dict[str, set[tuple[str, str]]]()
        for idea, language, word in ideas:
            of_stem.setdefault(_stem(word), set()).add((idea, language))
        polite = tuple(sorted({_spelled(ending) for ending in endings}, key=len, reverse=True))
        return cls(by_first, frozenset(roles), frozenset(fillers), guessed, _frozen(roles), _frozen(of_stem), polite)

    def words(self, text: str) -> list[Word]:
        """Return the words of a text, as far as one is read."""
        typed = list(_spelled_out(_typed(text)))
        read = typed if len(typed) <= MOST_WORDS else [*typed[: MOST_WORDS // 2], *typed[-MOST_WORDS // 2 :]]
        return [self._word(word, clause) for word, clause in read]

    def whole(self, text: str) -> list[Word]:
        """Return a short text as a single word if it is a known one without its spaces, else nothing."""
        joined = "".join(word for word, _ in _typed(text[: 4 * WHOLE]))
        word = self._word(joined, 0)
        return [word] if len(joined) <= WHOLE and word.known and self._is_guessed(word) else []

    def matches(self, words: Sequence[Word]) -> list[Match]:
        """Return every phrase in a text, the longest first at each place. Fillers may stand between its words."""
        found = (self._match(words, at, phrase) for at in range(len(words)) for phrase in self._beginning(words[at]))
        return sorted((match for match in found if match), key=lambda m: (m.start, -len(m.phrase.words)))

    def _beginning(self, word: Word) -> Iterator[Phrase]:
        return (phrase for known in word.known for phrase in self.by_first.get(known, ()))

    def _match(self, words: Sequence[Word], start: int, phrase: Phrase) -> Match | None:
        at, skipped = start, 0
        for wanted in phrase.words:
            while at < len(words) and wanted not in words[at].known and words[at].filler and at > start:
                at, skipped = at + 1, skipped + 1
            if at == len(words) or wanted not in words[at].known or skipped > SKIPPED:
                return None
            at += 1
        same = words[start].cyrillic == phrase.cyrillic
        return Match(phrase, start, at, same) if phrase.exact in ("", words[start].typed) else None

    def _word(self, typed: str, clause: int) -> Word:
        spellings = romanise(typed)
        known = next(filter(None, map(self._known, spellings)), set[str]())
        known = known | self._without_ending(spellings[0]) or self._guess(spellings[0])
        ideas = frozenset(idea for stem in _stems(spellings[0]) for idea in self.ideas.get(stem, ()))
        return Word(frozenset(known), typed, clause, is_cyrillic(typed), bool(known & self.fillers), ideas)

    def _known(self, spelling: str) -> set[str]:
        return _stems(spelling) & self.vocabulary

    def _without_ending(self, spelling: str) -> set[str]:
        """Return what a word is without a polite ending, if that is an imperative ("звандама-ңыздаршы")."""
        ends = (spelling.removesuffix(end) for end in self.endings if spelling.endswith(end))
        bases = ({base} & self.vocabulary for base in ends if len(base) > _STEM)
        return next((base for base in bases if any(self.roles[each] & IMPERATIVES for each in base)), set[str]())

    def _guess(self, spelling: str) -> set[str]:
        """Return the only word that a spelling may be with one typing error. None if two words mean other things."""
        if not TYPO_MINIMUM <= len(spelling) <= LONGEST_WORD:
            return set()
        near = process.extract(spelling, self.guessed, scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=4)
        roles = {self.roles[word] for word, *_ in near}
        return {word for word, *_ in near} if len(roles) == 1 else set()

    def _is_guessed(self, word: Word) -> bool:
        return any(self.roles[known] & GUESSED for known in word.known)


def _frozen(sets: Mapping[str, set[_Element]]) -> dict[str, frozenset[_Element]]:
    """Freeze the sets, and share equal ones: thousands of words have one of few, and a set takes 216 bytes."""
    made = dict[frozenset[_Element], frozenset[_Element]]()
    return {word: made.setdefault(each, each) for word, of in sets.items() for each in [frozenset(of)]}


def _is_long(word: str, roles: set[Role], *, joined: bool) -> bool:
    """Whether a word of these roles is recognised with a typing error."""
    if not roles & GUESSED:
        return False
    least = LONG_REFUSAL if roles <= {Role.QUIET, Role.WITHDRAWN} else TYPO_MINIMUM
    return len(word) >= (LONG_JOINED if joined and roles & {Role.CRY, Role.QUIET} else least)


def _stems(spelling: str) -> set[str]:
    """Return a word and all stems that it begins with, as they are listed."""
    return {spelling, *(f"{spelling[:size]}*" for size in range(_STEM, min(len(spelling), LONGEST_WORD) + 1))}


def _stem(listed: str) -> str:
    return _spelled(listed) + "*" * listed.endswith("*")


@lru_cache(maxsize=8192)
def _spelled(word: str) -> str:
    """Return the likeliest spelling of a listed word. Each list is read for several countries."""
    return romanise(normalise(word))[0]


def _exact(role: Role, folded: str) -> str:
    """Return how the first word of a phrase must be typed, or nothing if any spelling of it counts."""
    if role is Role.NEUTRAL and len(first := folded.partition(" ")[0]) < SHORT:
        return first  # *bus stop* must not hide "boss stop": o and u are one letter
    return folded if role in AS_LISTED and len(folded) <= SHORT else ""


def _phrases(rows: Iterable[tuple[Role, str, str]], languages: Sequence[str]) -> Iterator[Phrase]:
    """Yield the phrases of the rows, and those of several words also run together (незвоните)."""
    for role, language, listed in rows:
        stems = listed.split()
        words = tuple(map(_stem, stems))
        rank = languages.index(language) if language in languages else len(languages)
        folded = normalise(listed)
        exact = _exact(role, folded)
        made = (words, role, language, is_cyrillic(folded), exact, rank)
        yield Phrase(*made)
        joined = "".join(words)
        if len(words) > 1 and role in GUESSED and len(joined) >= RUN_TOGETHER and "*" not in joined:
            yield Phrase((joined,), *made[1:])


def _typed(text: str) -> Iterator[tuple[str, int]]:
    """Yield each word of a text with the number of its clause. Of a very long one, those of its begin and end."""
    half = LONGEST_TEXT // 2
    read = text if len(text) <= LONGEST_TEXT else f"{text[:half]}\n{text[-half:]}"
    for clause, part in enumerate(_CLAUSES.split(read)):
        yield from ((word, clause) for word in normalise(part).split())


def _spelled_out(typed: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Join the letters of words that were spelled out."""
    letters = list[tuple[str, int]]()
    for word, clause in [*typed, ("", 0)]:
        if len(word) == 1:
            letters.append((word, clause))
            continue
        if len(letters) >= SPELLED and not all(letter.isdigit() for letter, _ in letters):
            yield "".join(letter for letter, _ in letters), letters[0][1]
        else:
            yield from letters
        letters = []
        if word:
            yield word, clause
