"""One connection of a client: it reads requests, and writes what the app answers.

Its states follow each other: header, body, serving, and then header again or the end. Each but *serving* has a deadline
(`bounds.py`). A request goes to a thread only when it is complete, so a slow client costs memory and no thread.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from enum import Enum
from functools import partial
from http import HTTPStatus

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from gateway.serving.bounds import NEVER, Connections
from gateway.serving.incoming import Incoming, environ_of
from gateway.serving.threads import Threads, Wsgi, refusal, respond

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
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


class Connection(asyncio.BufferedProtocol):
    """The server's side of one TCP connection."""

    def __init__(self, service: Service) -> None:
        """Begin without a socket."""
        self.service = service
        self.bounds = service.connections.bounds
        self.parser = HttpRequestParser(self)
        self.incoming = Incoming()
        self.ready: deque[Incoming] = deque()
        self.serving = False
        self.state = State.IDLE
        self.fault: HTTPStatus | None = None
        self.header_bytes = self.held = 0
        self.last = self.cut = False
        self.address = ""
        self.since, self.deadline = 0.0, NEVER

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
        """Wait for a slow reader."""
        self._enter(self.state, self.bounds.write_seconds)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        """Forget the connection and what it held, at once: it and its parser refer to each other."""
        self.state, self.incoming = State.ENDING, Incoming()
        self.ready.clear()
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
        self.incoming.target += url
        self.header_bytes += len(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header. What follows the body is left out."""
        if self.state is State.HEADER:
            self.incoming.headers.append((name, value))
            self.header_bytes += len(name) + len(value)

    def on_headers_complete(self) -> None:
        """Go on to the body, unless it is too long: then only the app's refusal remains."""
        self._enter(State.BODY, self.bounds.body_seconds)
        if self.header_bytes > self.bounds.header_bytes:
            self.fault = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        length = self.incoming.named(b"content-length")
        if length.isdigit() and int(length) > self.bounds.body_bytes:
            self.cut = self.incoming.cut = True
            self._complete()
        elif self.incoming.named(b"expect").lower() == b"100-continue":
            self.transport.write(CONTINUE)

    def on_body(self, body: bytes) -> None:
        """Add a piece of the body."""
        if self.cut or self.fault:
            return
        self.incoming.body.append(body)
        self.service.connections.hold(self, len(body))
        if self.held > self.bounds.body_bytes:
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
        """Close the connection at once."""
        self.state = State.ENDING
        self.transport.abort()

    def _enter(self, state: State, seconds: float) -> None:
        self.state, self.since = state, self.service.loop.time()
        self.deadline = NEVER if self.serving else self.since + seconds

    def _feed(self, data: memoryview) -> None:
        if self.serving:
            self.transport.pause_reading()  # a client that sends more requests waits for its answers
        before = self.header_bytes
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade:
            self.last = True  # it is answered as any other request, which refuses the upgrade
        except HttpParserError:
            self.fault = self.fault or HTTPStatus.BAD_REQUEST
        if self.state is State.HEADER and self.header_bytes == before:  # a piece of a value: it is not counted yet
            self.header_bytes += len(data)
        if self.state is State.HEADER and self.header_bytes > self.bounds.header_bytes:
            self.fault = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        if self.fault and not self.ready and not self.serving:
            self._refuse(self.fault)
        else:
            self._serve_next()

    def _complete(self) -> None:
        incoming = self.incoming
        incoming.method = self.parser.get_method().decode("latin-1")
        incoming.version = self.parser.get_http_version()
        incoming.keep_alive = self.parser.should_keep_alive() and not incoming.cut
        self.ready.append(incoming)
        self.incoming = Incoming()  # nothing keeps the request, which may hold a number, when it is answered
        self._enter(State.IDLE, self.bounds.idle_seconds)

    def _serve_next(self) -> None:
        if self.serving or not self.ready or self.state is State.ENDING:
            return
        incoming = self.ready.popleft()
        environ = environ_of(incoming, self.server, self.peer)
        if environ is None:
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        self.serving, self.deadline = True, NEVER

        def work() -> None:
            answer, keep_alive = respond(self.service.app, environ, keep_alive=incoming.keep_alive and not self.last)
            self.service.loop.call_soon_threadsafe(partial(self._answer, answer, keep_alive, incoming.cut))

        self.service.threads.put(self.address, work)

    def _answer(self, answer: bytes, keep_alive: bool, cut: bool) -> None:
        self.serving = False
        self.service.connections.release(self)
        if self.state is State.ENDING:
            return
        if cut or (self.fault and not self.ready):
            self._end(answer)
            return
        self.transport.write(answer)
        if not keep_alive or (self.last and not self.ready):
            self._close()
            return
        seconds = self.bounds.idle_seconds if self.state is State.IDLE else self.bounds.header_seconds
        self._enter(self.state, seconds)
        self.transport.resume_reading()
        self._serve_next()

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
