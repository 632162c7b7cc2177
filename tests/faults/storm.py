"""A storm: hundreds of callers ask for a call while the processes are killed at random.

A calm follows, in which all work must be done. The seed decides what happens. When it happens depends on the machine.
"""

import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from redis.exceptions import RedisError

from gateway.phone.emulator import Switches
from gateway.phone.receipts import When
from helpline.store.engine import Database
from helpline.store.schema import request
from tests.faults import checks
from tests.faults.checks import Evidence
from tests.faults.events import told
from tests.faults.people import Callers, Desks
from tests.faults.phones import Outside, book
from tests.faults.service import Service
from tests.others import kill

KILLED = ("web", "worker", "worker child", "clock", "valkey")
"""Which process is killed: a part, or the child in which a job runs."""
WEIGHTS = (2, 3, 3, 3, 3, 1, 1, 1)
"""The probability of each kill, then of freeze, minute and reports.

The web is killed rarely, because nothing else happens while it starts.
"""
HABITS = {"yes": 60, "twice": 8, "copies": 8, "race": 5, "both": 8, "no": 5, "silent": 5, "wrong": 1}
BISHKEK = ZoneInfo("Asia/Bishkek")
MINUTE = timedelta(seconds=61)
"""Longer than a lease and than the time for an answer here, so that rows of a dead process become free."""
FROZEN_SECONDS = 1.0
REPORTS = (When.ON_TIME, When.TWICE, When.OUT_OF_ORDER, *[When.NEVER] * 5)
"""When receipts arrive. Mostly never, because each costs the service as much as a text."""
STUCK_SECONDS = 1.0
PAUSE_SECONDS = 0.05
IN_FLIGHT = 60
"""The number of callers without a claim. More would test how long a queue can grow, which is another question."""
PHONES = [f"+99600050000{n}" for n in range(1, 5)] + [f"+99600090000{n}" for n in (1, 2)]
"""The services of the sample directory, and its coordinators."""
TAKEN_EACH = 9
"""Hops and texts of one request, approximately. It spreads the faults over the whole storm."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The parameters of a storm."""

    seed: int
    requests: int
    faults: int = 24
    habits: Mapping[str, int] = field(default_factory=lambda: HABITS)
    calm_seconds: float = 900.0


@dataclass(frozen=True, slots=True)
class After:
    """The result: all faults, and some figures for the reader of the run."""

    faults: list[str]
    figures: Mapping[str, object]
    states: Mapping[str, int]


def storm(plan: Plan, service: Service, outside: Outside) -> After:
    """Run the storm on a service, wait until all work is done, and return the faults."""
    chance, texts = Random(plan.seed), book()
    numbers = [f"+996000{n}" for n in chance.sample(range(600_000, 900_000), plan.requests)]
    outside.gateway.switches = Switches(receipts=When.NEVER)
    outside.reports_to(service)
    to_the_morning(service)
    began, db, killer = time.monotonic(), service.database(), Killer(service, outside, chance, plan)
    with ThreadPoolExecutor(12) as people, ThreadPoolExecutor(12) as errands:
        callers = Callers(service, texts, chance)
        desks = Desks(service, texts, chance, PHONES, plan.habits, errands)
        outside.phones.on_text = desks.receive
        _blow([partial(people.submit, callers.call, number) for number in numbers], desks, killer)
        stormed = time.monotonic()
        outside.gateway.switches = Switches(receipts=When.NEVER)
        settle(service, db, desks, plan.calm_seconds)
        desks.ask_numbers_again()
        settle(service, db, desks, plan.calm_seconds)
        outside.phones.on_text = lambda message: None
        for errand in desks.doing:
            errand.result()
    hidden = frozenset(number.removeprefix("+") for number in numbers)
    seen = Evidence(texts, hidden, callers.shown_codes, outside.phones.taken, service.keys)
    with db.read(service.clock()) as tx:
        wrong = checks.faults(tx, seen)
        states = Counter(tx.execute(sa.select(request.c.state)).scalars())
        print(*told(tx, wrong), sep="\n")
    db.dispose()
    wrong += checks.leaks(service, hidden, killer.overheard)  # it opens all files; closing one drops SQLite's locks
    times = {"storm": round(stormed - began), "calm": round(time.monotonic() - stormed)}
    counts = {"shown": len(callers.shown_codes), "refused": len(callers.refusals), "texts": len(outside.phones.taken)}
    return After(wrong, times | counts | {"struck": dict(Counter(killer.struck)), "states": dict(states)}, states)


