"""Migrations: an empty database is outdated, a migrated one equals the schema, and processes do not need Alembic."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from helpline.store.engine import Database, connect
from helpline.store.migrate import SCRIPTS, behind, differences, newest, upgrade

pytestmark = pytest.mark.engines


def test_the_newest_revision_is_alembics_head() -> None:
    assert newest() == ScriptDirectory(SCRIPTS).get_current_head()


def test_an_empty_database_is_outdated_until_it_is_migrated(tmp_path: Path) -> None:
    db = connect(f"sqlite:///{tmp_path / 'komek.sqlite3'}")
    assert behind(db)
    upgrade(db)
    assert not behind(db)
    upgrade(db)
    assert not behind(db)
    db.dispose()


def test_committed_data_survives_a_power_cut(tmp_path: Path) -> None:
    """SQLite waits for the disk at each commit (2 is FULL). Other tests turn this off to be quick."""
    db = connect(f"sqlite:///{tmp_path / 'komek.sqlite3'}")
    with db.write() as tx:
        assert tx.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    db.dispose()


def test_a_migrated_database_equals_the_schema(db: Database) -> None:
    assert not behind(db)
    assert differences(db) == []


@pytest.mark.parametrize("module", ["gateway.app", "helpline.commands.operate.up", "workers.wiring"])
def test_no_process_imports_alembic_to_start(module: str) -> None:
    command = [sys.executable, "-c", f"import sys, {module}; sys.exit('alembic' in sys.modules)"]
    assert subprocess.run(command, check=False).returncode == 0
