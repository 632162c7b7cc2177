"""The texts of the console, in every language that has them.

They are separate from the texts to callers, and a language can be complete for callers without them. A caseworker can
use a page in English, a caller cannot. If a *section* (`account`, `frame` …) is not complete in a language, it is shown
in English, so that no page mixes languages.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpline.content import catalogs
from helpline.content.catalogs import CONSOLE, Translation, Wanted
from helpline.content.translatable import worded
from helpline.core.languages import LANGUAGES, SOURCE, base_of
from menus.book import Catalog, fill
from menus.faults import ContentFaults, Fault, Mark
from menus.reading import wording_faults
from menus.yaml_marks import Leaf, Node, Table, load

FILES = "console/*.yaml"
"""One file for each page. `frame.yaml` has the texts of all pages."""
SLOTS = frozenset({"agent", "count", "login", "name", "secret", "when", "zone"})
"""Placeholders that pages fill."""
EVERYWHERE = (SOURCE, "ru")
"""The console's languages in every country."""


@dataclass(frozen=True, slots=True)
class ConsoleTexts:
    """All texts of the console."""

    english: Mapping[str, str]
    catalogs: Mapping[str, Catalog]
    complete: Mapping[str, frozenset[str]]
    """Language → the sections that are complete in it."""
    order: Sequence[str]
    """The languages, in the order of the choice."""

    @property
    def languages(self) -> Sequence[str]:
        """The languages to choose from. At least the frame must be complete in them."""
        return [code for code in self.order if code == SOURCE or "frame" in self.complete[code]]

    def language_of(self, language: str, section: str) -> str:
        """Return the language in which a section is shown to a person who reads `language`."""
        return language if section in self.complete.get(language, frozenset()) else SOURCE

    def say(self, language: str, name: str, values: Mapping[str, str] | None = None) -> str:
        """Return a text (`account.title`). Raise `KeyError` if it does not exist, which is a programming error."""
        path, english = f"{CONSOLE}{name}", self.english[f"{CONSOLE}{name}"]
        said = english
        if self.language_of(language, name.partition(".")[0]) != SOURCE:
            said = self.catalogs[language].get((path, english), english)
        return fill(said, values) if values else said


def wanted(root: Path) -> Wanted:
    """Read the English texts with their places. Raise `ContentFaults` if they are not valid."""
    found, faults = dict[str, tuple[str, Mark]](), list[Fault]()
    for file in sorted(root.glob(FILES)):
        for path, (said, mark) in _read(f"content/{file.relative_to(root).as_posix()}", file, faults):
            first = found.setdefault(path, (said, mark))[1]
            wrong = _wrong(said) if first is mark else [f"is also in {first.file}; keep one of them"]
            faults += [mark.fault(f"{path}: {what}") for what in wrong]
    if faults or not found:
        raise ContentFaults(faults or [Fault(f"content/{FILES}", 1, 1, "the console has no texts")])
    return found


def _read(name: str, file: Path, faults: list[Fault]) -> Iterator[tuple[str, tuple[str, Mark]]]:
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(name, 1, 1, f"cannot be read ({type(error).__name__})"))
    else:
        yield from _leaves("", load(name, text, faults))


def _wrong(english: str) -> list[str]:
    return wording_faults(english, SLOTS) if english.strip() else ["is empty; write the text"]


def _leaves(above: str, node: Node) -> Iterator[tuple[str, tuple[str, Mark]]]:
    if isinstance(node, Table):
        for word, inner in node.values.items():
            yield from _leaves(f"{above}.{word}" if above else word, inner)
    elif isinstance(node, Leaf):
        yield above, (node.text, node.mark)


def read(root: Path, country_languages: Sequence[str] = ()) -> ConsoleTexts:
    """Read the texts in English, Russian and the languages of a country.

    Raise `ContentFaults` if the English is not valid.
    """
    texts = wanted(root)
    own = (base for code in country_languages if (base := base_of(code)) in LANGUAGES)
    order = tuple(dict.fromkeys((*EVERYWHERE, *own)))
    said = {code: _usable(translation(root, code, texts)) for code in order if code != SOURCE}
    complete = {code: _complete(texts, said[code]) for code in said} | {SOURCE: _sections(texts)}
    return ConsoleTexts({path: english for path, (english, _) in texts.items()}, said, complete, order)


def translation(root: Path, language: str, texts: Wanted) -> Translation:
    """Read the console's part of a PO file with its faults. A missing text is not a fault."""
    return catalogs.read(root, language, texts, CONSOLE)


def faults(root: Path, languages: Iterable[str]) -> set[Fault]:
    """Return the faults of the texts and their translations. A missing translation is a fault in Russian only."""
    texts = wanted(root)
    found = {code: translation(root, code, texts) for code in languages}
    missing = _missing(texts, found["ru"].catalog) if "ru" in found else ()
    return {fault for each in found.values() for fault in (*each.faults, *each.stale)} | set(missing)


def _missing(texts: Wanted, said: Catalog) -> Iterator[Fault]:
    """Yield a fault for each missing Russian text. Every country has the console in Russian, so it must be complete."""
    for path, (english, mark) in texts.items():
        if worded(english) and (path, english) not in said:
            yield mark.fault(f"{path} has no Russian translation, which the console needs in every country; add it")


def _usable(found: Translation) -> Catalog:
    """Return the translations without faults. A text with a wrong placeholder counts as missing."""
    bad = {fault.line for fault in found.faults}
    return {
        entry.key: entry.translation
        for entry in found.po.entries
        if entry.context.startswith(CONSOLE) and entry.key in found.catalog and entry.line not in bad
    }


def _sections(texts: Wanted) -> frozenset[str]:
    return frozenset(path.split(".")[1] for path in texts)


def _complete(texts: Wanted, said: Catalog) -> frozenset[str]:
    incomplete = {
        path.split(".")[1] for path, (english, _) in texts.items() if worded(english) and (path, english) not in said
    }
    return _sections(texts) - incomplete
