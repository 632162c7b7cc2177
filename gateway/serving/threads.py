"""The threads that run the app. Complete requests wait for one of them in a fair queue."""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from time import time
from typing import Any

from helpline.core import log

Wsgi = Callable[..., Iterable[bytes]]
AtOnce = Callable[..., Iterable[bytes] | None]
"""Takes what a WSGI app takes, and waits for nobody. If it would have to, it returns None."""
Job = Callable[[], None]
BODILESS = ("1", "204", "304")
FAILED = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(slots=True)
class Threads:
    """A few threads, and a queue in which each address has its turn.

    So a visitor who sends a thousand requests delays those of others by one, not by a thousand.
    """

    waiting: OrderedDict[str, deque[Job]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    idle: list[threading.Lock] = field(default_factory=list)
    """What wakes each thread that has nothing to do. The last one is woken first: its part of the processor's cache and
    of the database's pages is fresh, and the others are left asleep. A hop that looks up a code costs a fifth less."""
    count: int = 0
    """How many threads there are."""

    def start(self, count: int) -> None:
        """Start `count` threads. They end with the process."""
        self.count = count
        for number in range(count):
            threading.Thread(target=self._work, name=f"app-{number}", daemon=True).start()

    def put(self, address: str, job: Job, *, wake: bool = True) -> None:
        """Add a job for this address. Without `wake`, call `wake_one` after the last job."""
        with self.lock:
            self.waiting.setdefault(address, deque()).append(job)
        if wake:
            self._wake(1)

    def wake_one(self) -> None:
        """Wake a thread for jobs that were put together, unless one is awake and will take them.

        Threads that are awake together wait for Python's lock, again after each call of the system. If a job takes
        long, so that others still wait a moment later, call `wake_all`.
        """
        if self.waiting and len(self.idle) == self.count:
            self._wake(1)

    def wake_all(self) -> None:
        """Wake all threads, if jobs wait."""
        if self.waiting:
            self._wake(self.count)

    def _wake(self, most: int) -> None:
        with self.lock:
            woken = [self.idle.pop() for _ in range(min(most, len(self.idle)))]
        for asleep in woken:
            asleep.release()

    def take(self, asleep: threading.Lock) -> Job:
        """Wait for a job. Return the oldest of the address whose turn it is. The calling thread sleeps on `asleep`."""
        while True:
            with self.lock:
                if self.waiting:
                    address, jobs = self.waiting.popitem(last=False)
                    job = jobs.popleft()
                    if jobs:
                        self.waiting[address] = jobs  # at the end: all others come first
                    return job
                self.idle.append(asleep)
            asleep.acquire()

    def _work(self) -> None:
        asleep = threading.Lock()
        asleep.acquire()
        while True:
            self.take(asleep)()


def respond(app: Wsgi, environ: dict[str, Any], *, keep_alive: bool) -> tuple[bytes, bool]:
    """Run the app. Return the bytes of its response, and whether the connection stays open."""
    return respond_at_once(app, environ, keep_alive=keep_alive) or (FAILED, False)


def respond_at_once(at_once: AtOnce, environ: dict[str, Any], *, keep_alive: bool) -> tuple[bytes, bool] | None:
    """Do the same with the part of an app that does not wait, or return None if that does."""
    head: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
        head[:] = status, headers

    try:
        result = at_once(environ, start_response)
        if result is None:
            return None
        try:
            body = b"".join(result)
        finally:
            if hasattr(result, "close"):
                result.close()
        status, headers = head
        return _written(status, headers, body, environ, keep_alive=keep_alive)
    except BaseException:  # noqa: BLE001  # even SystemExit: the thread must live, and the client gets an answer
        log.failed("request_failed")
        return FAILED, False


def _written(
    status: str, headers: list[tuple[str, str]], body: bytes, environ: dict[str, Any], *, keep_alive: bool
) -> tuple[bytes, bool]:
    lines, known = [f"HTTP/1.1 {status}\r\n"], set()
    for name, value in headers:
        lower = name.lower()
        if lower == "connection":
            keep_alive = keep_alive and value.lower() != "close"
            continue
        known.add(lower)
        lines.append(f"{name}: {value}\r\n")
    if status.startswith(BODILESS) or environ["REQUEST_METHOD"] == "HEAD":
        body = b""
    elif "content-length" not in known:
        lines.append(f"Content-Length: {len(body)}\r\n")
    if not keep_alive:
        lines.append("Connection: close\r\n")
    elif environ["SERVER_PROTOCOL"] == "HTTP/1.0":
        lines.append("Connection: keep-alive\r\n")
    lines.append(f"Date: {_date(int(time()))}\r\n\r\n")
    return "".join(lines).encode("latin-1") + body, keep_alive


def refusal(status: HTTPStatus) -> bytes:
    """Return a response without content that closes the connection."""
    return f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)
