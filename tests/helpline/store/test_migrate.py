"""Migrations: an empty database is outdated, a migrated one equals the schema, and processes do not need Alembic."""

import ast
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from helpline.store import migrate
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.migrate import SCRIPTS, behind, differences, newest, upgrade
from helpline.store.schema import request
from tests.conftest import Databases
from tests.others import PATIENCE_SECONDS

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


def test_a_newer_database_serves_the_processes_of_the_last_version(clean_sqlite: Database) -> None:
    """During an update one host has migrated, and the others still answer callers with the old code."""
    with clean_sqlite.write() as tx:
        tx.execute(sa.text("update alembic_version set version_num = '9999'"))
    assert migrate.not_ready(clean_sqlite) == []
    upgrade(clean_sqlite)  # what an old `komek up` does that is restarted meanwhile: nothing
    assert not behind(clean_sqlite)


SLOW = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{newest}"


def upgrade() -> None:
    op.execute(sa.text("select pg_sleep(0.5)"))
    with op.get_context().autocommit_block():
        op.create_index("made_meanwhile", "request", ["state"], postgresql_concurrently=True)
"""


@pytest.mark.postgres
def test_a_migration_may_take_long_and_make_an_index_while_others_write(
    new_postgres: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits of a statement do not hold for it. An index that is made concurrently waits for open transactions."""
    scripts = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, scripts)
    (scripts / "versions" / "9999_slow.py").write_text(SLOW.format(newest=newest()))
    monkeypatch.setattr(migrate, "SCRIPTS", scripts)
    own = new_postgres()
    hasty = connect(own.engine.url.render_as_string(hide_password=False), busy_seconds=0.2)
    made = threading.Thread(target=upgrade, args=(hasty, scripts), daemon=True)
    with own.write() as tx:
        tx.execute(sa.update(request).values(felt=""))  # an open transaction: the index has to wait for its end
        made.start()
    made.join(PATIENCE_SECONDS)
    with own.read() as tx:
        names = {each["name"] for each in sa.inspect(tx.connection).get_indexes("request")}
    assert "made_meanwhile" in names
    assert not behind(own)
    hasty.dispose()


@pytest.mark.postgres
def test_a_migration_that_finds_a_table_locked_waits_its_turn(
    new_postgres: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gives up its place in the queue for the lock, so that callers behind it are answered, and tries again."""
    scripts, waits = tmp_path / "migrations", list[float]()
    shutil.copytree(SCRIPTS, scripts)
    text = SLOW.format(newest=newest()).replace("pg_sleep(0.5)", "1").partition("    with op")[0]
    (scripts / "versions" / "9999_column.py").write_text(
        f"{text}    op.add_column('request', sa.Column('spare', sa.Text()))\n"
    )
    monkeypatch.setattr(migrate, "SCRIPTS", scripts)
    own = new_postgres()
    with own.engine.connect() as holder:
        holder.execute(sa.text("lock table request in row exclusive mode"))

        def rest(seconds: float) -> None:
            waits.append(seconds)
            holder.rollback()

        monkeypatch.setattr("time.sleep", rest)
        upgrade(own, scripts)
    with own.read() as tx:
        assert "spare" in {each["name"] for each in sa.inspect(tx.connection).get_columns("request")}
    assert waits == [migrate.REST_SECONDS]


RULED_FROM = "0030"
"""Older migrations were made before anybody had real data."""
FORBIDDEN = {"drop_column", "drop_table", "alter_column", "rename_table", "batch_alter_table", "drop_constraint"}
"""What a process of the last version may still need. Drop it one version later, in a file named `…_contract.py`."""


def faults_of(source: str) -> Iterator[str]:
    """Yield what in a migration would stop the processes of the last version, which still run while it is made."""
    body = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == "upgrade"]
    calls = [node for part in body for node in ast.walk(part) if isinstance(node, ast.Call)]
    named = [(node.func.attr, node) for node in calls if isinstance(node.func, ast.Attribute)]
    new = {ast.unparse(node.args[0]) for name, node in named if name == "create_table"}
    for name, node in named:
        told = {each.arg: ast.unparse(each.value) for each in node.keywords}
        if name in FORBIDDEN:
            yield f"{name}: the last version may still use it"
        elif name == "add_column":
            column = ast.unparse(node.args[1])
            if "nullable=False" in column and "server_default" not in column:
                yield "add_column: the last version writes rows without it, so it needs nullable or a server_default"
        elif name == "create_index" and ast.unparse(node.args[1]) not in new:
            if told.get("postgresql_concurrently") != "True":
                yield "create_index: on a table in use it needs postgresql_concurrently, in an autocommit_block"
            if told.get("unique") == "True":
                yield "create_index: the last version may write rows that are not unique"


@pytest.mark.parametrize("path", sorted((SCRIPTS / "versions").glob("[0-9]*.py")), ids=lambda path: path.stem)
def test_a_new_migration_changes_nothing_that_the_last_version_uses(path: Path) -> None:
    """First add (expand), drop a version later (contract). So hosts can be updated one after another."""
    if path.stem[:4] < RULED_FROM or path.stem.endswith("_contract"):
        return
    assert list(faults_of(path.read_text())) == []


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("op.drop_column('request', 'zone')", 1),
        ("op.alter_column('request', 'zone', nullable=False)", 1),
        ("op.add_column('request', sa.Column('new', sa.Text(), nullable=False))", 1),
        ("op.add_column('request', sa.Column('new', sa.Text(), nullable=False, server_default=''))", 0),
        ("op.add_column('request', sa.Column('new', sa.Text()))", 0),
        ("op.create_index('i', 'request', ['new'])", 1),
        ("op.create_index('i', 'request', ['new'], postgresql_concurrently=True)", 0),
        ("op.create_index('i', 'request', ['new'], postgresql_concurrently=True, unique=True)", 1),
        ("op.create_table('other', sa.Column('id', sa.Text()))\n    op.create_index('i', 'other', ['id'])", 0),
    ],
)
def test_the_rules_of_migrations_notice_what_they_forbid(statement: str, refused: int) -> None:
    assert len(list(faults_of(f"def upgrade():\n    {statement}\n"))) == refused
