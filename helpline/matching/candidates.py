"""Candidates: the services that the database offers for a request. And desks that take no more requests for now.

A desk takes no more if it holds as many requests as it can, or if it has said so.
"""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from helpline.content.country import ABROAD, Country
from helpline.directory.search_terms import EVERYWHERE, Groups, groups
from helpline.directory.service import ACTIVE, Service
from helpline.directory.services import with_terms
from helpline.matching.criteria import CHILD
from helpline.matching.eligibility import ANY_NEED
from helpline.request.model import DRILL, NGO, SEXES, STATE, CallbackRequest, covers
from helpline.request.offers import LIVE, OfferState
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import desk, offer, request
from helpline.store.sql import insert_if_new

NOT_ACCEPTED_YET = timedelta(minutes=30)
"""How long an offer is assumed to last if its text was not sent yet: its time to answer has not started."""
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
    .where(offer.c.service.in_(sa.bindparam("desks", expanding=True)), offer.c.state.in_(LIVE))
    .group_by(offer.c.service)
)
FULL = Fixed(sa.select(desk.c.service, desk.c.full_until).where(desk.c.full_until > sa.bindparam("now")))


def candidates(tx: Tx, country: Country, request: CallbackRequest) -> list[Service]:
    """Return the services worth checking for a request: all that are eligible, and few others."""
    return with_terms(tx, country.code, request_groups(request, country))


def for_health(tx: Tx, country: Country, place: str) -> list[Service]:
    """Return the services worth checking for a caller who needs urgent health help (R15)."""
    return with_terms(tx, country.code, health_groups(place, country))


def in_region(tx: Tx, country: Country, region: str) -> list[Service]:
    """Return the services worth checking for somebody who looks for a telephone to call in a region."""
    return with_terms(tx, country.code, groups(**_place(region, country), kind=(NGO,), status=(ACTIVE,)))


def request_groups(request: CallbackRequest, country: Country) -> Groups:
    """Return the groups of search terms of a request, starting with those that leave the fewest services."""
    need = request.need or "talk"
    return groups(
        **_place(request.place, country),
        need=() if need == ANY_NEED else (need,),
        speaks=(request.speaks,),
        rings=(request.operator_sex,) if request.operator_sex in SEXES else (),
        child=("yes",) if request.age_band == CHILD else (),
        kind=[kind for kind in (NGO, STATE) if covers(kind, request.expires, request.created, request.state_line)],
        status=(ACTIVE,),
    )


def health_groups(place: str, country: Country) -> Groups:
    """Return the groups of search terms of the nearest health service (R15)."""
    return groups(**_place(place, country), need=("health",), kind=(NGO,), status=(ACTIVE,))


def _place(place: str, country: Country) -> dict[str, Collection[str]]:
    if country.is_abroad(place):
        return {"abroad": (EVERYWHERE if place == ABROAD else place,)}
    there = place or country.capital
    return {"region": (there, country.region_of(there), EVERYWHERE)}


def full(tx: Tx, services: Iterable[Service]) -> dict[str, datetime | None]:
    """Return which of these services take no more requests now, and until when; None if that is not known.

    A desk holds its claims and its open offers. If claims fill it, nobody knows when one of them ends. An open offer
    ends when its time to answer is over, at the latest.
    """
    return {**dict(_by_held(tx, services)), **full_by_own_word(tx)}


def places(tx: Tx, each: Service) -> int:
    """Return how many more requests a desk that is not full can hold; a very large number without a limit."""
    if each.capacity is None:
        return sys.maxsize
    row = tx.execute(HELD, {"desks": [each.id]}).first()
    return each.capacity - (row.held if row else 0)


def full_by_own_word(tx: Tx) -> Mapping[str, datetime]:
    """Return the desks that said that they take no more requests now, by their ids, and until when."""
    return {row.service: row.full_until for row in tx.execute(FULL, {"now": tx.now})}


def _by_held(tx: Tx, services: Iterable[Service]) -> Iterator[tuple[str, datetime | None]]:
    limits = {each.id: each.capacity for each in services if each.capacity is not None}
    if not limits:
        return
    held = {row.service: row for row in tx.execute(HELD, {"desks": sorted(limits)})}
    for id, limit in limits.items():
        row = held.get(id)
        if limit <= 0:
            yield id, None
        elif row and row.held >= limit:
            yield id, (row.until or tx.now + NOT_ACCEPTED_YET) if row.opened else None


def set_full(tx: Tx, service: str, until: datetime | None) -> None:
    """Store that a desk takes no more requests until an instant. None: it takes them again."""
    if not insert_if_new(tx, desk, {"service": service, "full_until": until}):
        tx.execute(sa.update(desk).where(desk.c.service == service).values(full_until=until))


def full_until(tx: Tx, service: str) -> datetime | None:
    """Return until when a desk has said that it takes no more requests, or None."""
    return tx.execute(sa.select(desk.c.full_until).where(desk.c.service == service)).scalar()
