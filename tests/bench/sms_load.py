"""The load of `komek bench sms`: people who write, and a gateway that takes the answers and reports about them.

It shares the cores of the machine with the service that is measured. So it is one thread, which reads and writes HTTP
itself: a server of the standard library took as much processor time as a worker.
"""

import asyncio
import json
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode

HOST = "127.0.0.1"
ANSWER_SECONDS = 30.0
REPORTS = ((0.2, "Sent"), (1.0, "Success"))
"""Seconds after the gateway took a text, and what it reports then: as the emulator does."""
AGAIN_SECONDS = 0.2
"""After so long a gateway repeats what was not taken."""


@dataclass(slots=True)
class Line:
    """A kept connection to the web, by which one form after the other is posted."""

    port: int
    streams: tuple[StreamReader, StreamWriter] | None = None

    async def post(self, path: str, form: Mapping[str, str]) -> bool:
        """Post a form. Return whether it was taken."""
        body = urlencode(form)
        lines = (
            f"POST {path} HTTP/1.1", f"Host: {HOST}", "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}", "", body,
        )  # fmt: skip
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                self.streams = self.streams or await asyncio.open_connection(HOST, self.port)
                reader, writer = self.streams
                writer.write("\r\n".join(lines).encode())
                head, _ = await _message(reader)
        except (OSError, EOFError):  # a timeout is an OSError
            await self.close()
            return False
        return head.split(b" ", 2)[1] == b"200"

    async def post_until_taken(self, path: str, form: Mapping[str, str]) -> int:
        """Post a form until it is taken, as a gateway does. Return how often it was refused."""
        refused = 0
        while not await self.post(path, form):
            refused += 1
            await asyncio.sleep(AGAIN_SECONDS)
        return refused

    async def close(self) -> None:
        """Close the connection. The next form opens another one."""
        if self.streams:
            await _close(self.streams[1])
        self.streams = None


@dataclass(slots=True)
class Gateway:
    """Africa's Talking's `POST /version1/messaging`. It takes every text at once, and reports it later."""

    port: int = 0
    taken: list[str] = field(default_factory=list)
    """The number that each text is for."""
    reports: "asyncio.Queue[Mapping[str, str]]" = field(default_factory=asyncio.Queue)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{HOST}:{self.port}"

    async def report(self, port: int, path: str) -> None:
        """Post the reports that are due, one after the other, for ever."""
        line = Line(port)
        try:
            while True:
                await line.post_until_taken(path, await self.reports.get())
        finally:
            await line.close()

    async def take(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Take a text."""
        with suppress(OSError, EOFError):
            _, body = await _message(reader)
            (to,) = parse_qs(body.decode())["to"]
            self.taken.append(to)
            id = f"ATXid_{len(self.taken)}"
            for seconds, status in REPORTS:
                form = {"id": id, "status": status, "phoneNumber": to, "networkCode": "99999"}
                asyncio.get_running_loop().call_later(seconds, self.reports.put_nowait, form)
            known = {"cost": "KES 0.8000", "messageId": id, "number": to, "status": "Success", "statusCode": 101}
            said = json.dumps({"SMSMessageData": {"Message": "Sent to 1/1", "Recipients": [known]}})
            head = f"HTTP/1.0 201 Created\r\nContent-Type: application/json\r\nContent-Length: {len(said)}\r\n\r\n"
            writer.write((head + said).encode())
        await _close(writer)


@asynccontextmanager
async def gateway() -> AsyncIterator[Gateway]:
    """Run a gateway on a free port."""
    made = Gateway()
    async with await asyncio.start_server(made.take, HOST, backlog=128) as server:
        made.port = server.sockets[0].getsockname()[1]
        yield made


async def _message(reader: StreamReader) -> tuple[bytes, bytes]:
    """Read a request or an answer: its head and its body. Raise `EOFError` if it ends early."""
    head = await reader.readuntil(b"\r\n\r\n")
    _, _, length = head.lower().partition(b"content-length:")
    return head, await reader.readexactly(int(length.split(b"\r\n", 1)[0] or 0))


async def _close(writer: StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
