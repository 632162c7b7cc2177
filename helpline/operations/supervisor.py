"""Run all processes of the service on one machine: start them, restart those that end, stop them together.

The supervisor is one process with one thread, because the kernel ties a child to the thread that started it.
Before a part is restarted, everything it left behind is killed. Otherwise two processes could share a port, and a
caller's requests would reach either of them. The supervisor holds the ports of the webs itself: while a web restarts,
callers wait for a moment, and nobody is refused.
"""

import os
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from helpline.operations import child_processes, fork_server, valkey
from helpline.operations.fork_server import Forked, ForkServer
from helpline.operations.processes import PACE, HttpCheck, Pace, Part, Question, is_up, serves_callers

Say = Callable[[str], None]
LOOK_SECONDS = 0.05
"""Time between two checks of all parts."""
SOON_SECONDS, SELDOM_SECONDS = 20.0, 2.0
"""A part that is not up after so long is looked at so often only. On a full disk a web is up for callers but not ready,
and would log the reason at every look."""
STOP_SECONDS = 5.0
"""How long a part may take to stop: longer than one job of a worker, short enough for a person who waits."""
TRIES = 5
"""After this many exits of one part before the service was up, the supervisor gives up."""
NOT_ITS_FAULT = (os.EX_OK, os.EX_TEMPFAIL, -signal.SIGTERM, -signal.SIGKILL)
"""Exit codes of a part that was stopped, and of a worker that has lost the queue."""
_print = partial(print, flush=True)
Prepare = Callable[[], Sequence[Part]]
"""Runs once this process holds the lock on the folder, and returns the parts to start."""


@dataclass(frozen=True, slots=True)
class Controls:
    """Callbacks that the supervisor polls while the service runs. By default they change nothing."""

    restart: Callable[[], Collection[str]] = tuple
    """Return the names of parts to restart now. Each request is returned once."""
    leave: Callable[[], bool] = bool
    """Whether to stop the service."""


NO_CONTROLS = Controls()


@dataclass(slots=True)
class Running:
    """A part of the service with the state of its present process. Times are seconds of the monotonic clock."""

    part: Part
    process: subprocess.Popen[bytes] | Forked | None = None
    since: float = 0.0
    """When the process was started."""
    wait: float = 0.0
    """The wait before the last restart, in seconds."""
    start_at: float = 0.0
    """When it may be started again."""
    up: bool = False
    exits: int = 0
    code: int = 0
    """The last exit code."""
    restart_requested: bool = False
    look_at: float = 0.0
    """When to look again whether it is up."""
    port: socket.socket | None = None
    """The port that it listens on, if the supervisor holds it."""
    question: Question | None = None
    """What asks it whether it is up, if it is a web."""
    forks: ForkServer | None = None
    """What forks it, if it may be forked."""

    @property
    def misconfigured(self) -> bool:
        """Whether its settings are wrong (exit code 78)."""
        return self.code == os.EX_CONFIG

    @property
    def cannot_start(self) -> bool:
        """Whether its settings are wrong, or it has exited too often to expect a change."""
        return self.misconfigured or (self.exits >= TRIES and not self.part.spare)

    @property
    def spared(self) -> bool:
        """Whether the service goes on without it, since it does not start."""
        return self.part.spare and self.exits >= TRIES

    def start(self) -> None:
        """Start the process, unless it is running or has to wait."""
        if self.process is not None or time.monotonic() < self.start_at or (self.forks and self.forks.is_importing()):
            return
        passed = [self.port.fileno()] if self.port else []
        command = (*self.part.command, *(argument for fd in passed for argument in ("--fd", str(fd))))
        forked = self.forks.start(command, self.part.environ, passed) if self.forks else None
        self.process = forked or child_processes.start(command, self.part.environ, passed)
        self.since = time.monotonic()

    def is_up(self, now: float) -> bool:
        """Whether it is up, by one check that waits for no web."""
        if not isinstance(self.part.check, HttpCheck):
            return is_up(self.part.check, now - self.since)
        self.question = self.question or Question(self.part.check)
        return self.question.is_up(now)

    def request_restart(self) -> None:
        """Send SIGTERM. The part is started again as soon as it has exited."""
        if self.process is not None:
            self.restart_requested = True
            os.kill(self.process.pid, signal.SIGTERM)

    def record_exit(self, code: int, pace: Pace) -> None:
        """Store the exit code, kill the processes that it left behind, and set when it may start again."""
        if self.process is not None:
            self.process.returncode = code
            child_processes.kill_group(self.process.pid)
        if self.question is not None:
            self.question.drop()
        now = time.monotonic()
        if code not in NOT_ITS_FAULT and now - self.since < pace.calm_seconds:
            self.forks = None  # by its command it may start, if files were updated since the fork server has read them
        self.wait = 0 if self.restart_requested else pace.after(self.wait, now - self.since)
        self.process, self.up, self.start_at = None, False, now + self.wait
        self.exits, self.code, self.restart_requested = self.exits + 1, code, False


