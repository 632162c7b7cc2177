"""The load generator: requests made beforehand and sent over several lasting connections by a separate process.

A connection sends its next request as soon as it has its answer. So the server always has as many requests as there are
connections, and never two of one session.
"""

import select
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

CONNECTIONS = 8
GIVEN_UP_SECONDS = 20.0
_kept: dict[int, list[socket.socket]] = {}
"""By port, the connections that `drive_on` keeps in this process."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One hop as Africa's Talking sends it, with all keys pressed since the dial."""

    session: str
    number: str
    keys: tuple[str, ...]

    def request(self, path: str) -> bytes:
        """Return the whole HTTP request."""
        form = {
            "sessionId": self.session, "serviceCode": "*500#", "phoneNumber": self.number, "networkCode": "99999",
            "text": "*".join(self.keys),
        }  # fmt: skip
        return _post(path, form)

    def last_key(self, path: str) -> bytes:
        """Return the request of a gateway that sends the last key only, as the channel `emulator` has it."""
        form = {"call": self.session[-5:], "number": self.number, "hop": str(len(self.keys))}
        return _post(path, {**form, "key": self.keys[-1]} if self.keys else form)


def _post(path: str, form: Mapping[str, str]) -> bytes:
    body = urlencode(form)
    head = (
        f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: at-ussd-api/1.0.0", "Accept: */*",
        "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", "", body,
    )  # fmt: skip
    return "\r\n".join(head).encode()


@dataclass(frozen=True, slots=True)
class Driven:
    """The answers, each in its request's place, and how long and how busy the generator was."""

    answers: list[list[str]]
    wall_seconds: float
    own_cpu_seconds: float


def drive(port: int, sessions: Sequence[Sequence[bytes]], connections: int = CONNECTIONS) -> Driven:
    """Send the requests of every session in order and collect the answers.

    Of eight connections, each takes every eighth session and sends its requests one after the other.
    """
    lines = [_connected(port) for _ in range(connections)]
    driven = _driven(lines, sessions)
    for line in lines:
        line.close()
    return driven


def drive_on(port: int, sessions: Sequence[Sequence[bytes]]) -> Driven:
    """Do the same over connections that stay open, as those of a gateway do.

    To accept eight connections costs a server as much as some hops, which would count in a short reading.
    """
    lines = _kept.setdefault(port, [])
    lines[:] = [line for line in lines if not select.select([line], [], [], 0)[0]]  # one can be read once it is closed
    lines.extend(_connected(port) for _ in range(CONNECTIONS - len(lines)))
    return _driven(lines, sessions)


def _connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), GIVEN_UP_SECONDS)


def _driven(lines: Sequence[socket.socket], sessions: Sequence[Sequence[bytes]]) -> Driven:
    connections = len(lines)
    lanes = [_Lane(_flat(sessions[at::connections]), line) for at, line in enumerate(lines)]
    by_file = {lane.line.fileno(): lane for lane in lanes}
    poll = select.epoll()
    wall, cpu = time.perf_counter(), time.process_time()
    for file, lane in by_file.items():
        poll.register(file, select.EPOLLIN)
        lane.send_next()
    left = sum(len(lane.requests) for lane in lanes)
    while left:
        ready = poll.poll(GIVEN_UP_SECONDS)
        if not ready:
            raise TimeoutError("the server no longer answers")
        left -= sum(by_file[file].receive() for file, _ in ready)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    each = [iter(map(_text, lane.answers)) for lane in lanes]
    return Driven([[next(each[at % connections]) for _ in told] for at, told in enumerate(sessions)], wall, cpu)


class _Lane:
    """One connection: what it has to send and what it received."""

    def __init__(self, requests: list[bytes], line: socket.socket) -> None:
        self.requests = requests
        self.answers: list[bytes] = []
        self.line = line
        self.got = b""

    def send_next(self) -> None:
        if len(self.answers) < len(self.requests):
            self.line.sendall(self.requests[len(self.answers)])

    def receive(self) -> int:
        """Read what has arrived.

        Once the answer is complete, store it, send the next request and return 1; else return 0.
        """
        raw = self.line.recv(65536)
        self.got += raw
        if raw and not _whole(self.got):
            return 0
        self.answers.append(self.got)
        self.got = b""
        self.send_next()
        return 1


def _flat(sessions: Sequence[Sequence[bytes]]) -> list[bytes]:
    return [request for session in sessions for request in session]


def _whole(raw: bytes) -> bool:
    head, end, body = raw.partition(b"\r\n\r\n")
    _, _, length = head.lower().partition(b"content-length:")
    return bool(end) and len(body) >= int(length.split(b"\r\n", 1)[0] or 0)


def _text(raw: bytes) -> str:
    """Return the body, preceded by the status unless it is 200. No screen begins with a status."""
    head, _, body = raw.partition(b"\r\n\r\n")
    text = body.decode()
    status = head.split(b" ", 2)[1].decode() if raw else "no answer"
    return text if status == "200" else f"{status} {text}"
