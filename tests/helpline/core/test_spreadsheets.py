"""CSV files: no cell acts as a formula in a spreadsheet, and reading returns what was written."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.core.spreadsheets import MARK, harmless, original, written

CELLS = st.text(st.sampled_from("=+-@\t\r\n'\"a1;, "), max_size=6)
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.mark.parametrize(
    ("cell", "is_written"),
    [
        ('=HYPERLINK("https://example.org";"open")', '\'=HYPERLINK("https://example.org";"open")'),
        ("+SUM(1)", "'+SUM(1)"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("'=1", "''=1"),
        ("+99600000001", "+99600000001"),
        ("-42.5", "-42.5"),
        ("Women's centre", "Women's centre"),
        ("'Hope'", "'Hope'"),
        ("", ""),
    ],
)
def test_threat_a_cell_that_would_act_becomes_text(cell: str, is_written: str) -> None:
    assert harmless(cell) == is_written
    assert original(is_written) == cell


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=4))
def test_threat_no_written_cell_acts_and_reading_returns_each(rows: list[list[str]]) -> None:
    read = list(csv.reader(StringIO(written(rows).removeprefix(MARK), newline="")))
    assert [[original(cell) for cell in row] for row in read] == rows
    for cell in (cell for row in read for cell in row):
        assert not cell.startswith(BEGINNINGS) or cell.removeprefix("+").removeprefix("-").isdigit()
