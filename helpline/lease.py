"""A row of the outbox is a worker's for a minute. Whoever is late has lost it, and all that was done for it."""

from datetime import datetime

from sqlalchemy.engine import Connection

from helpline.store import outbox
from helpline.store.outbox import Due


class LostLease(Exception):
    """Somebody else has this row by now: everything done for it is rolled back."""


def finish(tx: Connection, due: Due, again: datetime | None = None) -> None:
    """Finish a row in the transaction of its effect; `again`: when it is due once more. Raises `LostLease`."""
    if not outbox.finish(tx, due, again):
        raise LostLease
