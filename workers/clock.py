"""The clock: `python -m workers.clock`. Five times a second it looks for what is due, and makes sure that it is done.

It wakes each job that has due rows. So a wake-up that Redis or a killed worker lost is repeated within 0.2 seconds. If
the queue cannot be reached, or something has been due for seconds all the same, the clock does the work itself, the
most urgent first. So neither Redis nor the workers are needed for a request to go on, only for it to go on fast. It
works in three other threads at most, and only the first does everything. A row may take long (a check of the whole
audit log, a slow gateway), and meanwhile the clock goes on to wake others, and to do what takes no time. Two clocks at
once do no harm: whatever they do is claimed in the database first.
"""

import logging
import os
import sys
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from helpline.core.missing_package import explained

with explained("workers.clock"):
    from helpline.core import log
    from helpline.core.config import Config, ConfigError
    from helpline.core.job_queue import RedisJobQueue
    from helpline.core.jobs import KINDS, Job, Queue
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
WHOLE_TABLES = frozenset(KINDS[Queue.LOW])
"""Jobs with rows that may take minutes: a check of the whole audit log, the count of a month."""
NETWORK = frozenset({Job.SEND_URGENT, Job.SEND_MESSAGES, Job.CALL_SERVICES})
"""Jobs with rows that wait for a gateway, ten seconds at most."""
LEAVE_OUT = (frozenset[Job](), WHOLE_TABLES, WHOLE_TABLES | NETWORK)
"""What each of the threads leaves out that work. The next one starts if all others have been busy for `LATE_SECONDS`.
So only the first one may be held for minutes, and the last one is never held: its rows wait for nothing outside."""
ASK_SECONDS = 30.0
"""Between two rounds of questions to gateways that do not report by themselves."""
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
    threads: dict[int, threading.Thread] = field(default_factory=dict)
    """By their place in `LEAVE_OUT`."""
    started: float = float("-inf")

    def help(self, now: float) -> None:
        """Start a thread, unless enough of them work."""
        self.threads = {place: each for place, each in self.threads.items() if each.is_alive()}
        free = [place for place in range(len(LEAVE_OUT)) if place not in self.threads]
        if not free or (self.threads and now - self.started <= LATE_SECONDS):
            return
        self.started = now
        thread = threading.Thread(target=self._work, args=(LEAVE_OUT[free[0]],), daemon=True)
        self.threads[free[0]] = thread
        thread.start()

    def _work(self, leaving_out: Collection[Job]) -> None:
        """Work. A fault is logged without its text: the rows are still due."""
        try:
            self.work.help(leaving_out)
        except Exception:  # noqa: BLE001  # whatever it is: it ends this thread only
            log.failed("help_failed")

    def wait(self, seconds: float) -> None:
        """Wait until all threads have ended, each for so long at most."""
        for each in self.threads.values():
            each.join(seconds)


@dataclass(slots=True)
class Questions:
    """A thread in which gateways are asked, so that a slow one delays nothing else. There is one at most."""

    work: Service
    asked: float = float("-inf")
    thread: threading.Thread | None = None

    def ask(self, now: float) -> None:
        """Begin a round, unless the last one is not long ago or goes on."""
        if now - self.asked < ASK_SECONDS or (self.thread is not None and self.thread.is_alive()):
            return
        self.asked = now
        self.thread = threading.Thread(target=self._ask, daemon=True)
        self.thread.start()

    def _ask(self) -> None:
        try:
            self.work.ask_gateways()
        except Exception:  # noqa: BLE001  # whatever it is: the next round asks again
            log.failed("asking_failed")


@dataclass(slots=True)
class Ticker:
    """What the loop remembers from tick to tick."""

    work: Service
    jobs: JobQueue
    helpers: Helpers
    questions: Questions
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
                self.begun = True  # from here on nothing keeps it from ticking
                self.work.note_missing()
            if now - self.beaten >= BEAT_SECONDS:
                self.work.beat(NAME)
                self.beaten = now
            self._note_doubt(self.work.is_sure())
            if tick(self.work, self.jobs) is Did.LATE:
                self.helpers.help(now)
            self.questions.ask(now)
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
        with explained("workers.clock"):  # it imports what the work needs, which is most of all
            work = service()
        ticker = Ticker(work, RedisJobQueue(config.queue_url, config.workers), Helpers(work), Questions(work))
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
