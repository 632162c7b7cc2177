"""The vault: the sealed number of each request. Deleting a row destroys the number (docs/architecture.md)."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from helpline.request import requests
from helpline.request.model import CallbackRequest
from helpline.store import exclusive
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import request as request_table
from helpline.store.schema import vault
from helpline.store.sql import new_id

PUT = Fixed(sa.insert(vault))
LINE = Fixed(sa.select(vault.c.line).where(vault.c.request == sa.bindparam("of")))
WITH_LINE = Fixed(
    requests.AS_STORED.add_columns(vault.c.line)
    .outerjoin(vault, vault.c.request == request_table.c.id)
    .where(request_table.c.id == sa.bindparam("of"))
)
TELEPHONE = Fixed(sa.select(vault.c.caller, vault.c.line, vault.c.sealed).where(vault.c.request == sa.bindparam("of")))
LINE_OF_CALLER = Fixed(
    sa.select(vault.c.line).where(vault.c.caller == sa.bindparam("caller"), vault.c.line.is_not(None))
)
_other = vault.alias()
KNOWN = (
    sa.select(_other.c.line).where(_other.c.caller == sa.bindparam("by"), _other.c.line.is_not(None)).limit(1)
).scalar_subquery()
"""The line of the same telephone, if it has one."""
JOIN = Fixed(
    sa.update(vault)
    .where(vault.c.request == sa.bindparam("of"), vault.c.line.is_(None))
    .values(caller=sa.bindparam("by"), line=sa.func.coalesce(KNOWN, sa.bindparam("new", type_=vault.c.line.type)))
    .returning(vault.c.line)
)
NOT_HASHED = Fixed(sa.select(vault.c.request, vault.c.sealed).where(vault.c.caller.is_(None), vault.c.line.is_(None)))
WITHOUT_LINE = Fixed(
    sa.select(vault.c.request, vault.c.sealed, vault.c.caller)
    .where(vault.c.line.is_(None), sa.or_(vault.c.caller == sa.bindparam("caller"), vault.c.caller.is_(None)))
    .order_by(vault.c.request)
)
"""In the order in which `set_callers` locks rows, so that the two never wait for each other."""
HASHED = (
    sa.update(vault)
    .where(vault.c.request == sa.bindparam("of"), vault.c.sealed == sa.bindparam("of_sealed"), vault.c.caller.is_(None))
    .values(caller=sa.bindparam("hashed"))
)


def put(tx: Tx, request: str, sealed: bytes) -> None:
    """Store a sealed number. It only inserts, so that the public process needs no right to read."""
    tx.execute(PUT, {"request": request, "sealed": sealed})


def replace(tx: Tx, request: str, sealed: bytes) -> None:
    """Replace the sealed number of a request, without reading it. A worker then finds its line again."""
    drop(tx, request)
    put(tx, request, sealed)


def sealed_of(tx: Tx, request: str) -> bytes | None:
    """Return the sealed number of a request. None after it is erased."""
    return tx.execute(sa.select(vault.c.sealed).where(vault.c.request == request)).scalar()


def line_of(tx: Tx, request: str) -> str | None:
    """Return the line of a request. None before a worker has found it."""
    found: str | None = tx.execute(LINE, {"of": request}).scalar()
    return found


def with_line(tx: Tx, id: str) -> tuple[CallbackRequest | None, str | None]:
    """Return a request by its id, and its line as `line_of` does."""
    row = tx.execute(WITH_LINE, {"of": id}).first()
    return (requests.of_row(row), row.line) if row else (None, None)


def any_on_line(tx: Tx, line: str) -> str | None:
    """Return a request of a line whose number is still stored, or None."""
    return tx.execute(sa.select(vault.c.request).where(vault.c.line == line).limit(1)).scalar()


def telephone_of(tx: Tx, request: str) -> tuple[bytes | None, str | None, bytes] | None:
    """Return the keyed hash of the telephone of a request, its line, and its sealed number; None if that is erased."""
    row = tx.execute(TELEPHONE, {"of": request}).first()
    return (row.caller, row.line, row.sealed) if row else None


def without_line(tx: Tx, caller: bytes) -> Sequence[tuple[str, bytes, bytes | None]]:
    """Return the requests without a line that are, or may be, of a telephone.

    Each with its sealed number, and with the keyed hash of its telephone if that is known.
    """
    return [(row.request, row.sealed, row.caller) for row in tx.execute(WITHOUT_LINE, {"caller": caller})]


def not_hashed(tx: Tx) -> Sequence[tuple[str, bytes]]:
    """Return the requests whose telephone no worker has found yet, with their sealed numbers."""
    return [(row.request, row.sealed) for row in tx.execute(NOT_HASHED)]


def set_callers(tx: Tx, found: Sequence[tuple[str, bytes, bytes]]) -> None:
    """Store keyed hashes of telephones: request, sealed number, hash. Nothing is stored for a replaced number."""
    rows = [{"of": request, "of_sealed": sealed, "hashed": caller} for request, sealed, caller in sorted(found)]
    if rows:
        tx.execute(HASHED, rows)


def caller_of(tx: Tx, request: str) -> bytes | None:
    """Return the keyed hash of the telephone of a request. None before a worker has found its line."""
    return tx.execute(sa.select(vault.c.caller).where(vault.c.request == request)).scalar()


def line_of_caller(tx: Tx, caller: bytes) -> str | None:
    """Return the line of a telephone (found by its keyed hash), or None."""
    found: str | None = tx.execute(LINE_OF_CALLER, {"caller": caller}).scalar()
    return found


def join_line(tx: Tx, request: str, caller: bytes) -> tuple[str, bool]:
    """Put a request on the line of its telephone, or on a new random line if there is none yet (R27).

    Return the line, and whether others were on it. A number that was erased or joined before stays as it is.

    The request is locked first: its caller's withdrawal locks it, then erases its number.
    """
    requests.lock(tx, request)
    new = new_id()
    line: str = (
        tx.execute(JOIN, {"of": request, "by": caller, "new": new}).scalar() or line_of_caller(tx, caller) or new
    )
    return line, line != new


def hold_telephone(tx: Tx, request: str) -> None:
    """Keep the workers from doing anything about the telephone of a request until this transaction ends.

    A practice request has a line and no telephone.
    """
    caller, line, _ = telephone_of(tx, request) or (None, None, b"")
    if key := caller or (line or "").encode():
        exclusive.telephone(tx, key)


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
