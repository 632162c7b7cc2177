"""The whole service as real processes in its own folder: started, used over the wire, and killed part by part."""

import http.client
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode

from redis import Redis

from helpline.core.clock import DemoClock
from helpline.core.config import Config
from helpline.core.job_queue import connect as connect_redis
from helpline.keys.keyring import load_or_create
from helpline.operations.child_processes import die_with_parent
from helpline.operations.mutant_forks import apply
from helpline.store.connection import connect
from helpline.store.engine import Database
from tests.faults import events
from tests.others import PATIENCE_SECONDS, free_port, until

ROOT = Path(__file__).parents[2]
NOTHING_MORE: Mapping[str, str] = MappingProxyType({})
PACKAGES = ("content", "gateway", "helpline", "menus", "workers")
SECRET = "a-secret-of-the-fault-tests"
START_SECONDS = 600.0
"""How long a start may take: on a machine with much other work (load 27) it has taken longer than four minutes."""
HOP_SECONDS = 10.0
"""How long a gateway waits for the answer to a hop."""

LAUNCH = """
import os, sys
from helpline.operations import processes, supervisor as supervise
from helpline.commands.operate import run_all, up
from helpline.core.config import Config
from helpline.operations.processes import Pace
from dataclasses import replace
made, without, address = up.parts_of, os.environ.get("WITHOUT", "nobody"), os.environ.get("ADDRESS", "127.0.0.1")

def listening(part):
    if part.name != "web":
        return part
    check = replace(part.check, host=address)
    return replace(part, command=tuple(address if word == part.check.host else word for word in part.command), check=check)

if "KEEPS_TIME" in os.environ:  # the demo's time goes on when its service starts again
    from helpline.core.clock import DemoClock
    DemoClock.reset = lambda self: None
processes.PASSED_ON = (*processes.PASSED_ON, "LD_PRELOAD", "CLOCK_AHEAD")
up.parts_of = lambda *given, **named: [listening(part) for part in made(*given, **named) if not part.name.startswith(without)]
supervise.up.__kwdefaults__["pace"] = Pace(0.1, 0.4, 10)
sys.exit(run_all.start(Config.read(), empty=True))
"""
"""`komek up` with shorter waits before a part is restarted, since one is killed every second here.

Its web may listen on another address, and its processes may see another clock.
"""


