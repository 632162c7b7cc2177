"""A connection to Valkey for the loop of a web: questions, and their answers within a millisecond or none.

A Valkey on the same machine answers in 30 µs. To wait for that costs less than to hand the hop to a thread. But a loop
that falls asleep costs as much processor time as the question. So the questions of all hops that have arrived go out
together, and the loop waits once. If there is no answer in time, a thread asks again (`DayStore.ask`), with its own
connection, its times and its memory of failures; and for a while the loop asks nothing.
"""

import select
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import hiredis
from redis.connection import parse_url

from helpline.core.job_queue import resolved
from helpline.core.waiting import settle_with

ANSWER_SECONDS = 0.001
"""The longest that the loop waits for the answers to `TOGETHER` questions, and all of its callers with it."""
TOGETHER = 8
PAUSE_SECONDS = 0.02
"""After a question without an answer: so a slow Valkey costs the loop a twentieth of its time."""
CONNECT_SECONDS = 0.3
CONNECT_PAUSE_SECONDS = 3.0

Word = bytes | str | int


@dataclass(slots=True)
class Answer:
    """The answer to a question."""

    found: object | None = field(default=None, repr=False)
    """None: there is none yet, or there was none in time, or it is an error of Valkey."""


Question = tuple[Sequence[Word], Answer]


class _Put(threading.local):
    """The questions that a thread has put. The loop is one; in tests there are others."""

    def __init__(self) -> None:
        self.questions: list[Question] = []


@dataclass(slots=True, eq=False)
class QuickLine:
    """One connection to `url` (`redis://` or `unix://`). With `rediss://` there is none."""

    url: str = field(repr=False)
    _socket: socket.socket | None = field(default=None, init=False, repr=False)
    _answers: hiredis.Reader = field(default_factory=hiredis.Reader, init=False, repr=False)
    _ready: select.poll = field(default_factory=select.poll, init=False, repr=False)
    """Tells when the connection has something to read."""
    _owed: int = field(default=0, init=False)
    """Answers that have not come yet. Those of earlier questions are nobody's."""
    _silent_until: float = field(default=0.0, init=False)
    _connect_at: float = field(default=0.0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _put: _Put = field(default_factory=_Put, init=False, repr=False)

    def put(self, words: Sequence[Word]) -> Answer | None:
        """Put a question, which goes out with `waiting.settle`. Return its answer-to-be, or None: it is not put."""
        if self._socket is None or time.monotonic() < self._silent_until:
            return None
        answer = Answer()
        self._put.questions.append((words, answer))
        settle_with(self.settle)
        return answer

    def settle(self) -> None:
        """Send the questions that this thread has put, and take the answers that come in time."""
        questions, self._put.questions = self._put.questions, []
        if self._socket is None or not self._lock.acquire(blocking=False):
            return
        try:
            self._exchange(self._socket, questions, ANSWER_SECONDS * (1 + len(questions) // TOGETHER))
        except (OSError, hiredis.ProtocolError):
            self._close()
        finally:
            self._lock.release()

    def open(self) -> None:
        """Connect, if there is no connection: for a thread that may wait. It says nothing if it fails."""
        if self._socket or self.url.startswith("rediss:") or time.monotonic() < self._connect_at:
            return
        with self._lock:
            if self._socket:
                return
            self._connect_at = time.monotonic() + CONNECT_PAUSE_SECONDS
            try:
                self._socket = self._connect(dict(parse_url(resolved(self.url))))  # type: ignore[no-untyped-call]
            except (OSError, ValueError, hiredis.ProtocolError):
                return

    def _connect(self, to: dict[str, object]) -> socket.socket:
        """Return a new connection that has logged in and chosen its database. Raise `OSError` or `ValueError`."""
        if "path" in to:
            made = socket.socket(socket.AF_UNIX)
        else:
            made = socket.create_connection((str(to.get("host", "localhost")), to.get("port", 6379)), CONNECT_SECONDS)  # type: ignore[arg-type]  # a number
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            if "path" in to:
                made.settimeout(CONNECT_SECONDS)
                made.connect(str(to["path"]))
            made.setblocking(False)
            self._owed, self._answers, self._ready = 0, hiredis.Reader(), select.poll()
            self._ready.register(made, select.POLLIN)
            login = [("AUTH", str(to.get("username", "default")), str(to["password"]))] if "password" in to else []
            for words in (*login, ("SELECT", str(to.get("db", 0)))):
                self._exchange(made, [(words, answer := Answer())], CONNECT_SECONDS)
                if answer.found != b"OK":
                    raise ValueError("not logged in")
        except BaseException:
            made.close()
            raise
        return made

    def _exchange(self, line: socket.socket, questions: Sequence[Question], seconds: float) -> None:
        """Send questions and take their answers, as far as they come in time. Raise `OSError`."""
        sent = b"".join(hiredis.pack_command(tuple(words)) for words, _ in questions)  # type: ignore[arg-type]  # its own types name no union
        until = time.monotonic() + seconds
        if line.send(sent) != len(sent):
            raise OSError("Valkey takes no more")
        self._owed += len(questions)
        while self._owed:
            if not self._ready.poll(max(0.0, until - time.monotonic()) * 1000):
                self._silent_until = time.monotonic() + PAUSE_SECONDS
                return
            if not (data := line.recv(65_536)):
                raise OSError("Valkey has closed the connection")
            self._answers.feed(data)
            while self._owed and (found := self._answers.gets()) is not False:
                if self._owed <= len(questions) and not isinstance(found, hiredis.ReplyError):
                    questions[-self._owed][1].found = found
                self._owed -= 1

    def __del__(self) -> None:
        """Close the connection with the process that has it."""
        self._close()

    def _close(self) -> None:
        if self._socket:
            self._socket.close()
        self._socket = None
