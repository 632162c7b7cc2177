"""Keeps the parts of the service running on one machine: starts them, starts again what ends, stops all of it.

One process and one thread, so that a child started here has a parent that lives as long as we do. Whatever a part
leaves behind is killed *before* the part is started again: two of one kind on a port answer in turn, and a caller
would talk now to the one, now to the other.
"""

import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from helpline.operations import child_processes, valkey
from helpline.operations.processes import PACE, Pace, Part, answers

Say = Callable[[str], None]
LOOK_SECONDS = 0.05
STOP_SECONDS = 5.0
"""How long a part may take to end in order: longer than a drain (2 s), shorter than an impatient person."""
TRIES = 5
"""Ends of one part before the service has ever been up. More would only repeat what it said."""
_print = partial(print, flush=True)
Prepare = Callable[[], None]
"""What is to be done before anything starts, once this folder is ours alone."""


def _nothing() -> None:
    """Prepare nothing."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What may be asked while the service runs, looked at again and again; by default nothing ever is.

    `renew` gives the names of parts that are to be started anew, each time once; `leave` tells whether to end.
    """

    renew: Callable[[], Collection[str]] = tuple
    leave: Callable[[], bool] = bool


NO_WISHES = Wishes()


@dataclass(slots=True)
class Running:
    """A part with its present life."""

    part: Part
    process: subprocess.Popen[bytes] | None = None
    since: float = 0.0
    wait: float = 0.0
    due: float = 0.0
    up: bool = False
    ends: int = 0
    code: int = 0
    asked: bool = False

    @property
    def hopeless(self) -> bool:
        """It says that it cannot start as things are, or has ended too often for things to change."""
        return self.code == os.EX_CONFIG or self.ends >= TRIES

    def begin(self) -> None:
        """Start it, unless it runs or has to wait."""
        if self.process is None and time.monotonic() >= self.due:
            self.process = child_processes.start(self.part.command, self.part.environ)
            self.since = time.monotonic()

    def ask_to_end(self) -> None:
        """Have it end in order, to be started anew at once."""
        if self.process is not None:
            self.asked = True
            os.kill(self.process.pid, signal.SIGTERM)

    def end(self, code: int, pace: Pace) -> None:
        """Take note that it has ended, kill what it left behind, and say when it may begin again."""
        if self.process is not None:
            self.process.returncode = code
            child_processes.kill_group(self.process.pid)
        now = time.monotonic()
        self.wait = 0 if self.asked else pace.after(self.wait, now - self.since)
        self.process, self.up, self.due = None, False, now + self.wait
        self.ends, self.code, self.asked = self.ends + 1, code, False


def up(
    data: Path,
    parts: Sequence[Part],
    *,
    redis_url: str = "",
    say: Say = _print,
    pace: Pace = PACE,
    prepare: Prepare = _nothing,
    wishes: Wishes = NO_WISHES,
) -> int:
    """Run the service on the folder `data` until it is told to stop, or `wishes` say that it is to leave.

    Gives the exit code: 0, or 1 with a reason said.

    Without `redis_url` there is an embedded Valkey among the parts. Each part is told where the bell is. Nothing
    that is written may be read by other users, and no process leaves its memory in a core file: numbers are in it.
    """
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with ExitStack() as held:
            run_folder = valkey.run_folder(data)
            held.enter_context(valkey.owned(run_folder))
            prepare()
            first: list[Part] = []
            if not redis_url:
                server, redis_url = held.enter_context(valkey.embedded(run_folder, valkey.find()))
                first = [server]
            told = [replace(part, environ={**part.environ, "KOMEK_REDIS_URL": redis_url}) for part in parts]
            return run(first, told, say, pace, wishes)
    except (valkey.Owned, valkey.NoServer, OSError) as error:
        say(f"komek: {error}")
        return 1


def run(first: Sequence[Part], then: Sequence[Part], say: Say, pace: Pace, wishes: Wishes = NO_WISHES) -> int:
    """Run the parts; at the end stop `then` before `first`, on which they lean."""
    base, rest = [Running(part) for part in first], [Running(part) for part in then]
    child_processes.adopt_orphans()
    with child_processes.told_to_stop() as stop:
        try:
            return _watch([*base, *rest], stop, say, pace, wishes)
        finally:
            _stop(rest)
            _stop(base)
            say("stopped")


def _watch(all_of_them: Sequence[Running], stop: threading.Event, say: Say, pace: Pace, wishes: Wishes) -> int:
    ready = False
    while not stop.is_set() and not wishes.leave():
        _renew(all_of_them, wishes.renew())
        _bury(all_of_them, say, pace)
        if not ready and any(one.hopeless for one in all_of_them):
            say("komek: given up, since a part does not start; it said why above")
            return 1
        _raise(all_of_them, say)
        if not ready and all(one.up for one in all_of_them):
            ready = True
            say(" ".join(["ready", *(one.part.address for one in all_of_them if one.part.address)]))
        stop.wait(LOOK_SECONDS)
    return 0


def _renew(all_of_them: Sequence[Running], names: Collection[str]) -> None:
    for one in all_of_them:
        if one.part.name in names:
            one.ask_to_end()


def _bury(all_of_them: Sequence[Running], say: Say, pace: Pace) -> None:
    for pid, code in child_processes.ended():
        for one in all_of_them:
            if one.process is not None and one.process.pid == pid:
                one.end(code, pace)
                say(f"{one.part.name:<9} {_ending(code)}; again in {one.wait:.1f} s")


def _raise(all_of_them: Sequence[Running], say: Say) -> None:
    for one in all_of_them:
        one.begin()
        if one.process is not None and not one.up and answers(one.part.check, time.monotonic() - one.since):
            one.up = True
            say(f"{one.part.name:<9} up {one.part.address}".rstrip())


def _ending(code: int) -> str:
    return f"ended with {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"


def _stop(some: Sequence[Running]) -> None:
    """Ask each to end, give them time together, then kill every group: also that of a part which ended well."""
    alive = {one.process.pid: one.process for one in some if one.process is not None}
    for process in alive.values():
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGTERM)
    waiting, until = set(alive), time.monotonic() + STOP_SECONDS
    while waiting and time.monotonic() < until:
        for pid, code in child_processes.ended():
            if pid in waiting:
                waiting.discard(pid)
                alive[pid].returncode = code
        time.sleep(LOOK_SECONDS)
    for pid, process in alive.items():
        child_processes.kill_group(pid)
        process.returncode = process.returncode if process.returncode is not None else -signal.SIGKILL
