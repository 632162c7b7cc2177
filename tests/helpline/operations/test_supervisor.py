"""The supervisor, with real processes that are really killed: never two of a kind, and nothing left behind."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from helpline.core.job_queue import connect
from helpline.operations import valkey
from helpline.operations.fork_server import ForkServer
from helpline.operations.processes import AliveCheck, HttpCheck, Pace, Part, PingCheck, is_up
from helpline.operations.supervisor import TRIES, Running
from tests.others import PATIENCE_SECONDS, free_port, kill, until

pytestmark = pytest.mark.faults
ROOT = Path(__file__).parents[3]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills a child with its parent")

APP = """
import os
def app():
    def answer(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [f"{os.getpgid(0)} {os.getpid()}".encode()]
    return answer
"""
NAKED = """
import os, sys
from wsgiref.simple_server import WSGIServer, make_server
from app import app
WSGIServer.allow_reuse_port = True
if os.fork() == 0:
    make_server("127.0.0.1", int(sys.argv[1]), app()).serve_forever()
os.wait()
"""
"""A web server that does not watch its own worker, which shares its port."""

BRITTLE = """
import sys, time
if "sqlalchemy" in sys.modules:
    sys.exit(3)
open("alone", "w").close()
time.sleep(999)
"""
"""A part that cannot be forked, as after an update of the files."""

HANGS = """
import sys, time
if "helpline.operations.fork_server" in sys.orig_argv:
    time.sleep(999)
"""

LAUNCH = """
import os, sys
from dataclasses import replace
from pathlib import Path
from helpline.operations import fork_server
from helpline.operations.processes import *
from helpline.operations.supervisor import up
patience = float(os.environ.get("TEST_PATIENCE", "60"))  # a busy machine may take long for a fork that comes
fork_server.WAIT_SECONDS, fork_server.ANSWER_SECONDS, fork_server.IMPORT_SECONDS = patience, patience, 999
mine = dict(os.environ)
port = int(os.environ["TEST_PORT"])
naked = Part("web", (sys.executable, "naked.py", str(port)), mine, HttpCheck("127.0.0.1", port))
web = public(mine, port=port)
ours = Part("web", (*web.command, "--app", "app:app"), mine, web.check, listens=True)
desk = Part("console", ours.command, mine, web.check, listens=True)
bound = Part("web", (*web.command, "--app", "app:app"), mine, web.check)
forked = replace(ours, forked=True)
brittle = Part("brittle", (sys.executable, "-m", "brittle"), mine, AliveCheck(0.5), forked=True)

def python(name, code, check):
    return Part(name, (sys.executable, "-c", "import os, signal, sys, time; " + code), mine, check)

tells = python("tells", "open('url', 'w').write(os.environ['KOMEK_REDIS_URL']); time.sleep(999)", AliveCheck(0.1))
stubborn = python("stubborn", "signal.signal(15, signal.SIG_IGN); time.sleep(999)", AliveCheck(0.5))
silent = python("silent", "time.sleep(999)", HttpCheck("127.0.0.1", 1))
dies = python("dies", "sys.exit(3)", AliveCheck())
LIVE = f"__import__('urllib.request').request.urlopen('http://127.0.0.1:{port}/health/live', timeout=200)"
fades = python("fades", f"{LIVE}; sys.exit(3)", AliveCheck())  # dies as soon as the web answers
if "TEST_NO_VALKEY" in os.environ:
    from helpline.operations import valkey
    os.environ["PATH"], valkey.importlib.util.find_spec = "/nowhere", lambda name: None
parts = [globals()[name] for name in sys.argv[2:]]
forks = mine if any(part.forked for part in parts) else None
sys.exit(up(Path(sys.argv[1]), lambda: parts, pace=Pace(0.01, 0.01, 10), redis_url=os.environ["TEST_REDIS"], plain=forks))
"""


@dataclass(slots=True)
class Launched:
    """A supervisor with its parts. All are marked, so that any remaining process can be found."""

    folder: Path
    process: subprocess.Popen[bytes]
    mark: str
    port: int

    @property
    def output(self) -> str:
        return (self.folder / "out").read_text()

    def all_pids(self) -> set[int]:
        """Return every living process that was started here, whichever parent it has now."""
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                environ, command = (folder / "environ").read_bytes(), (folder / "cmdline").read_bytes()
                if self.mark.encode() in environ or str(self.folder).encode() in command:  # Valkey gets no mark
                    found.add(int(folder.name))
            except (OSError, ValueError):
                continue
        return found

    def web(self) -> str:
        """Ask the web over a new connection which process answers, and which group. Return nothing if none does."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            line.request("GET", "/")
            return line.getresponse().read().decode()
        except (OSError, http.client.HTTPException):
            return ""
        finally:
            line.close()

    def master(self) -> int:
        until(self.web, "an answer of the web")
        return int(self.web().split()[0])


@dataclass(frozen=True, slots=True)
class Launch:
    """Starts supervisors in a folder, and kills remaining processes at the end."""

    folder: Path
    started: list[Launched]

    def __call__(self, *parts: str, data: str = "data", redis: str = "", **more: str) -> Launched:
        mark, port = uuid4().hex, self.started[0].port if self.started else free_port()
        environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT}:{self.folder}",
            "MARK": mark,
            "TEST_PORT": str(port),
            "TEST_REDIS": redis,
            **more,
        }
        out = self.folder / "out"
        out.write_bytes(b"")
        with out.open("ab") as file, (self.folder / "errors").open("ab") as errors:
            command = [sys.executable, "launch.py", data, *parts]
            process = subprocess.Popen(command, cwd=self.folder, env=environ, stdout=file, stderr=errors)
        self.started.append(Launched(self.folder, process, mark, port))
        return self.started[-1]

    def ready(self, *parts: str, data: str = "data", **more: str) -> Launched:
        launched = self(*parts, data=data, **more)
        until(lambda: "\nready" in launched.output, f"ready; output {launched.output}")
        return launched


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    for name, text in {"app.py": APP, "naked.py": NAKED, "brittle.py": BRITTLE, "launch.py": LAUNCH}.items():
        (tmp_path / name).write_text(text)
    launch = Launch(tmp_path, [])
    yield launch
    for launched in launch.started:
        launched.process.kill()
        launched.process.wait()
        for pid in launched.all_pids():
            kill(pid)  # most are about to end with it


