"""Write tables as CSV, and read their cells. A cell cannot act as a formula in the spreadsheet that opens the file.

A service chooses its own name, so a cell may hold anything. A spreadsheet runs a cell that begins with `=` and the
like, even from a file. Such a cell gets an apostrophe in front, which makes it text; reading takes it away again.
"""

import csv
import re
from collections.abc import Iterable
from io import StringIO

MARK = "\ufeff"
"""The first character of a file (BOM) tells spreadsheets that it is UTF-8."""
_SIGNED = re.compile(r"[+-][0-9]+(\.[0-9]+)?")
"""A telephone number or a coordinate: as a formula it is only itself."""
_ACTS = re.compile(r"'*[=+\-@\t\r\n]")
_MARKED = re.compile(r"'+[=+\-@\t\r\n]")


def harmless(cell: str) -> str:
    """Return a cell as it may be written."""
    return f"'{cell}" if _ACTS.match(cell) and not _SIGNED.fullmatch(cell) else cell


def original(cell: str) -> str:
    """Return what was written as this harmless cell."""
    return cell[1:] if _MARKED.match(cell) else cell


def written(rows: Iterable[Iterable[str]]) -> str:
    """Return a table as CSV."""
    out = StringIO(newline="")
    csv.writer(out).writerows([harmless(cell) for cell in row] for row in rows)
    return MARK + out.getvalue()
