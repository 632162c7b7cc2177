"""An export returns what was imported:

1,000 made-up directories, the example of the documents, that of the standard.
"""

import csv
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from helpline.directory.hsds.api_form import nest
from helpline.directory.hsds.draft import bodies, differences
from helpline.directory.hsds.files import as_json, read, write_csv
from helpline.directory.hsds.tables import REQUIRED, Body
from helpline.store.engine import Database
from tests.conftest import Databases
from tests.helpline.directory.hsds.generated import generated
from tests.helpline.directory.hsds.ground import EXAMPLE, Rows, directories, example, written
from tests.helpline.directory.hsds.test_reading import NESTED

pytestmark = pytest.mark.engines

DIRECTORIES, AT_ONCE = 1000, 100
NOT_MADE = {
    "taxonomy", "taxonomy_term", "program", "cost_option", "accessibility", "organization_identifier", "url",
    "meta_table_description",
}  # fmt: skip
"""Tables that are not used here or that our own terms replace. The standard's example has them."""


def listed(rows: Rows) -> dict[str, list[Body]]:
    return {table: list(found) for table, found in rows.items() if found}


def again(tables: Mapping[str, Sequence[Body]], folder: Path) -> tuple[Rows, Rows]:
    """Export as JSON and as CSV, and read both."""
    path = folder / "again.json"
    path.write_text(as_json(tables), "utf-8")
    shutil.rmtree(folder / "csv", ignore_errors=True)
    write_csv(tables, folder / "csv")
    return _read(path), _read(folder / "csv")


def _read(path: Path) -> Rows:
    tables, flaws = read(path)
    assert flaws == []
    return {table: [row.body for row in rows] for table, rows in tables.rows.items()}


def by_id(rows: Mapping[str, Sequence[Body]]) -> dict[str, dict[str, Body]]:
    return {table: {row["id"]: row for row in found} for table, found in rows.items()}


@pytest.mark.long
@pytest.mark.parametrize(
    "first", [0, *(pytest.param(first, marks=pytest.mark.nightly) for first in range(AT_ONCE, DIRECTORIES, AT_ONCE))]
)
def test_1000_made_up_directories_survive_a_round_trip(first: int, new_sqlite: Databases, tmp_path: Path) -> None:
    """JSON to the value, CSV to the letter, each table in its order."""
    db = new_sqlite()
    seen: set[str] = set()
    for seed in range(first, first + AT_ONCE):
        rows = generated(seed)
        take = directories(db)
        take.take(written(rows, tmp_path))
        stored = take.rows()
        assert stored == listed(rows), seed
        from_json, from_csv = again(stored, tmp_path)
        assert differences(by_id(rows), by_id(from_json)) == [], seed
        assert [list(by_id(from_csv)[table]) for table in from_csv] == [
            [row["id"] for row in rows[table]] for table in from_csv
        ]
        assert without_json(differences(by_id(rows), by_id(from_csv))) == [], seed
        seen |= rows.keys()
    assert seen == {table for table in REQUIRED if table not in NOT_MADE}


def test_a_nested_export_is_read_as_the_same_rows(tmp_path: Path) -> None:
    """As in the API: each row once, and nothing lost."""
    path = tmp_path / "nested.json"
    for rows in (*(listed(generated(seed)) for seed in range(AT_ONCE)), example(), _read(NESTED)):
        before = {table: [dict(row) for row in found] for table, found in rows.items()}
        path.write_text(as_json(nest(rows)), "utf-8")
        assert differences(by_id(rows), by_id(_read(path))) == []
        assert sum(map(len, _read(path).values())) == sum(map(len, rows.values()))
        assert {table: list(found) for table, found in rows.items()} == before, "what it was made of is as it was"


def test_a_nested_service_contains_its_phones_and_an_organization_its_services() -> None:
    found = nest(example())
    (service, *_) = [each for of in found["organization"] for each in of["services"]]
    assert {"phones", "schedules"} <= service.keys()
    assert "service_id" not in service["phones"][0]
    assert "phone" not in found


def test_rows_that_refer_to_each_other_are_exported_side_by_side(tmp_path: Path) -> None:
    rows = {"phone": [{"id": "p", "number": "1", "contact_id": "c"}], "contact": [{"id": "c", "phone_id": "p"}]}
    path = tmp_path / "nested.json"
    path.write_text(as_json(nest(rows)), "utf-8")
    assert _read(path) == rows


def without_json(changes: Sequence[object]) -> list[object]:
    """Leave out fields that were objects in JSON. A CSV cell has them as JSON text."""
    return [each for each in changes if "extent" not in str(each)]


def test_the_example_of_the_documents_survives_a_round_trip(db: Database, tmp_path: Path) -> None:
    take = directories(db)
    take.take(EXAMPLE)
    assert take.rows() == example()
    from_json, from_csv = again(take.rows(), tmp_path)
    assert from_csv == example()
    assert differences(by_id(example()), by_id(from_json)) == []


def test_a_directory_in_the_api_form_survives_a_round_trip(db: Database, tmp_path: Path) -> None:
    take = directories(db)
    take.take(NESTED)
    from_json, from_csv = again(take.rows(), tmp_path)
    tables, _ = read(NESTED)
    assert by_id(from_json) == bodies(tables)
    assert differences(bodies(tables), by_id(from_csv)) == []
    again_path = written(from_json, tmp_path)
    assert take.take(again_path).changes == []


def test_threat_a_name_that_is_a_formula_is_text_in_a_spreadsheet_and_itself_after_import(tmp_path: Path) -> None:
    names = ['=HYPERLINK("https://example.org";"open")', "+SUM(1)", "-1+1", "@a", "\t=1", "'=1", "\r\n=1"]
    rows = {"organization": [{"id": f"o-{at}", "name": name} for at, name in enumerate(names)]}
    write_csv(rows, tmp_path)
    with (tmp_path / "organization.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == [f"'{name}" for name in names]
    assert _read(tmp_path) == rows


def test_numbers_of_a_csv_are_numbers_in_json(db: Database) -> None:
    """`16` of a CSV is 16. `0723500` and `42.80` would lose a digit and stay text."""
    take = directories(db)
    take.take(EXAMPLE)
    text = as_json(take.rows())
    assert '"minimum_age": 16' in text
    assert '"latitude": 40.5301' in text
    assert '"latitude": 40.5,' in text
