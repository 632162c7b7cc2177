"""`komek bench growth`: what the work of the night costs when very many requests have been made.

A database of each kind gets open requests of one service and many more closed ones, spread over two months. Then the
work that grows with them is done once: a month is counted, overdue numbers are erased, requests are reduced to counts,
deleted bytes are removed, the audit log is checked, and the pages of everybody's requests are read. Each line has the
wall-clock time, the processor time of this process (not PostgreSQL's own), and how many rows that makes a second.
"""

import argparse
import ctypes
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from helpline.operations.retention import AT_ONCE, NUMBERS, REDUCED
from helpline.oversight import monthly, published
from helpline.request import tombstones
from helpline.staff.roles import Role
from helpline.store import audit_log
from helpline.store.engine import Database, without_limits
from helpline.store.schema import offer, raw, request, vault
from tests.bench.crowd import fill
from tests.bench.inbox import engines
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser

SEED, BASE, DAYS, DAY = 16, 2_000, 60, timedelta(days=1)
"""Requests are copies of `BASE` ones. Of the closed ones, each copy is some days older."""
HEAD = "| | what | rows | seconds | processor, s | rows a second |\n" + "|---" * 6 + "|"
AT_A_TIME = 100
"""Copies in one statement: each statement searches the first requests among all there are."""
LOGGED = 20_000
MOST_SWEPT = 20_000
"""How much is swept at most. Ten million requests a year are 1,200 an hour."""
CACHE_KB = 1_500_000
"""Memory for a SQLite file while it is filled. Ids are random, so each new row is put into other pages."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one piece of work took."""

    what: str
    rows: int
    seconds: float
    processor: float

    @property
    def line(self) -> str:
        """Return its row of the table."""
        rate = self.rows / max(self.seconds, 1e-6)
        return f"{self.what} | {self.rows:,} | {self.seconds:.2f} | {self.processor:.2f} | {rate:,.0f} |"


def timed(what: str, work: Callable[[], int]) -> Cost:
    """Do a piece of work, which returns how many rows it did."""
    began, busy = time.perf_counter(), time.process_time()
    rows = work()
    return Cost(what, rows, time.perf_counter() - began, time.process_time() - busy)


