"""The outbox: everything that is to be done, with the time and the queue. Written in the transaction that causes it.

There is one row for each thing to do (`kind:ref`); waking it again moves its time. A worker claims a row with a lease
(`LEASE`), acts, and finishes the row in the transaction of its effect. The number of the attempt is the fencing token:
a worker that is late has lost its lease, and everything that it did for the row is rolled back.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa

from helpline.core.jobs import JOB_OF, KINDS, QUEUE_OF, SENDS, Job, Queue
from helpline.store import exclusive
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import Instant, outbox
from helpline.store.sql import INSERT, insert_if_new

LEASE = timedelta(seconds=60)
"""Longer than the slowest effect: a gateway's timeout is 10 s."""
IN_HAND = timedelta(seconds=15)
"""So long other texts to the same recipient wait for one that a worker has claimed, unless it is done sooner. It is
longer than any gateway is waited for, and much shorter than the lease: a worker that dies must not delay danger so."""
BRIEF_LEASE = timedelta(seconds=12)
"""For `BRIEF` jobs. A host that was cut off may have claimed the row of a request, which is then offered by another one
within 15 s. It is longer than a statement or SQLite's lock may be waited for. A slower worker rolls everything back."""
BRIEF = frozenset(job for job, queue in QUEUE_OF.items() if queue is not Queue.LOW) - {
    Job.CALL_SERVICES, Job.SEND_MESSAGES, Job.SEND_URGENT, Job.UPDATE_DIRECTORY,
}  # fmt: skip
"""Jobs whose rows take one short transaction each. A text in a worker's hands may be at the gateway: if another worker
took it sooner, it could go out twice."""
LONG_LEASE = timedelta(minutes=20)
"""For counting a month: longer than its job may take."""
LATE = {Queue.DEFAULT: timedelta(minutes=5), Queue.LOW: timedelta(minutes=30)}
"""After so long a row no longer makes way for more urgent ones: a flood must not stop offers or erasure (R34)."""
DEAD_AFTER = 40
"""Failures in a row after which a row of `MAY_DIE` is given up."""
MAY_DIE = frozenset({"order", "receipt", "sms"})
"""A text that no key opens, a receipt that matches no text."""
BACK_OFF_MOST = timedelta(minutes=5)
NOW = sa.bindparam("now", type_=Instant)
LEASE_NOW = sa.bindparam("lease_now", type_=Instant)
"""On several hosts leases go by the clock of the database, and all other times by that of the host."""
KNOWN = frozenset(kind for _, kind in JOB_OF)
"""The kinds of rows that this version does."""
EVERY_QUEUE = tuple(queue.value for queue in Queue)
"""Named in statements about all queues: the indexes begin with state and queue."""
READY = sa.and_(outbox.c.state == "ready", outbox.c.due <= NOW)
LOST = sa.and_(outbox.c.state == "running", outbox.c.lease < LEASE_NOW, outbox.c.due <= NOW)
"""Rows whose worker died, or has lost them."""
HELD = sa.and_(
    outbox.c.id == sa.bindparam("of"), outbox.c.state == "running", outbox.c.attempts == sa.bindparam("token")
)
MISPLACED = (
    sa.select(outbox.c.queue, outbox.c.kind)
    .distinct()
    .where(
        READY,
        sa.not_(
            sa.or_(
                *(
                    sa.and_(
                        outbox.c.queue == queue.value,
                        outbox.c.kind.in_([kind for kinds in jobs.values() for kind in kinds]),
                    )
                    for queue, jobs in KINDS.items()
                )
            )
        ),
    )
)
"""Due rows of a kind that no job does on their queue."""
DONE = Fixed(sa.delete(outbox).where(HELD))
AGAIN = Fixed(
    sa.update(outbox).where(HELD).values(state="ready", due=sa.bindparam("when"), lease=None, failures=0, channel=None)
)
WAIT_FOR = Fixed(sa.update(outbox).where(HELD).values(state="ready", lease=None, channel=sa.bindparam("by")))
DROP = Fixed(sa.delete(outbox).where(outbox.c.dedupe == sa.bindparam("of"), outbox.c.state == "ready"))


@dataclass(frozen=True, slots=True)
class Due:
    """A row that this process has claimed."""

    id: int
    kind: str
    ref: str
    attempt: int
    """The fencing token."""
    queue: Queue


Claim = Callable[[Tx], Due | None]
"""Claims the next row in a transaction."""


def claim_nothing(_: Tx) -> None:
    """Leave the next row to others."""


