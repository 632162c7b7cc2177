"""Run `komek` as its users do, each command in a process of its own.

The process is a fork of one that has imported the command line and read the content, since both take longer than most
commands. Nothing else is different: a command has its own environment, its own input and its own exit code.
"""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 110
NOTHING: Mapping[str, str] = {}
SERVER = """
import atexit, gc, importlib, json, os, pkgutil, sys, traceback
import helpline
from helpline import cli
for found in pkgutil.walk_packages(helpline.__path__, "helpline."):
    if ".migrations" not in found.name and ".mutant_forks" not in found.name:
        importlib.import_module(found.name)
from helpline.content import sources
from tests.steps.read_once import read_once
read_once()
for language in (read := sources.read_sources()).words["caller"]:
    read.translation(language)
gc.collect()
gc.freeze()
for line in sys.stdin:
    words, told, folder = json.loads(line)
    if not (pid := os.fork()):
        sys.stdin = open(os.open(f"{folder}/typed", os.O_RDONLY))
        os.dup2(sys.stdin.fileno(), 0)
        for stream, name in ((1, "out"), (2, "errors")):
            os.dup2(os.open(f"{folder}/{name}", os.O_WRONLY | os.O_CREAT), stream)
        os.environ.clear()
        os.environ.update(told)
        sys.argv = ["komek", *words]
        try:
            code = cli.main()
        except SystemExit as ended:
            code = ended.code
        except BaseException:
            traceback.print_exc()
            code = 1
        if isinstance(code, str):
            print(code, file=sys.stderr)
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else code is not None)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""
"""It runs each command in a fork, and prints its exit code.

A fork ends as `sys.exit` ends it, but does not tidy its memory: that would copy all that it shares with the server.
"""
_servers: dict[int, subprocess.Popen[str]] = {}
"""The server of this process. A fork of a test process, as those that try mutants, gets one of its own."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and everything that it printed."""

    code: int
    out: str
    errors: str


def environ(told: Mapping[str, str]) -> dict[str, str]:
    """Return an environment with these variables and without any of ours."""
    return {"PATH": os.environ["PATH"], "PYTHONTZPATH": "", "PYTHONUTF8": "1", "COLUMNS": "100", **told}


def komek(*arguments: str, typed: str = "", told: Mapping[str, str] = NOTHING) -> Done:
    """Run `komek` to its end. It must never end in a traceback."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "typed").write_text(typed, "utf-8")
        code = int(_asked(json.dumps([arguments, environ(told), made])))
        done = Done(code, (folder / "out").read_text("utf-8"), (folder / "errors").read_text("utf-8"))
    assert "Traceback" not in done.out + done.errors, done.errors
    return done


def komek_in(root: Path, *arguments: str) -> Done:
    """Run `komek` of another checkout to its end."""
    command = [sys.executable, "-m", "helpline.cli", *arguments]
    ended = subprocess.run(
        command, cwd=root, env=environ({}), capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert "Traceback" not in ended.stdout + ended.stderr, ended.stderr
    return Done(ended.returncode, ended.stdout, ended.stderr)


def _asked(line: str) -> str:
    """Send a command to the server of this process. Return its answer."""
    server = _servers.get(os.getpid()) or _started()
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        print(line, file=server.stdin, flush=True)
        return server.stdout.readline()
    except BaseException:  # too late: what it answers later is no answer to the next command
        _stop(os.getpid())
        raise


def _started() -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], cwd=ROOT, env=environ({}), stdin=pipe, stdout=pipe, text=True
    )
    _servers[os.getpid()] = server
    atexit.register(_stop, os.getpid())
    return server


def _stop(pid: int) -> None:
    """End the server of a process, if this is that process."""
    if pid == os.getpid() and (server := _servers.pop(pid, None)):
        server.kill()
        with server:
            pass
