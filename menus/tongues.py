"""Find out in which language a text is, if its letters and words say so plainly.

Most texts are too short for that. Those of few words in Cyrillic letters are compared with lists for each language.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from menus.lexicon import LONGEST_TEXT, Lexicon, Word
from menus.romanise import is_cyrillic

LETTERS: Mapping[str, frozenset[str]] = {
    "kk": frozenset("әғқңөұүһі"), "ky": frozenset("ңөү"), "tg": frozenset("ғӣқӯҳҷ"), "uz": frozenset("ғқҳў"),
    "tk": frozenset("äňöüýžşçҗ"),
}  # fmt: skip
"""The letters that Russian and English do not have. No telephone must have them, so many texts are without."""
OWN = frozenset().union(*LETTERS.values())
SHARED = 2
"""A word of more languages than these says nothing about the language."""
CERTAIN, TWICE = 1.5, 2.0
"""What the letters and words must add up to, and how many times the language that comes second."""

A_THIRD = 3
"""One word of so many must be known: a Russian sentence may have a borrowed one."""
STEM = 2
"""So many letters or more are before a listed ending."""
PLAIN = str.maketrans("ңөүқғҳҷӣӯўұіәҗ", "ноукгхчиуууиаж")
"""Letters that Russian lacks, and what people type who have a Russian keyboard."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """Words of a language, and how other words of it begin and end, and what is within them. All are without marks."""

    words: frozenset[str]
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    within: tuple[str, ...]

    @classmethod
    def of(cls, listed: Iterable[str]) -> "Tongue":
        """Make it from words of the file: `*` stands for any letters."""
        plain = {word.casefold().translate(PLAIN) for word in listed}
        middle = tuple(word.strip("*") for word in plain if word[0] == word[-1] == "*")
        begins = tuple(word[:-1] for word in plain if word[-1] == "*" and word[0] != "*")
        ends = tuple(word[1:] for word in plain if word[0] == "*" and word[-1] != "*")
        return cls(frozenset(word for word in plain if "*" not in word), begins, ends, middle)

    def has(self, word: str) -> bool:
        """Whether a word without marks is of this language."""
        is_listed = word in self.words or any(part in word for part in self.within)
        return is_listed or word.startswith(self.begins) or word[STEM:].endswith(self.ends)


def language_of_few(tongues: Mapping[str, Tongue], text: str, languages: Sequence[str]) -> str:
    """Return which of `languages`, the preferred first, has most words of a text in Cyrillic. "" if it has few.

    It must have more than Russian.
    """
    typed = re.findall(r"[^\W\d_]+", text[:LONGEST_TEXT].casefold().translate(PLAIN))
    count = {name: sum(map(tongues[name].has, typed)) for name in ["ru", *languages] if name in tongues}
    best = max(count, key=lambda name: count[name], default="")
    return best if best != "ru" and best and count[best] * A_THIRD >= len(typed) > 0 else ""


def language_of(lexicon: Lexicon, text: str) -> str:
    """Return the language that a text is plainly in, or "" if that is not certain. Uzbek is in the text's letters."""
    text = text[:LONGEST_TEXT].casefold()
    score = dict.fromkeys([*LETTERS, "ru", "en"], 0.0)
    own = OWN.intersection(text)
    having = [language for language, letters in LETTERS.items() if own and own <= letters]
    for language in having:
        score[language] += 2 / len(having)
    for word in lexicon.words(text):
        languages = _languages(lexicon, word)
        for language in languages if len(languages) <= SHARED else ():
            score[language] += 1 / len(languages)
    if is_cyrillic(text):
        score["en"] = 0.0  # words of other languages may be spelled like English ones
    first, second = sorted(score, key=lambda language: -score[language])[:2]
    if score[first] < max(CERTAIN, TWICE * score[second]):
        return ""
    return "uz_Cyrl" if first == "uz" and is_cyrillic(text) else first


def _languages(lexicon: Lexicon, word: Word) -> set[str]:
    """Return the languages in which a word begins a known phrase or stands for an idea."""
    phrases = {phrase.language for known in word.known for phrase in lexicon.by_first.get(known, ())}
    return {language.partition("_")[0] for language in phrases | {language for _, language in word.ideas}}
