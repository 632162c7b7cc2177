"""`komek bench offers`: how many offers workers make in a second on PostgreSQL, and what one costs.

Requests of as many telephones wait to be attended to, in a directory of made-up services. One worker process makes the
offers, then two. In the last part thousands of unread texts wait beside them. The rounds are interleaved, and processor
time is measured as well as the clock: other work on the machine makes the clock run, and hardly changes the other. After
each round every request must have one open offer, or be with a person if no service fits, and no work that is due.

With `--one-lock`, the control, each worker holds one lock as long as it writes, as if all telephones were one. Then two
workers make hardly more offers than one.
"""

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import sqlalchemy as sa

from helpline.core.jobs import Job
from helpline.core.phone_numbers import Hidden
from helpline.directory import replace_directory
from helpline.store.connection import connect, share_plans
from helpline.store.engine import Tx
from helpline.store.migrate import upgrade
from helpline.store.schema import inbox, offer, outbox, request
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
RIGHT = {("offered", 1), ("stranded", 0)}
"""The state of a request in the end, and how many open offers it has."""
WARM = 10
"""Each worker makes so many offers before it is measured: then its statements are compiled."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One round: how many offers were made, in how many seconds, and the processor time of workers and server."""

    offers: int
    seconds: float
    python: float
    server: float
    made: int
    """All offers, those before it was measured too: the same number in each round."""
    wrong: int
    """How many requests are not where they should be."""


def measure(
    rounds: int, requests: int, services: int, texts: int, *, one_lock: bool = False
) -> dict[str, list[Reading]]:
    """Return the readings of each part."""
    found: dict[str, list[Reading]] = {ONE: [], TWO: [], FLOOD: []}
    with server(careless=True) as address, database(address, "offers") as quiet:
        world = _world(quiet, requests, services)
        with database(address, "flooded", "offers") as flooded:
            _flood(world, flooded, texts)
            for at in range(rounds):
                for part, template, workers in ((ONE, "offers", 1), (TWO, "offers", 2), (FLOOD, "flooded", 1)):
                    with database(address, f"round_{at}_{workers}_{template}", template) as url:
                        found[part].append(_round(world, url, workers, one_lock=one_lock))
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


def _round(world: World, url: str, workers: int, *, one_lock: bool) -> Reading:
    """Make all the offers with so many processes."""
    of_fork = multiprocessing.get_context("fork")  # the workers must have the keys of this process
    turn = of_fork.Lock() if one_lock else nullcontext()
    together, ends = of_fork.Barrier(workers + 1), [of_fork.Pipe() for _ in range(workers)]
    processes = [of_fork.Process(target=_work, args=(world, url, together, end, turn)) for _, end in ends]
    for each in processes:
        each.start()
    together.wait()
    began, used = time.monotonic(), _server_seconds(url)
    together.wait()
    done = [ours.recv() for ours, _ in ends]
    seconds, used = time.monotonic() - began, _server_seconds(url) - used
    for each in processes:
        each.join()
    db = connect(url).timed_by(world.clock)
    with db.read() as tx:
        made = tx.execute(sa.select(sa.func.count()).select_from(offer)).scalar_one()
        faults = wrong(tx)
    db.dispose()
    return Reading(made - workers * WARM, seconds, sum(done), used, made, faults)


def wrong(tx: Tx) -> int:
    """Return how many requests have neither one open offer nor nobody to ask, or still have to be attended to now."""
    opened = Counter(tx.execute(sa.select(offer.c.request).where(offer.c.state == "open")).scalars())
    due = sa.and_(outbox.c.kind == "attend", outbox.c.due <= tx.now)
    left = set(tx.execute(sa.select(outbox.c.ref).where(due)).scalars())
    states = tx.execute(sa.select(request.c.id, request.c.state)).all()
    return sum((state, opened[id]) not in RIGHT or id in left for id, state in states)


def _work(world: World, url: str, together: Barrier, end: Connection, turn: AbstractContextManager[Any]) -> None:
    """Make offers until none is left. Send the processor time that it took."""
    db = connect(url).with_contact_key(world.config.contact_key.get_secret_value()).watched_by(world.clock)
    share_plans(db)
    work = replace(world.work, db=replace(db, turn=lambda: turn))
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
    """Measure and print a table. Return 1 if a bar is missed, or anything is wrong."""
    parser = argparse.ArgumentParser(prog="komek bench offers", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--services", type=int, default=60)
    parser.add_argument("--texts", type=int, default=10_000, help="unread texts (%(default)s)")
    parser.add_argument("--one-lock", action="store_true", help="the control: workers write one after the other")
    given = parser.parse_args(arguments)
    found = measure(given.rounds, given.requests, given.services, given.texts, one_lock=given.one_lock)
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
    every = [each for readings in found.values() for each in readings]
    faults = sum(each.wrong for each in every) + len({each.made for each in every}) - 1
    print(f"wrong: {faults}")
    return 1 if faults or any(missed) else 0


if __name__ == "__main__":
    sys.exit(main())
