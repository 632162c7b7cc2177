"""The translations of each language. Each PO file is read once, with everything that makes it incomplete.

Callers are offered a language only if it is complete: every text is translated, none is fuzzy (a guess), each has the
placeholders of its English, and none has invisible characters.
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
from menus.reading import wording_faults
from menus.tree import Tree

MIXED = re.compile(r"(?=\w*[A-Za-z])(?=\w*[\u0400-\u04ff])\w+")
"""A word with both Latin and Cyrillic letters. They look alike, but search and screen readers fail on such words."""


Wanted = Mapping[str, tuple[str, Mark]]
"""Every text to translate, by path: the English, and its place in the content."""

CONSOLE = "console."
PHONE = "phone."
BROWSER = (CONSOLE, PHONE)
"""How the paths of texts for a browser begin: the console's, and those of the demo's page with two phones.

Callers never see these texts, so a language can be complete without them.
"""


@dataclass(frozen=True)
class Translation:
    """One PO file."""

    language: str
    file: str
    po: Po
    faults: tuple[Fault, ...] = ()
    """Why the language is not complete."""
    stale: tuple[Fault, ...] = ()
    """Entries whose English no longer exists."""

    @cached_property
    def catalog(self) -> Catalog:
        """The usable translations: (path, English) → translation. Fuzzy ones are left out."""
        live = (entry for entry in self.po.entries if entry.translation and not entry.fuzzy and not entry.obsolete)
        return {entry.key: entry.translation for entry in live}

    def doubts(self, glossary: Glossary) -> list[Fault]:
        """Return warnings: translations that can be used but should be reviewed."""
        live = (entry for entry in self.po.entries if entry.translation and not entry.fuzzy and not entry.obsolete)
        return [
            fault
            for entry in live
            for fault in _doubtful(Mark(self.file, entry.line, 1), entry, glossary, self.language)
        ]

    def mark(self, path: str) -> Mark | None:
        """Return the place of a text's translation, or None."""
        line = next((entry.line for entry in self.po.entries if entry.context == path and not entry.obsolete), 0)
        return Mark(self.file, line, 1) if line else None


def file_of(root: Path, language: str) -> Path:
    """Return the path of a language's PO file."""
    return root / "locale" / language / "LC_MESSAGES" / "content.po"


def texts_on(tree: Tree, name: str) -> list[tuple[str, str]]:
    """Return the texts of a screen, or the notice with that name, as pairs of path and English."""
    if name in tree.notices:
        return [(name, tree.notices[name].english)]
    screen = tree.screens[name]
    texts = [getattr(screen, "text", None), getattr(screen, "again", None)]
    texts += [option.label for option in getattr(screen, "options", ())]
    return [(text.path, text.english) for text in texts if text is not None]


def wanted_of(parsed: Parsed) -> Wanted:
    """Return every text that has words to translate."""
    names = (*parsed.tree.notices, *parsed.tree.screens)
    found = {path: english for name in names for path, english in texts_on(parsed.tree, name)}
    return {path: (english, parsed.marks[path]) for path, english in found.items() if worded(english)}


def read(root: Path, language: str, wanted: Wanted, part: str = "") -> Translation:
    """Read a language and everything that is wrong with it.

    In a part for a browser (`CONSOLE`, `PHONE`) a missing text is not a fault.
    """
    path = file_of(root, language)
    name = path.relative_to(root.parent).as_posix()
    if not path.exists():
        what = f"is missing; create it: ./komek translate update {language}"
        return Translation(language, name, Po(Entry("", "")), (Mark(name, 1, 1).fault(what),))
    found, faults = po.read(name, path.read_bytes())
    said = found.headers().get("Language", language)
    if said != language:
        faults.append(Mark(name, found.header.line or 1, 1).fault(f"says Language: {said}; its folder is {language}"))
    live = [entry for entry in found.entries if not entry.obsolete and _is_in(part, entry.context)]
    present = {entry.key for entry in live}
    current = [entry for entry in live if wanted.get(entry.context, ("",))[0] == entry.english]
    current = [entry for entry in current if entry.translation and not entry.fuzzy] if part else current
    faults += [fault for entry in current for fault in _wrong(Mark(name, entry.line, 1), entry)]
    faults += () if part else _missing(language, present, wanted)
    stale = [fault for entry in live for fault in _stale(Mark(name, entry.line, 1), entry, wanted, language)]
    return Translation(language, name, found, tuple(faults), tuple(stale))


def _is_in(part: str, path: str) -> bool:
    return path.startswith(part) if part else not path.startswith(BROWSER)


def _missing(language: str, present: Collection[tuple[str, str]], wanted: Wanted) -> Iterator[Fault]:
    for path, (english, mark) in wanted.items():
        if (path, english) not in present:
            yield mark.fault(f"{path} has no translation into {language}; run: ./komek translate update {language}")


def _stale(mark: Mark, entry: Entry, wanted: Wanted, language: str) -> Iterator[Fault]:
    english = wanted.get(entry.context, ("",))[0]
    if english != entry.english and worded(entry.english):
        change = f"its English is now “{english}”" if english else "no text of the content has this path any more"
        yield mark.fault(f"{entry.context}: {change}; run: ./komek translate update {language}")


def _wrong(mark: Mark, entry: Entry) -> Iterator[Fault]:
    if not entry.translation:
        yield mark.fault(f"{entry.context} is not translated; write its msgstr")
    elif entry.fuzzy:
        yield mark.fault(f"{entry.context} is a guess (fuzzy); correct it, then delete the word fuzzy")
    else:
        yield from (mark.fault(f"{entry.context}: {what}") for what in _letters(entry))


def _letters(entry: Entry) -> Iterator[str]:
    """Yield what is wrong with the characters and placeholders of a translation."""
    slots, translated = SLOT.findall(entry.english), SLOT.findall(entry.translation)
    for slot in sorted(set(slots) - set(translated)):
        yield f"{{{slot}}} of the English is missing; add it to the translation"
    yield from wording_faults(entry.translation, frozenset(slots))
    if "\n" in entry.translation and "\n" not in entry.english:
        yield "a new line that the English does not have; remove it"


def _doubtful(mark: Mark, entry: Entry, glossary: Glossary, language: str) -> Iterator[Fault]:
    if entry.translation == entry.english and not glossary.stays(entry.english, language):
        yield mark.fault(
            f"{entry.context} is the same as the English; translate it, or mark its words in glossary.yaml"
        )
    for term in glossary.missed(entry.context, entry.english, entry.translation, language):
        words = ", ".join(f"{stem}…" for stem in glossary.stems[language][term])
        yield mark.fault(
            f"{entry.context}: the English says {term!r}, the translation none of: {words}; use the agreed word, or say"
            " under `without` in glossary.yaml why not"
        )
    for word in MIXED.findall(SLOT.sub(" ", entry.translation)):
        yield mark.fault(
            f"{entry.context}: {word!r} has Latin and Cyrillic letters in one word; write it in one script"
        )


Reader = Callable[[str], Translation]
"""Returns the translation of a language, given its base code."""


def reader(root: Path, wanted: Wanted) -> Reader:
    """Return a reader that reads each language once, when it is first needed."""
    known: dict[str, Translation] = {}

    def of(language: str) -> Translation:
        if language not in known:
            known[language] = read(root, language, wanted)
        return known[language]

    return of
