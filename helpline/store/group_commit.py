"""Write in one transaction of SQLite what several threads have to write: each commit waits for the disk.

While one thread commits, others wait with what they have to write. The next one writes all of that. Nobody waits for
others to come, so a single thread is as fast as without this. Nor does anybody wait for ever: what was not begun when
its time ends is taken back, and not written.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy.exc import OperationalError

from helpline.store.engine import Database, Tx, is_open

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Part:
    """What one thread has to write."""

    act: Callable[[Tx], Any]
    result: Any = None
    error: BaseException | None = None
    over: bool = False


@dataclass(slots=True)
class GroupCommit:
    """The writes of the threads of one process."""

    patience_seconds: float = -1
    """How long a thread waits until others have written. -1: as long as they take."""
    _waiting: list[_Part] = field(default_factory=list)
    _list: Lock = field(default_factory=Lock)
    _turn: Lock = field(default_factory=Lock)

    def write(self, db: Database, act: Callable[[Tx], T]) -> T:
        """Do something in a transaction, perhaps with what other threads do. Return its result once it is committed.

        If it raises, only its own part is undone. If the transaction fails, this raises the same in all its threads.
        On PostgreSQL each thread has a transaction of its own: commits do not wait for each other there, locks do.

        Raise `Unavailable` if others write for longer than the patience: then nothing of this is written.
        """
        if db.engine.dialect.name != "sqlite":
            with db.write() as tx:
                return act(tx)
        if db.before:
            db.before()
        mine = _Part(act)
        with self._list:
            self._waiting.append(mine)
        self._take_turn(mine)
        try:
            while not mine.over:
                self._write(db)
        finally:
            self._turn.release()
        if mine.error:
            raise mine.error
        result: T = mine.result
        return result

    def _take_turn(self, mine: _Part) -> None:
        """Wait for the turn to write. A part that another thread has begun waits to its end, which tells its fate."""
        if self._turn.acquire(timeout=self.patience_seconds):
            return
        with self._list:
            if mine in self._waiting:
                self._waiting.remove(mine)
                raise OperationalError("BEGIN", None, TimeoutError())
        self._turn.acquire()

    def _write(self, db: Database) -> None:
        """Do what waits, in one transaction, while it has time."""
        parts = list[_Part]()
        try:
            with db.write() as tx:
                if part := self._next():
                    parts.append(part)
                    part.result = part.act(tx)  # without a savepoint: if it fails, there is nothing else to undo
                while tx.has_time() and (part := self._next()):
                    parts.append(part)
                    _do(tx, part)
        except BaseException as error:
            parts = parts or list(iter(self._next, None))  # the database did not even begin: nobody waits for it again
            for part in parts:
                part.error = part.error or error
            if not isinstance(error, Exception):
                raise
        finally:
            for part in parts:
                part.over = True

    def _next(self) -> _Part | None:
        with self._list:
            return self._waiting.pop(0) if self._waiting else None


def _do(tx: Tx, part: _Part) -> None:
    """Do one part. If SQLite has undone the whole transaction, as it may if the disk is full, raise."""
    try:
        with tx.begin_nested():
            part.result = part.act(tx)
    except Exception as error:
        if not is_open(tx):
            raise
        part.error = error
