"""Other processes: find a free port, wait for an event, and kill a process that may have ended."""

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

PATIENCE_SECONDS = 90.0
"""The limit for any event: far more than it takes, even on a machine that does six things at once.

It is less than a test may last.
"""
PAUSE_SECONDS = 0.02
Seen = TypeVar("Seen")


def until(look: Callable[[], Seen | None], what: str, seconds: float = PATIENCE_SECONDS) -> Seen:
    """Call a function until it returns something, and return that. Fail with `what` after a generous time."""
    ends = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > ends:
            raise AssertionError(f"never seen: {what}")
        time.sleep(PAUSE_SECONDS)
    return seen


def free_port() -> int:
    """Return a port of this machine that nobody listens on and that nobody else gets for a minute.

    Our side has just closed a connection on it. The kernel then gives the port only to programs that ask for it by
    number. Otherwise another test could get it before the process that it is for.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
        with socket.create_connection(("127.0.0.1", port)):
            listener.accept()[0].close()
    return port


def kill(pid: int, number: signal.Signals = signal.SIGKILL) -> bool:
    """Send a signal to a process. Return whether it still existed."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False
