"""Other processes: a port for one, a wait for what one does, an end of one that may be gone already."""

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

PATIENCE_SECONDS = 90.0
"""For anything that must come about: far more than it takes, also on a machine that does six things at once; less than
a test may last."""
PAUSE_SECONDS = 0.02
Seen = TypeVar("Seen")


def until(look: Callable[[], Seen | None], what: str, seconds: float = PATIENCE_SECONDS) -> Seen:
    """Look again and again until there is something to see, and give it; after a generous while, say `what` was not."""
    ends = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > ends:
            raise AssertionError(f"never seen: {what}")
        time.sleep(PAUSE_SECONDS)
    return seen


def free_port() -> int:
    """Return a port of this machine that nobody listens on, nor is given to anybody else for the next minute.

    A connection has just been there and was closed from our side, after which the kernel keeps the port back from all
    but those who ask for it by its number. Else another test could have it before the process that it is meant for.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
        with socket.create_connection(("127.0.0.1", port)):
            listener.accept()[0].close()
    return port


def kill(pid: int, number: signal.Signals = signal.SIGKILL) -> bool:
    """Send a signal to a process that may be gone already; tell whether it was there."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False
