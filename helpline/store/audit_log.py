"""The audit log: append-only, each row's code chained to the one before, so that a missing or changed row shows."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store.schema import audit

GENESIS = "0" * 64
CHAIN = 0x4B6F6D656C
"""The name of PostgreSQL's advisory lock around the newest row."""
LEFT = ("reveal", "bridged")
"""How a number leaves: to be read, or to be rung by the gateway. Each counts for the day (R49)."""
HEAD_LETTERS = 8
"""Of a row's code, as people compare it: 4 thousand million heads, and a forger has one try that nobody sees."""
LAST, ADD = sa.select(audit.c.mac).order_by(audit.c.seq.desc()).limit(1), sa.insert(audit)


AT_ONCE = 1_000
"""So many rows are held in memory while the whole chain is looked through."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: who did what to which request, or to what else has an id. `head`: the beginning of its code.

    `whole`: its code fits it and the row before it, where that was looked at.
    """

    seq: int
    at: datetime
    actor: str
    action: str
    ref: str
    head: str = ""
    whole: bool = True


def append(tx: Connection, key: bytes, at: datetime, actor: str, action: str, ref: str) -> None:
    """Write who did what to which request, ids only (R32, R35). `key` is the audit key."""
    if tx.dialect.name != "sqlite":  # two writers must not chain to the same row
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(CHAIN)))  # LOCK TABLE asks for the right to change rows
    before = tx.execute(LAST).scalar() or GENESIS
    mac = _mac(key, before, at, actor, action, ref)
    tx.execute(ADD, {"at": at, "actor": actor, "action": action, "ref": ref, "mac": mac})


def shown(tx: Connection, request: str, actors: Collection[str], since: datetime) -> bool:
    """Tell whether one of these was given the number of a request, or of a practice one, or was joined to her.

    Since an instant.
    """
    given = sa.and_(audit.c.ref == request, audit.c.action.in_((*LEFT, "practice")), audit.c.at >= since)
    return tx.execute(sa.select(audit.c.seq).where(given, audit.c.actor.in_(actors))).first() is not None


def broken_at(tx: Connection, key: bytes) -> int | None:
    """Give the number of the first row that was changed, or follows a missing one; None where the chain holds."""
    before = GENESIS
    with tx.execute(sa.select(audit).order_by(audit.c.seq).execution_options(yield_per=AT_ONCE)) as rows:
        for row in rows:
            if row.mac != _mac(key, before, row.at, row.actor, row.action, row.ref):
                return int(row.seq)
            before = row.mac
    return None


def head(tx: Connection) -> tuple[int, str]:
    """Give how many rows there are, and the beginning of the newest row's code, which stands for all of them."""
    rows = tx.execute(sa.select(sa.func.count()).select_from(audit)).scalar_one()
    last = tx.execute(LAST).scalar() or GENESIS
    return rows, last[:HEAD_LETTERS]


def has_head(tx: Connection, head: str) -> bool:
    """Tell whether some row's code begins with `head`: else the log was written anew, or rows at its end are gone."""
    return tx.execute(sa.select(audit.c.seq).where(audit.c.mac.startswith(head, autoescape=True))).first() is not None


def search(
    tx: Connection, *, ref: str = "", actor: str = "", action: str = "", since: datetime | None = None
) -> list[Entry]:
    """Give the rows about an id, by somebody, of a kind, from an instant on; what is left empty does not matter."""
    rows = sa.select(audit).order_by(audit.c.seq)
    for column, wanted in ((audit.c.ref, ref), (audit.c.actor, actor), (audit.c.action, action)):
        rows = rows.where(column == wanted) if wanted else rows
    rows = rows.where(audit.c.at >= since) if since else rows
    return [Entry(row.seq, row.at, row.actor, row.action, row.ref) for row in tx.execute(rows)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What rows are looked for; what is empty does not matter. `actors`: any of them did it; None, anybody.

    `since` and `until`: from and before an instant.
    """

    actors: frozenset[str] | None = None
    action: str = ""
    ref: str = ""
    since: datetime | None = None
    until: datetime | None = None


def page(tx: Connection, key: bytes, wanted: Wanted, offset: int, most: int) -> list[Entry]:
    """Give the rows that fit, the newest first, some at a time; each is looked at with the one before it."""
    earlier = audit.alias()
    last = sa.select(earlier.c.mac).where(earlier.c.seq < audit.c.seq).order_by(earlier.c.seq.desc()).limit(1)
    rows = sa.select(audit, last.scalar_subquery().label("before")).order_by(audit.c.seq.desc())
    if wanted.actors is not None:
        rows = rows.where(audit.c.actor.in_(sorted(wanted.actors)))
    rows = rows.where(audit.c.action == wanted.action) if wanted.action else rows
    rows = rows.where(audit.c.ref == wanted.ref) if wanted.ref else rows
    rows = rows.where(audit.c.at >= wanted.since) if wanted.since else rows
    rows = rows.where(audit.c.at < wanted.until) if wanted.until else rows
    return [_entry(row, key) for row in tx.execute(rows.offset(offset).limit(most))]


def _entry(row: sa.Row[Any], key: bytes) -> Entry:
    whole = row.mac == _mac(key, row.before or GENESIS, row.at, row.actor, row.action, row.ref)
    return Entry(row.seq, row.at, row.actor, row.action, row.ref, row.mac[:HEAD_LETTERS], whole)


def newest(tx: Connection, actions: Collection[str], most: int) -> list[Entry]:
    """Give the newest rows of some kinds, the newest first."""
    rows = sa.select(audit).where(audit.c.action.in_(actions)).order_by(audit.c.seq.desc()).limit(most)
    return [Entry(row.seq, row.at, row.actor, row.action, row.ref, row.mac[:HEAD_LETTERS]) for row in tx.execute(rows)]


def actions(tx: Connection) -> list[str]:
    """Give each action that stands in the log."""
    return list(tx.execute(sa.select(audit.c.action).distinct().order_by(audit.c.action)).scalars())


def count(tx: Connection, action: str, actor: str, since: datetime) -> int:
    """Count what somebody did since an instant."""
    rows = sa.select(sa.func.count()).select_from(audit)
    return tx.execute(rows.where(audit.c.action == action, audit.c.actor == actor, audit.c.at >= since)).scalar_one()


def _mac(key: bytes, before: str, at: datetime, actor: str, action: str, ref: str) -> str:
    row = "\n".join((before, at.isoformat(), actor, action, ref))
    return hashlib.blake2b(row.encode(), key=key, digest_size=32, person=b"audit").hexdigest()
