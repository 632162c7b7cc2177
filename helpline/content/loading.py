"""Prints the book of one country from what was read of `content/`, once at the start, in its whole languages."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from helpline.content.country import Country, in_use
from helpline.content.country_file import CountryData
from helpline.content.gazetteer import Places
from helpline.content.language_pack import local_of, settings_of
from helpline.content.reviews import Mark as ReviewMark
from helpline.content.reviews import Reviews
from helpline.content.sms_fit import sms_misfits
from helpline.content.sources import ROOT, Sources, load_country, read_sources
from helpline.core import log
from helpline.core.config import Config
from helpline.core.languages import SOURCE, base_of
from menus.book import Book, Misfit
from menus.faults import ContentFaults, Fault, Mark
from menus.keywords import Keywords
from menus.parse import Parsed
from menus.render import print_book


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


def placed(sources: Sources, misfit: Misfit) -> Fault:
    """Say where a text is too long: in the translation, if it is one."""
    base = base_of(misfit.language)
    there = None if base == SOURCE else sources.translation(base).mark(misfit.path)
    mark = there or sources.parsed.marks.get(misfit.path) or Mark("content", 1, 1)
    return mark.fault(f"[{misfit.language}] {misfit.path if there else ''} {misfit.what}")
