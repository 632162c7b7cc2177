"""Load the content of one country at the start, and print its book in every complete language."""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from helpline.content.country import Country, in_use
from helpline.content.country_file import CountryData
from helpline.content.gazetteer import Places
from helpline.content.language_pack import (
    emergency_in,
    local_of,
    numbers_of,
    readable_lines,
    settings_abroad,
    settings_of,
)
from helpline.content.reviews import Mark as ReviewMark
from helpline.content.reviews import Reviews, reading_command
from helpline.content.sms_fit import sms_misfits
from helpline.content.sources import ROOT, Sources, load_country, read_sources, version_of
from helpline.core import log
from helpline.core.config import Config
from helpline.core.languages import SOURCE, base_of
from menus.book import Book, Misfit
from menus.faults import ContentFaults, Fault, Mark
from menus.keywords import Keywords
from menus.parse import Parsed
from menus.render import print_book, reprint


@dataclass(frozen=True, slots=True)
class Content:
    """The loaded content: the book, the country, the keywords of SMS, and the place of each text in the files."""

    book: Book
    country: CountryData
    keywords: Keywords
    parsed: Parsed
    reviews: tuple[ReviewMark, ...]
    signers: Mapping[str, tuple[str, ...]]
    """Who must sign each screen that somebody must sign."""
    places: Places
    abroad: Mapping[str, Book]
    """The same book with the numbers that work in each country of work; at "" with those that work in most."""

    @property
    def matching(self) -> Country:
        """The country's data that matching needs, with its places."""
        return replace(self.country.for_matching, places=self.places)


def load(config: Config, root: Path = ROOT) -> Content:
    """Load the content of a country. Incomplete languages are left out and logged.

    Raise `ContentFaults` if the English has faults, or if no language but English is complete.
    """
    return usable(*compose(config, read_sources(root)))


def usable(content: Content, incomplete: Mapping[str, Sequence[Fault]]) -> Content:
    """Return the content, and log each language that is left out. Raise `ContentFaults` if only English is complete."""
    for language in incomplete:
        log.event("language_left_out", level=logging.WARNING, language=language)
    if incomplete and not set(content.book.languages) - {SOURCE}:
        raise ContentFaults(fault for faults in incomplete.values() for fault in faults)
    return content


def compose(config: Config, sources: Sources) -> tuple[Content, dict[str, list[Fault]]]:
    """Return the content of a country in its complete languages, and the faults of each incomplete language.

    Raise `ContentFaults` if the English cannot be shown.
    """
    languages = load_country(sources.root, config.country, config.languages).languages
    incomplete = {language: faults for language in languages if (faults := _unready(sources, language))}
    while True:
        content, misfits = print_content(config, sources, incomplete)
        if not misfits:
            return content, incomplete
        too_long = [(misfit.language, fault_of(sources, misfit)) for misfit in misfits]
        if any(language == SOURCE for language, _ in too_long):
            raise ContentFaults(fault for _, fault in too_long)
        for language, fault in too_long:
            incomplete.setdefault(language, []).append(fault)


def print_content(config: Config, sources: Sources, without: Collection[str] = ()) -> tuple[Content, list[Misfit]]:
    """Return the content of a country in all languages that have words, complete or not, and what does not fit.

    A text without a translation is in English.
    """
    country, tree = load_country(sources.root, config.country, config.languages), sources.parsed.tree
    settings = settings_of(config, country)
    offered = [code for code in country.languages if code not in without and not _missing_words(sources, code)]
    locals_ = {code: local_of(sources, code, country, offered, settings) for code in offered}
    misfits: list[Misfit] = []
    book = print_book(tree, locals_, settings, version_of(sources.digest, config.languages), misfits.append)
    misfits += sms_misfits(book)
    book = book if country.sms_topics else book.without_topics()
    keywords = Keywords.of(sources.keywords, tuple(map(base_of, country.languages)))
    abroad = _books_abroad(country, book, settings)
    places = sources.places(country)
    content = Content(book, country, keywords, sources.parsed, sources.reviews, sources.signers, places, abroad)
    return content, misfits