def queue_of(kind: str, wanted: Queue = Queue.DEFAULT) -> Queue:
    """Return the queue of a row: the wanted one if that has a job for its kind, else the first one that has.

    Raise `KeyError` for a kind that no job does.
    """
    if (wanted, kind) in JOB_OF:
        return wanted
    queues = [queue for queue in (Queue.DEFAULT, Queue.URGENT, Queue.LOW) if (queue, kind) in JOB_OF]
    if not queues:
        raise KeyError(kind)
    return queues[0]


def wake(
    tx: Tx, kind: str, ref: str, due: datetime, queue: Queue = Queue.DEFAULT, recipient: str | None = None
) -> None:
    """Make sure that `kind` is done for `ref` at `due`. An earlier wake of the same is replaced.

    `recipient`: whose texts leave in their order, if it is a text.

    A kind that has no job on `queue` goes to a queue where it has one. It is one statement, so that a row that is being
    finished at this instant cannot swallow the wake. `attempts` stays: it is the fencing token of a worker that may be
    at work, which then rolls back.
    """
    queue = queue_of(kind, queue)
    fresh = {"queue": queue.value, "due": due, "state": "ready", "lease": None, "error": None, "failures": 0}
    row = {"kind": kind, "ref": ref, "dedupe": f"{kind}:{ref}", "attempts": 0, **fresh}
    if recipient is not None:
        row["recipient"] = recipient
    tx.execute(_wake(tx.dialect.name), row | {"when": due, "where": queue.value})
    if due <= tx.now:
        tx.woken.add(JOB_OF[queue, kind])


@cache
def _wake(dialect: str) -> Fixed:
    """Build the statement without `excluded`: reading the row needs a right that the public process does not have."""
    row = INSERT[dialect](outbox)
    bound = {"due": sa.bindparam("when", type_=outbox.c.due.type), "queue": sa.bindparam("where")}
    fresh = {"state": "ready", "lease": None, "error": None, "failures": 0}
    return Fixed(row.on_conflict_do_update(index_elements=[outbox.c.dedupe], set_=bound | fresh))


def ensure(tx: Tx, kind: str, ref: str, due: datetime) -> None:
    """Make sure that there is a row for `kind` and `ref`. If there is one, nothing changes."""
    values = {"kind": kind, "ref": ref, "dedupe": f"{kind}:{ref}", "queue": queue_of(kind).value, "due": due}
    insert_if_new(tx, outbox, values | {"state": "ready", "attempts": 0, "failures": 0})


def postpone(tx: Tx, kind: str, until: datetime) -> None:
    """Postpone all rows of a kind that nobody works on. Those that are due later stay as they are."""
    waiting = sa.and_(outbox.c.state == "ready", outbox.c.kind == kind, outbox.c.due < until)
    tx.execute(sa.update(outbox).where(outbox.c.queue.in_(EVERY_QUEUE), waiting).values(due=until))


def bring_forward(tx: Tx, kinds: Collection[str], later_than: datetime) -> None:
    """Make all rows of these kinds due now that nobody works on and that are due later than an instant."""
    waiting = sa.and_(outbox.c.state == "ready", outbox.c.kind.in_(kinds), outbox.c.due > later_than)
    tx.execute(sa.update(outbox).where(outbox.c.queue.in_(EVERY_QUEUE), waiting).values(due=tx.now))


def claim(
    tx: Tx, job: Job | None = None, without: frozenset[Job] = frozenset(), closed: frozenset[str] = frozenset()
) -> Due | None:
    """Claim a row whose worker died, else the one that has been due longest.

    Of a `job`, claim only rows of its kinds on its queue, and none while rows of a more urgent queue are due: so a job
    that is running makes way for urgent work. A row that has waited too long (`LATE`) is claimed all the same. It makes
    no way for the jobs `without`, which this process leaves to others. Without a `job`, claim a row of the most urgent
    queue that has any. A text waits while another one to its recipient is in a worker's hands, or is urgent and due.
    Texts that are known to go by a `closed` channel are passed over, and nothing makes way for them.
    """
    values = times(tx)
    values["held"] = values["lease_now"] + _lease(job)
    values["in_hand"] = values["lease_now"] + LEASE - IN_HAND
    if job is None or job in SENDS:
        exclusive.texts(tx)
    if job and QUEUE_OF[job] is not Queue.URGENT:
        values["late"] = tx.now - LATE[QUEUE_OF[job]]
    row = tx.execute(_claim(tx.dialect.name, job, without, closed), values).first()
    return Due(row.id, row.kind, row.ref, row.attempts, Queue(row.queue)) if row else None


