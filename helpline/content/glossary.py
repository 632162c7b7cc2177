"""The glossary for translators: terms that must be translated the same way everywhere (`content/glossary.yaml`).

A term has English forms by which it is recognised, a note on its meaning, and one chosen word in each language. A term
marked `same` is not translated. `komek check` warns of a translation that does not use the chosen word.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from helpline.content.yaml_files import read_yaml
from menus.book import SLOT


@dataclass(frozen=True, slots=True)
class Term:
    """A term with a special meaning in Komek."""

    name: str
    forms: tuple[str, ...]
    note: str
    same: bool = False


@dataclass(frozen=True, slots=True)
class Glossary:
    """All terms, and the word for each in each language."""

    terms: tuple[Term, ...] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    alike: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The words that a language has in common with English, by language."""
    stems: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    """How the words that a language may use for a term begin, by language and term. Other terms are not checked."""
    without: frozenset[tuple[str, str, str]] = frozenset()
    """Accepted translations without the word of a term: (term, path, language). No language means all of them."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Glossary":
        """Make a glossary from the content of the file."""
        terms = tuple(
            Term(name, (name, *row.get("forms", ())), row["means"], row.get("same") == "yes")
            for name, row in data["terms"].items()
        )
        alike = {code: frozenset(words) for code, words in data.get("alike", {}).items()}
        without = frozenset(
            (row["term"], path, language)
            for row in data.get("without", ())
            for path in row["texts"]
            for language in row.get("languages", ("",))
        )
        words = {code: dict(rows or {}) for code, rows in data["languages"].items()}
        return cls(terms, words, alike, data.get("stems", {}), without)

    @classmethod
    def beside(cls, path: Path) -> "Glossary":
        """Return the glossary of the content folder that contains `path`, or an empty one."""
        for folder in path.resolve().parents:
            if (folder / "glossary.yaml").exists():
                return cls.of(read_yaml(folder / "glossary.yaml"))
        return cls()

    def found_in(self, english: str) -> list[Term]:
        """Return the terms in a text. If a term is part of a longer term, only the longer one counts."""
        forms = sorted(((form, term) for term in self.terms for form in term.forms), key=lambda row: -len(row[0]))
        found, rest = dict[str, Term](), english
        for form, term in forms:
            rest, count = _pattern(form).subn(" _ ", rest)
            if count:
                found[term.name] = term
        return [term for term in self.terms if term.name in found]

    def notes(self, english: str, language: str = "") -> list[str]:
        """Return a note for each term in a text: its meaning, and the word chosen for it in a language."""
        chosen = self.words.get(language, {})
        return [
            f"{term.name}{' → ' + chosen[term.name] if chosen.get(term.name) else ''}: {term.note}"
            for term in self.found_in(english)
        ]

    def missed(self, path: str, english: str, translation: str, language: str) -> list[str]:
        """Return the terms of an English text for which its translation has no agreed word and no accepted reason."""
        stems, said = self.stems.get(language, {}), _folded(SLOT.sub(" ", translation))
        return [
            term.name
            for term in self.found_in(SLOT.sub(" ", english))
            if term.name in stems
            and not {(term.name, path, ""), (term.name, path, language)} & self.without
            and not any(re.search(rf"(?<!\w){re.escape(_folded(stem))}", said) for stem in stems[term.name])
        ]

    def stays(self, english: str, language: str = "") -> bool:
        """Whether a text may be the same in a language: its words are terms marked `same`, or it is one of `alike`."""
        if english in self.alike.get(language, ()):
            return True
        rest = re.sub(r"\{\w+\}", "", english)
        for form in (form for term in self.terms if term.same for form in term.forms):
            rest = _pattern(form).sub("", rest)
        return not any(letter.isalpha() for letter in rest)


def _folded(text: str) -> str:
    return text.casefold().replace("ё", "е")


@cache
def _pattern(form: str) -> re.Pattern[str]:
    """Return a pattern for a whole word. A form in capitals matches only in capitals."""
    return re.compile(rf"(?<!\w){re.escape(form)}(?!\w)", 0 if form.isupper() else re.IGNORECASE)
