"""The whole service as `komek up` runs it, in its own processes, used over HTTP."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import requests

from helpline.accounts.credentials import code_now
from helpline.accounts.demo_accounts import NAMES
from helpline.core import clock
from tests.others import PATIENCE_SECONDS, free_port, until
from tests.world import CALLER

ROOT = Path(__file__).resolve().parents[1]
PROOF = re.compile(r'action="(/login|/second)".*?name="_form" value="([^"]+)"', re.DOTALL)


@dataclass(slots=True)
class Service:
    """A running demo."""

    base: str
    hook: str
    process: subprocess.Popen[str]
    output: Sequence[str] = ()
    ids: "count[int]" = field(default_factory=count)

    def hop(self, session: str, keys: Sequence[str], number: str = CALLER) -> str:
        """Post one hop. Return the screen."""
        form = {
            "sessionId": f"ATUid_{session}", "serviceCode": "*500#", "phoneNumber": number, "networkCode": "99999",
            "text": "*".join(keys),
        }  # fmt: skip
        answer = requests.post(f"{self.base}{self.hook}/ussd", data=form, timeout=PATIENCE_SECONDS)
        assert answer.status_code == 200
        return answer.text[4:]

    def send(self, sender: str, text: str) -> None:
        """Receive a text."""
        form = {"id": f"in-{next(self.ids)}", "from": sender, "to": "500", "text": text, "date": "2026-11-24 10:00:00"}
        assert requests.post(f"{self.base}{self.hook}/sms", data=form, timeout=PATIENCE_SECONDS).status_code == 200

    def texts(self) -> list[dict[str, Any]]:
        """Return all texts that the emulator was sent."""
        state = requests.get(f"{self.base}/phone/state", params={"since": 0}, timeout=PATIENCE_SECONDS).json()
        return list(state["messages"])

    def text_with(self, words: str) -> dict[str, Any]:
        """Wait for a text that contains these words."""
        return until(lambda: next((text for text in self.texts() if words in text["text"]), None), words)


@contextmanager
def running(data: Path, installed: Path | None = None, *, empty: bool = True, **settings: str) -> Iterator[Service]:
    """Run the demo on a folder until the block ends: from this checkout, or with an installed `komek`.

    Our own `PYTHONPATH` is not passed on: with it, an installed copy would import this checkout.
    """
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KOMEK_", "PYTHON"))}
    here = {} if installed else {"PYTHONPATH": str(ROOT)}
    environ = {**clean, "PYTHONTZPATH": "", "NO_PROXY": "127.0.0.1", **here, **settings}
    komek = [str(installed)] if installed else [sys.executable, "-m", "helpline.cli"]
    command = [*komek, "up", "--data", str(data), "--port", str(port), "--console-port", str(free_port())]
    command += ["--empty"] if empty else []
    process = subprocess.Popen(
        command,
        cwd=data.parent if installed else ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        output = _output(process)
        hook = next(found[1] for line in output if (found := re.search(r"(/in/africastalking/\S+)/ussd", line)))
        yield Service(f"http://127.0.0.1:{port}", hook, process, output)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_SECONDS)


def console_of(output: Sequence[str]) -> str:
    """Return the address of the console of a demo, from what it printed."""
    return next(line.split()[1] for line in output if line.startswith("console   http://localhost"))


def signed_in(output: Sequence[str], login: str = "coordinator") -> requests.Session:
    """Return a browser that has signed in to a demo with the printed data and its own code."""
    console, browser = console_of(output), requests.Session()
    rows = [line.split() for line in output if line.startswith("    ") and len(line.split()) == 4]
    _, password, key, _ = next(row for row in rows if row[0] == login)
    page = browser.get(f"{console}/login", timeout=PATIENCE_SECONDS).text
    for path, fields in (("/login", {"login": login, "password": password}), ("/second", {"code": ""})):
        code = {"code": code_now(key, clock.real())} if path == "/second" else {}
        form = {"_form": dict(PROOF.findall(page))[path], **fields, **code}
        page = browser.post(f"{console}{path}", form, timeout=PATIENCE_SECONDS).text
    assert f"{NAMES[login]} (DEMO)" in page
    return browser


def _output(process: subprocess.Popen[str]) -> list[str]:
    """Read its output until it is ready."""
    output = []
    assert process.stdout is not None
    for line in process.stdout:
        output.append(line.rstrip())
        if line.startswith("ready"):
            return output
    raise AssertionError("it did not start")
