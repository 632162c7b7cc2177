"""`komek check`: find all faults of the content at once. CI runs it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from helpline.authoring.room import MOST_PAGES
from helpline.authoring.safe_wording import directory_names, texts_that_need_an_adult, unsafe_texts
from helpline.authoring.sms_topics import unsafe_topics
from helpline.authoring.unsaid import (
    old_exceptions,
    read_unsaid,
    unsaid_in_country,
    unsaid_words,
    waiting_exceptions,
)
from helpline.commands.menus import summary
from helpline.content import browser_texts, catalogs, console_texts, phone_texts, sentences
from helpline.content.catalogs import texts_on
from helpline.content.glossary import Glossary
from helpline.content.language_pack import catalog_of
from helpline.content.loading import Content, compose, fault_of, print_content
from helpline.content.sentences import Heard
from helpline.content.sources import ROOT, Sources, countries, read_sources, texts_of
from helpline.content.yaml_files import read_yaml
from helpline.core.call_windows import ONE_DAY, PARTS
from helpline.core.config import Config
from helpline.core.languages import SOURCE, base_of
from helpline.directory.sample import sample
from menus.book import SENTENCES, SLOT, Misfit
from menus.faults import ContentFaults, Fault, Mark
from menus.keywords import Keywords, collisions
from menus.proof import prove
from menus.salt import CALLER_WORDS
from menus.tree import Statement

ROOTS = (
    "sms.ask",
    "sms.ask_again",
    "sms.ask_any",
    *(f"sms.ask_{part}" for part in PARTS),
    "sms.ask_after_18",
    "sms.ask_after_19",
    "sms.ask_tomorrow",
    *(f"sms.ask_{day}_{part}" for day in ONE_DAY for part in PARTS),
    "sms.danger",
    "sms.danger_again",
    "sms.close",
    "sms.close_again",
    "sms.close_danger",
    "sms.close_danger_again",
    "sms.close_danger_language",
    "sms.close_language",
    "sms.over",
    "sms.danger_over",
    "sms.close_over",
    "sms.close_danger_over",
    "sms.time",
    "sms.language",
    "sms.danger_language",
    "sms.topics",
    "start.cannot_ring",
    "start.not_stored",
    "start.not_changed",
    "start.dial_anew",
)
"""Screens that no key leads to: the service shows them, or an SMS dialogue begins there."""
FEW = 5


@dataclass(frozen=True, slots=True)
class Survey:
    """The result of a check."""

    faults: list[Fault]
    loaded: dict[str, Content]
    """The content of each country that could be loaded."""
    heard: list[Heard]
    """How well the texts of callers are understood, in each language."""
    doubts: list[Fault]
    """Texts that are no fault but that an author should change or accept: warnings."""
    waiting: list[Fault]
    """Exceptions that wait for a reviewer. `komek check --verbose` lists them: they are work for people, no warning."""


def survey(root: Path = ROOT) -> Survey:
    """Check the content of all countries. Files that they share are read once."""
    try:
        sources = read_sources(root)
        names = directory_names(root)
        found = {*prove(sources.parsed, ROOTS)}
        found |= {stale for each in _translations(sources, root) for stale in each.stale}
        for part in (console_texts.PART, phone_texts.PART):
            found |= browser_texts.faults(root, _bases(root), part)
        found |= {*unsaid_words(sources)}
        found |= {*crowded_sentences(sources, _bases(root))}
        heard = sentences.measure(Keywords.of(sources.keywords).lexicon, root)
        found |= {*sentences.faults(heard, [SOURCE, *_bases(root)])}
    except ContentFaults as error:
        return Survey(list(error.faults), {}, [], [], [])
    except (LookupError, TypeError, ValueError) as error:
        return Survey([_crash("", error)], {}, [], [], [])
    loaded: dict[str, Content] = {}
    for code in countries(root):
        try:
            content, lacking = compose(Config(country=code), sources)
            found |= {fault for faults_ in lacking.values() for fault in faults_} | set(_long(code, sources, lacking))
            found |= {
                *unsafe_texts(content, names),
                *unsafe_topics(content, read_unsaid(root), names),
                *texts_that_need_an_adult(content),
                *unsaid_in_country(sources, content.country),
                *startup_faults(content, sources),
            }
            loaded[code] = content
        except ContentFaults as error:
            found |= set(error.faults)
        except (LookupError, RuntimeError, StopIteration, TypeError, ValueError) as error:
            found.add(_crash(f"[{code}] ", error))
    cut = {fault for content in loaded.values() for fault in cut_sentences(content, sources)}
    waiting = sorted({*waiting_exceptions(sources)})
    return Survey(sorted(found), loaded, heard, [*doubts(root, sources), *sorted(cut)], waiting)


def cut_sentences(content: Content, sources: Sources) -> Iterator[Fault]:
    """Yield each page that ends in mid-sentence where the author set no mark: half of it can say the opposite.

    Callers abroad read other numbers, so their pages may end elsewhere.
    """
    texts = [(name, each) for name, each in content.parsed.tree.screens.items() if isinstance(each, Statement)]
    printers = [pair for book in (content.book, *content.abroad.values()) for pair in book.printers.items()]
    for language, printer in printers:
        for name, screen in texts:
            for number, word in printer.unfinished(screen):
                what = f"ends page {number} in mid-sentence, after “{word}”; shorten the sentence, or write | there"
                yield fault_of(sources, Misfit(name, language, what))


def crowded_sentences(sources: Sources, languages: Collection[str]) -> Iterator[Fault]:
    """Yield each sentence with `{direct}` and another placeholder.

    Where there is no such line, and abroad, the sentence is left out, and must take nothing else with it.
    """
    for path, english in texts_of(sources.parsed).items():
        for language in (SOURCE, *languages):
            translation = None if language == SOURCE else sources.translation(language)
            said = translation.catalog.get((path, english), "") if translation else english
            if any({"direct"} < {*SLOT.findall(sentence)} for sentence in SENTENCES.split(said)):
                mark = (translation.mark(path) if translation else None) or sources.parsed.marks[path]
                yield mark.fault(f"[{language}] {path}: {{direct}} needs a sentence without other placeholders")


def _long(code: str, sources: Sources, lacking: Collection[str]) -> Iterator[Fault]:
    """Yield the screens that are too long in incomplete languages, if every text of the screen is translated."""
    misfits = print_content(Config(country=code), sources)[1] if lacking else []
    for misfit in misfits:
        catalog = catalog_of(sources, misfit.language)
        on_it = [key for key in texts_on(sources.parsed.tree, misfit.path) if key[0] in sources.wanted]
        if misfit.language in lacking and on_it and all(key in catalog for key in on_it):
            yield fault_of(sources, misfit)


def _crash(where: str, error: Exception) -> Fault:
    what = f"{where}{type(error).__name__}: {error}; something that Komek needs is missing or misspelt"
    return Mark("content", 1, 1).fault(what)


def startup_faults(content: Content, sources: Sources) -> Iterator[Fault]:
    """Yield faults in everything else that a process reads at its start or during a call."""
    yield from collisions(sources.keywords, {base_of(each) for each in content.country.languages})
    sample(
        content.country.code, content.country.zone, datetime.now(ZoneInfo(content.country.zone)).date(), sources.root
    )
    yield from _many_pages(content)
    consent, start = content.parsed.marks["consent"], content.parsed.marks["start"]
    for language, local in content.book.locals.items():
        if summary.to_request(content.book, language) is None:
            yield consent.fault(f"[{language}] a caller cannot make a request with {summary.MOST} keys or fewer (R28)")
        if summary.to_emergency(content.book, language) is None:
            yield start.fault(
                f"[{language}] a caller cannot reach the emergency number with {summary.MOST} keys or fewer (R19)"
            )
        words = {word for _, word in local.lists["words"]}
        if len(words) != CALLER_WORDS or len(local.lists["words"]) != CALLER_WORDS or words & set(local.our_words):
            what = f"[{language}] callers need {CALLER_WORDS} different words that are not words of services (R6)"
            yield Mark("content/words.yaml", 1, 1).fault(what)


def _many_pages(content: Content) -> Iterator[Fault]:
    """Yield each text to read with more pages than callers turn."""
    screens = content.parsed.tree.screens
    for language, pages in content.book.pages.items():
        for name, of in pages.items():
            text = name.partition("@")[0]  # `start.there@RU`: the pages of one country
            if isinstance(screens[text], Statement) and len(of) > MOST_PAGES:
                what = f"[{language}] takes {len(of)} pages, but callers read {MOST_PAGES} at most; shorten it"
                yield content.parsed.marks[text].fault(what)


def doubts(root: Path = ROOT, sources: Sources | None = None) -> list[Fault]:
    """Return texts that are no fault but that an author should change or accept.

    They are translations that equal the English or lack a word of the glossary, words that mix two scripts, and
    exceptions for a former wording.
    """
    sources, glossary = sources or read_sources(root), Glossary.of(read_yaml(root / "glossary.yaml"))
    doubtful = {doubt for each in _translations(sources, root) for doubt in each.doubts(glossary)}
    return sorted(doubtful | {*old_exceptions(sources)})


def warnings(found: Sequence[Fault]) -> Iterator[str]:
    """Yield the first few doubts of each file, and the number of the others."""
    for file, rows in groupby(found, key=lambda doubt: doubt.file):
        few = list(rows)
        yield from (f"warning: {doubt}" for doubt in few[:FEW])
        if len(few) > FEW:
            yield f"warning: {file}: and {len(few) - FEW} more like these"


def awaiting(found: Sequence[Fault], *, verbose: bool) -> Iterator[str]:
    """Yield each exception that waits for a reviewer, or their number."""
    if verbose:
        yield from (str(each) for each in found)
    elif found:
        yield f"{len(found)} exceptions wait for a reviewer; `komek check --verbose` lists them"


def _bases(root: Path) -> list[str]:
    return [path.parent.parent.name for path in sorted((root / "locale").glob("*/LC_MESSAGES/content.po"))]


def _translations(sources: Sources, root: Path) -> Iterator[catalogs.Translation]:
    for language in _bases(root):
        yield sources.translation(language)
