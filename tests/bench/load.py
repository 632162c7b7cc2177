"""The load: requests made beforehand, sent over several lasting connections by a process of its own.

It sends one request on each connection and then collects the answers, so as many are under way as there are
connections, and never two of one session. It waits for the server most of the time, so it is not what limits it.
"""

import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

CONNECTIONS = 8
GIVEN_UP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Sent:
    """One hop as Africa's Talking sends it: the keys are all those pressed since the dial."""

    session: str
    number: str
    keys: tuple[str, ...]

    def request(self, path: str) -> bytes:
        """Write the whole HTTP request."""
        form = {
            "sessionId": self.session, "serviceCode": "*500#", "phoneNumber": self.number, "networkCode": "99999",
            "text": "*".join(self.keys),
        }  # fmt: skip
        body = urlencode(form)
        head = (
            f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: at-ussd-api/1.0.0", "Accept: */*",
            "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", "", body,
        )  # fmt: skip
        return "\r\n".join(head).encode()


@dataclass(frozen=True, slots=True)
class Driven:
    """What came of it: the answers, each in its request's place, and how long and how busy the generator was."""

    answers: list[list[str]]
    wall_seconds: float
    own_cpu_seconds: float


def drive(port: int, sessions: Sequence[Sequence[bytes]]) -> Driven:
    """Send the requests of every session, in order, and collect what was answered.

    Each connection takes every eighth session and sends its requests one after the other.
    """
    lines = [socket.create_connection(("127.0.0.1", port), GIVEN_UP_SECONDS) for _ in range(CONNECTIONS)]
    lanes = [_flat(sessions[at::CONNECTIONS]) for at in range(CONNECTIONS)]
    got: list[list[bytes]] = [[] for _ in lanes]
    wall, cpu = time.perf_counter(), time.process_time()
    for turn in range(max(map(len, lanes))):
        busy = [at for at, lane in enumerate(lanes) if turn < len(lane)]
        for at in busy:
            lines[at].sendall(lanes[at][turn])
        for at in busy:
            got[at].append(_answer(lines[at]))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    for line in lines:
        line.close()
    each = [iter(map(_text, lane)) for lane in got]
    return Driven([[next(each[at % CONNECTIONS]) for _ in told] for at, told in enumerate(sessions)], wall, cpu)


def _flat(sessions: Sequence[Sequence[bytes]]) -> list[bytes]:
    return [request for session in sessions for request in session]


def _answer(line: socket.socket) -> bytes:
    """Receive one answer whole; almost always it comes in one piece."""
    raw = line.recv(65536)
    while raw and not _whole(raw):
        raw += line.recv(65536)
    return raw


def _whole(raw: bytes) -> bool:
    head, end, body = raw.partition(b"\r\n\r\n")
    _, _, length = head.lower().partition(b"content-length:")
    return bool(end) and len(body) >= int(length.split(b"\r\n", 1)[0] or 0)


def _text(raw: bytes) -> str:
    """Give the body, with the status before it where that is not 200: no screen begins so."""
    head, _, body = raw.partition(b"\r\n\r\n")
    said = body.decode()
    status = head.split(b" ", 2)[1].decode() if raw else "no answer"
    return said if status == "200" else f"{status} {said}"
