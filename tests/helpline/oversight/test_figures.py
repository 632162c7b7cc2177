"""R36: published counts against an attacker who subtracts. A count is safe if other people fit all published numbers.

For each hidden count the test makes other people with another value of that count, who give the same numbers in all
tables together. If such people exist, nobody can know the true value.
"""

import csv
import io
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.content import console_texts
from helpline.content.sources import ROOT, load_country
from helpline.operations import retention
from helpline.oversight import month_rows, monthly, published
from helpline.oversight.monthly import Durations, Month, combine
from helpline.oversight.published import NotOver, months
from helpline.oversight.report import as_csv, labels_of
from helpline.oversight.small_numbers import (
    OTHER,
    SMALLEST,
    Figures,
    Person,
    Table,
    hide_small_cells,
    merge_small_counts,
    publish,
)
from helpline.referral import harms
from helpline.request import tombstones
from helpline.store.engine import Tx
from helpline.store.schema import request
from tests.steps.by_day import first
from tests.steps.caller import save_draft
from tests.steps.month import fill
from tests.world import World

pytestmark = pytest.mark.engines

NAMES = ("month", "need", "region", "outcome")
Cell = tuple[str, str]


@cache
def quarter_of(seed: int) -> list[Person]:
    """Make up a quarter: few or many people, kinds of very different size, some of them correlated."""
    chance = random.Random(seed)
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


QUARTERS = 1000


def quarters(first: int = 0, step: int = 1, end: int = QUARTERS) -> Iterator[list[Person]]:
    """Yield made-up quarters."""
    return map(quarter_of, range(first, end, step))


def named(people: Sequence[Person], like: Sequence[Person]) -> list[Person]:
    """Return people under the names with which `like` are published."""
    called = {name: merge_small_counts(Counter(person[name] for person in like)) for name in NAMES}
    return [{name: called[name][person[name]] for name in NAMES} for person in people]


def seen(figures: Figures, people: Sequence[Person]) -> Iterator[tuple[object, int | None]]:
    """Return every number that `figures` shows for these people: what an outsider knows."""
    yield "total", len(people)
    for name, counts in figures.by.items():
        for kind in counts:
            yield (name, kind), sum(person[name] == kind for person in people)
    for name, table in figures.tables.items():
        counted = Counter((person["month"], person[name]) for person in people)
        for cell, count in table.cells.items():
            yield (name, cell), None if count is None else counted[cell]


def hidden(table: Table) -> tuple[set[str], set[str]]:
    """Return the rows and the columns of the hidden part of a table."""
    cells = [cell for cell, count in table.cells.items() if count is None]
    return {row for row, _ in cells}, {column for _, column in cells}


def moved(cells: Counter[Cell], cell: Cell, rows: set[str], columns: set[str], by: int) -> tuple[Cell, Cell] | None:
    """Find two cells of the hidden part whose people can be swapped, so that `cell` has one more or one less."""
    row, column = cell
    for other in rows - {row}:
        for another in columns - {column}:
            give = ((row, another), (other, column)) if by > 0 else (cell, (other, another))
            if all(cells[each] > 0 for each in give):
                return give
    return None


def exchanged(people: Sequence[Person], name: str, give: tuple[Cell, Cell]) -> list[Person]:
    """Swap the need (or the field `name`) between one person of each cell."""
    first, second = (next(at for at, p in enumerate(people) if (p["month"], p[name]) == cell) for cell in give)
    changed = list(people)
    changed[first], changed[second] = (
        {**people[first], name: people[second][name]}, {**people[second], name: people[first][name]},
    )  # fmt: skip
    return changed


def reach(people: Sequence[Person], table: Table, name: str, cell: Cell, by: int) -> list[Person]:
    """Return people who make a hidden count as large, or as small, as possible."""
    rows, columns = hidden(table)
    while give := moved(Counter((p["month"], p[name]) for p in people), cell, rows, columns, by):
        people = exchanged(people, name, give)
    return list(people)


def count(people: Sequence[Person], name: str, cell: Cell) -> int:
    return sum((person["month"], person[name]) == cell for person in people)


@pytest.mark.parametrize("part", first(range(10), 3))
def test_r36_no_hidden_count_can_be_calculated_from_published_ones(part: int) -> None:
    """A thousand made-up quarters: each count under five may be any of six numbers."""
    looked = 0
    for people in quarters(part, 10):
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


