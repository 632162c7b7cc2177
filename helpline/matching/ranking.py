"""The order in which services are asked, why others are not, and what may be promised. Pure.

`eligibility` checks each service. What the database leaves out before is in `helpline.directory.search_terms`.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from helpline.content.country import Country
from helpline.core.call_windows import Span
from helpline.directory.service import ACTIVE, Service
from helpline.matching import eligibility
from helpline.matching.criteria import OF_AGE, SEXES_SERVED, Criteria, Point, first_window
from helpline.matching.eligibility import wants_papers
from helpline.request.model import NGO
from menus.draft import NOT_SAID

EARTH_KM = 6371.0
NEVER_OPEN = "it is never open in the hours asked for"
UNREAD = eligibility.TO_BE_READ | {eligibility.OFFICIAL}
"""What a caller who only looks for a telephone has not read (R21)."""
LATER = (
    "the request was handed to another",
    "age was not said, and it is not prepared for children",
    "it is not for everybody, and it is not known whether it is for this caller",
    "it wants to see papers",
    "place was not said, and it is not for the whole country",
)
"""Why an eligible service is asked only after those without this reason. The first weighs most. R23 comes before R42,
since a child's safety is more important than a refusal that costs a day."""
LATER_NAMES = ("later_handed", "later_child", "later_group", "later_papers", "later_place")
"""The names of the texts of the reasons in `LATER`, in its order."""
FINER: Mapping[str, str] = {
    "it helps only people of an official status, and nobody asks for that": "official",
    "what follows a call to it was not confirmed": "confirmed",
    "it may talk to the offender, and the caller is in danger": "offender",
}
"""The names of reasons that come from the same check."""
HOURS, NO_MORE_SERVICES = "hours", "no_more_services"


def km(a: Point, b: Point) -> float:
    """Return the great-circle distance of two points in kilometres, by the haversine formula."""
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, _haversine_from(a)(b))))


def _haversine_from(here: Point) -> Callable[[Point], float]:
    """Return a function that computes the haversine of the angle from `here` to a point.

    It grows with the distance, and is faster to compute for thousands of services.
    """
    lat, lon, cos_lat = math.radians(here[0]), math.radians(here[1]), math.cos(math.radians(here[0]))

    def haversine(point: Point) -> float:
        to_lat, to_lon = math.radians(point[0]), math.radians(point[1])
        up, across = math.sin((to_lat - lat) / 2), math.sin((to_lon - lon) / 2)
        return up * up + cos_lat * math.cos(to_lat) * across * across

    return haversine


def why_not(service: Service, criteria: Criteria) -> str:
    """Return the first reason why a service is not eligible, in plain words, or ""."""
    return next(eligibility.against(service, criteria), "") or ("" if first_window(service, criteria) else NEVER_OPEN)


def in_order(services: Collection[Service], criteria: Criteria) -> Iterator[Service]:
    """Yield the eligible services in the order of asking. Each is checked only when it is needed.

    The order is: the service that the request was handed to; if age is not said, those prepared for children (R23);
    those that are for everybody, and those that want no papers (R42); without a place, those of the whole country.
    Among equals the nearest is first.
    """
    return (service for service in _in_turn(services, criteria) if eligibility.fits(service, criteria))


def _in_turn(services: Collection[Service], criteria: Criteria) -> Iterator[Service]:
    """Yield services in the order of asking, eligible or not; equally near ones by id."""
    tiers: defaultdict[tuple[bool, ...], list[Service]] = defaultdict(list)
    for service in services:
        tiers[put_later(service, criteria)].append(service)
    distance = _haversine_from(criteria.here)
    for _, tier in sorted(tiers.items()):
        yield from sorted(tier, key=lambda service: (distance(service.at), service.id))


