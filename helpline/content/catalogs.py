"""The PO file of each language: read once, with all that keeps it from being whole.

A language is whole or absent: no text missing, none a guess, none empty, each with the placeholders of its English
and without letters that nobody sees. What is not whole is not offered to callers.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from helpline.content import po
from helpline.content.glossary import Glossary
from helpline.content.po import Entry, Po
from helpline.content.translatable import worded
from menus.book import SLOT, Catalog
from menus.faults import Fault, Mark
from menus.parse import Parsed
from menus.reading import said_wrongly
from menus.tree import Tree

MIXED = re.compile(r"(?=\w*[A-Za-z])(?=\w*[\u0400-\u04ff])\w+")
"""A word of Latin and Cyrillic letters: they look alike, but a search or a reading voice stumbles over them."""


Wanted = Mapping[str, tuple[str, Mark]]
"""Every text to translate by its path: the English, and where it stands."""

APART = "console."
"""How the paths of texts begin that no caller is shown: whether a language has them decides nothing for callers."""


@dataclass(frozen=True)
class Translation:
    """One PO file. `faults`: why the language is not whole; `stale`: entries of texts that are no more."""

    language: str
    file: str
    po: Po
    faults: tuple[Fault, ...] = ()
    stale: tuple[Fault, ...] = ()

    @cached_property
    def catalog(self) -> Catalog:
        """What can be used: (path, English) → translation. A guess cannot."""
        live = (entry for entry in self.po.entries if entry.said and not entry.fuzzy and not entry.obsolete)
        return {entry.key: entry.said for entry in live}

    def doubts(self, glossary: Glossary) -> list[Fault]:
        """Name what keeps nobody from anything, but should be looked at."""
        live = (entry for entry in self.po.entries if entry.said and not entry.fuzzy and not entry.obsolete)
        return [fault for entry in live for fault in _doubtful(Mark(self.file, entry.line, 1), entry, glossary)]

    def mark(self, path: str) -> Mark | None:
        """Give where a text is translated."""
        line = next((entry.line for entry in self.po.entries if entry.context == path and not entry.obsolete), 0)
        return Mark(self.file, line, 1) if line else None


def file_of(root: Path, language: str) -> Path:
    """Give where the translations of a language lie."""
    return root / "locale" / language / "LC_MESSAGES" / "content.po"


def texts_on(tree: Tree, name: str) -> list[tuple[str, str]]:
    """Give the texts of a screen, or the notice of that name, each as path and English."""
    if name in tree.notices:
        return [(name, tree.notices[name].english)]
    screen = tree.screens[name]
    texts = [getattr(screen, "text", None), getattr(screen, "again", None)]
    texts += [option.label for option in getattr(screen, "options", ())]
    return [(text.path, text.english) for text in texts if text is not None]


def wanted_of(parsed: Parsed) -> Wanted:
    """Give every text that has words to translate."""
    names = (*parsed.tree.notices, *parsed.tree.screens)
    found = {path: english for name in names for path, english in texts_on(parsed.tree, name)}
    return {path: (english, parsed.marks[path]) for path, english in found.items() if worded(english)}


def read(root: Path, language: str, wanted: Wanted, part: str = "") -> Translation:
    """Read a language and say all that is wrong with it; of the `part` that is `APART`, missing texts are not."""
    path = file_of(root, language)
    name = path.relative_to(root.parent).as_posix()
    if not path.exists():
        what = f"is missing; make it: ./komek translate update {language}"
        return Translation(language, name, Po(Entry("", "")), (Mark(name, 1, 1).fault(what),))
    found, faults = po.read(name, path.read_bytes())
    said = found.headers().get("Language", language)
    if said != language:
        faults.append(Mark(name, found.header.line or 1, 1).fault(f"says Language: {said}; it lies under {language}"))
    live = [entry for entry in found.entries if not entry.obsolete and entry.context.startswith(APART) == bool(part)]
    there = {entry.key: entry for entry in live}
    current = [entry for entry in live if wanted.get(entry.context, ("",))[0] == entry.english]
    current = [entry for entry in current if entry.said and not entry.fuzzy] if part else current
    faults += [fault for entry in current for fault in _wrong(Mark(name, entry.line, 1), entry)]
    faults += () if part else _missing(language, there, wanted)
    stale = [fault for entry in live for fault in _stale(Mark(name, entry.line, 1), entry, wanted, language)]
    return Translation(language, name, found, tuple(faults), tuple(stale))


def _missing(language: str, there: Collection[tuple[str, str]], wanted: Wanted) -> Iterator[Fault]:
    for path, (english, mark) in wanted.items():
        if (path, english) not in there:
            yield mark.fault(f"{path} has no translation into {language}; run: ./komek translate update {language}")


def _stale(mark: Mark, entry: Entry, wanted: Wanted, language: str) -> Iterator[Fault]:
    english = wanted.get(entry.context, ("",))[0]
    if english != entry.english and worded(entry.english):
        gone = f"its English is now “{english}”" if english else "no text of the content has this path any more"
        yield mark.fault(f"{entry.context}: {gone}; run: ./komek translate update {language}")


def _wrong(mark: Mark, entry: Entry) -> Iterator[Fault]:
    if not entry.said:
        yield mark.fault(f"{entry.context} is not translated; write its msgstr")
    elif entry.fuzzy:
        yield mark.fault(f"{entry.context} is a guess (fuzzy); correct it, then delete the word fuzzy")
    else:
        yield from (mark.fault(f"{entry.context}: {what}") for what in _letters(entry))


def _letters(entry: Entry) -> Iterator[str]:
    """Say what is wrong with the letters and placeholders of a translation."""
    slots, theirs = SLOT.findall(entry.english), SLOT.findall(entry.said)
    for slot in sorted(set(slots) - set(theirs)):
        yield f"{{{slot}}} of the English is missing; write it into the translation"
    yield from said_wrongly(entry.said, frozenset(slots))
    if "\n" in entry.said and "\n" not in entry.english:
        yield "a new line that the English does not have; take it out"


def _doubtful(mark: Mark, entry: Entry, glossary: Glossary) -> Iterator[Fault]:
    if entry.said == entry.english and not glossary.stays(entry.english):
        yield mark.fault(
            f"{entry.context} says the same as the English; translate it, or mark its words in glossary.yaml"
        )
    for word in MIXED.findall(SLOT.sub(" ", entry.said)):
        yield mark.fault(
            f"{entry.context}: {word!r} has Latin and Cyrillic letters in one word; write it in one script"
        )


Reader = Callable[[str], Translation]
"""Gives the translation of a language (its base code)."""


def reader(root: Path, wanted: Wanted) -> Reader:
    """Read each language once, when it is asked for."""
    known: dict[str, Translation] = {}

    def of(language: str) -> Translation:
        if language not in known:
            known[language] = read(root, language, wanted)
        return known[language]

    return of
