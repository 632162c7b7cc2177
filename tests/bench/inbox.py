"""`komek bench inbox`: what a page of the console costs its server where very much is waiting.

One service holds all open requests, which is worse than any real day; the closed ones are in the way. Each page is
asked for as a browser does, through the whole app in this process (session, door, database, template), on SQLite in a
file and on an embedded PostgreSQL. Time on the clock of the wall, so on a machine that does nothing else. The size is
that of the first page with its style and script, compressed as the server compresses.
"""

import argparse
import gzip
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import quantiles

import sqlalchemy as sa

from helpline.people import Role
from helpline.store.database import Database, connect
from helpline.store.migrate import upgrade
from tests.bench.crowd import fill
from tests.gateway.cases_office import CaseOffice
from tests.gateway.console_office import Browser
from tests.postgres import database, server

SEED = 24
BAR_MS, BAR_BYTES = 60.0, 25_000
WITH_IT = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass(frozen=True, slots=True)
class Page:
    """Milliseconds of one page, in the middle and of one in twenty, and the statements that it takes."""

    name: str
    middle: float
    late: float
    statements: int


@contextmanager
def engines() -> Iterator[dict[str, Database]]:
    """Give an empty, migrated database of each kind that this machine has."""
    with tempfile.TemporaryDirectory() as folder:
        found = {"SQLite": connect(f"sqlite:///{Path(folder) / 'inbox.sqlite3'}")}
        try:
            with server() as address, database(address, "inbox") as there:
                found["PostgreSQL"] = connect(there)
                yield _ready(found)
                found["PostgreSQL"].dispose()
        except ImportError:
            yield _ready(found)
        found["SQLite"].dispose()


def _ready(found: dict[str, Database]) -> dict[str, Database]:
    for db in found.values():
        upgrade(db)
    return found


def measure(db: Database, still_open: int, over: int, rounds: int) -> tuple[list[Page], int]:
    """Measure the pages of a caseworker and a coordinator; give them, and the bytes of the first page with all it needs."""
    house = CaseOffice.on(db)
    service = fill(house, still_open, over, Random(SEED))
    _, browser = house.worker(service)
    last = max(-(-still_open // 50), 1)
    browser.get("/cases")
    one = re.findall(r'href="(/cases/[0-9a-f]+)"', browser.page)[0]
    places = {"first page": "/cases", "last page": f"/cases?page={last}", "one case": one}
    pages = [_page(db, browser, name, place, rounds) for name, place in places.items()]
    steering = house.office.signed_in(house.office.insider(Role.COORDINATOR))
    return [*pages, _page(db, steering, "all requests", "/requests", rounds)], _weight(browser)


def _page(db: Database, browser: Browser, name: str, place: str, rounds: int) -> Page:
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        response = browser.get(place)
        taken.append((time.perf_counter() - began) * 1000)
        assert response.status_code == 200, response.status
    cuts = quantiles(taken, n=20)
    return Page(name, cuts[9], cuts[18], _statements(db, browser, place))


def _statements(db: Database, browser: Browser, place: str) -> int:
    said: list[str] = []

    def hear(_c: object, _k: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", hear)
    browser.get(place)
    sa.event.remove(db.engine, "before_cursor_execute", hear)
    return len(said)


def _weight(browser: Browser) -> int:
    """Give the bytes of the first page, its style and its script, compressed."""
    browser.get("/cases")
    page = browser.page
    files = [browser.client.get(each).get_data() for each in dict.fromkeys(WITH_IT.findall(page))]
    return sum(len(gzip.compress(each, 6)) for each in (page.encode(), *files))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print a table; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(prog="komek bench inbox", description=__doc__)
    parser.add_argument("--open", type=int, default=5_000, dest="still_open", help="requests of the service")
    parser.add_argument("--closed", type=int, default=200_000, help="requests that are over")
    parser.add_argument("--rounds", type=int, default=100, help="times that each page is asked for")
    given = parser.parse_args(arguments)
    missed = 0
    print(f"{given.still_open} open requests of one service, {given.closed} closed")
    print(f"{'':12}{'':12}  median ms  95th ms  statements")
    with engines() as found:
        for kind, db in found.items():
            pages, weight = measure(db, given.still_open, given.closed, given.rounds)
            for page in pages:
                print(
                    f"{kind:12}{page.name:12}  {page.middle:9.1f}  {page.late:7.1f}  {page.statements:10}", flush=True
                )
            missed += sum(page.late > BAR_MS for page in pages) + (weight > BAR_BYTES)
            print(f"{kind:12}first page with style and script, compressed: {weight} bytes")
    print(f"bars: {BAR_MS:.0f} ms of 95 in a hundred, {BAR_BYTES} bytes; {missed} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