@pytest.mark.parametrize("seed", range(0, 200, 4))
def test_r36_merged_kinds_cannot_be_told_apart(seed: int) -> None:
    """One person more of one kind and one less of another changes nothing."""
    people = quarter_of(seed)
    figures = publish(people, NAMES, "month")
    for name in NAMES:
        called = merge_small_counts(Counter(person[name] for person in people))
        others = sorted(kind for kind, as_ in called.items() if as_ == OTHER)
        if not others or figures.total is None:
            continue
        assert len(others) > 1
        at = next(n for n, person in enumerate(people) if person[name] in others)
        another = next(kind for kind in others if kind != people[at][name])
        changed = [*people[:at], {**people[at], name: another}, *people[at + 1 :]]
        assert dict(seen(figures, named(changed, people))) == dict(seen(figures, named(people, people)))


def test_r36_no_count_under_five_is_shown_anywhere() -> None:
    for people in quarters():
        figures = publish(people, NAMES, "month")
        counts = [each for by in figures.by.values() for each in by.values()]
        counts += [each for table in figures.tables.values() for each in table.cells.values() if each is not None]
        assert all(each >= SMALLEST for each in counts)
        assert all(sum(by.values()) == figures.total for by in figures.by.values())
        assert (figures.total is None) == (len(people) < SMALLEST)


def test_not_everything_is_hidden() -> None:
    """Hiding everything would pass every test above."""
    large = [publish(people, NAMES, "month") for people in quarters() if len(people) >= 200]
    tables = [table for figures in large for table in figures.tables.values()]
    shown = [each for table in tables for each in table.cells.values() if each is not None]
    assert len(shown) > 3 * len(tables)


GROUPS = [
    ({"a": 9, "b": 7}, {"a": "a", "b": "b"}),
    ({"a": 9, "b": 7, "c": 2, "d": 4}, {"a": "a", "b": OTHER, "c": OTHER, "d": OTHER}),
    ({"a": 9, "b": 8, "c": 4, "d": 4}, {"a": OTHER, "b": OTHER, "c": OTHER, "d": OTHER}),
    ({"a": 9, "b": 7, "c": 2}, {"a": "a", "b": OTHER, "c": OTHER}),
    ({"a": 9, "b": 7, "c": 2, "d": 1}, {"a": "a", "b": OTHER, "c": OTHER, "d": OTHER}),
    ({"a": 6, "b": 1}, {"a": OTHER, "b": OTHER}),
    ({"a": 6}, {"a": "a"}),
    ({}, {}),
]


@pytest.mark.parametrize(("counts", "called"), GROUPS)
def test_small_kinds_are_always_merged(counts: Mapping[str, int], called: Mapping[str, str]) -> None:
    assert merge_small_counts(counts) == called


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 12), min_size=2))
def test_r36_knowing_how_kinds_are_merged_reveals_no_count(counts: dict[str, int]) -> None:
    """Each small kind could be any other small number: other kinds of the sum make up the difference."""
    called = merge_small_counts(counts)
    merged = [kind for kind in counts if called[kind] == OTHER]
    shown = [counts[kind] for kind in counts if called[kind] != OTHER]
    small = [kind for kind in merged if counts[kind] < 5]
    assert all(count >= 5 for count in shown)
    if not small or not shown:
        return
    total, larger = sum(counts[kind] for kind in merged), len(merged) - len(small)
    for wanted in range(5):
        least, most = wanted + 5 * larger, wanted + 4 * (len(small) - 1) + min(shown) * larger
        assert least <= total <= most, (counts, wanted)


def test_one_small_count_hides_a_rectangle_and_leaves_the_rest() -> None:
    cells = {(row, column): 20 for row in "xyz" for column in "abc"} | {("x", "a"): 2}
    rows = {row: sum(count for cell, count in cells.items() if cell[0] == row) for row in "xyz"}
    columns = {column: sum(count for cell, count in cells.items() if cell[1] == column) for column in "abc"}
    table = hide_small_cells(cells, rows, columns)
    assert hidden(table) == ({"x", "y"}, {"a", "b"})
    assert len([count for count in table.cells.values() if count == 20]) == 5


def counted(tx: Tx, start: datetime, end: datetime) -> list[dict[str, str]]:
    return month_rows.month_data(tx, start, end, str).people


def test_r36_drills_are_not_counted_and_counts_remain(world: World) -> None:
    """Counted rows still have the need, region, language, channel and outcome."""
    for each in range(3):
        save_draft(world, session=f"s{each}", caller=f"+99600011100{each}")
    start, end = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    with world.db.write() as tx:
        before = counted(tx, start, end)
        tx.execute(request.update().where(request.c.session.is_not(None)).values(state="closed", outcome="helped"))
        tombstones.only_counts(tx, world.clock(), 10)
        after = counted(tx, start, end)
        assert len(before) == 3
        assert [{**each, "outcome": "open"} for each in after] == before
        assert {each["outcome"] for each in after} == {"reached"}
        assert counted(tx, end, end) == []
        tx.execute(request.update().values(kind="drill"))
        assert counted(tx, start, end) == []


