"""How many letters a translation may have, so that every screen and SMS it stands in still fits.

Found by trying (`room`): a text of so many letters is set in its place among the other texts as they are translated
now; those that are not yet get their share of the screen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from helpline.catalogs import texts_on
from helpline.country import CountryData
from helpline.languages import LANGUAGES
from helpline.room import Key, Room
from helpline.sources import Sources, load_country
from helpline.translations import worded
from menus.book import SLOT, Catalog
from menus.tree import Choice, Fork

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
