"""What became of the daily drills. Practice alone: no count of requests is made here, and none of these is in any.

How the desks did in their daily drills: who answered, how fast, and who has not for days. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median

import sqlalchemy as sa

from helpline.request.model import DRILL, Way
from helpline.store.engine import Tx
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


def since(tx: Tx, at: datetime) -> list[Drilled]:
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


def last_by_way(tx: Tx, service: str) -> Mapping[Way, datetime]:
    """Give when the last daily drill of a desk was, by the way it came."""
    of_it = sa.and_(offer.c.service == service, request.c.kind == DRILL, request.c.content.in_(Way))
    last = sa.select(request.c.content, sa.func.max(offer.c.opened)).join(request, request.c.id == offer.c.request)
    return {Way(way): at for way, at in tx.execute(last.where(of_it).group_by(request.c.content))}


SILENT = timedelta(days=3)
"""Whoever has not answered for so long, on a way on which it was asked, is rung by a coordinator."""


@dataclass(frozen=True, slots=True)
class Practised:
    """One desk. `took`: the usual time until it answered; `last`: when it last did each way; `silent`: on which not."""

    service: str
    asked: int
    answered: int
    whole: int
    took: timedelta | None
    last: Mapping[Way, datetime]
    silent: frozenset[Way]


def practised(drills: Iterable[Drilled], now: datetime) -> Sequence[Practised]:
    """Give how each desk did, whoever is silent first, then whoever answered least."""
    by_desk = groupby(sorted(drills, key=lambda each: (each.service, each.asked)), key=lambda each: each.service)
    found = [_of(service, list(rows), now) for service, rows in by_desk]
    return sorted(found, key=lambda each: (not each.silent, each.answered / each.asked, each.service))


def _of(service: str, rows: Sequence[Drilled], now: datetime) -> Practised:
    claims = [(each, each.claimed) for each in rows if each.claimed]
    times = [(at - each.asked).total_seconds() for each, at in claims]
    last = {Way.ACCOUNT if each.by_account else Way.TEXT: at for each, at in sorted(claims, key=lambda one: one[1])}
    silent = frozenset(way for way in Way if _is_silent([each.asked for each in rows if each.way is way],
                                                        last.get(way), now))  # fmt: skip
    return Practised(
        service, len(rows), len(claims), sum(each.ended is not None for each in rows),
        timedelta(seconds=median(times)) if times else None, last, silent,
    )  # fmt: skip


def _is_silent(asked: Sequence[datetime], last: datetime | None, now: datetime) -> bool:
    """Tell whether a way was asked in vain since it was last proven, and for so long that somebody must ring."""
    in_vain = [at for at in asked if last is None or at > last]
    return bool(in_vain) and now - (last or in_vain[0]) >= SILENT
