"""What `komek up` does before it starts its processes."""

from pathlib import Path

import pytest

from helpline.commands.operate import up
from helpline.core.config import Config
from helpline.store.connection import connect
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
