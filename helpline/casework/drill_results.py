"""The results of the daily drills: which services answered, how fast, and which have not answered for days.

Only practice is counted here. No count of requests includes a drill.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median

import sqlalchemy as sa

from helpline.request.attempts import NO_CALL
from helpline.request.model import DRILL, Way
from helpline.store.engine import Tx
from helpline.store.schema import attempt, offer, person, request


@dataclass(frozen=True, slots=True)
class DailyDrill:
    """One drill of one service."""

    service: str
    way: Way
    """How it was offered."""
    asked: datetime
    claimed: datetime | None
    ended: datetime | None
    """When its outcome was reported."""
    by_account: bool
    """Whether it was claimed at the console."""


def since(tx: Tx, at: datetime) -> list[DailyDrill]:
    """Return the daily drills since an instant, oldest first."""
    ends = sa.select(attempt.c.offer, sa.func.max(attempt.c.at).label("at")).where(
        attempt.c.outcome.not_in(NO_CALL), attempt.c.undone.is_(None)
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
        DailyDrill(row.service, Way(row.content), row.opened, row.claimed, row.at, bool(row.by_account))
        for row in tx.execute(rows.order_by(offer.c.opened))
    ]


def last_by_way(tx: Tx, service: str) -> Mapping[Way, datetime]:
    """Return when a service had its last daily drill, by how it was offered."""
    of_service = sa.and_(offer.c.service == service, request.c.kind == DRILL, request.c.content.in_(Way))
    last = sa.select(request.c.content, sa.func.max(offer.c.opened)).join(request, request.c.id == offer.c.request)
    return {Way(way): at for way, at in tx.execute(last.where(of_service).group_by(request.c.content))}


SILENT = timedelta(days=3)
"""A coordinator calls a service that has not answered for so long, by SMS or at the console."""


@dataclass(frozen=True, slots=True)
class DrillResult:
    """The results of one service."""

    service: str
    asked: int
    answered: int
    whole: int
    """How many drills were finished with an outcome."""
    took: timedelta | None
    """The median time until it answered."""
    last: Mapping[Way, datetime]
    """When it last answered, by SMS and at the console."""
    silent: frozenset[Way]
    """How it has not answered for too long."""


def results(drills: Iterable[DailyDrill], now: datetime) -> Sequence[DrillResult]:
    """Return the results of each service: silent services first, then those that answered least."""
    by_service = groupby(
        sorted(drills, key=lambda drill: (drill.service, drill.asked)), key=lambda drill: drill.service
    )
    found = [_result(service, list(rows), now) for service, rows in by_service]
    return sorted(found, key=lambda result: (not result.silent, result.answered / result.asked, result.service))


def _result(service: str, drills: Sequence[DailyDrill], now: datetime) -> DrillResult:
    claims = sorted(((drill, drill.claimed) for drill in drills if drill.claimed), key=lambda claim: claim[1])
    times = [(at - drill.asked).total_seconds() for drill, at in claims]
    last = {Way.ACCOUNT if drill.by_account else Way.TEXT: at for drill, at in claims}
    asked = {way: [drill.asked for drill in drills if drill.way is way] for way in Way}
    return DrillResult(
        service, len(drills), len(claims), sum(drill.ended is not None for drill in drills),
        timedelta(seconds=median(times)) if times else None, last,
        frozenset(way for way in Way if _is_silent(asked[way], last.get(way), now)),
    )  # fmt: skip


def _is_silent(asked: Sequence[datetime], last: datetime | None, now: datetime) -> bool:
    """Whether a service was asked in vain since it last answered this way, for so long that somebody must call it."""
    in_vain = [at for at in asked if last is None or at > last]
    return bool(in_vain) and now - (last or in_vain[0]) >= SILENT
