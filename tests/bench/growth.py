"""`komek bench growth`: what the work of the night costs when very many requests have been made.

A database of each kind gets open requests of one service and many more closed ones, spread over two months. Then the
work that grows with them is done once: overdue numbers are erased, a month is counted, requests are reduced to counts,
deleted bytes are removed, the audit log is checked, and the pages of everybody's requests are read. Each line has the
wall-clock time, the processor time of this process and of PostgreSQL, and how many rows that makes a second. Bars of
what takes milliseconds are processor time of both. It ends with 1 only at three times a bar.
"""

import argparse
import ctypes
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from helpline.operations.retention import AT_ONCE, EVERY, NUMBERS, REDUCED
from helpline.oversight import monthly, published
from helpline.request import tombstones
from helpline.staff.roles import Role
from helpline.store import audit_log
from helpline.store.engine import Database
from helpline.store.schema import departure, request, vault
from tests.bench.bars import far_beyond, judged
from tests.bench.filled import filled
from tests.bench.service import cpu_seconds, tree
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser

HEAD = "| | what | rows | seconds | processor, s | the server's, s | rows a second | of the bar |\n" + "|---" * 8 + "|"
A_MONTH = 1_500_000
"""Requests a month of the largest country that docs/scaling.md plans for."""
BAR_MB, BAR_SECONDS = 300, 0.06
BAR_A_SECOND = A_MONTH / 30 / 86_400 * 10
"""Overdue numbers a second in the busiest hour, which has ten times the mean."""
LOGGED = 20_000
LEFT_CALLS = 3_000_000
"""Calls of a month that ended without a request."""
MOST_SWEPT = 20_000
"""How much is reduced at most."""
TIMES = 10
"""How often something is done that takes milliseconds. The first time is not counted."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one piece of work took."""

    what: str
    rows: int
    seconds: float
    processor: float
    server: float = 0.0
    """Processor time of PostgreSQL."""
    missed: float = 0.0
    """How many times the bar it took, 0 without a bar."""

    @property
    def line(self) -> str:
        """Return its row of the table."""
        rate, times = self.rows / max(self.seconds, 1e-6), f"{self.missed:.2f}" if self.missed else ""
        took = f"{self.seconds:.3f} | {self.processor:.3f} | {self.server:.3f}"
        return f"{self.what} | {self.rows:,} | {took} | {rate:,.0f} | {times} |"


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """Measures pieces of work on a database."""

    db: Database

    def timed(self, what: str, work: Callable[[], int]) -> Cost:
        """Do a piece of work once. It returns how many rows it did."""
        began, busy, served = time.perf_counter(), time.process_time(), self.server()
        rows = work()
        seconds, processor = time.perf_counter() - began, time.process_time() - busy
        return Cost(what, rows, seconds, processor, self.server() - served)

    def erasing(self, what: str, work: Callable[[], int]) -> Cost:
        """Erase numbers. The bar is the busiest hour."""
        cost = self.timed(what, work)
        return replace(cost, missed=BAR_A_SECOND * cost.seconds / max(cost.rows, 1))

    def repeated(self, what: str, work: Callable[[], int]) -> Cost:
        """Do something short several times, and return the mean. The bar is processor time."""
        work()
        whole = self.timed(what, lambda: sum(work() for _ in range(TIMES)))
        mean = Cost(what, whole.rows // TIMES, whole.seconds / TIMES, whole.processor / TIMES, whole.server / TIMES)
        return replace(mean, missed=(mean.processor + mean.server) / BAR_SECONDS)

    def server(self) -> float:
        """Return the processor time of PostgreSQL so far; 0 for SQLite, which is part of this process."""
        host = self.db.engine.url.query.get("host")
        return cpu_seconds(tree(int(Path(str(host), "postmaster.pid").read_text().split()[0]))) if host else 0.0


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
        """Store numbers that must be erased, rows of the audit log, and calls without a request."""
        self.fall_due(overdue)
        months = monthly.last_months(self.house.world.clock(), 2)
        with self.db.write() as tx:
            for at in range(LOGGED if overdue > 1_000 else 10):
                audit_log.append(tx, self.house.world.work.ctx.audit_key, tx.now, "somebody", "claim", f"{at}")
            left = [{"month": each, "screen": "home", "calls": LEFT_CALLS} for each in months]
            tx.execute(sa.insert(departure), left)

    def fall_due(self, overdue: int) -> None:
        """Store numbers that must be erased."""
        with self.db.write() as tx:
            bare = sa.and_(request.c.state == "closed", ~sa.exists().where(vault.c.request == request.c.id))
            ids = tx.execute(sa.select(request.c.id).where(bare).limit(overdue)).scalars().all()
            tx.execute(sa.insert(vault), [{"request": id, "sealed": b"sealed"} for id in ids])

    def hour(self, most: int) -> int:
        """Erase what falls due in an hour of `A_MONTH`, in as many sweeps as a worker makes. Return how many."""
        sweeps = timedelta(hours=1) // EVERY
        each = min(A_MONTH // 30 // 24 // sweeps, most)
        for _ in range(sweeps):
            self.fall_due(each)
            assert self.sweep(NUMBERS) == each
        return sweeps * each

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
            if found < AT_ONCE or done >= most:
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


def measure(db: Database, overdue: int) -> Iterator[Cost]:
    """Do everything once, and yield what each part took as soon as it is done."""
    house = CaseOffice.on(db)
    night = Night(house, house.office.signed_in(house.office.insider(Role.COORDINATOR)))
    watch = Stopwatch(night.db)
    night.prepare(overdue)
    forget_peak()
    yield watch.erasing("erase overdue numbers", lambda: night.sweep(NUMBERS, overdue))
    yield watch.erasing("an hour of 1.5 million requests a month", lambda: night.hour(overdue))
    yield watch.repeated("look for overdue numbers, find none", night.look)
    yield watch.repeated("page of all requests", lambda: night.read("/requests"))
    yield watch.repeated("figures for Prometheus", night.scrape)
    yield watch.timed("count two months", night.count)
    yield watch.timed("reduce requests to counts", lambda: night.sweep(REDUCED))
    yield watch.timed("remove deleted bytes", lambda: int(night.db.scrub()))
    yield watch.timed("check the audit log", night.check)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print a table. Return 1 if a bar is missed three times over."""
    parser = argparse.ArgumentParser(prog="komek bench growth", description=__doc__)
    parser.add_argument("--open", type=int, default=100_000, dest="still_open", help="requests that are open")
    parser.add_argument("--closed", type=int, default=2_000_000, help="requests that are over")
    parser.add_argument("--overdue", type=int, default=5_000, help="numbers that must be erased")
    parser.add_argument("--engine", choices=["SQLite", "PostgreSQL"], help="only this kind of database")
    parser.add_argument("--keep", type=Path, help="a folder for the filled databases; they are used again, if there")
    given = parser.parse_args(arguments)
    print(f"{given.still_open} open requests of one service, {given.closed} closed\n\n{HEAD}", flush=True)
    worst = 0.0
    for kind in ("SQLite", "PostgreSQL"):
        if given.engine in (None, kind):
            worst = max(worst, *_run(kind, given))
    print(
        f"\nbars: {BAR_A_SECOND:.1f} numbers erased a second, {BAR_SECONDS * 1000:.0f} ms of processor time, {BAR_MB} MB"
    )
    print(f"at worst {worst:.2f} times a bar: {judged(worst, 1)}")
    return int(far_beyond((worst, 1)))


def _run(kind: str, given: argparse.Namespace) -> Iterator[float]:
    """Fill and measure a database of this kind. Print each cost, and yield how many times its bar it took."""
    began = time.perf_counter()
    with filled(kind, given.still_open, given.closed, given.keep) as db:
        print(f"| {kind} | fill | {given.closed:,} | {time.perf_counter() - began:.1f} | | | | |", flush=True)
        for cost in measure(db, given.overdue):
            print(f"| {kind} | {cost.line}", flush=True)
            yield cost.missed
    most = peak_mb()
    print(f"| {kind} | most memory of this process, MB | {most} | | | | | {most / BAR_MB:.2f} |", flush=True)
    yield most / BAR_MB


if __name__ == "__main__":
    sys.exit(main())
