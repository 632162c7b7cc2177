"""The loop's own connection to Valkey: a hop asks one question over it, and the loop goes on until the answer comes.

A thread that asks waits for its answer, and waking it costs more than the question. Here questions go out one after the
other, and their answers come back in that order. Whatever goes wrong, a question is answered by nothing: then a thread
asks again, with the times and the memory of failures that `DayStore` has.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

import hiredis
from redis.connection import parse_url

from helpline.core.job_queue import resolved

ANSWER_SECONDS = 0.3
"""The longest that a question may take."""
PAUSE_SECONDS = 3.0
"""Between two tries to connect."""
Answer = asyncio.Future[Any]
Word = bytes | str | int


class ValkeyLine(asyncio.Protocol):
    """One connection to `url` (`redis://` or `unix://`). It connects when it is first asked, and again after a failure.

    `rediss://` is left to the threads.
    """

    def __init__(self, url: str) -> None:
        """Begin without a connection."""
        self.url = url
        self.transport: asyncio.Transport | None = None
        self.waiting: deque[tuple[float, Answer]] = deque()
        """The questions that have no answer yet, and when each was asked: the oldest first."""
        self.try_again_at = 0.0
        self.connecting: asyncio.Task[None] | None = None

    def ask(self, words: Sequence[Word]) -> Answer | None:
        """Ask one thing. Return what will be its answer, or None if it cannot be asked now, or not from this thread.

        The answer is None if there is none within `ANSWER_SECONDS`, and for an error of Valkey.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return None
        if self.transport is None:
            self._connect_soon(loop)
            return None
        return self._send(loop, words)

    def _send(self, loop: asyncio.AbstractEventLoop, words: Sequence[Word]) -> Answer:
        assert self.transport is not None  # noqa: S101  # both callers have looked
        answer: Answer = loop.create_future()
        if not self.waiting:  # also at the login: a Valkey that hangs takes connections
            loop.call_later(ANSWER_SECONDS, self._look, loop)
        self.waiting.append((loop.time(), answer))
        self.transport.write(hiredis.pack_command(tuple(words)))  # type: ignore[arg-type]  # its own types name no union
        return answer

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the connection if its oldest question has waited too long."""
        if not self.waiting:
            return
        left = self.waiting[0][0] + ANSWER_SECONDS - loop.time()
        if left > 0:
            loop.call_later(left, self._look, loop)
        elif self.transport:
            self.transport.abort()

    def _connect_soon(self, loop: asyncio.AbstractEventLoop) -> None:
        if self.connecting is None and time.monotonic() >= self.try_again_at and not self.url.startswith("rediss:"):
            self.try_again_at = time.monotonic() + PAUSE_SECONDS
            self.connecting = loop.create_task(self._connect(loop))

    def _address(self) -> dict[str, Any]:
        return dict(parse_url(resolved(self.url)))  # type: ignore[no-untyped-call]

    async def _connect(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                to = self._address()
                if "path" in to:
                    await loop.create_unix_connection(lambda: self, to["path"])
                else:
                    await loop.create_connection(lambda: self, to.get("host", "localhost"), to.get("port", 6379))
        except (OSError, TimeoutError, ValueError):
            pass
        finally:
            self.connecting = None

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Log in and choose the database, if the address says so."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # it is a stream
        self.transport, self.reader = transport, hiredis.Reader()
        loop, to = asyncio.get_running_loop(), self._address()
        if "password" in to:
            self._send(loop, ("AUTH", to.get("username", "default"), to["password"]))
        if "db" in to:
            self._send(loop, ("SELECT", to["db"]))

    def data_received(self, data: bytes) -> None:
        """Pass each answer to the oldest question."""
        self.reader.feed(data)
        while self.waiting and (found := self.reader.gets()) is not False:
            _, answer = self.waiting.popleft()
            if not answer.done():
                answer.set_result(None if isinstance(found, hiredis.ReplyError) else found)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        """Answer all questions by nothing."""
        self.transport = None
        waiting, self.waiting = self.waiting, deque()
        for _, answer in waiting:
            if not answer.done():
                answer.set_result(None)
