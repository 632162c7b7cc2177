"""A directory that tests change, and the country it is checked against."""

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from helpline.content.sources import ROOT, load_country
from helpline.directory.hsds.files import read
from helpline.directory.hsds.ground import Ground, places_of
from helpline.directory.hsds.made import Made, all_flaws, make
from helpline.directory.hsds.tables import Flaw
from helpline.directory.importing import Importer
from helpline.directory.phone_changes import PhoneChanges
from helpline.store.engine import Database
from tests.world import MORNING

EXAMPLE = Path(__file__).parents[4] / "docs" / "examples" / "directory"
COUNTRY = load_country(ROOT, "KG")
GROUND = Ground(COUNTRY, MORNING.date(), demo=True, places=places_of(ROOT, COUNTRY))
CHANGES = PhoneChanges("KG", b"audit", timedelta(hours=72))
Rows = dict[str, list[dict[str, Any]]]


def example() -> Rows:
    """Return the example of the documents as rows."""
    return {path.stem: list(_rows(path)) for path in sorted(EXAMPLE.glob("*.csv"))}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from ({key: value for key, value in row.items() if value} for row in csv.DictReader(file))


def written(rows: Mapping[str, object], folder: Path) -> Path:
    """Write rows as one flat JSON file."""
    path = folder / "directory.json"
    path.write_text(json.dumps(rows), "utf-8")
    return path


def made(path: Path, ground: Ground = GROUND) -> Made:
    """Read and check a directory."""
    tables, flaws = read(path)
    found = make(tables, ground)
    return Made(found.services, found.contacts, all_flaws(flaws, found), found.doubts)


def flaws(path: Path, ground: Ground = GROUND) -> list[Flaw]:
    """Return all faults of a directory."""
    return made(path, ground).flaws


def of(rows: Rows, table: str, id: str) -> dict[str, Any]:
    """Return a row to change."""
    return next(row for row in rows[table] if row["id"] == id)


def term(rows: Rows, table: str, id: str, term: str, value: str = "") -> None:
    """Add a term of our profile to a row."""
    rows["attribute"].append(
        {"id": f"x{len(rows['attribute'])}", "link_id": id, "link_entity": table, "taxonomy_term_id": term}
        | ({"value": value} if value else {})
    )


def without(rows: Rows, id: str, taxonomy: str) -> None:
    """Remove every term of a taxonomy from a row."""
    rows["attribute"] = [
        row for row in rows["attribute"] if row["link_id"] != id or not row["taxonomy_term_id"].startswith(taxonomy)
    ]


def directories(db: Database, ground: Ground = GROUND) -> Importer:
    """Return the code that imports and exports."""
    return Importer(db, ground, 90, CHANGES, lambda: MORNING)
