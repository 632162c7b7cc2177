"""What is to be watched, in few small statements: counts and ages, never whose.

Signs of life of the processes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.core.call_windows import Hours, open_window
from helpline.core.ports import Delivery
from helpline.request.model import DRILL, State
from helpline.request.offers import OfferState
from helpline.store import outbox
from helpline.store.schema import beat, inbox, message, offer, request, web_session
from helpline.store.sql import insert_if_new

UNCLAIMED = (State.WAITING.value, State.OFFERED.value, State.STRANDED.value)
REAL = request.c.kind != DRILL
"""Practice is counted apart, and here not at all."""
SENT = (Delivery.SENT.value, Delivery.DELIVERED.value)


@dataclass(frozen=True, slots=True)
class Vitals:
    """Ages in seconds, None where there is nothing to be old. `texts`: since the last one sent, failed, received."""

    closing: int
    oldest_stranded: float | None
    oldest_waiting: float | None
    texts: Mapping[str, float | None]
    due_rows: int
    lag: float
    dead_rows: int
    beats: Mapping[str, float]


def read(tx: Connection, now: datetime, within: timedelta) -> Vitals:
    """Look at everything. `closing`: unclaimed requests whose window is open and ends `within` that time."""
    due, lag = outbox.backlog(tx, now)
    texts = {
        "sent": sa.select(sa.func.max(message.c.updated)).where(message.c.state.in_(SENT)),
        "failed": sa.select(sa.func.max(message.c.updated)).where(message.c.state == Delivery.FAILED.value),
        "received": sa.select(sa.func.max(inbox.c.at)),
    }
    return Vitals(
        _closing(tx, now, within),
        _age(tx, sa.select(sa.func.min(request.c.updated)).where(REAL, request.c.state == State.STRANDED.value), now),
        _age(tx, sa.select(sa.func.min(request.c.created)).where(REAL, request.c.state.in_(UNCLAIMED)), now),
        {what: _age(tx, rows, now) for what, rows in texts.items()},
        due, lag, outbox.dead(tx),
        {row.name: (now - row.at).total_seconds() for row in tx.execute(sa.select(beat.c.name, beat.c.at))},
    )  # fmt: skip


def _closing(tx: Connection, now: datetime, within: timedelta) -> int:
    names = ("window", "days", "zone", "since", "expires")
    rows = tx.execute(sa.select(*(request.c[name] for name in names)).where(REAL, request.c.state.in_(UNCLAIMED)))
    spans = (open_window(Hours(row.window, row.days, row.zone, row.since, row.expires), now) for row in rows)
    return sum(span is not None and span.end - now <= within for span in spans)


def _age(tx: Connection, rows: sa.Select[datetime | None], now: datetime) -> float | None:
    at = tx.execute(rows).scalar()
    return None if at is None else max(0.0, (now - at).total_seconds())


def asked_now(tx: Connection) -> frozenset[str]:
    """Give the services that have an open offer of a real request."""
    practice = sa.select(request.c.id).where(request.c.kind == DRILL)
    rows = sa.select(offer.c.service).distinct().where(offer.c.state == OfferState.OPEN.value)
    rows = rows.where(offer.c.request.not_in(practice))
    return frozenset(tx.execute(rows).scalars())


def signed_in(tx: Connection, now: datetime, idle: timedelta) -> int:
    """Count the sessions of the console that are alive."""
    alive = sa.and_(web_session.c.revoked.is_(None), web_session.c.proved.is_not(None), web_session.c.until > now)
    rows = sa.select(sa.func.count()).select_from(web_session).where(alive, web_session.c.seen > now - idle)
    return tx.execute(rows).scalar_one()


BACKUP = "backup"
"""What a copy leaves behind where it may write: its age is watched as a process's is."""


def beats(tx: Connection, name: str, now: datetime) -> None:
    """Note that a process is alive."""
    if tx.execute(sa.update(beat).where(beat.c.name == name).values(at=now)).rowcount == 0:
        insert_if_new(tx, beat, {"name": name, "at": now})


def last_beat(tx: Connection, name: str) -> datetime | None:
    """Give when a process last showed life."""
    return tx.execute(sa.select(beat.c.at).where(beat.c.name == name)).scalar()
