"""The audit log for people: what may be shown of a row, the daily check of the log, and the daily head.

With yesterday's head, anybody can check whether the log was rewritten since.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpline.content.country import Country
from helpline.core.call_windows import instant
from helpline.core.jobs import Queue
from helpline.staff import contacts
from helpline.store import audit_log, texts_out
from helpline.store.audit_log import Entry
from helpline.store.engine import Tx

AT = time(9)
"""When the head is sent, by the country's clock: at the beginning of the working day, every day."""
HARMLESS = re.compile(r"[0-9a-f]{32}|\d{8}T\d{6}Z")
"""An id, or the instant of a backup that was restored."""
NUMBER_LIKE = re.compile(r"\d(?:[\s().-]*\d){5,}")
"""Six digits or more, also with separators between them."""
HIDDEN = "(hidden)"
WHOLE_UP_TO = 500_000
"""Rows that the daily check reads in about five seconds."""
BY, WHOLE, BROKEN, AT_ROW = "komek", "checked", "checked_broken", " at row "
"""The actor, the two actions and the separator that the log has for a check of the whole log."""


def displayable(written: str) -> str:
    """Return an actor or a ref as it may be shown: an id as it is, but nothing that could be a number (R35).

    The log holds ids and names of staff. Somebody may have typed a number in place of a name.
    """
    return HIDDEN if NUMBER_LIKE.search(written) and not HARMLESS.fullmatch(written) else written


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the whole log."""

    at: datetime
    count: int
    """How many rows the log had, with the row of the check itself."""
    head: str
    """The beginning of the newest row's code."""
    broken: int | None
    """The first row that was changed or follows a missing row; None if the chain held."""


def checks(tx: Tx, most: int) -> list[Check]:
    """Return the last checks, newest first."""
    return [_check(row) for row in audit_log.newest(tx, (WHOLE, BROKEN), most)]


def _check(row: Entry) -> Check:
    count, _, broken = row.ref.partition(AT_ROW)
    return Check(row.at, int(count), row.head, int(broken) if broken else None)


def first_to_check(tx: Tx, whole_up_to: int = WHOLE_UP_TO) -> int:
    """Return the number of the row with which the daily check begins.

    That is the first row. In a log of more than `whole_up_to` rows it is the last check that found nothing: without the
    key nobody can write that row. `komek audit verify` still reads all rows.
    """
    count, _ = audit_log.head(tx)
    last = audit_log.newest(tx, (WHOLE,), 1) if count > whole_up_to else []
    return last[0].seq if last else 0


def next_head_at(now: datetime, zone: str) -> datetime:
    """Return the next time after `now` at which the head is sent."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    times = (instant(day, AT, here) for day in (today, today + timedelta(days=1)))
    return next(at for at in times if at > now)


def send_head(tx: Tx, key: bytes, country: Country, broken: int | None) -> datetime:
    """Send every coordinator the number of rows of the log and its head. Return when to do so again.

    `broken` is what `audit_log.broken_at` has just returned. The check itself is the last row of the log.
    """
    before, _ = audit_log.head(tx)
    if before:
        found = f"{before + 1}" if broken is None else f"{before + 1}{AT_ROW}{broken}"
        audit_log.append(tx, key, tx.now, BY, WHOLE if broken is None else BROKEN, found)
    count, head = audit_log.head(tx)
    day = f"{tx.now.astimezone(ZoneInfo(country.zone)):%d.%m}"
    for contact in contacts.of_kind(tx, "coordinator", country.code) if count else ():
        values = {"day": day, "count": count, "head": head}
        texts_out.add(tx, contact.kind, contact.id, "to_ngo.head", "", values=values, queue=Queue.LOW)
    return next_head_at(tx.now, country.zone)
