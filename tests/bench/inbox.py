"""`komek bench inbox`: the cost of a console page for its server when very many requests wait.

One service holds all open requests, which is worse than any real day, among many closed ones. With `--elsewhere` other
services hold more. Each page is requested as a browser does, through the whole app in this process (session,
permission, database, template). It runs on SQLite in a file and on an embedded PostgreSQL. The bar is wall-clock time,
so it needs an otherwise idle machine. The processor time beside it is this process's and depends less on other load. It
does not include PostgreSQL's own. The last line of each database says what two hundred open tabs cost that only wait.
"""

import argparse
import gc
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
from statistics import median, quantiles

import sqlalchemy as sa

from gateway.console.cases.live import EVERY_SECONDS
from gateway.console.pages import A_PAGE
from helpline.staff.roles import Role
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.migrate import upgrade
from helpline.store.schema import offer
from tests.bench.bars import far_beyond, judged
from tests.bench.crowd import fill
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.postgres import database, server
from tests.world import keys

SEED = 24
BAR_MS, BAR_BYTES, BAR_BELL_MS, TABS = 60.0, 25_000, 30.0, 200
BELL = "the bell"
OTHERS = "elsewhere"
"""The service of the requests that others hold."""
WITH_IT = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass(frozen=True, slots=True)
class Page:
    """The cost of a page: median and 95th percentile of wall-clock time, and processor time of this process, in ms.

    `size` is the number of compressed bytes, with its style and its scripts.
    """

    name: str
    middle: float
    late: float
    processor: float
    statements: int
    size: int

    @property
    def bar(self) -> float:
        """The milliseconds in which 95 of a hundred must be answered. The bell's are fewer: every open tab asks."""
        return BAR_BELL_MS if self.name == BELL else BAR_MS

    @property
    def line(self) -> str:
        """Return its row of the table."""
        part = self.late / self.bar
        return (
            f"{self.name} | {self.middle:.1f} | {self.late:.1f} | {part:.2f} | {self.processor:.1f} | "
            f"{self.statements} | {self.size:,} |"
        )


HEAD = "| | page | median, ms | 95th, ms | of the bar | processor, ms | statements | bytes |\n" + "|---" * 8 + "|"


@contextmanager
def engines() -> Iterator[dict[str, Database]]:
    """Return an empty, migrated database of each kind on this machine."""
    with tempfile.TemporaryDirectory() as folder:
        found = {"SQLite": _there(f"sqlite:///{Path(folder) / 'inbox.sqlite3'}")}
        try:
            with server() as address, database(address, "inbox") as there:
                found["PostgreSQL"] = _there(there)
                yield _ready(found)
                found["PostgreSQL"].dispose()
        except ImportError:
            yield _ready(found)
        found["SQLite"].dispose()


def _there(url: str) -> Database:
    return connect(url).with_contact_key(keys()["contact_key"])


def _ready(found: dict[str, Database]) -> dict[str, Database]:
    for db in found.values():
        upgrade(db)
    return found


