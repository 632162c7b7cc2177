"""The simulated day runs to its end, is the same for the same seed, and draws its results."""

import xml.etree.ElementTree as ET
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from helpline.store.connection import connect
from helpline.store.migrate import upgrade
from tests.bench import day
from tests.world import World

GROWING = frozenset({"request", "vault", "offer", "outbox", "message", "inbox", "attempt", "audit"})
"""Tables with more rows the more people ask."""
ARGUMENTS = ["--requests", "25", "--services", "12"]


def figures(output: str) -> str:
    """Return the output without its duration."""
    return output.partition("seed")[0]


@pytest.mark.nightly
def test_bench_day_prints_and_draws_how_long_each_step_took(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert day.main([*ARGUMENTS, "--svg", str(tmp_path / "day.svg")]) == 0
    output = capsys.readouterr().out
    assert all(f"| {name} |" in output for name in (day.OFFERED, day.CLAIMED, day.REACHED))
    assert "left to a person" in output
    assert "nobody was asked about: 0;" in output
    drawn = ET.parse(tmp_path / "day.svg").getroot()  # noqa: S314  # our own
    assert len(drawn.findall("{http://www.w3.org/2000/svg}polyline")) == 3


@pytest.mark.nightly
def test_the_same_seed_simulates_the_same_day(capsys: pytest.CaptureFixture[str]) -> None:
    day.main(ARGUMENTS)
    first = figures(capsys.readouterr().out)
    day.main(ARGUMENTS)
    assert figures(capsys.readouterr().out) == first
    day.main([*ARGUMENTS, "--seed", "2"])
    assert figures(capsys.readouterr().out) != first


def test_bench_day_counts_requests_that_nobody_was_asked_about(world: World) -> None:
    world.ask("+996000112200")
    assert day.asked_nobody(world.db) == 1, "no worker has looked yet"
    world.clock.at += timedelta(minutes=5)
    world.run()
    assert day.asked_nobody(world.db) == 0


def test_no_step_of_a_day_scans_a_whole_table(tmp_path: Path) -> None:
    """Otherwise each step takes longer the more people have asked."""
    db, asked = connect(f"sqlite:///{tmp_path / 'day.sqlite3'}"), dict[str, Any]()
    upgrade(db)
    wanted = day.Day.of(db, 25, 12, seed=1)
    sa.event.listen(db.engine, "before_cursor_execute", lambda *given: asked.update({given[2]: given[3]}))
    wanted.run(say=False)
    statements = {each: params for each, params in asked.items() if each.startswith(("SELECT", "UPDATE", "DELETE"))}
    with db.read() as tx:
        plans = {
            each: tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", params).all() for each, params in statements.items()
        }
    db.dispose()
    assert len(plans) > 40
    assert [each for each, plan in plans.items() if "LIMIT" not in each and _scans(plan)] == []


def _scans(plan: Any) -> bool:
    """Whether a query plan of SQLite scans a growing table."""
    scanned = {row.detail.split()[1] for row in plan if row.detail.startswith("SCAN ")}
    return bool(scanned & GROWING)
