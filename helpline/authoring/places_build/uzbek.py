"""Add the districts of Uzbekistan, and names in Latin, Cyrillic and Russian, from its own register of places."""

from collections.abc import Iterable, Iterator, Mapping

from helpline.authoring.places_build.line import Line
from helpline.authoring.places_build.names import spellings, stem
from helpline.authoring.places_build.publishers import Raw, Soato, is_district
from menus.spelling import fold

REGIONS = {
    "03": "UZ-AN", "06": "UZ-BU", "08": "UZ-JI", "10": "UZ-QA", "12": "UZ-NW", "14": "UZ-NG", "18": "UZ-SA",
    "22": "UZ-SU", "24": "UZ-SI", "26": "UZ-TK", "27": "UZ-TO", "30": "UZ-FA", "33": "UZ-XO", "35": "UZ-QR",
}  # fmt: skip
"""The third and fourth digits of a code → the region in ISO 3166-2."""
_LOOK_ALIKE = str.maketrans("AaBCcEeHKMOoPpTXxy", "АаВСсЕеНКМОоРрТХху")
"""Latin letters that the register has in Cyrillic names by mistake, and the correct letters."""


def districts(register: Iterable[Soato], raws: Iterable[Raw], iso: Mapping[str, str]) -> Iterator[Line]:
    """Yield the districts of Uzbekistan from its register, with other spellings from GeoNames."""
    others: dict[tuple[str, str], list[str]] = {}
    for raw in raws:
        if is_district(raw):
            others.setdefault((iso[raw.area.rpartition(".")[0]], fold(raw.name)), []).extend([raw.name, *raw.others])
    for row in register:
        if len(row.code) == 7 and row.latin.endswith("tumani"):
            region = REGIONS[row.code[2:4]]
            also = spellings(others.get((region, fold(row.latin)), []))
            yield Line(f"UZ-S{row.code}", "district", region, names=_register_names(row), also=also)


def _register_names(row: Soato) -> dict[str, str]:
    latin = stem(row.latin)
    russian = stem(row.russian.translate(_LOOK_ALIKE))
    return {"uz": latin, "uz_Cyrl": stem(row.cyrillic.translate(_LOOK_ALIKE)), "ru": russian, "en": latin}


def name_towns(known: Mapping[str, Line], register: Iterable[Soato]) -> None:
    """Use the register's names for Uzbek towns if exactly one place of the region has that name in the register."""
    rows: dict[tuple[str, str], list[Soato]] = {}
    for row in register:
        if len(row.code) > 4 and not row.latin.endswith(("tumani", "lari", "larii")):
            rows.setdefault((REGIONS.get(row.code[2:4], ""), fold(row.latin)), []).append(row)
    for line in known.values():
        if line.country == "UZ" and line.kind == "town":
            keys = {fold(name) for name in (*line.names.values(), *line.also)}
            found = {row.code: row for each in keys for row in rows.get((line.region, each), [])}
            if len({_register_names(row)["uz"] for row in found.values()}) == 1:
                line.names.update(_register_names(found[min(found)]))
            if len(found) == 1 and (district := f"UZ-S{min(found)[:7]}") in known:
                line.district = district
