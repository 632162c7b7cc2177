"""What a language brings to the book of a country, and the longest value of each placeholder in it."""

from collections.abc import Mapping, Sequence
from functools import partial

from helpline.config import Config
from helpline.country import CountryData
from helpline.languages import SOURCE, base_of
from helpline.lists import lists_of
from helpline.places import Places
from helpline.sources import Sources
from menus.book import Catalog, Local, fill

LONGEST_NAME = 24
"""The most that the short name of a service may have (UCS-2 units)."""


def settings_of(config: Config, country: CountryData) -> dict[str, str]:
    """Give the placeholders that are the same at every hop of one deployment."""
    return {
        "days": str(config.keep_days),
        "emergency": ", ".join(line.shown for line in country.emergency),
        "direct": country.direct_line.shown,
    }


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
