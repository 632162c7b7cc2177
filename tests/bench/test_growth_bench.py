"""The growth bench fills a database and does the work of the night on it. These tests do not judge speed."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.store.engine import Database
from helpline.store.schema import metadata, request, vault
from tests.bench import filled, growth
from tests.conftest import Databases


def test_bench_growth_does_all_the_work_of_the_night(db: Database) -> None:
    assert filled.grow(db, still_open=6, closed=250) == 250
    costs = {cost.what: cost.rows for cost in growth.measure(db, overdue=120)}
    assert costs["erase overdue numbers"] == 120
    assert costs["an hour of 1.5 million requests a month"] == 6 * 120
    assert costs["count two months"] >= 256
    assert costs["check the audit log"] >= 10
    with db.read() as tx:
        left = tx.execute(sa.select(sa.func.count()).select_from(vault)).scalar_one()
        whole = tx.execute(
            sa.select(sa.func.count()).where(request.c.state == "closed", request.c.draws >= 0)
        ).scalar_one()
    assert left < 10
    assert costs["reduce requests to counts"] + whole >= 250


def test_a_filled_database_has_every_index(new_sqlite: Databases) -> None:
    db = new_sqlite()
    filled.grow(db, still_open=6, closed=20)
    expected = {str(index.name) for table in metadata.tables.values() for index in table.indexes}
    with db.read() as tx:
        found = set(tx.execute(sa.text("select name from sqlite_master where type = 'index'")).scalars())
    assert expected <= found


def test_bench_growth_fills_a_kept_database_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--open", "4", "--closed", "20", "--overdue", "10", "--engine", "SQLite", "--keep", str(tmp_path)]
    growth.main(small)
    made = (tmp_path / filled.FILE).stat().st_mtime_ns
    growth.main(small)
    assert (tmp_path / filled.FILE).stat().st_mtime_ns == made
    assert capsys.readouterr().out.count("| SQLite | fill |") == 2
