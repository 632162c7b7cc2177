"""A worker that can write no file, as in a container: what it knows of a clock that was set, and of a wrong start."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpline.commands.operate.up import environ_of
from helpline.core.process_keys import Role
from helpline.core.watched_clock import FILE, FOLLOW_SECONDS, SURE_SECONDS
from helpline.operations import heartbeats
from helpline.store.connection import connect
from helpline.store.migrate import upgrade
from tests.helpline.commands.test_run_role import ROOT, WHOLE
from tests.world import World

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
THREE_HOURS, TWENTY_DAYS = 3 * 3600.0, 20 * 86400.0
SCRIPT = """
import json, os, sys, time
hands = [float(sys.argv[1]), 5000.0]
time.time, time.clock_gettime = lambda: hands[0], lambda _: hands[1]
from helpline.core import watched_clock
watched_clock.synchronised = lambda: False
from workers import wiring
wiring.prepare()
for seconds, ahead in json.loads(sys.argv[2]):
    hands[0] += seconds + ahead
    hands[1] += seconds
    if os.fork() == 0:
        work = wiring.service()
        print(json.dumps([work.now().timestamp() - float(sys.argv[1]), work.is_sure()]), flush=True)
        os._exit(0)
    os.wait()
"""
"""A worker whose clocks go by hand. Each step is a job in a child of its own: how much later it is, is it sure?"""


def jobs(folder: Path, last: datetime | None, *steps: tuple[float, float]) -> list[list[object]]:
    """Start a worker at `NOW`, and run a job after each step: seconds that pass, and by how much the clock is set.

    `last` is when the clock process was last sure of the time; None: there is no database yet.
    """
    (folder / FILE).mkdir()  # so that it can neither be read nor written
    if last:
        db = connect(f"sqlite:///{folder / 'komek.sqlite3'}")
        upgrade(db)
        with db.write(last) as tx:
            heartbeats.record_heartbeat(tx, heartbeats.SURE)
        db.dispose()
    environ = environ_of(Role.WORKER, {**WHOLE, "KOMEK_DATA": str(folder), "KOMEK_COUNTRY": "KG"})
    command = [sys.executable, "-c", SCRIPT, str(NOW.timestamp()), json.dumps(steps)]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]


def test_r03_the_children_of_a_worker_without_a_file_follow_a_clock_that_was_set(tmp_path: Path) -> None:
    """Each job has a process of its own, which would find the jump again and again, and never follow it."""
    steps = (10.0, 0.0), (10.0, THREE_HOURS), (FOLLOW_SECONDS, 0.0), (SURE_SECONDS, 0.0)
    assert jobs(tmp_path, NOW, *steps) == [
        [10.0, True],
        [20.0, False],
        [20.0 + FOLLOW_SECONDS + THREE_HOURS, False],
        [20.0 + FOLLOW_SECONDS + SURE_SECONDS + THREE_HOURS, True],
    ]


@pytest.mark.parametrize(
    ("last", "sure"),
    [(NOW - timedelta(minutes=50), True), (NOW - timedelta(days=20), False), (None, False)],
    ids=["near", "far", "no database"],
)
def test_r34_a_worker_that_starts_far_from_the_last_time_in_the_database_is_not_sure(
    tmp_path: Path, last: datetime | None, sure: bool
) -> None:
    """The clock is wrong by twenty days while the container starts, or the machine was off and nobody keeps its clock."""
    assert jobs(tmp_path, last, (1.0, 0.0)) == [[1.0, sure]]


def test_after_a_start_time_does_not_go_back_behind_the_last_time_in_the_database(tmp_path: Path) -> None:
    assert jobs(tmp_path, NOW + timedelta(seconds=TWENTY_DAYS), (1.0, 0.0)) == [[TWENTY_DAYS + 1.0, False]]


def test_only_a_time_beyond_doubt_is_stored_for_the_next_start(world: World) -> None:
    """Otherwise a clock process that starts at a wrong time would vouch for the workers that start after it."""
    work = world.work
    for sure, stored in ((False, None), (True, world.clock.at)):
        object.__setattr__(work.db, "is_sure", lambda sure=sure: sure)
        work.beat("clock")
        with world.db.read() as tx:
            assert heartbeats.last_heartbeat(tx, heartbeats.SURE) == stored
            assert heartbeats.last_heartbeat(tx, "clock") == world.clock.at
