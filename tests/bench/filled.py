"""Databases with very many requests for benchmarks, filled in minutes and stored for the next run.

The service itself saves one request. `crowd` makes thousands of different ones of it, and the database copies these.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from helpline.store.connection import connect
from helpline.store.engine import Database, Tx, without_limits
from helpline.store.migrate import upgrade
from helpline.store.schema import offer, raw, request, vault
from tests.bench.crowd import fill
from tests.gateway.console.cases_office import CaseOffice
from tests.postgres import database, server, stored
from tests.world import keys

SEED, BASE, DAYS, DAY = 16, 2_000, 60, timedelta(days=1)
"""Requests are copies of `BASE` ones. Of the closed ones, each copy is some days older."""
AT_A_TIME = 100
"""Copies in one statement: each statement searches the first requests among all there are."""
CACHE_KB = 1_500_000
"""Memory for a SQLite file while it is filled. Ids are random, so each new row is put into other pages."""
TABLES = (request, vault, offer)
SERVER: dict[str, str] = {
    "fsync": "off", "full_page_writes": "off", "max_wal_size": "16GB", "checkpoint_timeout": "1h",
}  # fmt: skip
"""How a PostgreSQL server runs while it is filled. What is lost then is filled again."""
FILE, FOLDER, NAME = "growth.sqlite3", "postgresql", "growth"


def migrated(url: str) -> Database:
    """Return an empty database with all tables, or one that is filled already."""
    db = connect(url).with_contact_key(keys()["contact_key"])
    upgrade(db)
    return db


@contextmanager
def filled(kind: str, still_open: int, closed: int, kept: Path | None = None) -> Iterator[Database]:
    """Return a copy of a filled database of this kind.

    In the folder `kept` the filled one is stored, and used again. If it has other numbers of requests, it stays so.
    """
    with tempfile.TemporaryDirectory() as temporary:
        if kept:
            kept.mkdir(parents=True, exist_ok=True)
        there = _of_sqlite if kind == "SQLite" else _of_postgres
        with there(kept, Path(temporary), still_open, closed) as url:
            db = migrated(url)
            try:
                yield db
            finally:
                db.dispose()


@contextmanager
def _of_sqlite(kept: Path | None, temporary: Path, still_open: int, closed: int) -> Iterator[str]:
    path, copy = (kept or temporary) / FILE, temporary / "copy.sqlite3"
    _fill_once(f"sqlite:///{path}", still_open, closed)
    (shutil.copyfile if kept else shutil.move)(path, copy)
    yield f"sqlite:///{copy}"


@contextmanager
def _of_postgres(kept: Path | None, _temporary: Path, still_open: int, closed: int) -> Iterator[str]:
    with server(kept / FOLDER if kept else None) as address:
        if kept is None:
            with database(address, NAME) as url:
                _fill_once(url, still_open, closed)
                yield url
            return
        _fill_once(stored(address, NAME), still_open, closed)
        with database(address, "copy", NAME) as url:
            yield url


def _fill_once(url: str, still_open: int, closed: int) -> None:
    """Fill a database that is empty. Leave no connection to it."""
    db = migrated(url)
    with db.read() as tx:
        there = tx.execute(sa.select(request.c.id).limit(1)).first()
    if not there:
        grow(db, still_open, closed)
    db.scrub()
    db.dispose()


def grow(db: Database, still_open: int, closed: int) -> int:
    """Fill a database. Return how many requests are closed: `closed`, rounded up to whole copies."""
    few, base = min(still_open, BASE), min(closed, BASE)
    of_open, of_closed = -(-still_open // few), -(-closed // base)
    rows = _first_rows(few, base)
    with _in_haste(db), db.write() as tx, _without_indexes(tx):
        without_limits(tx)
        for table, first in zip(TABLES, rows, strict=True):
            tx.execute(sa.insert(table), first)
        is_closed = request.c.state == "closed"
        tx.execute(sa.update(request).where(is_closed).values(updated=raw(request.c.updated) - 25 * _micros(DAY)))
        # the oldest first: rows lie in the order in which they were made
        _copy(tx, sorted(range(1, of_closed), key=lambda at: -(at % DAYS)), is_closed, DAYS)
        _copy(tx, range(1, of_open), ~is_closed, days=1)
    with db.write() as tx:
        without_limits(tx)
        tx.execute(sa.text("analyze"))
    return base * of_closed


def _first_rows(few: int, base: int) -> list[list[dict[str, Any]]]:
    """Return the rows of the first requests, numbers and offers, as a service of their own has saved them."""
    with tempfile.TemporaryDirectory() as folder:
        db = migrated(f"sqlite:///{Path(folder) / 'first.sqlite3'}")
        fill(CaseOffice.on(db), few, base, Random(SEED))
        with db.read() as tx:
            rows = [[dict(row) for row in tx.execute(sa.select(table)).mappings()] for table in TABLES]
        db.dispose()
    return rows


@contextmanager
def _in_haste(db: Database) -> Iterator[None]:
    """Write without waiting for the disk, and to a SQLite file without a log: only what is measured counts."""
    db.dispose()
    if db.engine.dialect.name != "sqlite":
        before = _set(db, SERVER)
        yield
        _set(db, before)
        return

    def hurry(connection: Any, _record: Any) -> None:
        connection.execute("pragma journal_mode=off")
        connection.execute("pragma synchronous=off")
        connection.execute(f"pragma cache_size=-{CACHE_KB}")

    sa.event.listen(db.engine, "connect", hurry)
    try:
        yield
    finally:
        sa.event.remove(db.engine, "connect", hurry)
        db.dispose()


def _set(db: Database, settings: dict[str, str]) -> dict[str, str]:
    """Change settings of a server. Return what they were. Everything is on the disk afterwards."""
    with db.engine.connect() as connection:
        tx = connection.execution_options(isolation_level="AUTOCOMMIT")
        tx.exec_driver_sql("set statement_timeout = 0")
        before = {name: str(tx.exec_driver_sql(f"show {name}").scalar_one()) for name in settings}
        for name, value in settings.items():
            tx.exec_driver_sql(f"alter system set {name} = '{value}'")
        tx.exec_driver_sql("select pg_reload_conf()")
        tx.exec_driver_sql("checkpoint")
    db.dispose()
    return before


@contextmanager
def _without_indexes(tx: Tx) -> Iterator[None]:
    """Drop the indexes that are no constraints, and make them again at the end: sorted, they are written once."""
    indexes = [index for table in TABLES for index in sorted(table.indexes, key=lambda each: str(each.name))]
    for index in indexes:
        tx.execute(sa.schema.DropIndex(index))
    yield
    for index in indexes:
        tx.execute(sa.schema.CreateIndex(index))


def _copy(tx: Tx, numbers: Sequence[int], which: sa.ColumnElement[bool], days: int) -> None:
    """Copy the first requests of a kind, their numbers and offers. The last four letters of each id are new.

    The copies are spread over so many days. The codes of copied offers are not genuine. Nothing that is measured reads
    them.
    """
    for first in range(0, len(numbers), AT_A_TIME):
        _copy_some(tx, numbers[first : first + AT_A_TIME], which, days)


def _copy_some(tx: Tx, numbers: Sequence[int], which: sa.ColumnElement[bool], days: int) -> None:
    of_base = sa.and_(which, request.c.keys_seen >= 0)
    each = sa.values(
        sa.column("number", sa.Integer), sa.column("letters", sa.String), sa.column("older", sa.BigInteger)
    )
    # no id of a first one ends with a g
    copy = each.data([(at, f"{at:03x}g", _micros(DAY * (at % days))) for at in numbers]).cte("copy")

    def fresh(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
        return sa.func.substr(column, 1, 28) + copy.c.letters

    ids = {request: ("id",), vault: ("request", "line"), offer: ("id", "request", "line")}
    times = {request: ("due", "created", "updated", "expires", "since"), vault: (), offer: ("opened", "claimed")}
    set_: dict[sa.Table, dict[str, Any]] = {
        request: {"session": sa.null(), "code_mac": sa.null(), "keys_seen": -copy.c.number}
    }
    rows = {request: request, vault: vault.join(request, request.c.id == vault.c.request),
            offer: offer.join(request, request.c.id == offer.c.request)}  # fmt: skip
    for table in (vault, offer, request):
        values: dict[str, Any] = {column.name: column for column in table.c} | set_.get(table, {})
        values |= {name: fresh(table.c[name]) for name in ids[table]}
        values |= {name: raw(table.c[name]) - copy.c.older for name in times[table]}
        of = sa.select(*values.values()).select_from(rows[table].join(copy, sa.true())).where(of_base)
        tx.execute(sa.insert(table).from_select(list(values), of.order_by(copy.c.older.desc())))


def _micros(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