@dataclass(frozen=True, slots=True)
class Service:
    """`komek up` in the folder `folder`, and what a gateway, a killer and a checker need of it."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    database_url: str = ""
    host: str = "127.0.0.1"
    """Where its web answers."""
    taken: Counter[str] = field(default_factory=Counter)
    """How many hops, texts and receipts were taken. Faults are distributed by this number, not by time."""

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def clock(self) -> DemoClock:
        """The clock that all its parts use."""
        return DemoClock(self.data / "demo-clock")

    @property
    def keys(self) -> dict[str, str]:
        """All keys of the deployment."""
        return load_or_create(self.data / "keys")

    def output(self, name: str = "out") -> str:
        """Return what it printed (`out`) or wrote as errors (`errors`)."""
        return (self.folder / name).read_text()

    def database(self) -> Database:
        """Connect to its database beside it."""
        db = connect(Config(data=self.data, database_url=self.database_url).sql_url)
        return db.with_contact_key(self.keys["contact_key"])

    def redis(self) -> Redis:
        """Connect to its embedded Valkey."""
        return connect_redis(Config(data=self.data).queue_url, seconds=5)

    def post(self, what: str, form: Mapping[str, str]) -> tuple[int, str]:
        """Post a form to a webhook once, as Africa's Talking does. Return status and body."""
        line = http.client.HTTPConnection(self.host, self.port, timeout=HOP_SECONDS)
        try:
            head = {"Content-Type": "application/x-www-form-urlencoded"}
            line.request("POST", f"/in/africastalking/{SECRET}/{what}", urlencode(form), head)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        finally:
            line.close()

    def until_taken(self, what: str, form: Mapping[str, str]) -> str:
        """Post a form until it is accepted. Return the answer."""
        taken: list[str] = []

        def tried() -> bool:
            with suppress(OSError, http.client.HTTPException):
                status, body = self.post(what, form)
                taken.extend([body] if status == 200 else [])
            return bool(taken)

        until(tried, f"a taken {what}")
        self.taken[what] += 1
        return taken[0]

    def hop(self, session: str, number: str, keys: str) -> str:
        """Send one USSD hop until it is answered with `CON …` or `END …`."""
        form = {
            "sessionId": session,
            "phoneNumber": number,
            "text": keys,
            "serviceCode": "*500#",
            "networkCode": "99999",
        }
        return self.until_taken("ussd", form)

    def sms(self, id: str, sender: str, text: str) -> None:
        """Send a text until it is accepted."""
        self.until_taken("sms", {"id": id, "from": sender, "text": text, "to": "500", "date": "2026-11-24 04:00:00"})

    def pids(self) -> dict[str, list[int]]:
        """Return its living processes by kind: each part, and the children of a part (`… child`)."""
        return processes_of(self.process.pid)

    def stop(self) -> int:
        """Stop it and return its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=PATIENCE_SECONDS)


def processes_of(supervisor: int) -> dict[str, list[int]]:
    """Return the living parts of a `komek up` by kind, and the children of a part (`… child`)."""
    of = _children()
    found: dict[str, list[int]] = {}
    for pid in of.get(supervisor, []):
        name = _named(pid)
        found.setdefault(name, []).append(pid)
        found.setdefault(f"{name} child", []).extend(of.get(pid, []))
    return found


def _children() -> dict[int, list[int]]:
    of: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = stat.read_text().rpartition(")")[2].split()[1]
            of.setdefault(int(parent), []).append(int(stat.parent.name))
    return of


def _named(pid: int) -> str:
    with suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        marks = {
            "web": "gateway public",
            "console": "gateway console",
            "clock": "workers.clock",
            "worker": "-m workers",
            "valkey": "-server",
        }
        return next((name for name, mark in marks.items() if mark in command), "starting")
    return "gone"


def a_copy(folder: Path, patch: str = "") -> Path:
    """Copy the checkout, and break it with a patch of this folder: a control in which a protection is missing."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    if patch:
        wrong = apply(Path(__file__).with_name(patch), folder)
        assert wrong == "", wrong
    return folder


@contextmanager
def running(
    folder: Path,
    *,
    tree: Path = ROOT,
    without: str = "",
    environ: Mapping[str, str] = NOTHING_MORE,
    inside: Sequence[str] = (),
    address: str = "127.0.0.1",
    port: int = 0,
    sign: str = "\nready",
    **settings: object,
) -> Iterator[Service]:
    """Run the service of the checkout `tree` until the end of the block. `without` names parts to leave out.

    `inside` begins its command, to run it on another host, whose web then answers at `address`. The block begins when
    the service has printed `sign`. If it fails, it is printed what happened to each request.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    told = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(tree),
        "KOMEK_DATA": str(folder / "data"),
        "KOMEK_PORT": str(port),
        "KOMEK_CONSOLE_PORT": str(free_port()),
        "KOMEK_WEBHOOK_SECRET": SECRET,
        **{f"KOMEK_{name.upper()}": str(value) for name, value in settings.items()},
        **({"WITHOUT": without} if without else {}),
        **({"ADDRESS": address} if inside else {}),
        **environ,
    }
    us, out_file = os.getpid(), folder / "out"
    printed = len(out_file.read_text()) if out_file.exists() else 0
    with (folder / "out").open("ab") as out, (folder / "errors").open("ab") as errors:
        process = subprocess.Popen(
            [*inside, sys.executable, "-c", LAUNCH],
            cwd=tree,
            env=told,
            stdout=out,
            stderr=errors,
            preexec_fn=lambda: die_with_parent(us),
        )
    service = Service(folder, port, process, str(settings.get("database_url", "")), address)
    try:
        until(lambda: sign in service.output()[printed:] or process.poll() is not None, sign.strip(), START_SECONDS)
        assert process.poll() is None, service.output() + service.output("errors")
        yield service
    except Exception:
        db = service.database()
        print(events.tell(db))
        db.dispose()
        raise
    finally:
        process.kill()  # its parts exit with it
        process.wait()
