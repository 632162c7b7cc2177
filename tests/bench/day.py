"""`komek bench day`: a day of a country, simulated with a clock that is moved by hand.

Requests arrive as they would over 24 hours. Services answer, are slow, say no, or are silent. A service that claims
calls in the time window and reports the outcome. The real domain and store do the work. The report gives the time to
the first offer, to a claim and to a reached caller, and how many requests were left to a person.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import quantiles

import sqlalchemy as sa

from helpline.caller import intake as intake_steps
from helpline.caller.intake import Session
from helpline.core.phone_numbers import msisdn
from helpline.directory import replace_directory
from helpline.staff.contact import Contact
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.migrate import upgrade
from helpline.store.schema import attempt, audit, offer, request
from tests.bench.bars import judged
from tests.bench.desks import Desks
from tests.bench.land import BY_HOUR, draft, habits, services
from tests.bench.plot import plot
from tests.conftest import trust_the_machine
from tests.world import Clock, World

AFTER = timedelta(days=2)
"""How long the simulation continues after the day: some time windows come the next morning."""
COORDINATORS = [
    Contact(f"c{at}", "coordinator", f"+99600090000{at}", {"en": f"Coordinator {at}"}, "en", True) for at in (1, 2)
]
OFFERED, CLAIMED, REACHED = "first offer", "claim", "reached"
BAR_SHARE = 0.01
"""How many requests nobody may have been asked about. A second one of the same telephone waits for the first (R27)."""


@dataclass(slots=True)
class Day:
    """The simulation: a world, its desks, and the requests still to come."""

    world: World
    desks: Desks
    chance: random.Random
    coming: list[datetime]

    @classmethod
    def of(cls, db: Database, requests: int, desks: int, seed: int) -> "Day":
        """Draw a day."""
        chance, clock = random.Random(seed), Clock()
        world = World.on(db, page_again_minutes=720, clock=clock)
        country = world.work.ctx.country
        listed = services(country, desks, clock().date(), chance)
        with world.db.write() as tx:
            replace_directory.replace_all(tx, country.code, listed, COORDINATORS)
        by_phone = dict(zip((each.phone for each in listed), habits(listed, chance).values(), strict=True))
        staff = Desks(clock, world.zone, by_phone, chance)
        world.send_by(staff)
        return cls(world, staff, chance, arrivals(clock(), world.zone, requests, chance))

    def run(self, say: bool) -> None:
        """Simulate the day and the two days after it."""
        total, ends, printed = len(self.coming), self.coming[-1] + AFTER, 0.0
        while self.world.clock.at < ends:
            self._next(ends)
            if say and time.monotonic() - printed > 2:
                printed = time.monotonic()
                print(f"  {self.world.clock.at:%d.%m %H:%M} UTC, {total - len(self.coming)} of {total} have asked",
                      file=sys.stderr, flush=True)  # fmt: skip

    def _next(self, ends: datetime) -> None:
        """Go to the next event: a request, a desk's answer, or a due row."""
        world, waiting = self.world, self.desks.waiting
        asks = self.coming[0] if self.coming else ends
        writes = waiting[0][0] if waiting else ends
        world.clock.at = max(world.clock.at, min(asks, writes, world.next_due() or ends, ends))
        if self.coming and asks <= world.clock.at:
            self.coming.pop(0)
            self._ask()
        elif waiting and writes <= world.clock.at:
            world.text(*self.desks.next())
        world.run()

    def _ask(self) -> None:
        """Save a request as a call that is over."""
        intake, number = self.world.public.ctx, msisdn(f"+996000{self.chance.randrange(10**6):06}")
        wanted = draft(intake.country, self.chance)
        intake_steps.save(
            self.world.public.ctx, Session("at", f"d{self.chance.getrandbits(64)}", number, 8, last=True), wanted
        )