@pytest.mark.timeout(600)
@pytest.mark.parametrize("web", ["naked", "ours", "forked"])
def test_a_killed_web_restarts_alone_on_its_port_ten_times(launch: Launch, web: str) -> None:
    service = launch.ready(web)
    for _ in range(10):
        old = service.master()
        os.kill(old, signal.SIGKILL)
        until(lambda: service.web().split()[:1] not in ([], [str(old)]), "an answer of another master")  # noqa: B023
        seen = [service.web() for _ in range(20)]
        assert len(set(seen)) == 1, f"more than one answers: {set(seen)}"
        assert seen[0].split()[0] != str(old)
    assert service.output.count("killed by SIGKILL") == 10


def test_a_port_in_use_is_not_shared(launch: Launch) -> None:
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(("127.0.0.1", 0))
        held.listen()
        command = [sys.executable, "-m", "gateway", "public", "--port", str(held.getsockname()[1]), "--app", "app:app"]
        web = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert web.returncode == os.EX_CONFIG
    assert b"is in use" in web.stderr


@LINUX
@pytest.mark.parametrize(("web", "processes"), [("ours", 5), ("forked", 6)])
def test_a_killed_supervisor_leaves_nothing_behind(launch: Launch, web: str, processes: int) -> None:
    service = launch.ready(web, "tells", "stubborn")
    assert len(service.all_pids()) == processes
    service.process.kill()
    service.process.wait()
    until(lambda: not service.all_pids(), "the end of all parts")


