"""Processes that die together: whoever loses its parent ends, and a part is killed with all that it began.

Seen: the master of the web server was killed and its worker went on answering on the port with the old content,
beside the new one. Seen too: the child in which a job runs outlived its worker and did the job a second time.
So each child asks the kernel to be killed with its parent, and each part has a process group of its own.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
"""Loaded here and not in a child: between fork and exec nothing may be imported or allocated that needs a lock."""


def die_with_parent(parent: int) -> None:
    """Be killed as soon as `parent` (a process id) ends, however it ends. Linux only; elsewhere nothing happens.

    The kernel means the *thread* that started this process: start children from the main thread.
    """
    if _LIBC is None:
        return
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the kernel was asked
        os.kill(os.getpid(), signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of whatever our children leave behind, so that it can be waited for. Linux only."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def start(command: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start `command` in a process group and session of its own: Ctrl-C reaches us alone, and we end it in order.

    It is killed with us (`die_with_parent`): nobody would restart it, and its port would stay taken. It hears no
    terminal, and what it says goes where our errors go, so that our own output stays a few lines.
    """
    us = os.getpid()
    return subprocess.Popen(
        command,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        start_new_session=True,
        preexec_fn=lambda: die_with_parent(us),  # noqa: PLW1509  # we have one thread only
    )


def ended() -> Iterator[tuple[int, int]]:
    """Bury each child that has ended, ours or adopted, and give its process id and exit code (minus a signal)."""
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            yield pid, os.waitstatus_to_exitcode(status)


def kill_group(leader: int) -> None:
    """Kill the group that `leader` began and wait until none of it is left, so that its port is free."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
    with suppress(ChildProcessError):
        while True:  # ours and, on Linux, the adopted ones
            os.waitpid(-leader, 0)
    for _ in range(200):  # elsewhere the system buries them; two seconds are far more than it takes
        try:
            os.killpg(leader, 0)
        except (ProcessLookupError, PermissionError):
            return
        time.sleep(0.01)


@contextmanager
def told_to_stop() -> Iterator[threading.Event]:
    """Turn Ctrl-C, SIGTERM and a closed terminal into an event."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
