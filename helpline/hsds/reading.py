"""Reads a directory from disk: an HSDS JSON file, or a folder of CSV tables as a spreadsheet writes them."""

import csv
import difflib
import json
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path

from helpline.hsds.nested import Flattening, objects
from helpline.hsds.tables import LISTS, REQUIRED, Flaw, Row, Tables, gathered, table_of

NOTHING = "there is no row in it; a folder needs service.csv, phone.csv and so on (docs/directory.md)"
LONGEST_CELL = 1_000_000


def read(path: Path) -> tuple[Tables, list[Flaw]]:
    """Read all rows, and all that cannot be read. Raises `OSError` where there is no such file or folder."""
    flaws: list[Flaw] = []
    rows = list(_folder(path, flaws) if path.is_dir() else _file(path, flaws))
    if not rows and not flaws:
        flaws.append(Flaw(path.name, "", NOTHING))
    return gathered(rows), flaws


def _folder(folder: Path, flaws: list[Flaw]) -> Iterator[Row]:
    """Read each table. A table may stand in its singular or, as the standard's packages have it, plural file."""
    for path in sorted(folder.glob("*.csv")):
        table = table_of(path.stem)
        if table:
            yield from _table(table, path, flaws)
        else:
            flaws.append(Flaw(path.name, "", f"HSDS has no such table{near(path.stem, REQUIRED)}; rename or remove it"))


def _table(table: str, path: Path, flaws: list[Flaw]) -> Iterator[Row]:
    """Read a table; empty cells are left out, as if the column were not there.

    Excel in Russian writes semicolons, since the comma is in its numbers.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        flaws.append(Flaw(path.name, "", "it is not UTF-8; save it anew as 'CSV UTF-8'"))
        return
    top = text.partition("\n")[0]
    csv.field_size_limit(LONGEST_CELL)
    lines = csv.reader(StringIO(text), delimiter=";" if top.count(";") > top.count(",") else ",")
    try:
        header = [name.strip() for name in next(lines, [])]
        flaws += (Flaw(path.name, name, "this column is there twice; remove one") for name in _twice(header))
        for at, cells in enumerate(lines, 2):
            if any(cells):
                yield _row(Row(table, f"{path.name} row {at}", {}), header, cells, flaws)
    except csv.Error as error:
        flaws.append(Flaw(f"{path.name} row {lines.line_num}", "", f"it is no CSV ({error}); look for a quote"))


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
    """Read JSON, flat or nested."""
    try:
        found = json.loads(path.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        flaws.append(Flaw(path.name, "", "it is not UTF-8; save it anew, or give a folder of CSV tables"))
        return
    except ValueError as error:
        flaws.append(Flaw(path.name, "", f"it is no JSON: {error}"))
        return
    except RecursionError:
        flaws.append(Flaw(path.name, "", "objects stand in objects without end"))
        return
    flat = Flattening(flaws)
    for name, each, place in objects(found):
        if table := table_of(name):
            flat.take(table, each, f"{path.name}: {place}", {})
        else:
            flaws.append(Flaw(path.name, name, f"HSDS has no such table{near(name, {**REQUIRED, **LISTS})}; remove it"))
    yield from flat.rows.values()


def near(name: str, known: Iterable[str]) -> str:
    """Give a hint at what may have been meant."""
    found = difflib.get_close_matches(name, list(known), 1)
    return f" (did you mean {found[0]}?)" if found else ""
