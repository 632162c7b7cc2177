"""Suppress small counts, so that no count under five is shown or can be calculated (R36). Pure.

**One dimension.** Kinds with fewer than five people are merged into `OTHER`, never one alone. The next smallest kinds
join them until each small count could be any number from zero to four. So every published count is five or more and is
the same in all tables, and a reader who knows this rule cannot calculate a hidden one.

**Two dimensions.** The totals of rows and columns are the counts above and are published. Inside the table, a rectangle
of rows and columns is hidden that contains every count under five. Fréchet's bounds say exactly what a reader can
calculate about a hidden rectangle with known totals. The rectangle grows until each of its small counts could be any of
at least six numbers. The whole table is always large enough, because all totals are five or more.

**Several tables.** All tables with two dimensions share one of them (`across`). Then no table says anything about the
inside of another: each person of a month may have any of its needs and any of its languages.

**Over time** this gives no protection: counting the same month again a week later would show who was added. So periods
are whole and separate (months), each is counted and stored once (`helpline.oversight.monthly`), and longer periods are
made from the stored months.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

SMALLEST = 5
"""Fewer people than this are never shown (R36)."""
OTHER = "(other)"

Person = Mapping[str, str]
Cells = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with two dimensions. A hidden count is None, whether it is small or not."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], int | None]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is published about a period."""

    total: int | None
    """None if there are fewer than five people. Then nothing else is published."""
    across: str
    """The dimension that all tables share."""
    by: Mapping[str, Mapping[str, int]]
    """Counts with one dimension, by its name."""
    tables: Mapping[str, Table]
    """Tables of `across` and a second dimension, by the name of the second."""


def publish(people: Sequence[Person], names: Collection[str], across: str) -> Figures:
    """Count people by each of `names`. With `across`, also make a table of it and each other name."""
    if len(people) < SMALLEST:
        return Figures(None, across, {}, {})
    merged = {name: merge_small_counts(Counter(person[name] for person in people)) for name in names}
    by = {name: _shown(merged[name], people, name) for name in names}
    tables = {
        name: hide_small_cells(
            Counter((merged[across][person[across]], merged[name][person[name]]) for person in people),
            by[across],
            by[name],
        )
        for name in names
        if across and name != across
    }
    return Figures(len(people), across, by, tables)


def _shown(merged: Mapping[str, str], people: Sequence[Person], name: str) -> Mapping[str, int]:
    """Return the published counts of one dimension, by kind."""
    return dict(sorted(Counter(merged[person[name]] for person in people).items()))


def merge_small_counts(counts: Mapping[str, int]) -> Mapping[str, str]:
    """Return for each kind the name under which it is counted: its own, or `OTHER`.

    A reader may know this rule: each small kind is under five, and each larger merged one is at most the smallest
    shown. All small numbers must still be possible. So larger kinds are merged until they are, or until only the sum
    is left.
    """
    by_size = sorted(counts, key=lambda kind: (counts[kind], kind))
    small = [kind for kind in by_size if counts[kind] < SMALLEST]
    rest, joined = by_size[len(small) :], list[str]()
    while (
        small and rest and not _hides_each([counts[kind] for kind in (*small, *joined)], len(joined), counts[rest[0]])
    ):
        joined.append(rest.pop(0))
    return {kind: OTHER if kind in small or kind in joined else kind for kind in counts}


def _hides_each(merged: Sequence[int], joined: int, shown: int) -> bool:
    """Whether each small count in a sum could be any number from zero to four, and the sum itself is not small.

    `joined`: how many of `merged` are larger counts. `shown`: the smallest count that is shown.
    """
    total, small = sum(merged), len(merged) - joined
    most = SMALLEST - 1
    return max(1, SMALLEST * joined) <= total - most and total <= joined * shown + most * (small - 1)


def hide_small_cells(cells: Cells, rows: Mapping[str, int], columns: Mapping[str, int]) -> Table:
    """Hide the smallest sufficient rectangle that contains every small count.

    `rows`, `columns`: the published totals, each five or more.
    """
    full = {(row, column): cells.get((row, column), 0) for row in rows for column in columns}
    small = [cell for cell, count in full.items() if count < SMALLEST]
    hidden = {row for row, _ in small}, {column for _, column in small}
    while small and not _is_safe(full, small, *hidden):
        candidates = [
            (len(hidden[side]), count, side, each)
            for side, sums in enumerate((rows, columns))
            for each, count in sums.items()
            if each not in hidden[side]
        ]
        *_, side, each = min(candidates)
        hidden[side].add(each)
    shown = {cell: None if cell[0] in hidden[0] and cell[1] in hidden[1] else count for cell, count in full.items()}
    return Table(tuple(rows), tuple(columns), shown)


def _is_safe(cells: Cells, small: Sequence[tuple[str, str]], rows: set[str], columns: set[str]) -> bool:
    """Whether each small count of a hidden rectangle could be any of more than `SMALLEST` numbers."""
    of_row = {row: sum(cells[row, column] for column in columns) for row in rows}
    of_column = {column: sum(cells[row, column] for row in rows) for column in columns}
    everybody = sum(of_row.values())

    def spread(row: str, column: str) -> int:
        most, least = min(of_row[row], of_column[column]), max(0, of_row[row] + of_column[column] - everybody)
        return most - least

    return all(spread(*cell) >= SMALLEST for cell in small)
