"""Tonight's coverage: which services are open, which are closed, and which places have none. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpline.content.country import Country
from helpline.core.call_windows import Span, instant
from helpline.directory.service import Service
from helpline.request.model import NGO

EVENING, MORNING = time(17), time(8)
"""Tonight begins and ends at these local times of the country. By day it is the coming night."""


@dataclass(frozen=True, slots=True)
class ServiceTonight:
    """A service and its hours tonight."""

    service: Service
    open: Sequence[Span]
    """When somebody answers there."""
    why: str
    """The name of the text that says why it is not asked. Empty if it is asked."""


def night_span(now: datetime, zone: str) -> Span:
    """Return the rest of the present night, or by day the coming night."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    begins = today if now >= instant(today, MORNING, here) else today - timedelta(days=1)
    return Span(max(now, instant(begins, EVENING, here)), instant(begins + timedelta(days=1), MORNING, here))


def services_tonight(
    services: Iterable[Service], now: datetime, tonight: Span, fresh_days: int, full: Collection[str]
) -> list[ServiceTonight]:
    """Return each active service that takes requests, with its hours tonight and why it is not asked now."""
    return [
        _tonight(each, now, tonight, fresh_days, full) for each in services if each.callback and each.status == "active"
    ]


def _tonight(service: Service, now: datetime, tonight: Span, fresh_days: int, full: Collection[str]) -> ServiceTonight:
    spans = sorted(service.open_spans(now, 3), key=lambda span: span.start)
    open_ = [both for span in spans if (both := span.overlap(tonight))]
    shut = "" if open_ else "shut"
    unfit = "full" if service.id in full else "" if service.is_fresh(now, fresh_days) else "unchecked"
    return ServiceTonight(service, open_, unfit or shut)


def without_telephones(found: Iterable[ServiceTonight], on_duty: Collection[str]) -> list[ServiceTonight]:
    """Return the services, of which those without a telephone on duty are not asked: no text reaches them.

    That comes before any other reason: a service that is closed tonight would get no request in the morning either.
    """
    return [each if each.service.id in on_duty else replace(each, why="no_telephone") for each in found]


def unattended(found: Iterable[ServiceTonight], tonight: Span) -> list[Span]:
    """Return the hours of a night in which none of some services is open, in order."""
    gaps, free_from = list[Span](), tonight.start
    for each in sorted((span for one in found if not one.why for span in one.open), key=lambda span: span.start):
        if each.start > free_from:
            gaps.append(Span(free_from, each.start))
        free_from = max(free_from, each.end)
    return [*gaps, Span(free_from, tonight.end)] if free_from < tonight.end else gaps


def uncovered(found: Iterable[ServiceTonight], country: Country, places: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the regions and districts that no NGO serves tonight: the region if all of it is, else its districts.

    `places`: the districts of each region. State lines do not count: only callers who agreed to them get one (R30).
    """
    available = [each.service for each in found if not each.why and each.service.kind == NGO]
    lacking = list[str]()
    for region, districts in places.items():
        if any(each.serves_place(country, region) for each in available):
            continue
        missing = [code for code in districts if not any(each.serves_place(country, code) for each in available)]
        lacking += [region] if len(missing) == len(districts) else missing
    return lacking
