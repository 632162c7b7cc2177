"""What a copy of the database holds, in two parts that live apart (idea 3), and how it gets back into an empty one.

    main           no number, nothing sealed, no hash of a number, of a session or of a code, no line, no hour:
                   of requests only what counts. It may be kept.
    with numbers   the requests that are not over, whole, with their numbers, offers and notes, and what is to happen
                   to them; locks, and who may sign in. Only the newest is kept: it says at once who may still be rung.

Neither part has what is on its way for seconds: texts that came in, replies to callers (one that is sent again would
be unasked, R12), dialogues, consent screens just shown, calls that are being joined.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.core.clock import instant
from helpline.core.ports import Delivery
from helpline.request import tombstones
from helpline.request.model import OVER
from helpline.store.schema import Instant, inbox, message, metadata, outbox, request, vault
from helpline.store.sql import day_of

MAIN = ("service", "contact", "desk", "term", "hsds", "test_call", "harm", "figure", "audit")
NEWEST_WHOLE = ("gone", "block", "lock", "assent", "contact_change", "person", "passkey", "recovery", "departure")
"""Of these an older state would do harm: a lock that is off again, somebody dismissed who may sign in again. And counts
of a month that is not over may be small: they are in no copy that is kept (R36)."""
WITH_NUMBERS = ("vault", "offer", "attempt", "note", "waitlist", "message", "outbox", "inbox", *NEWEST_WHOLE)
"""`request` is in both: reduced to counts in the one, whole in the other."""
NOT_COPIED = ("talk", "dialogue", "beat", "invitation", "web_session", "login_try", "spent", "draft", "bridge")
NOT_REPEATED = ("sms", "receipt", "bridge", "untaken")
"""Kinds of the outbox that speak of what is not copied."""
AT_ONCE = 500

Row = tuple[str, dict[str, Any]]


def main(tx: Connection) -> Iterator[Row]:
    """Give the rows of the main part."""
    for name in MAIN:
        yield from _rows(tx, name)
    for name, row in _rows(tx, "request"):
        yield name, row | tombstones.counted(row["created"]) | {"expires": day_of(row["expires"])}


def with_numbers(tx: Connection) -> Iterator[Row]:
    """Give the rows of the part with numbers: of requests that are not over, and have one."""
    live = (
        sa.select(request.c.id)
        .join(vault, vault.c.request == request.c.id)
        .where(request.c.state.not_in([state.value for state in OVER]))
    )
    unsent = (Delivery.QUEUED.value, Delivery.SENDING.value, Delivery.UNKNOWN.value)
    about = sa.or_(message.c.request.is_(None), message.c.request.in_(live))
    letters = sa.and_(message.c.to != "caller", message.c.state.in_(unsent), about)
    yield from _rows(tx, "request", request.c.id.in_(live))
    for name in ("vault", "offer", "attempt", "note", "waitlist"):
        yield from _rows(tx, name, metadata.tables[name].c.request.in_(live))
    yield from _rows(tx, "message", letters)
    yield from _rows(tx, "inbox", sa.and_(inbox.c.kind == "stop", inbox.c.done.is_(None)))
    for name in NEWEST_WHOLE:
        yield from _rows(tx, name)
    sends = sa.or_(outbox.c.kind != "send", outbox.c.ref.in_(sa.select(message.c.id).where(letters)))
    for name, row in _rows(tx, "outbox", sa.and_(outbox.c.kind.not_in(NOT_REPEATED), sends)):
        row.pop("id")
        yield name, row | {"state": "ready", "lease": None, "attempts": 0, "failures": 0, "error": None}


def _rows(tx: Connection, name: str, which: sa.ColumnElement[bool] | None = None) -> Iterator[Row]:
    table = metadata.tables[name]
    found = sa.select(table) if which is None else sa.select(table).where(which)
    for row in tx.execute(found, execution_options={"yield_per": AT_ONCE}).mappings():
        yield name, {str(column): value for column, value in row.items()}


def written(row: Row) -> list[Any]:
    """Give a row as JSON can hold it: instants as microseconds, bytes as base64."""
    name, values = row
    columns = metadata.tables[name].c
    return [name, {column: _out(columns[column].type, value) for column, value in values.items()}]


def read(line: list[Any]) -> Row:
    """Give back the row that `written` gave."""
    name, values = line
    columns = metadata.tables[name].c
    return name, {column: _in(columns[column].type, value) for column, value in values.items()}


def _out(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Instant):
        return kind.process_bind_param(value, None)
    return base64.b64encode(value).decode() if isinstance(kind, sa.LargeBinary) else value


def _in(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Instant):
        return instant(value)
    return base64.b64decode(value) if isinstance(kind, sa.LargeBinary) else value


def filled(tx: Connection) -> list[str]:
    """Name the tables that hold anything; signs of life do not count."""
    tables = [table for name, table in metadata.tables.items() if name != "beat"]
    return sorted(t.name for t in tables if tx.execute(sa.select(sa.literal(1)).select_from(t).limit(1)).first())


def put(tx: Connection, rows: Iterable[Row]) -> int:
    """Insert rows, many at once; give how many."""
    held: dict[str, list[Mapping[str, Any]]] = {}
    count = 0
    for name, values in rows:
        count += 1
        held.setdefault(name, []).append(values)
        if len(held[name]) == AT_ONCE:
            tx.execute(sa.insert(metadata.tables[name]), held.pop(name))
    for name, waiting in held.items():
        tx.execute(sa.insert(metadata.tables[name]), waiting)
    _count_on(tx)
    return count


def _count_on(tx: Connection) -> None:
    """Let PostgreSQL number new rows after those that came with their numbers; SQLite does so by itself."""
    if tx.dialect.name == "sqlite":
        return
    for table in metadata.tables.values():
        column = table.autoincrement_column
        if column is not None:
            named = sa.func.pg_get_serial_sequence(table.name, column.name)
            last = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
            tx.execute(sa.select(sa.func.setval(named, last, sa.false())))


def over(tx: Connection) -> frozenset[str]:
    """Give the ids of requests that are over."""
    ended = request.c.state.in_([state.value for state in OVER])
    return frozenset(tx.execute(sa.select(request.c.id).where(ended)).scalars())


def remove(tx: Connection, ids: Iterable[str]) -> None:
    """Take requests away, to make room for their whole rows."""
    for id in ids:
        tx.execute(sa.delete(request).where(request.c.id == id))


def without_number(tx: Connection) -> list[str]:
    """Give the ids of requests that are not over and have no number: nobody can ring them."""
    ended = request.c.state.in_([state.value for state in OVER])
    known = sa.select(vault.c.request)
    return list(tx.execute(sa.select(request.c.id).where(~ended, request.c.id.not_in(known))).scalars())


def live(tx: Connection) -> list[str]:
    """Give the ids of requests that are not over."""
    ended = request.c.state.in_([state.value for state in OVER])
    return list(tx.execute(sa.select(request.c.id).where(~ended)).scalars())
