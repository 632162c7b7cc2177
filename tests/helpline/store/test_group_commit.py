"""Threads share a transaction of SQLite, and each has its own result or error."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from helpline.store import engine
from helpline.store.connection import connect
from helpline.store.driver import Driver
from helpline.store.engine import Database, Tx, Unavailable
from helpline.store.group_commit import GroupCommit, _Part

LONG = 90.0


class Refused(Exception):
    """What one part raises."""


@dataclass(slots=True)
class Threads:
    """Threads that wait with their parts, as they do while another one commits."""

    db: Database
    group: GroupCommit = field(default_factory=GroupCommit)
    transactions: list[Driver] = field(default_factory=list)
    """The transaction of each part."""

    def insert(self, name: str) -> Callable[[Tx], str]:
        """Return what inserts a name and returns it."""

        def act(tx: Tx) -> str:
            tx.exec_driver_sql("insert into seen values (?)", (name,))
            self.transactions.append(tx.driver)
            return name

        return act

    def run(self, *parts: Callable[[Tx], object]) -> list[Future[object]]:
        """Write all parts, once each has a thread that waits."""
        with ThreadPoolExecutor(len(parts)) as threads, self.group._turn:
            done = list[Future[object]]()
            for many, part in enumerate(parts, start=1):
                done.append(threads.submit(self.group.write, self.db, part))
                while len(self.group._waiting) < many:
                    threading.Event().wait(0.001)
            self.group._turn.release()
            wait(done, LONG)
            self.group._turn.acquire()
        return done


@pytest.fixture
def threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Threads:
    monkeypatch.setattr(engine, "TOGETHER_SECONDS", LONG)
    db = connect(f"sqlite:///{tmp_path / 'one.sqlite3'}")
    with db.write() as tx:
        tx.exec_driver_sql("create table seen (name text primary key)")
    return Threads(db)


def seen(db: Database) -> set[str]:
    with db.read() as tx:
        return set(tx.execute(sa.text("select name from seen")).scalars())


def test_what_waits_is_written_in_one_transaction(threads: Threads) -> None:
    done = threads.run(*(threads.insert(name) for name in "abc"))
    assert [each.result() for each in done] == ["a", "b", "c"]
    assert len({id(each) for each in threads.transactions}) == 1
    assert seen(threads.db) == {"a", "b", "c"}


def test_a_part_that_fails_undoes_nothing_of_the_others(threads: Threads) -> None:
    def refuse(tx: Tx) -> None:
        tx.exec_driver_sql("insert into seen values ('half')")
        raise Refused

    good, bad, last = threads.run(threads.insert("a"), refuse, threads.insert("b"))
    assert (good.result(), last.result()) == ("a", "b")
    assert isinstance(bad.exception(), Refused)
    assert seen(threads.db) == {"a", "b"}


def test_a_transaction_that_fails_fails_for_all_its_parts(threads: Threads) -> None:
    """SQLite has undone it, as it may if the disk is full. The next one is not concerned."""

    def undo(tx: Tx) -> None:
        tx.driver.raw.rollback()
        raise OperationalError("insert", None, OSError())

    first, failing, later = threads.run(threads.insert("a"), undo, threads.insert("b"))
    assert isinstance(first.exception(), Unavailable)
    assert isinstance(failing.exception(), Unavailable)
    assert later.result() == "b"
    assert seen(threads.db) == {"b"}


def test_a_first_part_that_fails_keeps_nobody_else_waiting(threads: Threads) -> None:
    """It has no savepoint: its transaction is undone, and the others have the next one."""

    def refuse(tx: Tx) -> None:
        tx.exec_driver_sql("insert into seen values ('half')")
        raise Refused

    bad, good = threads.run(refuse, threads.insert("a"))
    assert isinstance(bad.exception(), Refused)
    assert good.result() == "a"
    assert seen(threads.db) == {"a"}


def test_a_database_that_does_not_begin_fails_for_all_that_wait(threads: Threads) -> None:
    def refuse() -> NoReturn:
        raise OperationalError("BEGIN", None, OSError())

    threads.db = replace(threads.db, turn=refuse)
    done = threads.run(threads.insert("a"), threads.insert("b"))
    assert all(isinstance(each.exception(), Unavailable) for each in done)
    assert seen(threads.db) == set()


def test_where_nobody_may_wait_nothing_waits_to_be_written(threads: Threads) -> None:
    """The loop of a web must not stand still because a thread is writing."""

    def must_not_wait() -> None:
        raise Refused

    db = replace(threads.db, before=must_not_wait)
    with threads.group._turn, pytest.raises(Refused):
        threads.group.write(db, threads.insert("a"))
    assert threads.group._waiting == []


def test_a_part_that_was_not_begun_in_time_is_never_written(threads: Threads) -> None:
    """The caller reads *not saved* then, and that must stay true."""
    group = GroupCommit(patience_seconds=0.001)
    with group._turn, pytest.raises(Unavailable):
        group.write(threads.db, threads.insert("late"))
    assert group.write(threads.db, threads.insert("next")) == "next"
    assert seen(threads.db) == {"next"}


def test_a_part_that_is_being_written_when_its_time_ends_waits_for_the_end(threads: Threads) -> None:
    """Only then does anybody know whether it is saved."""
    group, begun = GroupCommit(patience_seconds=0.001), _Part(threads.insert("begun"))
    with ThreadPoolExecutor(1) as pool:
        with group._turn:
            waits = pool.submit(group._take_turn, begun)
            wait([waits], 0.1)
            assert not waits.done()
        waits.result(LONG)


def test_a_transaction_begins_nothing_more_after_some_milliseconds(
    threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hop may wait for it."""
    monkeypatch.setattr(engine, "TOGETHER_SECONDS", 0.0)
    done = threads.run(*(threads.insert(name) for name in "abc"))
    assert [each.result() for each in done] == ["a", "b", "c"]
    assert len({id(each) for each in threads.transactions}) == 3
    assert seen(threads.db) == {"a", "b", "c"}
