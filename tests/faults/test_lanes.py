"""A worker sends several texts at once when it is killed, or the power goes off: none is lost, and none leaves twice.

What the documents say of a text that may be at the gateway holds (R12): to a caller it does not leave again, to a service
it may leave twice. The controls are a database that does not wait for the disk, and claims in memory only.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.lanes import CALLERS, SERVICES, wrong_after
from tests.faults.test_power_cut import ROOT, power_library
from tests.world import World

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]
DISK = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("cc") is None, reason="the disk is a library for Linux, built with cc"
)
BOTH = pytest.mark.parametrize("to", [CALLERS, SERVICES])


@pytest.mark.engines
@BOTH
def test_r12_a_worker_that_is_killed_with_texts_on_their_way_loses_and_doubles_none(world: World, to: str) -> None:
    assert wrong_after(world, to) == []


def after_a_cut(folder: Path, to: str, *control: str) -> list[str]:
    """Return what was wrong after the power was cut."""
    library = power_library(folder)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults.lanes", str(folder), to, *control],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LD_PRELOAD": str(library), "ON_DISK": str(folder / "disk")},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    *wrong, done = ran.stdout.splitlines()
    assert done == "done"
    return wrong


@DISK
@BOTH
def test_r12_a_power_cut_with_texts_on_their_way_loses_and_doubles_none(tmp_path: Path, to: str) -> None:
    assert after_a_cut(tmp_path, to) == []


@DISK
@pytest.mark.parametrize(
    ("to", "control", "wrong"),
    [
        (CALLERS, "unsynchronised", "wrong: taken, not known: 2 times"),
        (SERVICES, "in memory", "wrong: not taken: 0 times"),
    ],
)
def test_a_careless_worker_loses_or_doubles_texts_on_their_way(
    tmp_path: Path, to: str, control: str, wrong: str
) -> None:
    assert wrong in after_a_cut(tmp_path, to, control)
