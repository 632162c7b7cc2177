"""Combine the sources into one line for each place. The same sources give the same lines in the same order."""

import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from helpline.authoring.places_build import publishers, uzbek
from helpline.authoring.places_build.line import Line
from helpline.authoring.places_build.names import (
    LOCAL,
    chosen,
    chosen_of_district,
    completed,
    spellings,
    stem,
    without_echoes,
)
from helpline.authoring.places_build.publishers import Raw
from helpline.content.yaml_files import read_yaml
from menus.spelling import fold

ISO_OF = {"TJ.04": "TJ-DU", "KZ.08": "KZ-43"}
"""Regions without an ISO code in GeoNames. Baikonur is in Qyzylorda."""
_LANGUAGES = {"kir": "ky", "kaz": "kk", "tgk": "tg", "uzb": "uz_Cyrl", "rus": "ru", "eng": "en"}
_KINDS = {"region": 0, "district": 1, "town": 2}


def build(folder: Path, by_hand: Path) -> list[Line]:
    """Make all lines from the packages in `folder`, then apply the corrections in the file `by_hand`.

    Raise `KeyError` if a correction names a place that does not exist, and `ValueError` if an added place exists.
    """
    hand = read_yaml(by_hand)
    raw_areas = publishers.areas(folder)
    iso = {raw.area: raw.iso for raw in raw_areas if raw.area.count(".") == 1 and raw.iso} | ISO_OF
    register = publishers.soato(folder)
    lines = [
        *_regions(publishers.regions(folder), raw_areas, iso),
        *(_district(raw, iso) for raw in raw_areas if publishers.is_district(raw) and raw.country != "UZ"),
        *uzbek.districts(register, [raw for raw in raw_areas if raw.country == "UZ"], iso),
        *_towns(publishers.towns(folder), iso),
    ]
    known = {line.id: line for line in lines if line.id not in hand["drop"]} | added(hand["add"], lines)
    known = _merged(known, hand["merge"])
    for code, region in hand["move"].items():
        known[code].region = region
    uzbek.name_towns(known, register)
    for code, names in hand["names"].items():
        known[code].names.update(names)
    for line in known.values():
        line.names = {language: name for language, name in completed(line.country, line.names).items() if name}
    known = _without_doubles(known)
    for line in known.values():
        line.also = without_echoes([*line.also, *hand["also"].get(line.id, [])], line.names.values())
    _place_districts(known.values())
    return sorted(known.values(), key=lambda line: (line.region, _KINDS[line.kind], len(line.id), line.id))


def added(places: Mapping[str, Mapping[str, Any]], lines: Iterable[Line]) -> dict[str, Line]:
    """Return the places that no source has. Raise `ValueError` if a source has one of them by now."""
    if both := sorted({line.id for line in lines} & places.keys()):
        raise ValueError(f"in the sources and added by hand: {', '.join(both)}")
    made = dict[str, Line]()
    for id, place in places.items():
        latitude, longitude = map(float, place["at"])
        made[id] = Line(id, place["kind"], place["region"], (latitude, longitude), names=dict(place["names"]))
    return made


def _regions(rows: Mapping[str, Mapping[str, Any]], raw_areas: Iterable[Raw], iso: Mapping[str, str]) -> Iterator[Line]:
    named = {iso[raw.area]: raw for raw in raw_areas if raw.area in iso}
    for code, row in rows.items():
        names = dict(_tagged(row["localOtherName"] or ""))
        raw = named[code]
        if code[:2] in ("TM", "UZ"):
            names[LOCAL[code[:2]]] = stem(raw.name)
        names.setdefault("en", stem(row["name"]))
        latitude, longitude = row["latLng"]
        yield Line(code, "region", code, (latitude, longitude), names=names, also=spellings([raw.name, *raw.others]))


def _tagged(text: str) -> Iterator[tuple[str, str]]:
    """Parse 'Чүй (kir), Чуйская область (rus)'. The first name in a language counts."""
    for part in reversed(text.split(", ")):
        name, _, language = part.rpartition(" (")
        if language[:3] in _LANGUAGES and stem(name):
            yield _LANGUAGES[language[:3]], stem(name)


def _district(raw: Raw, iso: Mapping[str, str]) -> Line:
    names = chosen_of_district(raw.country, raw.name, raw.others)
    region = iso[raw.area.rpartition(".")[0]]
    return Line(f"{raw.country}-{raw.id}", "district", region, names=names, also=spellings([raw.name, *raw.others]))


def _towns(raws: Iterable[Raw], iso: Mapping[str, str]) -> Iterator[Line]:
    towns = list(raws)
    sure = [raw for raw in towns if raw.area in iso]
    for raw in towns:
        region = iso.get(raw.area) or iso[_nearest(raw, sure).area]
        names, also = chosen(raw.country, raw.name, raw.others), spellings([raw.name, *raw.others])
        yield Line(f"{raw.country}-{raw.id}", "town", region, raw.at, raw.people, names=names, also=also)


def _nearest(raw: Raw, others: Iterable[Raw]) -> Raw:
    """Return the nearest town of the same country. Used for a town whose region the source does not know."""
    return min(
        (other for other in others if other.country == raw.country and other.at and raw.at),
        key=lambda other: math.dist(other.at or (0, 0), raw.at or (0, 0)),
    )


def _merged(known: dict[str, Line], merge: Mapping[str, str]) -> dict[str, Line]:
    """Merge a town into the region that consists of this town."""
    for town_code, region_code in merge.items():
        town = known.pop(town_code)
        region = known[region_code]
        region.at, region.people = town.at, town.people
        region.names = town.names | region.names
        region.also += [*town.names.values(), *town.also]
        for line in known.values():
            if line.region == town_code:
                line.region = region_code
    return known


def _without_doubles(known: Mapping[str, Line]) -> dict[str, Line]:
    """Keep one of several places with the same kind, name and region, because a caller cannot tell them apart."""
    first: dict[tuple[str, str, str], Line] = {}
    for line in sorted(known.values(), key=lambda line: (-line.people, len(line.id), line.id)):
        kept = first.setdefault((line.kind, line.region, line.names[LOCAL[line.country]]), line)
        if kept is not line:
            kept.also += [*line.names.values(), *line.also]
    return {line.id: line for line in first.values()}


def _place_districts(lines: Iterable[Line]) -> None:
    """Set the position of each district: its town of the same name, or else the middle of its towns."""
    known = list(lines)
    towns: dict[tuple[str, str], list[Line]] = {}
    for line in known:
        if line.kind == "town":
            for name in {fold(each) for each in line.names.values()}:
                towns.setdefault((line.region, name), []).append(line)
    for line in known:
        if line.kind == "district":
            same = [town for name in line.names.values() for town in towns.get((line.region, fold(name)), [])]
            inside = [town.at for town in known if town.district == line.id and town.at]
            if same:
                line.at = max(same, key=lambda town: town.people).at
            elif inside:
                line.at = (sum(at[0] for at in inside) / len(inside), sum(at[1] for at in inside) / len(inside))


def write(lines: Iterable[Line], path: Path) -> None:
    """Write the file atomically."""
    new = path.with_suffix(".new")
    new.write_text("".join(f"{line.written()}\n" for line in lines), encoding="utf-8")
    new.replace(path)
