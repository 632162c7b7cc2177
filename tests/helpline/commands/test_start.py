"""What `komek up` does before it starts its processes."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.commands.operate import up
from helpline.core.config import Config
from helpline.store.connection import connect
from helpline.store.schema import request
from tests.world import contents


def test_a_start_goes_on_if_the_database_cannot_be_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Callers then see the menus and the emergency numbers instead of a closed port."""
    config = Config(data=tmp_path)
    (tmp_path / "komek.sqlite3").mkdir()
    up.prepare_if_possible(config, contents(config))
    assert "database  unavailable (OperationalError)" in capsys.readouterr().out


def test_a_start_ends_if_a_migration_fails(tmp_path: Path) -> None:
    """That is a fault of ours, and no disk or network heals it."""
    config = Config(data=tmp_path)
    db = connect(config.sql_url)
    with db.write() as tx:
        tx.exec_driver_sql("create table alembic_version (version_num text)")
        tx.exec_driver_sql("insert into alembic_version values ('0000')")
    db.dispose()
    with pytest.raises(Exception, match="0000"):
        up.prepare_if_possible(config, contents(config))


def test_the_demo_begins_with_one_request_unless_somebody_has_asked(tmp_path: Path) -> None:
    """Nobody who looks at the console first finds an empty list. It is made once, from a number that cannot ring."""
    config = Config(data=tmp_path)
    up.prepare(config, contents(config), empty=True)
    db = connect(config.sql_url)
    with db.read() as tx:
        assert tx.execute(sa.select(request)).all() == []
    for _ in range(2):
        up.prepare(config, contents(config), empty=False)
        with db.read() as tx:
            rows = tx.execute(sa.select(request.c.state, request.c.need, request.c.kind)).all()
        assert [tuple(row) for row in rows] == [("waiting", "wages", "self")]
    db.dispose()
