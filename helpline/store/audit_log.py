"""The audit log. It is append-only, and each row's code covers the row before, so a missing or changed row shows."""

import hashlib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from helpline.store.engine import Tx
from helpline.store.schema import audit

GENESIS = "0" * 64
CHAIN = 0x4B6F6D656C
"""The key of PostgreSQL's advisory lock around the newest row."""
NUMBER_LEFT = ("reveal", "bridged")
"""How a number leaves: shown to be read, or called by the gateway. Both count for the day's limit (R49)."""
LEFT = (*NUMBER_LEFT, "practice")
"""The same, and that of a practice request."""
HEAD_LETTERS = 8
"""Letters of a row's code that people compare. There are 4 thousand million heads, and a forger has one unnoticed
try."""
SHORT_LETTERS = 6
SHORT_CODE = re.compile(f"[0-9a-f]{{{SHORT_LETTERS}}}")
"""How the id of a request begins. Coordinators name it to each other, and it stays in the log when the request is
purged."""
LAST, ADD = sa.select(audit.c.mac).order_by(audit.c.seq.desc()).limit(1), sa.insert(audit)


AT_ONCE = 1_000
"""Rows held in memory while the whole chain is checked."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: who did what to which request, or to something else with an id."""

    seq: int
    at: datetime
    actor: str
    action: str
    ref: str
    head: str = ""
    """The beginning of its code."""
    whole: bool = True
    """Whether its code fits it and the row before it, if that was checked."""


def append(tx: Tx, key: bytes, at: datetime, actor: str, action: str, ref: str) -> None:
    """Add a row: who did what to which request, ids only (R32, R35). `key` is the audit key."""
    _wait_for_others(tx)
    before = tx.execute(LAST).scalar() or GENESIS
    mac = _mac(key, before, at, actor, action, ref)
    tx.execute(ADD, {"at": at, "actor": actor, "action": action, "ref": ref, "mac": mac})


def append_once(tx: Tx, key: bytes, actor: str, action: str, ref: str, within: timedelta) -> None:
    """Add a row, unless the actor did the same lately. Of two transactions at once, one adds it."""
    _wait_for_others(tx)
    if not did(tx, actor, action, ref, within):
        append(tx, key, tx.now, actor, action, ref)


def did(tx: Tx, actor: str, action: str, ref: str, within: timedelta) -> bool:
    """Whether an actor did this lately. A row of another process may be a moment ahead of this transaction's time."""
    same = sa.and_(audit.c.actor == actor, audit.c.action == action, audit.c.ref == ref)
    lately = audit.c.at.between(tx.now - within, tx.now + within)
    return tx.execute(sa.select(audit.c.seq).where(same, lately)).first() is not None


def _wait_for_others(tx: Tx) -> None:
    """Wait until no other transaction adds rows: two writers must not chain to the same row."""
    if tx.dialect.name != "sqlite":
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(CHAIN)))  # LOCK TABLE needs the right to change rows


def was_shown(tx: Tx, request: str, actors: Collection[str], since: datetime) -> bool:
    """Whether one of these actors was given a number since an instant.

    It may be the number of the request or of a practice request, or a bridged call to the caller.
    """
    given = sa.and_(audit.c.ref == request, audit.c.action.in_(LEFT), audit.c.at >= since)
    return tx.execute(sa.select(audit.c.seq).where(given, audit.c.actor.in_(actors))).first() is not None


def is_logged(
    tx: Tx, key: bytes, request: str, actors: Collection[str], at: datetime, actions: Collection[str] = LEFT
) -> bool:  # fmt: skip
    """Whether one of these actors did one of these things to a request at an instant, by rows of the unbroken chain.

    Without `actions`: whether the number of the request was given to one of them.
    """
    rows = _with_row_before().where(audit.c.ref == request, audit.c.at == at, audit.c.action.in_(actions))
    return any(row.actor in actors and _entry(row, key).whole for row in tx.execute(rows).all())


def broken_at(tx: Tx, key: bytes, since: int = 0, read: Callable[[int], None] | None = None) -> int | None:
    """Return the number of the first row that was changed or follows a missing one; None if the chain holds.

    Begin with the row `since`. `read` is called after every thousand rows with how many were read.
    """
    earlier = sa.select(audit.c.mac).where(audit.c.seq < since).order_by(audit.c.seq.desc()).limit(1)
    before = tx.execute(earlier).scalar() or GENESIS
    chain = sa.select(audit).where(audit.c.seq >= since).order_by(audit.c.seq)
    with tx.execute(chain.execution_options(yield_per=AT_ONCE)) as rows:
        for at, row in enumerate(rows, 1):
            if row.mac != _mac(key, before, row.at, row.actor, row.action, row.ref):
                return int(row.seq)
            before = row.mac
            if read and at % AT_ONCE == 0:
                read(at)
    return None


