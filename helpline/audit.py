"""The day's head of the audit log, told to people: whoever has yesterday's can tell whether it was written anew."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from helpline.contact import instant
from helpline.directory import Country
from helpline.store import audits, directory, messages, outbox

AT = time(9)
"""When the head is told, on the country's clocks: at the beginning of the working day, every day."""


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
