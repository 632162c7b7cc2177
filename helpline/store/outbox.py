"""The outbox: everything that is to happen, with the time when. Written in the transaction that causes it.

One row a thing to do (`kind:ref`): waking it again moves its time. A worker claims with a lease, acts, and
finishes in the effect's own transaction with the attempt as fencing token: whoever lost the lease rolls back.

A row of the outbox is a worker's for a minute. Whoever is late has lost it, and all that was done for it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store.schema import Instant, outbox
from helpline.store.sql import INSERT, insert_if_new

LEASE = timedelta(seconds=60)
"""Longer than the slowest effect: a gateway's timeout is 10 s."""
DEAD_AFTER = 40
MAY_DIE = frozenset({"sms", "receipt"})
"""Failures in a row after which these are given up: a text that nobody can open, a receipt that nobody can match."""
BACK_OFF_MOST = timedelta(minutes=5)
NOW = sa.bindparam("now", type_=Instant)
HELD = sa.and_(
    outbox.c.id == sa.bindparam("of"), outbox.c.state == "running", outbox.c.attempts == sa.bindparam("token")
)
DONE = sa.delete(outbox).where(HELD)
AGAIN = sa.update(outbox).where(HELD).values(state="ready", due=sa.bindparam("when"), lease=None, failures=0)
DROP = sa.delete(outbox).where(outbox.c.dedupe == sa.bindparam("of"), outbox.c.state == "ready")


@dataclass(frozen=True, slots=True)
class Due:
    """A row that this process has claimed. `attempt` is the fencing token."""

    id: int
    kind: str
    ref: str
    attempt: int


def wake(tx: Connection, kind: str, ref: str, due: datetime) -> None:
    """See to it that `kind` is done for `ref` at `due`; an earlier wake for the same is replaced.

    One statement, so that a row that is being finished at this instant cannot swallow it. `attempts` stays: it is
    the fencing token of whoever may be at work, who then rolls back.
    """
    fresh = {"due": due, "state": "ready", "lease": None, "error": None, "failures": 0}
    row = {"kind": kind, "ref": ref, "dedupe": f"{kind}:{ref}", "attempts": 0, **fresh}
    tx.execute(_wake(tx.dialect.name), row | {"when": due})


@cache
def _wake(dialect: str) -> sa.Executable:
    """Without `excluded`: PostgreSQL asks for the right to read what it names, which the public process has not."""
    row = INSERT[dialect](outbox)
    fresh = {"due": sa.bindparam("when", type_=outbox.c.due.type), "state": "ready", "lease": None, "error": None}
    return row.on_conflict_do_update(index_elements=[outbox.c.dedupe], set_=fresh | {"failures": 0})


def ensure(tx: Connection, kind: str, ref: str, due: datetime) -> None:
    """See to it that `kind` is in hand for `ref`; nothing changes where it is already."""
    values = {"kind": kind, "ref": ref, "dedupe": f"{kind}:{ref}", "due": due, "state": "ready"}
    insert_if_new(tx, outbox, values | {"attempts": 0, "failures": 0})


def claim(tx: Connection, now: datetime) -> Due | None:
    """Take a row whose worker died holding it, else the one that has been due longest.

    Asked for together, all that is due would be sorted for each row of it.
    """
    row = tx.execute(_take(tx.dialect.name), {"now": now, "held": now + LEASE}).first()
    return Due(row.id, row.kind, row.ref, row.attempts) if row else None


@cache
def _take(dialect: str) -> sa.Executable:
    ready, lost = outbox.c.state == "ready", sa.and_(outbox.c.state == "running", outbox.c.lease < NOW)
    first = (_first(dialect, here) for here in (lost, ready))
    return (
        sa.update(outbox)
        .where(outbox.c.id == sa.func.coalesce(*first), sa.or_(ready, lost))
        .values(state="running", lease=sa.bindparam("held"), attempts=outbox.c.attempts + 1)
        .returning(outbox.c.id, outbox.c.kind, outbox.c.ref, outbox.c.attempts)
    )


def _first(dialect: str, here: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    rows = sa.select(outbox.c.id).where(here, outbox.c.due <= NOW).order_by(outbox.c.due, outbox.c.id).limit(1)
    return (rows if dialect == "sqlite" else rows.with_for_update(skip_locked=True)).scalar_subquery()


def newest(tx: Connection) -> int:
    """Give the number of the newest row: what is written after it is told from what was there."""
    return tx.execute(sa.select(sa.func.max(outbox.c.id))).scalar() or 0


def sends_since(tx: Connection, row: int) -> list[str]:
    """Give the ids of the texts that were let go after a row."""
    rows = sa.select(outbox.c.ref).where(outbox.c.id > row, outbox.c.kind == "send")
    return list(tx.execute(rows.order_by(outbox.c.id)).scalars())


def finish(tx: Connection, due: Due, again: datetime | None = None) -> bool:
    """End a claim in the transaction of its effect; false where the claim was lost, and all must be rolled back."""
    held = {"of": due.id, "token": due.attempt}
    if again is None:
        return tx.execute(DONE, held).rowcount == 1
    return tx.execute(AGAIN, {**held, "when": again}).rowcount == 1


def put_back(tx: Connection, due: Due, now: datetime, error: str) -> bool:
    """Give a failed row back with a back-off; true where it has failed so often in a row that it is given up.

    What a life hangs on is never given up: it is tried again every few minutes for as long as it takes.
    """
    held = sa.and_(outbox.c.id == due.id, outbox.c.state == "running", outbox.c.attempts == due.attempt)
    failures = (tx.execute(sa.select(outbox.c.failures).where(held)).scalar() or 0) + 1
    dead = failures >= DEAD_AFTER and due.kind in MAY_DIE
    wait = min(timedelta(seconds=0.3) * 2 ** min(failures, 12), BACK_OFF_MOST)
    values = {"state": "dead" if dead else "ready", "due": now + wait, "lease": None, "error": error[:64]}
    return tx.execute(sa.update(outbox).where(held).values(failures=failures, **values)).rowcount == 1 and dead


def others_due(tx: Connection, kind: str, ref: str, now: datetime) -> bool:
    """Tell whether the same is due for anything else."""
    waits = sa.and_(outbox.c.kind == kind, outbox.c.ref != ref, outbox.c.state == "ready", outbox.c.due <= now)
    return tx.execute(sa.select(outbox.c.id).where(waits).limit(1)).first() is not None


def backlog(tx: Connection, now: datetime) -> tuple[int, float]:
    """Give how many rows are due and how long, in seconds, the oldest has been."""
    free = sa.or_(outbox.c.state == "ready", sa.and_(outbox.c.state == "running", outbox.c.lease < now))
    row = tx.execute(sa.select(sa.func.count(), sa.func.min(outbox.c.due)).where(free, outbox.c.due <= now)).one()
    return row[0], (now - row[1]).total_seconds() if row[1] else 0.0


def drop(tx: Connection, kind: str, ref: str) -> None:
    """Forget a thing to do that has lost its reason."""
    tx.execute(DROP, {"of": f"{kind}:{ref}"})


def dead(tx: Connection) -> int:
    """Count what was given up; a person must look."""
    return tx.execute(sa.select(sa.func.count()).select_from(outbox).where(outbox.c.state == "dead")).scalar_one()


class LostLease(Exception):
    """Somebody else has this row by now: everything done for it is rolled back."""


def finish_leased(tx: Connection, due: Due, again: datetime | None = None) -> None:
    """Finish a row in the transaction of its effect; `again`: when it is due once more. Raises `LostLease`."""
    if not finish(tx, due, again):
        raise LostLease
