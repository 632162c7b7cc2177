"""Who can help: whom to ask, in which order, why not the others, and what may be promised. Pure.

What fits is asked in `helpline.fit`, who of these comes after others in `helpline.turns`; what the database leaves out
before is in `helpline.terms`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from helpline import fit, meeting, turns
from helpline.consent import NGO
from helpline.contact import Span
from helpline.directory import ACTIVE, Country, Service
from helpline.nearest import Sites, km
from helpline.wanted import Wanted

NEVER_OPEN = "it is never open in the hours asked for"
UNREAD = fit.TO_BE_READ | {fit.OFFICIAL}
"""What nobody who only looks for a telephone has read of (R21)."""


def why_not(service: Service, wanted: Wanted) -> str:
    """Give the first reason why a service does not fit, in plain words; empty where it fits."""
    return next(fit.against(service, wanted), "") or ("" if meeting.hours(service, wanted) else NEVER_OPEN)


def in_order(services: Collection[Service], wanted: Wanted) -> Iterator[Service]:
    """Give the services that fit, the first to ask first, one at a time: whoever takes the first pays for it alone.

    The one that her request was handed to comes before all; where age is not said, those prepared for children before
    all others (R23); then those that are for everybody, and those that want no papers (R42). Among equals the nearest
    is first; without a place, those for the whole country come before those of the capital, and no others.
    """
    return (service for service in _in_turn(services, wanted) if fit.fits(service, wanted))


def _in_turn(services: Collection[Service], wanted: Wanted) -> Iterator[Service]:
    """Give services in the order of asking, whether or not they fit; equally near ones by id."""
    tiers: defaultdict[tuple[bool, ...], list[Service]] = defaultdict(list)
    for service in sorted(services, key=attrgetter("id")):
        tiers[turns.later(service, wanted)].append(service)
    for _, tier in sorted(tiers.items()):
        sites = Sites.of([service.at for service in tier])
        yield from (tier[n] for n in sites.outward(wanted.here))


def ranked(services: Collection[Service], wanted: Wanted) -> list[Service]:
    """Give all the services that fit, the first to ask first, as `in_order` has them."""
    return list(in_order(services, wanted))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of one service. `against`: every reason why it does not fit; empty, it is asked.

    `later`: why it is asked after others. `hours`: when it could first ring her. Hours are looked at last: where
    something else stands against a service they are not told.
    """

    service: Service
    against: tuple[str, ...]
    later: tuple[str, ...]
    hours: Span | None


def explain(services: Collection[Service], wanted: Wanted) -> list[Verdict]:
    """Give each service with its reasons: those that fit in the order in which they are asked, then the others by id.

    The services without a reason are those of `ranked`, in its order.
    """
    verdicts = {service.id: _verdict(service, wanted) for service in sorted(services, key=attrgetter("id"))}
    fitting = [verdict.service for verdict in verdicts.values() if not verdict.against]
    return [*(verdicts.pop(service.id) for service in _in_turn(fitting, wanted)), *verdicts.values()]


def _verdict(service: Service, wanted: Wanted) -> Verdict:
    if against := tuple(fit.against(service, wanted)):
        return Verdict(service, against, (), None)
    hours = meeting.hours(service, wanted)
    later = tuple(words for words, holds in zip(turns.LATER, turns.later(service, wanted), strict=True) if holds)
    return Verdict(service, () if hours else (NEVER_OPEN,), later, hours)


def nearest_for_health(
    services: Collection[Service], place: str, country: Country, now: datetime, fresh_days: int
) -> Service | None:
    """Give the nearest service for health that was checked lately, is open now and may be rung by anybody (R15).

    Never one of police or state, nor another whose consequences must be read first (R20, R21). One that wants papers
    or is not for everybody comes after those without conditions (R42).
    """
    here = country.point_of(place or country.capital)
    found = [
        service
        for service in services
        if service.status == ACTIVE and service.kind == NGO and service.is_fresh(now, fresh_days)
        if "health" in service.needs and service.public_phone and not fit.follows(service) & UNREAD
        if country.serves(service, place) and service.is_open(now)
    ]

    def order(service: Service) -> tuple[bool, bool, bool, float, str]:
        papers, elsewhere = fit.wants_papers(service), bool(service.regions) and not place
        return bool(service.serves), papers, elsewhere, km(here, service.at), service.id

    return min(found, key=order, default=None)


def shown_by(services: Collection[Service]) -> str:
    """Tell what a phone shows when one of these rings: `number`, `hidden`, or `either` where that differs (R10)."""
    shown = {service.shows for service in services}
    return shown.pop() if len(shown) == 1 else "either"


def promise(services: Collection[Service], wanted: Wanted) -> Span | None:
    """Give the first stretch in which anyone who may be asked could ring; None: "we cannot say when" (R39).

    Of several that begin at once it is that of whoever is asked first, who will most likely ring.
    """
    found = (span for service in _in_turn(services, wanted) if (span := fit.fits(service, wanted)))
    return min(found, key=lambda span: span.start, default=None)
