"""Desks that take nothing more now: full by what they hold, or because they said so."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.directory import Service
from helpline.request import DRILL
from helpline.store.offers import LIVE, OfferState
from helpline.store.schema import desk, offer, request

NOT_TAKEN_YET = timedelta(minutes=30)
"""An offer whose text has not gone yet is thought to end after so long: no clock of its own runs."""
OPENED = offer.c.state == OfferState.OPEN.value
HELD = (
    sa.select(
        offer.c.service,
        sa.func.count().label("held"),
        sa.func.count(sa.case((OPENED, 1))).label("opened"),
        sa.func.min(sa.case((OPENED, offer.c.until))).label("until"),
    )
    .join(request, request.c.id == offer.c.request)
    .where(request.c.kind != DRILL)  # practice takes no place
    .where(offer.c.service.in_(sa.bindparam("theirs", expanding=True)), offer.c.state.in_(LIVE))
    .group_by(offer.c.service)
)
FULL = sa.select(desk.c.service, desk.c.full_until).where(desk.c.full_until > sa.bindparam("now"))


def full(tx: Connection, services: Iterable[Service], now: datetime) -> dict[str, datetime | None]:
    """Give which of these services take nothing more now, and when that will end; None where nobody can say.

    What a desk holds are its claims and its open offers. One that is filled by claims is free when one of them ends,
    which nobody knows; an open offer ends with its clock at the latest.
    """
    return {**dict(_by_what_they_hold(tx, services, now)), **_by_what_they_said(tx, now)}


def places(tx: Connection, each: Service) -> int:
    """Give how many requests more a desk that is not full can hold; without a limit, more than there are."""
    if each.capacity is None:
        return sys.maxsize
    row = tx.execute(HELD, {"theirs": [each.id]}).first()
    return each.capacity - (row.held if row else 0)


def _by_what_they_said(tx: Connection, now: datetime) -> Mapping[str, datetime]:
    return {row.service: row.full_until for row in tx.execute(FULL, {"now": now})}


def _by_what_they_hold(
    tx: Connection, services: Iterable[Service], now: datetime
) -> Iterator[tuple[str, datetime | None]]:
    limits = {each.id: each.capacity for each in services if each.capacity is not None}
    if not limits:
        return
    held = {row.service: row for row in tx.execute(HELD, {"theirs": sorted(limits)})}
    for id, limit in limits.items():
        row = held.get(id)
        if limit <= 0:
            yield id, None
        elif row and row.held >= limit:
            yield id, (row.until or now + NOT_TAKEN_YET) if row.opened else None
