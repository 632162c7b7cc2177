"""How many letters a translation may have, so that every screen and SMS with it still fits.

This is found by trying: a filler text of a given length is put in its place, and the printer of the real screens
formats them. So nothing here needs to know how a screen is laid out. The other texts on the screen are the current
translations; texts without a translation get a share of the screen.
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
"""Languages whose letters are all in the GSM-7 alphabet after folding, so that a screen holds 160 of them."""
IN_SMS = ("to_caller", "to_ngo", "to_pro", "windows", "answers", "needs")
MOST_PAGES = 6
"""A statement may have at most so many pages in any language, because readers press 9 no more often."""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Room:
    """One language in one country, in which texts of different lengths are tried."""

    sources: Sources
    language: str
    country: CountryData
    settings: Mapping[str, str]
    local: Local
    plan: Mapping[Key, str]
    """The text in every place while one text is tried."""
    shares: Mapping[Key, int]
    """The letters that each untranslated text gets of its screen. For a paged text this is the result."""

    @classmethod
    def of(cls, sources: Sources, language: str, country: CountryData) -> Self:
        """Return a room in which no text is translated yet."""
        settings = settings_of(Config(country=country.code), country)
        local = local_of(sources, language, country, country.languages, settings)
        return cls(sources, language, country, settings, local, {}, {})

    def filler(self, english: str, letters: int) -> str:
        """Return a text of `letters` letters, divided into words, with the placeholders of the English."""
        letter = "x" if self.language in IN_SEPTETS else "Ы"
        words = ["".join(" " if at % 9 == 8 and at < letters - 1 else letter for at in range(letters))]
        return "".join([*words, *(f"{{{slot}}}" for slot in SLOT.findall(english))])

    def printer(self, catalog: Catalog, path: str = "") -> Printer:
        """Return a printer with the texts of `catalog`. `path` is the text that differs from the plan."""
        local, texts = self.local, self.sources.parsed.tree.notices
        if path.partition(".")[0] in (*FROM_DATABASE, "needs"):
            said = {name: catalog.get((t.path, t.english), t.english) for name, t in texts.items()}
            needs = [(name.removeprefix("needs."), text) for name, text in said.items() if name.startswith("needs.")]
            caller_words = [word for _, word in local.lists["words"]]
            longer = longest(said, {**self.settings, **local.own}, caller_words, list(local.our_words))
            local = replace(local, lists={**local.lists, "needs": needs}, longest=longer)
        return Printer(self.sources.parsed.tree, self.language, replace(local, catalog=catalog), self.settings)

    def laid(self, catalog: Catalog, names: Sequence[str], path: str = "") -> tuple[int, set[str]]:
        """Print some screens. Return their number of pages and the texts that do not fit."""
        printer, screens = self.printer(catalog, path), self.sources.parsed.tree.screens
        shown: dict[str, Shown] = {n: s for n in names if not isinstance(s := screens[n], Fork)}
        pages = {name: printer.print(screen) for name, screen in shown.items()}
        too_long = {misfit.path for misfit in misfits(printer, shown, pages)}
        return sum(map(len, pages.values())), too_long

    def planned_notices(self) -> dict[str, str]:
        """Return every notice with the text that the plan has for it."""
        printer = self.printer(self.plan)
        return {name: printer.say(text) for name, text in printer.tree.notices.items()}

    def by_sms(self, catalog: Catalog, path: str, planned: Mapping[str, str]) -> set[str]:
        """Return the SMS that contain the text `path` and do not fit. All other texts are as in `planned`."""
        printer = self.printer(catalog, path)
        tried = {name: printer.say(text) for name, text in printer.tree.notices.items() if text.path == path}
        language, notices = self.language, {**planned, **tried}
        book = Book(printer.tree, (language,), {language: printer.local}, {}, {language: notices}, "")
        return {each.path for each in sms_misfits(book, path)}

    def fits(self, key: Key, names: Sequence[str]) -> Callable[[int], bool]:
        """Return a function that tells whether a text of so many letters fits.

        It may cause no more pages and no more misfits than a text as long as the English.
        """
        path, english = key
        planned = self.planned_notices() if path.partition(".")[0] in IN_SMS else {}

        def tried(letters: int) -> tuple[int, set[str]]:
            catalog = {**self.plan, key: self.filler(english, letters)}
            pages, too_long = self.laid(catalog, names, path)
            return pages, too_long | (self.by_sms(catalog, path, planned) if planned else set())

        pages = max(tried(letters)[0] for letters in (len(english), len(self.plan.get(key, ""))))
        _, always_too_long = tried(1)
        return lambda letters: (now := tried(letters))[0] <= pages and now[1] <= always_too_long

    def room(self, key: Key, names: Sequence[str]) -> int:
        """Return how many letters a text may have. Placeholders count as they are written, braces included."""
        if key in self.shares and self._paged(names):
            return self.shares[key]
        fits = self.fits(key, names)
        slots = sum(len(slot) + 2 for slot in SLOT.findall(key[1]))
        return _most(fits, most(key[0], self.filler("", 1))) + slots

    def _paged(self, names: Sequence[str]) -> bool:
        return any(isinstance(self.sources.parsed.tree.screens[name], Statement) for name in names)

    def share(self, name: str, texts: Sequence[Key]) -> Iterator[tuple[Key, int]]:
        """Divide one screen among its texts, in proportion to the length of their English."""

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
    """Return the greatest number up to `limit` for which `fits` is true, or 1 if there is none."""
    low, high = 1, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


EVERYWHERE = ("keys", "hints")
"""Sections whose texts are on nearly every screen. They may be only `LITTLE` letters longer than the English."""
LITTLE = 2
VARIES = frozenset({"emergency", "doctor", "direct", "lines", "duty", "regions", "districts", "found", "languages"})
"""Placeholders and lists whose length depends on the country."""


def rooms(sources: Sources, language: str, countries: Sequence[str]) -> dict[str, int]:
    """Return how many letters each text may have, by path. `language` is a base code, or "" for the template."""
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
    """Yield the rooms to try texts in: all screens in the first country, only the varying screens in the others."""
    codes = [code for code, tongue in LANGUAGES.items() if tongue.base == language] or ["ru"]
    every = [name for name, screen in sources.parsed.tree.screens.items() if not isinstance(screen, Fork)]
    for code in codes:
        names, planned = every, None
        said = sources.translation(language).catalog if language else {}
        for country in _offering(sources.root, code, countries):
            room = Room.of(sources, code, country)
            planned = planned or _planned(room, every, said)
            yield replace(room, plan=planned.plan, shares=planned.shares), names
            names = [name for name in every if not VARIES.isdisjoint(_slots(sources, name))]


def _offering(root: Path, code: str, countries: Sequence[str]) -> list[CountryData]:
    found = [load_country(root, country) for country in countries]
    return [each for each in found if code in each.languages] or found[:1]


def _planned(room: Room, names: Sequence[str], said: Catalog) -> Room:
    """Fill every place with its translation (from `said`) or with a filler as long as its share of the screen."""
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
    """Return for each text the screens whose layout depends on its length."""
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
    """Return the placeholders of a screen and the name of the list that it shows."""
    screen = sources.parsed.tree.screens[name]
    listed = {screen.each.source} if isinstance(screen, Choice) and screen.each else set()
    return listed | {slot for _, english in texts_on(sources.parsed.tree, name) for slot in SLOT.findall(english)}
