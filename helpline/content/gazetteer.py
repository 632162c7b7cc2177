"""The regions, districts and towns of one country: `content/places/places.jsonl`, read once at the start.

One line is one place. The names of regions come from the country's own file, where people have chosen them; those of
districts and towns are from here. Where the data comes from: content/places/NOTICE.
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
"""Both below the folder of the content."""

PEOPLE_OF_DISTRICT = 20_000

Names = Mapping[str, str]
"""The name of a place by language."""
Outline = Sequence[Sequence[tuple[float, float]]]
"""Rings of points: latitude and longitude in degrees."""


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the file. `at`: latitude and longitude in degrees, if they are known; `also`: other spellings."""

    id: str
    kind: str
    region: str
    district: str | None
    at: tuple[float, float] | None
    people: int
    names: Names
    also: tuple[str, ...]

    @property
    def weight(self) -> int:
        """Give how many people live there, for choosing between two: nobody counts a district, but it is no hamlet."""
        return self.people or (PEOPLE_OF_DISTRICT if self.kind == "district" else 0)

    def name(self, language: str) -> str:
        """Give its name in a language, else in English, in letters that the language's phones have."""
        return fold(self.names.get(base_of(language)) or self.names[SOURCE], language)


@dataclass(frozen=True, slots=True)
class Places:
    """Every place of one country, by code, and an index for each language on offer."""

    known: Mapping[str, Place]
    indices: Mapping[str, Index]

    @classmethod
    def load(cls, root: Path, country: str, regions: Mapping[str, Names], languages: tuple[str, ...]) -> Self:
        """Read one country from the content folder `root`; `regions` are the names of its regions by their code.

        Raises `OSError` where there is no file, `ValueError` or `KeyError` where a line of it is broken.
        """
        known = {place.id: place for place in read(root / FILE, country, regions)}
        return cls(known, indices(known, languages))

    @property
    def regions(self) -> list[str]:
        """Give the codes of all regions, in the order of the file."""
        return [code for code, place in self.known.items() if place.kind == "region"]

    def districts(self, region: str) -> list[str]:
        """Give the codes of a region's districts, in the order of the file."""
        return [code for code, place in self.known.items() if (place.kind, place.region) == ("district", region)]

    def name(self, code: str, language: str) -> str:
        """Give a place's name as a screen has it; a code that is not known (any more) stands for itself."""
        return self.known[code].name(language) if code in self.known else code

    def region_of(self, code: str) -> str:
        """Give the region that a place lies in (a region lies in itself); empty where the code is not known."""
        return self.known[code].region if code in self.known else ""

    def at(self, code: str) -> tuple[float, float] | None:
        """Give latitude and longitude in degrees; of a place without any, those of its region."""
        place = self.known.get(code)
        return (place.at or self.known[place.region].at) if place else None

    def search(self, typed: str, language: str, region: str | None = None) -> list[Found]:
        """Find at most three places for what somebody typed; `region` is a hint. Raises `KeyError`."""
        return self.indices[language].search(typed, region)


def read(path: Path, country: str, regions: Mapping[str, Names]) -> Iterator[Place]:
    """Read the lines of one country. Others are not even parsed."""
    beginning = f'{{"id": "{country}-'
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.startswith(beginning):
                yield place_of(json.loads(line), regions)


def outline_of(root: Path, country: str) -> Outline:
    """Read the rings of a country's border, for a map."""
    rings = json.loads((root / OUTLINES).read_text("utf-8"))[country]
    return [[(north, east) for north, east in ring] for ring in rings]


def place_of(line: Mapping[str, Any], regions: Mapping[str, Names]) -> Place:
    """Make a place of a line; a region is called what the country's file calls it, and found by both names."""
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
    """Index the places once, and label them for each language."""
    rows = [
        Row(place.id, place.region, place.weight, place.name(SOURCE), tuple(place.names.values()), place.also)
        for place in known.values()
    ]
    index = Index.of(rows)
    return {
        language: index.said({code: place.name(language) for code, place in known.items()})
        for language in languages
        if language in LANGUAGES
    }
