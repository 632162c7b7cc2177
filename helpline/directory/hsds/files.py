"""Read and write a directory as files: one HSDS JSON file, or a folder of CSV tables as a spreadsheet saves them.

JSON may be nested (`api_form.nest`); CSV is flat.
"""

import csv
import difflib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from helpline.core.spreadsheets import original, written
from helpline.directory.hsds.api_form import Flattening, objects
from helpline.directory.hsds.tables import (
    LISTS,
    NUMBERS,
    REQUIRED,
    Body,
    Flaw,
    Row,
    Tables,
    as_text,
    table_of,
    tables_from,
)

NOTHING = "it has no rows; a folder needs service.csv, phone.csv and so on (docs/directory.md)"
LONGEST_CELL = 1_000_000


def read(path: Path) -> tuple[Tables, list[Flaw]]:
    """Return all rows, and what cannot be read. Raise `OSError` if there is no such file or folder."""
    flaws: list[Flaw] = []
    rows = list(_folder(path, flaws) if path.is_dir() else _file(path, flaws))
    if not rows and not flaws:
        flaws.append(Flaw(path.name, "", NOTHING))
    return tables_from(rows), flaws


def _folder(folder: Path, flaws: list[Flaw]) -> Iterator[Row]:
    """Yield the rows of each table.

    Its file has the singular name or, as in the standard's packages, the plural name.
    """
    for path in sorted(folder.glob("*.csv")):
        table = table_of(path.stem)
        if table:
            yield from _table(table, path, flaws)
        else:
            what = f"HSDS has no such table{near(path.stem, REQUIRED)}; rename or remove it"
            flaws.append(Flaw(path.name, "", what, hides=True))


def _table(table: str, path: Path, flaws: list[Flaw]) -> Iterator[Row]:
    """Yield the rows of a table. Empty cells are left out, as if the column did not exist.

    Excel in Russian writes semicolons, since the comma is in its numbers.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        flaws.append(Flaw(path.name, "", "it is not UTF-8; save it again as 'CSV UTF-8'", hides=True))
        return
    top = text.partition("\n")[0]
    csv.field_size_limit(LONGEST_CELL)
    lines = csv.reader(StringIO(text, newline=""), delimiter=";" if top.count(";") > top.count(",") else ",")
    try:
        header = [name.strip() for name in next(lines, [])]
        flaws += (Flaw(path.name, name, "this column is there twice; remove one") for name in _twice(header))
        for at, cells in enumerate(lines, 2):
            if any(cells):
                yield _row(Row(table, f"{path.name} row {at}", {}), header, [original(cell) for cell in cells], flaws)
    except csv.Error as error:
        what = f"it is not CSV ({error}); look for a quotation mark"
        flaws.append(Flaw(f"{path.name} row {lines.line_num}", "", what, hides=True))


def _row(row: Row, header: list[str], cells: list[str], flaws: list[Flaw]) -> Row:
    row.body.update({name: cell for name, cell in zip(header, cells, strict=False) if name and cell})
    if any(cells[len(header) :]):
        flaws.append(
            row.flaw("", f"it has {len(cells)} cells, the first row {len(header)}; is there a comma too many?")
        )
    return row


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if name and names.count(name) > 1})


def _file(path: Path, flaws: list[Flaw]) -> Iterator[Row]:
    """Yield the rows of a JSON file, flat or nested."""
    try:
        found = json.loads(path.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        flaws.append(Flaw(path.name, "", "it is not UTF-8; save it again, or use a folder of CSV tables"))
        return
    except ValueError as error:
        flaws.append(Flaw(path.name, "", f"it is not JSON: {error}"))
        return
    except RecursionError:
        flaws.append(Flaw(path.name, "", "objects are nested too deeply"))
        return
    flat = Flattening(flaws)
    for name, each, place in objects(found):
        if table := table_of(name):
            flat.take(table, each, f"{path.name}: {place}", {})
        else:
            what = f"HSDS has no such table{near(name, {**REQUIRED, **LISTS})}; remove it"
            flaws.append(Flaw(path.name, name, what, hides=True))
    yield from flat.rows.values()


def near(name: str, known: Iterable[str]) -> str:
    """Return the suggestion "(did you mean …?)"; empty if nothing is similar."""
    found = difflib.get_close_matches(name, list(known), 1)
    return f" (did you mean {found[0]}?)" if found else ""


Listed = Mapping[str, Sequence[Body]]
"""The rows of each table."""


def as_json(tables: Listed) -> str:
    """Return all tables as one JSON object, one row a line. A number that was text in CSV becomes a number again."""
    listed = (f'"{name}": [\n' + ",\n".join(map(_line, rows)) + "\n]" for name, rows in tables.items())
    return "{\n" + ",\n".join(listed) + "\n}\n"


def as_csv(tables: Listed) -> Iterator[tuple[str, str]]:
    """Yield the file name and the text of each table."""
    for name, rows in tables.items():
        header = list(dict.fromkeys(key for row in rows for key in row))
        yield f"{name}.csv", written([header, *([_cell(row.get(key)) for key in header] for row in rows)])


def write_csv(tables: Listed, folder: Path) -> list[Path]:
    """Write the tables to a folder. Raise `FileExistsError` if it holds tables already, so that none is overwritten."""
    files = [(folder / name, text) for name, text in as_csv(tables)]
    if there := sorted(path.name for path in folder.glob("*.csv")):
        raise FileExistsError(f"{folder} holds {', '.join(there)}; name an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in files:
        path.write_text(text, "utf-8", newline="")
    return [path for path, _ in files]


def _line(row: Body) -> str:
    return json.dumps(_plain(row), ensure_ascii=False)


def _plain(row: Body) -> Body:
    """Turn texts into numbers where they are numbers, also in nested objects."""
    return {
        name: [_plain(each) if isinstance(each, dict) else each for each in value]
        if name in LISTS and isinstance(value, list)
        else _typed(name, value)
        for name, value in row.items()
    }


def _cell(value: Any) -> str:
    """Return a value as a cell. Lists and objects stay JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else as_text(value)


def _typed(name: str, value: Any) -> Any:
    """Return a text as a number if it is one and no digit is lost; else the value as it is."""
    if name not in NUMBERS or not isinstance(value, str):
        return value
    try:
        number = int(value) if value.lstrip("-").isdigit() else float(value)
    except ValueError:
        return value
    return number if str(number) == value else value
