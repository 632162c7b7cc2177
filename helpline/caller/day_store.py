"""What the public processes share in Valkey for a day: calls in progress, and counts of wrong codes.

All of it may be lost at any moment. The keys that find and seal it come from the words key and a random half, which is
made each day and is in Valkey only. So neither a copy of Valkey nor the words key alone leads to a telephone.
"""

import math
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from redis import Redis
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import RedisError

from helpline.caller.quick_line import Answer, QuickLine, Word
from helpline.core.job_queue import connect
from helpline.core.waiting import may_wait
from helpline.keys.sealing import KEY_BYTES

DAY_SECONDS = 86_400
PAUSE_SECONDS = 3.0

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
    """The connection of each thread that has asked something."""
    _quick: QuickLine | None = field(default=None, init=False, repr=False)
    """The connection of the loop. A thread that has reached Valkey opens it."""

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

    def ask(self, redis: Redis, *words: Word, again: Sequence[Word] = ()) -> Any:
        """Ask one thing over a connection that this thread keeps. Use it within `reached`.

        `Redis.eval` takes a connection from a pool and first looks whether it is still open. That is half of its
        processor time, and one more moment at which this thread must wait for the others. Here a connection that was
        closed since the last question is opened again, and asked again: so ask only what may be asked twice, or say
        what to ask `again`.
        """
        line = getattr(self._own, "line", None)
        if line is None:
            line = self._own.line = redis.connection_pool.make_connection()
        try:
            answer = _answer(line, words)
        except Disconnected:  # not if an answer took too long: a caller waits
            answer = _answer(line, again or words)
        if self._quick is None:
            self._quick = QuickLine(self.url)
        self._quick.open()
        return answer

    def ask_soon(self, words: Sequence[Word]) -> Answer | None:
        """Put a question where nobody may wait. Return None, or its answer-to-be: it is there after `waiting.settle`.

        Without an answer nobody knows whether Valkey has heard the question: so ask only what may be asked twice.
        """
        return self._quick.put(words) if self._quick and self.seconds() >= self.silent_until else None


def _answer(line: Any, words: Sequence[Word]) -> Any:
    line.send_command(*words)
    return line.read_response()


def random_half(redis: Redis, name: str, lasts_seconds: int) -> bytes:
    """Return the random half with this name. The first process that asks makes it. Raise `ValueError` if it is none."""
    redis.set(name, secrets.token_bytes(KEY_BYTES), nx=True, ex=lasts_seconds)
    stored = redis.get(name)
    if not isinstance(stored, bytes) or len(stored) != KEY_BYTES:
        raise ValueError("not a key")
    return stored
