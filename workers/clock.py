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
NAME = "clock"


class Did(StrEnum):
    """The result of a tick."""

    NOTHING = "nothing"
    WOKE = "woke"
    WORKED = "worked"


def tick(work: Service, jobs: JobQueue) -> Did:
    """Wake the jobs that have due rows. Do the work if they do not come."""
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
    beaten: float = float("-inf")
    sure: bool = True
    begun: bool = False

    def once(self, now: float) -> float:
        """Tick, show life if it is time to, and return how many seconds to wait. It never raises.

        `now` is in seconds of a clock that nobody sets.
        """
        try:
            if not self.begun:
                self.work.begin()
                self.begun = True
            if now - self.beaten >= BEAT_SECONDS:
                self.work.beat(NAME)
                self.beaten = now
            self._note_doubt(self.work.is_sure())
            did = tick(self.work, self.jobs)
        except Exception:  # noqa: BLE001  # whatever it is: a clock that stops is worse
            log.failed("tick_failed")
            return REST_SECONDS
        return 0.0 if did is Did.WORKED else TICK_SECONDS

    def _note_doubt(self, sure: bool) -> None:
        """Log when the machine's clock was set, and when it counts as right again."""
        if sure != self.sure:
            log.event("clock_sure" if sure else "clock_jumped", level=logging.INFO if sure else logging.WARNING)
            self.sure = sure


def main() -> int:
    """Tick until told to stop. Return the exit code."""
    log.set_up()
    try:
        config = Config.read(role=Role.CLOCK)
        ticker = Ticker(service(), RedisJobQueue(config.queue_url, config.workers))
    except ConfigError as error:
        print("\n".join(error.faults), file=sys.stderr)
        return os.EX_CONFIG
    with stop_signals() as stop:
        while not stop.wait(ticker.once(time.monotonic())):
            pass
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