@pytest.mark.parametrize("part", first(range(10), 3))
def test_r36_month_quarter_and_file_together_reveal_no_more_than_the_months(part: int) -> None:
    """A thousand made-up quarters: a longer period is the sum of what its months show.

    A reader of page, table, report and quarter knows the same numbers as a reader of the months. In a month, a person
    of a small kind may be of another small kind without changing a figure.
    """
    looked = 0
    for people in quarters(part, 10):
        by_month = [[person for person in people if person["month"] == each] for each in ("month0", "month1", "month2")]
        counted_ = [month_of(named, each) for named, each in zip(THREE, by_month, strict=True)]
        quarter = combine(counted_)
        shown = [month.people for month in counted_ if month.people.total is not None]
        assert quarter.total == (sum(each.total or 0 for each in shown) if shown else None)
        for name in quarter.tables:
            for kind, count in quarter.by[name].items():
                assert count == sum(each.by[name].get(kind, 0) for each in shown)
            assert all(n is None or n == 0 or n >= SMALLEST for n in quarter.tables[name].cells.values())
        for month, each in zip(counted_, by_month, strict=True):
            looked += exchanges(month, each)
            assert min(numbers_of(month), default=SMALLEST) >= SMALLEST
    assert looked > 20


THREE = ("2026-07", "2026-08", "2026-09")


def month_of(named: str, people: Sequence[Person], like: Sequence[Person] | None = None) -> Month:
    """Count a month as it is published, its kinds named as those of `like`."""
    plain = [{**UNSAID, **each} for each in people]
    groups = {
        name: merge_small_counts(Counter(({**UNSAID, **each})[name] for each in like or people))
        for name in monthly.NAMES
    }
    if like is not None:
        names = {name: called.get for name, called in groups.items()}
        plain = [{**each, **{name: names[name](each[name], each[name]) for name in names}} for each in plain]
    return monthly.count(named, plain, {}, [])


UNSAID = dict.fromkeys(monthly.NAMES, "not_said") | {monthly.DAY: "01"}


def exchanges(month: Month, people: Sequence[Person]) -> int:
    """Move one person of a small kind to another kind and check that no published figure changes. Return how often."""
    done = 0
    for name in NAMES[1:]:
        called = merge_small_counts(Counter(person[name] for person in people))
        small = sorted(kind for kind, shown in called.items() if shown == OTHER)
        if month.people.total is None or len(small) < 2:
            continue
        at = next(n for n, person in enumerate(people) if person[name] == small[0])
        changed = [*people[:at], {**people[at], name: small[1]}, *people[at + 1 :]]
        written = [as_csv(month_of(month.name, each, people), LABELS) for each in (people, changed)]
        assert written[0] == written[1] == as_csv(month, LABELS)
        done += 1
    return done


@pytest.mark.parametrize("part", first(range(10), 3))
def test_r36_days_with_few_requests_cannot_be_calculated(part: int) -> None:
    """A thousand made-up months: for each hidden day or week another number gives the same file.

    A file never has both days and weeks, since a week minus its shown days would reveal the hidden one.
    """
    looked = 0
    for seed in range(part, 1000, 10):
        days = days_made_up(random.Random(seed))
        written = file_of(days)
        shown = monthly.count("2026-08", *dated(days)).people
        weeks = {each for each in shown.by.get(monthly.DAY, {}) if "-" in each}
        assert not weeks or weeks | {OTHER} >= shown.by[monthly.DAY].keys()
        assert min(shown.by.get(monthly.DAY, {}).values(), default=SMALLEST) >= SMALLEST
        kinds = {day: day if not weeks else monthly.week_of("2026-08", day) for day in days}
        sums = Counter(kinds[day] for day in days.elements())
        for each in {kind for kind, count in sums.items() if count < SMALLEST and shown.total is not None}:
            hidden_day = next(day for day in days if kinds[day] == each and days[day])
            others = [day for day in days if kinds[day] != each and kinds[day] not in shown.by[monthly.DAY]]
            moves = [(hidden_day, other) for other in others] + [(other, hidden_day) for other in others if days[other]]
            assert any(file_of(days - Counter([give]) + Counter([take])) == written for give, take in moves), days
            looked += 1
    assert looked > 50


def days_made_up(chance: random.Random) -> Counter[str]:
    """Return how many people asked on each day of an August: few or many, on some weekdays more."""
    weekly = [chance.choice((0.2, 1, 1, 1, 3)) for _ in range(7)]
    weights = [weekly[day % 7] * chance.choice((0.3, 1, 1)) for day in range(31)]
    many = chance.choice((0, 4, 7, 20, 60, 150, 299, 300, 400, 900))
    return Counter(f"{day + 1:02}" for day in chance.choices(range(31), weights, k=many))


