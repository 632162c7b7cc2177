"""Start and stop child processes without orphans.

A child exits when its parent dies, and stopping a process also stops its children. Each child asks the kernel to be
killed with its parent, and each part of the service has its own process group.

Both prevent faults that occurred. The web server's master was killed, and its worker kept answering on the port with
old content. The child process of a job outlived its worker and did the job a second time.
"""

import ctypes
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import NoReturn, TypeVar

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
BACKLOG = 1024
"""How many callers may wait while a web restarts. The system may allow fewer (`net.core.somaxconn`)."""
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
"""Loaded before any fork: between fork and exec a child must not import or allocate anything that needs a lock."""
_Result = TypeVar("_Result")


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when `parent` (a process id) ends. Does nothing outside Linux.

    The kernel watches the *thread* that started this process, so start children from the main thread.
    """
    if _LIBC is None:
        return
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # the parent ended before the request to the kernel
        os.kill(os.getpid(), signal.SIGKILL)


def result_of(work: Callable[[], _Result]) -> _Result:
    """Return what `work` returns in a child process, so that whatever it imports and loads is gone afterwards.

    If it fails, the child prints why, and this process exits with the child's exit code.
    """
    parent, (reads, writes) = os.getpid(), os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    if not (pid := os.fork()):
        os.close(reads)
        die_with_parent(parent)
        _end_with_result(work, writes)
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        answer = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        sys.exit(code)
    result: _Result = pickle.loads(answer)  # noqa: S301  # only our own child can write to the pipe
    return result


def _end_with_result(work: Callable[[], object], writes: int) -> NoReturn:
    """Write the result of `work` and end this child. Nothing that the parent has begun is ended or run twice."""
    code = 1
    try:
        answer = pickle.dumps(work())
        with os.fdopen(writes, "wb") as pipe:
            pipe.write(answer)
        code = 0
    except SystemExit as ended:
        if isinstance(ended.code, str):
            sys.stderr.write(f"{ended.code}\n")
        elif ended.code:
            code = ended.code
    except KeyboardInterrupt:
        pass
    except BaseException:  # noqa: BLE001
        sys.excepthook(*sys.exc_info())
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def adopt_orphans() -> None:
    """Become the parent of orphaned grandchildren, so that this process can wait for them. Linux only."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def listen(host: str, port: int) -> socket.socket:
    """Open a port for children to which it is passed on. Raise `OSError` if another process has it."""
    opened = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.listen(BACKLOG)
    except OSError as error:
        opened.close()
        raise OSError(f"port {port} of {host} cannot be opened ({error.strerror}); choose another one") from None
    return opened


def start(command: Sequence[str], environ: Mapping[str, str], passed: Sequence[int] = ()) -> subprocess.Popen[bytes]:
    """Start `command` in its own process group and session. Ctrl-C then reaches only this process, which stops it.

    The child gets the file descriptors `passed` and no others. It is killed with this process (`die_with_parent`); an
    orphan would keep its port. It reads no terminal, and its output goes to our standard error, so that our standard
    output stays a few lines.
    """
    parent = os.getpid()
    return subprocess.Popen(
        command,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        start_new_session=True,
        pass_fds=passed,
        preexec_fn=lambda: die_with_parent(parent),  # noqa: PLW1509  # this process has one thread
    )


def reap() -> Iterator[tuple[int, int]]:
    """Wait for each child that has ended, also an adopted one. Yield its process id and exit code (minus a signal)."""
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            yield pid, os.waitstatus_to_exitcode(status)


def kill_group(leader: int) -> None:
    """Kill the process group of `leader` and wait until it is gone, so that its port is free."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
    with suppress(ChildProcessError):
        while True:  # our children and, on Linux, the adopted ones
            os.waitpid(-leader, 0)
    for _ in range(200):  # elsewhere init waits for them; two seconds are ample
        try:
            os.killpg(leader, 0)
        except (ProcessLookupError, PermissionError):
            return
        time.sleep(0.01)


class Stop:
    """Whether this process is to stop. A handler of a signal may say so at any moment.

    An event of `threading` would not do: the handler runs in the thread that waits, and waits for a lock which that
    thread has just taken. A service hung so and could only be killed.
    """

    def __init__(self) -> None:
        """Begin without an order to stop."""
        self._came = SimpleQueue[None]()

    def set(self) -> None:
        """Say that this process is to stop."""
        self._came.put(None)  # the only way to tell another part of the program that a handler may use

    def is_set(self) -> bool:
        """Whether it is to stop."""
        return not self._came.empty()

    def wait(self, seconds: float) -> bool:
        """Wait until it is to stop, for some seconds at most. Return whether it is."""
        with suppress(Empty):
            self._came.get(timeout=max(0.0, seconds))
            self.set()
        return self.is_set()


@contextmanager
def stop_signals() -> Iterator[Stop]:
    """Note Ctrl-C, SIGTERM or a closed terminal."""
    stop = Stop()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
