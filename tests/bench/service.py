"""The service as `komek up` runs it, started to be measured, and the resources of processes from /proc (Linux only)."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.others import free_port

ROOT = Path(__file__).parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
PARTS: Mapping[str, str] = {
    "web": "-m\0gateway\0public\0",
    "worker": "-m\0workers\0",
    "clock": "-m\0workers.clock\0",
    "valkey": "valkey",
}
"""Each part, and what its command line contains."""
TELLS_HOOK = "webhooks"


@dataclass(frozen=True, slots=True)
class Service:
    """A service that has printed `ready`."""

    process: "subprocess.Popen[str]"
    port: int
    printed: tuple[tuple[float, str], ...]
    """The printed lines, each with its seconds since the start."""

    @property
    def ready_after(self) -> float:
        """The seconds from the start until the service was ready."""
        return self.printed[-1][0]

    @property
    def path(self) -> str:
        """The path of Africa's Talking's USSD webhook."""
        (line,) = [line for _, line in self.printed if line.startswith(TELLS_HOOK)]
        return line[line.index("/in/") :]

    def part(self, name: str) -> list[int]:
        """Return the processes of a part: those that the supervisor started, and their descendants."""
        started = [pid for pid in children(self.process.pid) if PARTS[name] in read(pid, "cmdline")]
        return [each for pid in started for each in tree(pid)]


@contextmanager
def service(data: Path, **settings: str) -> Iterator[Service]:
    """Run `komek up` on the folder `data` with only these settings. Raise `RuntimeError` if it does not start."""
    port = free_port()
    command = [sys.executable, "-m", "helpline.cli", "up", "--data", str(data), "--port", str(port)]
    command += ["--console-port", str(free_port()), "--empty"]
    data.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with (
        (data / "errors").open("w+") as errors,
        subprocess.Popen(command, env=environ(settings), stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            printed = []
            for line in process.stdout or ():
                printed.append((time.monotonic() - began, line.rstrip()))
                if line.startswith("ready"):
                    break
            else:
                raise RuntimeError(f"the service did not start:\n{(data / 'errors').read_text()}")
            yield Service(process, port, tuple(printed))
        finally:
            process.send_signal(signal.SIGTERM)


@contextmanager
def web(app: str, **settings: str) -> Iterator[tuple[int, list[int]]]:
    """Serve another app just as our web is served, with these variables. Return its port and processes."""
    port = free_port()
    command = [sys.executable, "-m", "gateway", "public", "--port", str(port), "--app", app]
    with subprocess.Popen(command, env=environ(settings)) as process:
        try:
            while not _listens(port):
                if process.poll() is not None:
                    raise RuntimeError(f"{app} did not start")
                time.sleep(0.05)
            yield port, tree(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)


def environ(settings: Mapping[str, str]) -> dict[str, str]:
    """Return our environment without any `KOMEK_…` but `settings`, and with compiled modules kept as for users."""
    left_out = ("KOMEK_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONTZPATH": "", "PYTHONUNBUFFERED": "1", **settings}


def _listens(port: int) -> bool:
    """Whether a request for an unknown address is answered."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        return bool(line.recv(1))
    return False


def read(pid: int, name: str) -> str:
    """Return a file of a process, or nothing if the process has ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text(errors="replace")
    except OSError:
        return ""


def children(pid: int) -> list[int]:
    """Return the living children of a process."""
    return [
        int(child) for task in Path(f"/proc/{pid}/task").glob("*") for child in (task / "children").read_text().split()
    ]


def tree(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    return [pid, *(below for child in children(pid) for below in tree(child))]


def cpu_seconds(pids: list[int]) -> float:
    """Return the processor time of processes and their finished children, in user and system mode.

    That of a process is known to the nanosecond, that of its children in ticks of 10 ms.
    """
    fields = [read(pid, "stat").rpartition(")")[2].split() for pid in pids]
    return sum(map(_own_seconds, pids)) + sum(int(ticks) for each in fields for ticks in each[13:15]) / TICKS


def _own_seconds(pid: int) -> float:
    """Return the processor time of all threads of a process, or nothing if it has ended."""
    try:
        return time.clock_gettime(~pid << 3 | 2)  # the number of the clock of another process on Linux
    except OSError:
        return 0.0


def memory_mb(pid: int) -> float:
    """Return a process's proportional share of memory (PSS): shared memory is divided among its users."""
    lines = [line for line in read(pid, "smaps_rollup").splitlines() if line.startswith("Pss:")]
    return sum(int(line.split()[1]) for line in lines) / 1024
