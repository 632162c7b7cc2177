"""The regions, districts and towns of one country, from `content/places/places.jsonl`. It is read once at the start.

Each line is one place. The names of regions come from the country's own file, where people chose them. The names of
districts and towns come from this file. content/places/NOTICE names the sources of the data.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from helpline.core.languages import LANGUAGES, SOURCE, base_of
from menus.gsm7 import fold
from menus.places import Found, Index, Row

FILE = Path("places") / "places.jsonl"
OUTLINES = FILE.with_name("outlines.json")
"""Both are paths below the content folder."""

PEOPLE_OF_DISTRICT = 20_000

Names = Mapping[str, str]
"""Language → the name of a place."""
Outline = Sequence[Sequence[tuple[float, float]]]
"""Rings of points (latitude, longitude), in degrees."""


IN_CYRILLIC = "ru"
CYRILLIC = frozenset({"kk", "ky", "tg", "uz_Cyrl"})
"""The languages whose readers know the Russian name of a place that has none in their own."""


@dataclass(frozen=True, slots=True)
class Place:
    """A region, a district or a town: one line of the file."""

    id: str
    kind: str
    """`region`, `district` or `town`."""
    region: str
    district: str | None
    at: tuple[float, float] | None
    """Latitude and longitude in degrees, if they are known."""
    people: int
    names: Names
    also: tuple[str, ...]
    """Other spellings."""

    @property
    def weight(self) -> int:
        """The number of inhabitants, for sorting. Districts have no count in the sources, so a typical one is used."""
        return self.people or (PEOPLE_OF_DISTRICT if self.kind == "district" else 0)

    def name(self, language: str) -> str:
        """Return the name in a language, or else in Russian or English, in the letters that its phones have."""
        base = base_of(language)
        other = self.names.get(IN_CYRILLIC) if base in CYRILLIC else ""
        return fold(self.names.get(base) or other or self.names[SOURCE], language)


@dataclass(frozen=True, slots=True)
class Places:
    """All places of one country by code, and a search index for each language on offer."""

    known: Mapping[str, Place]
    indices: Mapping[str, Index]

    @classmethod
    def load(cls, root: Path, country: str, regions: Mapping[str, Names], languages: tuple[str, ...]) -> Self:
        """Read one country from the content folder `root`. `regions` maps each region's code to its names.

        Raise `OSError` if the file is missing, and `ValueError` or `KeyError` if one of its lines is not valid.
        """
        known = {place.id: place for place in read(root / FILE, country, regions)}
        return cls(known, indices(known, languages))

    @property
    def regions(self) -> list[str]:
        """The codes of all regions, in the order of the file."""
        return [code for code, place in self.known.items() if place.kind == "region"]

    def districts(self, region: str) -> list[str]:
        """Return the codes of a region's districts, in the order of the file."""
        return [code for code, place in self.known.items() if (place.kind, place.region) == ("district", region)]

    def name(self, code: str, language: str) -> str:
        """Return a place's name for a screen. A code that is not known (any more) is returned as it is."""
        return self.known[code].name(language) if code in self.known else code

    def region_of(self, code: str) -> str:
        """Return the region of a place (a region is its own), or "" if the code is not known."""
        return self.known[code].region if code in self.known else ""

    def at(self, code: str) -> tuple[float, float] | None:
        """Return the latitude and longitude of a place in degrees, or those of its region if it has none."""
        place = self.known.get(code)
        return (place.at or self.known[place.region].at) if place else None

    def search(self, typed: str, language: str, region: str | None = None) -> list[Found]:
        """Return at most three places for a typed name. Places in `region` are preferred.

        Raise `KeyError` if there is no index for the language.
        """
        return self.indices[language].search(typed, region)


def read(path: Path, country: str, regions: Mapping[str, Names]) -> Iterator[Place]:
    """Read the lines of one country. The other lines are not parsed."""
    beginning = f'{{"id": "{country}-'
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.startswith(beginning):
                yield place_of(json.loads(line), regions)


def outline_of(root: Path, country: str) -> Outline:
    """Read the rings of a country's border for a map."""
    rings = json.loads((root / OUTLINES).read_text("utf-8"))[country]
    return [[(north, east) for north, east in ring] for ring in rings]


def place_of(line: Mapping[str, Any], regions: Mapping[str, Names]) -> Place:
    """Make a place from a line. A region has the names of the country's file and can be found by both names."""
    code, names, also = line["id"], line["names"], line["also"]
    shown = regions.get(code, {})
    return Place(
        id=code,
        kind=line["kind"],
        region=line["region"],
        district=line.get("district"),
        at=tuple(line["at"]) if line.get("at") else None,
        people=line["people"],
        names={**names, **shown},
        also=(*also, *(names.values() if shown else ())),
    )


def indices(known: Mapping[str, Place], languages: tuple[str, ...]) -> dict[str, Index]:
    """Index the places once, and make a copy of the index with labels for each language."""
    rows = [
        Row(place.id, place.region, place.weight, place.name(SOURCE), tuple(place.names.values()), place.also)
        for place in known.values()
    ]
    index = Index.of(rows)
    return {
        language: index.with_labels({code: place.name(language) for code, place in known.items()})
        for language in languages
        if language in LANGUAGES
    }
