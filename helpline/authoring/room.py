"""One language in one country, to try texts in: a text of so many letters is set in its place, by the same printer that
sets real screens. So nothing here knows how a screen is laid out.

How many letters a translation may have, so that every screen and SMS it stands in still fits.

Found by trying (`room`): a text of so many letters is set in its place among the other texts as they are translated
now; those that are not yet get their share of the screen.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from helpline.content.catalogs import texts_on
from helpline.content.country_file import CountryData
from helpline.content.language_pack import local_of, longest, settings_of
from helpline.content.sms_fit import most, sms_misfits
from helpline.content.sources import Sources, load_country
from helpline.content.translatable import worded
from helpline.core.config import Config
from helpline.core.languages import LANGUAGES, SOURCE
from menus.book import FROM_DATABASE, SLOT, Book, Catalog, Local
from menus.misfits import misfits
from menus.printer import Printer
from menus.tree import Choice, Fork, Shown, Statement

IN_SEPTETS = frozenset({"uz", "tk_gsm", SOURCE})
"""Languages whose letters are all in the GSM alphabet once folded, so that a screen holds 160 of them."""
IN_SMS = ("to_caller", "to_ngo", "windows", "answers", "needs")
MOST_PAGES = 6
"""A text to read may have so many pages, in any language: nobody presses 9 more often."""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Room:
    """One language in one country, to try texts in."""

    sources: Sources
    language: str
    country: CountryData
    settings: Mapping[str, str]
    local: Local
    plan: Mapping[Key, str]
    """What stands in every place while one text is tried."""
    shares: Mapping[Key, int]
    """What each text of a screen gets of it while the others are not translated yet; of a paged text, its room."""

    @classmethod
    def of(cls, sources: Sources, language: str, country: CountryData) -> Self:
        """Give a place to try texts in, where nothing is said yet."""
        settings = settings_of(Config(country=country.code), country)
        local = local_of(sources, language, country, country.languages, settings)
        return cls(sources, language, country, settings, local, {}, {})

    def filler(self, english: str, letters: int) -> str:
        """Make a text of so many letters, in words, with the placeholders of the English."""
        letter = "x" if self.language in IN_SEPTETS else "Ы"
        words = ["".join(" " if at % 9 == 8 and at < letters - 1 else letter for at in range(letters))]
        return "".join([*words, *(f"{{{slot}}}" for slot in SLOT.findall(english))])

    def printer(self, catalog: Catalog, path: str = "") -> Printer:
        """Give a printer that says what `catalog` says; `path` is the text that differs from the plan."""
        local, texts = self.local, self.sources.parsed.tree.notices
        if path.partition(".")[0] in (*FROM_DATABASE, "needs"):
            said = {name: catalog.get((t.path, t.english), t.english) for name, t in texts.items()}
            needs = [(name.removeprefix("needs."), text) for name, text in said.items() if name.startswith("needs.")]
            hers = [word for _, word in local.lists["words"]]
            longer = longest(said, {**self.settings, **local.own}, hers, list(local.ours))
            local = replace(local, lists={**local.lists, "needs": needs}, longest=longer)
        return Printer(self.sources.parsed.tree, self.language, replace(local, catalog=catalog), self.settings)

    def laid(self, catalog: Catalog, names: Sequence[str], path: str = "") -> tuple[int, set[str]]:
        """Set some screens: how many pages they have, and which of them do not fit."""
        printer, screens = self.printer(catalog, path), self.sources.parsed.tree.screens
        shown: dict[str, Shown] = {n: s for n in names if not isinstance(s := screens[n], Fork)}
        pages = {name: printer.set(screen) for name, screen in shown.items()}
        wrong = {misfit.path for misfit in misfits(printer, shown, pages)}
        return sum(map(len, pages.values())), wrong

    def by_sms(self, catalog: Catalog, path: str) -> set[str]:
        """Name the SMS that do not fit."""
        printer = self.printer(catalog, path)
        notices = {name: printer.say(text) for name, text in printer.tree.notices.items()}
        tongue, local = self.language, printer.local
        return {
            each.path for each in sms_misfits(Book(printer.tree, (tongue,), {tongue: local}, {}, {tongue: notices}, ""))
        }

    def fits(self, key: Key, names: Sequence[str]) -> Callable[[int], bool]:
        """Give a test for a number of letters: no more misfits and pages than a text as long as the English makes."""
        path, english = key

        def tried(letters: int) -> tuple[int, set[str]]:
            catalog = {**self.plan, key: self.filler(english, letters)}
            pages, wrong = self.laid(catalog, names, path)
            return pages, wrong | (self.by_sms(catalog, path) if path.partition(".")[0] in IN_SMS else set())

        pages = max(tried(letters)[0] for letters in (len(english), len(self.plan.get(key, ""))))
        _, anyway = tried(1)
        return lambda letters: (now := tried(letters))[0] <= pages and now[1] <= anyway

    def room(self, key: Key, names: Sequence[str]) -> int:
        """Give the letters a text may have, placeholders counted as they are written."""
        if key in self.shares and self._paged(names):
            return self.shares[key]
        fits = self.fits(key, names)
        slots = sum(len(slot) + 2 for slot in SLOT.findall(key[1]))
        return _most(fits, most(key[0], self.filler("", 1))) + slots

    def _paged(self, names: Sequence[str]) -> bool:
        return any(isinstance(self.sources.parsed.tree.screens[name], Statement) for name in names)

    def share(self, name: str, texts: Sequence[Key]) -> Iterator[tuple[Key, int]]:
        """Deal one screen out to its texts, by the length of their English."""

        def scaled(percent: int) -> dict[Key, int]:
            return {key: max(2, len(SLOT.sub("", key[1])) * percent // 100) for key in texts}

        def tried(percent: int) -> tuple[int, set[str]]:
            return self.laid(
                {**self.plan, **{key: self.filler(key[1], n) for key, n in scaled(percent).items()}}, [name]
            )

        pages = MOST_PAGES if self._paged([name]) else tried(100)[0]
        percent = _most(lambda percent: not (now := tried(percent))[1] and now[0] <= pages, 300)
        yield from scaled(percent).items()


def _most(fits: Callable[[int], bool], limit: int) -> int:
    """Find the greatest number up to `limit` for which `fits` holds, 1 if it never does."""
    low, high = 1, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


EVERYWHERE = ("keys", "hints")
"""Sections whose texts stand on nearly every screen: they may be a little longer than the English, not more."""
LITTLE = 2
VARIES = frozenset({"emergency", "direct", "duty", "regions", "districts", "found", "languages"})
"""What is longer in one country than in another."""


def rooms(sources: Sources, language: str, countries: Sequence[str]) -> dict[str, int]:
    """Give the room of each text by its path. `language`: a base code, or '' for a template, of no language."""
    texts = sources.parsed.tree.notices.values()
    said = sources.translation(language).catalog if language else {}
    everywhere = (t for t in texts if t.path.startswith(EVERYWHERE))
    found = {t.path: max(len(t.english) + LITTLE, len(said.get((t.path, t.english), ""))) for t in everywhere}
    for at, (room, names) in enumerate(_rooms(sources, language, countries)):
        for key, where in _placed(sources, names).items():
            if worded(key[1]) and not key[0].startswith(EVERYWHERE) and (where or at == 0):
                letters = room.room(key, where)
                found[key[0]] = min(letters, found.get(key[0], letters))
    return found


def _rooms(sources: Sources, language: str, countries: Sequence[str]) -> Iterator[tuple[Room, list[str]]]:
    """Give the places to try texts in: all screens in one country, those that vary in every other."""
    codes = [code for code, tongue in LANGUAGES.items() if tongue.base == language] or ["ru"]
    every = [name for name, screen in sources.parsed.tree.screens.items() if not isinstance(screen, Fork)]
    for code in codes:
        names, planned = every, None
        said = sources.translation(language).catalog if language else {}
        for country in _offering(sources.root, code, countries):
            here = Room.of(sources, code, country)
            planned = planned or _planned(here, every, said)
            yield replace(here, plan=planned.plan, shares=planned.shares), names
            names = [name for name in every if not VARIES.isdisjoint(_slots(sources, name))]


def _offering(root: Path, code: str, countries: Sequence[str]) -> list[CountryData]:
    found = [load_country(root, country) for country in countries]
    return [each for each in found if code in each.languages] or found[:1]


def _planned(room: Room, names: Sequence[str], said: Catalog) -> Room:
    """Say what stands in each place: its translation (`said`), or its share of the screen."""
    texts = room.sources.parsed.tree.notices.values()
    plan = {
        (text.path, text.english): room.filler(text.english, len(text.english))
        for text in texts
        if worded(text.english)
    }
    start, shares = replace(room, plan=plan), dict[Key, int]()
    for name in names:
        keys = [key for key in texts_on(room.sources.parsed.tree, name) if key not in plan and worded(key[1])]
        for key, letters in start.share(name, keys) if keys else ():
            shares[key] = min(letters, shares.get(key, letters))
    fillers = {key: room.filler(key[1], letters) for key, letters in shares.items()}
    return replace(room, plan={**plan, **fillers, **said}, shares=shares)


def _placed(sources: Sources, names: Sequence[str]) -> dict[Key, list[str]]:
    """Give for each text the screens on which its length tells."""
    found: dict[Key, list[str]] = {}
    for name in names:
        for key in texts_on(sources.parsed.tree, name):
            found.setdefault(key, []).append(name)
    for notice in sources.parsed.tree.notices.values():
        section = notice.path.partition(".")[0]
        where = [name for name in names if section in _slots(sources, name)]
        found.setdefault((notice.path, notice.english), []).extend(where)
    return found


def _slots(sources: Sources, name: str) -> set[str]:
    """Give what a screen is filled with: placeholders, and the list that it shows."""
    screen = sources.parsed.tree.screens[name]
    listed = {screen.each.source} if isinstance(screen, Choice) and screen.each else set()
    return listed | {slot for _, english in texts_on(sources.parsed.tree, name) for slot in SLOT.findall(english)}
