"""Who writes next on SQLite: hops first, then one transaction of work at a time.

SQLite has one writer and no queue of waiting ones: who asks again at the right moment gets the lock.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_SECONDS = 0.15
"""So long work waits for hops before each row. Then it competes with them: a flood of hops must not stop it. A waiting
hop asks SQLite more often than that, so it gets its turn between two rows."""
LOOK_SECONDS = 0.002
AGAIN_SECONDS = 0.001
"""So often work asks for SQLite's lock, and for its place."""
ANNOUNCE_TRIES = 50
"""So often a hop tries to say that it waits. Eight workers that look a thousand times a second hid one hop in 700, and
then none of them waited for it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One write of work on SQLite, where hops go first."""

    file: int | None
    """Hops lock it as long as they wait or write. None: there is no usable one."""
    ends: float
    """When the work has no more patience, and competes with hops."""

    def hop_waits(self) -> bool:
        """Whether a hop waits or writes."""
        return self.file is not None and not _is_free(self.file)

    def let_pass(self) -> None:
        """Wait until no hop waits or writes, or until patience ends."""
        while self.hop_waits() and time.monotonic() < self.ends:
            time.sleep(LOOK_SECONDS)


@dataclass(frozen=True, slots=True)
class RightOfWay:
    """Right of way on SQLite: a hop that waits to write goes first, and workers wait for it.

    Workers write row after row, so a caller could wait past their time beside them. So each hop locks a small file
    (shared) as long as it waits or writes, and all work waits until nobody has it locked.

    Work locks a second file (exclusively) before it waits for hops, until its transaction has ended. Otherwise each of
    several workers loses its patience while another one writes, and asks for the lock more often than a hop: beside two
    workers whose transactions took 0.3 seconds, 22 of 25 hops waited in vain.

    A lock ends with its process, so nobody can keep it by dying. Without a usable file, all compete. PostgreSQL has
    row locks.
    """

    path: Path
    """What hops lock."""
    place: Path
    """What work locks."""
    goes_first: bool
    place_seconds: float
    """So long work waits for other work. Then it competes: a process that was stopped must not stop the others."""
    patience_seconds: float = PATIENCE_SECONDS

    @contextmanager
    def __call__(self) -> Iterator[Turn | None]:
        """Open the context of one write: of work with its turn, once no other work writes and no hop waits."""
        file = _open(self.path)
        try:
            if self.goes_first:
                if file is not None:
                    _announce(file)
                yield None
                return
            with self._in_place():
                turn = Turn(file, time.monotonic() + self.patience_seconds)
                turn.let_pass()
                yield turn
        finally:
            _close(file)

    @contextmanager
    def _in_place(self) -> Iterator[None]:
        """Wait until no other work writes, or for so long that it must have been stopped. Then others wait for us."""
        ends, file = time.monotonic() + self.place_seconds, _open(self.place)
        try:
            while file is not None and not _lock(file) and time.monotonic() < ends:
                time.sleep(AGAIN_SECONDS)
            yield
        finally:
            _close(file)


def begin_soon(raw: sqlite3.Connection, statement: str, turn: Turn) -> None:
    """Begin a transaction as soon as the lock is free, or when SQLite would give up.

    SQLite itself waits ever longer between two tries, up to a tenth of a second. When several workers answered a flood
    of texts, the lock was free for a third of the time while all of them slept.
    """
    (patience_ms,) = raw.execute("PRAGMA busy_timeout").fetchone()
    ends = time.monotonic() + patience_ms / 1000
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        while not _has_begun(raw, statement, last=time.monotonic() >= ends):
            time.sleep(AGAIN_SECONDS)
            turn.let_pass()
    finally:
        raw.execute(f"PRAGMA busy_timeout = {int(patience_ms)}")


def _has_begun(raw: sqlite3.Connection, statement: str, *, last: bool) -> bool:
    """Try to begin. Return False if somebody else is writing. The last try raises then."""
    try:
        raw.execute(statement)
    except sqlite3.OperationalError as error:
        if last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _announce(file: int) -> None:
    """Lock the file for a hop. Work has it locked while it looks, for some microseconds, so this is tried again.

    It never blocks: work that was stopped in the middle of a look must keep no caller waiting.
    """
    for _ in range(ANNOUNCE_TRIES):
        try:
            return fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            os.sched_yield()


def _is_free(file: int) -> bool:
    if not _lock(file):
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return True


def _lock(file: int) -> bool:
    """Lock a file. Return False if somebody else has it locked."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _open(path: Path) -> int | None:
    """Open a file to lock. Return None on a full disk, or without the right to: nobody is kept waiting for that."""
    try:
        return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError:
        return None


def _close(file: int | None) -> None:
    if file is not None:
        os.close(file)
