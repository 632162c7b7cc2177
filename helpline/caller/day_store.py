"""What the public processes share in Valkey for a day: calls in progress, and counts of wrong codes.

All of it may be lost at any moment. The keys that find and seal it come from the words key and a random half, which is
made each day and is in Valkey only. So neither a copy of Valkey nor the words key alone leads to a telephone.
"""

import math
import secrets
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from redis import Redis
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import RedisError, ResponseError

from helpline.core.job_queue import connect
from helpline.core.waiting import may_wait
from helpline.keys.sealing import KEY_BYTES

DAY_SECONDS = 86_400
PAUSE_SECONDS = 3.0
READ_BYTES, END = 65_536, b"\r\n"
SHORT: Mapping[bytes, Callable[[bytes], bytes | int | None]] = {
    b":": int, b"+": bytes, b"$": lambda _: None, b"_": lambda _: None,
}  # fmt: skip
"""What an answer of one line is, by its first byte."""

_Result = TypeVar("_Result")


class ValkeyUnavailable(Exception):
    """Valkey cannot be reached, so nobody knows what the public processes share."""


@dataclass(slots=True)
class DayStore:
    """A connection to Valkey that keeps no caller waiting. It opens nothing before it is first used.

    A process has one: if Valkey hangs, its first user waits, and the others know.
    """

    url: str = field(repr=False)
    seconds: Callable[[], float] = time.monotonic
    silent_until: float = field(default=-math.inf, init=False)
    _redis: Redis | None = field(default=None, init=False, repr=False)
    _own: threading.local = field(default_factory=threading.local, init=False, repr=False)
    """The connection of each thread that has asked something, and its socket."""

    def reached(self, act: Callable[[Redis], _Result]) -> _Result:
        """Do something with Valkey. After a failure, do not try again for a while: callers must not wait."""
        may_wait()
        if self.seconds() < self.silent_until:
            raise ValkeyUnavailable
        try:
            if self._redis is None:
                self._redis = connect(self.url)
            return act(self._redis)
        except (RedisError, OSError, ValueError):
            self.silent_until = self.seconds() + PAUSE_SECONDS
        raise ValkeyUnavailable

    def ask(self, redis: Redis, *words: bytes | str | int) -> Any:
        """Ask one thing over a connection that this thread keeps. Use it within `reached`.

        `Redis.eval` takes a connection from a pool and first looks whether it is still open. That is half of its
        processor time, and one more moment at which this thread must wait for the others. To write the question and
        read the answer, redis-py calls 120 functions more. Here a connection that was closed since the last question
        is opened again, and asked again: so ask only what may be asked twice.
        """
        question = _question(words)
        try:
            return self._answer(redis, question)
        except Disconnected:  # not if an answer took too long: a caller waits
            return self._answer(redis, question)

    def _answer(self, redis: Redis, question: bytes) -> bytes | int | None:
        """Ask a question. After a failure the connection is closed: its late answer must not answer the next one."""
        sock = getattr(self._own, "sock", None) or self._connected(redis)
        try:
            sock.sendall(question)
            return _read(sock)
        except ResponseError:
            raise
        except BaseException as error:
            self._own.sock = None
            self._own.line.disconnect()
            if isinstance(error, OSError) and not isinstance(error, (TimeoutError, BlockingIOError)):
                raise Disconnected from error
            raise

    def _connected(self, redis: Redis) -> Any:
        """Return the socket of a new connection of this thread. redis-py opens it, and shows it nowhere else."""
        line: Any = redis.connection_pool.make_connection()
        line.connect()
        sock = line._sock  # noqa: SLF001
        self._own.line, self._own.sock = line, sock
        if type(sock) is socket.socket and (seconds := sock.gettimeout()):
            _time_out_in_kernel(sock, seconds)
        return sock


def _time_out_in_kernel(sock: socket.socket, seconds: float) -> None:
    """Leave the limit of a wait to the kernel. Python would ask it twice, and let go of its lock twice as often.

    Each time, another thread may take the lock, and this one has to wait for it.
    """
    sock.settimeout(None)
    limit = struct.pack("@ll", int(seconds), int(seconds % 1 * 1_000_000))
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        sock.setsockopt(socket.SOL_SOCKET, option, limit)


def _question(words: tuple[bytes | str | int, ...]) -> bytes:
    """Write a question as Valkey reads it."""
    told = [word if isinstance(word, bytes) else str(word).encode() for word in words]
    return b"*%d\r\n" % len(told) + b"".join([b"$%d\r\n%b\r\n" % (len(word), word) for word in told])


def _read(sock: Any) -> bytes | int | None:
    """Read one answer: a number, some bytes, nothing, or `OK`. Raise `ResponseError` for an error."""
    told = b""
    while True:
        more: bytes = sock.recv(READ_BYTES)
        if not more:
            raise Disconnected
        told += more
        head, ended, rest = told.partition(END)
        kind, value = head[:1], head[1:]
        size = int(value) if ended and kind == b"$" else -1
        if not ended or len(rest) < size + len(END) * (size >= 0):
            continue
        if size >= 0 and len(rest) == size + len(END):
            return rest[:size]
        if kind == b"-" and not rest:
            raise ResponseError  # without Valkey's words: they may repeat what was asked
        if kind not in SHORT or rest:
            raise RedisError
        return SHORT[kind](value)


def random_half(redis: Redis, name: str, lasts_seconds: int) -> bytes:
    """Return the random half with this name. The first process that asks makes it. Raise `ValueError` if it is none."""
    redis.set(name, secrets.token_bytes(KEY_BYTES), nx=True, ex=lasts_seconds)
    stored = redis.get(name)
    if not isinstance(stored, bytes) or len(stored) != KEY_BYTES:
        raise ValueError("not a key")
    return stored
