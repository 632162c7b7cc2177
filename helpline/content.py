"""Reads `content/` from disk, once at the start, and prints the book of one country.

Pure work is done by `menus`; here are only files, the country's data and the settings that stand in texts.
"""

import hashlib
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from helpline import catalogs, log
from helpline.config import Config
from helpline.country import CountryData
from helpline.directory import Country
from helpline.languages import SOURCE, base_of
from helpline.lists import lists_of
from helpline.places import FILE as PLACES
from helpline.places import Places
from helpline.places import read as read_places
from helpline.plain_yaml import read_yaml
from helpline.reviews import Mark as ReviewMark
from helpline.reviews import Reviews, marks_of
from helpline.sms_room import sms_misfits
from helpline.trunk import in_use
from menus.book import AT_HOP, Book, Catalog, Local, Misfit, fill
from menus.faults import ContentFaults, Fault, Mark
from menus.keywords import Keywords
from menus.parse import Parsed, read
from menus.render import print_book

ROOT = Path(__file__).parent.parent / "content"
SETTINGS = frozenset({"days", "emergency", "direct", "duty"})
LONGEST_NAME = 24
"""The most that the short name of a service may have (UCS-2 units)."""
IN_NOTICES = frozenset({
    "day", "from", "to", "offer", "place", "speaks", "need", "window", "others", "message", "name", "number",
    "count", "head",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """All that was read: the book, the country, the words that are heard in SMS, and where each text stands."""

    book: Book
    country: CountryData
    keywords: Keywords
    parsed: Parsed
    reviews: tuple[ReviewMark, ...]
    places: Places

    @property
    def matching(self) -> Country:
        """What matching needs to know of the country."""
        return replace(self.country.for_matching, places=self.places)


@dataclass(frozen=True, slots=True)
class Sources:
    """What is the same in every country, read once."""

    root: Path
    parsed: Parsed
    wanted: catalogs.Wanted
    words: Mapping[str, Mapping[str, list[str]]]
    keywords: Mapping[str, object]
    reviews: tuple[ReviewMark, ...]
    translation: catalogs.Reader
    digest: str
    gazetteers: dict[str, Places] = field(default_factory=dict)

    def places(self, country: CountryData) -> Places:
        """Give the places of a country, which are read once. Raises `OSError`, `KeyError`, `ValueError`."""
        if country.code not in self.gazetteers:
            names = {region.code: region.name for region in country.regions}
            self.gazetteers[country.code] = Places.load(self.root, country.code, names, country.languages)
        return self.gazetteers[country.code]


def read_sources(root: Path = ROOT) -> Sources:
    """Read the menus, the words, the marks. Raises `ContentFaults`."""
    parsed = read(_texts(root, "menus/*.yaml"), _texts(root, "notices.yaml"), AT_HOP | SETTINGS | IN_NOTICES)
    words, keywords, reviews = (read_yaml(root / f"{name}.yaml") for name in ("words", "keywords", "reviews"))
    wanted, marks = catalogs.wanted_of(parsed), marks_of(reviews["marks"])
    return Sources(root, parsed, wanted, words, keywords, marks, catalogs.reader(root, wanted), digest_of(root))


def load(config: Config, root: Path = ROOT) -> Content:
    """Read everything that a country offers. A language that is not whole is left out, and the log says which.

    Raises `ContentFaults` with every fault of the English, or of all languages where none but English is whole.
    """
    content, lacking = compose(config, read_sources(root))
    for language in lacking:
        log.event("language_left_out", level=logging.WARNING, language=language)
    if lacking and not set(content.book.languages) - {SOURCE}:
        raise ContentFaults(fault for faults in lacking.values() for fault in faults)
    return content


def compose(config: Config, sources: Sources) -> tuple[Content, dict[str, list[Fault]]]:
    """Give the content of a country in its whole languages, and the faults of each language that is not whole.

    Raises `ContentFaults` where the English itself cannot be shown.
    """
    languages = load_country(sources.root, config.country).languages
    lacking = {language: faults for language in languages if (faults := _unready(sources, language))}
    while True:
        content, misfits = written(config, sources, lacking)
        if not misfits:
            return content, lacking
        long = [(misfit.language, placed(sources, misfit)) for misfit in misfits]
        if any(language == SOURCE for language, _ in long):
            raise ContentFaults(fault for _, fault in long)
        for language, fault in long:
            lacking.setdefault(language, []).append(fault)


def written(config: Config, sources: Sources, without: Collection[str] = ()) -> tuple[Content, list[Misfit]]:
    """Set the languages of a country, whole or not, but those that have no words; and name what does not fit.

    Where a text is not translated, it stands in English.
    """
    country, tree = load_country(sources.root, config.country), sources.parsed.tree
    settings = settings_of(config, country)
    offered = [each for each in country.languages if each not in without and not _wordless(sources, each)]
    locals_ = {each: local_of(sources, each, country, offered, settings) for each in offered}
    misfits: list[Misfit] = []
    book = print_book(tree, locals_, settings, sources.digest, misfits.append)
    misfits += sms_misfits(book)
    keywords = Keywords.of(sources.keywords, tuple(map(base_of, country.languages)))
    content = Content(book, country, keywords, sources.parsed, sources.reviews, sources.places(country))
    return content, misfits


def _unready(sources: Sources, language: str) -> list[Fault]:
    """Say what a language lacks before any screen can be set in it."""
    base, top = base_of(language), Mark("content/words.yaml", 1, 1)
    faults = [top.fault(f"{each} has no words in {base}; add them") for each in _wordless(sources, language)]
    return faults + list(sources.translation(base).faults if base != SOURCE else ())


def _wordless(sources: Sources, language: str) -> list[str]:
    return [each for each in ("caller", "ours") if not sources.words[each].get(base_of(language))]


def unfit(config: Config, texts: Content) -> list[str]:
    """Say why this content must not meet a real caller: numbers that nobody verified, wordings that nobody read."""
    if config.demo:
        return []
    unread = Reviews(texts.book, texts.reviews, all_allowed=False).missing()
    file = f"content/countries/{config.country.lower()}.yaml"
    return [
        *(f"{file}: {n} is not verified (R19)" for n in texts.country.unverified),
        *([f"{file}: bridge is not verified (R10): leave KOMEK_BRIDGE out (docs/decisions/0014-bridged-calls.md)"]
          if config.bridge and in_use(texts.matching.trunk, config) is None else []),
        *(f"content/reviews.yaml: {text} has no review in {language} (R13)" for text, language in unread),
    ]  # fmt: skip


def countries(root: Path = ROOT) -> list[str]:
    """Give the codes of all countries that there is content for."""
    return sorted(path.stem.upper() for path in (root / "countries").glob("*.yaml"))


def load_country(root: Path, code: str) -> CountryData:
    """Read one country. Raises `ContentFaults`."""
    path = root / "countries" / f"{code.lower()}.yaml"
    if not path.exists():
        there = ", ".join(countries(root))
        raise ContentFaults(
            [Fault(f"content/countries/{path.name}", 1, 1, f"there is no country {code}; there are {there}")]
        )
    try:
        return CountryData.model_validate(read_yaml(path))
    except ValidationError as error:
        places = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)]
        raise ContentFaults([Fault(f"content/countries/{path.name}", 1, 1, what) for what in places]) from None


