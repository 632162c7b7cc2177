"""Who is there tonight: which services are open, which are shut, and which places nobody covers. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpline.content.country import Country
from helpline.core.call_windows import Span, instant
from helpline.directory.service import Service
from helpline.request.model import NGO

EVENING, MORNING = time(17), time(8)
"""Between these, on the country's clocks, is tonight; by day it is the night that comes."""


@dataclass(frozen=True, slots=True)
class Night:
    """A service tonight. `open`: when somebody answers there; `why`: a text that says why it is not asked, or empty."""

    service: Service
    open: Sequence[Span]
    why: str


def night(now: datetime, zone: str) -> Span:
    """Give the night that it is, else the one that comes; what is over of it is left out."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    begins = today if now >= instant(today, MORNING, here) else today - timedelta(days=1)
    return Span(max(now, instant(begins, EVENING, here)), instant(begins + timedelta(days=1), MORNING, here))


def nights(
    services: Iterable[Service], now: datetime, tonight: Span, fresh_days: int, full: Collection[str]
) -> list[Night]:
    """Give each service that could be asked at all, with its hours tonight and why it is not asked now."""
    return [
        _night(each, now, tonight, fresh_days, full) for each in services if each.callback and each.status == "active"
    ]


def _night(service: Service, now: datetime, tonight: Span, fresh_days: int, full: Collection[str]) -> Night:
    spans = sorted(service.open_spans(now, 3), key=lambda span: span.start)
    open_ = [both for span in spans if (both := span.overlap(tonight))]
    shut = "" if open_ else "shut"
    unfit = "full" if service.id in full else "" if service.is_fresh(now, fresh_days) else "unchecked"
    return Night(service, open_, unfit or shut)


def uncovered(found: Iterable[Night], country: Country, places: Mapping[str, Sequence[str]]) -> list[str]:
    """Give the regions and districts that no NGO serves tonight: a whole region by itself, else its districts.

    `places`: the districts of each region. Lines of the state are for those only who said yes to them (R30).
    """
    there = [each.service for each in found if not each.why and each.service.kind == NGO]
    lacking = list[str]()
    for region, districts in places.items():
        if any(country.serves(each, region) for each in there):
            continue
        missing = [code for code in districts if not any(country.serves(each, code) for each in there)]
        lacking += [region] if len(missing) == len(districts) else missing
    return lacking
