"""Months as they are published: counted once, when they are over, and kept. Everything that shows figures asks here."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from helpline import monthly
from helpline.monthly import Month
from helpline.store import departures, figures
from helpline.store.database import Database

LOOKS_BACK = 2
"""How many months the sweep looks back, should nothing have run when one ended."""

RegionOf = Callable[[str], str]


class NotOver(Exception):
    """A month is not over: its figures are not for publishing yet."""


def months(
    db: Database, named: Sequence[str], region_of: RegionOf, now: datetime, service: str = ""
) -> dict[str, Month]:
    """Give months that are over. Raises `NotOver`, and `ValueError` for what is no month."""
    if any(monthly.span_of(each)[1] > now for each in named):
        raise NotOver
    with db.read() as tx:
        kept = figures.kept(tx, named, service)
    for each in (each for each in named if each not in kept):
        with db.read() as tx:  # counting takes a while where there is much: nobody who writes waits for it
            body = monthly.as_data(preview(tx, each, region_of, service))
        with db.write() as tx:
            figures.keep(tx, each, service, body)
            kept |= figures.kept(tx, [each], service)
    return {each: monthly.from_data(each, kept[each]) for each in named}


def is_over(named: str, now: datetime) -> bool | None:
    """Tell whether a month is over, None where `named` is no month."""
    try:
        return monthly.span_of(named)[1] <= now
    except ValueError:
        return None


def preview(tx: Connection, named: str, region_of: RegionOf, service: str = "") -> Month:
    """Count a month as it is now, without keeping it: not for publishing."""
    start, end = monthly.span_of(named)
    found = figures.to_count(tx, start, end, region_of, service)
    left = [] if service else departures.of_month(tx, named)
    harmed = figures.harmed(tx, start, end, service)
    return monthly.count(named, found.people, found.spans, found.asked, left, harmed)


def sweep(tx: Connection, region_of: RegionOf, now: datetime) -> int:
    """Count the months that have ended, before anything of them is erased; give how many."""
    last = monthly.last_months(now, LOOKS_BACK)
    missing = sorted(set(last) - figures.kept(tx, last).keys())
    for each in missing:
        for service in ("", *figures.services_of(tx, *monthly.span_of(each))):
            _count(tx, each, service, region_of)
    departures.forget_before(tx, f"{now:%Y-%m}")
    return len(missing)


def _count(tx: Connection, named: str, service: str, region_of: RegionOf) -> None:
    figures.keep(tx, named, service, monthly.as_data(preview(tx, named, region_of, service)))
