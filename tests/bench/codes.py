"""`komek bench codes`: whether a wrong word takes another time than an unknown code, for each action they could open.

It runs in this process, on SQLite. Each measurement is a whole hop of the public process with the same keys. In one hop
the code belongs to a request and the word does not; in the other the code belongs to none. The two hops of a pair run
one right after the other, in random order, so that other load affects both. The difference is the median of the pairs
with its 95 % interval by bootstrap. The table also shows how much a single pair differs, which is the noise that a
caller would have to see through.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median, quantiles

from helpline.core.phone_numbers import msisdn
from helpline.core.ports import Hop
from helpline.store.connection import connect
from helpline.store.migrate import upgrade
from menus.salt import marks
from tests.helpline.caller.test_withdrawal import ACTS
from tests.world import OTHER, World

SEED = 24
BAR_MICROS = 50.0
"""The interval must lie within this distance of zero. A USSD session takes a thousand times as long to travel."""
REQUESTS = 200
RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Difference:
    """What a hop takes, and how much longer a wrong word takes than an unknown code, in microseconds."""

    hop: float
    middle: float
    low: float
    high: float
    spread: float


def compared(pairs: Sequence[tuple[float, float]], chance: Random) -> Difference:
    """Compare pairs of microseconds: (wrong word, unknown code)."""
    apart = [wrong - unknown for wrong, unknown in pairs]
    middles = sorted(median(chance.choices(apart, k=len(apart))) for _ in range(RESAMPLES))
    low, high = middles[int(RESAMPLES * 0.025)], middles[int(RESAMPLES * 0.975) - 1]
    quarter = quantiles(apart, n=4)
    return Difference(
        median(each for pair in pairs for each in pair), median(apart), low, high, quarter[2] - quarter[0]
    )


def measure(rounds: int, folder: Path) -> dict[str, Difference]:
    """Return the difference of each action, by its name."""
    db, chance = connect(f"sqlite:///{folder / 'codes.sqlite3'}"), Random(SEED)
    upgrade(db)
    world = World.on(db, wrong_codes_a_day=10**9, wrong_codes_an_hour=10**9, requests_a_day=10**9)
    codes = []
    for at in range(REQUESTS):
        call = world.ask(f"+996000{at:06}")
        codes.append(marks(world.public.ctx.words.salt("at", call.session), 0))
    taken = {mark.code for mark in codes}
    free = [code for code in (f"{chance.randrange(10**6):06}" for _ in range(REQUESTS * 2)) if code not in taken]
    found = {}
    for act, keys in ACTS.items():
        pairs = []
        for at in range(rounds + rounds // 10):
            mark = chance.choice(codes)
            hops = [(*keys, mark.code, str((mark.word + 1) % 7 + 1)), (*keys, chance.choice(free), str(mark.word + 1))]
            order = chance.sample((0, 1), 2)
            took = {which: _micros(world, f"{act}{at}{which}", hops[which]) for which in order}
            pairs.append((took[0], took[1]))
        found[str(act)] = compared(pairs[rounds // 10 :], chance)  # the first tenth warms up
    db.dispose()
    return found


def _micros(world: World, session: str, keys: tuple[str, ...]) -> float:
    hop = Hop(session, msisdn(OTHER), keys)
    began = time.perf_counter_ns()
    reply = world.public.hop("at", hop)
    took = (time.perf_counter_ns() - began) / 1000
    if not reply.last or "{" in reply.text:
        raise SystemExit("the hop did not end in an answer: the menus have changed, and these keys with them")
    return took


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and judge. Return exit code 1 if a difference could be seen."""
    parser = argparse.ArgumentParser(prog="komek bench codes", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3000, help="pairs for each act (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="a tenth of the pairs")
    given = parser.parse_args(arguments)
    rounds = max(20, given.rounds // 10 if given.quick else given.rounds)
    with tempfile.TemporaryDirectory(prefix="komek-bench-", ignore_cleanup_errors=True) as folder:
        found = measure(rounds, Path(folder))
    print(f"{'us':10} {'a hop':>8} {'differs by':>11} {'95 % interval':>18} {'middle half of pairs':>21}")
    for act, each in found.items():
        interval = f"{each.low:+.2f} to {each.high:+.2f}"
        print(f"{act:10} {each.hop:8.0f} {each.middle:+11.2f} {interval:>18} {each.spread:21.1f}")
    worst = max(max(abs(each.low), abs(each.high)) for each in found.values())
    met = worst <= BAR_MICROS
    print(
        f"at most {worst:.1f} us apart, of {rounds} pairs each; the bar is {BAR_MICROS:.0f}: {'met' if met else 'NOT MET'}"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
