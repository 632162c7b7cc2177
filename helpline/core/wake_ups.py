"""Wake-ups of the public web: a thread of their own asks for them, so that no caller waits for the queue.

Those of a few milliseconds are joined: in a flood of texts most ask for a job that waits already, and each question
took the web a quarter of the work of storing a text. If this process ends meanwhile, the clock asks instead.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from helpline.core.jobs import URGENCY, Job
from helpline.core.ports import JobQueue

JOIN_SECONDS = 0.02
"""Between two rounds of questions. The first wake-up after a pause is asked for at once."""


@dataclass(slots=True)
class WakeUps:
    """The jobs that the thread is to ask for next."""

    jobs: JobQueue
    pause: Callable[[float], object] = time.sleep
    _wanted: set[Job] = field(default_factory=set, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _some: threading.Event = field(default_factory=threading.Event, init=False)

    def start(self) -> None:
        """Start the thread. It ends with the process."""
        threading.Thread(target=self._run, name="wake-ups", daemon=True).start()

    def wake(self, job: Job) -> bool:
        """Note that a job is wanted, and return at once."""
        with self._lock:
            self._wanted.add(job)
        self._some.set()
        return True

    def _run(self) -> None:
        while True:
            self._some.wait()
            self.ask()
            self.pause(JOIN_SECONDS)

    def ask(self) -> None:
        """Ask for what was wanted since the last time, the most urgent job first."""
        with self._lock:
            wanted = sorted(self._wanted, key=URGENCY.__getitem__)
            self._wanted.clear()
            self._some.clear()
        for job in wanted:
            self.jobs.wake(job)
