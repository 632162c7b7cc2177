"""On SQLite the write of a hop goes before the next row of a worker, whatever happens to the process that announced it."""

import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.store import right_of_way
from helpline.store.connection import HOP_BUSY_SECONDS, connect
from helpline.store.engine import Database, Unavailable
from helpline.store.migrate import upgrade
from helpline.store.right_of_way import RightOfWay, Turn
from tests.others import until

LONG_SECONDS = 90.0
ANNOUNCE = """
import sys
from pathlib import Path
from helpline.store.right_of_way import RightOfWay
with RightOfWay(Path(sys.argv[1]), goes_first=True, compete_seconds=1)():
    print("announced", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    """An empty SQLite database in a file."""
    url = f"sqlite:///{tmp_path / 'one.sqlite3'}"
    there = connect(url)
    upgrade(there)
    there.dispose()
    return url


@pytest.fixture
def hops(url: str) -> Iterator[Database]:
    """The database as the public web uses it."""
    db = connect(url, HOP_BUSY_SECONDS)
    yield db
    db.dispose()


@pytest.fixture
def work(url: str) -> Iterator[Database]:
    """The database as a worker uses it, with much patience, so that a slow machine changes nothing."""
    db = patient(connect(url), LONG_SECONDS)
    yield db
    db.dispose()


def patient(db: Database, seconds: float) -> Database:
    """Return a database that waits so long for hops."""
    assert isinstance(db.turn, RightOfWay)
    return replace(db, turn=replace(db.turn, patience_seconds=seconds, compete_seconds=LONG_SECONDS))


def test_the_next_row_of_a_worker_waits_for_a_hop_that_has_announced_its_write(hops: Database, work: Database) -> None:
    """The worker could write, as the hop does not hold SQLite's lock yet. It waits all the same."""
    happened = list[str]()

    def row() -> None:
        with work.write():
            happened.append("row")

    with hops.turn():
        worker = threading.Thread(target=row)
        worker.start()
        worker.join(0.1)
        with hops.write():
            happened.append("hop")
    worker.join()
    assert happened == ["hop", "row"]


def test_work_that_waits_for_the_lock_lets_hops_pass_that_came_later(hops: Database, work: Database) -> None:
    """It asks for the lock a thousand times a second. Without this it would always get it before the hop."""
    happened = list[str]()

    def row() -> None:
        with work.write():
            happened.append("row")

    with work.write():  # of another worker, say
        worker = threading.Thread(target=row)
        worker.start()
        worker.join(0.05)
        later = hops.turn()
        later.__enter__()
    worker.join(0.05)
    with hops.write():
        happened.append("hop")
    later.__exit__(None, None, None)
    worker.join()
    assert happened == ["hop", "row"]


