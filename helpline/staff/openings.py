"""R32: opening a case leaves a row in the audit log, before anything of the case is shown.

One row for each person, request and quarter of an hour: a page that is loaded again and again adds no more.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from helpline.store import audit_log
from helpline.store.engine import Database, Tx

T = TypeVar("T")
OPENED = "opened"
"""In the audit log: somebody opened a case, its card or its notes."""
EVERY = timedelta(minutes=15)


class NotRecorded(Exception):
    """A case would be read before its opening is in the audit log, in a transaction that cannot write the row."""

    def __init__(self, by: str, request: str) -> None:
        super().__init__(by, request)
        self.by, self.request = by, request


def record(tx: Tx, key: bytes, by: str, request: str) -> None:
    """Record that somebody opens a case, unless they did so lately. Every function that reads a case begins with this.

    Raise `NotRecorded` in a transaction that only reads. `key` is the audit key.
    """
    if audit_log.did(tx, by, OPENED, request, EVERY):
        return
    if not tx.writes:
        raise NotRecorded(by, request)
    audit_log.append_once(tx, key, by, OPENED, request, EVERY)


def reading(db: Database, key: bytes, read: Callable[[Tx], T]) -> T:
    """Return what `read` returns, which opens a case. The writer's lock is held only to add a row, not to read."""
    try:
        with db.read() as tx:
            return read(tx)
    except NotRecorded as due:
        with db.write() as tx:
            record(tx, key, due.by, due.request)
    with db.read() as tx:
        return read(tx)