def settings_of(config: Config, country: CountryData) -> dict[str, str]:
    """Give the placeholders that are the same at every hop of one deployment."""
    return {
        "days": str(config.keep_days),
        "emergency": ", ".join(line.shown for line in country.emergency),
        "direct": country.direct_line.shown,
    }


def matching_of(root: Path, country: CountryData) -> Country:
    """Give what the console needs to know of a country: in which region a place lies, without searching by name.

    Raises `OSError`, `KeyError`, `ValueError`.
    """
    names = {region.code: region.name for region in country.regions}
    known = {place.id: place for place in read_places(root / PLACES, country.code, names)}
    return replace(country.for_matching, places=Places(known, {}))


def digest_of(root: Path) -> str:
    """Name this very content: the version that a consent is given to."""
    seen = hashlib.blake2b(digest_size=8)
    for path in sorted(p for p in root.rglob("*") if p.suffix in {".yaml", ".po", ".jsonl"}):
        seen.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()


def _texts(root: Path, pattern: str) -> dict[str, str]:
    return {path.relative_to(root.parent).as_posix(): path.read_text("utf-8") for path in sorted(root.glob(pattern))}


def catalog_of(sources: Sources, language: str) -> Catalog:
    """Give what a language says: (path, English) → translation; nothing for English itself."""
    base = base_of(language)
    return {} if base == SOURCE else sources.translation(base).catalog


def local_of(
    sources: Sources, language: str, country: CountryData, offered: Sequence[str], settings: Mapping[str, str],
    catalog: Catalog | None = None,
) -> Local:  # fmt: skip
    """Give what a language brings to a book; `offered` are all languages of the book, in their order."""
    base, words = base_of(language), sources.words
    catalog = catalog_of(sources, language) if catalog is None else catalog
    texts = sources.parsed.tree.notices
    notices = {name: catalog.get((t.path, t.english), t.english) for name, t in texts.items()}
    mine, ours, places = words["caller"][base], words["ours"][base], sources.places(country)
    own = {"duty": country.legal_duty.text[base] if country.legal_duty else ""}
    lists = lists_of(country, language, offered, notices, mine, places)
    weights = longest(notices, {**settings, **own}, mine, ours)
    return Local(catalog, lists, ours, weights, own, partial(_found, places, language))


def _found(places: Places, language: str, typed: str, region: str) -> list[tuple[str, str]]:
    return [(found.code, found.label) for found in places.search(typed, language, region or None)]


def longest(
    notices: Mapping[str, str], settings: Mapping[str, str], mine: list[str], ours: list[str]
) -> dict[str, str]:
    """Give the longest value of each placeholder that is filled at a hop."""
    values = {
        **settings, "drawn": "7", "code": "000000", "word": max(mine, key=len), "ours": max(ours, key=len),
        "day": "30.12", "from": "08:00", "to": "12:00", "number": "0" * 15, "name": "x" * LONGEST_NAME,
    }  # fmt: skip
    said = {name: fill(text, values) for name, text in notices.items()}
    for section in ("promise", "status", "clinic", "shows"):
        texts = (fill(text, values) for name, text in said.items() if name.startswith(f"{section}."))
        values[section] = max(texts, key=len, default="")
    return values


def texts_of(parsed: Parsed) -> dict[str, str]:
    """Give every text that is translated, by its path (its msgctxt)."""
    return {path: english for path, (english, _) in catalogs.wanted_of(parsed).items()}


def placed(sources: Sources, misfit: Misfit) -> Fault:
    """Say where a text is too long: in the translation, if it is one."""
    base = base_of(misfit.language)
    there = None if base == SOURCE else sources.translation(base).mark(misfit.path)
    mark = there or sources.parsed.marks.get(misfit.path) or Mark("content", 1, 1)
    return mark.fault(f"[{misfit.language}] {misfit.path if there else ''} {misfit.what}")
