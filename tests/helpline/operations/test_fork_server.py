"""What the parts of the service share when they are forked from one process, and what they must not share."""

import json
import os
import select
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from helpline.core.process_keys import HOLDS, Role
from helpline.keys.keyring import load_or_create
from helpline.operations import fork_server
from tests.bench.service import children, read
from tests.faults.memory import found_in
from tests.others import kill, until
from tests.running import Service, running
from tests.world import CALL_ME

ROOT = Path(__file__).parents[3]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="parts are forked on Linux only")
ONLY_SOME_PARTS = (
    "accounts",
    "authoring",
    "casework",
    "messaging",
    "oversight",
    "reveal.revealing",
    "referral.context",
)
"""Modules of `helpline` that the public web does not import."""

IMPORTS = """
import json, os, sys, threading
from importlib import import_module
for name in sys.argv[1:]:
    import_module(name)
threads = len(os.listdir("/proc/self/task")) if sys.platform == "linux" else threading.active_count()
print(json.dumps([sorted(sys.modules), threads, sorted(os.listdir("/proc/self/fd"))]))
"""
MARKS = {
    "fork server": "operations.fork_server",
    "web": "gateway\0public",
    "console": "gateway\0console",
    "worker": "-m\0workers\0",
    "clock": "workers.clock",
}
"""What the command of each part contains."""


@LINUX
def test_idea_3_what_is_imported_before_the_fork_opens_nothing_and_is_known_to_all_parts() -> None:
    """A thread would not be forked, and a connection would be shared."""
    command = [sys.executable, "-c", IMPORTS, *fork_server.IMPORTED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    modules, threads, files = json.loads(done.stdout)
    assert [name for name in modules if name.startswith(tuple(f"helpline.{part}" for part in ONLY_SOME_PARTS))] == []
    assert threads == 1
    assert files == ["0", "1", "2", "3"], "three streams, and the folder that is listed"


UPDATED = """
import os, sys, time
from pathlib import Path
from helpline.operations import child_processes, fork_server
from tests.bench.service import children
from tests.others import kill

def wait():
    while server.is_importing():
        server.keep_up()
        time.sleep(0.01)

fork_server.WAIT_SECONDS = fork_server.IMPORT_SECONDS  # on a busy machine an import may take more than ten seconds
child_processes.adopt_orphans()
server = fork_server.begin(os.environ)
wait()
(pid,) = children(os.getpid())
command = (sys.executable, "-m", "compileall", "-h")
before = server.start(command, os.environ, [])
file = Path(sys.argv[1])
if sys.argv[2] == "killed":
    kill(pid)
    time.sleep(2 * fork_server.PACE.first_seconds)
file.write_text(file.read_text() + "newer = True\\n")
if sys.argv[2] == "killed":
    while not server.keep_up():
        time.sleep(0.01)
    wait()
after = server.start(command, os.environ, [])
time.sleep(4 * fork_server.PACE.first_seconds)
print(before is not None, after, server.keep_up(), flush=True)
"""


@LINUX
@pytest.mark.parametrize("fork_server_was", ["alive", "killed"])
def test_no_part_runs_code_of_two_versions_after_an_update_of_the_files(tmp_path: Path, fork_server_was: str) -> None:
    """It is then started by its command, and imports all of it again.

    No other fork server reads half of an update, also none that is started because the first one was killed.
    """
    imported = tmp_path / "sitecustomize.py"
    imported.write_text("")
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    command = [sys.executable, "-c", UPDATED, str(imported), fork_server_was]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "True None False"


@LINUX
def test_a_supervisor_that_gives_up_at_the_start_leaves_no_traceback() -> None:
    """It refuses unsafe settings while the fork server is still importing, and reads no answer."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-m", "helpline.operations.fork_server", str(its.fileno()), " " * 64]
    with subprocess.Popen(command, cwd=ROOT, pass_fds=[its.fileno()], stderr=subprocess.PIPE) as server:
        its.close()
        assert select.select([ours], [], [], 60)[0], "it is ready"
        ours.close()
        _, errors = server.communicate(timeout=60)
    assert (server.returncode, errors) == (0, b"")


def pid_of(service: Service, part: str) -> int:
    """Return the process of a part, or 0 if there is none at the moment."""
    found = [pid for pid in children(service.process.pid) if MARKS[part] in read(pid, "cmdline")]
    return found[0] if found else 0


def pids(service: Service) -> dict[str, int]:
    """Return the process of each part, once all are there."""
    until(lambda: all(pid_of(service, part) for part in MARKS), "all parts")
    return {part: pid_of(service, part) for part in MARKS}


@LINUX
@pytest.mark.faults
@pytest.mark.timeout(600)
def test_a_killed_part_comes_back_alone_and_no_request_is_lost(tmp_path: Path) -> None:
    with running(tmp_path / "data") as service:
        before = pids(service)
        for part in ("clock", "worker"):
            kill(before[part])
        shown = service.hop("1", CALL_ME)
        keys = (*CALL_ME, shown.splitlines()[-1][:1])
        service.hop("1", keys)
        service.hop("1", (*keys, "1"))
        until(lambda: pid_of(service, "clock") not in (0, before["clock"]), "another clock")
        until(lambda: pid_of(service, "worker") not in (0, before["worker"]), "another worker")
        service.text_with("YES")
        after = pids(service)
        assert {part for part in MARKS if after[part] != before[part]} == {"clock", "worker"}


@LINUX
@pytest.mark.faults
@pytest.mark.timeout(600)
def test_idea_3_forked_parts_have_no_key_of_another_part_in_memory(tmp_path: Path) -> None:
    """Also the freed memory counts: each part is killed, and forked after all others."""
    with running(tmp_path / "data") as service:
        keys = {name: value.encode() for name, value in load_or_create(tmp_path / "data" / "keys").items()}

        def held_by(part: str) -> set[str]:
            found = found_in(pid_of(service, part), keys.values())
            return {name for name, value in keys.items() if value in found}

        before = pids(service)
        for part in ("worker", "web", "console"):
            kill(before[part])
            until(lambda: pid_of(service, part) not in (0, before[part]), f"another {part}")  # noqa: B023
        assert held_by("fork server") == set()
        for part, role in (("web", Role.PUBLIC), ("console", Role.CONSOLE)):
            until(lambda: held_by(part) == HOLDS[role], f"the {part} with all its keys and no other")  # noqa: B023
