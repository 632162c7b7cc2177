"""`komek bench offers`: how many offers workers make in a second on PostgreSQL, and what one costs.

Requests of as many telephones wait to be attended to, in a directory of made-up services. One worker process makes the
offers, then two. In the last part thousands of unread texts wait beside them. The rounds are interleaved, and processor
time is measured as well as the clock: other work on the machine makes the clock run, and hardly changes the other.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from random import Random
from statistics import median

import sqlalchemy as sa

from helpline.core.jobs import Job
from helpline.core.phone_numbers import Hidden
from helpline.directory import replace_directory
from helpline.store.connection import connect, share_plans
from helpline.store.migrate import upgrade
from helpline.store.schema import inbox, offer, request
from helpline.store.sql import new_id
from menus.keywords import Category
from tests.bench.matching import NEEDS, SEED, service_of
from tests.bench.service import cpu_seconds, tree
from tests.postgres import database, server
from tests.world import World

BAR_GROWTH, BAR_PYTHON_MS, BAR_SERVER_MS, BAR_FLOOD = 1.6, 12.0, 6.0, 0.8
"""Bars: offers a second of two workers for each one of one worker; processor time of an offer; offers a second beside
unread texts for each one without."""
ONE, TWO, FLOOD = "one worker", "two workers", "one, unread texts"
WARM = 10
"""Each worker makes so many offers before it is measured: then its statements are compiled."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One round: how many offers were made, in how many seconds, and the processor time of workers and server."""

    offers: int
    seconds: float
    python: float
    server: float


def measure(rounds: int, requests: int, services: int, texts: int) -> dict[str, list[Reading]]:
    """Return the readings of each part."""
    found: dict[str, list[Reading]] = {ONE: [], TWO: [], FLOOD: []}
    with server(careless=True) as address, database(address, "offers") as quiet:
        world = _world(quiet, requests, services)
        with database(address, "flooded", "offers") as flooded:
            _flood(world, flooded, texts)
            for at in range(rounds):
                for part, template, workers in ((ONE, "offers", 1), (TWO, "offers", 2), (FLOOD, "flooded", 1)):
                    with database(address, f"round_{at}_{workers}_{template}", template) as url:
                        found[part].append(_round(world, url, workers))
    return found


def _world(url: str, requests: int, services: int) -> World:
    """Return a service with made-up services, and requests that wait. No connection is left open."""
    db = connect(url)
    upgrade(db)
    world, chance = World.on(db), Random(SEED)
    country = world.public.ctx.country
    listed = [
        replace(service_of(chance, country, f"s{n:05}"), phone=f"+9960020{n:05}", capacity=None)
        for n in range(services)
    ]
    with world.db.write() as tx:
        replace_directory.replace_all(tx, world.config.country, listed, [])
    for at in range(requests):
        world.ask(f"+996000{at:06}")
    with db.write() as tx:
        for id in tx.execute(sa.select(request.c.id)).scalars().all():
            values = {"need": chance.choice(NEEDS), "place": chance.choice(sorted(country.regions))}
            tx.execute(sa.update(request).where(request.c.id == id).values(**values))
    _settle(url)
    db.dispose()
    return world


def _flood(world: World, url: str, texts: int) -> None:
    db, now, seal = connect(url), world.clock(), world.public.ctx.sealing.seal
    ids = [new_id() for _ in range(texts)]
    rows = [
        {
            "id": id, "kind": "sms", "gateway_id": f"in{at}", "sealed": seal(id, Hidden(f"+996001{at:06}\nSalam")),
            "status": "", "category": Category.OTHER.value, "at": now, "channel": "at", "code": "",
        }
        for at, id in enumerate(ids)
    ]  # fmt: skip
    with db.write() as tx:
        if rows:
            tx.execute(sa.insert(inbox), rows)
    _settle(url)
    db.dispose()


def _settle(url: str) -> None:
    """Make the server count its rows, as it does by itself after a minute."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as tx:
        tx.execute(sa.text("vacuum analyze"))
    engine.dispose()


def _round(world: World, url: str, workers: int) -> Reading:
    """Make all the offers with so many processes."""
    of_fork = multiprocessing.get_context("fork")  # the workers must have the keys of this process
    together, ends = of_fork.Barrier(workers + 1), [of_fork.Pipe() for _ in range(workers)]
    processes = [of_fork.Process(target=_work, args=(world, url, together, end)) for _, end in ends]
    for each in processes:
        each.start()
    together.wait()
    began, used = time.monotonic(), _server_seconds(url)
    together.wait()
    done = [ours.recv() for ours, _ in ends]
    seconds, used = time.monotonic() - began, _server_seconds(url) - used
    for each in processes:
        each.join()
    db = connect(url)
    with db.read() as tx:
        made = tx.execute(sa.select(sa.func.count()).select_from(offer)).scalar_one()
    db.dispose()
    return Reading(made - workers * WARM, seconds, sum(done), used)


def _work(world: World, url: str, together: Barrier, end: Connection) -> None:
    """Make offers until none is left. Send the processor time that it took."""
    db = connect(url).with_contact_key(world.config.contact_key.get_secret_value()).watched_by(world.clock)
    share_plans(db)
    work = replace(world.work, db=db)
    for _ in range(WARM):
        work.step(Job.ATTEND_REQUESTS)
    together.wait()
    together.wait()
    began = time.process_time()
    while work.drain(job=Job.ATTEND_REQUESTS):
        pass
    end.send(time.process_time() - began)


def _server_seconds(url: str) -> float:
    folder = sa.make_url(url).query["host"]
    return cpu_seconds(tree(int(Path(str(folder), "postmaster.pid").read_text().split()[0])))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print a table. Return 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="komek bench offers", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--services", type=int, default=60)
    parser.add_argument("--texts", type=int, default=10_000, help="unread texts (%(default)s)")
    given = parser.parse_args(arguments)
    found = measure(given.rounds, given.requests, given.services, given.texts)
    speed = {part: median(each.offers / each.seconds for each in readings) for part, readings in found.items()}
    python, server_ms = (
        median(getattr(each, name) / each.offers * 1000 for each in found[ONE]) for name in ("python", "server")
    )
    print(f"{given.requests} requests, {given.services} services, {given.texts} unread texts in the last part")
    print("                     offers/s  Python ms  PostgreSQL ms   (medians)")
    for part, readings in found.items():
        of = [median(getattr(each, name) / each.offers * 1000 for each in readings) for name in ("python", "server")]
        print(f"{part:20} {speed[part]:9.1f} {of[0]:10.1f} {of[1]:14.1f}")
    growth = median(
        two.offers / two.seconds * one.seconds / one.offers for one, two in zip(found[ONE], found[TWO], strict=True)
    )
    flood = median(
        f.offers / f.seconds * one.seconds / one.offers for one, f in zip(found[ONE], found[FLOOD], strict=True)
    )
    missed = [
        growth < BAR_GROWTH, python > BAR_PYTHON_MS, server_ms > BAR_SERVER_MS, flood < BAR_FLOOD,
    ]  # fmt: skip
    print(f"two workers make {growth:.2f} times the offers of one; bar {BAR_GROWTH}")
    print(f"beside unread texts one makes {flood:.2f} times as many; bar {BAR_FLOOD}")
    print(f"bars for an offer: {BAR_PYTHON_MS:.0f} ms Python, {BAR_SERVER_MS:.0f} ms PostgreSQL; {sum(missed)} missed")
    return 1 if any(missed) else 0


if __name__ == "__main__":
    sys.exit(main())
