"""R36: published counts against somebody who subtracts. What cannot be reckoned is proved by other people who fit.

For each hidden count the test makes other people, in whom that count is another one, and who would have given every
number that is shown, in all tables together. Where such people exist, nobody can know which it was.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy.engine import Connection

from helpline.figures import OTHER, SMALLEST, Figures, Person, Table, inside, publish, together
from helpline.store import figures as counting
from helpline.store import requests as store
from helpline.store.schema import request
from tests.helpline.asking import keep
from tests.world import World

NAMES = ("month", "need", "region", "outcome")
Cell = tuple[str, str]


def people_of(chance: random.Random) -> list[Person]:
    """Make up a quarter: few or many people, kinds of very different size, some things hanging together."""
    sizes = {"month": 3, "need": chance.randint(1, 8), "region": chance.randint(1, 9), "outcome": chance.randint(1, 6)}
    steep = {name: chance.choice((0.3, 1.0, 2.5)) for name in NAMES}
    tied = chance.random() < 0.3

    def kind(name: str, month: str = "") -> str:
        weights = [1 / (each + 1) ** steep[name] for each in range(sizes[name])]
        at = chance.choices(range(sizes[name]), weights)[0]
        return f"{name}{min(at, int(month[-1])) if tied and month else at}"

    people: list[Person] = []
    for _ in range(chance.choice((0, 3, 5, 8, 20, 60, 200, 500))):
        month = kind("month")
        people.append({"month": month, **{name: kind(name, month) for name in NAMES[1:]}})
    return people


DATA = [people_of(random.Random(seed)) for seed in range(1000)]


def named(people: Sequence[Person], like: Sequence[Person]) -> list[Person]:
    """Give people by the names under which `like` are published."""
    called = {name: together(Counter(person[name] for person in like)) for name in NAMES}
    return [{name: called[name][person[name]] for name in NAMES} for person in people]


def seen(figures: Figures, people: Sequence[Person]) -> Iterator[tuple[object, int | None]]:
    """Give every number that `figures` shows, as it would be for these people: what an outsider holds."""
    yield "total", len(people)
    for name, counts in figures.by.items():
        for kind in counts:
            yield (name, kind), sum(person[name] == kind for person in people)
    for name, table in figures.tables.items():
        counted = Counter((person["month"], person[name]) for person in people)
        for cell, count in table.cells.items():
            yield (name, cell), None if count is None else counted[cell]


def hidden(table: Table) -> tuple[set[str], set[str]]:
    """Give the rows and the columns of what a table hides."""
    cells = [cell for cell, count in table.cells.items() if count is None]
    return {row for row, _ in cells}, {column for _, column in cells}


def moved(cells: Counter[Cell], cell: Cell, rows: set[str], columns: set[str], by: int) -> tuple[Cell, Cell] | None:
    """Find two cells of the hidden part whose people can change places, so that `cell` has one more, or one less."""
    row, column = cell
    for other in rows - {row}:
        for another in columns - {column}:
            give = ((row, another), (other, column)) if by > 0 else (cell, (other, another))
            if all(cells[each] > 0 for each in give):
                return give
    return None


def exchanged(people: Sequence[Person], name: str, give: tuple[Cell, Cell]) -> list[Person]:
    """Have one person of each cell change the need (or whatever `name` is) with the other."""
    first, second = (next(at for at, p in enumerate(people) if (p["month"], p[name]) == cell) for cell in give)
    changed = list(people)
    changed[first], changed[second] = (
        {**people[first], name: people[second][name]}, {**people[second], name: people[first][name]},
    )  # fmt: skip
    return changed


def reach(people: Sequence[Person], table: Table, name: str, cell: Cell, by: int) -> list[Person]:
    """Make the people in whom a hidden count is as large, or as small, as it can be."""
    rows, columns = hidden(table)
    while give := moved(Counter((p["month"], p[name]) for p in people), cell, rows, columns, by):
        people = exchanged(people, name, give)
    return list(people)


def count(people: Sequence[Person], name: str, cell: Cell) -> int:
    return sum((person["month"], person[name]) == cell for person in people)


@pytest.mark.parametrize("part", range(10))
def test_r36_no_hidden_count_can_be_reckoned_from_all_that_is_published(part: int) -> None:
    """A thousand made-up quarters: each count under five may be any of six numbers, for all anybody can tell."""
    looked = 0
    for people in DATA[part::10]:
        figures = publish(people, NAMES, "month")
        plain = named(people, people)
        shown = dict(seen(figures, plain))
        for name, table in figures.tables.items():
            secret = [cell for cell, it in table.cells.items() if it is None and count(plain, name, cell) < SMALLEST]
            for cell in secret:
                least, most = (reach(plain, table, name, cell, by) for by in (-1, 1))
                assert dict(seen(figures, least)) == dict(seen(figures, most)) == shown
                assert count(most, name, cell) - count(least, name, cell) >= SMALLEST
                looked += 1
    assert looked > 50


@pytest.mark.parametrize("people", DATA[:200:4], ids=lambda people: str(len(people)))
def test_r36_kinds_that_were_put_together_cannot_be_told_apart(people: list[Person]) -> None:
    """One person more of one of them and one less of another shows nowhere."""
    figures = publish(people, NAMES, "month")
    for name in NAMES:
        called = together(Counter(person[name] for person in people))
        others = sorted(kind for kind, as_ in called.items() if as_ == OTHER)
        if not others or figures.total is None:
            continue
        assert len(others) > 1
        at = next(n for n, person in enumerate(people) if person[name] in others)
        another = next(kind for kind in others if kind != people[at][name])
        changed = [*people[:at], {**people[at], name: another}, *people[at + 1 :]]
        assert dict(seen(figures, named(changed, people))) == dict(seen(figures, named(people, people)))


def test_r36_no_count_under_five_is_shown_anywhere() -> None:
    for people in DATA:
        figures = publish(people, NAMES, "month")
        counts = [each for by in figures.by.values() for each in by.values()]
        counts += [each for table in figures.tables.values() for each in table.cells.values() if each is not None]
        assert all(each >= SMALLEST for each in counts)
        assert all(sum(by.values()) == figures.total for by in figures.by.values())
        assert (figures.total is None) == (len(people) < SMALLEST)


def test_there_is_something_left_to_publish() -> None:
    """Hiding everything would pass every test above."""
    large = [publish(people, NAMES, "month") for people in DATA if len(people) >= 200]
    tables = [table for figures in large for table in figures.tables.values()]
    shown = [each for table in tables for each in table.cells.values() if each is not None]
    assert len(shown) > 3 * len(tables)


GROUPS = [
    ({"a": 9, "b": 7}, {"a": "a", "b": "b"}),
    ({"a": 9, "b": 7, "c": 2, "d": 4}, {"a": "a", "b": "b", "c": OTHER, "d": OTHER}),
    ({"a": 9, "b": 7, "c": 2}, {"a": "a", "b": OTHER, "c": OTHER}),
    ({"a": 9, "b": 7, "c": 2, "d": 1}, {"a": "a", "b": OTHER, "c": OTHER, "d": OTHER}),
    ({"a": 6, "b": 1}, {"a": OTHER, "b": OTHER}),
    ({"a": 6}, {"a": "a"}),
    ({}, {}),
]


@pytest.mark.parametrize(("counts", "called"), GROUPS)
def test_small_kinds_are_never_alone(counts: Mapping[str, int], called: Mapping[str, str]) -> None:
    assert together(counts) == called


def test_one_small_count_hides_a_rectangle_and_leaves_the_rest() -> None:
    cells = {(row, column): 20 for row in "xyz" for column in "abc"} | {("x", "a"): 2}
    rows = {row: sum(count for cell, count in cells.items() if cell[0] == row) for row in "xyz"}
    columns = {column: sum(count for cell, count in cells.items() if cell[1] == column) for column in "abc"}
    table = inside(cells, rows, columns)
    assert hidden(table) == ({"x", "y"}, {"a", "b"})
    assert len([count for count in table.cells.values() if count == 20]) == 5


def counted(tx: Connection, start: datetime, end: datetime) -> list[dict[str, str]]:
    return counting.to_count(tx, start, end, str).people


def test_r36_drills_are_not_counted_and_counts_outlive_the_rest(world: World) -> None:
    """Of what is only for counting still the need, region, language, channel and outcome."""
    for each in range(3):
        keep(world, session=f"s{each}", caller=f"+99600011100{each}")
    start, end = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    with world.db.write() as tx:
        before = counted(tx, start, end)
        tx.execute(request.update().where(request.c.session.is_not(None)).values(state="closed", outcome="helped"))
        store.only_counts(tx, world.clock())
        after = counted(tx, start, end)
        assert len(before) == 3
        assert [{**each, "outcome": "open"} for each in after] == before
        assert {each["outcome"] for each in after} == {"reached"}
        assert counted(tx, end, end) == []
        tx.execute(request.update().values(kind="drill"))
        assert counted(tx, start, end) == []
