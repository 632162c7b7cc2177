"""Desks that take nothing more now: full by what they hold, or because they said so."""

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


def full(tx: Connection, services: Iterable[Service], now: datetime) -> dict[str, datetime | None]:
    """Give which of these services take nothing more now, and when that will end; None where nobody can say.

    What a desk holds are its claims and its open offers. One that is filled by claims is free when one of them ends,
    which nobody knows; an open offer ends with its clock at the latest.
    """
    return {**dict(_by_what_they_hold(tx, services, now)), **_by_what_they_said(tx, now)}


def _by_what_they_said(tx: Connection, now: datetime) -> Mapping[str, datetime]:
    rows = tx.execute(sa.select(desk.c.service, desk.c.full_until).where(desk.c.full_until > now))
    return {row.service: row.full_until for row in rows}


def _by_what_they_hold(
    tx: Connection, services: Iterable[Service], now: datetime
) -> Iterator[tuple[str, datetime | None]]:
    limits = {each.id: each.capacity for each in services if each.capacity is not None}
    if not limits:
        return
    opened = offer.c.state == OfferState.OPEN.value
    rows = sa.select(
        offer.c.service,
        sa.func.count().label("held"),
        sa.func.count(sa.case((opened, 1))).label("opened"),
        sa.func.min(sa.case((opened, offer.c.until))).label("until"),
    )
    real = rows.join(request, request.c.id == offer.c.request).where(request.c.kind != DRILL)  # practice takes no place
    theirs = real.where(offer.c.service.in_(sorted(limits)), offer.c.state.in_(LIVE))
    held = {row.service: row for row in tx.execute(theirs.group_by(offer.c.service))}
    for id, limit in limits.items():
        row = held.get(id)
        if limit <= 0:
            yield id, None
        elif row and row.held >= limit:
            yield id, (row.until or now + NOT_TAKEN_YET) if row.opened else None
