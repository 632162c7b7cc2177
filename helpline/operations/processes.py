"""The processes of the service as data: what each is called, how it is started, when it counts as up.

They are named and not imported: the web and the workers stand above the domain (docs/architecture.md). Which
settings and keys a part is given is its caller's business; a part never sees the environment of another.
"""

import http.client
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PATIENCE_SECONDS = 0.5
"""For one question to a part: it is asked again soon, and meanwhile the others have to wait."""
ANYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  # compared with, not bound to


@dataclass(frozen=True, slots=True)
class Lives:
    """Up when it has lived for a while: a worker, the clock (which writes its own heartbeat into the database).

    A while, since one whose settings are wrong lives for half a second before it says so.
    """

    seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Pings:
    """Up when it answers PING on a unix socket: Valkey."""

    socket: Path


@dataclass(frozen=True, slots=True)
class Serves:
    """Up when `/health/ready` answers 200: a web process."""

    host: str
    port: int

    @property
    def reached_at(self) -> str:
        """The host to go to from this machine."""
        return "127.0.0.1" if self.host in ANYWHERE else self.host


Check = Lives | Pings | Serves


@dataclass(frozen=True, slots=True)
class Part:
    """One process. `environ` is all that it is given."""

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str]
    check: Check = Lives()

    @property
    def address(self) -> str:
        """Where a person finds it; empty where there is nothing to look at."""
        return f"http://{self.check.reached_at}:{self.check.port}" if isinstance(self.check, Serves) else ""


@dataclass(frozen=True, slots=True)
class Pace:
    """How soon a part is started again. Growing, lest a part that cannot live takes the machine with it."""

    first_seconds: float = 0.2
    most_seconds: float = 5.0
    calm_seconds: float = 10.0

    def after(self, last: float, lived: float) -> float:
        """Give the wait after a life of `lived` seconds, when the wait before it was `last` (0: none yet)."""
        return self.first_seconds if lived >= self.calm_seconds or not last else min(last * 2, self.most_seconds)


PACE = Pace()


def public(environ: Mapping[str, str], host: str = "127.0.0.1", port: int = 8000, *, author: bool = False) -> Part:
    """The public web: webhooks, health and, in the demo, the phone. For an `author` it takes up changed content."""
    command = (sys.executable, "-m", "gateway", "public", "--host", host, "--port", str(port))
    return Part("web", (*command, *(("--app", "gateway.app:author") if author else ())), environ, Serves(host, port))


def console(environ: Mapping[str, str], host: str = "127.0.0.1", port: int = 8001) -> Part:
    """The console of services and coordinators."""
    command = (sys.executable, "-m", "gateway", "console", "--host", host, "--port", str(port))
    return Part("console", command, environ, Serves(host, port))


def worker(environ: Mapping[str, str], number: int = 1) -> Part:
    """One of the workers that come when the bell rings."""
    return Part(f"worker {number}", (sys.executable, "-m", "workers"), environ)


def clock(environ: Mapping[str, str]) -> Part:
    """The clock: rings for what is due, and works alone where nobody comes."""
    return Part("clock", (sys.executable, "-m", "workers.clock"), environ)


def answers(check: Check, lived: float = 0.0) -> bool:
    """Ask a part, which has run for `lived` seconds, once whether it is up."""
    try:
        match check:
            case Lives(seconds):
                return lived >= seconds
            case Pings(path):
                return _pong(path)
            case Serves():
                return _ready(check)
    except (OSError, http.client.HTTPException):
        return False


def _pong(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(PATIENCE_SECONDS)
        line.connect(str(path))
        line.sendall(b"PING\r\n")
        return line.recv(7) == b"+PONG\r\n"


def _ready(check: Serves) -> bool:
    line = http.client.HTTPConnection(check.reached_at, check.port, timeout=PATIENCE_SECONDS)
    try:
        line.request("GET", "/health/ready")
        return line.getresponse().status == http.HTTPStatus.OK
    finally:
        line.close()