def head(tx: Tx) -> tuple[int, str]:
    """Return how many rows there are, and the beginning of the newest row's code, which stands for all of them."""
    rows = tx.execute(sa.select(sa.func.count()).select_from(audit)).scalar_one()
    last = tx.execute(LAST).scalar() or GENESIS
    return rows, last[:HEAD_LETTERS]


def has_head(tx: Tx, head: str) -> bool:
    """Whether the code of some row begins with `head`.

    If not, the log was rewritten, or rows at its end are missing.
    """
    return tx.execute(sa.select(audit.c.seq).where(audit.c.mac.startswith(head, autoescape=True))).first() is not None


def search(tx: Tx, *, ref: str = "", actor: str = "", action: str = "", since: datetime | None = None) -> list[Entry]:
    """Return the rows that fit. An empty condition fits every row."""
    rows = sa.select(audit).order_by(audit.c.seq)
    for column, wanted in ((audit.c.ref, ref), (audit.c.actor, actor), (audit.c.action, action)):
        rows = rows.where(column == wanted) if wanted else rows
    rows = rows.where(audit.c.at >= since) if since else rows
    return [Entry(row.seq, row.at, row.actor, row.action, row.ref) for row in tx.execute(rows)]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows to read. An empty condition fits every row."""

    actors: frozenset[str] | None = None
    """Any of them did it; None means anybody."""
    around: frozenset[str] | None = None
    """Any of them did it, or it was about one of them; None means everything."""
    action: str = ""
    ref: str = ""
    """The id that it was about, or the short code of a request: how its id begins."""
    since: datetime | None = None
    """At or after this instant."""
    until: datetime | None = None
    """Before this instant."""


def page(tx: Tx, key: bytes, wanted: Filter, offset: int, most: int) -> list[Entry]:
    """Return some of the rows that fit, newest first. Each is checked against the row before it."""
    rows = _with_row_before().order_by(audit.c.seq.desc())
    if wanted.actors is not None:
        rows = rows.where(audit.c.actor.in_(sorted(wanted.actors)))
    rows = rows.where(audit.c.action == wanted.action) if wanted.action else rows
    if wanted.around is not None:
        of = sorted(wanted.around)
        rows = rows.where(sa.or_(audit.c.actor.in_(of), audit.c.ref.in_(of)))
    is_short = SHORT_CODE.fullmatch(wanted.ref)
    about = audit.c.ref.between(wanted.ref, f"{wanted.ref}g") if is_short else audit.c.ref == wanted.ref
    rows = rows.where(about) if wanted.ref else rows
    rows = rows.where(audit.c.at >= wanted.since) if wanted.since else rows
    rows = rows.where(audit.c.at < wanted.until) if wanted.until else rows
    return [_entry(row, key) for row in tx.execute(rows.offset(offset).limit(most))]


def _with_row_before() -> sa.Select[Any]:
    earlier = audit.alias()
    last = sa.select(earlier.c.mac).where(earlier.c.seq < audit.c.seq).order_by(earlier.c.seq.desc()).limit(1)
    return sa.select(audit, last.scalar_subquery().label("before"))


def _entry(row: sa.Row[Any], key: bytes) -> Entry:
    whole = row.mac == _mac(key, row.before or GENESIS, row.at, row.actor, row.action, row.ref)
    return Entry(row.seq, row.at, row.actor, row.action, row.ref, row.mac[:HEAD_LETTERS], whole)


def newest(tx: Tx, actions: Collection[str], most: int) -> list[Entry]:
    """Return the newest rows of some kinds, newest first."""
    rows = sa.select(audit).where(audit.c.action.in_(actions)).order_by(audit.c.seq.desc()).limit(most)
    return [Entry(row.seq, row.at, row.actor, row.action, row.ref, row.mac[:HEAD_LETTERS]) for row in tx.execute(rows)]


def actions(tx: Tx) -> list[str]:
    """Return all actions that occur in the log."""
    return list(tx.execute(sa.select(audit.c.action).distinct().order_by(audit.c.action)).scalars())


def count(tx: Tx, actions: Collection[str], actors: Collection[str], since: datetime) -> int:
    """Return how often these actors did one of these things since an instant."""
    done = sa.and_(audit.c.action.in_(actions), audit.c.actor.in_(actors), audit.c.at >= since)
    return tx.execute(sa.select(sa.func.count()).select_from(audit).where(done)).scalar_one()


def _mac(key: bytes, before: str, at: datetime, actor: str, action: str, ref: str) -> str:
    row = "\n".join((before, at.isoformat(), actor, action, ref))
    return hashlib.blake2b(row.encode(), key=key, digest_size=32, person=b"audit").hexdigest()
