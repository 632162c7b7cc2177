"""Texts that people read in a browser: the console's, and those of the demo's page with two phones.

Callers never see them: they need no room on a screen and no review, and callers are offered a language without them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from helpline.content import catalogs
from helpline.content.catalogs import Translation, Wanted
from helpline.content.translatable import worded
from menus.book import Catalog
from menus.faults import ContentFaults, Fault, Mark
from menus.reading import wording_faults
from menus.yaml_marks import Leaf, Node, Table, load


@dataclass(frozen=True, slots=True)
class Part:
    """A part of these texts."""

    prefix: str
    """How the paths of its texts begin."""
    files: str
    """The files with its English, as a pattern below `content/`."""
    slots: frozenset[str]
    """Placeholders that the pages fill."""
    what: str
    """What has these texts, for error texts."""


def wanted(root: Path, part: Part) -> Wanted:
    """Read the English texts with their places. Raise `ContentFaults` if they are not valid."""
    found, faults = dict[str, tuple[str, Mark]](), list[Fault]()
    for file in sorted(root.glob(part.files)):
        for path, (said, mark) in _read(f"content/{file.relative_to(root).as_posix()}", file, faults):
            first = found.setdefault(path, (said, mark))[1]
            wrong = _wrong(said, part) if first is mark else [f"is also in {first.file}; keep one of them"]
            faults += [mark.fault(f"{path}: {what}") for what in wrong]
    if faults or not found:
        raise ContentFaults(faults or [Fault(f"content/{part.files}", 1, 1, f"{part.what} has no texts")])
    return found


def _read(name: str, file: Path, faults: list[Fault]) -> Iterator[tuple[str, tuple[str, Mark]]]:
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(name, 1, 1, f"cannot be read ({type(error).__name__})"))
    else:
        yield from _leaves("", load(name, text, faults))


def _wrong(english: str, part: Part) -> list[str]:
    return wording_faults(english, part.slots) if english.strip() else ["is empty; write the text"]


def _leaves(above: str, node: Node) -> Iterator[tuple[str, tuple[str, Mark]]]:
    if isinstance(node, Table):
        for word, inner in node.values.items():
            yield from _leaves(f"{above}.{word}" if above else word, inner)
    elif isinstance(node, Leaf):
        yield above, (node.text, node.mark)


def translation(root: Path, language: str, texts: Wanted, part: Part) -> Translation:
    """Read one part of a PO file with its faults. A missing text is not a fault."""
    return catalogs.read(root, language, texts, part.prefix)


def usable(found: Translation, part: Part) -> Catalog:
    """Return the translations without faults. A text with a wrong placeholder counts as missing."""
    bad = {fault.line for fault in found.faults}
    return {
        entry.key: entry.translation
        for entry in found.po.entries
        if entry.context.startswith(part.prefix) and entry.key in found.catalog and entry.line not in bad
    }


def missing(texts: Wanted, said: Catalog) -> Iterator[tuple[str, Mark]]:
    """Yield the path and the place of each text that has words and no translation."""
    for path, (english, mark) in texts.items():
        if worded(english) and (path, english) not in said:
            yield path, mark


def faults(root: Path, languages: Iterable[str], part: Part) -> set[Fault]:
    """Return the faults of the texts and of their translations. A missing translation is a fault in Russian only.

    Every country has the console and the page of the demo in Russian.
    """
    texts = wanted(root, part)
    found = {code: translation(root, code, texts, part) for code in languages}
    what = f"has no Russian translation, which {part.what} needs in every country; add it"
    lacking = missing(texts, found["ru"].catalog) if "ru" in found else ()
    return {fault for each in found.values() for fault in (*each.faults, *each.stale)} | {
        mark.fault(f"{path} {what}") for path, mark in lacking
    }
