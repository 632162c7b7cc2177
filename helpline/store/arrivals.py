"""What came in and waits for a worker: texts, stops and receipts, unique by the gateway's own id.

The public process seals and inserts; only a worker can read. A row stays a day without its content, so that a
gateway that repeats itself is answered 200 and nothing happens twice.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store.schema import inbox
from helpline.store.sql import insert_if_new

OPEN = inbox.c.done.is_(None)
UNREAD = (
    sa.select(inbox)
    .where(inbox.c.kind.in_(sa.bindparam("kinds", expanding=True)), OPEN)
    .order_by(inbox.c.at, inbox.c.id)
)
GET = sa.select(inbox).where(inbox.c.id == sa.bindparam("of"), OPEN)
CLOSE = sa.update(inbox).where(inbox.c.id == sa.bindparam("of"), OPEN).values(done=sa.bindparam("when"), sealed=None)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One thing that came in. `kind` is sms, stop or receipt; `status` is a receipt's."""

    id: str
    kind: str
    gateway_id: str
    sealed: bytes | None
    status: str
    at: datetime


def add(
    tx: Connection, id: str, kind: str, gateway_id: str, now: datetime, sealed: bytes | None = None, status: str = ""
) -> bool:
    """Write down what came in; false where the gateway has said the same before."""
    values = {"id": id, "kind": kind, "gateway_id": gateway_id, "sealed": sealed, "status": status, "at": now}
    return insert_if_new(tx, inbox, values)


def unread(tx: Connection, kinds: Collection[str]) -> list[Arrived]:
    """Give what no worker has read yet, oldest first."""
    return [_read(row) for row in tx.execute(UNREAD, {"kinds": kinds})]


def waits(tx: Connection, since: datetime) -> bool:
    """Tell whether a stop or a text that came since an instant is yet to be read. It looks at no word of them."""
    fresh = sa.and_(inbox.c.kind.in_(("stop", "sms")), inbox.c.done.is_(None), inbox.c.at >= since)
    return tx.execute(sa.select(inbox.c.id).where(fresh).limit(1)).first() is not None


def get(tx: Connection, id: str) -> Arrived | None:
    """Give one row that no worker has read yet."""
    row = tx.execute(GET, {"of": id}).first()
    return _read(row) if row else None


def _read(row: sa.engine.Row[tuple[object, ...]]) -> Arrived:
    return Arrived(row.id, row.kind, row.gateway_id, row.sealed, row.status, row.at)


def close(tx: Connection, id: str, now: datetime) -> bool:
    """Note that it was read, and erase what it said; false where it was read before."""
    return tx.execute(CLOSE, {"of": id, "when": now}).rowcount == 1


def sweep(tx: Connection, read_before: datetime, came_before: datetime) -> int:
    """Delete what was read before an instant, and what came before another and could never be read; give how many."""
    old = sa.or_(sa.and_(inbox.c.done.is_not(None), inbox.c.done <= read_before), inbox.c.at <= came_before)
    return tx.execute(sa.delete(inbox).where(old)).rowcount
