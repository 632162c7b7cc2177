"""The whole service as `komek up` runs it, in processes of its own, spoken to over HTTP."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from socket import socket
from typing import Any, TypeVar

import requests

from tests.world import CALLER

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 60.0
Found = TypeVar("Found")


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(ask: Callable[[], Found | None], seconds: float = PATIENCE_SECONDS) -> Found:
    """Ask again and again until there is an answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (found := ask()) is not None:
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing came in {seconds} s")


@dataclass(slots=True)
class Service:
    """A running demo."""

    base: str
    hook: str
    process: subprocess.Popen[str]
    said: Sequence[str] = ()
    ids: "count[int]" = field(default_factory=count)

    def hop(self, session: str, keys: Sequence[str], number: str = CALLER) -> str:
        """Post one hop; give the screen."""
        form = {
            "sessionId": f"ATUid_{session}", "serviceCode": "*500#", "phoneNumber": number, "networkCode": "99999",
            "text": "*".join(keys),
        }  # fmt: skip
        answer = requests.post(f"{self.base}{self.hook}/ussd", data=form, timeout=10)
        assert answer.status_code == 200
        return answer.text[4:]

    def send(self, sender: str, text: str) -> None:
        """Have a text come in."""
        form = {"id": f"in-{next(self.ids)}", "from": sender, "to": "500", "text": text, "date": "2026-11-24 10:00:00"}
        assert requests.post(f"{self.base}{self.hook}/sms", data=form, timeout=10).status_code == 200

    def texts(self) -> list[dict[str, Any]]:
        """Give all texts that the emulator was handed."""
        state = requests.get(f"{self.base}/phone/state", params={"since": 0}, timeout=10).json()
        return list(state["messages"])

    def text_with(self, words: str) -> dict[str, Any]:
        """Wait for a text that holds these words."""
        return until(lambda: next((text for text in self.texts() if words in text["text"]), None))


@contextmanager
def running(data: Path, **settings: str) -> Iterator[Service]:
    """Run the demo on a folder until the block ends."""
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KOMEK_")}
    environ = {**clean, "PYTHONTZPATH": "", "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1", **settings}
    command = [sys.executable, "-m", "helpline.cli", "up", "--data", str(data), "--port", str(port)]
    command += ["--console-port", str(free_port())]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        said = _said(process)
        hook = next(found[1] for line in said if (found := re.search(r"(/in/africastalking/\S+)/ussd", line)))
        yield Service(f"http://127.0.0.1:{port}", hook, process, said)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def _said(process: subprocess.Popen[str]) -> list[str]:
    """Read what it prints until it is ready."""
    said = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line.rstrip())
        if line.startswith("ready"):
            return said
    raise AssertionError("it did not start")
