"""A transaction on the driver's own connection is one transaction, whatever runs its statements."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from helpline.store.driver import Kept
from helpline.store.engine import Database, Unavailable
from helpline.store.fixed import Fixed
from helpline.store.schema import lost_phone

pytestmark = pytest.mark.engines
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
FIRST, SECOND = "+996000000001", "+996000000002"
ADD, FIND = Fixed(sa.insert(lost_phone)), Fixed(sa.select(lost_phone.c.phone).order_by(lost_phone.c.phone))
WAYS = [(ADD, sa.insert(lost_phone)), (sa.insert(lost_phone), ADD), (ADD, ADD)]
"""What runs the first statement, and what the second."""


@pytest.fixture(params=["sqlite", "sqlite kept", pytest.param("postgres", marks=pytest.mark.postgres)])
def db(request: pytest.FixtureRequest) -> Database:
    """Return an empty database. On SQLite also one for which each thread keeps its connection."""
    kind, _, kept = request.param.partition(" ")
    clean: Database = request.getfixturevalue(f"clean_{kind}")
    return replace(clean, kept=Kept()) if kept else clean


class Stopped(Exception):
    """Ends a transaction."""


def stored(db: Database) -> list[str]:
    with db.read(NOW) as tx:
        return list(tx.execute(FIND).scalars())


def add_and_stop(db: Database, first: Fixed | sa.Insert, second: Fixed | sa.Insert) -> None:
    with db.write(NOW) as tx:
        tx.execute(first, {"phone": FIRST, "at": NOW})
        tx.execute(second, {"phone": SECOND, "at": NOW})
        raise Stopped


def lose(db: Database, *, above: bool, nested: bool = False) -> None:
    """End a connection at the server within its transaction, then use it."""
    with db.write(NOW) as tx, tx.begin_nested() if nested else nullcontext():
        tx.execute(ADD, {"phone": FIRST, "at": NOW})
        if above:
            tx.exec_driver_sql("select 1")
        with db.write(NOW) as another:
            another.exec_driver_sql(f"select pg_terminate_backend({tx.driver.raw.info.backend_pid})")
        tx.execute(ADD, {"phone": SECOND, "at": NOW})


@pytest.mark.parametrize(("first", "second"), WAYS)
def test_both_kinds_of_statements_are_committed_together(
    db: Database, first: Fixed | sa.Insert, second: Fixed | sa.Insert
) -> None:
    with db.write(NOW) as tx:
        tx.execute(first, {"phone": FIRST, "at": NOW})
        tx.execute(second, {"phone": SECOND, "at": NOW})
        assert stored(db) == []
    assert stored(db) == [FIRST, SECOND]


@pytest.mark.parametrize(("first", "second"), WAYS)
def test_both_kinds_of_statements_are_undone_together(
    db: Database, first: Fixed | sa.Insert, second: Fixed | sa.Insert
) -> None:
    with pytest.raises(Stopped):
        add_and_stop(db, first, second)
    assert stored(db) == []


def test_what_was_rolled_back_is_not_committed_at_the_end(db: Database) -> None:
    with db.write(NOW) as tx:
        tx.execute(ADD, {"phone": FIRST, "at": NOW})
        tx.rollback()
    assert stored(db) == []


def test_each_connection_returns_to_the_pool(db: Database) -> None:
    for _ in range(40):  # the pool would be empty after fifteen
        with pytest.raises(Stopped):
            add_and_stop(db, ADD, ADD)
        with pytest.raises(Unavailable), db.write(NOW) as tx:
            tx.execute(ADD, {"phone": None, "at": NOW})
        assert stored(db) == []


def test_each_thread_keeps_its_own_connection(db: Database) -> None:
    """A transaction within another has a connection of its own, too."""
    before = _connection_of(db)
    with ThreadPoolExecutor(1) as another, db.read(NOW) as tx:
        assert tx.driver.raw is before
        assert _connection_of(db) is not before
        assert another.submit(_connection_of, db).result() is not before
    if db.kept:
        assert db.kept.pooled


def _connection_of(db: Database) -> object:
    with db.read(NOW) as tx:
        return tx.driver.raw


@pytest.mark.parametrize("above", [False, True])
def test_a_lost_connection_is_not_used_again(db: Database, *, above: bool) -> None:
    """The server ends it within a transaction. What was written is lost, and the next transaction has another one."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("there is no server that could end a connection")
    with pytest.raises(Unavailable):
        lose(db, above=above)
    assert stored(db) == []


@pytest.mark.parametrize("above", [False, True])
def test_a_connection_that_is_lost_within_a_savepoint_is_unavailable(db: Database, *, above: bool) -> None:
    """The savepoint cannot be undone any more. That is the same fault and no other."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("there is no server that could end a connection")
    with pytest.raises(Unavailable):
        lose(db, above=above, nested=True)
    assert stored(db) == []


def test_a_glance_sees_what_was_committed_meanwhile(db: Database) -> None:
    """Each of its statements sees the database as it is then, on both engines, and a read of SQLite sees one moment."""
    with db.glance() as tx, db.read(NOW) as reading:
        assert tx.execute(FIND).scalars() == reading.execute(FIND).scalars() == []
        with db.write(NOW) as another:
            another.execute(ADD, {"phone": FIRST, "at": NOW})
        assert tx.execute(FIND).scalars() == [FIRST]
        assert reading.execute(FIND).scalars() == ([] if db.engine.dialect.name == "sqlite" else [FIRST])
    assert stored(db) == [FIRST]