def measure(db: Database, still_open: int, over: int, rounds: int, elsewhere: int = 0) -> list[Page]:
    """Measure the pages of all roles, and the requests that a caseworker's browser makes by itself."""
    house = CaseOffice.on(db)
    service = fill(house, still_open + elsewhere, over, Random(SEED))
    _give_away(db, elsewhere)
    (_, worker), (_, lead) = house.worker(service), house.worker(service, "lead", Role.LEAD)
    person, operator = house.office.insider(Role.COORDINATOR), house.office.insider(Role.OPERATOR)
    coordinator, machine = house.office.signed_in(person), house.office.signed_in(operator)
    house.prove(person, coordinator, "/directory/new")  # for the pages that need a fresh second factor
    gc.collect()
    gc.freeze()  # as a web process does once everything is loaded
    worker.get("/cases")
    one = re.findall(r'href="(/cases/[0-9a-f]+)"', worker.page)[0]
    coordinator.get("/requests")
    hand = f"/cases/{_claimed(db, service)}/hand"
    any_one = re.findall(r'href="(/requests/[0-9a-f]+)"', coordinator.page)[0]
    last, last_of_all = (max(-(-count // A_PAGE), 1) for count in (still_open, still_open + elsewhere))
    asked = (
        ("first page", worker, "/cases"), ("last page", worker, f"/cases?page={last}"), ("one case", worker, one),
        (BELL, worker, "/cases/bell"), ("shift", worker, "/cases/shift"), ("duty", worker, "/duty"),
        ("all requests", coordinator, "/requests"), ("last of all", coordinator, f"/requests?page={last_of_all}"),
        ("middle of all", coordinator, f"/requests?page={-(-last_of_all // 2)}"),
        ("middle page", worker, f"/cases?page={-(-last // 2)}"), ("one request", coordinator, any_one),
        ("tonight", coordinator, "/requests/tonight"), ("directory", coordinator, "/directory"),
        ("figures", coordinator, "/figures"), ("audit log", coordinator, "/audit"),
        ("own figures", lead, "/figures"), ("narrowed list", worker, "/cases?show=due&order=oldest&whose=mine"),
        ("beside a case", worker, f"/cases/beside?case={one.rpartition('/')[2]}"), ("hand over", worker, hand),
        ("awaiting a yes", coordinator, "/requests?only=yes"), ("one service", coordinator, f"/directory/{service}"),
        ("edit hours", coordinator, f"/directory/{service}/edit/hours"),
        ("new service", coordinator, "/directory/new"), ("lost phones", coordinator, "/directory/lost"),
        ("people", coordinator, "/people"), ("harm", coordinator, "/harm"), ("blocks", coordinator, "/requests/blocks"),
        ("drills", coordinator, "/drills"), ("exports", coordinator, "/exports"), ("wordings", coordinator, "/reviews"),
        ("lock", coordinator, "/lock"), ("help", coordinator, "/help"), ("account", coordinator, "/account"),
        ("machine", machine, "/machine"), ("sign in", house.office.browser(), "/login"),
    )  # fmt: skip
    return [_page(db, browser, name, place, rounds) for name, browser, place in asked]


def _claimed(db: Database, service: str) -> str:
    with db.read() as tx:
        mine = sa.select(offer.c.id).where(offer.c.service == service, offer.c.state == "claimed")
        return str(tx.execute(mine.limit(1)).scalar_one())


def _give_away(db: Database, how_many: int) -> None:
    """Make another service hold some of the open requests. Its offers are not genuine, and nothing here reads that."""
    held = sa.select(offer.c.id).where(offer.c.state.in_(("open", "claimed"))).order_by(offer.c.id).limit(how_many)
    with db.write() as tx:
        tx.execute(sa.update(offer).where(offer.c.id.in_(held)).values(service=OTHERS))
        tx.execute(sa.text("analyze"))


def waiting_tabs(page: Page, tabs: int = TABS) -> str:
    """Return what open tabs cost that nobody looks at: requests a second, and the share of one processor."""
    a_second = tabs / EVERY_SECONDS
    return f"{tabs} open tabs: {a_second:.0f} requests a second, {a_second * page.processor / 10:.0f} % of a processor"


def _page(db: Database, browser: Browser, name: str, place: str, rounds: int) -> Page:
    browser.get(place)
    wall, processor = [], []
    for _ in range(rounds):
        began, busy = time.perf_counter(), time.process_time()
        response = browser.get(place)
        processor.append((time.process_time() - busy) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
        assert response.status_code == 200, response.status
    cuts = quantiles(wall, n=20)
    return Page(name, cuts[9], cuts[18], median(processor), _statements(db, browser, place), _size(browser))


def _statements(db: Database, browser: Browser, place: str) -> int:
    statements: list[str] = []

    def hear(_c: object, _k: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", hear)
    browser.get(place)
    sa.event.remove(db.engine, "before_cursor_execute", hear)
    return len(statements)


def _size(browser: Browser) -> int:
    """Return the compressed bytes of the page that a browser has just loaded, with its style and its scripts."""
    page = browser.page
    files = [browser.client.get(each).get_data() for each in dict.fromkeys(WITH_IT.findall(page))]
    return sum(len(gzip.compress(each, 6)) for each in (page.encode(), *files))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print a table. Return 1 if a bar is missed three times over."""
    parser = argparse.ArgumentParser(prog="komek bench inbox", description=__doc__)
    parser.add_argument("--open", type=int, default=5_000, dest="still_open", help="requests of the service")
    parser.add_argument("--elsewhere", type=int, default=0, help="requests that another service has")
    parser.add_argument("--closed", type=int, default=200_000, help="requests that are over")
    parser.add_argument("--rounds", type=int, default=100, help="times that each page is asked for")
    given = parser.parse_args(arguments)
    missed, failed, tabs = 0, False, dict[str, str]()
    print(f"{given.still_open} open requests of one service, {given.closed} closed\n\n{HEAD}", flush=True)
    with engines() as found:
        for kind, db in found.items():
            for page in measure(db, given.still_open, given.closed, given.rounds, given.elsewhere):
                print(f"| {kind} | {page.line}", flush=True)
                missed += (page.late > page.bar) + (page.size > BAR_BYTES)
                failed |= far_beyond((page.late, page.bar), (page.size, BAR_BYTES))
                tabs[kind] = waiting_tabs(page) if page.name == BELL else tabs.get(kind, "")
    print("".join(f"\n{kind}: {said}" for kind, said in tabs.items()))
    print(
        f"\nbars: {BAR_MS:.0f} ms ({BAR_BELL_MS:.0f} for the bell) for 95 of 100, {BAR_BYTES} bytes with all that a page needs"
    )
    print(f"{missed} missed: {judged(missed, 0)}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
