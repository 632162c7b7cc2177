"""The audit log as people read it: what of a row may be shown, and the day's head.

Whoever has yesterday's head can tell whether the log was written anew.
"""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from helpline.contact import instant
from helpline.directory import Country
from helpline.store import audits, directory, messages, outbox

AT = time(9)
"""When the head is told, on the country's clocks: at the beginning of the working day, every day."""
HARMLESS = re.compile(r"[0-9a-f]{32}|\d{8}T\d{6}Z")
"""An id, and the instant of a copy that was restored."""
NUMBER_LIKE = re.compile(r"\d(?:[\s().-]*\d){5,}")
"""Six digits and more, however they are set apart."""
HIDDEN = "(hidden)"


def harmless(written: str) -> str:
    """Give an actor or a ref as it may be shown: ids as they are, and nothing that could be a number (R35).

    The log holds ids and names of staff; a name was typed, and somebody may have typed a number there.
    """
    return HIDDEN if NUMBER_LIKE.search(written) and not HARMLESS.fullmatch(written) else written


def days_heads(tx: Connection, now: datetime, zone: str, days: int) -> list[tuple[date, int, str]]:
    """Give the heads of the last mornings: day, how many rows there were at nine, and how the log ended."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    mornings = [(day, instant(day, AT, here)) for day in (today - timedelta(days=each) for each in range(days))]
    found = [(day, audits.head_before(tx, at)) for day, at in mornings if at <= now]
    return [(day, *head) for day, head in found if head]


def next_time(now: datetime, zone: str) -> datetime:
    """Give the next time after `now` at which the head is told."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    times = (instant(day, AT, here) for day in (today, today + timedelta(days=1)))
    return next(at for at in times if at > now)


def tell_head(tx: Connection, country: Country, now: datetime) -> datetime:
    """Write how many rows the log has and how it ends to every coordinator; give when to do so again."""
    count, head = audits.head(tx)
    day = f"{now.astimezone(ZoneInfo(country.zone)):%d.%m}"
    for who in directory.contacts(tx, "coordinator", country.code) if count else ():
        values = {"day": day, "count": count, "head": head}
        id = messages.add(tx, who.kind, who.id, "to_ngo.head", "", now, values=values)
        outbox.wake(tx, "send", id, now)
    return next_time(now, country.zone)
