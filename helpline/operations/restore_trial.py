"""Try a restore without touching the service: into a database in memory, which is gone afterwards."""

import base64
import secrets
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from helpline.core import clock
from helpline.operations.backup import NEWEST, CannotCopy, mains
from helpline.operations.restore import Restored, restore
from helpline.store import audit_log
from helpline.store.connection import connect
from helpline.store.migrate import upgrade

IN_MEMORY = Path("/dev/shm")  # noqa: S108  # files there are never written to a disk
BY = "restore drill"


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial found."""

    restored: Restored
    took: timedelta
    """How long restoring and checking took: the recovery time (RTO) without people."""
    lost: timedelta
    """How old the backup is: what a failure now would lose (the recovery point, RPO)."""
    checked: bool
    """Whether the chain of the audit log was checked."""
    broken: int | None
    """The first row of the log that was changed."""


def trial(folder: Path, private_key: str, audit_key: str) -> Trial:
    """Restore the newest backup in `folder` and check it. Without an audit key (""), the log is not checked.

    Raise `CannotCopy` if it cannot be restored.
    """
    began = time.monotonic()
    main = next(reversed(mains(folder)), None)
    if main is None or not (folder / NEWEST).exists():
        raise CannotCopy(f"there must be a main-*.komek and {NEWEST} in {folder}")
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as memory:
        db = connect(f"sqlite:///{memory}/komek.sqlite3")
        try:
            upgrade(db)
            key = base64.urlsafe_b64decode(audit_key) if audit_key else secrets.token_bytes(32)
            now = clock.real()
            done = restore(db, private_key, main, folder / NEWEST, now, BY, key)
            with db.read() as tx:
                broken = audit_log.broken_at(tx, key) if audit_key else None
        finally:
            db.dispose()
    took = timedelta(seconds=time.monotonic() - began)
    return Trial(done, took, timedelta(seconds=int((now - done.main).total_seconds())), bool(audit_key), broken)
