"""The vault: one row a request, its number sealed. Deleting the row is the shredding (idea 3)."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store.rows import new_id
from helpline.store.schema import vault


def put(tx: Connection, request: str, sealed: bytes) -> None:
    """Keep a sealed number. Only inserts, so that the public process needs no right to read."""
    tx.execute(sa.insert(vault).values(request=request, sealed=sealed))


def sealed_of(tx: Connection, request: str) -> bytes | None:
    """Give the sealed number of a request, None once it is erased."""
    return tx.execute(sa.select(vault.c.sealed).where(vault.c.request == request)).scalar()


def line_of(tx: Connection, request: str) -> str | None:
    """Give the line of a request, None before a worker has found it."""
    return tx.execute(sa.select(vault.c.line).where(vault.c.request == request)).scalar()


def without_line(tx: Connection) -> Sequence[tuple[str, bytes]]:
    """Give the requests whose line no worker has found yet, with their sealed numbers."""
    rows = tx.execute(sa.select(vault.c.request, vault.c.sealed).where(vault.c.line.is_(None)))
    return [(row.request, row.sealed) for row in rows]


def line_of_caller(tx: Connection, caller: bytes) -> str | None:
    """Give the line of a telephone (its keyed hash), None where it has none."""
    return (
        tx.execute(sa.select(vault.c.line).where(vault.c.caller == caller, vault.c.line.is_not(None))).scalars().first()
    )


def join_line(tx: Connection, request: str, caller: bytes) -> str:
    """Put a request on the line of its telephone, a new random one where there is none yet (R27)."""
    line = line_of_caller(tx, caller) or new_id()
    tx.execute(sa.update(vault).where(vault.c.request == request).values(caller=caller, line=line))
    return line
