"""Counts and ages for the status page and the metrics, from a few small queries. They identify nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from helpline.core.call_windows import FROM_NOW, ONCE, Hours, Span, lacks_hour, open_window
from helpline.core.jobs import Queue
from helpline.core.ports import Delivery
from helpline.referral.escalation import GUESSING
from helpline.request.model import DRILL, State
from helpline.request.offers import OfferState
from helpline.store import backlogs
from helpline.store.backlogs import Backlog
from helpline.store.engine import Tx
from helpline.store.schema import IS_HELD, IS_OPEN, IS_UNCLAIMED, beat, inbox, message, offer, request, web_session

FOREVER = datetime.max.replace(tzinfo=UTC)
SENT = (Delivery.SENT.value, Delivery.DELIVERED.value)


@dataclass(frozen=True, slots=True)
class Health:
    """Ages are in seconds. An age is None if there is no row."""

    closing: int
    """Unclaimed requests whose open call window ends soon."""
    no_hour: int
    """Unclaimed requests whose callers nobody may call, because the hour where they are is not known (R3)."""
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
        return backlogs.total(self.queues)


def read(tx: Tx, within: timedelta) -> Health:
    """Return the health of the service. `within`: how soon a window must end to count as `closing`."""
    queues = backlogs.of_queues(tx)
    texts = {
        "sent": sa.select(sa.func.max(message.c.updated)).where(message.c.state.in_(SENT)),
        "failed": sa.select(sa.func.max(message.c.updated)).where(message.c.state == Delivery.FAILED.value),
        "received": sa.select(sa.func.max(inbox.c.at)),
        "guessing": sa.select(sa.func.max(message.c.updated)).where(message.c.notice == GUESSING),
    }
    unclaimed = _unclaimed(tx, within)
    return Health(
        unclaimed.closing, unclaimed.no_hour, _age(tx, unclaimed.stranded_since), _age(tx, unclaimed.waits_since),
        {what: _age(tx, tx.execute(rows).scalar()) for what, rows in texts.items()},
        queues, backlogs.dead(tx),
        {row.name: (tx.now - row.at).total_seconds() for row in tx.execute(sa.select(beat.c.name, beat.c.at))},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """The requests that nobody has claimed."""

    closing: int
    no_hour: int
    waits_since: datetime | None
    stranded_since: datetime | None


def _unclaimed(tx: Tx, within: timedelta) -> Unclaimed:
    """Count them by their kind of hours, which are few. The first columns are those of `ix_request_kind`."""
    c = request.c
    hours = c.window, c.days, c.zone
    alive = sa.func.sum(sa.case((c.expires > tx.now, 1), else_=0)).label("alive")
    since = sa.func.min(c.created).label("waits"), sa.func.min(sa.case((c.state == State.STRANDED.value, c.updated)))
    found = sa.select(*hours, alive, *since).where(IS_OPEN, IS_UNCLAIMED, c.kind != sa.literal_column(f"'{DRILL}'"))
    rows = [*tx.execute(found.group_by(c.state, c.risk, *hours))]
    if once := {row[:2] for row in rows if _is_called_once(row)}:
        alone = found.where(sa.or_(*(sa.and_(c.window == window, c.days == days) for window, days in once)))
        rows = [row for row in rows if not _is_called_once(row)]
        rows += tx.execute(alone.add_columns(c.since).group_by(*hours, c.since))
    spans = [_span(tx, row) for row in rows]
    return Unclaimed(
        sum(row.alive for row, span in zip(rows, spans, strict=True) if span and span.end - tx.now <= within),
        sum(row.alive for row in rows if lacks_hour(row.window, row.zone)),
        min((row.waits for row in rows), default=None),
        min((row[5] for row in rows if row[5]), default=None),
    )


def _is_called_once(row: sa.Row[Any]) -> bool:
    return row.window in FROM_NOW or row.days.startswith(ONCE)


def _span(tx: Tx, row: sa.Row[Any]) -> Span | None:
    since = row.since if _is_called_once(row) else tx.now
    return open_window(Hours(row.window, row.days, row.zone, since, FOREVER), tx.now)


def _age(tx: Tx, at: datetime | None) -> float | None:
    return None if at is None else max(0.0, (tx.now - at).total_seconds())


def services_with_open_offer(tx: Tx) -> frozenset[str]:
    """Return the ids of the services that have an open offer of a real request."""
    practice = sa.select(request.c.id).where(IS_OPEN, request.c.kind == DRILL)
    rows = sa.select(offer.c.service).distinct().where(IS_HELD, offer.c.state == OfferState.OPEN.value)
    rows = rows.where(offer.c.request.not_in(practice))
    return frozenset(tx.execute(rows).scalars())


def active_sessions(tx: Tx, idle: timedelta) -> int:
    """Return the number of active console sessions."""
    alive = sa.and_(web_session.c.revoked.is_(None), web_session.c.proved.is_not(None), web_session.c.until > tx.now)
    rows = sa.select(sa.func.count()).select_from(web_session).where(alive, web_session.c.seen > tx.now - idle)
    return tx.execute(rows).scalar_one()


BACKUP = "backup"
"""The heartbeat of `komek backup`. Its age is checked like that of a process."""
OLDEST_BACKUP = timedelta(hours=2)
"""How old the last backup may be."""
