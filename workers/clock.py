"""The clock: `python -m workers.clock`. Five times a second it looks for what is due, and sees that it is done.

It rings for it. Where the bell cannot be reached, or what is due has waited for seconds all the same, it does the
work itself: so neither Redis nor the workers are needed for a request to go on, only for it to go on fast. Two
clocks at once do no harm: whatever they do is claimed in the database first.
"""

import logging
import os
import sys
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from helpline.core import log
from helpline.core.config import Config, ConfigError
from helpline.core.job_queue import RedisBell
from helpline.core.ports import Bell
from helpline.core.process_keys import Role
from helpline.operations.child_processes import stop_signals
from workers.jobs import Service, service

TICK_SECONDS = 0.2
BEAT_SECONDS = 2.0
"""Between signs of life: each is a write to the disk."""
REST_SECONDS = 2.0
"""After a fault: the database is away or full, and asking five times a second does not mend it."""
LATE_SECONDS = 3.0
JUMP_SECONDS = 30.0
NAME = "clock"


@dataclass(frozen=True, slots=True)
class Reading:
    """Both clocks of the machine at one moment, in seconds: the one people set, and the one that only runs on.

    Real time always, also in the demo: a clock that a person moves there is not the machine's.
    """

    wall: float
    steady: float

    @classmethod
    def now(cls) -> Self:
        """Read them."""
        return cls(time.time(), time.monotonic())

    def jumped_since(self, before: "Reading") -> bool:
        """Tell whether the wall clock was set, or the machine slept, since `before`."""
        return abs((self.wall - before.wall) - (self.steady - before.steady)) > JUMP_SECONDS


class Did(StrEnum):
    """What a tick came to."""

    NOTHING = "nothing"
    JUMPED = "jumped"
    RANG = "rang"
    WORKED = "worked"


def tick(work: Service, bell: Bell, before: Reading, now: Reading) -> Did:
    """See to what is due. `before` and `now` are the readings of the last tick and of this one.

    After a jump nothing is done this once: an offer must not lapse because somebody set the machine's clock, and
    whoever set it wrong may be setting it right.
    """
    if now.jumped_since(before):
        log.event("clock_jumped", level=logging.WARNING)
        return Did.JUMPED
    rows, oldest_seconds = work.due()
    if not rows:
        return Did.NOTHING
    if bell.ring() and oldest_seconds <= LATE_SECONDS:
        return Did.RANG
    work.drain()
    return Did.WORKED


@dataclass(slots=True)
class Ticker:
    """What the loop remembers from tick to tick."""

    work: Service
    bell: Bell
    last: Reading
    beaten: float = float("-inf")

    def once(self, now: Reading) -> float:
        """Tick, give a sign of life where it is time for one, and say how many seconds to wait. Never raises."""
        before, self.last = self.last, now
        try:
            if now.steady - self.beaten >= BEAT_SECONDS:
                self.work.beat(NAME)
                self.beaten = now.steady
            tick(self.work, self.bell, before, now)
        except Exception:  # noqa: BLE001  # whatever it is: a clock that stops is worse
            log.failed("tick_failed")
            return REST_SECONDS
        return TICK_SECONDS


def main() -> int:
    """Tick until told to stop. Gives the exit code."""
    log.set_up()
    try:
        config = Config.read(role=Role.CLOCK)
        ticker = Ticker(service(), RedisBell(config.bell_url, config.workers), Reading.now())
    except ConfigError as error:
        print("\n".join(error.faults), file=sys.stderr)
        return os.EX_CONFIG
    with stop_signals() as stop:
        while not stop.wait(ticker.once(Reading.now())):
            pass
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
