"""What of the outbox is due, and for how long: jobs that have work, and the backlog of each queue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from helpline.core.jobs import JOB_OF, URGENCY, Job, Queue
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.outbox import EVERY_QUEUE, LOST, READY, times
from helpline.store.schema import outbox


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many rows of a queue are due, and for how many seconds the oldest one has been."""

    rows: int = 0
    oldest: float = 0.0


def jobs_due(tx: Tx) -> list[tuple[Job, float]]:
    """Return the jobs that have due rows, the most urgent first, and for how many seconds the oldest row is due."""
    oldest: dict[Job, float] = {}
    for queue, kind, *dues in tx.execute(_oldest(), times(tx)):
        job, waits = JOB_OF[Queue(queue), kind], [(tx.now - due).total_seconds() for due in dues if due is not None]
        oldest[job] = max(oldest.get(job, 0.0), *waits)
    return sorted(oldest.items(), key=lambda found: URGENCY[found[0]])


@cache
def _oldest() -> Fixed:
    """Look for the oldest row of each kind on each queue: some steps in an index, however much is due.

    The places are text: SQLAlchemy compiles `sa.values` again each time, which took ten times as long as all the rest.
    """
    places = ", ".join(f"('{queue.value}', '{kind}')" for queue, kind in JOB_OF)
    names = [sa.column(name, sa.String) for name in ("column1", "column2")]  # as SQLite and PostgreSQL name them
    place = sa.text(f"values {places}").columns(*names).cte("place")
    here = sa.and_(outbox.c.queue == place.c.column1, outbox.c.kind == place.c.column2)
    ready, lost = (sa.select(sa.func.min(outbox.c.due)).where(here, which).scalar_subquery() for which in (READY, LOST))
    each = sa.select(place, ready.label("ready"), lost.label("lost")).subquery()
    return Fixed(sa.select(each).where(sa.or_(each.c.ready.is_not(None), each.c.lost.is_not(None))))


def backlog(tx: Tx) -> Backlog:
    """Return how much is due, and for how long, on all queues together."""
    return total(of_queues(tx))


def total(queues: Mapping[Queue, Backlog]) -> Backlog:
    """Return the sum of several queues."""
    each = queues.values()
    return Backlog(sum(queue.rows for queue in each), max((queue.oldest for queue in each), default=0.0))


def of_queues(tx: Tx) -> Mapping[Queue, Backlog]:
    """Return how much is due on each queue, and for how long."""
    found = {Queue(row.queue): Backlog(row.rows, (tx.now - row.oldest).total_seconds()) for row in _due(tx)}
    return {queue: found.get(queue, Backlog()) for queue in Queue}


def _due(tx: Tx) -> Iterable[sa.Row[Any]]:
    here = outbox.c.queue.in_(EVERY_QUEUE)
    what = (outbox.c.queue, sa.func.count().label("rows"), sa.func.min(outbox.c.due).label("oldest"))
    rows = sa.select(*what).where(sa.or_(sa.and_(here, READY), sa.and_(here, LOST))).group_by(outbox.c.queue)
    return tx.execute(rows, times(tx))


def dead(tx: Tx) -> int:
    """Return how many rows were given up. A person must look at them."""
    return tx.execute(sa.select(sa.func.count()).select_from(outbox).where(outbox.c.state == "dead")).scalar_one()
