"""What one transaction at a time does on PostgreSQL: what concerns a telephone, or the places and codes of a desk.

A lock ends with its transaction. SQLite has one writer anyway. The order is the same everywhere, so two transactions
never wait for each other: one telephone, before any row of it is changed; then the directory; then desks, all at once;
then a request, its offers and its number; then rows of the outbox; then the audit log, or the texts to send.
A hop takes none of these locks. So that it never waits for one, a transaction that may have changed a request asks for
a desk with `desks_if_free`.
"""

import time
from collections.abc import Iterable
from zlib import crc32

import sqlalchemy as sa

from helpline.store.engine import Tx
from helpline.store.fixed import Fixed

EARLIER = 0x4B6F6D656B
"""What earlier versions lock for all telephones together. It is shared, so that one of them can still run beside us."""
TELEPHONE, DESK = 0x4B6F6D74, 0x4B6F6D64
"""The classes of PostgreSQL's advisory locks: "Komt" and "Komd" in ASCII."""
ONE = sa.select(
    sa.func.pg_advisory_xact_lock(sa.bindparam("kind", type_=sa.Integer), sa.bindparam("of", type_=sa.Integer))
)
LOCK = Fixed(ONE)
TRY = sa.select(
    sa.func.pg_try_advisory_xact_lock(sa.bindparam("kind", type_=sa.Integer), sa.bindparam("of", type_=sa.Integer))
)
TEXTS = 0x4B6F6D736D
"""The name of the lock around claims of texts: "Komsm"."""
LOCK_TEXTS = Fixed(sa.select(sa.func.pg_advisory_xact_lock(TEXTS)))
PATIENCE_SECONDS, LOOK_SECONDS = 0.1, 0.005
"""How long `desks_if_free` waits, and how often it looks. A hop may wait so long for the transaction: it has 1.5 s."""
LOCK_TELEPHONE = Fixed(ONE.add_columns(sa.func.pg_advisory_xact_lock_shared(EARLIER)))


def telephone(tx: Tx, caller: bytes) -> None:
    """Wait until no other transaction does anything about a telephone, given by its keyed hash."""
    if tx.dialect.name != "sqlite":
        tx.execute(LOCK_TELEPHONE, {"kind": TELEPHONE, "of": int.from_bytes(caller[:4], "big", signed=True)})


def desks(tx: Tx, ids: Iterable[str]) -> None:
    """Wait until no other transaction fills or frees a place at these desks, or draws a code there."""
    if tx.dialect.name != "sqlite":
        for key in _keys(ids):
            tx.execute(LOCK, {"kind": DESK, "of": key})


def desks_if_free(tx: Tx, ids: Iterable[str]) -> bool:
    """Lock desks as `desks` does, or return False a moment later: somebody else is busy with one of them for longer.

    A request that this transaction has changed is locked, and its caller may press the next key at any time. They must
    not be told that nothing was saved because a desk is busy.
    """
    if tx.dialect.name == "sqlite":
        return True
    ends = time.monotonic() + PATIENCE_SECONDS
    return all(_locked(tx, key, ends) for key in _keys(ids))


def texts(tx: Tx) -> None:
    """Wait until no other transaction claims a text to send. It takes no lock afterwards for which it waits.

    So each of them sees which texts are in the hands of workers. Two that look at once could claim two texts to one
    recipient, and the second could leave first.
    """
    if tx.dialect.name != "sqlite":
        tx.execute(LOCK_TEXTS)


def _locked(tx: Tx, key: int, ends: float) -> bool:
    while not tx.execute(TRY, {"kind": DESK, "of": key}).scalar_one():
        if time.monotonic() >= ends:
            return False
        time.sleep(LOOK_SECONDS)
    return True


def _keys(ids: Iterable[str]) -> list[int]:
    return sorted({crc32(id.encode()) - (1 << 31) for id in ids})
