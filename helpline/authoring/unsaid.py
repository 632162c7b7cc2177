"""Words that no text may say to a caller, in any language: labels (R37), and questions about who they are (R2).

The words are in `content/unsaid.yaml`. A harmless text with one needs an exception in `content/exceptions.yaml`,
which holds for its exact wording only.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from helpline.content.catalogs import file_of
from helpline.content.country_file import CountryData
from helpline.content.reviews import hash_of
from helpline.content.sources import Sources, texts_of
from helpline.content.yaml_files import read_yaml
from menus.faults import Fault, Mark
from menus.folding import lookalike, normalise

FILE, EXCEPTIONS = "unsaid.yaml", "exceptions.yaml"
COMMON = ("ru", "en")
"""Languages whose words are known everywhere. They are searched for in each text, too."""
TO_SERVICES = "to_ngo."
"""Texts to services put no label on a caller, but may say "name"."""
WHOLE_QUESTION = 3
"""A question of so few words asks for what it names."""
SLOT = re.compile(r"\{\w+\}")
SENTENCE = re.compile(r"[^.!?:;\n]+[.!?:;]?")
AS_LETTERS = (("0", "о"), ("1", "i"), ("3", "з"), ("@", "а"))
"""Digits and signs that are typed for letters, inside a word."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A wording that may stay although it has such a word: a row of `exceptions.yaml`."""

    text: str
    """Its path."""
    language: str
    hash: str
    """Of its exact words. Any edit ends the exception."""
    reviewer: str
    """Who agreed. Empty as long as nobody who works with callers has."""
    reason: str


Words = Mapping[str, tuple[str, ...]]
"""By language: beginnings of words, several in a row, `$` after a whole word."""


@dataclass(frozen=True, slots=True)
class Unsaid:
    """The words that no text may say."""

    labels: Words
    """R37: they put a label on somebody."""
    asked: Words
    """R2: they ask who somebody is."""
    alone: Words
    """The same, if they are the whole question."""
    by_sms: Words
    """R13: no topic to read by SMS says them. They show that it is about more than any job."""

    def in_text(self, text: str, language: str, *, to_caller: bool = True) -> Iterator[str]:
        """Yield each word of the lists that a text says, as the list has it."""
        yield from _found(self.labels, text, language)
        if to_caller:
            yield from _found(self.asked, text, language)
            for sentence in SENTENCE.findall(SLOT.sub(" ", text)):
                if sentence.rstrip().endswith(("?", ":")) and len(sentence.split()) <= WHOLE_QUESTION:
                    yield from _found(self.alone, sentence, language)

    def in_topic(self, text: str, language: str) -> Iterator[str]:
        """Yield each word by which a topic to read by SMS betrays what it is about, as the lists have it."""
        yield from self.in_text(text, language)
        yield from _found(self.by_sms, text, language)


def _found(words: Words, text: str, language: str) -> Iterator[str]:
    """Yield the words of a text's own language, and of the languages that are known everywhere.

    For these, accents matter: Turkmen *näme* means what, not name.
    """
    for each in dict.fromkeys((language, *COMMON)):
        accents = each != language
        searched, listed = folded(text, accents=accents), words.get(each, ())
        if listed and _any_of(listed, accents=accents).search(searched):
            yield from (word for word in listed if _any_of((word,), accents=accents).search(searched))


@cache
def _any_of(words: tuple[str, ...], *, accents: bool) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(_expression(word, accents=accents) for word in words)})")


def _expression(word: str, *, accents: bool) -> str:
    parts = (
        re.escape(folded(part, accents=accents)) + (r"\b" if part.endswith("$") else r"\w*") for part in word.split()
    )
    return r" (?:\w+ )?".join(parts)


@lru_cache(maxsize=8192)
def folded(text: str, *, accents: bool = False) -> str:
    """Return a text in which case, look-alike letters, gaps between letters and, mostly, accents do not matter."""
    plain = "".join(letter for letter in SLOT.sub(" ", text) if unicodedata.category(letter) != "Cf")
    for sign, letter in AS_LETTERS:
        plain = re.sub(rf"(?<=[^\W\d_]){sign}|{sign}(?=[^\W\d_])", letter, plain)
    words = lookalike(re.sub(r"[\W_]+", " ", plain.casefold()).strip() if accents else normalise(plain))
    return re.sub(r"\b(?:\w ){2,}\w\b", _together, words)


