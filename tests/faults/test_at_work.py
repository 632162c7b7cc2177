"""The power goes off, or the disk is full, while a worker works on a request: with a row claimed, or a text at a gateway.

In the end each request is with one service, each text has left, and one at most has left twice. The controls are a
database that does not wait for the disk, and one that overlooks that the disk has refused a commit.
"""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.test_power_cut import ROOT, power_library
from tests.faults.test_storm import a_seed

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(sys.platform != "linux", reason="the disk is a library for Linux"),
    pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler (cc) for the library that is the disk"),
]


def wrong(folder: Path, first: int, every: int, *troubles: str) -> list[str]:
    """Return what was wrong after each trouble at each `every`-th step, from the `first` one."""
    folder.mkdir()
    library = power_library(folder)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults.at_work", str(folder), str(first), str(every), *troubles],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LD_PRELOAD": str(library), "ON_DISK": str(folder / "disk")},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    print(ran.stdout)
    return [line for line in ran.stdout.splitlines() if line.startswith("wrong")]


@pytest.mark.parametrize(
    ("every", "troubles"),
    [
        (90, ["power", "full"]),
        pytest.param(3, ["power"], marks=pytest.mark.nightly),
        pytest.param(3, ["full"], marks=pytest.mark.nightly),
    ],
    ids=["90", "power-3", "full-3"],
)
def test_a_power_cut_or_a_full_disk_in_the_midst_of_work_loses_and_doubles_nothing(
    tmp_path: Path, every: int, troubles: list[str]
) -> None:
    """By night each third step, in two parts that can run beside each other."""
    first = random.Random(a_seed()).randrange(1, every + 1)
    assert wrong(tmp_path / "run", first, every, *troubles) == []


@pytest.mark.parametrize("every", [150, pytest.param(60, marks=pytest.mark.nightly)])
def test_careless_databases_lose_or_double_something_in_the_midst_of_work(tmp_path: Path, every: int) -> None:
    found = wrong(tmp_path / "run", every // 2, every, "power-unsafe", "full-unsafe")
    assert any("power-unsafe" in each for each in found)
    assert any("full-unsafe" in each for each in found)
