"""The clock: `python -m workers.clock`. Five times a second it looks for what is due, and makes sure that it is done.

It wakes each job that has due rows. So a wake-up that Redis or a killed worker lost is repeated within 0.2 seconds. If
the queue cannot be reached, or something has been due for seconds all the same, the clock does the work itself, the
most urgent first. So neither Redis nor the workers are needed for a request to go on, only for it to go on fast. Two
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
from helpline.core.job_queue import RedisJobQueue
from helpline.core.ports import JobQueue
from helpline.core.process_keys import Role
from helpline.operations.child_processes import stop_signals
from workers.jobs import Service, service

TICK_SECONDS = 0.2
BEAT_SECONDS = 2.0
"""Between two signs of life: each is a write to the disk."""
REST_SECONDS = 2.0
"""After a fault: the database is unavailable or full, and asking five times a second does not fix it."""
LATE_SECONDS = 3.0
"""After so long the workers are too few or gone, and the clock helps."""
JUMP_SECONDS = 30.0
NAME = "clock"


@dataclass(frozen=True, slots=True)
class Reading:
    """Both clocks of the machine at one moment, in seconds.

    This is real time also in the demo: the clock that a person moves there is not the machine's.
    """

    wall: float
    """The clock that people set."""
    steady: float
    """The clock that only runs on."""

    @classmethod
    def now(cls) -> Self:
        """Read both."""
        return cls(time.time(), time.monotonic())

    def jumped_since(self, before: "Reading") -> bool:
        """Whether the wall clock was set, or the machine slept, since `before`."""
        return abs((self.wall - before.wall) - (self.steady - before.steady)) > JUMP_SECONDS


class Did(StrEnum):
    """The result of a tick."""

    NOTHING = "nothing"
    JUMPED = "jumped"
    WOKE = "woke"
    WORKED = "worked"


def tick(work: Service, jobs: JobQueue, before: Reading, now: Reading) -> Did:
    """Wake the jobs that have due rows. `before` and `now` are the readings of the last tick and of this one.

    After a jump nothing is done this once. An offer must not lapse because somebody set the machine's clock, and the
    next jump may set it right again.
    """
    if now.jumped_since(before):
        log.event("clock_jumped", level=logging.WARNING)
        return Did.JUMPED
    due = work.due()
    if not due:
        return Did.NOTHING
    reached = [jobs.wake(job) for job, _ in due]
    if all(reached) and max(seconds for _, seconds in due) <= LATE_SECONDS:
        return Did.WOKE
    return Did.WORKED if work.drain() else Did.WOKE


@dataclass(slots=True)
class Ticker:
    """What the loop remembers from tick to tick."""

    work: Service
    jobs: JobQueue
    last: Reading
    beaten: float = float("-inf")

    def once(self, now: Reading) -> float:
        """Tick, show life if it is time to, and return how many seconds to wait. It never raises."""
        before, self.last = self.last, now
        try:
            if now.steady - self.beaten >= BEAT_SECONDS:
                self.work.beat(NAME)
                self.beaten = now.steady
            did = tick(self.work, self.jobs, before, now)
        except Exception:  # noqa: BLE001  # whatever it is: a clock that stops is worse
            log.failed("tick_failed")
            return REST_SECONDS
        return 0.0 if did is Did.WORKED else TICK_SECONDS


def main() -> int:
    """Tick until told to stop. Return the exit code."""
    log.set_up()
    try:
        config = Config.read(role=Role.CLOCK)
        ticker = Ticker(service(), RedisJobQueue(config.queue_url, config.workers), Reading.now())
    except ConfigError as error:
        print("\n".join(error.faults), file=sys.stderr)
        return os.EX_CONFIG
    with stop_signals() as stop:
        while not stop.wait(ticker.once(Reading.now())):
            pass
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