@pytest.mark.parametrize("web", ["ours", "forked"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_stops_every_part_and_exits_with_success(
    launch: Launch, number: signal.Signals, web: str
) -> None:
    service = launch.ready(web, "tells")
    service.process.send_signal(number)
    assert service.process.wait() == 0
    assert service.all_pids() == set()
    assert service.output.endswith("stopped\n")
    logged = [json.loads(line) for line in (launch.folder / "errors").read_text().splitlines()]
    assert logged == []


def test_a_part_that_does_not_stop_is_killed(launch: Launch) -> None:
    service = launch.ready("stubborn")
    service.process.terminate()
    assert service.process.wait() == 0
    assert service.all_pids() == set()


def test_a_second_supervisor_on_the_data_is_refused(launch: Launch) -> None:
    first = launch.ready("tells")
    pid = valkey_pid(launch)
    second = launch("tells")
    assert second.process.wait() == 1
    assert "another `komek up` is running on" in second.output
    assert (first.process.poll(), valkey_pid(launch)) == (None, pid)


def test_a_killed_valkey_is_restarted(launch: Launch) -> None:
    service = launch.ready("tells")
    old = valkey_pid(launch)
    os.kill(old, signal.SIGKILL)
    until(lambda: service.output.count("valkey    up") == 2, "another Valkey")
    assert valkey_pid(launch) != old


def test_a_folder_path_too_long_for_a_socket_works(launch: Launch) -> None:
    deep = "/".join(["a-folder-with-a-long-name"] * 6)
    launch.ready("tells", data=deep)
    link = launch.folder / deep / "run" / "valkey.sock"
    assert len(str(link)) > valkey.LONGEST_PATH
    assert valkey_pid(launch) == connect(f"unix://{link}").info()["process_id"]
    assert link.stat().st_mode & 0o077 == 0


def test_other_users_cannot_read_the_folder_or_the_socket(launch: Launch) -> None:
    launch.ready("tells")
    run = launch.folder / "data" / "run"
    assert run.stat().st_mode & 0o077 == 0
    assert {entry.name: entry.stat().st_mode & 0o077 for entry in run.iterdir()}.items() >= {("valkey.sock", 0)}


def test_with_an_external_redis_no_valkey_is_started(launch: Launch) -> None:
    service = launch("tells", redis="redis://127.0.0.1:1/")
    until(lambda: "\nready" in service.output, "ready")
    assert given_url(launch) == "redis://127.0.0.1:1/"
    assert "valkey" not in service.output


def test_a_part_that_cannot_start_is_given_up(launch: Launch) -> None:
    service = launch("silent", "dies")
    assert service.process.wait() == 1
    assert "dies      ended with 3" in service.output
    assert "given up" in service.output
    assert service.all_pids() == set()


def test_a_console_that_answers_does_not_keep_a_failed_start_alive(launch: Launch) -> None:
    service = launch("desk", "dies")
    assert service.process.wait() == 1
    assert "given up" in service.output


def test_without_a_valkey_server_the_service_starts_and_says_so(launch: Launch) -> None:
    """Callers are answered, and the clock does the work of the workers."""
    service = launch("ours", "tells", TEST_NO_VALKEY="1")
    until(lambda: "\nready" in service.output or service.process.poll() is not None, "ready, or its end")
    assert "\nready" in service.output
    assert "started without Valkey" in service.output
    assert service.web()
    assert given_url(launch).startswith("unix://")


def test_a_web_that_serves_callers_is_not_stopped_because_another_part_cannot_start(launch: Launch) -> None:
    service = launch("ours", "fades")
    until(lambda: service.output.count("fades     ended with 3") > 2 * TRIES, "many tries")
    assert service.web()
    assert service.process.poll() is None


@pytest.mark.parametrize(
    ("web", "refuses"), [("ours", False), ("forked", False), pytest.param("bound", True, marks=pytest.mark.nightly)]
)
def test_nobody_is_refused_while_a_killed_web_restarts(launch: Launch, web: str, refuses: bool) -> None:
    """The supervisor holds the port: who calls meanwhile waits for the next web.

    The control is a web that opens its port itself: without it nobody listens.
    """
    service = launch.ready(web)
    answered, refused, over = list[str](), list[int](), threading.Event()

    def calls() -> None:
        while not over.wait(0.05):
            line = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE_SECONDS)
            try:
                line.request("GET", "/")
                answered.extend(line.getresponse().read().decode().split()[:1])  # a server that refuses says nothing
            except ConnectionRefusedError:
                refused.append(1)
            except (OSError, http.client.HTTPException):
                pass  # the killed web had taken this one: a gateway repeats it
            finally:
                line.close()

    caller = threading.Thread(target=calls, daemon=True)
    caller.start()
    killed = set[str]()
    try:
        for _ in range(3):
            killed.add(str(old := service.master()))
            os.kill(old, signal.SIGKILL)
            until(lambda: answered and answered[-1] not in killed, "an answer of another web")
    finally:
        over.set()
        caller.join(PATIENCE_SECONDS)
    assert bool(refused) == refuses
    assert len(set(answered)) > 1


def fork_server_of(service: Launched) -> int:
    """Return the fork server, or 0 if there is none at the moment."""
    found = [pid for pid in service.all_pids() if b"operations.fork_server" in command_of(pid)]
    return found[0] if found else 0


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def is_forked(pid: int) -> bool:
    """Whether it shows its command in the place of a longer one, which was that of the fork server."""
    return command_of(pid).endswith(b"\0\0")


@LINUX
def test_a_killed_fork_server_ends_no_part_and_comes_back_to_fork_the_next(launch: Launch) -> None:
    service = launch.ready("forked", "tells")
    old, server, parts = service.master(), fork_server_of(service), service.all_pids()
    os.kill(server, signal.SIGKILL)
    another = until(lambda: fork_server_of(service) not in (0, server) and fork_server_of(service), "another one", 45)
    until(lambda: service.all_pids() == parts - {server} | {another}, "all parts")
    assert service.master() == old
    os.kill(old, signal.SIGKILL)
    until(lambda: service.web().split()[:1] not in ([], [str(old)]), "an answer of another master")
    assert is_forked(service.master())


@LINUX
def test_the_web_comes_back_when_it_and_the_fork_server_are_killed_together(launch: Launch) -> None:
    service = launch.ready("forked", "tells")
    old = service.master()
    for pid in (fork_server_of(service), old):
        os.kill(pid, signal.SIGKILL)
    until(lambda: service.web().split()[:1] not in ([], [str(old)]), "an answer of another master")


@LINUX
@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_a_part_does_not_wait_for_a_fork_server_that_is_silent_or_hangs_at_each_start(
    launch: Launch, number: signal.Signals
) -> None:
    """The folder is on the path of all parts. What Python reads at its start never ends in a fork server."""
    service = launch.ready("forked", "tells", TEST_PATIENCE="3")
    old, server = service.master(), fork_server_of(service)
    (launch.folder / "sitecustomize.py").write_text(HANGS)
    os.kill(server, number)
    until(lambda: number == signal.SIGSTOP or fork_server_of(service) not in (0, server), "another one")
    os.kill(old, signal.SIGKILL)
    until(lambda: service.web().split()[:1] not in ([], [str(old)]), "an answer of another master", 45)
    assert not is_forked(service.master())


@LINUX
def test_a_part_that_fails_when_it_is_forked_is_started_by_its_command(launch: Launch) -> None:
    """After an update of the files, what the fork server has read may not fit to what a part reads."""
    service = launch("brittle")
    until((launch.folder / "alone").exists, "a part that imports for itself")
    assert service.output.count("brittle   ended with 3") == 1


def given_url(launch: Launch) -> str:
    """Return the URL that the parts were given, once one of them has written it completely."""
    file = launch.folder / "url"
    return until(lambda: file.read_text() if file.exists() else "", "the address")


def valkey_pid(launch: Launch) -> int:
    """Return the process id of the Valkey that the parts were given."""
    return int(connect(given_url(launch), seconds=PATIENCE_SECONDS).info()["process_id"])


def test_restart_waits_grow_and_reset_after_a_stable_run() -> None:
    waits, wait = [], 0.0
    for lived in (0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 10.0, 0.1):
        wait = Pace().after(wait, lived)
        waits.append(wait)
    assert waits == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 0.2, 0.4]


