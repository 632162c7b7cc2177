"""Fork the parts of the service from one process that has imported what all of them need (Linux only).

So they share the memory of these imports, and a start does them once (docs/decisions/0026-one-process-imports.md). The
fork server is a child of the supervisor. It knows no key: the settings of a part come in a file that only the part
reads. A part becomes a child of the supervisor, as if the supervisor had started it by its command, and may be killed
alone. Without a fork server each part is started by its command. A fork server that is killed is started again.
"""

import ctypes
import gc
import hashlib
import importlib
import json
import os
import runpy
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from helpline.operations import child_processes
from helpline.operations.processes import Pace

IMPORTED = (
    "flask",
    "requests",
    "rq",
    "helpline.caller.caller_context",
    "helpline.content.content_cache",
    "helpline.core.channels_file",
    "helpline.core.job_queue",
    "helpline.directory.services",
    "helpline.matching.candidates",
    "helpline.reveal.bridged_calls",
    "helpline.store.connection",
)
"""Libraries, and what each part imports of ours. What only some parts may know, such as casework, is not among it."""
IMPORT_SECONDS = 60.0
"""After so long it is killed, and started again later."""
WAIT_SECONDS = 10.0
"""How long a part waits for the imports, which take a second. Then it is started by its command: callers may wait."""
PACE = Pace(first_seconds=0.2, most_seconds=600.0, calm_seconds=60.0)
"""How long to wait before it is started again. Each start costs a second of processor time."""
ANSWER_SECONDS = 5.0
"""A fork takes some milliseconds. After so long the supervisor starts the part by its command."""
READY, FORK, OUTDATED = b"ready", b"fork", b"outdated"
END_SECONDS = 1.0
"""How long to wait for its end."""
ROOM = " " * 120
"""An argument of the fork server: a child writes its own command there, for `ps`."""
SETTINGS_BYTES = 1 << 20


@dataclass(slots=True)
class Forked:
    """A part that was forked, with the two fields that the supervisor uses of a `Popen`."""

    pid: int
    returncode: int | None = None


class Command(NamedTuple):
    """What a forked part runs: a module with arguments, as `python -m` does."""

    module: str
    arguments: Sequence[str]


@dataclass(slots=True)
class ForkServer:
    """The fork server, as the supervisor sees it. Times are seconds of the monotonic clock."""

    _plain: Mapping[str, str]
    """Its environment, which holds no setting and no key."""
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _line: socket.socket | None = field(default=None, init=False)
    """A connection to it, while there is one."""
    _ready: bool = field(default=False, init=False)
    _outdated: bool = field(default=False, init=False)
    """Whether files have changed. It stays away then: a new one might read half of an update."""
    _files: bytes = field(default=b"", init=False)
    """What the first one has imported."""
    _since: float = field(default=0.0, init=False)
    """When it was started."""
    _wait: float = field(default=0.0, init=False)
    """The wait before the last start, in seconds."""
    _start_at: float = field(default=0.0, init=False)
    """When it may be started again."""

    def keep_up(self) -> bool:
        """Start it if it is not there, has ended, or imports for too long. Return whether it was started."""
        if self._line is not None:
            if select.select([self._line], [], [], 0)[0]:  # it is ready, or has ended
                self._ready = self._has_imported()
            elif self._ready or self._age() < IMPORT_SECONDS:
                return False
            if not self._ready:
                self.close()
        if self._line is not None or self._outdated or time.monotonic() < self._start_at:
            return False
        with suppress(OSError):
            self._begin()
            return True
        self.close()
        return False

    def is_importing(self) -> bool:
        """Whether a part should wait for it."""
        return self._line is not None and not self._ready and self._age() < WAIT_SECONDS

    def start(self, command: Sequence[str], environ: Mapping[str, str], passed: Sequence[int]) -> Forked | None:
        """Fork a part. Return None if that is not possible: then it is started by its command.

        `command` begins with Python and `-m`. `passed`: one file descriptor at most, which the part gets too.
        """
        if self._line is None or not self._ready:
            return None
        told = json.dumps({"command": command[2:], "environ": dict(environ), "passed": passed})
        with suppress(OSError), os.fdopen(os.memfd_create("settings"), "wb") as settings:
            settings.write(told.encode())
            settings.flush()
            socket.send_fds(self._line, [FORK], [settings.fileno(), *passed])
            if not select.select([self._line], [], [], ANSWER_SECONDS)[0]:
                self._line.shutdown(socket.SHUT_RDWR)  # a child that is late cannot report any more, and ends
            answer = self._answer()
            self._outdated = answer == OUTDATED
            if answer and not self._outdated:
                return Forked(int(answer))
        self.close()
        return None

    def close(self) -> None:
        """End it. The parts stay."""
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._process is not None:
            self._process.kill()
            with suppress(subprocess.TimeoutExpired):  # while it waits for a broken disk it cannot even be killed
                self._process.wait(END_SECONDS)
            self._process = None
        self._wait = PACE.after(self._wait, self._age())
        self._start_at = time.monotonic() + self._wait

    def _begin(self) -> None:
        self._line, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with its:
            command = (sys.executable, "-m", __name__, str(its.fileno()), ROOM)
            self._process = child_processes.start(command, self._plain, [its.fileno()])
        self._ready, self._since = False, time.monotonic()

    def _has_imported(self) -> bool:
        """Whether it is ready, and has imported the same files as the first one.

        If that one was killed, and somebody is updating the files, this one has read some of both versions.
        """
        said, _, files = self._answer().partition(b" ")
        self._files = self._files or files
        self._outdated = said == READY and files != self._files
        return said == READY and not self._outdated

    def _age(self) -> float:
        return time.monotonic() - self._since

    def _answer(self) -> bytes:
        """Return what it says. It must have said something, or have ended: that is an empty answer."""
        try:
            return self._line.recv(128) if self._line else b""
        except OSError:
            return b""