def grow(house: CaseOffice, still_open: int, closed: int) -> int:
    """Fill a database. Return how many requests are closed: `closed`, rounded up to whole copies."""
    few, base = min(still_open, BASE), min(closed, BASE)
    fill(house, few, base, Random(SEED))
    copies = -(-closed // base)
    with in_haste(house.world.db):
        _copies(house, -(-still_open // few), copies)
    return base * copies


def _copies(house: CaseOffice, of_open: int, copies: int) -> None:
    """Move the end of the first closed requests back by 25 days, and copy all of the first ones."""
    db, closed = house.world.db, request.c.state == "closed"
    with db.write() as tx:
        without_limits(tx)
        tx.execute(sa.update(request).where(closed).values(updated=raw(request.c.updated) - 25 * _micros(DAY)))
    for first in range(1, of_open, AT_A_TIME):
        _copy(db, range(first, min(first + AT_A_TIME, of_open)), request.c.state != "closed", days=1)
    for first in range(1, copies, AT_A_TIME):
        _copy(db, range(first, min(first + AT_A_TIME, copies)), closed, DAYS)
    with db.write() as tx:
        without_limits(tx)
        tx.execute(sa.text("analyze"))


@contextmanager
def in_haste(db: Database) -> Iterator[None]:
    """Write to a SQLite file without waiting for the disk, and with a large cache: only what is measured counts."""

    def hurry(connection: Any, _record: Any) -> None:
        connection.execute("pragma synchronous=off")
        connection.execute(f"pragma cache_size=-{CACHE_KB}")

    if db.engine.dialect.name != "sqlite":
        yield
        return
    db.engine.dispose()
    sa.event.listen(db.engine, "connect", hurry)
    try:
        yield
    finally:
        sa.event.remove(db.engine, "connect", hurry)
        db.engine.dispose()


def forget_peak() -> None:
    """Forget how much memory this process has used at most: what follows is measured alone (Linux, glibc).

    The cache of the fill is freed, but only `malloc_trim` returns its pages to the system.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")


def peak_mb() -> int:
    """Return the most memory of this process since `forget_peak`, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024


def _copy(db: Database, numbers: range, which: sa.ColumnElement[bool], days: int) -> None:
    """Copy the first requests of a kind, their numbers and offers. The last four letters of each id are new.

    The copies are spread over so many days. The codes of copied offers are not genuine. Nothing that is measured reads
    them.
    """
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
    with db.write() as tx:
        without_limits(tx)
        for table in (vault, offer, request):
            values: dict[str, Any] = {column.name: column for column in table.c} | set_.get(table, {})
            values |= {name: fresh(table.c[name]) for name in ids[table]}
            values |= {name: raw(table.c[name]) - copy.c.older for name in times[table]}
            copied = sa.select(*values.values()).select_from(rows[table].join(copy, sa.true())).where(of_base)
            tx.execute(sa.insert(table).from_select(list(values), copied))


def _micros(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Night:
    """The work that grows with what is stored."""

    house: CaseOffice
    coordinator: Browser

    @property
    def db(self) -> Database:
        """The database."""
        return self.house.world.db

    def prepare(self, overdue: int) -> None:
        """Store numbers that must be erased, and rows of the audit log."""
        with self.db.write() as tx:
            closed = sa.select(request.c.id).where(request.c.state == "closed").limit(overdue)
            ids = tx.execute(closed).scalars().all()
            tx.execute(sa.insert(vault), [{"request": id, "sealed": b"sealed"} for id in ids])
            for at in range(LOGGED if overdue > 1_000 else 10):
                audit_log.append(tx, self.house.world.work.ctx.audit_key, tx.now, "somebody", "claim", f"{at}")

    def count(self) -> int:
        """Count the months that are over."""
        for month in monthly.last_months(self.house.world.clock(), 2):
            published.count_month(self.db, month, self.house.world.work.ctx.country.region_of)
        with self.db.snapshot() as tx:  # without the limit on statements
            return tx.execute(sa.select(sa.func.count()).select_from(request)).scalar_one()

    def sweep(self, kind: str, most: int = MOST_SWEPT) -> int:
        """Sweep until nothing of this kind is left, or `most` have been swept."""
        done = 0
        while True:
            with self.db.write() as tx:
                found = self.house.world.work.erasure.erase(tx)[kind]
            done += found
            if not found or done >= most:
                return done

    def look(self) -> int:
        """Look for overdue numbers, as each sweep does."""
        with self.db.read() as tx:
            return len(tombstones.overdue(tx, timedelta(days=self.house.world.config.keep_days), AT_ONCE))

    def check(self) -> int:
        """Check the whole audit log."""
        with self.db.snapshot() as tx:
            assert audit_log.broken_at(tx, self.house.world.work.ctx.audit_key) is None
            return audit_log.head(tx)[0]

    def read(self, place: str) -> int:
        """Read a page."""
        assert self.coordinator.get(place).status_code == 200
        return 1

    def scrape(self) -> int:
        """Read the metrics, as Prometheus does."""
        page = self.house.office.app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"})
        assert page.status_code == 200
        return 1


def measure(house: CaseOffice, overdue: int) -> Iterator[Cost]:
    """Do everything once, and yield what each part took as soon as it is done."""
    night = Night(house, house.office.signed_in(house.office.insider(Role.COORDINATOR)))
    night.prepare(overdue)
    yield timed("erase overdue numbers", lambda: night.sweep(NUMBERS))
    yield timed("look for overdue numbers, find none", night.look)
    yield timed("count two months", night.count)
    yield timed("reduce requests to counts", lambda: night.sweep(REDUCED))
    yield timed("remove deleted bytes", lambda: int(night.db.scrub()))
    yield timed("check the audit log", night.check)
    yield timed("page of all requests", lambda: night.read("/requests"))
    yield timed("figures for Prometheus", night.scrape)


def run(db: Database, still_open: int, closed: int, overdue: int) -> Iterator[Cost]:
    """Fill a database and measure."""
    house = CaseOffice.on(db)
    yield timed("fill", lambda: grow(house, still_open, closed))
    forget_peak()
    yield from measure(house, overdue)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="komek bench growth", description=__doc__)
    parser.add_argument("--open", type=int, default=100_000, dest="still_open", help="requests that are open")
    parser.add_argument("--closed", type=int, default=2_000_000, help="requests that are over")
    parser.add_argument("--overdue", type=int, default=5_000, help="numbers that must be erased")
    parser.add_argument("--engine", choices=["SQLite", "PostgreSQL"], help="only this kind of database")
    given = parser.parse_args(arguments)
    print(f"{given.still_open} open requests of one service, {given.closed} closed\n\n{HEAD}", flush=True)
    with engines() as found:
        for kind, db in found.items():
            if given.engine in (None, kind):
                for cost in run(db, given.still_open, given.closed, given.overdue):
                    print(f"| {kind} | {cost.line}", flush=True)
    print(f"\nmost memory of this process after the last fill: {peak_mb()} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
