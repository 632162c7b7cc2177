"""`komek bench matching`: the cost of finding a service for a request among many.

The database is a file with ten thousand made-up services of one country; requests are drawn with a fixed seed.
Candidates are fetched, one is decided on, all are explained. The measure is processor time of this process. The unit is
one pass of `json.dumps` over a small document, so that figures of two machines can be compared.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as hours
from pathlib import Path
from random import Random
from statistics import median
from typing import TypeVar

from helpline.content.country import Country
from helpline.content.loading import load
from helpline.core.config import Config
from helpline.directory import services
from helpline.directory.opening_hours import DAYS, Opening
from helpline.directory.service import Service
from helpline.matching import candidates
from helpline.matching.criteria import Criteria
from helpline.matching.next_step import decide
from helpline.matching.ranking import explain, in_order
from helpline.request.model import CallbackRequest, State
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.migrate import upgrade
from menus.draft import ANSWERS
from tests.bench.bars import far_beyond, judged

SEED = 24
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
BAR_DECIDE_MS, BAR_EXPLAIN_MS = 5.0, 200.0
NEEDS = sorted(ANSWERS["need"] or ())
UNIT = {"a": list(range(50)), "b": {"c": ["text"] * 20}}
T = TypeVar("T")


def service_of(chance: Random, country: Country, id: str) -> Service:
    """Make up a service. Two thirds serve a region or two, a tenth require papers, a few are run by the state."""
    regions = chance.sample(sorted(country.regions), k=chance.choice((0, 1, 2)))
    near = country.regions[regions[0] if regions else country.capital]
    opens, length = chance.randrange(7, 11), chance.choice((8, 9, 12))
    days = DAYS if chance.random() < 0.3 else DAYS[:5]
    after = chance.choice((None, frozenset({"anonymous_ok"}), frozenset({"registers_identity"})))
    return Service(
        id=id, names={"en": id}, kind=chance.choices(("ngo", "state", "police"), (8, 1, 1))[0], phone="",
        languages=tuple(chance.sample(("ru", "ky", "uz_Cyrl", "en"), k=chance.randrange(1, 4))),
        needs=frozenset(chance.sample(NEEDS, k=chance.randrange(1, 5))), regions=frozenset(regions),
        at=(near[0] + chance.gauss(0, 0.5), near[1] + chance.gauss(0, 0.5)), zone=country.zone,
        schedule=(Opening(frozenset(days), hours(opens, chance.choice((0, 30))), hours(opens + length)),),
        assured=NOW.date() - timedelta(days=chance.randrange(100)),
        status="active" if chance.random() < 0.95 else "inactive", child_safeguarding=chance.random() < 0.3,
        abroad=frozenset(chance.sample(sorted(country.abroad), k=chance.choice((0, 0, 1)))),
        sexes=frozenset(chance.sample(("woman", "man"), k=chance.randrange(1, 3))), after_contact=after,
        serves=frozenset({"women"} if chance.random() < 0.2 else ()),
        documents=frozenset({"passport"} if chance.random() < 0.1 else ()),
    )  # fmt: skip


def request_of(chance: Random, country: Country) -> CallbackRequest:
    """Make up a request. One in twenty is from abroad, one in ten has no place, one in twenty is in danger."""
    where = ["", sorted(country.regions), sorted(country.abroad)]
    place = chance.choices(where, (2, 17, 1))[0]
    window = chance.choices(("any", "morning", "day", "evening", "now"), (8, 4, 4, 3, 1))[0]
    now = NOW + timedelta(minutes=chance.randrange(7 * 24 * 60))
    return CallbackRequest(
        "r", State.WAITING, now, now, now + timedelta(days=14), chance.choice(("ru", "ky", "uz_Cyrl", "en")),
        window, country.zone, chance.choice(place) if place else "", chance.choice(NEEDS), "no", "no", "no", "no", 0, 0,
        age_band=chance.choices(("not_said", "adult", "under_18"), (5, 4, 1))[0],
        operator_sex=chance.choices(("", "woman", "man"), (6, 3, 1))[0],
        sex=chance.choices(("not_said", "woman", "man"), (6, 3, 1))[0], state_line=chance.choice(("no", "no", "yes")),
    )  # fmt: skip


def ms(work: Callable[[], T]) -> tuple[float, T]:
    """Return the processor time of a call in milliseconds, and its result."""
    began = time.process_time()
    done = work()
    return (time.process_time() - began) * 1000, done


def percentiles(taken: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 99th percentile."""
    return median(taken), sorted(taken)[min(len(taken) - 1, round(len(taken) * 0.99))]


def of_services(db: Database, country: Country, number: int, requests: int) -> dict[str, tuple[float, float]]:
    """Measure a request's path from the directory to a decision.

    Return median and 99th percentile of each row, in ms.
    """
    chance = Random(SEED)
    with db.write() as tx:
        for n in range(number):
            services.write(tx, country.code, service_of(chance, country, f"s{n:05}"))
    fetched, chosen, judged, found = [], [], [], []
    with db.read() as tx:
        first, everybody = ms(lambda: services.services(tx, country.code))
        again, _ = ms(lambda: services.services(tx, country.code))
        for n in range(requests):
            request = request_of(chance, country)
            now = request.created
            taken, able = ms(lambda: candidates.candidates(tx, country, request))  # noqa: B023
            fetched.append(taken)
            found.append(float(len(able)))
            order = in_order(able, Criteria(request, country, now, 90))
            chosen.append(ms(lambda: decide(request, order, frozenset(), False, now))[0])  # noqa: B023
            if n % 10 == 0:
                judged.append(ms(lambda: explain(everybody, Criteria(request, country, now, 90)))[0])  # noqa: B023
    return {
        "candidates": percentiles(found), "all read and parsed": (first, first), "all read again": (again, again),
        "candidates read": percentiles(fetched), "decide": percentiles(chosen), "explain all": percentiles(judged),
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print a table. Return 1 if a bar is missed by far."""
    parser = argparse.ArgumentParser(prog="komek bench matching", description=__doc__)
    parser.add_argument("--services", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=1_000)
    given = parser.parse_args(arguments)
    unit = min(ms(lambda: [json.dumps(UNIT) for _ in range(100)])[0] for _ in range(7)) / 100
    country = load(Config()).matching
    with tempfile.TemporaryDirectory() as folder:
        db = connect(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        upgrade(db)
        rows = of_services(db, country, given.services, given.requests)
        db.dispose()
    count = rows.pop("candidates")
    print(f"{given.services} services, {given.requests} requests; one unit is {unit * 1000:.1f} µs")
    print(f"candidates of a request: median {count[0]:.0f}, one in a hundred more than {count[1]:.0f}")
    print(f"{'':20}  median ms  99th ms  median in units")
    for name, (middle, late) in rows.items():
        print(f"{name:20}  {middle:9.3f}  {late:7.2f}  {middle / unit:15.0f}")
    decided, explained = (rows["decide"][1], BAR_DECIDE_MS), (rows["explain all"][0], BAR_EXPLAIN_MS)
    print(f"99th percentile of decide; the bar is {BAR_DECIDE_MS:.0f} ms: {judged(*decided)}")
    print(f"median of explain all; the bar is {BAR_EXPLAIN_MS:.0f} ms: {judged(*explained)}")
    return int(far_beyond(decided, explained))


if __name__ == "__main__":
    sys.exit(main())
