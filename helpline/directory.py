"""Services that could ring: what each offers, when it is open, and why it does or does not fit a request.

Names of fields follow HSDS 3.0 (`schedule.byday`, `assured_date`, `status`) and our profile (`after_contact`,
`child_safeguarding`).
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpline.consent import covers
from helpline.contact import LAST_MINUTES, Span, span_of, windows
from helpline.request import CallbackRequest

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EARTH_KM = 6371.0
AHEAD_DAYS = 8


@dataclass(frozen=True, slots=True)
class Opening:
    """One line of a schedule: HSDS `schedule.byday`, `opens_at`, `closes_at`, in the service's zone."""

    days: frozenset[str]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Service:
    """A service of an organization, as far as matching needs it. `phone` is a work telephone, not a caller's.

    `regions`: admin-1 codes it serves; empty means the whole country. `accepts_numbers_by_sms`: agreed to in
    writing (R32). `assured`: when somebody last checked that it answers (R40).
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

    def open_spans(self, now: datetime, days: int = AHEAD_DAYS) -> Iterator[Span]:
        """Give the stretches in which it is open that have not ended, over the next `days` days."""
        zone = ZoneInfo(self.zone)
        today = now.astimezone(zone).date()
        for ahead in range(-1, days):
            day = today + timedelta(days=ahead)
            for line in self.schedule:
                if DAYS[day.weekday()] in line.days:
                    span = span_of(day, line.opens, line.closes, zone)
                    if span.end > now:
                        yield span


@dataclass(frozen=True, slots=True)
class Country:
    """What matching needs to know of a country: where its regions lie, which one is the capital."""

    code: str
    zone: str
    capital: str
    regions: Mapping[str, tuple[float, float]]


def why_not(service: Service, request: CallbackRequest, now: datetime, fresh_days: int) -> str:
    """Give the first reason why a service does not fit, in plain words; empty where it fits.

    Half a draft is read as the rules say: no need is *talk*, no place is the whole country, then the capital.
    """
    elsewhere = request.place and service.regions and request.place not in service.regions
    reasons = (
        (service.status != "active", f"it is {service.status}"),
        (not covers(service.kind, request.expires, now), "consent is for an NGO only"),
        (now.date() - service.assured > timedelta(days=fresh_days), "it was not checked lately"),
        (request.language not in service.languages, "nobody there speaks the language"),
        (request.need != "not_sure" and (request.need or "talk") not in service.needs, "it does not help with this"),
        (elsewhere, "it does not serve the place"),
        (request.age_band == "under_18" and not service.child_safeguarding, "it is not prepared for children"),
    )
    said = next((reason for holds, reason in reasons if holds), "")
    return said or ("" if meeting(service, request, now) else "it is never open in the hours asked for")


def fits_any_age(service: Service, request: CallbackRequest) -> bool:
    """Tell whether an offer need not say that the age was not said (R23)."""
    return service.child_safeguarding or request.age_band == "adult"


def meeting(service: Service, request: CallbackRequest, now: datetime) -> Span | None:
    """Give the first stretch in which it is open and she may be rung, within the days ahead and the consent.

    One in its last minutes does not count: no number would be sent in it.
    """
    if request.window == "":
        return None
    opened = sorted(service.open_spans(now), key=lambda span: span.start)
    for window in windows(request.window, request.zone, now):
        for span in opened:
            both = window.meets(span)
            if both and both.start < request.expires and now < both.end - LAST_MINUTES:
                return both
    return None


def ranked(
    services: list[Service], request: CallbackRequest, country: Country, now: datetime, fresh_days: int
) -> list[Service]:
    """Give the services that fit, the first to ask first.

    Where age is not said, those prepared for children come before all others (R23); then the nearest. Without a
    place, services for the whole country come before those of the capital, and no others.
    """
    fitting = [service for service in services if not why_not(service, request, now, fresh_days)]
    if not request.place:
        fitting = [s for s in fitting if not s.regions or country.capital in s.regions]
    here = country.regions.get(request.place or country.capital, country.regions[country.capital])
    return sorted(
        fitting,
        key=lambda s: (not s.child_safeguarding, bool(s.regions) if not request.place else False, km(here, s.at), s.id),
    )


def km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two (latitude, longitude) in degrees, by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(p[0]), math.radians(p[1])) for p in (a, b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(h))


def promise(
    services: list[Service], request: CallbackRequest, country: Country, now: datetime, fresh_days: int
) -> Span | None:
    """Give the first stretch in which anyone who may be asked could ring; None: "we cannot say when" (R39)."""
    found = [meeting(s, request, now) for s in ranked(services, request, country, now, fresh_days)]
    return min((span for span in found if span), key=lambda span: span.start, default=None)
