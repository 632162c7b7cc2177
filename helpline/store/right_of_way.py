"""Who writes next on SQLite: hops go first.

SQLite has one writer and no queue of waiting ones: who asks at the right moment gets the lock.
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
"""So long work waits for a hop before it asks for the lock once."""
LOOK_SECONDS = 0.002
AGAIN_SECONDS = 0.001
"""So often a hop asks for SQLite's lock, and work if no hop waits."""
ANNOUNCE_TRIES = 50
"""So often a hop tries to say that it waits. Eight workers that look a thousand times a second hid one hop in 700, and
then none of them waited for it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One write on SQLite."""

    file: int | None = None
    """What work looks at: hops lock it as long as they wait or write. None: of a hop, or there is no usable file."""
    patience_seconds: float = 0.0
    ends: float = 0.0
    """When the work competes with hops, in seconds of the monotonic clock: a flood of hops must not stop it."""

    def hop_waits(self) -> bool:
        """Whether a hop waits or writes."""
        return self.file is not None and not _is_free(self.file)

    def let_pass(self) -> None:
        """Wait until no hop waits or writes, or until patience ends."""
        ends = min(time.monotonic() + self.patience_seconds, self.ends)
        while self.hop_waits() and time.monotonic() < ends:
            time.sleep(LOOK_SECONDS)


@dataclass(frozen=True, slots=True)
class RightOfWay:
    """Right of way on SQLite: a hop that waits to write goes first, and workers wait for it.

    Workers write row after row, so a caller could wait past their time beside them. So each hop locks a small file
    (shared) as long as it waits or writes, and everybody else waits until nobody has it locked.

    Work that has waited for its patience asks for the lock once, and waits again if somebody else is writing. Otherwise
    each of several workers loses its patience while another one writes, and asks as often as a hop: beside two workers
    whose transactions took 0.3 seconds, as on a slow disk, 22 of 25 hops waited in vain.

    A lock ends with its process, so nobody can keep it by dying. Without a usable file, all compete. PostgreSQL has
    row locks.
    """

    path: Path
    goes_first: bool
    compete_seconds: float
    """After so long, work asks as often as hops do."""
    patience_seconds: float = PATIENCE_SECONDS

    @contextmanager
    def __call__(self) -> Iterator[Turn]:
        """Open the context of one write: of work once no hop waits, or after its patience."""
        file = self._open()
        try:
            if self.goes_first:
                if file is not None:
                    _announce(file)
                yield Turn()
                return
            turn = Turn(file, self.patience_seconds, time.monotonic() + self.compete_seconds)
            turn.let_pass()
            yield turn
        finally:
            if file is not None:
                os.close(file)

    def _open(self) -> int | None:
        try:
            return os.open(self.path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError:  # a full disk, no right: a write needs no announcement
            return None


def begin_soon(raw: sqlite3.Connection, statement: str, turn: Turn) -> None:
    """Begin a transaction as soon as the lock is free, or fail when SQLite would give up.

    SQLite itself waits ever longer between two tries, up to a tenth of a second. When several workers answered a flood
    of texts, the lock was free for a third of the time while all of them slept. And a hop that sleeps loses the lock to
    work that asks meanwhile.
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
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return True