def _together(apart: re.Match[str]) -> str:
    """Return letters that stand apart as words: from each of them to the last, as nobody knows where a word begins."""
    letters = apart[0].replace(" ", "")
    return " ".join(letters[at:] for at in range(len(letters)))


def read_unsaid(root: Path) -> Unsaid:
    """Read the lists of words. Raise `KeyError` or `AttributeError` if one is missing."""
    data = read_yaml(root / FILE)
    return Unsaid(
        *({name: tuple(words) for name, words in data[part].items()} for part in ("labels", "asked", "alone", "by_sms"))
    )


def read_allowed(root: Path) -> list[Allowed]:
    """Read the exceptions. Raise `KeyError` or `TypeError` if a row is not valid."""
    return [Allowed(**row) for row in read_yaml(root / EXCEPTIONS)["exceptions"]]


def said_words(sources: Sources) -> Iterator[tuple[str, str, str, str]]:
    """Yield each text that says one of the words: its path, language, words, and the first word found."""
    unsaid = read_unsaid(sources.root)
    present = [each for each in unsaid.asked if each == "en" or file_of(sources.root, each).exists()]
    for path, english in texts_of(sources.parsed).items():
        for language in present:
            said = english if language == "en" else sources.translation(language).catalog.get((path, english), "")
            for word in unsaid.in_text(said, language, to_caller=not path.startswith(TO_SERVICES)):
                yield path, language, said, word
                break


def unsaid_words(sources: Sources) -> Iterator[Fault]:
    """Yield a fault for each text with a word that no text may say, and no exception for its present wording."""
    allowed = {(each.text, each.language, each.hash) for each in read_allowed(sources.root) if each.reason}
    for path, language, said, word in said_words(sources):
        if (path, language, now := hash_of(said)) not in allowed:
            yield _place(sources, path, language).fault(
                f"[{language}] {path} says {word!r}: nobody is labelled or asked who they are (R2, R37); "
                f"use other words, or let a reviewer add the hash {now} to content/{EXCEPTIONS}"
            )


def unsaid_in_country(sources: Sources, country: CountryData) -> Iterator[Fault]:
    """Yield a fault for each text of a country's own file with such a word. There are no exceptions for these."""
    unsaid = read_unsaid(sources.root)
    for language, text in (country.legal_duty.text if country.legal_duty else {}).items():
        for word in unsaid.in_text(text, language):
            what = f"[{language}] the legal duty says {word!r}: nobody is labelled or asked who they are (R2, R37)"
            yield Mark(f"content/countries/{country.code.lower()}.yaml", 1, 1).fault(what)


def waiting_exceptions(sources: Sources) -> Iterator[Fault]:
    """Yield the exceptions that no reviewer has agreed to."""
    present = _present(sources)
    for each in read_allowed(sources.root):
        if (each.text, each.language, each.hash) in present and not each.reviewer:
            yield Mark(f"content/{EXCEPTIONS}", 1, 1).fault(
                f"[{each.language}] {each.text} waits for a reviewer: {each.reason}"
            )


def old_exceptions(sources: Sources) -> Iterator[Fault]:
    """Yield the exceptions whose wording no longer exists."""
    present = _present(sources)
    for each in read_allowed(sources.root):
        if (each.text, each.language, each.hash) not in present:
            yield Mark(f"content/{EXCEPTIONS}", 1, 1).fault(
                f"[{each.language}] {each.text} has other words now; remove its exception {each.hash}"
            )


def _present(sources: Sources) -> set[tuple[str, str, str]]:
    return {(path, language, hash_of(said)) for path, language, said, _ in said_words(sources)}


def _place(sources: Sources, path: str, language: str) -> Mark:
    translated = sources.translation(language).mark(path) if language != "en" else None
    return translated or sources.parsed.marks[path]
