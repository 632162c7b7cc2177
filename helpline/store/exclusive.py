"""What one transaction at a time does on PostgreSQL: what concerns a telephone, or the places and codes of a desk.

A lock ends with its transaction. SQLite has one writer anyway. The order is the same everywhere, so two transactions
never wait for each other: one telephone, before any row of it is changed; then desks, all at once; then the audit log.
"""

from collections.abc import Iterable
from zlib import crc32

import sqlalchemy as sa

from helpline.store.engine import Tx

EARLIER = 0x4B6F6D656B
"""What earlier versions lock for all telephones together. It is shared, so that one of them can still run beside us."""
TELEPHONE, DESK = 0x4B6F6D74, 0x4B6F6D64
"""The classes of PostgreSQL's advisory locks: "Komt" and "Komd" in ASCII."""
LOCK = sa.select(
    sa.func.pg_advisory_xact_lock(sa.bindparam("kind", type_=sa.Integer), sa.bindparam("of", type_=sa.Integer))
)
LOCK_TELEPHONE = LOCK.add_columns(sa.func.pg_advisory_xact_lock_shared(EARLIER))


def telephone(tx: Tx, caller: bytes) -> None:
    """Wait until no other transaction does anything about a telephone, given by its keyed hash."""
    if tx.dialect.name != "sqlite":
        tx.execute(LOCK_TELEPHONE, {"kind": TELEPHONE, "of": int.from_bytes(caller[:4], "big", signed=True)})


def desks(tx: Tx, ids: Iterable[str]) -> None:
    """Wait until no other transaction fills or frees a place at these desks, or draws a code there."""
    if tx.dialect.name != "sqlite":
        for key in sorted({crc32(id.encode()) - (1 << 31) for id in ids}):
            tx.execute(LOCK, {"kind": DESK, "of": key})
