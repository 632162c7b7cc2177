"""A service that starts on a full disk: callers see the menus and the truth, and once there is room they are saved.

The control is a service that does not start without its database.
"""

import http.client
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests

from tests.faults.phones import book, outside, shows
from tests.faults.service import Service, a_copy, running
from tests.faults.storm import to_the_morning
from tests.faults.test_degraded import ask, service_text
from tests.others import until
from tests.world import HOME

pytestmark = [
    pytest.mark.faults,
    pytest.mark.nightly,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root of Linux makes a small disk"),
]
PATIENCE_SECONDS = 240.0
"""How long the web may take to start, on a machine with much other work."""


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Mount a disk of 24 MB on a folder until the end of the block."""
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path) -> Path:
    """Write until the disk is full. Return the file."""
    file = folder / "fills-the-disk"
    with file.open("wb", buffering=0) as full, suppress(OSError):
        while True:
            full.write(b"x" * 4096)
    return file


def test_a_start_on_a_full_disk_shows_menus_and_later_saves(tmp_path: Path) -> None:
    """The first and the last call are the control: the same keys are saved while there is room.

    A web that has started before can still read, and says that it can do nothing else.
    """
    with outside() as gateway, small_disk(tmp_path / "data"):
        with running(tmp_path, gateway_url=gateway.url) as service:
            to_the_morning(service)
            assert is_saved(service, "room")
            file = fill(tmp_path / "data")
            assert "the disk is full" in ready(service)
            file.unlink()
            assert '"ready":true' in ready(service)
            assert service.stop() == 0
        file = fill(tmp_path / "data")
        with running(tmp_path, sign="database  unavailable", gateway_url=gateway.url) as service:
            until(lambda: answers(service), "a web that answers", PATIENCE_SECONDS)
            assert service.hop("menus", "+996000111009", "*".join(HOME)).startswith("CON ")
            assert ask(service, "full") == f"END {service_text('start.not_stored')}"
            file.unlink()
            calls = itertools.count()
            until(lambda: is_saved(service, f"again {next(calls)}"), "a saved request", PATIENCE_SECONDS)


def test_a_service_that_needs_its_database_to_start_shows_nothing_on_a_full_disk(tmp_path: Path) -> None:
    """The control."""
    tree = a_copy(tmp_path / "tree", "needs_database.patch")
    with outside() as gateway, small_disk(tmp_path / "data"):
        with running(tmp_path, tree=tree, gateway_url=gateway.url) as service:
            assert service.stop() == 0
        fill(tmp_path / "data")
        with (
            pytest.raises(AssertionError, match="database  unavailable"),
            running(tmp_path, tree=tree, gateway_url=gateway.url),
        ):
            pass


def ready(service: Service) -> str:
    """Return what a web that has started says about whether it can do its work."""
    return requests.get(f"http://{service.host}:{service.port}/health/ready", timeout=PATIENCE_SECONDS).text


def answers(service: Service) -> bool:
    """Whether the web is up. It is never `ready`: on a full disk the database cannot even be read."""
    with suppress(OSError, http.client.HTTPException):
        return service.post("ussd", {})[0] > 0
    return False


def is_saved(service: Service, session: str) -> bool:
    """Ask for a call. Return whether the last screen says that it is saved."""
    return shows(book(), "callback.kept", ask(service, session).partition(" ")[2]) is not None
