"""Services that could ring: what each offers, when it is open, and why it does or does not fit a request.

Names of fields follow HSDS 3.0 (`schedule.byday`, `assured_date`, `status`) and our profile (`after_contact`,
`child_safeguarding`).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol

from helpline.consent import NGO, covers
from helpline.contact import AHEAD_DAYS, LAST_MINUTES, Span, recurring, windows
from helpline.languages import base_of, spoken
from helpline.request import SEXES, CallbackRequest

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EARTH_KM = 6371.0
ISO_COUNTRY = 2
"""Letters of a country's code (ISO 3166-1 alpha-2); codes of places at home are longer."""
ABROAD = "abroad"
"""In place of a country abroad that is not known yet."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One line of a schedule: HSDS `schedule.byday`, `opens_at`, `closes_at`, in the service's zone."""

    days: frozenset[str]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Service:
    """A service of an organization, as far as matching needs it. `phone` is a work telephone, not a caller's.

    `regions`: admin-1 codes it serves; empty means the whole country. `abroad`: countries in which it serves people
    of this one. `sexes`: who can answer there; empty where nobody can say. `shows`: what a phone shows when it rings,
    `number` or `hidden` (R10). `public_phone`: its entry telephone, if it may be told to anybody.
    `accepts_numbers_by_sms`: agreed to in writing (R32). `assured`: when somebody last checked that it answers (R40).
    """

    id: str
    names: Mapping[str, str]
    kind: str
    phone: str
    languages: tuple[str, ...]
    needs: frozenset[str]
    regions: frozenset[str]
    at: tuple[float, float]
    zone: str
    schedule: tuple[Opening, ...]
    assured: date
    status: str = "active"
    child_safeguarding: bool = False
    accepts_numbers_by_sms: bool = False
    language: str = "ru"
    abroad: frozenset[str] = frozenset()
    sexes: frozenset[str] = frozenset()
    shows: str = "number"
    public_phone: str = ""

    def open_spans(self, now: datetime, ahead: int = AHEAD_DAYS) -> Iterator[Span]:
        """Give the stretches in which it is open that have not ended, over the next `ahead` days."""
        for line in self.schedule:
            weekdays = {DAYS.index(day) + 1 for day in line.days}
            yield from recurring(weekdays, line.opens, line.closes, self.zone, now, ahead)

    def is_open(self, now: datetime) -> bool:
        """Tell whether somebody answers there now."""
        return any(span.holds(now) for span in self.open_spans(now, 1))

    def is_fresh(self, now: datetime, fresh_days: int) -> bool:
        """Tell whether it was checked in the last `fresh_days` days (R40)."""
        return now.date() - self.assured <= timedelta(days=fresh_days)

    def name(self, language: str) -> str:
        """Give its name in a language, else in its own."""
        return self.names.get(base_of(language)) or self.names.get(self.language) or next(iter(self.names.values()))


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody at work whom we may write to: a service or a coordinator."""

    id: str
    kind: str
    phone: str
    names: Mapping[str, str]
    language: str
    accepts_numbers_by_sms: bool


class Places(Protocol):
    """Districts and towns below the regions."""

    def region_of(self, code: str) -> str:
        """Give the region that a place lies in; empty where it is not known."""

    def at(self, code: str) -> tuple[float, float] | None:
        """Give its latitude and longitude in degrees, if they are known."""


@dataclass(frozen=True, slots=True)
class Country:
    """What matching needs to know of a country: where its places lie, which region is the capital.

    `abroad`: the countries where its people work, with their zones. Without `places` it knows regions only.
    """

    code: str
    zone: str
    capital: str
    regions: Mapping[str, tuple[float, float]]
    places: Places | None = None
    abroad: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def is_abroad(self, place: str) -> bool:
        """Tell whether a place is another country, known or not yet."""
        return place == ABROAD or (len(place) == ISO_COUNTRY and place != self.code)

    def region_of(self, place: str) -> str:
        """Give the region that a place lies in; a region, and what nobody knows, stands for itself."""
        found = self.places.region_of(place) if self.places and place not in self.regions else ""
        return found or place

    def point_of(self, place: str) -> tuple[float, float]:
        """Give where a place lies: its own point, else its region's, else the capital's."""
        own = self.places.at(place) if self.places and place not in self.regions else None
        return own or self.regions.get(self.region_of(place)) or self.regions[self.capital]

    def serves(self, service: Service, place: str) -> bool:
        """Tell whether a service is there for people in a place: at home by its region, abroad by its country (R3).

        Without a place: those for the whole country, and those of the capital.
        """
        if self.is_abroad(place):
            return bool(service.abroad) if place == ABROAD else place in service.abroad
        return not service.regions or self.region_of(place or self.capital) in service.regions


def why_not(service: Service, request: CallbackRequest, country: Country, now: datetime, fresh_days: int) -> str:
    """Give the first reason why a service does not fit, in plain words; empty where it fits.

    Half a draft is read as the rules say: no need is *talk*, no place is the whole country, then the capital.
    """
    spoken_there = {spoken(language) for language in service.languages}
    reasons = (
        (service.status != "active", f"it is {service.status}"),
        (not covers(service.kind, request.expires, now), "consent is for an NGO only"),
        (not service.is_fresh(now, fresh_days), "it was not checked lately"),
        (request.speaks not in spoken_there, "nobody there speaks the language"),
        (request.operator_sex in SEXES - service.sexes, f"no {request.operator_sex} answers there"),
        (request.need != "not_sure" and (request.need or "talk") not in service.needs, "it does not help with this"),
        (not country.serves(service, request.place), "it does not serve the place"),
        (request.age_band == "under_18" and not service.child_safeguarding, "it is not prepared for children"),
    )
    said = next((reason for holds, reason in reasons if holds), "")
    return said or ("" if meeting(service, request, now) else "it is never open in the hours asked for")


def meeting(service: Service, request: CallbackRequest, now: datetime) -> Span | None:
    """Give the first stretch in which it is open and she may be rung, within the days ahead and the consent.

    One in its last minutes does not count: no number would be sent in it.
    """
    opened = sorted(service.open_spans(now), key=lambda span: span.start)
    for window in windows(request.hours, now):
        for span in opened:
            both = window.meets(span)
            if both and both.start < request.expires and now < both.end - LAST_MINUTES:
                return both
    return None


def ranked(
    services: Sequence[Service], request: CallbackRequest, country: Country, now: datetime, fresh_days: int
) -> list[Service]:
    """Give the services that fit, the first to ask first.

    Where age is not said, those prepared for children come before all others (R23); then the nearest. Without a
    place, services for the whole country come before those of the capital, and no others.
    """
    fitting = [service for service in services if not why_not(service, request, country, now, fresh_days)]
    here = country.point_of(request.place or country.capital)
    return sorted(fitting, key=lambda s: (not s.child_safeguarding, *_nearness(s, request.place, here)))


def _nearness(service: Service, place: str, here: tuple[float, float]) -> tuple[bool, float, str]:
    """Give what to sort services by: the distance, but without a place those for the whole country first."""
    return bool(service.regions) and not place, km(here, service.at), service.id


def nearest_for_health(
    services: Sequence[Service], place: str, country: Country, now: datetime, fresh_days: int
) -> Service | None:
    """Give the nearest service for health that was checked lately, is open now and may be rung by anybody (R15).

    Never one of police or state: what happens after one rings these must be read first (R20, R21).
    """
    here = country.point_of(place or country.capital)
    found = [
        service
        for service in services
        if service.status == "active" and service.kind == NGO and service.is_fresh(now, fresh_days)
        if "health" in service.needs and service.public_phone and service.is_open(now)
        if country.serves(service, place)
    ]
    return min(found, key=lambda s: _nearness(s, place, here), default=None)


def shown_by(services: Sequence[Service]) -> str:
    """Tell what a phone shows when one of these rings: `number`, `hidden`, or `either` where that differs (R10)."""
    shown = {service.shows for service in services}
    return shown.pop() if len(shown) == 1 else "either"


def km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two (latitude, longitude) in degrees, by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(p[0]), math.radians(p[1])) for p in (a, b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(h))


def promise(
    services: Sequence[Service], request: CallbackRequest, country: Country, now: datetime, fresh_days: int
) -> Span | None:
    """Give the first stretch in which anyone who may be asked could ring; None: "we cannot say when" (R39)."""
    found = [meeting(s, request, now) for s in ranked(services, request, country, now, fresh_days)]
    return min((span for span in found if span), key=lambda span: span.start, default=None)
