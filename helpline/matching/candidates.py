"""Desks that take nothing more now: full by what they hold, or because they said so.

Desks: which of the telephones of a service gets its texts, until when it takes nothing more, what it holds.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from helpline.content.country import ABROAD, Country
from helpline.directory.search_terms import EVERYWHERE, Groups, term_of
from helpline.directory.service import Service
from helpline.directory.services import narrowed, read
from helpline.matching.criteria import CHILD
from helpline.matching.eligibility import ANY_NEED
from helpline.request.model import DRILL, NGO, SEXES, STATE, CallbackRequest, covers
from helpline.request.offers import LIVE, OfferState
from helpline.store.engine import Tx
from helpline.store.schema import desk, offer, request
from helpline.store.sql import insert_if_new

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


def full(tx: Tx, services: Iterable[Service]) -> dict[str, datetime | None]:
    """Give which of these services take nothing more now, and when that will end; None where nobody can say.

    What a desk holds are its claims and its open offers. One that is filled by claims is free when one of them ends,
    which nobody knows; an open offer ends with its clock at the latest.
    """
    return {**dict(_by_what_they_hold(tx, services)), **_by_what_they_said(tx)}


def places(tx: Tx, each: Service) -> int:
    """Give how many requests more a desk that is not full can hold; without a limit, more than there are."""
    if each.capacity is None:
        return sys.maxsize
    row = tx.execute(HELD, {"theirs": [each.id]}).first()
    return each.capacity - (row.held if row else 0)


def _by_what_they_said(tx: Tx) -> Mapping[str, datetime]:
    return {row.service: row.full_until for row in tx.execute(FULL, {"now": tx.now})}


def _by_what_they_hold(tx: Tx, services: Iterable[Service]) -> Iterator[tuple[str, datetime | None]]:
    limits = {each.id: each.capacity for each in services if each.capacity is not None}
    if not limits:
        return
    held = {row.service: row for row in tx.execute(HELD, {"theirs": sorted(limits)})}
    for id, limit in limits.items():
        row = held.get(id)
        if limit <= 0:
            yield id, None
        elif row and row.held >= limit:
            yield id, (row.until or tx.now + NOT_TAKEN_YET) if row.opened else None


def set_full(tx: Tx, service: str, until: datetime | None) -> None:
    """Let a desk take nothing more until an instant; None: it takes again."""
    if not insert_if_new(tx, desk, {"service": service, "full_until": until}):
        tx.execute(sa.update(desk).where(desk.c.service == service).values(full_until=until))


def full_until(tx: Tx, service: str) -> datetime | None:
    """Give until when a desk said that it takes nothing more, None where it has said nothing."""
    return tx.execute(sa.select(desk.c.full_until).where(desk.c.service == service)).scalar()


def candidates(tx: Tx, country: Country, request: CallbackRequest) -> list[Service]:
    """Give the services that are worth looking at for a request: all that fit, and few that do not."""
    return read(tx, narrowed(country.code, wanted(request, country)))


def for_health(tx: Tx, country: Country, place: str) -> list[Service]:
    """Give the services that are worth looking at for whoever needs health help that cannot wait (R15)."""
    return read(tx, narrowed(country.code, wanted_for_health(place, country)))


def wanted(request: CallbackRequest, country: Country) -> Groups:
    """Give the groups of a request: those that leave few first."""
    need = request.need or "talk"
    kinds = {kind for kind in (NGO, STATE) if covers(kind, request.expires, request.created, request.state_line)}
    groups = [
        _place(request.place, country),
        frozenset(() if need == ANY_NEED else {term_of("need", need)}),
        frozenset({term_of("speaks", request.speaks)}),
        frozenset({term_of("rings", request.operator_sex)} if request.operator_sex in SEXES else ()),
        frozenset({"child:yes"} if request.age_band == CHILD else ()),
        frozenset(term_of("kind", kind) for kind in kinds),
        frozenset({term_of("status", "active")}),
    ]
    return tuple(group for group in groups if group)


def wanted_for_health(place: str, country: Country) -> Groups:
    """Give the groups of whoever looks for the nearest service for health (R15)."""
    return (
        _place(place, country),
        frozenset({term_of("need", "health")}),
        frozenset({term_of("kind", NGO)}),
        frozenset({term_of("status", "active")}),
    )


def _place(place: str, country: Country) -> frozenset[str]:
    if country.is_abroad(place):
        return frozenset({term_of("abroad", EVERYWHERE if place == ABROAD else place)})
    there = place or country.capital
    return frozenset(term_of("region", code) for code in (there, country.region_of(there), EVERYWHERE))