def up(
    data: Path,
    prepare: Prepare,
    *,
    redis_url: str = "",
    say: Say = _print,
    pace: Pace = PACE,
    controls: Controls = NO_CONTROLS,
    plain: Mapping[str, str] | None = None,
) -> int:
    """Run the service in the folder `data` until a signal stops it or `controls` ask it to leave.

    Return the exit code: 0, or 1 after the reason was printed.

    Without `redis_url`, an embedded Valkey is started first. Each part gets its URL. With `plain`, the
    environment of a process without any setting, parts are forked from one process, which imports while `prepare` runs.
    Files are readable by this user only, and core dumps are off, because the memory of a process holds telephone
    numbers.
    """
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with ExitStack() as held:
            run_folder = valkey.run_folder(data)
            held.enter_context(valkey.owned(run_folder))
            if server := fork_server.begin(plain) if plain is not None else None:
                held.callback(server.close)
            parts = prepare()
            first: list[Part] = []
            if not redis_url:
                first, redis_url = _embedded(held, run_folder, say)
            parts_with_redis = [replace(part, environ={**part.environ, "KOMEK_REDIS_URL": redis_url}) for part in parts]
            return run(first, parts_with_redis, say, pace, controls, server)
    except (valkey.Owned, OSError) as error:
        say(f"komek: {error}")
        return 1


def _embedded(held: ExitStack, run_folder: Path, say: Say) -> tuple[list[Part], str]:
    """Return the embedded Valkey and its URL. If there is none, callers are answered, and the clock does the work."""
    try:
        server, url = held.enter_context(valkey.embedded(run_folder, valkey.find()))
    except (valkey.NoServer, OSError) as error:
        say(f"komek: started without Valkey, so texts and offers are slower: {error}")
        return [], f"unix://{run_folder / 'valkey.sock'}"
    return [server], url


def run(
    first: Sequence[Part],
    then: Sequence[Part],
    say: Say,
    pace: Pace,
    controls: Controls = NO_CONTROLS,
    forks: ForkServer | None = None,
) -> int:
    """Run the parts. At the end, stop `then` before `first`, because `then` needs `first`."""
    child_processes.adopt_orphans()
    with child_processes.stop_signals() as stop, ExitStack() as ports:
        base, rest = [_running(part, ports) for part in first], [_running(part, ports) for part in then]
        for one in rest:
            one.forks = forks if one.part.forked else None
        try:
            return _watch([*base, *rest], stop, say, pace, controls, forks)
        finally:
            _stop(rest)
            _stop(base)
            say("stopped")


def _running(part: Part, ports: ExitStack) -> Running:
    """Return the part, not started yet, with its port open until the end. Raise `OSError` if the port is in use."""
    if not (part.listens and isinstance(part.check, HttpCheck)):
        return Running(part)
    return Running(part, port=ports.enter_context(child_processes.listen(part.check.host, part.check.port)))


def _watch(
    running: Sequence[Running],
    stop: child_processes.Stop,
    say: Say,
    pace: Pace,
    controls: Controls,
    forks: ForkServer | None,
) -> int:
    ready = False
    while not stop.is_set() and not controls.leave():
        _restart(running, controls.restart())
        _reap(running, say, pace)
        if forks and forks.keep_up():
            say("fork server had ended, and was started again")
        if not ready and _hopeless(running):
            say("komek: given up because a part does not start; see its error above")
            return 1
        _start(running, say)
        if not ready and all(one.up or one.spared for one in running):
            ready = True
            say(" ".join(["ready", *(one.part.address for one in running if one.part.address)]))
        stop.wait(LOOK_SECONDS)
    return 0


def _hopeless(running: Sequence[Running]) -> bool:
    """Whether a start should be given up.

    Wrong settings do not heal. Something else may, and a web that serves callers must not stop because of it: on a full
    disk, for example, the other parts may fail while the menus and the emergency screen are shown. A console that
    answers is no reason to go on: no caller reaches it.
    """
    if any(one.misconfigured for one in running):
        return True
    return any(one.cannot_start for one in running) and not any(serves_callers(one.part) for one in running)


def _restart(running: Sequence[Running], names: Collection[str]) -> None:
    for one in running:
        if one.part.name in names:
            one.request_restart()


def _reap(running: Sequence[Running], say: Say, pace: Pace) -> None:
    for pid, code in child_processes.reap():
        for one in running:
            if one.process is not None and one.process.pid == pid:
                one.record_exit(code, pace)
                say(f"{one.part.name:<9} {_ending(code)}; restart in {one.wait:.1f} s")


def _start(running: Sequence[Running], say: Say) -> None:
    for one in running:
        one.start()
        now = time.monotonic()
        if one.process is None or one.up or now < one.look_at:
            continue
        one.look_at = now + (0 if now - one.since < SOON_SECONDS else SELDOM_SECONDS)
        if one.is_up(now):
            one.up = True
            say(f"{one.part.name:<9} up {one.part.address}".rstrip())


def _ending(code: int) -> str:
    return f"ended with {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"


def _stop(some: Sequence[Running]) -> None:
    """Send SIGTERM to each part, wait for all, then kill every process group, also that of a part that has exited."""
    alive = {one.process.pid: one.process for one in some if one.process is not None}
    for process in alive.values():
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGTERM)
    waiting, until = set(alive), time.monotonic() + STOP_SECONDS
    while waiting and time.monotonic() < until:
        for pid, code in child_processes.reap():
            if pid in waiting:
                waiting.discard(pid)
                alive[pid].returncode = code
        time.sleep(LOOK_SECONDS)
    for pid, process in alive.items():
        child_processes.kill_group(pid)
        process.returncode = process.returncode if process.returncode is not None else -signal.SIGKILL