def _books_abroad(country: CountryData, book: Book, settings: Mapping[str, str]) -> dict[str, Book]:
    """Return the book for callers in each country of work. Countries with the same numbers share one."""
    made = dict[str, Book]()
    found = dict[str, Book]()
    for place in ("", *(each.code for each in country.abroad)):
        there = settings_abroad(country, place)
        if there["sos"] not in made:
            own = {code: _numbers_abroad(country, book.notices[code], place) for code in book.languages}
            made[there["sos"]] = reprint(book, {**settings, **there}, own)
        found[place] = made[there["sos"]]
    return found


def _numbers_abroad(country: CountryData, notices: Mapping[str, str], place: str) -> dict[str, str]:
    """Return what a caller in a country of work reads in place of the numbers of home, in one language."""
    lines = readable_lines(country, notices, abroad=True)
    return {"numbers": numbers_of(emergency_in(country, place), notices), "lines": lines}


def _unready(sources: Sources, language: str) -> list[Fault]:
    """Return what a language lacks before any screen can be printed in it."""
    base, top = base_of(language), Mark("content/words.yaml", 1, 1)
    faults = [top.fault(f"{section} has no words in {base}; add them") for section in _missing_words(sources, language)]
    return faults + list(sources.translation(base).faults if base != SOURCE else ())


def _missing_words(sources: Sources, language: str) -> list[str]:
    return [section for section in ("caller", "ours") if not sources.words[section].get(base_of(language))]


def reviews_of(texts: Content) -> Reviews:
    """Return the reviews as production reads them: what has no mark may not be sent."""
    marked = texts.country.marked_numbers
    return Reviews(texts.book, texts.reviews, all_allowed=False, signers=texts.signers, marked_numbers=marked)


def blockers(config: Config, texts: Content) -> list[str]:
    """Return why production must not use this content: numbers that are not verified, texts that are not reviewed."""
    if config.demo:
        return []
    not_reviewed = list(reviews_of(texts).missing())
    file = f"content/countries/{config.country.lower()}.yaml"
    unverified = ", ".join(texts.country.unverified)
    return [
        *([f"{file}: not verified (R19): {unverified}; call each, then add `verified`"] if unverified else []),
        *([f"{file}: bridge is not verified (R10): do not set KOMEK_BRIDGE (docs/decisions/0014-bridged-calls.md)"]
          if config.bridge and in_use(texts.matching.trunk, config) is None else []),
        *_by_language(not_reviewed, config.country),
    ]  # fmt: skip


HOW_TO_REVIEW = (
    "content/reviews.yaml: in the checkout, each of these commands shows the texts, and with --write records who read "
    "them; `./komek translate marks --write` adds the reviews of the console; KOMEK_LANGUAGES offers fewer languages"
)


def _by_language(not_reviewed: Iterable[tuple[str, str]], country: str) -> Iterator[str]:
    """Yield a line for each language. One for each text would be more than a hundred, and hide the other reasons."""
    topics: dict[str, Counter[str]] = {}
    for text, language in not_reviewed:
        topics.setdefault(language, Counter())[text.partition(".")[0]] += 1
    for language, count in topics.items():
        named = ", ".join(f"{topic} {number}" for topic, number in count.items())
        yield (
            f"content/reviews.yaml: {count.total()} texts in {language} are not reviewed (R13): {named}; "
            f"`{reading_command(language, country)}`"
        )
    if topics:
        yield HOW_TO_REVIEW


def fault_of(sources: Sources, misfit: Misfit) -> Fault:
    """Return a misfit as a fault at the place of the text: in the translation if there is one, else in the English."""
    base = base_of(misfit.language)
    translated = None if base == SOURCE else sources.translation(base).mark(misfit.path)
    mark = translated or sources.parsed.marks.get(misfit.path) or Mark("content", 1, 1)
    return mark.fault(f"[{misfit.language}] {misfit.path if translated else ''} {misfit.what}")
