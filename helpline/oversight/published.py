"""Count each month once, when it is over, and store the result. Everything that shows figures reads it here.

Drills are not counted.
"""

from collections.abc import Sequence
from datetime import datetime

from helpline.caller import conversations
from helpline.oversight import month_rows, monthly
from helpline.oversight.monthly import Month
from helpline.store.engine import Database, Tx

LOOKS_BACK = 2
"""How many past months the sweep checks, in case nothing ran when one ended."""


class NotOver(Exception):
    """A month is not over, so its figures must not be published yet."""


def months(
    db: Database, names: Sequence[str], region_of: month_rows.RegionOf, now: datetime, service: str = ""
) -> dict[str, Month]:
    """Return months that are over, of all services or of one.

    Raise `NotOver` if one is not over, and `ValueError` if a name is no month.
    """
    if any(monthly.span_of(each)[1] > now for each in names):
        raise NotOver
    with db.read() as tx:
        stored = month_rows.stored_months(tx, names, service)
    for each in (each for each in names if each not in stored):
        if service:
            _count(db, each, service, region_of)
        else:  # its services first, or their offers could be deleted before they are counted
            count_month(db, each, region_of)
    with db.read() as tx:
        stored = month_rows.stored_months(tx, names, service)
    return {each: monthly.from_json(each, stored[each]) for each in names}


def is_over(name: str, now: datetime) -> bool | None:
    """Whether a month is over, or None if `name` is no month."""
    try:
        return monthly.span_of(name)[1] <= now
    except ValueError:
        return None


def preview(tx: Tx, name: str, region_of: month_rows.RegionOf, service: str = "") -> Month:
    """Count a month as it is now, without storing it. The result must not be published."""
    start, end = monthly.span_of(name)
    data = month_rows.month_data(tx, start, end, region_of, service)
    left = [] if service else conversations.left_in_month(tx, name)
    harms = month_rows.harm_data(tx, start, end, service)
    return monthly.count(name, data.people, data.spans, data.asked, left, harms)


def uncounted(tx: Tx) -> list[str]:
    """Return the months that are over and not yet counted, of the last ones, oldest first."""
    last = monthly.last_months(tx.now, LOOKS_BACK)
    return sorted(set(last) - month_rows.stored_months(tx, last).keys())


def count_month(db: Database, name: str, region_of: month_rows.RegionOf) -> None:
    """Count a month that is over, for each service and then for all, and store each result at once.

    Counting holds no lock. If it breaks off, it goes on where it was.
    """
    with db.snapshot() as tx:
        services = month_rows.services_of(tx, *monthly.span_of(name))
    for service in (*services, ""):
        _count(db, name, service, region_of)


def _count(db: Database, name: str, service: str, region_of: month_rows.RegionOf) -> None:
    """Count a month for a service (empty: for all) and store the result, unless it is stored already."""
    with db.snapshot() as tx:
        if month_rows.stored_months(tx, [name], service):
            return
        body = monthly.to_json(preview(tx, name, region_of, service))
    with db.write() as tx:
        month_rows.store_month(tx, name, service, body)
