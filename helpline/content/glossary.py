"""The words that must be said the same everywhere, for translators: `content/glossary.yaml`.

A term has the English forms it is recognised by and a note on what it means here; below it, per language, the word
chosen for it. A term marked `same` stays as it is in every language.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpline.content.yaml_files import read_yaml


@dataclass(frozen=True, slots=True)
class Term:
    """A word with a meaning of its own here."""

    name: str
    forms: tuple[str, ...]
    note: str
    same: bool = False


@dataclass(frozen=True, slots=True)
class Glossary:
    """All terms, and per language the word for each."""

    terms: tuple[Term, ...] = ()
    said: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Glossary":
        """Take what the file holds."""
        terms = tuple(
            Term(name, (name, *row.get("forms", ())), row["means"], row.get("same") == "yes")
            for name, row in data["terms"].items()
        )
        return cls(terms, {code: dict(rows or {}) for code, rows in data["languages"].items()})

    @classmethod
    def beside(cls, path: Path) -> "Glossary":
        """Give the glossary of the content that a file is of; an empty one where there is none."""
        for folder in path.resolve().parents:
            if (folder / "glossary.yaml").exists():
                return cls.of(read_yaml(folder / "glossary.yaml"))
        return cls()

    def found_in(self, english: str) -> list[Term]:
        """Give the terms that stand in a text; of one that lies within a longer one only the longer."""
        forms = sorted(((form, term) for term in self.terms for form in term.forms), key=lambda row: -len(row[0]))
        found, left = dict[str, Term](), english
        for form, term in forms:
            left, count = _pattern(form).subn(" _ ", left)
            if count:
                found[term.name] = term
        return [term for term in self.terms if term.name in found]

    def notes(self, english: str, language: str = "") -> list[str]:
        """Say of each term in a text what it means, and the word chosen for it in a language."""
        said = self.said.get(language, {})
        return [
            f"{term.name}{' → ' + said[term.name] if said.get(term.name) else ''}: {term.note}"
            for term in self.found_in(english)
        ]

    def stays(self, english: str) -> bool:
        """Tell whether a text may be the same in every language: all its words are such terms."""
        left = re.sub(r"\{\w+\}", "", english)
        for form in (form for term in self.terms if term.same for form in term.forms):
            left = _pattern(form).sub("", left)
        return not any(letter.isalpha() for letter in left)


def _pattern(form: str) -> re.Pattern[str]:
    """Find a word by itself; one in capitals only in capitals."""
    return re.compile(rf"(?<!\w){re.escape(form)}(?!\w)", 0 if form.isupper() else re.IGNORECASE)
