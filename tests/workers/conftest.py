"""A real Valkey for the tests of the queues, and a way to start workers and clocks."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from helpline.core.job_queue import RedisJobQueue, connect, queues, waiting
from helpline.operations import valkey
from helpline.operations.child_processes import die_with_parent
from helpline.operations.processes import is_up
from tests.others import PATIENCE_SECONDS, until

ROOT = Path(__file__).parents[2]
KEYS = ("SEALING", "OPENING", "HASHING", "WORDS", "AUDIT", "CONTACT")


@dataclass(slots=True)
class Server:
    """A Valkey that a test may freeze, kill and start again."""

    folder: Path
    command: tuple[str, ...] = ()
    url: str = ""
    process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        with valkey.embedded(self.folder, valkey.find()) as (part, self.url):
            us = os.getpid()
            self.process = subprocess.Popen(part.command, preexec_fn=lambda: die_with_parent(us))
            until(lambda: is_up(part.check), "an answer of Valkey")

    def tell(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def freeze(self) -> None:
        """Stop it and wait until it has stopped, since a signal takes a moment to arrive."""
        self.tell(signal.SIGSTOP)
        assert self.process is not None
        os.waitpid(self.process.pid, os.WUNTRACED)

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def client(self) -> Redis:
        return connect(self.url, seconds=PATIENCE_SECONDS)

    def jobs(self, **given: Any) -> RedisJobQueue:
        """Queues whose clients wait for this server as long as a test does.

        How soon real clients give up has its own test.
        """
        jobs = RedisJobQueue(self.url, **given)
        jobs._queues = queues(self.client())
        return jobs

    def waiting(self) -> dict[str, dict[str, int]]:
        """Return the names of the jobs in each queue that has any, with their number."""
        return {name.value: dict(each) for name, queue in queues(self.client()).items() if (each := waiting(queue))}


@pytest.fixture(scope="session")
def one_server() -> Iterator[Server]:
    """The server of the whole run. It has its own folder, as pytest's paths can be too long for a socket."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        server.begin()
        yield server
        server.end()


@pytest.fixture
def server(one_server: Server) -> Iterator[Server]:
    """The server, emptied, and running again after the test before."""
    if one_server.process is None:
        one_server.begin()
    one_server.client().flushall()
    yield one_server
    if one_server.process is not None:
        one_server.tell(signal.SIGCONT)


STAND_IN = """
import sys, types
wiring = types.ModuleType("workers.wiring")
exec({service!r}, wiring.__dict__)
wiring.prepare = lambda: None
sys.modules["workers.wiring"] = wiring
from workers.{module} import main
sys.exit(main())
"""
"""Starts one of our processes with a test's service in place of the real one."""


@dataclass(frozen=True, slots=True)
class Start:
    """Starts workers and clocks, and kills the remaining ones at the end of the test."""

    folder: Path
    held: ExitStack

    def __call__(self, module: str, service: str, url: str, **more: str) -> subprocess.Popen[bytes]:
        environ: Mapping[str, str] = {
            "PATH": os.environ["PATH"],
            "KOMEK_REDIS_URL": url,
            **{f"KOMEK_{key}_KEY": "k" * 43 + "=" for key in KEYS},
            **more,
        }
        with self.errors.open("ab") as errors:
            process = subprocess.Popen(
                [sys.executable, "-c", STAND_IN.format(service=service, module=module)],
                cwd=ROOT,
                env=environ,
                stderr=errors,
            )
        self.held.callback(process.wait)
        self.held.callback(process.kill)
        return process

    @property
    def errors(self) -> Path:
        """The file to which all of them write errors."""
        return self.folder / "errors"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as held:
        yield Start(tmp_path, held)
