"""The vault: one row a request, its number sealed. Deleting the row is the shredding (idea 3)."""

from collections.abc import Sequence

import sqlalchemy as sa

from helpline.store.engine import Tx
from helpline.store.schema import vault
from helpline.store.sql import new_id

LINES = 0x4B6F6D656B
"""The name of PostgreSQL's advisory lock: "Komek" in ASCII."""
LINE = sa.select(vault.c.line).where(vault.c.request == sa.bindparam("of"))
WITHOUT_LINE = sa.select(vault.c.request, vault.c.sealed).where(vault.c.line.is_(None))


def put(tx: Tx, request: str, sealed: bytes) -> None:
    """Keep a sealed number. Only inserts, so that the public process needs no right to read."""
    tx.execute(sa.insert(vault).values(request=request, sealed=sealed))


def replace(tx: Tx, request: str, sealed: bytes) -> None:
    """Put another sealed number in place of a request's, unread; a worker finds its line anew."""
    drop(tx, request)
    put(tx, request, sealed)


def sealed_of(tx: Tx, request: str) -> bytes | None:
    """Give the sealed number of a request, None once it is erased."""
    return tx.execute(sa.select(vault.c.sealed).where(vault.c.request == request)).scalar()


def line_of(tx: Tx, request: str) -> str | None:
    """Give the line of a request, None before a worker has found it."""
    return tx.execute(LINE, {"of": request}).scalar()


def without_line(tx: Tx) -> Sequence[tuple[str, bytes]]:
    """Give the requests whose line no worker has found yet, with their sealed numbers."""
    return [(row.request, row.sealed) for row in tx.execute(WITHOUT_LINE)]


def line_of_caller(tx: Tx, caller: bytes) -> str | None:
    """Give the line of a telephone (its keyed hash), None where it has none."""
    return (
        tx.execute(sa.select(vault.c.line).where(vault.c.caller == caller, vault.c.line.is_not(None))).scalars().first()
    )


def join_line(tx: Tx, request: str, caller: bytes) -> None:
    """Put a request on the line of its telephone, a new random one where there is none yet (R27)."""
    line = line_of_caller(tx, caller) or new_id()
    change = sa.update(vault).where(vault.c.request == request, vault.c.line.is_(None))
    tx.execute(change.values(caller=caller, line=line))


def one_at_a_time(tx: Tx) -> None:
    """Let no other worker look for lines until this transaction ends: two at once could give one phone two lines.

    SQLite has one writer anyway.
    """
    if tx.dialect.name != "sqlite":
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(LINES)))


def drop(tx: Tx, request: str) -> None:
    """Erase the number of a request. What is left of its bytes is scrubbed by a worker."""
    tx.execute(sa.delete(vault).where(vault.c.request == request))


def set_line(tx: Tx, request: str, line: str) -> None:
    """Put a request that no telephone made on a line of its own."""
    tx.execute(sa.update(vault).where(vault.c.request == request).values(line=line))