@dataclass
class Seconds:
    """A clock for `right_of_way`, which goes on while somebody sleeps."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    """The time of `right_of_way`."""
    clock = Seconds()
    monkeypatch.setattr(right_of_way, "time", clock)
    return clock


def test_work_that_asked_in_vain_waits_for_hops_again(hops: Database, work: Database, seconds: Seconds) -> None:
    """Otherwise two workers with slow transactions ask for the lock by turns, as often as a hop, which seldom gets it."""
    with hops.turn(), work.turn() as turn:
        assert turn is not None
        turn = replace(turn, patience_seconds=1.0, ends=LONG_SECONDS * 3)
        began = seconds.now
        for asked in range(1, 4):
            turn.let_pass()
            assert seconds.now - began == pytest.approx(asked, abs=0.01)


def test_work_competes_with_a_flood_of_hops_in_the_end(hops: Database, work: Database, seconds: Seconds) -> None:
    """However often it waits for them, the whole has an end."""
    with hops.turn(), work.turn() as turn:
        assert turn is not None
        turn = replace(turn, patience_seconds=1.0, ends=seconds.now + 1.5)
        turn.let_pass()
        turn.let_pass()
        assert seconds.now == pytest.approx(turn.ends, abs=0.01)
        turn.let_pass()
        assert seconds.now == pytest.approx(turn.ends, abs=0.01)


def test_a_hop_asks_for_the_lock_as_often_as_work_does(hops: Database) -> None:
    """SQLite itself lets it sleep for up to a tenth of a second between two tries, and others ask meanwhile."""
    with hops.turn() as turn:
        assert turn is not None
        assert not turn.hop_waits()


def test_work_gives_up_the_lock_after_its_time(url: str, work: Database) -> None:
    """As if SQLite waited itself. Afterwards the connection waits again."""
    brief = patient(connect(url, HOP_BUSY_SECONDS + 0.05), 0.0)
    with work.write(), pytest.raises(Unavailable), brief.write():
        pass
    with brief.write() as tx:
        assert tx.driver.raw.execute("PRAGMA busy_timeout").fetchone() == (int((HOP_BUSY_SECONDS + 0.05) * 1000),)
    brief.dispose()


def test_a_flood_of_hops_does_not_stop_a_worker(hops: Database, work: Database) -> None:
    """Its patience ends, and it takes its turn like any other."""
    with hops.turn(), patient(work, 0.01).write() as tx:
        assert tx.execute(sa.text("select 1")).scalar() == 1


def test_a_hop_waits_for_no_other_hop_and_no_worker_that_looks(hops: Database) -> None:
    """Announcing never blocks."""
    with hops.turn(), hops.turn(), hops.write() as tx:
        assert tx.execute(sa.text("select 1")).scalar() == 1


def test_a_hop_is_seen_although_work_looked_at_the_moment_it_came(
    hops: Database, work: Database, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """A look locks the file, too. The hop tries again, and work that looks next waits for it."""
    assert isinstance(work.turn, RightOfWay)
    looks, later = (os.open(work.turn.path, os.O_RDONLY | os.O_CREAT) for _ in range(2))
    fcntl.flock(looks, fcntl.LOCK_EX)
    monkeypatch.setattr(os, "sched_yield", lambda: fcntl.flock(looks, fcntl.LOCK_UN))
    with hops.turn():
        assert Turn(later, 0.0).hop_waits()
    assert not Turn(later, 0.0).hop_waits()
    os.close(looks)
    os.close(later)


def test_a_worker_that_was_stopped_while_it_looked_keeps_no_hop_waiting(hops: Database, work: Database) -> None:
    """The hop is not seen then, and competes."""
    assert isinstance(work.turn, RightOfWay)
    looks = os.open(work.turn.path, os.O_RDONLY | os.O_CREAT)
    fcntl.flock(looks, fcntl.LOCK_EX)
    with hops.write() as tx:
        assert tx.execute(sa.text("select 1")).scalar() == 1
    os.close(looks)


def test_a_killed_web_keeps_no_worker_waiting(work: Database, tmp_path: Path) -> None:
    """The lock ends with its process."""
    assert isinstance(work.turn, RightOfWay)
    command = [sys.executable, "-c", ANNOUNCE, str(work.turn.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as web:
        assert web.stdout is not None
        assert web.stdout.readline() == "announced\n"
        web.kill()
    with work.write() as tx:
        assert tx.execute(sa.text("select 1")).scalar() == 1


def test_without_the_file_everybody_writes_as_before(hops: Database, work: Database, tmp_path: Path) -> None:
    """It cannot be made: a full disk, or a folder in its place."""
    assert isinstance(work.turn, RightOfWay)
    work.turn.path.unlink(missing_ok=True)
    work.turn.path.mkdir()
    for db in (hops, work):
        with db.write() as tx:
            assert tx.execute(sa.text("select 1")).scalar() == 1


def test_removing_deleted_bytes_does_not_keep_callers_waiting_for_somebody_who_reads(
    hops: Database, work: Database
) -> None:
    """A long report reads. Emptying SQLite's log would wait for it, and all hops for that."""
    scrubbed = list[bool]()
    with work.read() as tx:
        tx.execute(sa.text("select count(*) from request")).scalar()
        with hops.write() as other:
            other.execute(sa.text("create table seen (a)"))
        scrub = threading.Thread(target=lambda: scrubbed.append(work.scrub()))
        scrub.start()
        while scrub.is_alive():
            with hops.write() as other:  # raises `Unavailable` after 1.5 seconds
                other.execute(sa.text("insert into seen values (1)"))
        scrub.join()
    assert scrubbed == [False]
    assert until(work.scrub, "an empty log")


def test_counting_what_indexes_hold_lets_hops_write_before_each_index(hops: Database, work: Database) -> None:
    """Counting holds the writer's lock. All indexes at once kept callers waiting for longer than they wait."""
    with hops.write() as tx:
        tx.execute(sa.text("create table seen (a, b)"))
        for column in "ab":
            tx.execute(sa.text(f"create index seen_{column} on seen ({column})"))
        tx.execute(sa.text("insert into seen values (1, 2), (3, 4)"))
    wrote = list[int]()

    def turn() -> AbstractContextManager[Turn | None]:
        with hops.write() as other:  # raises `Unavailable` if the lock is held
            wrote.append(other.execute(sa.text("update seen set a = a + 1")).rowcount)
        return nullcontext()

    replace(work, turn=turn).analyze()
    assert len(wrote) >= 2
    with work.read() as tx:
        counted = tx.execute(sa.text("select idx from sqlite_stat1 where tbl = 'seen' order by idx")).scalars()
        assert list(counted) == ["seen_a", "seen_b"]


def test_a_hop_gives_up_in_time_all_the_same(hops: Database, work: Database) -> None:
    """Somebody holds the lock for long: the hop does not wait longer than a caller would."""
    with work.write(), pytest.raises(Unavailable), hops.write():
        pass
