"""Make opening hours from rows of HSDS `schedule`, and name what is wrong with the rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import cache
from zoneinfo import available_timezones

from helpline.directory.hsds.checks import day
from helpline.directory.hsds.files import near
from helpline.directory.hsds.tables import Flaw, Row
from helpline.directory.opening_hours import DAYS, MONTHLY, WEEKLY, Opening

DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
UNREAD = ("byweekno", "byyearday")
LONGEST_COUNT = 366 * 20


def opening_of(row: Row, closes: bool, flaws: list[Flaw]) -> Opening | None:
    """Return the opening hours of one row. If it cannot be read, return None and add the reason to `flaws`.

    `closes` says that the row closes what others open.
    """
    before = len(flaws)
    flaws += _unread(row)
    opens, until = hour_of(row, "opens_at", closes, flaws), hour_of(row, "closes_at", closes, flaws)
    zone = zone_of(row, opens, until, closes, flaws)
    days, month_days = _days(row, flaws), _month_days(row, flaws)
    dates = {name: _day(row, name, flaws) for name in ("dtstart", "valid_from", "valid_to", "until")}
    interval = _number(row, "interval", flaws)
    count = _number(row, "count", flaws)
    flaws += _odd(row, closes, dates, interval)
    if len(flaws) > before or opens is None or until is None:
        return None
    ends = [end for end in (dates["valid_to"], dates["until"]) if end]
    read = Opening(
        days, opens.at, until.at, row.text("freq") or WEEKLY, interval or 1, month_days, dates["dtstart"],
        dates["valid_from"], min(ends, default=None), row.text("wkst")[:2] or "MO", zone, closes,
    )  # fmt: skip
    return _counted(_from_start(read), count)


def _unread(row: Row) -> Iterator[Flaw]:
    """Yield fields that would change the hours and are not read: hours that are not certain would be promised."""
    for name in UNREAD:
        if row.text(name):
            yield row.flaw(name, "Komek does not read it; use valid_from and valid_to instead")
    if row.text("freq") not in {"", WEEKLY, MONTHLY}:
        yield row.flaw(
            "freq", f"{row.text('freq')!r} is neither WEEKLY nor MONTHLY{near(row.text('freq'), (WEEKLY, MONTHLY))}"
        )
    if row.text("wkst") and row.text("wkst")[:2] not in DAYS:
        yield row.flaw("wkst", f"{row.text('wkst')!r} is not one of {', '.join(DAYS)}")


def _days(row: Row, flaws: list[Flaw]) -> frozenset[str]:
    found = set()
    for part in filter(None, (part.strip() for part in row.text("byday").upper().split(","))):
        read = DAY.fullmatch(part)
        if not read or (read[1] and row.text("freq") != MONTHLY):
            what = "write it as MO,TU,WE" + (", or 1MO, -1FR with freq MONTHLY" if read else "")
            flaws.append(row.flaw("byday", f"{part!r} is not a day; {what}"))
        else:
            found.add(f"{int(read[1]) if read[1] else ''}{read[2]}")
    return frozenset(found)


def _month_days(row: Row, flaws: list[Flaw]) -> frozenset[int]:
    found = set()
    for part in filter(None, (part.strip() for part in row.text("bymonthday").split(","))):
        if re.fullmatch(r"-?[0-9]{1,2}", part, re.ASCII) and 1 <= abs(int(part)) <= 31:
            found.add(int(part))
        else:
            flaws.append(row.flaw("bymonthday", f"{part!r} is not a day of a month: 1 to 31, or -1 for the last"))
    if found and row.text("freq") != MONTHLY:
        flaws.append(row.flaw("bymonthday", "it goes with freq MONTHLY only"))
    return frozenset(found)


def _day(row: Row, name: str, flaws: list[Flaw]) -> date | None:
    text = row.text(name)
    found = day(text[:10])
    if text and found is None:
        flaws.append(row.flaw(name, f"{text!r} is not a date; write year-month-day"))
    return found


def _number(row: Row, name: str, flaws: list[Flaw]) -> int:
    text = row.text(name).removesuffix(".0")
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= LONGEST_COUNT:
        flaws.append(row.flaw(name, f"{text!r} is not a number from 1"))
        return 0
    return int(text)


def _odd(row: Row, closes: bool, dates: dict[str, date | None], interval: int) -> Iterator[Flaw]:
    """Yield combinations of fields that make no sense."""
    if dates["valid_from"] and dates["valid_to"] and dates["valid_from"] > dates["valid_to"]:
        yield row.flaw("valid_to", f"{dates['valid_to']} is before valid_from, {dates['valid_from']}")
    if not dates["dtstart"] and (interval > 1 or row.text("count")):
        yield row.flaw("dtstart", "interval and count are counted from it; write the first day")
    if row.text("byday") or row.text("bymonthday") or dates["dtstart"]:
        return
    if not closes:
        yield row.flaw("byday", "it is missing; write the days, as MO,TU,WE,TH,FR")
    elif not (dates["valid_from"] and dates["valid_to"]):
        yield row.flaw("valid_from", "a row that closes needs days, or valid_from and valid_to")


def _from_start(read: Opening) -> Opening:
    """Take the day from `dtstart` if no day is named (RFC 5545)."""
    if read.days or read.month_days or read.starts is None:
        return read
    if read.freq == MONTHLY:
        return replace(read, month_days=frozenset({read.starts.day}))
    return replace(read, days=frozenset({DAYS[read.starts.weekday()]}))


def _counted(read: Opening, count: int) -> Opening:
    """Replace `count` by the last day that it allows."""
    left, at = count, read.starts
    while left and at and (at - read.starts).days < LONGEST_COUNT:  # type: ignore[operator]  # `at` began as `read.starts`
        left -= read.holds_on(at)
        if not left:
            return replace(read, until=at)
        at += timedelta(days=1)
    return read


TIME = re.compile(r"([0-2]?[0-9]):([0-5][0-9])(?::[0-5][0-9])?(?:\.0+)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?", re.ASCII)
OFFSET = re.compile(r"(?:UTC|GMT)?([+-]?)([0-9]{1,2})(?::?00|\.0+)?", re.ASCII)
FARTHEST_WEST, FARTHEST_EAST = -12, 14
MIDNIGHT = "24:00"


@cache
def zones() -> frozenset[str]:
    """Return the names of all time zones. They are read from disk."""
    return frozenset(available_timezones())


@dataclass(frozen=True, slots=True)
class Hour:
    """A time of day."""

    at: time
    offset: str
    """The UTC offset that was written after it; empty for none."""


def hour_of(row: Row, name: str, closes: bool, flaws: list[Flaw]) -> Hour | None:
    """Return a time of day. A row that closes may have no times: it closes whole days."""
    text = row.text(name)
    if not text and closes and not row.text("opens_at") + row.text("closes_at"):
        return Hour(time(), "")
    found = TIME.fullmatch("0:00" if text == MIDNIGHT and name == "closes_at" else text)
    if not text or not found or int(found[1]) > 23:
        what = "it is missing" if not text else f"{text!r} is not a time of day"
        flaws.append(row.flaw(name, f"{what}; write it as 09:00"))
        return None
    return Hour(time(int(found[1]), int(found[2])), found[3] or "")


def zone_of(row: Row, opens: Hour | None, until: Hour | None, closes: bool, flaws: list[Flaw]) -> str:
    """Return the zone of the hours: a name, or a UTC offset in whole hours.

    The standard reads a row without a zone as UTC, but people who fill in a table mean their own clock. So the zone is
    required, except for days on which the service is closed.
    """
    written = {hour.offset for hour in (opens, until) if hour and hour.offset}
    if len(written) > 1:
        flaws.append(row.flaw("closes_at", "opens_at and closes_at have different zones; write one in timezone"))
    zone = row.text("timezone") or next(iter(written), "")
    if not zone and not closes:
        flaws.append(row.flaw("timezone", "it is missing; write the time zone of these hours, as Asia/Bishkek or 6"))
        return ""
    read = _zone_named(zone) or _zone_named(zone.title())
    if zone and not read:
        known = near(zone, zones())
        flaws.append(
            row.flaw("timezone", f"there is no zone {zone!r}{known}; write a name as Asia/Bishkek, or an offset as 6")
        )
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