def test_a_part_with_a_wrong_setting_is_not_restarted() -> None:
    one = Running(Part("web", (), {}))
    one.record_exit(os.EX_CONFIG, Pace())
    assert one.cannot_start


@pytest.mark.parametrize(("code", "forked"), [(os.EX_TEMPFAIL, True), (-signal.SIGKILL, True), (3, False)])
def test_a_part_that_fails_at_once_is_not_forked_again_unless_it_lost_the_queue_or_was_killed(
    code: int, forked: bool
) -> None:
    one = Running(Part("worker 1", (), {}), since=time.monotonic(), forks=ForkServer({}))
    one.record_exit(code, Pace())
    assert bool(one.forks) == forked


def test_a_check_fails_without_a_server(tmp_path: Path) -> None:
    assert not is_up(PingCheck(tmp_path / "none"))
    assert not is_up(HttpCheck("127.0.0.1", 1))


def test_a_part_without_a_check_counts_as_up_after_a_while() -> None:
    assert [is_up(AliveCheck(), lived) for lived in (0.0, 0.9, 1.0)] == [False, False, True]


def test_without_a_valkey_server_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(valkey.NoServer, match="install the package"):
        valkey.find(path="/nowhere")


def test_the_machines_own_server_is_preferred(tmp_path: Path) -> None:
    own = tmp_path / "redis-server"
    own.touch(mode=0o755)
    assert valkey.find(path=str(tmp_path)) == own
    assert valkey.find(path="/nowhere").name == "valkey-server"
