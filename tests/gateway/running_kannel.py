"""A real Kannel with the configuration of docs/channels/kannel.md, between an SMSC and the public web of a test."""

import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from pydantic import SecretStr
from werkzeug.serving import BaseWSGIServer, make_server

from gateway.app import create_public
from gateway.channels.kannel import Sending
from helpline.core.channels_file import ChannelSettings
from tests.conftest import Databases
from tests.gateway.smsc import Smsc, smsc
from tests.others import free_port, until
from tests.world import World

SECRET = "a-secret-only-for-tests-xx"
NAME = "operator-a"
BLOCK = re.compile(r"`(\w+\.conf)`, for [^\n]*:\n\n```ini\n(.*?)```", re.DOTALL)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "channels" / "kannel.md"
MISSING = "Kannel is not installed: apt-get install kannel"
needs_kannel = pytest.mark.skipif(not (shutil.which("bearerbox") and shutil.which("smsbox")), reason=MISSING)


@dataclass(slots=True)
class Connected:
    """A service that is reached through Kannel."""

    world: World
    smsc: Smsc
    folder: Path
    web_port: int
    ports: dict[str, int]
    web: BaseWSGIServer | None = None
    boxes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def refuse(self) -> list[str]:
        """Answer every request of Kannel with 503 until `start_web`. Return the senders, one for each request."""
        refused = list[str]()

        def away(environ: dict[str, str], start: Callable[..., object]) -> list[bytes]:
            refused.append(environ["HTTP_X_KANNEL_FROM"].removeprefix("+"))
            start("503 Service Unavailable", [("Content-Length", "0")])
            return []

        assert self.web
        self.web.app = away
        return refused

    def start_web(self) -> None:
        """Start the public web, on the same socket if another answers there."""
        secrets = {"webhook_secret": SecretStr(SECRET)}
        channel = ChannelSettings(name=NAME, kind="kannel", options={"calling_code": "996"}, secrets=secrets)
        public = self.world.public
        app = create_public(
            public, self.world.config, list, content="", emergency=public.emergency(), channels=[channel]
        )  # fmt: skip
        if self.web:
            self.web.app = app
            return
        self.web = make_server("127.0.0.1", self.web_port, app, threaded=True)
        threading.Thread(target=self.web.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop_web(self) -> None:
        """Stop the public web: Kannel is refused from now on."""
        if self.web:
            self.web.shutdown()
            self.web.server_close()
            self.web = None

    def start(self, name: str, *command: str) -> None:
        """Start one program of Kannel."""
        self.boxes[name] = subprocess.Popen(
            command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def start_boxes(self) -> None:
        """Start Kannel, and wait until it is bound to the SMSC and both smsboxes are there."""
        self.start("bearerbox", "bearerbox", "-v", "4", "kannel.conf")
        until(self.status, "the bearerbox answers")
        self.start("sms", "smsbox", "-v", "4", "kannel.conf")
        self.start("ussd", "smsbox", "-v", "4", "ussd.conf")
        until(lambda: {"", "USSD"} <= self.smsc.binds.keys(), "Kannel binds to the SMSC")
        until(
            lambda: len(re.findall(r"on-line \d", self.status().partition("SMSC")[0])) >= 2, "both smsboxes are there"
        )

    def kill_boxes(self) -> None:
        """Kill Kannel: its bearerbox first, with which an smsbox may die."""
        for name in ("bearerbox", "sms", "ussd"):
            self.boxes[name].kill()
            self.boxes[name].wait()
        self.smsc.binds.clear()

    def status(self) -> str:
        """Return what the bearerbox says of itself, or nothing if it does not answer."""
        try:
            query = {"password": "CHANGE-ADMIN"}
            return requests.get(f"http://127.0.0.1:{self.ports['13000']}/status.txt", params=query, timeout=10).text
        except requests.RequestException:
            return ""

    def until(self, look: Callable[[], Any], what: str) -> Any:
        """Do due work until something is seen."""

        def seen() -> Any:
            self.world.run()
            return look()

        return until(seen, what)

    def close(self) -> None:
        """Stop everything that was started."""
        self.stop_web()
        for name in ("sms", "ussd", "bearerbox"):
            if name in self.boxes:
                self.boxes[name].kill()
                self.boxes[name].wait()


@contextmanager
def connected(folder: Path, new_sqlite: Databases, country: str = "KG", **settings: Any) -> Iterator[Connected]:
    """Run Kannel between an SMSC and a service, until the block ends."""
    with ExitStack() as stack:
        operator = stack.enter_context(smsc())
        ports = {port: free_port() for port in ("13000", "13001", "13013")}
        web_port = free_port()
        receipts = SecretStr(f"http://127.0.0.1:{web_port}/in/{NAME}/{SECRET}/receipt")
        url = f"http://127.0.0.1:{ports['13013']}/cgi-bin/sendsms"
        sender = Sending(url, "sms-a", "komek", SecretStr("CHANGE-SEND"), "4040", receipts)
        world = World.on(new_sqlite(), sender=sender, channel=NAME, country=country, **settings)
        found = Connected(world, operator, folder, web_port, ports)
        stack.callback(found.close)
        configure(found)
        found.start_web()
        found.start_boxes()
        yield found


def configure(found: Connected) -> None:
    """Write the files of the page, with the addresses of this test."""
    port = found.smsc.server.getsockname()[1]
    spool = found.folder / "spool"
    spool.mkdir()
    for name, written in BLOCK.findall(PAGE.read_text("utf-8")):
        text = re.sub(r"host = 192\.0\.2\.\d+\nport = 2775", f"host = 127.0.0.1\nport = {port}", written)
        for old, new in found.ports.items():
            text = text.replace(f" = {old}\n", f" = {new}\n")
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{found.web_port}").replace("/SECRET/", f"/{SECRET}/")
        text = text.replace("http-queue-delay = 10", "http-queue-delay = 1").replace("/var/spool/kannel", str(spool))
        (found.folder / name).write_text(text)