def begin(plain: Mapping[str, str]) -> ForkServer | None:
    """Start a fork server with this environment, which holds no setting and no key. Return None outside Linux."""
    if sys.platform != "linux":
        return None
    server = ForkServer(plain)
    server.keep_up()
    return server


def main() -> None:
    """Import, then fork a child for each request until the supervisor ends. Each child runs its command."""
    supervisor, line = os.getppid(), socket.socket(fileno=int(sys.argv[1]))
    gc.disable()  # a collection would write to all objects, and the children would share less
    for name in IMPORTED:
        with suppress(ImportError):  # a package is missing: the part that needs it says so
            importlib.import_module(name)
    gc.freeze()
    imported = _stamps(each.__file__ for each in list(sys.modules.values()) if getattr(each, "__file__", None))
    try:
        line.send(READY + b" " + _digest(imported))
        command = forked(line, supervisor, imported)
    except ConnectionError:  # the supervisor has ended without reading what it was told
        return
    if command:
        gc.enable()
        runpy.run_module(command.module, run_name="__main__", alter_sys=True)


def forked(line: socket.socket, supervisor: int, imported: Mapping[str, object]) -> Command | None:
    """Fork whenever the supervisor asks. Return in each child with its command, and in this process at the end.

    That is also when one of the files that are `imported` has changed: a part would run code of two versions.
    """
    while True:
        asked, files, _, _ = socket.recv_fds(line, len(FORK), 2)
        if not asked:
            return None
        if _stamps(imported) != imported:
            line.send(OUTDATED)
            return None
        waits, go = os.pipe()
        if not (middle := os.fork()):
            if os.fork():
                os._exit(0)  # the supervisor becomes the parent of the orphan
            os.close(go)
            os.read(waits, 1)  # it ends when this parent is gone, also for the kernel
            os.close(waits)
            return _child(line, supervisor, files)
        os.waitpid(middle, 0)
        for each in (go, waits, *files):
            os.close(each)


def _stamps(files: Iterable[str | None]) -> dict[str, object]:
    """Return what changes when a file does, for each of some files."""
    return {file: _stamp(file) for file in files if file}


def _stamp(file: str) -> object:
    with suppress(OSError):
        found = Path(file).stat()
        return found.st_mtime_ns, found.st_size, found.st_ino
    return None


def _digest(stamps: Mapping[str, object]) -> bytes:
    """Return what differs between two fork servers that have imported other files."""
    return hashlib.sha256(json.dumps(stamps, sort_keys=True).encode()).hexdigest().encode()


def _child(line: socket.socket, supervisor: int, files: Sequence[int]) -> Command:
    """Become a part: with its own session, parent, settings and name."""
    os.setsid()
    child_processes.die_with_parent(supervisor)
    try:
        line.send(str(os.getpid()).encode())
    except OSError:  # the supervisor has given up, and started this part in another way
        os._exit(os.EX_TEMPFAIL)
    line.close()
    settings, *passed = files
    told = json.loads(os.pread(settings, SETTINGS_BYTES, 0))
    os.close(settings)
    for received, number in zip(passed, told["passed"], strict=True):
        if received != number:
            os.dup2(received, number)
            os.close(received)
    os.environ.clear()
    os.environ.update(told["environ"])
    module, *arguments = told["command"]
    sys.argv = [module, *arguments]
    _show([sys.executable, "-m", module, *arguments])
    return Command(module, arguments)


def _show(command: Sequence[str]) -> None:
    """Show this command in `ps`, in the place of the fork server's own."""
    with suppress(OSError):
        start, end = map(int, Path("/proc/self/stat").read_text().rpartition(")")[2].split()[45:47])
        shown = b"\0".join(map(os.fsencode, command))[: end - start - 1]
        ctypes.memmove(start, shown.ljust(end - start, b"\0"), end - start)


if __name__ == "__main__":
    main()
