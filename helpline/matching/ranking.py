"""Who can help: whom to ask, in which order, why not the others, and what may be promised. Pure.

What fits is asked in `helpline.matching.eligibility`, who of these comes after others in `helpline.matching.ranking`;
what the database leaves out before is in `helpline.directory.search_terms`.

Which of the services that fit are asked only after others, and why. Pure.

Why a service is asked about a request, or why not, by names of texts: what `komek explain` says in English. Pure.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from helpline.content.country import Country
from helpline.core.call_windows import Span
from helpline.directory.service import ACTIVE, Service
from helpline.matching import criteria, eligibility
from helpline.matching.criteria import OF_AGE, SEXES_SERVED, Criteria
from helpline.matching.eligibility import wants_papers
from helpline.matching.nearest import Sites, km
from helpline.request.model import NGO
from menus.draft import NOT_SAID

NEVER_OPEN = "it is never open in the hours asked for"
UNREAD = eligibility.TO_BE_READ | {eligibility.OFFICIAL}
"""What nobody who only looks for a telephone has read of (R21)."""


def why_not(service: Service, wanted: Criteria) -> str:
    """Give the first reason why a service does not fit, in plain words; empty where it fits."""
    return next(eligibility.against(service, wanted), "") or ("" if criteria.hours(service, wanted) else NEVER_OPEN)


def in_order(services: Collection[Service], wanted: Criteria) -> Iterator[Service]:
    """Give the services that fit, the first to ask first, one at a time: whoever takes the first pays for it alone.

    The one that her request was handed to comes before all; where age is not said, those prepared for children before
    all others (R23); then those that are for everybody, and those that want no papers (R42). Among equals the nearest
    is first; without a place, those for the whole country come before those of the capital, and no others.
    """
    return (service for service in _in_turn(services, wanted) if eligibility.fits(service, wanted))


def _in_turn(services: Collection[Service], wanted: Criteria) -> Iterator[Service]:
    """Give services in the order of asking, whether or not they fit; equally near ones by id."""
    tiers: defaultdict[tuple[bool, ...], list[Service]] = defaultdict(list)
    for service in sorted(services, key=attrgetter("id")):
        tiers[put_later(service, wanted)].append(service)
    for _, tier in sorted(tiers.items()):
        sites = Sites.of([service.at for service in tier])
        yield from (tier[n] for n in sites.outward(wanted.here))


def ranked(services: Collection[Service], wanted: Criteria) -> list[Service]:
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


def explain(services: Collection[Service], wanted: Criteria) -> list[Verdict]:
    """Give each service with its reasons: those that fit in the order in which they are asked, then the others by id.

    The services without a reason are those of `ranked`, in its order.
    """
    verdicts = {service.id: _verdict(service, wanted) for service in sorted(services, key=attrgetter("id"))}
    fitting = [verdict.service for verdict in verdicts.values() if not verdict.against]
    return [*(verdicts.pop(service.id) for service in _in_turn(fitting, wanted)), *verdicts.values()]


def _verdict(service: Service, wanted: Criteria) -> Verdict:
    if against := tuple(eligibility.against(service, wanted)):
        return Verdict(service, against, (), None)
    hours = criteria.hours(service, wanted)
    later = tuple(words for words, holds in zip(LATER, put_later(service, wanted), strict=True) if holds)
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
        if "health" in service.needs and service.public_phone and not eligibility.follows(service) & UNREAD
        if service.serves_place(country, place) and service.is_open(now)
    ]

    def order(service: Service) -> tuple[bool, bool, bool, float, str]:
        papers, elsewhere = eligibility.wants_papers(service), bool(service.regions) and not place
        return bool(service.serves), papers, elsewhere, km(here, service.at), service.id

    return min(found, key=order, default=None)


def shown_by(services: Collection[Service]) -> str:
    """Tell what a phone shows when one of these rings: `number`, `hidden`, or `either` where that differs (R10)."""
    shown = {service.shows for service in services}
    return shown.pop() if len(shown) == 1 else "either"


def promise(services: Collection[Service], wanted: Criteria) -> Span | None:
    """Give the first stretch in which anyone who may be asked could ring; None: "we cannot say when" (R39).

    Of several that begin at once it is that of whoever is asked first, who will most likely ring.
    """
    found = (span for service in _in_turn(services, wanted) if (span := eligibility.fits(service, wanted)))
    return min(found, key=lambda span: span.start, default=None)


LATER = (
    "her request was handed to another",
    "age was not said, and it is not prepared for children",
    "it is not for everybody, and nobody knows whether it is for her",
    "it wants to see papers",
    "place was not said, and it is not for the whole country",
)
"""Why a service that fits is asked only after all others of which this is not true. The first weighs most: R23 before
R42, since a child's safety goes before a refusal that costs a day."""


def put_later(service: Service, wanted: Criteria) -> tuple[bool, ...]:
    """Give what to sort services by before their distance: whether each reason of `LATER` holds.

    Asked of every candidate, so what a service does not have is not looked into.
    """
    request = wanted.request
    return (
        bool(request.handed_to) and service.id != request.handed_to,
        request.age_band == NOT_SAID and not service.child_safeguarding,
        bool(service.serves or service.minimum_age or service.maximum_age) and not _for_her(service, wanted),
        bool(service.documents) and wants_papers(service),
        bool(service.regions) and not request.place,
    )


def _for_her(service: Service, wanted: Criteria) -> bool:
    """Tell whether a service is known to be for her: for everybody, or for a group and an age that she has named."""
    least, most, serves = service.minimum_age, service.maximum_age, service.serves
    if wanted.request.age_band == NOT_SAID and ((least or 0) >= OF_AGE or (most is not None and most < OF_AGE)):
        return False
    return not serves or bool(serves & wanted.groups) or serves >= SEXES_SERVED


FINER: Mapping[str, str] = {
    "it helps only people of an official status, and nobody asks for that": "official",
    "what follows a call to it was not confirmed": "confirmed",
    "it may talk to whoever harms her": "offender",
}
"""Reasons that answer one question of `eligibility`, and are told apart."""
HOURS, ONE_SERVICE = "hours", "one_service"
LATER_NAMES = ("later_handed", "later_child", "later_group", "later_papers", "later_place")
"""The reasons of `ranking.LATER`, in its order."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is to be said of one service. `why`: every reason why it is not asked; empty, it is, in its turn.

    `later`: why after others. `hours`: when it could first ring. `far`: kilometres from her place.
    """

    id: str
    why: tuple[str, ...]
    later: tuple[str, ...]
    hours: Span | None
    far: int


def candidates(services: Collection[Service], wanted: Criteria, only: frozenset[str] = frozenset()) -> list[Candidate]:
    """Give each service with its reasons: first those that fit, in the order of asking.

    `only`: the services that have her number already, where she agreed to one service and no other (R28).
    """
    found = [_candidate(each, wanted, only) for each in explain(services, wanted)]
    return sorted(found, key=lambda each: bool(each.why))


def _candidate(verdict: Verdict, wanted: Criteria, only: frozenset[str]) -> Candidate:
    service = verdict.service
    why = tuple(FINER.get(words, name) for name, words in eligibility.named(service, wanted)) if verdict.against else ()
    if verdict.against and not why:
        why = (HOURS,)
    if only and service.id not in only:
        why = (*why, ONE_SERVICE)
    later = tuple(LATER_NAMES[LATER.index(words)] for words in verdict.later)
    return Candidate(service.id, why, later, verdict.hours, round(km(wanted.here, service.at)))
