"""Check the file of places: `komek places build --check`, and a test."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from helpline.authoring.places_build.names import LOCAL
from helpline.content.gazetteer import FILE

OFFERED = {"KG": "ky ru uz_Cyrl en", "KZ": "kk ru uz_Cyrl en", "TJ": "tg ru uz_Cyrl en", "TM": "tk ru en"} | {
    "UZ": "uz ru uz_Cyrl tg en"
}
"""The languages in which each place of a country must have a name."""
LONGEST_NAME = 20
CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,13}")
INSIDE = {"KG": (39, 44, 69, 81), "KZ": (40, 56, 46, 88), "TJ": (36, 42, 67, 76), "TM": (35, 43, 52, 67)} | {
    "UZ": (37, 46, 55, 74)
}
"""The southern, northern, western and eastern bounds of a country, in whole degrees."""

Line = dict[str, Any]


def faults(root: Path) -> Iterator[str]:
    """Yield everything that is wrong with the places in the content folder `root`, with line numbers."""
    text = (root / FILE).read_text("utf-8").splitlines()
    lines: list[Line] = [json.loads(line) for line in text]
    regions = {line["id"] for line in lines if line["kind"] == "region"}
    districts = {line["id"] for line in lines if line["kind"] == "district"}
    for number, line in enumerate(lines, 1):
        for fault in (*_of_place(line, regions, districts), *_of_names(line)):
            yield f"{number}: {line['id']}: {fault}"
    for code, times in Counter(line["id"] for line in lines).items():
        if times > 1:
            yield f"{code} is there {times} times"
    yield from _without(lines, regions)


def _of_place(line: Line, regions: set[str], districts: set[str]) -> Iterator[str]:
    country = line["id"][:2]
    if not CODE.fullmatch(line["id"]) or country not in OFFERED:
        yield "is not a valid code"
        return
    if line["kind"] not in ("region", "district", "town"):
        yield f"has the unknown kind {line['kind']!r}"
    if line["region"] not in regions or not line["region"].startswith(country):
        yield f"is in {line['region']}, which is not a region of its country"
    if line.get("district") not in {None, *districts}:
        yield f"is in {line['district']}, which is not a district"
    south, north, west, east = INSIDE[country]
    latitude, longitude = line.get("at") or (south, west)
    if not (south <= latitude <= north and west <= longitude <= east):
        yield f"is at {latitude}, {longitude}: outside its country"


def _of_names(line: Line) -> Iterator[str]:
    names = line["names"]
    if missing := set(OFFERED.get(line["id"][:2], "").split()) - names.keys():
        yield f"has no name in {', '.join(sorted(missing))}"
    for language, name in names.items():
        if not name.strip() or name != " ".join(name.split()):
            yield f"has an empty name or surplus spaces in {language}: {name!r}"
        if len(name) > LONGEST_NAME and line["kind"] != "region":
            yield f"{name!r} has {len(name)} letters; {LONGEST_NAME} fit"
        if language == "en" and not name.isascii():
            yield f"{name!r} has letters that are not ASCII"


def _without(lines: Iterable[Line], regions: set[str]) -> Iterator[str]:
    inside = {line["region"] for line in lines if line["kind"] != "region"}
    for code in sorted(regions - inside):
        if code != "KG-GO":  # the city of Osh has neither districts nor other towns
            yield f"{code} has neither a district nor a town"
    for country in sorted(LOCAL.keys() - {code[:2] for code in regions}):
        yield f"{country} has no regions"
