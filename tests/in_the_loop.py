"""A public web that is asked as the loop of our server asks it (`gateway.serving`)."""

import asyncio
from asyncio import AbstractEventLoop
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any, TypeVar

import pytest

from gateway import valkey_line
from gateway.app import PublicWeb
from gateway.valkey_line import ValkeyLine
from tests.others import PATIENCE_SECONDS, until

Answered = TypeVar("Answered")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line to Valkey waits for an answer as long as a test does. How soon it gives up has its own test."""
    monkeypatch.setattr(valkey_line, "ANSWER_SECONDS", PATIENCE_SECONDS)


@dataclass(slots=True)
class InTheLoop:
    """A WSGI app that first tries a request in a loop, and then calls the app in this thread."""

    app: PublicWeb
    loop: AbstractEventLoop
    at_once: int = 0
    """How many requests were answered in the loop."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        answer = self.run(self._tried(environ, start_response))
        if answer is None:
            return self.app(environ, start_response)
        self.at_once += 1
        return answer

    async def _tried(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes] | None:
        answer = self.app.at_once(environ, start_response)
        while isinstance(answer, asyncio.Future):
            await answer
            answer = self.app.at_once(environ, start_response)
        return answer

    def connect(self) -> None:
        """Wait until the loop has its line to Valkey. Until then threads ask."""
        until(lambda: self.run(self._is_connected()), "a line to Valkey")

    def run(self, coroutine: Coroutine[Any, Any, Answered]) -> Answered:
        """Run something in the loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE_SECONDS)

    async def _is_connected(self) -> bool:
        self.line.ask(("PING",))
        return self.line.transport is not None

    async def hang_up(self) -> None:
        """Close the line."""
        while self.line.connecting or self.line.transport:
            if self.line.transport:
                self.line.transport.abort()
            await asyncio.sleep(0)

    @property
    def line(self) -> ValkeyLine:
        """The loop's line to Valkey."""
        assert self.app.hops
        return self.app.hops.line


@contextmanager
def in_the_loop(app: PublicWeb) -> Iterator[InTheLoop]:
    """Run a loop in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    web = InTheLoop(app, loop)
    try:
        yield web
    finally:
        web.run(web.hang_up())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE_SECONDS)
        loop.close()
