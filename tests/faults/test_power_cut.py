"""The power goes off at any moment: what a caller was told to be saved is on the disk, and the database is whole.

Each synchronisation copies the file to another folder (`power.c`); that folder is the disk after a cut. The control is
the same with SQLite's `synchronous=NORMAL`, which does not wait for the disk: it must fail.
"""

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Container, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.store.connection import connect
from helpline.store.schema import request
from tests.faults.events import told
from tests.faults.test_storm import a_seed

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(sys.platform != "linux", reason="the copies are made by a library for Linux"),
    pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler (cc) for the library that makes the copies"),
]
ROOT = Path(__file__).parents[2]
CALLS = """
import sys
from pathlib import Path
import sqlalchemy as sa
from helpline.store.connection import connect
from helpline.store.migrate import upgrade
from tests.world import World
path, level = sys.argv[1:]
db = connect(f"sqlite:///{path}")
sa.event.listen(db.engine, "connect", lambda raw, _: raw.execute(f"PRAGMA synchronous={level}") if level else None)
upgrade(db)
world = World.on(db)
print("begun", flush=True)
for number in range(int(sys.stdin.readline())):
    print("asks", number, flush=True)
    world.ask(f"+99600011{number:04}", last=False)
    print("told", number, flush=True)
    if sys.stdin.readline() != "go\\n":
        break
"""
"""One caller after another asks for a call, and sees a code."""


@dataclass(slots=True)
class Machine:
    """A process whose power can be cut, and its disk."""

    folder: Path
    process: subprocess.Popen[str]
    told: list[str] = field(default_factory=list)
    """What was printed."""
    on_disk: frozenset[str] = frozenset()
    """The requests that the disk held at the last cut."""

    @property
    def disk(self) -> Path:
        """The folder with the copies of what was synchronised."""
        return self.folder / "disk"

    def read(self) -> str:
        """Return its next line."""
        assert self.process.stdout is not None
        self.told.append(self.process.stdout.readline().strip())
        return self.told[-1]

    def write(self, line: str) -> None:
        """Send it a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def after_a_cut(self, number: int) -> tuple[str, int]:
        """Return what SQLite says of the database if the power goes off now, and how many requests it holds."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)
        found = self.folder / f"found{number}"
        shutil.copytree(self.disk, found)
        self.process.send_signal(signal.SIGCONT)
        try:
            with closing(sqlite3.connect(found / "komek.sqlite3")) as db:
                whole = str(db.execute("pragma integrity_check").fetchone()[0])
                self.on_disk = frozenset(id for (id,) in db.execute("select id from request"))
        except sqlite3.Error as error:
            whole, self.on_disk = str(error), frozenset()
        shutil.rmtree(found)
        return whole, len(self.on_disk)

    def lost(self) -> str:
        """Return the stories of the requests that the process has saved and the disk did not hold at the last cut."""
        db = connect(f"sqlite:///{self.folder / 'komek.sqlite3'}")
        with db.read() as tx:
            saved = set(tx.execute(sa.select(request.c.id)).scalars()) - self.on_disk
            lines = told(tx, [f"not on the disk: request {id}" for id in sorted(saved)])
        db.dispose()
        return "\n".join(lines) or "the disk held all requests"


def power_library(folder: Path) -> Path:
    """Compile the library that keeps what a disk would hold. Return its path."""
    library = folder / "power.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, Path(__file__).with_name("power.c")], check=True)
    return library


@contextmanager
def machine(folder: Path, level: str) -> Iterator[Machine]:
    """Start the process, with a disk that loses what was not synchronised."""
    library = power_library(folder)
    (folder / "disk").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", CALLS, str(folder / "komek.sqlite3"), level],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LD_PRELOAD": str(library), "ON_DISK": str(folder / "disk")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Machine(folder, process)
    finally:
        process.kill()
        process.communicate()


def faults(folder: Path, level: str, cuts: int) -> list[str]:
    """Cut the power after each answer, and once at a random moment before it. Return what was wrong then."""
    chance, wrong = random.Random(a_seed()), list[str]()

    def check(one: Machine, when: str, at: int, right: Container[int]) -> None:
        whole, saved = one.after_a_cut(at)
        if whole != "ok" or saved not in right:
            wrong.append(f"{when}: {whole}, {saved} saved; {one.told[-3:]}")
            print(wrong[-1], one.lost(), sep="\n")

    with machine(folder, level) as one:
        assert one.read() == "begun"
        one.write(str(cuts))
        for number in range(cuts):
            assert one.read() == f"asks {number}"
            for _ in range(chance.randrange(2000)):
                pass  # a moment: shorter than a sleep can be
            check(one, f"while caller {number} asks", 2 * number, {number, number + 1})
            one.read()
            check(one, f"after caller {number} was told", 2 * number + 1, {number + 1})
            one.write("go")
    return wrong


@pytest.mark.parametrize("cuts", [10, pytest.param(150, marks=pytest.mark.nightly)])
def test_a_request_that_was_shown_as_saved_survives_a_power_cut(tmp_path: Path, cuts: int) -> None:
    assert faults(tmp_path, "", cuts) == []


def test_the_power_cuts_find_a_database_that_does_not_wait_for_the_disk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The control: with `synchronous=NORMAL` a commit is not on the disk yet when the caller is told.

    The story of each request that would be lost is told.
    """
    assert any("was told" in each for each in faults(tmp_path, "NORMAL", 5))
    assert re.search(r"not on the disk: request \w+\n.+\n.+ request saved\n", capsys.readouterr().out)
