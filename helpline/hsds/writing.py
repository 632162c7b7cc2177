"""Gives a directory back: one JSON file of tables, as HSDS has them in its tabular form, or a folder of CSV tables.

What stands inside each other (`nested.nest`) is JSON alone.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from helpline.hsds.tables import LISTS, NUMBERS, Body, said

Listed = Mapping[str, Sequence[Body]]
"""The rows of each table."""


def as_json(tables: Listed) -> str:
    """Write all tables as one JSON object, a row a line. A number that came as a text from CSV is a number again."""
    listed = (f'"{name}": [\n' + ",\n".join(map(_line, rows)) + "\n]" for name, rows in tables.items())
    return "{\n" + ",\n".join(listed) + "\n}\n"


def as_csv(tables: Listed) -> Iterator[tuple[str, str]]:
    """Give each table's file name and what stands in it; a spreadsheet sees by the first mark that it is UTF-8."""
    for name, rows in tables.items():
        header = list(dict.fromkeys(key for row in rows for key in row))
        out = StringIO()
        lines = csv.writer(out, lineterminator="\r\n")
        lines.writerow(header)
        lines.writerows([_cell(row.get(key)) for key in header] for row in rows)
        yield f"{name}.csv", f"\ufeff{out.getvalue()}"


def write_csv(tables: Listed, folder: Path) -> list[Path]:
    """Write the tables into a folder. Raises `FileExistsError` where it holds tables already: none is overwritten."""
    files = [(folder / name, text) for name, text in as_csv(tables)]
    if there := sorted(path.name for path in folder.glob("*.csv")):
        raise FileExistsError(f"{folder} holds {', '.join(there)}; give an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in files:
        path.write_text(text, "utf-8", newline="")
    return [path for path, _ in files]


def _line(row: Body) -> str:
    return json.dumps(_plain(row), ensure_ascii=False)


def _plain(row: Body) -> Body:
    """Make numbers of what is one, also in what stands inside."""
    return {
        name: [_plain(each) if isinstance(each, dict) else each for each in value]
        if name in LISTS and isinstance(value, list)
        else _typed(name, value)
        for name, value in row.items()
    }


def _cell(value: Any) -> str:
    """Give a value as a cell; what JSON had as lists or objects stays JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else said(value)


def _typed(name: str, value: Any) -> Any:
    """Make a number of its text where no digit of it is lost by that."""
    if name not in NUMBERS or not isinstance(value, str):
        return value
    try:
        number = int(value) if value.lstrip("-").isdigit() else float(value)
    except ValueError:
        return value
    return number if str(number) == value else value
