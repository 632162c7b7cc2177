"""The vault: the sealed number of each request. Deleting a row destroys the number (docs/architecture.md)."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from helpline.store.engine import Tx
from helpline.store.schema import vault
from helpline.store.sql import new_id

LINES = 0x4B6F6D656B
"""The name of PostgreSQL's advisory lock: "Komek" in ASCII."""
LINE = sa.select(vault.c.line).where(vault.c.request == sa.bindparam("of"))
WITHOUT_LINE = sa.select(vault.c.request, vault.c.sealed).where(vault.c.line.is_(None))


def put(tx: Tx, request: str, sealed: bytes) -> None:
    """Store a sealed number. It only inserts, so that the public process needs no right to read."""
    tx.execute(sa.insert(vault).values(request=request, sealed=sealed))


def replace(tx: Tx, request: str, sealed: bytes) -> None:
    """Replace the sealed number of a request, without reading it. A worker then finds its line again."""
    drop(tx, request)
    put(tx, request, sealed)


def sealed_of(tx: Tx, request: str) -> bytes | None:
    """Return the sealed number of a request. None after it is erased."""
    return tx.execute(sa.select(vault.c.sealed).where(vault.c.request == request)).scalar()


def line_of(tx: Tx, request: str) -> str | None:
    """Return the line of a request. None before a worker has found it."""
    return tx.execute(LINE, {"of": request}).scalar()


def without_line(tx: Tx) -> Sequence[tuple[str, bytes]]:
    """Return the requests whose line no worker has found yet, with their sealed numbers."""
    return [(row.request, row.sealed) for row in tx.execute(WITHOUT_LINE)]


def caller_of(tx: Tx, request: str) -> bytes | None:
    """Return the keyed hash of the telephone of a request. None before a worker has found its line."""
    return tx.execute(sa.select(vault.c.caller).where(vault.c.request == request)).scalar()


def line_of_caller(tx: Tx, caller: bytes) -> str | None:
    """Return the line of a telephone (found by its keyed hash), or None."""
    rows = sa.select(vault.c.line).where(vault.c.caller == caller, vault.c.line.is_not(None))
    return tx.execute(rows).scalars().first()


def join_line(tx: Tx, request: str, caller: bytes) -> str:
    """Put a request on the line of its telephone, or on a new random line if there is none yet (R27). Return it."""
    line = line_of_caller(tx, caller) or new_id()
    change = sa.update(vault).where(vault.c.request == request, vault.c.line.is_(None))
    tx.execute(change.values(caller=caller, line=line))
    return line


def one_at_a_time(tx: Tx) -> None:
    """Keep other workers from finding lines until this transaction ends: two at once could give one phone two lines.

    SQLite has one writer anyway.
    """
    if tx.dialect.name != "sqlite":
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(LINES)))


def drop(tx: Tx, request: str) -> None:
    """Erase the number of a request. A worker later removes the deleted bytes."""
    tx.execute(sa.delete(vault).where(vault.c.request == request))


def set_line(tx: Tx, request: str, line: str) -> None:
    """Put a request that came from no telephone on a line of its own."""
    tx.execute(sa.update(vault).where(vault.c.request == request).values(line=line))


def everything(tx: Tx) -> Iterator[tuple[str, bytes]]:
    """Yield each request that has a number, with the sealed number."""
    with tx.execute(sa.select(vault.c.request, vault.c.sealed).execution_options(yield_per=1000)) as rows:
        for row in rows:
            yield row.request, row.sealed
