"""Who can help: why a service does or does not fit a request, whom to ask first, and what may be promised. Pure."""

import math
from collections.abc import Sequence
from datetime import datetime

from helpline.consent import NGO, covers
from helpline.contact import LAST_MINUTES, Span, windows
from helpline.directory import Country, Service
from helpline.languages import spoken
from helpline.request import SEXES, CallbackRequest

EARTH_KM = 6371.0


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


def promise(
    services: Sequence[Service], request: CallbackRequest, country: Country, now: datetime, fresh_days: int
) -> Span | None:
    """Give the first stretch in which anyone who may be asked could ring; None: "we cannot say when" (R39)."""
    found = [meeting(s, request, now) for s in ranked(services, request, country, now, fresh_days)]
    return min((span for span in found if span), key=lambda span: span.start, default=None)


def km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two (latitude, longitude) in degrees, by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(p[0]), math.radians(p[1])) for p in (a, b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(h))
