"""Select the rows of a backup, in two parts that are stored apart (idea 3), and insert them into an empty database.

    main           no number, nothing sealed, no hash of a number, session or code, no phone line, no hour. Requests
                   are reduced to what is counted. Old main parts may be kept.
    with numbers   the open requests, whole, with their numbers, offers, notes and pending outbox rows; also locks and
                   console accounts. Only the newest is kept: it says which callers may still be called.

Neither part has short-lived rows: inbound texts other than STOP, replies to callers (sending one again would be
unasked, R12), dialogues, consent screens just shown, bridged calls, sessions and drafts of the console.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from helpline.core.clock import instant, micros
from helpline.core.ports import Delivery
from helpline.request import tombstones
from helpline.request.model import OVER
from helpline.store.engine import Tx
from helpline.store.schema import Instant, inbox, message, metadata, outbox, request, vault
from helpline.store.sql import day_of

MAIN = ("service", "contact", "desk", "term", "hsds", "test_call", "harm", "figure", "audit", "review_mark")
"""Tables that are whole in the main part. It also has `request`, reduced."""
NEWEST_WHOLE = (
    "gone", "block", "lock", "assent", "contact_change", "person", "passkey", "recovery", "departure", "desk_code",
    "lost_phone",
)  # fmt: skip
"""Tables that are whole in the part with numbers only. An old state of them would do harm: a lock would be off again,
or a dismissed person could sign in again. Abandoned calls of the current month are small counts (R36)."""
OF_OPEN_REQUESTS = ("vault", "offer", "attempt", "note", "waitlist")
"""The part with numbers has the rows of open requests of these tables."""
NOT_REPEATED = ("sms", "order", "receipt", "bridge", "untaken", "cry", "cries", "event")
"""Kinds of outbox rows that are not copied: they refer to rows that are not copied, or are news of that hour."""
AT_ONCE = 500
"""Rows that are read or inserted at once."""

Row = tuple[str, dict[str, Any]]


def main_rows(tx: Tx) -> Iterator[Row]:
    """Yield the rows of the main part."""
    for name in MAIN:
        yield from _rows(tx, name)
    for name, row in _rows(tx, "request"):
        yield name, row | tombstones.counted(row["created"]) | {"expires": day_of(row["expires"])}


def rows_with_numbers(tx: Tx) -> Iterator[Row]:
    """Yield the rows of the part with numbers, for the open requests that have a number."""
    live = (
        sa.select(request.c.id)
        .join(vault, vault.c.request == request.c.id)
        .where(request.c.state.not_in([state.value for state in OVER]))
    )
    unsent = (Delivery.QUEUED.value, Delivery.SENDING.value, Delivery.UNKNOWN.value)
    about = sa.or_(message.c.request.is_(None), message.c.request.in_(live))
    texts = sa.and_(message.c.to != "caller", message.c.state.in_(unsent), about)
    yield from _rows(tx, "request", request.c.id.in_(live))
    for name in OF_OPEN_REQUESTS:
        yield from _rows(tx, name, metadata.tables[name].c.request.in_(live))
    yield from _rows(tx, "message", texts)
    yield from _rows(tx, "inbox", sa.and_(inbox.c.kind == "stop", inbox.c.done.is_(None)))
    for name in NEWEST_WHOLE:
        yield from _rows(tx, name)
    sends = sa.or_(outbox.c.kind != "send", outbox.c.ref.in_(sa.select(message.c.id).where(texts)))
    for name, row in _rows(tx, "outbox", sa.and_(outbox.c.kind.not_in(NOT_REPEATED), sends)):
        row.pop("id")
        yield name, row | {"state": "ready", "lease": None, "attempts": 0, "failures": 0, "error": None}


def all_rows(tx: Tx) -> Iterator[Row]:
    """Yield every row of every table. For another database of the same service, never for a file."""
    for name in metadata.tables:
        yield from _rows(tx, name)


def fingerprints(tx: Tx) -> dict[str, tuple[int, int]]:
    """Return for each table how many rows it has, and the sum of their hashes, which does not depend on their order."""
    found = {}
    for name in metadata.tables:
        count = total = 0
        for row in _rows(tx, name):
            count += 1
            total += int.from_bytes(hashlib.sha256(json.dumps(to_json(row), sort_keys=True).encode()).digest())
        found[name] = (count, total % 2**256)
    return found


def close_for_good(tx: Tx) -> None:
    """Make a database unusable for processes that still have it open: what they would save there would be lost."""
    tx.execute(sa.text("alter table request rename to moved_request"))


def is_closed_for_good(tx: Tx) -> bool:
    """Whether everything in this database was moved to another one."""
    return sa.inspect(tx.connection).has_table("moved_request")


def _rows(tx: Tx, name: str, which: sa.ColumnElement[bool] | None = None) -> Iterator[Row]:
    table = metadata.tables[name]
    found = sa.select(table) if which is None else sa.select(table).where(which)
    with tx.execute(found.execution_options(yield_per=AT_ONCE)) as rows:
        for row in rows.mappings():
            yield name, {str(column): value for column, value in row.items()}


def to_json(row: Row) -> list[Any]:
    """Return a row as JSON values: instants as microseconds, bytes as base64."""
    name, values = row
    columns = metadata.tables[name].c
    return [name, {column: _encode(columns[column].type, value) for column, value in values.items()}]


def from_json(line: list[Any]) -> Row:
    """Return the row that `to_json` encoded."""
    name, values = line
    columns = metadata.tables[name].c
    return name, {column: _decode(columns[column].type, value) for column, value in values.items()}


def _encode(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Instant):
        return micros(value)
    return base64.b64encode(value).decode() if isinstance(kind, sa.LargeBinary) else value


def _decode(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Instant):
        return instant(value)
    return base64.b64decode(value) if isinstance(kind, sa.LargeBinary) else value


def filled_tables(tx: Tx) -> list[str]:
    """Return the names of the tables that have rows. Heartbeats do not count."""
    tables = [table for name, table in metadata.tables.items() if name != "beat"]
    return sorted(t.name for t in tables if tx.execute(sa.select(sa.literal(1)).select_from(t).limit(1)).first())


def insert(tx: Tx, rows: Iterable[Row]) -> int:
    """Insert rows in batches and return their number."""
    held: dict[str, list[Mapping[str, Any]]] = {}
    count = 0
    for name, values in rows:
        count += 1
        held.setdefault(name, []).append(values)
        if len(held[name]) == AT_ONCE:
            tx.execute(sa.insert(metadata.tables[name]), held.pop(name))
    for name, waiting in held.items():
        tx.execute(sa.insert(metadata.tables[name]), waiting)
    _continue_sequences(tx)
    return count


def _continue_sequences(tx: Tx) -> None:
    """Make PostgreSQL number new rows after the inserted ones. SQLite does so by itself."""
    if tx.dialect.name == "sqlite":
        return
    for table in metadata.tables.values():
        column = table.autoincrement_column
        if column is not None:
            named = sa.func.pg_get_serial_sequence(table.name, column.name)
            last = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
            tx.execute(sa.select(sa.func.setval(named, last, sa.false())))


def closed_ids(tx: Tx) -> frozenset[str]:
    """Return the ids of requests that are over."""
    ended = request.c.state.in_([state.value for state in OVER])
    return frozenset(tx.execute(sa.select(request.c.id).where(ended)).scalars())


def delete_requests(tx: Tx, ids: Iterable[str]) -> None:
    """Delete reduced requests, so that their whole rows can be inserted."""
    for id in ids:
        tx.execute(sa.delete(request).where(request.c.id == id))


def open_without_number(tx: Tx) -> list[str]:
    """Return the ids of open requests without a number. Nobody can call them."""
    ended = request.c.state.in_([state.value for state in OVER])
    known = sa.select(vault.c.request)
    return list(tx.execute(sa.select(request.c.id).where(~ended, request.c.id.not_in(known))).scalars())


def open_ids(tx: Tx) -> list[str]:
    """Return the ids of open requests."""
    ended = request.c.state.in_([state.value for state in OVER])
    return list(tx.execute(sa.select(request.c.id).where(~ended)).scalars())
