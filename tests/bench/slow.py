"""`komek bench slow`: how long callers and coordinators wait while somebody holds thousands of slow connections.

The service is the one that `komek up` runs: its own server, SQLite, no proxy. On each web somebody opens connections
that send nothing, headers that never end and bodies that come byte by byte, and opens again what is closed. Meanwhile a
caller's hop and the raid-lock page of a signed-in coordinator are requested over new connections.
"""

import argparse
import multiprocessing
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.synchronize import Event
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import requests

from tests.bench.bars import far_beyond, judged
from tests.bench.service import Service, cpu_seconds, service
from tests.running import console_of, signed_in

BAR_SECONDS = 1.0
"""The 95th percentile of both, during the attack."""
DRIP_SECONDS = 1.0
HEADER = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = b"POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\na"
GIVEN_UP_SECONDS = 30.0


@dataclass(slots=True)
class Slow:
    """Connections of one kind: what each sends first, and what it sends each second."""

    port: int
    wanted: int
    first: bytes
    drip: bytes
    open: list[socket.socket] = field(default_factory=list)
    reopened: int = 0

    def go_on(self) -> None:
        """Send the next byte on each connection. Replace those that have been closed."""
        kept = [line for line in self.open if self._lives(line)]
        self.reopened += len(self.open) - len(kept)
        self.open = kept
        while len(self.open) < self.wanted:
            try:
                line = socket.create_connection(("127.0.0.1", self.port), 2)
                line.sendall(self.first)
                line.setblocking(False)
            except OSError:
                return  # the server is full; again in a second
            self.open.append(line)

    def _lives(self, line: socket.socket) -> bool:
        try:
            if self.drip:
                line.send(self.drip)
            lives = bool(line.recv(1024))
        except BlockingIOError:
            lives = True
        except OSError:
            lives = False
        if not lives:
            line.close()
        return lives


def attack(port: int, path: str, numbers: tuple[int, int, int], open_: Event, stop: Event) -> None:
    """Hold slow connections until told to stop."""
    raise_file_limit()
    idle, headers, bodies = numbers
    kinds = [
        Slow(port, idle, b"", b""),
        Slow(port, headers, HEADER, b"x"),
        Slow(port, bodies, BODY % path.encode(), b"a"),
    ]
    while not stop.is_set():
        for kind in kinds:
            kind.go_on()
        open_.set()
        stop.wait(DRIP_SECONDS)
    print(
        f"  port {port}: {', '.join(str(kind.reopened) for kind in kinds)} reopened (idle, headers, bodies)", flush=True
    )


def raise_file_limit() -> None:
    """Allow this process as many files as the system lets it."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@dataclass(slots=True)
class Caller:
    """Asks for a hop and for the raid-lock page, each over a new connection."""

    running: Service
    console: str
    cookies: dict[str, str]
    ids: "count[int]" = field(default_factory=count)

    def hop(self) -> bool:
        """Dial."""
        form = {"sessionId": f"ATUid_{next(self.ids)}", "serviceCode": "*500#", "phoneNumber": "+99600000001"}
        body = urlencode({**form, "networkCode": "99999", "text": ""})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        url = f"http://127.0.0.1:{self.running.port}{self.running.path}"
        return requests.post(url, body, headers=headers, timeout=GIVEN_UP_SECONDS).text.startswith("CON ")

    def lock_page(self) -> bool:
        """Open the page on which a coordinator locks all numbers."""
        page = requests.get(f"{self.console}/lock", cookies=self.cookies, timeout=GIVEN_UP_SECONDS)
        return 'action="/lock/on"' in page.text


def timed(ask: Callable[[], bool], seconds: float) -> list[float]:
    """Ask again and again. Return the seconds of each, sorted; one that failed counts as given up."""
    took, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        began, right = time.monotonic(), False
        with suppress(requests.RequestException):
            right = ask()
        took.append(time.monotonic() - began if right else GIVEN_UP_SECONDS)
        time.sleep(0.02)
    return sorted(took)


def measure(numbers: tuple[int, int, int], seconds: float) -> dict[str, list[float]]:
    """Return the sorted seconds of each kind of request, before and during the attack."""
    found: dict[str, list[float]] = {}
    spawn = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory(prefix="komek-bench-", ignore_cleanup_errors=True) as folder,
        service(Path(folder)) as running,
    ):
        printed = [line for _, line in running.printed]
        console = console_of(printed)
        caller = Caller(running, console, signed_in(printed).cookies.get_dict())
        asks = {"a hop": caller.hop, "the raid-lock page": caller.lock_page}
        for name, ask in asks.items():
            found[f"{name}, before"] = timed(ask, seconds / 4)
        stop = spawn.Event()
        webs = [(running.port, running.path), (urlsplit(console).port or 0, "/login")]
        opened = [spawn.Event() for _ in webs]
        attackers = [
            spawn.Process(target=attack, args=(port, path, numbers, ready, stop))
            for (port, path), ready in zip(webs, opened, strict=True)
        ]
        for attacker in attackers:
            attacker.start()
        for ready in opened:
            ready.wait(60)
        before = cpu_seconds(running.part("web"))
        for name, ask in asks.items():
            found[f"{name}, attacked"] = timed(ask, seconds)
        print(f"  the public web used {cpu_seconds(running.part('web')) - before:.1f} s of processor time meanwhile")
        stop.set()
        for attacker in attackers:
            attacker.join()
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and judge. Return exit code 1 if the bar is missed by far."""
    parser = argparse.ArgumentParser(prog="komek bench slow", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--idle", type=int, default=1500, help="connections that send nothing (default: %(default)s)")
    parser.add_argument("--headers", type=int, default=1100, help="headers that never end (default: %(default)s)")
    parser.add_argument("--bodies", type=int, default=50, help="bodies, a byte each second (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=20, help="for each kind of request (default: %(default)s)")
    given = parser.parse_args(arguments)
    raise_file_limit()
    print(f"on each web {given.idle} idle connections, {given.headers} half headers, {given.bodies} slow bodies:")
    found = measure((given.idle, given.headers, given.bodies), given.seconds)
    worst = 0.0
    for name, took in found.items():
        middle, late = took[len(took) // 2], took[int(len(took) * 0.95)]
        print(f"{name:30} {len(took):5} requests, median {middle:.3f} s, p95 {late:.3f} s, longest {took[-1]:.3f} s")
        worst = max(worst, late)
    print(f"the bar is {BAR_SECONDS:.0f} s at p95: {judged(worst, BAR_SECONDS)}")
    return int(far_beyond((worst, BAR_SECONDS)))


if __name__ == "__main__":
    sys.exit(main())
