"""What the console says, in every language that has it. Apart from what callers are shown, and from whether a language
is whole for them: a caseworker can do with a page in English, a caller cannot.

A *section* (`account`, `frame` …) is whole in a language or is shown in English, so that no page mixes languages.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpline.content import catalogs
from helpline.content.catalogs import Translation, Wanted
from helpline.content.translatable import worded
from helpline.core.languages import LANGUAGES, SOURCE, base_of
from menus.book import Catalog, fill
from menus.faults import ContentFaults, Fault, Mark
from menus.reading import said_wrongly
from menus.yaml_marks import Leaf, Node, Table, load

FILES = "console/*.yaml"
"""One file a page; `frame.yaml` has what stands on all."""
ABOVE = "console."
SLOTS = frozenset({"agent", "count", "login", "name", "secret", "when", "zone"})
"""Placeholders that pages fill."""
EVERYWHERE = (SOURCE, "ru")
"""The languages that the console has in every country."""


@dataclass(frozen=True, slots=True)
class ConsoleTexts:
    """All texts of the console. `whole`: the sections that a language has all of."""

    english: Mapping[str, str]
    catalogs: Mapping[str, Catalog]
    whole: Mapping[str, frozenset[str]]
    order: Sequence[str]

    @property
    def languages(self) -> Sequence[str]:
        """The languages to choose from: those in which at least the frame can be shown."""
        return [each for each in self.order if each == SOURCE or "frame" in self.whole[each]]

    def spoken(self, language: str, section: str) -> str:
        """Give the language in which a section is shown to somebody who reads `language`."""
        return language if section in self.whole.get(language, frozenset()) else SOURCE

    def say(self, language: str, name: str, values: Mapping[str, str] | None = None) -> str:
        """Give a text (`account.title`). Raises `KeyError` where there is none: a fault of ours."""
        path, english = f"{ABOVE}{name}", self.english[f"{ABOVE}{name}"]
        said = english
        if self.spoken(language, name.partition(".")[0]) != SOURCE:
            said = self.catalogs[language].get((path, english), english)
        return fill(said, values) if values else said


def wanted(root: Path) -> Wanted:
    """Read the English, each text with its place. Raises `ContentFaults`."""
    found, faults = dict[str, tuple[str, Mark]](), list[Fault]()
    for file in sorted(root.glob(FILES)):
        for path, (said, mark) in _read(f"content/{file.relative_to(root).as_posix()}", file, faults):
            first = found.setdefault(path, (said, mark))[1]
            wrong = _wrong(said) if first is mark else [f"stands in {first.file} too; keep one of them"]
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
    return said_wrongly(english, SLOTS) if english.strip() else ["empty; write the text"]


def _leaves(above: str, node: Node) -> Iterator[tuple[str, tuple[str, Mark]]]:
    if isinstance(node, Table):
        for word, inner in node.values.items():
            yield from _leaves(f"{above}.{word}" if above else word, inner)
    elif isinstance(node, Leaf):
        yield above, (node.text, node.mark)


def read(root: Path, countrys: Sequence[str] = ()) -> ConsoleTexts:
    """Read the texts in English, Russian and the languages of a country. Raises `ContentFaults` for bad English."""
    texts = wanted(root)
    own = (base for each in countrys if (base := base_of(each)) in LANGUAGES)
    order = tuple(dict.fromkeys((*EVERYWHERE, *own)))
    said = {each: _usable(translation(root, each, texts)) for each in order if each != SOURCE}
    whole = {each: _whole(texts, said[each]) for each in said} | {SOURCE: _sections(texts)}
    return ConsoleTexts({path: english for path, (english, _) in texts.items()}, said, whole, order)


def translation(root: Path, language: str, texts: Wanted) -> Translation:
    """Read the console's part of a PO file, with what is wrong with it; what is missing is no fault."""
    return catalogs.read(root, language, texts, ABOVE)


def faults(root: Path, languages: Iterable[str]) -> set[Fault]:
    """Name what is wrong with the texts and their translations. What is not translated is no fault, but in Russian."""
    texts = wanted(root)
    found = {each: translation(root, each, texts) for each in languages}
    lacking = _missing(texts, found["ru"].catalog) if "ru" in found else ()
    return {fault for each in found.values() for fault in (*each.faults, *each.stale)} | set(lacking)


def _missing(texts: Wanted, said: Catalog) -> Iterator[Fault]:
    """Name what Russian lacks: the console has it in every country, so it has to be whole."""
    for path, (english, mark) in texts.items():
        if worded(english) and (path, english) not in said:
            yield mark.fault(f"{path} has no translation into ru, in which every country has the console; add it")


def _usable(found: Translation) -> Catalog:
    """Give what is right: a text with a wrong placeholder counts as missing."""
    bad = {fault.line for fault in found.faults}
    return {entry.key: entry.said for entry in found.po.entries if entry.key in found.catalog and entry.line not in bad}


def _sections(texts: Wanted) -> frozenset[str]:
    return frozenset(path.split(".")[1] for path in texts)


def _whole(texts: Wanted, said: Catalog) -> frozenset[str]:
    lacking = {
        path.split(".")[1] for path, (english, _) in texts.items() if worded(english) and (path, english) not in said
    }
    return _sections(texts) - lacking
