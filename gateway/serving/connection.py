"""One connection of a client: it reads requests, and writes what the app answers.

Its states follow each other: header, body, serving, and then header again or the end. Each but *serving* has a deadline
(`bounds.py`). A request goes to a thread only when it is complete, so a slow client costs memory and no thread.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from http import HTTPStatus
from typing import Any

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from gateway.serving.bounds import NEVER, Connections
from gateway.serving.incoming import Incoming, environ_of
from gateway.serving.threads import AtOnce, Threads, Wsgi, refusal, respond, respond_at_once
from helpline.core.waiting import has_asked, settle

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
HEADER_COST = 32
"""Bytes of memory that each header costs beside its text, as HTTP/2 counts it."""
AHEAD = 16
"""Requests that may be sent before the first is answered. Browsers and proxies send none."""
AT_ONCE = 32
"""Requests that are answered in the loop before it looks for new ones: those of others wait for some milliseconds."""
TOGETHER_SECONDS = 0.002
"""So long one thread has for the requests that were settled together. Then others help it: it may hang."""
LINGER_SECONDS = 2.0
"""For a refused client to read its answer. Closing at once while bytes arrive would delete the answer."""


class State(Enum):
    """What a connection is doing."""

    IDLE = "idle"
    HEADER = "header"
    BODY = "body"
    ENDING = "ending"


@dataclass(slots=True)
class Service:
    """What all connections of a server share."""

    app: Wsgi
    loop: asyncio.AbstractEventLoop
    connections: Connections
    threads: Threads
    buffer: bytearray
    """Every connection reads into it, and its content is used and wiped at once."""
    at_once: AtOnce | None = None
    """The part of the app that waits for nobody, if there is one: the loop runs it itself."""
    turns: int = AT_ONCE
    """How many more requests may be tried in the loop before it looks for new ones."""
    unsettled: list[Callable[[], None]] = field(default_factory=list)
    """What goes on when the questions that were put in the loop are answered."""

    def take_turn(self) -> None:
        """Count a request that is answered in the loop. Others may wait for a thread meanwhile."""
        if self.turns == AT_ONCE:
            self.loop.call_soon(self._begin_turn)
        self.turns -= 1

    def _begin_turn(self) -> None:
        self.turns = AT_ONCE

    def when_settled(self, act: Callable[[], None]) -> None:
        """Do something once the loop has taken what has arrived, and all questions in it are answered together."""
        if not self.unsettled:
            self.loop.call_soon(self._settle)
        self.unsettled.append(act)

    def _settle(self) -> None:
        acts, self.unsettled = self.unsettled, []
        settle()
        for act in acts:
            act()
        self.threads.wake_one()
        if self.threads.waiting:
            self.loop.call_later(TOGETHER_SECONDS, self.threads.wake_all)


class Connection(asyncio.BufferedProtocol):
    """The server's side of one TCP connection."""

    def __init__(self, service: Service) -> None:
        """Begin without a socket."""
        self.service = service
        self.bounds = service.connections.bounds
        self.parser = HttpRequestParser(self)
        self.incoming = Incoming()
        self.ready: deque[Incoming] = deque()
        self.environ: dict[str, Any] | None = None
        """The request that waits for a thread, or that a thread works on."""
        self.running = self.full = False
        self.state = State.IDLE
        self.fault: HTTPStatus | None = None
        self.header_bytes = self.body_bytes = self.held = 0
        self.last = self.cut = False
        self.address = ""
        self.since, self.deadline = 0.0, NEVER

    @property
    def serving(self) -> bool:
        """Whether a request waits for a thread, or has one."""
        return self.environ is not None

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start to wait for a request, if there is room."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # it is a stream
        self.transport = transport
        self.peer = transport.get_extra_info("peername")
        self.server = transport.get_extra_info("sockname")
        self.address = self.peer[0]
        self._enter(State.IDLE, self.bounds.header_seconds)
        if not self.service.connections.add(self):
            self.drop()

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002  # asyncio's signature
        """Return the buffer to read into."""
        return self.service.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Parse what was read, then wipe it, because it may hold a number."""
        with memoryview(self.service.buffer)[:nbytes] as read:
            if self.state is not State.ENDING:
                self._feed(read)
            read[:] = bytes(nbytes)

    def eof_received(self) -> bool:
        """Keep a half-closed connection while its request is answered."""
        self.last = True
        return self.serving

    def pause_writing(self) -> None:
        """Read and answer nothing more until the client has taken what is written."""
        self.full = True
        self._enter(self.state, self.bounds.write_seconds)
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on with the next request."""
        self.full = False
        if self.state is not State.ENDING:
            self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        """Forget the connection and what it held, at once: it and its parser refer to each other.

        A complete request is answered even then, because a gateway may send a text and not wait. It counts until then.
        """
        self.state, self.incoming = State.ENDING, Incoming()
        self.ready.clear()
        if not self.serving:
            self.service.connections.remove(self)
        del self.parser

    # What the parser calls

    def on_message_begin(self) -> None:
        """Begin a request."""
        self.incoming = Incoming()
        self.header_bytes = 0
        self._enter(State.HEADER, self.bounds.header_seconds)

    def on_url(self, url: bytes) -> None:
        """Add a piece of the target."""
        self._count(len(url))
        self.incoming.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header. What follows the body is left out."""
        if self.state is State.HEADER and not self.fault:
            self._count(len(name) + len(value) + HEADER_COST)
            self.incoming.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Go on to the body, unless it is too long: then only the app's refusal remains."""
        self._enter(State.BODY, self.bounds.body_seconds)
        self.body_bytes = 0
        if self.fault:
            return
        length = self.incoming.named(b"content-length")
        if length.isdigit() and int(length) > self.bounds.body_bytes:
            self.cut = self.incoming.cut = True
            self._complete()
        elif self.incoming.named(b"expect").lower() == b"100-continue" and not self.serving and not self.ready:
            self.transport.write(CONTINUE)

    def on_body(self, body: bytes) -> None:
        """Add a piece of the body."""
        if self.cut or self.fault:
            return
        self.incoming.body += body
        self.service.connections.hold(self, len(body))
        if len(self.incoming.body) > self.bounds.body_bytes:
            self.fault = HTTPStatus(413)  # its name depends on the version of Python

    def on_message_complete(self) -> None:
        """Put the request in line."""
        if not self.cut and not self.fault:
            self._complete()

    # What the bounds call

    def expire(self) -> None:
        """End a connection that has taken too long."""
        match self.state:
            case State.ENDING:
                self.transport.abort()
            case State.IDLE:
                self._close()
            case State.HEADER | State.BODY:
                self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def drop(self) -> None:
        """Close the connection at once. A request that waits for a thread is not answered."""
        self.state, self.environ = State.ENDING, None
        self.transport.abort()

    def _enter(self, state: State, seconds: float) -> None:
        if self.state is not State.ENDING:  # the end is final
            self.state = state
        self.since = self.service.loop.time()
        self.deadline = NEVER if self.serving else self.since + seconds

    def _feed(self, data: memoryview) -> None:
        if self.serving:
            self.transport.pause_reading()  # a client that sends more requests waits for its answers
        before, body = self.header_bytes, self.state is State.BODY
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade:
            self.last = True  # it is answered as any other request, which refuses the upgrade
        except HttpParserError:
            self.fault = self.fault or HTTPStatus.BAD_REQUEST
        if self.state is State.HEADER and self.header_bytes == before:  # a piece of a value: it is not counted yet
            self._count(len(data))
        if self.state is State.BODY and body:
            self.body_bytes += len(data)
            if self.body_bytes > 2 * self.bounds.body_bytes:  # the parser keeps what follows the last chunk
                self.fault = HTTPStatus(413)
        if self.fault and not self.ready and not self.serving:
            self._refuse(self.fault)
        else:
            self._serve_next()

    def _count(self, size: int) -> None:
        """Count bytes of a header."""
        self.header_bytes += size
        self.service.connections.hold(self, size)
        if self.header_bytes > self.bounds.header_bytes:
            self.fault = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE

    def _complete(self) -> None:
        if len(self.ready) >= AHEAD:
            self.fault = HTTPStatus.BAD_REQUEST
            return
        incoming = self.incoming
        incoming.method = self.parser.get_method().decode("latin-1")
        incoming.version = self.parser.get_http_version()
        incoming.keep_alive = self.parser.should_keep_alive() and not incoming.cut
        self.ready.append(incoming)
        self.incoming = Incoming()  # nothing keeps the request, which may hold a number, when it is answered
        self._enter(State.IDLE, self.bounds.idle_seconds)

    def _serve_next(self) -> None:
        if self.serving or self.full or not self.ready or self.state is State.ENDING:
            return
        incoming = self.ready.popleft()
        self.environ = environ_of(incoming, self.server, self.peer)
        if self.environ is None:
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        self.deadline = NEVER
        self._try(incoming.keep_alive, incoming.cut, wake=True)

    def _try(self, keep_alive: bool, cut: bool, *, wake: bool) -> None:
        """Answer the request in the loop, at once or when its question is answered; or put it in line for a thread."""
        if self.environ is None or self._answered_at_once(keep_alive, cut):
            return
        if has_asked():
            self.service.take_turn()
            self.service.when_settled(partial(self._try, keep_alive, cut, wake=False))
        else:
            self.service.threads.put(self.address, partial(self._work, keep_alive, cut), wake=wake)

    def _answered_at_once(self, keep_alive: bool, cut: bool) -> bool:
        """Run the part of the app that waits for nobody. Return whether it has answered the request.

        Handing a request to a thread, and its answer back, costs as much as answering a hop that only shows a screen.
        """
        service, environ = self.service, self.environ
        if service.at_once is None or environ is None or service.turns <= 0:
            return False
        answered = respond_at_once(service.at_once, environ, keep_alive=keep_alive and not self.last)
        if answered is None:
            return False
        service.take_turn()
        self._answer(*answered, cut)
        return True

    def _work(self, keep_alive: bool, cut: bool) -> None:
        """Run the app, in a thread, unless the connection was dropped to make room."""
        environ = self.environ
        if environ is not None:
            self.running = True
            answer, keep_alive = respond(self.service.app, environ, keep_alive=keep_alive and not self.last)
            self.service.loop.call_soon_threadsafe(self._answer, answer, keep_alive, cut)

    def _answer(self, answer: bytes, keep_alive: bool, cut: bool) -> None:
        self.environ, self.running = None, False
        self.service.connections.release(self)
        if self.state is State.ENDING:
            self.service.connections.remove(self)
            return
        if cut or (self.fault and not self.ready):
            self._end(answer)
            return
        self.transport.write(answer)
        if not keep_alive or (self.last and not self.ready):
            self._close()
        elif not self.full:
            self._go_on()

    def _go_on(self) -> None:
        self._enter(self.state, self.bounds.idle_seconds if self.state is State.IDLE else self.bounds.header_seconds)
        self._serve_next()
        if not self.ready:
            self.transport.resume_reading()

    def _refuse(self, status: HTTPStatus) -> None:
        self._end(refusal(status))

    def _end(self, answer: bytes) -> None:
        """Write the last answer, and read on for a moment without using what comes."""
        self._enter(State.ENDING, LINGER_SECONDS)
        self.transport.write(answer)
        self.transport.resume_reading()
        self.transport.write_eof()

    def _close(self) -> None:
        """Close when everything is written."""
        self._enter(State.ENDING, self.bounds.write_seconds)
        self.transport.close()
