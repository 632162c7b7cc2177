"""What became of the daily drills. Practice alone: no count of requests is made here, and none of these is in any."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.request import DRILL, Way
from helpline.store.schema import attempt, offer, person, request


@dataclass(frozen=True, slots=True)
class Drilled:
    """One drill of one desk, and the way it came. `claimed` and `ended`: None where that never was.

    `by_account`: it was taken at the console.
    """

    service: str
    way: Way
    asked: datetime
    claimed: datetime | None
    ended: datetime | None
    by_account: bool


def since(tx: Connection, at: datetime) -> list[Drilled]:
    """Give the daily drills since an instant, the oldest first."""
    ends = sa.select(attempt.c.offer, sa.func.max(attempt.c.at).label("at")).where(
        attempt.c.outcome.not_in(("claim", "pass")), attempt.c.undone.is_(None)
    )
    ended = ends.group_by(attempt.c.offer).subquery()
    first = sa.select(attempt.c.actor).where(attempt.c.offer == offer.c.id, attempt.c.outcome == "claim").limit(1)
    rows = (
        sa.select(
            offer.c.service, request.c.content, offer.c.opened, offer.c.claimed, ended.c.at,
            sa.exists().where(person.c.id == first.scalar_subquery()).label("by_account"),
        )
        .join(request, request.c.id == offer.c.request)
        .outerjoin(ended, ended.c.offer == offer.c.id)
        .where(request.c.kind == DRILL, request.c.content.in_(Way), offer.c.opened >= at)
    )  # fmt: skip
    return [
        Drilled(row.service, Way(row.content), row.opened, row.claimed, row.at, bool(row.by_account))
        for row in tx.execute(rows.order_by(offer.c.opened))
    ]


def last_by_way(tx: Connection, service: str) -> Mapping[Way, datetime]:
    """Give when the last daily drill of a desk was, by the way it came."""
    of_it = sa.and_(offer.c.service == service, request.c.kind == DRILL, request.c.content.in_(Way))
    last = sa.select(request.c.content, sa.func.max(offer.c.opened)).join(request, request.c.id == offer.c.request)
    return {Way(way): at for way, at in tx.execute(last.where(of_it).group_by(request.c.content))}
