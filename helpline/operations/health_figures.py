"""Counts and ages for the status page and the metrics, from a few small queries. They identify nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from helpline.core.call_windows import Hours, open_window
from helpline.core.jobs import Queue
from helpline.core.ports import Delivery
from helpline.referral.escalation import GUESSING
from helpline.request.model import DRILL, State
from helpline.request.offers import OfferState
from helpline.store import outbox
from helpline.store.engine import Tx
from helpline.store.outbox import Backlog
from helpline.store.schema import beat, inbox, message, offer, request, web_session

UNCLAIMED = (State.WAITING.value, State.OFFERED.value, State.STRANDED.value)
REAL = request.c.kind != DRILL
"""Practice requests (drills) are not counted here."""
SENT = (Delivery.SENT.value, Delivery.DELIVERED.value)


@dataclass(frozen=True, slots=True)
class Health:
    """Ages are in seconds. An age is None if there is no row."""

    closing: int
    """Unclaimed requests whose open call window ends soon."""
    oldest_stranded: float | None
    oldest_waiting: float | None
    texts: Mapping[str, float | None]
    """The age of the last text that was `sent`, `failed` and `received`, and of the last alarm about `guessing`."""
    queues: Mapping[Queue, Backlog]
    """The outbox rows that are due, by queue."""
    dead_rows: int
    """Outbox rows that were given up after many failures."""
    heartbeats: Mapping[str, float]
    """The age of the last heartbeat of each process."""

    @property
    def due(self) -> Backlog:
        """The outbox rows that are due, on all queues together."""
        return outbox.total(self.queues)


def read(tx: Tx, within: timedelta) -> Health:
    """Return the health of the service. `within`: how soon a window must end to count as `closing`."""
    queues = outbox.backlogs(tx)
    texts = {
        "sent": sa.select(sa.func.max(message.c.updated)).where(message.c.state.in_(SENT)),
        "failed": sa.select(sa.func.max(message.c.updated)).where(message.c.state == Delivery.FAILED.value),
        "received": sa.select(sa.func.max(inbox.c.at)),
        "guessing": sa.select(sa.func.max(message.c.updated)).where(message.c.notice == GUESSING),
    }
    return Health(
        _closing(tx, within),
        _age(tx, sa.select(sa.func.min(request.c.updated)).where(REAL, request.c.state == State.STRANDED.value)),
        _age(tx, sa.select(sa.func.min(request.c.created)).where(REAL, request.c.state.in_(UNCLAIMED))),
        {what: _age(tx, rows) for what, rows in texts.items()},
        queues, outbox.dead(tx),
        {row.name: (tx.now - row.at).total_seconds() for row in tx.execute(sa.select(beat.c.name, beat.c.at))},
    )  # fmt: skip


def _closing(tx: Tx, within: timedelta) -> int:
    names = ("window", "days", "zone", "since", "expires")
    rows = tx.execute(sa.select(*(request.c[name] for name in names)).where(REAL, request.c.state.in_(UNCLAIMED)))
    spans = (open_window(Hours(row.window, row.days, row.zone, row.since, row.expires), tx.now) for row in rows)
    return sum(span is not None and span.end - tx.now <= within for span in spans)


def _age(tx: Tx, rows: sa.Select[datetime | None]) -> float | None:
    at = tx.execute(rows).scalar()
    return None if at is None else max(0.0, (tx.now - at).total_seconds())


def services_with_open_offer(tx: Tx) -> frozenset[str]:
    """Return the ids of the services that have an open offer of a real request."""
    practice = sa.select(request.c.id).where(request.c.kind == DRILL)
    rows = sa.select(offer.c.service).distinct().where(offer.c.state == OfferState.OPEN.value)
    rows = rows.where(offer.c.request.not_in(practice))
    return frozenset(tx.execute(rows).scalars())


def active_sessions(tx: Tx, idle: timedelta) -> int:
    """Return the number of active console sessions."""
    alive = sa.and_(web_session.c.revoked.is_(None), web_session.c.proved.is_not(None), web_session.c.until > tx.now)
    rows = sa.select(sa.func.count()).select_from(web_session).where(alive, web_session.c.seen > tx.now - idle)
    return tx.execute(rows).scalar_one()


BACKUP = "backup"
"""The heartbeat of `komek backup`. Its age is checked like that of a process."""
