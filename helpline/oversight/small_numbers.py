"""Counts that may be published: none under five is shown, nor can be reckoned from what is (R36). Pure.

By one thing. Kinds with fewer than five people are put together as `OTHER`, never one alone; the next smallest join
them until each of the small ones may be any number from nothing to four. So every count that is shown is five or more,
in every table the same, and none that is not shown can be reckoned by whoever knows this rule.

By two things. The sums of rows and columns are those counts, and known. Of the inside, a rectangle of rows and columns
is hidden that holds every count under five. What can be reckoned of a full rectangle whose sums are known is known
exactly (Fréchet's bounds), so it is made larger until each of its small counts may be any of at least six numbers. The
whole table always is large enough: with sums of five or more that is what the bounds come to.

All together. Every table by two things has one of them in common (`across`). Then no table tells anything of the inside
of another: of the people of one month, each may have any of the month's needs and any of its languages.

Not against time: whoever counts the same months again after a week can see who was added. So periods are whole and
apart (months), each is counted and kept once (`helpline.oversight.monthly`), and longer ones are put together of what
was kept.
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
    """The inside of a table by two things: None where a count is hidden, small or not."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], int | None]


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is published of a period. `total` is None where there are fewer than five people; then nothing else is.

    `by`: counts by one thing. `tables`: by `across` and another.
    """

    total: int | None
    across: str
    by: Mapping[str, Mapping[str, int]]
    tables: Mapping[str, Table]


def publish(people: Sequence[Person], names: Collection[str], across: str) -> Figures:
    """Count people by each of `names` and, beside it, by `across` and each of the others; without `across`, not so."""
    if len(people) < SMALLEST:
        return Figures(None, across, {}, {})
    called = {name: together(Counter(person[name] for person in people)) for name in names}
    plain = [{name: called[name][person[name]] for name in names} for person in people]
    by = {name: dict(sorted(Counter(person[name] for person in plain).items())) for name in names}
    tables = {
        name: inside(Counter((person[across], person[name]) for person in plain), by[across], by[name])
        for name in names
        if across and name != across
    }
    return Figures(len(people), across, by, tables)


def together(counts: Mapping[str, int]) -> Mapping[str, str]:
    """Give for each kind the name it is counted under: its own, or `OTHER` with others.

    Whoever knows this rule, and that each small kind is under five and each other at most the smallest that is shown,
    must still find any small number possible: so larger ones join until that holds, or until only the sum is left.
    """
    by_size = sorted(counts, key=lambda kind: (counts[kind], kind))
    small = [kind for kind in by_size if counts[kind] < SMALLEST]
    rest, joined = by_size[len(small) :], list[str]()
    while small and rest and not _hides([counts[kind] for kind in (*small, *joined)], len(joined), counts[rest[0]]):
        joined.append(rest.pop(0))
    return {kind: OTHER if kind in small or kind in joined else kind for kind in counts}


def _hides(merged: Sequence[int], joined: int, shown: int) -> bool:
    """Tell whether each small count of a sum may be anything from nothing to four, and the sum is no small one.

    `joined`: how many of `merged` are larger ones; `shown`: the smallest kind that stands by itself.
    """
    total, small = sum(merged), len(merged) - joined
    most = SMALLEST - 1
    return max(1, SMALLEST * joined) <= total - most and total <= joined * shown + most * (small - 1)


def inside(cells: Cells, rows: Mapping[str, int], columns: Mapping[str, int]) -> Table:
    """Hide a rectangle that holds every small count, just large enough.

    `rows`, `columns`: the sums, which are known, each of five or more.
    """
    full = {(row, column): cells.get((row, column), 0) for row in rows for column in columns}
    small = [cell for cell, count in full.items() if count < SMALLEST]
    hidden = {row for row, _ in small}, {column for _, column in small}
    while small and not _is_safe(full, small, *hidden):
        waiting = [
            (len(hidden[side]), count, side, each)
            for side, sums in enumerate((rows, columns))
            for each, count in sums.items()
            if each not in hidden[side]
        ]
        *_, side, each = min(waiting)
        hidden[side].add(each)
    shown = {cell: None if cell[0] in hidden[0] and cell[1] in hidden[1] else count for cell, count in full.items()}
    return Table(tuple(rows), tuple(columns), shown)


def _is_safe(cells: Cells, small: Sequence[tuple[str, str]], rows: set[str], columns: set[str]) -> bool:
    """Tell whether each small count of a hidden rectangle may be any of more than `SMALLEST` numbers."""
    of_row = {row: sum(cells[row, column] for column in columns) for row in rows}
    of_column = {column: sum(cells[row, column] for row in rows) for column in columns}
    everybody = sum(of_row.values())

    def spread(row: str, column: str) -> int:
        most, least = min(of_row[row], of_column[column]), max(0, of_row[row] + of_column[column] - everybody)
        return most - least

    return all(spread(*cell) >= SMALLEST for cell in small)
