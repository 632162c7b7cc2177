"""The audit log as people read it: what of a row may be shown, the day's check of all of it, and the day's head.

Whoever has yesterday's head can tell whether the log was written anew.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from helpline.content.country import Country
from helpline.core.call_windows import instant
from helpline.staff import contacts
from helpline.store import audit_log, outbox, texts_out
from helpline.store.audit_log import Entry

AT = time(9)
"""When the head is told, on the country's clocks: at the beginning of the working day, every day."""
HARMLESS = re.compile(r"[0-9a-f]{32}|\d{8}T\d{6}Z")
"""An id, and the instant of a copy that was restored."""
NUMBER_LIKE = re.compile(r"\d(?:[\s().-]*\d){5,}")
"""Six digits and more, however they are set apart."""
HIDDEN = "(hidden)"
BY, WHOLE, BROKEN, AT_ROW = "komek", "checked", "checked_broken", " at row "
"""Who and what stands in the log for a check of all of it."""


def harmless(written: str) -> str:
    """Give an actor or a ref as it may be shown: ids as they are, and nothing that could be a number (R35).

    The log holds ids and names of staff; a name was typed, and somebody may have typed a number there.
    """
    return HIDDEN if NUMBER_LIKE.search(written) and not HARMLESS.fullmatch(written) else written


@dataclass(frozen=True, slots=True)
class Check:
    """The whole log was checked: when, how many rows it had with that of the check itself, and how it ended.

    `broken`: the first row that was changed or follows a missing one; None where the chain held.
    """

    at: datetime
    count: int
    head: str
    broken: int | None


def checks(tx: Connection, most: int) -> list[Check]:
    """Give the last checks, the newest first."""
    return [_check(row) for row in audit_log.newest(tx, (WHOLE, BROKEN), most)]


def _check(row: Entry) -> Check:
    count, _, broken = row.ref.partition(AT_ROW)
    return Check(row.at, int(count), row.head, int(broken) if broken else None)


def next_time(now: datetime, zone: str) -> datetime:
    """Give the next time after `now` at which the head is told."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    times = (instant(day, AT, here) for day in (today, today + timedelta(days=1)))
    return next(at for at in times if at > now)


def tell_head(tx: Connection, key: bytes, country: Country, now: datetime, broken: int | None) -> datetime:
    """Write to every coordinator how many rows the log has and how it ends; give when to do so again.

    `broken`: what `audits.broken_at` has just found. That it was looked for stands in the log, as its last row.
    """
    before, _ = audit_log.head(tx)
    if before:
        found = f"{before + 1}" if broken is None else f"{before + 1}{AT_ROW}{broken}"
        audit_log.append(tx, key, now, BY, WHOLE if broken is None else BROKEN, found)
    count, head = audit_log.head(tx)
    day = f"{now.astimezone(ZoneInfo(country.zone)):%d.%m}"
    for who in contacts.of_kind(tx, "coordinator", country.code) if count else ():
        values = {"day": day, "count": count, "head": head}
        id = texts_out.add(tx, who.kind, who.id, "to_ngo.head", "", now, values=values)
        outbox.wake(tx, "send", id, now)
    return next_time(now, country.zone)
