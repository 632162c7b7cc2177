"""The clock: `python -m workers.clock`. Five times a second it looks for what is due, and makes sure that it is done.

It wakes each job that has due rows. So a wake-up that Redis or a killed worker lost is repeated within 0.2 seconds. If
the queue cannot be reached, or something has been due for seconds all the same, the clock does the work itself, the
most urgent first. So neither Redis nor the workers are needed for a request to go on, only for it to go on fast. It
works in other threads: a row may take long (a check of the whole audit log, a slow gateway), and meanwhile it goes on
to wake others. Two clocks at once do no harm: whatever they do is claimed in the database first.
"""

import logging
import os
import sys
import threading
import time
from dataclasses import dataclass, field
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
MOST_HELPERS = 2
"""How many threads work. The second one starts if the first one is busy for `LATE_SECONDS`, so that a single long row
does not stop the rest."""
END_SECONDS = 2.0
"""How long an ending clock waits for its threads. What is cut off is done again when its lease ends."""
NAME = "clock"


class Did(StrEnum):
    """The result of a tick."""

    NOTHING = "nothing"
    WOKE = "woke"
    LATE = "late"
    """Nobody has come for what is due, or can be asked to."""


def tick(work: Service, jobs: JobQueue) -> Did:
    """Wake the jobs that have due rows."""
    due = work.due()
    if not due:
        return Did.NOTHING
    reached = [jobs.wake(job) for job, _ in due]
    if all(reached) and max(seconds for _, seconds in due) <= LATE_SECONDS:
        return Did.WOKE
    return Did.LATE


@dataclass(slots=True)
class Helpers:
    """The threads in which the clock itself works, for half a second or one row each time."""

    work: Service
    threads: list[threading.Thread] = field(default_factory=list)
    started: float = float("-inf")

    def help(self, now: float) -> None:
        """Start a thread, unless enough of them work."""
        self.threads = [each for each in self.threads if each.is_alive()]
        if self.threads and (len(self.threads) >= MOST_HELPERS or now - self.started <= LATE_SECONDS):
            return
        self.started = now
        thread = threading.Thread(target=self._work, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _work(self) -> None:
        """Work. A fault is logged without its text: the rows are still due."""
        try:
            self.work.drain()
        except Exception:  # noqa: BLE001  # whatever it is: it ends this thread only
            log.failed("help_failed")

    def wait(self, seconds: float) -> None:
        """Wait until all threads have ended, each for so long at most."""
        for each in self.threads:
            each.join(seconds)


@dataclass(slots=True)
class Ticker:
    """What the loop remembers from tick to tick."""

    work: Service
    jobs: JobQueue
    helpers: Helpers
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
            if tick(self.work, self.jobs) is Did.LATE:
                self.helpers.help(now)
        except Exception:  # noqa: BLE001  # whatever it is: a clock that stops is worse
            log.failed("tick_failed")
            return REST_SECONDS
        return TICK_SECONDS

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
        work = service()
        ticker = Ticker(work, RedisJobQueue(config.queue_url, config.workers), Helpers(work))
    except ConfigError as error:
        print("\n".join(error.faults), file=sys.stderr)
        return os.EX_CONFIG
    with stop_signals() as stop:
        while not stop.wait(ticker.once(time.monotonic())):
            pass
    ticker.helpers.wait(END_SECONDS)
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