def arrivals(start: datetime, zone: object, requests: int, chance: random.Random) -> list[datetime]:
    """Return when people ask, drawn over 24 hours from `start`."""
    here = [(start + timedelta(hours=each)).astimezone(zone).hour for each in range(24)]  # type: ignore[arg-type]
    hours = chance.choices(range(24), [BY_HOUR[hour] for hour in here], k=requests)
    return sorted(start + timedelta(hours=hour, seconds=chance.uniform(0, 3600)) for hour in hours)


def durations(db: Database) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Return the minutes that each step took, and the number of requests in each state."""
    asked = sa.select(request.c.id, request.c.created)
    first = sa.select(offer.c.request, sa.func.min(offer.c.opened)).where(offer.c.state != "called")
    claims = sa.select(audit.c.ref, sa.func.min(audit.c.at)).where(audit.c.action.in_(("claim", "take")))
    reached = sa.select(attempt.c.request, sa.func.min(attempt.c.at)).where(attempt.c.outcome == "reached")
    steps = {
        OFFERED: first.group_by(offer.c.request),
        CLAIMED: claims.group_by(audit.c.ref),
        REACHED: reached.group_by(attempt.c.request),
    }
    with db.read() as tx:
        began = {row[0]: row[1] for row in tx.execute(asked)}
        spans = {
            name: [(at - began[id]).total_seconds() / 60 for id, at in tx.execute(rows)] for name, rows in steps.items()
        }
        states = sa.select(request.c.state, sa.func.count()).group_by(request.c.state)
        return spans, {row[0]: row[1] for row in tx.execute(states)}


def asked_nobody(db: Database) -> int:
    """Return how many requests no service was asked about, and no coordinator was called about."""
    asked = sa.exists().where(offer.c.request == request.c.id)
    with db.read() as tx:
        return tx.execute(sa.select(sa.func.count()).select_from(request).where(~asked)).scalar_one()


def report(spans: dict[str, list[float]], states: dict[str, int], of: int) -> None:
    """Print the table."""
    print(f"| {of} requests | share | median | nine in ten within |\n|---|---|---|---|")
    for name, minutes in spans.items():
        cuts = quantiles(minutes, n=10) if len(minutes) > 1 else [0.0] * 9
        print(f"| {name} | {100 * len(minutes) / of:.1f} % | {in_words(cuts[4])} | {in_words(cuts[8])} |")
    print("states: " + ", ".join(f"{state} {count}" for state, count in sorted(states.items())))
    print(f"left to a person: {100 * states.get('stranded', 0) / of:.1f} %")


def in_words(minutes: float) -> str:
    """Return a number of minutes in words."""
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.1f} h"


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate and judge. Return exit code 1 if too many requests were neither offered nor passed to a person."""
    parser = argparse.ArgumentParser(prog="komek bench day", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--requests", type=int, default=5000, help="asked for in the day (default: %(default)s)")
    parser.add_argument("--services", type=int, default=60, help="in the directory (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another seed is another day (default: %(default)s)")
    parser.add_argument("--svg", type=Path, help="also draw the curves into this file")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="komek-day-") as folder:
        db = connect(f"sqlite:///{Path(folder) / 'day.sqlite3'}")
        sa.event.listen(
            db.engine, "connect", trust_the_machine
        )  # the clock is moved by hand, so disk time is not measured
        upgrade(db)
        began = time.monotonic()
        Day.of(db, given.requests, given.services, given.seed).run(say=sys.stderr.isatty())
        (spans, states), nobody = durations(db), asked_nobody(db)
        db.dispose()
    bar = BAR_SHARE * given.requests
    report(spans, states, given.requests)
    print(f"seed {given.seed}, {given.services} services; simulated in {time.monotonic() - began:.0f} s")
    if given.svg:
        title = f"A simulated day: {given.requests} requests, {given.services} services"
        given.svg.write_text(plot(title, spans, given.requests), "utf-8")
    print(f"nobody was asked about: {nobody}; the bar is {BAR_SHARE:.0%} of all: {judged(nobody, bar)}")
    return int(nobody > bar)


if __name__ == "__main__":
    sys.exit(main())