@cache
def _claim(dialect: str, job: Job | None, without: frozenset[Job], closed: frozenset[str]) -> Fixed:
    """Ask for lost and for ready rows apart, and for each kind: each is one step in an index.

    Asked for together, all rows that are due would be sorted to find one.
    """
    whole = [outbox.c.queue == queue.value for queue in Queue]
    places = [_of(job, kind) for kind in KINDS[QUEUE_OF[job]][job]] if job else whole
    if job is None or job in SENDS:
        places = [sa.and_(place, _in_hand(outbox).is_(None)) for place in places]
    if job in SENDS - {Job.SEND_URGENT}:
        places = [sa.and_(place, _no_urgent_waits(outbox)) for place in places]
    if closed:
        places = [sa.and_(place, _may_go(outbox, closed), _none_before_waits(job, closed)) for place in places]
    first = [_first(dialect, sa.and_(place, here)) for place in places for here in (LOST, READY)]
    row = sa.update(outbox).where(outbox.c.id == sa.func.coalesce(*first), sa.or_(READY, LOST))
    if job and (more_urgent := [each.value for each in Queue if _rank(each) < _rank(QUEUE_OF[job])]):
        others = outbox.alias()
        waiting = sa.and_(others.c.state == "ready", others.c.queue.in_(more_urgent), others.c.due <= NOW)
        waiting = sa.and_(waiting, _in_hand(others).is_(None))  # nobody can send it now
        if closed:
            waiting = sa.and_(waiting, _may_go(others, closed))
        for each in sorted(without):
            left_out = sa.and_(others.c.queue == QUEUE_OF[each].value, others.c.kind.in_(KINDS[QUEUE_OF[each]][each]))
            waiting = sa.and_(waiting, sa.not_(left_out))
        row = row.where(sa.or_(~sa.exists().where(waiting), outbox.c.due <= sa.bindparam("late", type_=Instant)))
    claimed = row.values(state="running", lease=sa.bindparam("held"), attempts=outbox.c.attempts + 1)
    return Fixed(claimed.returning(outbox.c.id, outbox.c.kind, outbox.c.ref, outbox.c.attempts, outbox.c.queue))


def _of(job: Job, kind: str) -> sa.ColumnElement[bool]:
    return sa.and_(outbox.c.queue == QUEUE_OF[job].value, outbox.c.kind == kind)


def _in_hand(row: sa.FromClause) -> sa.ScalarSelect[int]:
    """Select a text to the recipient of a row that a worker has just claimed: until it has left, the row must wait."""
    text = outbox.alias()
    held = sa.and_(text.c.state == "running", text.c.lease > sa.bindparam("in_hand", type_=Instant))
    return sa.select(text.c.id).where(held, text.c.recipient == row.c.recipient).limit(1).scalar_subquery()


def _may_go(row: sa.FromClause, closed: frozenset[str]) -> sa.ColumnElement[bool]:
    """Whether a row is not known to wait for a channel that is closed."""
    return sa.or_(row.c.channel.is_(None), row.c.channel.not_in(sorted(closed)))


def _none_before_waits(job: Job | None, closed: frozenset[str]) -> sa.ColumnElement[bool]:
    """Whether no text to the recipient of a row waits on the same queue for a channel that is closed.

    By the time when the row is composed, the channel may be open, and the row would leave before that text.
    """
    text = outbox.alias()
    queues = [QUEUE_OF[job].value] if job else EVERY_QUEUE
    waits = sa.and_(
        text.c.state == "ready", text.c.queue.in_(queues), text.c.due <= NOW, text.c.channel.in_(sorted(closed))
    )
    recipients = sa.select(text.c.recipient).where(waits, text.c.recipient.is_not(None))  # read once for all rows
    return sa.or_(outbox.c.recipient.is_(None), outbox.c.recipient.not_in(recipients))


