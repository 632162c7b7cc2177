"""Times of day and their zone, as rows of HSDS `schedule` have them, and what is wrong with them."""

import re
from dataclasses import dataclass
from datetime import time
from functools import cache
from zoneinfo import available_timezones

from helpline.hsds.reading import near
from helpline.hsds.tables import Flaw, Row

TIME = re.compile(r"([0-2]?[0-9]):([0-5][0-9])(?::[0-5][0-9])?(?:\.0+)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?", re.ASCII)
OFFSET = re.compile(r"(?:UTC|GMT)?([+-]?)([0-9]{1,2})(?::?00|\.0+)?", re.ASCII)
FARTHEST_WEST, FARTHEST_EAST = -12, 14
MIDNIGHT = "24:00"


@cache
def zones() -> frozenset[str]:
    """Give the names of all zones, which are looked for on disk."""
    return frozenset(available_timezones())


@dataclass(frozen=True, slots=True)
class Hour:
    """A time of day, and the distance from Greenwich that was written behind it."""

    at: time
    offset: str


def hour_of(row: Row, name: str, closes: bool, flaws: list[Flaw]) -> Hour | None:
    """Read a time. A row that closes may have none: it closes whole days."""
    text = row.text(name)
    if not text and closes and not row.text("opens_at") + row.text("closes_at"):
        return Hour(time(), "")
    found = TIME.fullmatch("0:00" if text == MIDNIGHT and name == "closes_at" else text)
    if not text or not found or int(found[1]) > 23:
        what = "it is missing" if not text else f"{text!r} is no time of day"
        flaws.append(row.flaw(name, f"{what}; write it as 09:00"))
        return None
    return Hour(time(int(found[1]), int(found[2])), found[3] or "")


def zone_of(row: Row, opens: Hour | None, until: Hour | None, closes: bool, flaws: list[Flaw]) -> str:
    """Give the zone of the hours: a name, or a distance from Greenwich in whole hours.

    The standard reads a row without any as UTC, people who fill in a table mean their own clock: so it must be said,
    but for days on which nobody is there.
    """
    written = {hour.offset for hour in (opens, until) if hour and hour.offset}
    if len(written) > 1:
        flaws.append(row.flaw("closes_at", "opens_at and closes_at have different zones; write one in timezone"))
    zone = row.text("timezone") or next(iter(written), "")
    if not zone and not closes:
        flaws.append(row.flaw("timezone", "it is missing; write where these hours are, as Asia/Bishkek, or 6"))
        return ""
    read = _zone_named(zone) or _zone_named(zone.title())
    if zone and not read:
        known = near(zone, zones())
        flaws.append(row.flaw("timezone", f"there is no zone {zone!r}{known}; write Asia/Bishkek, or 6"))
    return read


def _zone_named(zone: str) -> str:
    if zone in zones():
        return zone
    if zone == "Z":
        return "Etc/UTC"
    found = OFFSET.fullmatch(zone)
    if not found:
        return ""
    east = int(f"{found[1]}{int(found[2])}")
    return _at_distance(east) if FARTHEST_WEST <= east <= FARTHEST_EAST else ""


def _at_distance(east: int) -> str:
    return f"Etc/GMT{-east:+d}" if east else "Etc/UTC"
