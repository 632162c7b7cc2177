"""The audit log: append-only, each row's code chained to the one before, so that a missing or changed row shows."""

import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store.schema import audit

GENESIS = "0" * 64


def append(tx: Connection, key: bytes, at: datetime, actor: str, action: str, ref: str) -> None:
    """Write who did what to which request, ids only (R32, R35). `key` is the audit key."""
    last = sa.select(audit.c.mac).order_by(audit.c.seq.desc()).limit(1)
    if tx.dialect.name != "sqlite":  # two writers must not chain to the same row
        tx.execute(sa.text("LOCK TABLE audit IN EXCLUSIVE MODE"))
    before = tx.execute(last).scalar() or GENESIS
    mac = _mac(key, before, at, actor, action, ref)
    tx.execute(sa.insert(audit).values(at=at, actor=actor, action=action, ref=ref, mac=mac))


def broken_at(tx: Connection, key: bytes) -> int | None:
    """Give the number of the first row that was changed, or follows a missing one; None where the chain holds."""
    before = GENESIS
    for row in tx.execute(sa.select(audit).order_by(audit.c.seq)):
        if row.mac != _mac(key, before, row.at, row.actor, row.action, row.ref):
            return int(row.seq)
        before = row.mac
    return None


def count(tx: Connection, action: str, actor: str, since: datetime) -> int:
    """Count what somebody did since an instant."""
    rows = sa.select(sa.func.count()).select_from(audit)
    return tx.execute(rows.where(audit.c.action == action, audit.c.actor == actor, audit.c.at >= since)).scalar_one()


def _mac(key: bytes, before: str, at: datetime, actor: str, action: str, ref: str) -> str:
    row = "\n".join((before, at.isoformat(), actor, action, ref))
    return hashlib.blake2b(row.encode(), key=key, digest_size=32, person=b"audit").hexdigest()
