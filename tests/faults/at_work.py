"""Cut the power, or fill the disk, at the steps of a service that works on one request. Print what was wrong then.

    python -m tests.faults.at_work FOLDER FIRST EVERY TROUBLE…

It runs with the library of `power.c`, which needs `$ON_DISK`. After a power cut, a new process begins with what was
synchronised. A full disk stays full until something fails because of it. Then there is room again, and the same process
goes on. The troubles `power-unsafe` and `full-unsafe` are the controls: a database that does not wait for the disk, and
one that calls a commit done that the disk has refused.
"""

import ctypes
import itertools
import os
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from helpline.store.connection import connect
from helpline.store.engine import Database, Unavailable
from helpline.store.migrate import upgrade
from tests.faults.one_request import Died, Runs, Trouble
from tests.world import World

DISK = Path(os.environ["ON_DISK"])
KEPT = DISK.with_name("kept")
SOME = 3
IS_FULL = ctypes.c_int.in_dll(ctypes.CDLL(None), "disk_is_full")


def move_files(here: Path, there: Path) -> None:
    """Make the files of a folder those of another one, and no others."""
    shutil.rmtree(there, ignore_errors=True)
    shutil.copytree(here, there)


def cut() -> None:
    """Remember what is on the disk now, and end the process."""
    move_files(DISK, KEPT)
    raise Died


def from_the_disk(path: Path) -> None:
    """Begin with what was on the disk when the power was cut."""
    move_files(KEPT, DISK)
    move_files(KEPT, path.parent)


def synchronise(path: Path) -> None:
    """Begin with a database that is on the disk."""
    move_files(path.parent, DISK)


def is_full(*, full: bool) -> None:
    """Fill the disk, or make room."""
    IS_FULL.value = full


def unsynchronised(url: str) -> Database:
    """Connect to a database that does not wait for the disk at each commit."""
    db = connect(url)
    sa.event.listen(db.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=NORMAL"))
    return db


def careless(url: str) -> Database:
    """Connect to a database that calls a commit done although the disk has refused it. Later there is room again."""
    db, refused = connect(url), itertools.count(1)
    commit = db.engine.dialect.do_commit

    def committed(raw: Any) -> None:
        try:
            commit(raw)
        except sqlite3.Error:
            raw.rollback()
            is_full(full=next(refused) < SOME)

    db.engine.dialect.do_commit = committed  # type: ignore[method-assign, assignment]
    return db


TROUBLES = {
    "power": Trouble(cut, begins=synchronise, ends=from_the_disk),
    "power-unsafe": Trouble(cut, opens=unsynchronised, begins=synchronise, ends=from_the_disk),
    "full": Trouble(
        lambda: is_full(full=True),
        shows=(Unavailable, sa.exc.DBAPIError),
        restarts=False,
        ends=lambda _: is_full(full=False),
        is_over=lambda: is_full(full=False),
    ),
    "full-unsafe": Trouble(lambda: is_full(full=True), opens=careless, is_over=lambda: is_full(full=False)),
}


def main(folder: Path, first: int, every: int, names: Sequence[str]) -> None:
    """Run the request for each chosen step: with texts one after the other, and with a flood of them."""
    DISK.mkdir()
    template = folder / "template.sqlite3"
    db = connect(f"sqlite:///{template}")
    upgrade(db)
    world = World.on(db)
    world.db.scrub()
    world.db.dispose()
    (folder / "run").mkdir()
    for name, floods in itertools.product(names, (False, True)):
        runs = Runs(world, template, folder / "run", TROUBLES[name], floods)
        _, whole = runs(0)
        texts, begins = len(whole.world.gateway.sent), whole.asked if name.startswith("full") else 0
        steps = (0, *range(begins + first, whole.fuse.steps + 1, every))
        for at in steps:
            wrong, run = runs(at, texts)
            if wrong:
                print(f"wrong: {name} at step {at} ({run.fuse.where}), {floods=}: {wrong}", flush=True)
        print(f"{name}: {len(steps)} of {whole.fuse.steps} steps", "of a flood" if floods else "", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