def dated(days: Counter[str]) -> tuple[list[Person], Mapping[str, Sequence[timedelta]], list[Person]]:
    """Return people who differ only in the day."""
    return [{**UNSAID, monthly.DAY: day} for day in days.elements()], {}, []


def file_of(days: Counter[str]) -> bytes:
    """Write the file of an August."""
    return as_csv(monthly.count("2026-08", *dated(days)), LABELS)


def test_the_weeks_of_a_month_have_no_gap_and_more_than_three_days() -> None:
    weeks = {month: sorted({monthly.week_of(month, f"{day:02}") for day in range(1, 29)}) for month in THREE}
    assert weeks["2026-09"] == ["01-07", "08-14", "15-21", "22-30"]
    assert weeks["2026-08"][3] == "22-31"
    few, many = (monthly.count("2027-02", *dated(Counter({"01": n}))) for n in (299, 300))
    assert monthly.days_of(few) == ["01-07", "08-14", "15-21", "22-28"]
    assert monthly.days_of(many) == [f"{day:02}" for day in range(1, 29)]


def numbers_of(month: Month) -> list[int]:
    """Return every count in the file of a month."""
    rows = csv.reader(io.StringIO(as_csv(month, LABELS).decode("utf-8-sig")))
    return [int(row[3]) for row in rows if row[3].isdigit()]


LABELS = labels_of(console_texts.read(ROOT), load_country(ROOT, "KG"), "en", [])


def test_r36_times_are_shown_for_five_or_more_and_in_steps() -> None:
    """An exact time could identify one person."""
    minutes = [timedelta(minutes=each) for each in (3, 7, 16, 70, 200)]
    assert monthly.durations_of(minutes[:4]) is None
    assert monthly.durations_of(minutes) == Durations(30, 240)
    assert monthly.durations_of([timedelta(days=400)] * 5) == Durations(43200, 43200)
    exact = monthly.durations_of([timedelta(minutes=31 + each) for each in range(9)])
    assert exact == Durations(60, 60)


def test_r46_harm_is_counted_by_month_and_hidden_under_five(world: World) -> None:
    def figures(*found: tuple[str, str]) -> Figures:
        with world.db.write(world.clock()) as tx:
            for at, (what, service) in enumerate(found):
                harms.add(tx, f"r{at}", "caller", what, service)
            start, end = monthly.span_of("2026-11")
            return monthly.count("2026-11", [], {}, [], harm=month_rows.harm_data(tx, start, end)).harm

    assert figures(*[(harms.CALL, "ngo-1")] * 4).total is None
    many = [(harms.CALL, "ngo-1")] * 7 + [(harms.MESSAGE_SEEN, "")] * 12
    assert figures(*many).by == {
        "harm": {"call": 7, "message_seen": 12},
        "service": {"ngo-1": 7, monthly.NO_SERVICE: 12},
    }
    assert figures(*many, (harms.WRONG_PERSON, "ngo-2")).by == {"harm": {OTHER: 20}, "service": {OTHER: 20}}


def test_a_stored_month_is_read_as_it_was_counted() -> None:
    for people in quarters(end=100):
        asked = [{"service": each["need"], "answer": each["outcome"]} for each in people]
        month = monthly.count("2026-10", [{**UNSAID, **each} for each in people], {"offer": [timedelta(1)] * 7}, asked)
        assert monthly.from_json("2026-10", json.loads(json.dumps(monthly.to_json(month)))) == month


def test_r36_a_month_is_counted_once_before_its_rows_are_erased(world: World) -> None:
    start = datetime(2026, 10, 1, tzinfo=UTC)
    fill(world.db, start, 40)
    region_of = world.work.erasure.ctx.country.region_of
    late = datetime(2026, 12, 20, tzinfo=UTC)
    with world.db.write(late) as tx:
        assert world.work.erasure.erase(tx)[retention.REDUCED] == 0
        assert published.uncounted(tx) == ["2026-10", "2026-11"]
    for each in ("2026-10", "2026-11"):
        published.count_month(world.db, each, region_of)
    with world.db.write(late) as tx:
        assert world.work.erasure.erase(tx)[retention.REDUCED] == 40
        assert month_rows.month_data(tx, start, datetime(2026, 11, 1, tzinfo=UTC), region_of).spans == {}
    month = months(world.db, ["2026-10"], region_of, datetime(2027, 1, 1, tzinfo=UTC))["2026-10"]
    assert month.people.total == 40
    assert month.durations["offer"] is not None
    assert month.asked.total is not None
    own = months(world.db, ["2026-10"], region_of, datetime(2027, 1, 1, tzinfo=UTC), "ngo-1")["2026-10"]
    assert own.people.total is not None
    with pytest.raises(NotOver):
        months(world.db, ["2027-01"], region_of, datetime(2027, 1, 31, tzinfo=UTC))
