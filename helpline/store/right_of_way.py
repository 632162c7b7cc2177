"""Right of way on SQLite: a hop that waits to write goes first, and workers wait for it.

SQLite has one writer and no queue of waiting ones: who asks again at the right moment gets the lock. Workers write row
after row, so a caller could wait past their time beside them. So each process of hops locks a small file (shared) as
long as it waits or writes, and every other process waits until nobody has it locked. A lock ends with its process, so
nobody can keep it by dying. PostgreSQL has row locks, and needs none of this.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

PATIENCE_SECONDS = 0.15
"""So long work waits for hops before each row. Then it competes with them: a flood of hops must not stop it. A waiting
hop asks SQLite more often than that, so it gets its turn between two rows."""
LOOK_SECONDS = 0.002


@dataclass(frozen=True, slots=True)
class RightOfWay:
    """Announces a write of a hop, or waits for those of others. Without a usable file, all compete."""

    path: Path
    goes_first: bool
    patience_seconds: float = PATIENCE_SECONDS

    def __call__(self) -> AbstractContextManager[None]:
        """Return the context of one write."""
        if self.goes_first:
            return self._announced()
        self._let_pass()
        return nullcontext()

    @contextmanager
    def _announced(self) -> Iterator[None]:
        file = self._open()
        try:
            if file is not None:
                with suppress(OSError):  # a worker has it locked while it looks, for some microseconds
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            yield
        finally:
            if file is not None:
                os.close(file)

    def _let_pass(self) -> None:
        """Wait until no hop waits or writes, or until patience ends."""
        file = self._open()
        if file is None:
            return
        ends = time.monotonic() + self.patience_seconds
        try:
            while not _is_free(file) and time.monotonic() < ends:
                time.sleep(LOOK_SECONDS)
        finally:
            os.close(file)

    def _open(self) -> int | None:
        try:
            return os.open(self.path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError:  # a full disk, no right: a write needs no announcement
            return None


def _is_free(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return True
