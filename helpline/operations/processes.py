"""The processes of the service as data: the name of each, its command, and how to check that it is up.

Processes are started by command and not imported, because `gateway` and `workers` are above the domain
(docs/architecture.md). The caller chooses each process's settings and keys; a process never sees another's environment.
"""

import http.client
import json
import select
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from helpline.core.config import NOT_OPEN

PATIENCE_SECONDS = 0.5
"""Timeout of one check. It is repeated soon, and checks of the other processes wait meanwhile."""
ASK_AGAIN_SECONDS = 10.0
"""After so long without an answer a web is asked again."""
PASSED_ON = (
    "PATH",
    "HOME",
    "PYTHONSAFEPATH",
    "LANG",
    "LC_ALL",
    "TZ",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
)
"""The variables that every process gets."""
ANYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  # compared with, never bound to


@dataclass(frozen=True, slots=True)
class AliveCheck:
    """Up after running for some time: a worker, or the clock (which writes its own heartbeat to the database).

    A process with wrong settings runs for about half a second before it exits, a forked one for a tenth.
    """

    seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class PingCheck:
    """Up when it answers PING on a unix socket: Valkey."""

    socket: Path


@dataclass(frozen=True, slots=True)
class HttpCheck:
    """Up when `/health/ready` answers 200, or says only that the line is not open to callers: a web process."""

    host: str
    port: int

    @property
    def reached_at(self) -> str:
        """The host to connect to from this machine."""
        return "127.0.0.1" if self.host in ANYWHERE else self.host


WEB = "web"
"""The name of the only part that callers reach."""
FORKED_ALIVE = AliveCheck(0.5)
Check = AliveCheck | PingCheck | HttpCheck


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the service."""

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str]
    """Its whole environment."""
    check: Check = AliveCheck()
    listens: bool = False
    """Whether the supervisor holds its port, and passes it on as `--fd`: so nobody is refused while it restarts."""
    spare: bool = False
    """Whether the service starts without it, too."""
    forked: bool = False
    """Whether it may be forked by the fork server. Its command then begins with Python and `-m`."""

    @property
    def address(self) -> str:
        """The URL for a browser, or an empty string if the process serves no pages."""
        return f"http://{self.check.reached_at}:{self.check.port}" if isinstance(self.check, HttpCheck) else ""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait before a restart. The wait grows, so that a process that cannot start uses little CPU."""

    first_seconds: float = 0.2
    most_seconds: float = 5.0
    calm_seconds: float = 10.0

    def after(self, last: float, lived: float) -> float:
        """Return the wait in seconds after a run of `lived` seconds. `last`: the wait before that run, 0 if none."""
        return self.first_seconds if lived >= self.calm_seconds or not last else min(last * 2, self.most_seconds)


PACE = Pace()


def plain(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what every process gets of an environment: what programs need, and no setting of ours."""
    passed = {name: environ[name] for name in PASSED_ON if name in environ}
    return passed | {"PYTHONTZPATH": "", "NO_PROXY": "127.0.0.1,localhost", "PYTHONUNBUFFERED": "1"}


def public(environ: Mapping[str, str], host: str = "127.0.0.1", port: int = 8000, *, author: bool = False) -> Part:
    """Return the public web process: webhooks, health, the demo's phone. `author`: it reloads changed content."""
    command = (sys.executable, "-m", "gateway", "public", "--host", host, "--port", str(port))
    command = (*command, *(("--app", "gateway.app:author") if author else ()))
    return Part(WEB, command, environ, HttpCheck(host, port), listens=True, forked=True)


def console(environ: Mapping[str, str], host: str = "127.0.0.1", port: int = 8001) -> Part:
    """Return the console process of services and coordinators."""
    command = (sys.executable, "-m", "gateway", "console", "--host", host, "--port", str(port))
    return Part("console", command, environ, HttpCheck(host, port), listens=True, forked=True)


def worker(environ: Mapping[str, str], number: int = 1) -> Part:
    """Return one worker process. It waits for jobs in Redis."""
    return Part(f"worker {number}", (sys.executable, "-m", "workers"), environ, FORKED_ALIVE, forked=True)


def clock(environ: Mapping[str, str]) -> Part:
    """Return the clock process. It wakes workers for due jobs and does them itself if no worker comes."""
    return Part("clock", (sys.executable, "-m", "workers.clock"), environ, FORKED_ALIVE, forked=True)


def is_up(check: Check, lived: float = 0.0) -> bool:
    """Whether a process that has run for `lived` seconds is up, by one check."""
    try:
        match check:
            case AliveCheck(seconds):
                return lived >= seconds
            case PingCheck(path):
                return _answers_ping(path)
            case HttpCheck():
                return _answers(check, "/health/ready")
    except (OSError, http.client.HTTPException):
        return False


def serves_callers(part: Part) -> bool:
    """Whether a part is the web that callers reach, and answers, even if it can save nothing."""
    try:
        return part.name == WEB and isinstance(part.check, HttpCheck) and _answers(part.check, "/health/live")
    except (OSError, http.client.HTTPException):
        return False


def _answers_ping(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(PATIENCE_SECONDS)
        line.connect(str(path))
        line.sendall(b"PING\r\n")
        return line.recv(7) == b"+PONG\r\n"


def _is_only_not_open(answer: bytes) -> bool:
    """Whether a web could do all its work, if the line were open to callers."""
    try:
        said = json.loads(answer)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("reasons") == [NOT_OPEN]


def _answers(check: HttpCheck, path: str) -> bool:
    line = _asked(check, path)
    try:
        return _good(line)
    finally:
        line.close()


def _asked(check: HttpCheck, path: str) -> http.client.HTTPConnection:
    line = http.client.HTTPConnection(check.reached_at, check.port, timeout=PATIENCE_SECONDS)
    line.request("GET", path)
    return line


def _good(line: http.client.HTTPConnection) -> bool:
    answer = line.getresponse()
    return answer.status == http.HTTPStatus.OK or _is_only_not_open(answer.read())


@dataclass(slots=True)
class Question:
    """Asks a web whether it is ready, and never waits for the answer.

    While a web starts, its port is open and nobody answers. If each question waited, a start would take a second longer
    with two webs, and all other parts would be looked at late.
    """

    check: HttpCheck
    _line: http.client.HTTPConnection | None = field(default=None, init=False)
    _asked_at: float = field(default=0.0, init=False)

    def is_up(self, now: float) -> bool:
        """Whether the web has answered that it is up. Ask if no question is on its way. `now`: monotonic seconds."""
        try:
            if self._line is None:
                self._line, self._asked_at = _asked(self.check, "/health/ready"), now
            if not select.select([self._line.sock], [], [], 0)[0]:
                if now - self._asked_at > ASK_AGAIN_SECONDS:
                    self.drop()
                return False
            good = _good(self._line)
        except (OSError, http.client.HTTPException):
            good = False
        self.drop()
        return good

    def drop(self) -> None:
        """Forget the question that is on its way."""
        if self._line is not None:
            self._line.close()
            self._line = None