def _no_urgent_waits(row: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether no urgent text to the recipient of a row is due. Even a late row makes way for one.

    A worker that claims the next text to a recipient when it finishes one would otherwise always be the first.
    """
    text = outbox.alias()
    due = sa.and_(text.c.state == "ready", text.c.queue == Queue.URGENT.value, text.c.due <= NOW)
    recipients = sa.select(text.c.recipient).where(due, text.c.recipient.is_not(None))  # read once for all rows
    return sa.or_(row.c.recipient.is_(None), row.c.recipient.not_in(recipients))


def _rank(queue: Queue) -> int:
    return list(Queue).index(queue)


def _first(dialect: str, which: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    rows = sa.select(outbox.c.id).where(which).order_by(outbox.c.due, outbox.c.id).limit(1)
    return (rows if dialect == "sqlite" else rows.with_for_update(skip_locked=True)).scalar_subquery()


def sort_misplaced(tx: Tx) -> int:
    """Move due rows to a queue where a job does them. Return how many.

    A process that is older than the queues writes rows without one. No job would ever do some of these. A kind that
    only a newer version knows stays where it is, for the day when that version is back.
    """
    moved = 0
    for row in tx.execute(MISPLACED, {"now": tx.now}).all():
        if row.kind not in KNOWN:
            continue
        place = sa.and_(outbox.c.queue == row.queue, outbox.c.kind == row.kind, READY)
        values = {"queue": queue_of(row.kind).value}
        moved += tx.execute(sa.update(outbox).where(place).values(values), {"now": tx.now}).rowcount
    return moved


def finish(tx: Tx, due: Due, again: datetime | None = None) -> bool:
    """Finish a claim in the transaction of its effect.

    Return False if the lease was lost: then roll everything back.
    """
    held = {"of": due.id, "token": due.attempt}
    if again is None:
        return tx.execute(DONE, held).rowcount == 1
    return tx.execute(AGAIN, {**held, "when": again}).rowcount == 1


def wait_for_channel(tx: Tx, due: Due, channel: str) -> None:
    """Put a text back in its place, until its channel is not closed. Raise `LostLease` if it was lost."""
    if tx.execute(WAIT_FOR, {"of": due.id, "token": due.attempt, "by": channel}).rowcount != 1:
        raise LostLease


def forget_channel(tx: Tx, name: str) -> None:
    """Forget which texts wait for a channel: they may go by another one now."""
    waiting = sa.and_(outbox.c.queue.in_(EVERY_QUEUE), outbox.c.state == "ready", outbox.c.channel == name)
    tx.execute(sa.update(outbox).where(waiting).values(channel=None))


def put_back(tx: Tx, due: Due, error: str) -> bool:
    """Put a failed row back with a back-off. Return True if it failed so often in a row that it is given up.

    Nothing that a request depends on is ever given up: it is tried again every few minutes for as long as it takes.
    """
    held = sa.and_(outbox.c.id == due.id, outbox.c.state == "running", outbox.c.attempts == due.attempt)
    failures = (tx.execute(sa.select(outbox.c.failures).where(held)).scalar() or 0) + 1
    dead = failures >= DEAD_AFTER and due.kind in MAY_DIE
    wait = min(timedelta(seconds=0.3) * 2 ** min(failures, 12), BACK_OFF_MOST)
    values = {"state": "dead" if dead else "ready", "due": tx.now + wait, "lease": None, "error": error[:64]}
    return tx.execute(sa.update(outbox).where(held).values(failures=failures, **values)).rowcount == 1 and dead


def others_due(tx: Tx, kind: str, ref: str) -> bool:
    """Whether the same kind is due for anything else."""
    others = sa.and_(outbox.c.queue.in_(EVERY_QUEUE), outbox.c.kind == kind, outbox.c.ref != ref, READY)
    return tx.execute(sa.select(outbox.c.id).where(others).limit(1), {"now": tx.now}).first() is not None


def failures(tx: Tx, kind: str, ref: str) -> int:
    """Return how often a row has failed in a row."""
    return tx.execute(sa.select(outbox.c.failures).where(outbox.c.dedupe == f"{kind}:{ref}")).scalar() or 0


def _lease(job: Job | None) -> timedelta:
    """Return for how long a row of a job is claimed."""
    if job is Job.COUNT_MONTHS:
        return LONG_LEASE
    return BRIEF_LEASE if job in BRIEF else LEASE


def times(tx: Tx) -> dict[str, datetime]:
    """Return the time, and the time by which leases begin and end: that one is the same for all machines."""
    return {"now": tx.now, "lease_now": tx.lease_clock(tx.connection) if tx.lease_clock else tx.now}


def drop(tx: Tx, kind: str, ref: str) -> None:
    """Delete a thing to do that has lost its reason."""
    tx.execute(DROP, {"of": f"{kind}:{ref}"})


class LostLease(Exception):
    """Another worker has this row by now: everything done for it is rolled back."""


def finish_leased(tx: Tx, due: Due, again: datetime | None = None) -> None:
    """Finish a row in the transaction of its effect, or put it back for `again`. Raise `LostLease` if it was lost."""
    if not finish(tx, due, again):
        raise LostLease
