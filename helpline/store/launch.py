"""Whether the line is open to callers. A new database begins with a closed line, and `komek open` opens it once.

Closed is a row of `lock`: a missing row means open. So no fault, no update and no lost row can close a line that people
call.
"""

import sqlalchemy as sa

from helpline.core.config import NOT_OPEN as NOT_OPEN
from helpline.store.engine import Tx
from helpline.store.schema import audit
from helpline.store.schema import lock as lock_table
from helpline.store.sql import insert_if_new

CLOSED = "closed"
"""The name of the row."""
OPEN_LINE, CLOSE_LINE = "open_line", "close_line"
"""Actions of the audit log."""


def close(tx: Tx, by: str) -> bool:
    """Close the line. Return False if it was closed already."""
    return insert_if_new(tx, lock_table, {"name": CLOSED, "since": tx.now, "by": by, "until": None})


def open_up(tx: Tx) -> bool:
    """Open the line. Return False if it was open already."""
    return tx.execute(sa.delete(lock_table).where(lock_table.c.name == CLOSED)).rowcount == 1


def is_closed(tx: Tx) -> bool:
    """Whether the line is closed. The public process may read this column."""
    return tx.execute(sa.select(lock_table.c.name).where(lock_table.c.name == CLOSED)).first() is not None


def was_open(tx: Tx) -> bool:
    """Whether the audit log says that the line was opened last, and not closed."""
    actions = sa.select(audit.c.action).where(audit.c.action.in_((OPEN_LINE, CLOSE_LINE)))
    return tx.execute(actions.order_by(audit.c.seq.desc()).limit(1)).scalar() == OPEN_LINE