def ranked(services: Collection[Service], criteria: Criteria) -> list[Service]:
    """Return all eligible services in the order of asking, as `in_order` does."""
    return list(in_order(services, criteria))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What matching says about one service, in plain words."""

    service: Service
    against: tuple[str, ...]
    """Every reason why it is not eligible. If there is none, it is asked."""
    later: tuple[str, ...]
    """Why it is asked after others."""
    hours: Span | None
    """When it could first call. Computed only for a service without any other reason against it."""


def explain(services: Collection[Service], criteria: Criteria) -> list[Verdict]:
    """Return the verdict on each service: the eligible ones in the order of asking, then the others by id.

    The eligible ones are those of `ranked`, in its order.
    """
    verdicts = {service.id: _verdict(service, criteria) for service in sorted(services, key=attrgetter("id"))}
    fitting = [verdict.service for verdict in verdicts.values() if not verdict.against]
    return [*(verdicts.pop(service.id) for service in _in_turn(fitting, criteria)), *verdicts.values()]


def _verdict(service: Service, criteria: Criteria) -> Verdict:
    if against := tuple(eligibility.against(service, criteria)):
        return Verdict(service, against, (), None)
    hours = first_window(service, criteria)
    later = tuple(words for words, holds in zip(LATER, put_later(service, criteria), strict=True) if holds)
    return Verdict(service, () if hours else (NEVER_OPEN,), later, hours)


def nearest_for_health(
    services: Collection[Service], place: str, country: Country, now: datetime, fresh_days: int
) -> Service | None:  # fmt: skip
    """Return the nearest health service that was checked lately, is open now and takes calls from anybody (R15).

    Never one of police or state, nor one with consequences that must be read first (R20, R21). One that wants papers or
    is not for everybody comes after those without conditions (R42). Of the others, one only for health comes first.
    """
    here = country.point_of(place or country.capital)
    found = [
        service
        for service in services
        if service.status == ACTIVE and service.kind == NGO and service.is_fresh(now, fresh_days)
        if "health" in service.needs and service.public_phone and not eligibility.follows(service) & UNREAD
        if service.serves_place(country, place) and service.is_open(now)
    ]

    def order(service: Service) -> tuple[bool, bool, bool, bool, float, str]:
        papers, elsewhere = wants_papers(service), bool(service.regions) and not place
        return bool(service.serves), papers, len(service.needs) > 1, elsewhere, km(here, service.at), service.id

    return min(found, key=order, default=None)


def told_to_anybody(
    services: Collection[Service], region: str, country: Country, now: datetime, fresh_days: int
) -> list[Service]:  # fmt: skip
    """Return the services of a region that anybody who holds the phone may read about, and call.

    Only an NGO whose telephone may be told to anybody and that was checked lately (R40), never one with consequences
    that must be read first (R20, R21). No shelter, not even its telephone, whoever else answers it (R41): the caller
    may be the person that somebody has fled from (R25). Those that want no papers come first (R42), those of the
    whole country last.
    """
    here = country.point_of(region)
    of_shelters = {service.public_phone for service in services if service.is_shelter}
    found = [
        service
        for service in services
        if service.status == ACTIVE and service.kind == NGO and service.is_fresh(now, fresh_days)
        if service.public_phone and not eligibility.follows(service) & UNREAD
        if service.public_phone not in of_shelters
        if service.serves_place(country, region)
    ]

    def order(service: Service) -> tuple[bool, bool, float, str]:
        return wants_papers(service), not service.regions, km(here, service.at), service.id

    return sorted(found, key=order)


def shown_by(services: Collection[Service]) -> str:
    """Return what a phone shows when one of these calls: `number`, `hidden`, or `either` if that differs (R10)."""
    shown = {service.shows for service in services}
    return shown.pop() if len(shown) == 1 else "either"


def promise(services: Collection[Service], criteria: Criteria) -> Span | None:
    """Return the first period in which an eligible service could call. None: "we cannot say when" (R39).

    A period that has begun is promised from now on: nobody can call in the part that is over. If several periods begin
    at once, it is that of the service that is asked first: it will most likely call.
    """
    now, in_turn = criteria.now, _in_turn(services, criteria)
    fitting = (span for service in in_turn if (span := eligibility.fits(service, criteria)))
    found = (Span(max(span.start, now), span.end) for span in fitting)
    return min(found, key=attrgetter("start"), default=None)


def put_later(service: Service, criteria: Criteria) -> tuple[bool, ...]:
    """Return whether each reason of `LATER` holds. Services are sorted by this before their distance.

    It is called for every candidate, so it does not compute what a service does not have.
    """
    request = criteria.request
    return (
        bool(request.handed_to) and service.id != request.handed_to,
        request.age_band == NOT_SAID and not service.child_safeguarding,
        bool(service.serves or service.minimum_age or service.maximum_age) and not _is_for_caller(service, criteria),
        bool(service.documents) and wants_papers(service),
        bool(service.regions) and not request.place,
    )


def _is_for_caller(service: Service, criteria: Criteria) -> bool:
    """Whether a service is known to be for the caller: for everybody, or for a group and an age that they have said."""
    least, most, serves = service.minimum_age, service.maximum_age, service.serves
    if criteria.request.age_band == NOT_SAID and ((least or 0) >= OF_AGE or (most is not None and most < OF_AGE)):
        return False
    return not serves or bool(serves & criteria.groups) or serves >= SEXES_SERVED


@dataclass(frozen=True, slots=True)
class Candidate:
    """What matching says about one service, by the names of texts."""

    id: str
    why: tuple[str, ...]
    """Every reason why it is not asked. If there is none, it is asked in its turn."""
    later: tuple[str, ...]
    """Why it is asked after others."""
    hours: Span | None
    """When it could first call."""
    far: int | None
    """Kilometres from the place of the request; None if it serves the whole country, so that its seat says nothing."""


def candidates(
    services: Collection[Service], criteria: Criteria, may_get: Callable[[str], bool]
) -> list[Candidate]:  # fmt: skip
    """Return each service with its reasons: first the eligible ones, in the order of asking.

    `may_get` says of the id of a service whether the number may go to it (R30).
    """
    found = [_candidate(verdict, criteria, may_get) for verdict in explain(services, criteria)]
    return sorted(found, key=lambda candidate: bool(candidate.why))


def _candidate(verdict: Verdict, criteria: Criteria, may_get: Callable[[str], bool]) -> Candidate:
    service, why = verdict.service, tuple[str, ...]()
    if verdict.against:
        why = tuple(FINER.get(words, name) for name, words in eligibility.named(service, criteria)) or (HOURS,)
    if not may_get(service.id):
        why = (*why, NO_MORE_SERVICES)
    later = tuple(LATER_NAMES[LATER.index(words)] for words in verdict.later)
    far = round(km(criteria.here, service.at)) if service.regions else None
    return Candidate(service.id, why, later, verdict.hours, far)