def _blow(calls: Sequence[Callable[[], "Future[None]"]], desks: Desks, killer: "Killer") -> None:
    """Make all calls as fast as the service answers, and cause the faults meanwhile."""
    begun: list[Future[None]] = []
    moved, taken = time.monotonic(), 0
    while len(begun) < len(calls) or not all(call.done() for call in begun):
        killer.look()
        if (now := desks.service.taken.total()) != taken:
            moved, taken = time.monotonic(), now
        keeps_up = len(begun) - len(desks.cards) < IN_FLIGHT or time.monotonic() - moved > STUCK_SECONDS
        if len(begun) < len(calls) and keeps_up:
            begun.append(calls[len(begun)]())
            moved = time.monotonic()
        else:
            time.sleep(PAUSE_SECONDS)
    for call in begun:
        call.result()


def to_the_morning(service: Service) -> None:
    """Move the clock to nine in the morning, so that the storm is within the hours of callers and services."""
    here = service.clock().astimezone(BISHKEK)
    nine = here.replace(hour=9, minute=0, second=0, microsecond=0)
    service.clock.move((nine if nine > here else nine + timedelta(days=1)) - here)


@dataclass(slots=True)
class Killer:
    """Causes whatever can fail around the service, one fault at a time."""

    service: Service
    outside: Outside
    chance: Random
    plan: Plan
    next: int = 10
    struck: list[str] = field(default_factory=list)
    overheard: set[bytes] = field(default_factory=set)

    def look(self) -> None:
        """Cause a fault if enough work was done since the last one.

        So a slow machine has as many faults as a fast one.
        """
        if self.plan.faults and self.service.taken.total() >= self.next:
            self.next += self.chance.randint(1, 2 * TAKEN_EACH * self.plan.requests // self.plan.faults)
            self.strike()

    def strike(self) -> None:
        """Kill a process, freeze Valkey, move all clocks by a minute, or change when receipts arrive.

        Redis is read before, since little of it is left in the calm.
        """
        with suppress(RedisError):
            self.overheard.update(checks.redis_bytes(self.service.redis()))
        what = self.chance.choices([*KILLED, "freeze", "minute", "reports"], WEIGHTS)[0]
        match what:
            case "freeze":
                self._freeze()
            case "minute":
                self.service.clock.move(MINUTE)
            case "reports":
                self.outside.gateway.switches = Switches(receipts=self.chance.choice(REPORTS))
            case _:
                found = self.service.pids().get(what, [])
                if not found or not kill(self.chance.choice(found)):
                    return
        self.struck.append(what)

    def _freeze(self) -> None:
        for pid in self.service.pids().get("valkey", []):
            kill(pid, signal.SIGSTOP)
            time.sleep(FROZEN_SECONDS)
            kill(pid, signal.SIGCONT)


def settle(service: Service, db: Database, desks: Desks, seconds: float) -> None:
    """Wait until no work is left, moving the clock if only time is missing. The checks report what takes too long."""
    desks.calm = True
    ends, before, since = time.monotonic() + seconds, "", time.monotonic()
    while time.monotonic() < ends:
        with db.read() as tx:
            hanging = checks.hanging(tx)
            left = checks.left_to_do(tx.at(at := service.clock()))
        answered = all(errand.done() for errand in tuple(desks.doing))
        if answered and not left and not hanging:
            return
        now = repr((hanging, left, len(desks.doing)))
        if now != before or not answered or any(row.state == "ready" and row.due <= at for row in left):
            before, since = now, time.monotonic()
        elif time.monotonic() - since > STUCK_SECONDS:
            service.clock.move(MINUTE)
        time.sleep(PAUSE_SECONDS * 4)
