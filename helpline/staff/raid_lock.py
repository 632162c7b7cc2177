"""The raid lock: one person stops every reveal and every export at once, two together let them go on.

For the hour in which somebody stands at the door, or a service's telephone is lost. Offers and claims go on; no
number leaves. It is one row that everything which shows or exports asks for in its own transaction, so it holds for
texts as well that were written down before and have not gone yet.

Locks that hold for every process.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.staff import approvals, contacts, people
from helpline.staff.roles import Permission
from helpline.store import audit_log, outbox, texts_out
from helpline.store.schema import lock as lock_table
from helpline.store.sql import insert_if_new

RAID = "raid"
TOLD = "to_ngo.raid"
ENOUGH, WITHIN = 2, timedelta(hours=24)
"""So many different people must agree to unlock, within this."""


class Way(StrEnum):
    """How somebody agrees to unlock.

    Two must come by the same way, or by account and telephone of whom it is known that they are two people: whoever
    has an account and a telephone would else be two.
    """

    SHELL = "unlock"
    ACCOUNT = "unlock_account"
    TEXT = "unlock_text"


class Locked(Exception):
    """The raid lock is on: nothing is shown and nothing exported."""

    def __init__(self) -> None:
        super().__init__("the raid lock is on: no number is shown, nothing is exported (`komek unlock`, by two people)")


def person(name: str) -> str:
    """Give a name as it is compared: spaces and capitals make nobody a second person. `ValueError` where it is none."""
    plain = " ".join(name.casefold().split())
    if not 0 < len(plain) <= 40:
        raise ValueError("a name has 1 to 40 letters")
    return plain


def lock(tx: Connection, by: str, now: datetime, audit_key: bytes, country: str = "", way: Way = Way.SHELL) -> bool:
    """Put the lock on; false where it was on already. Whoever had agreed to unlock must agree anew.

    The coordinators of `country` are told, each with five digits that unlock.
    """
    _forget(tx)
    by = _named(by, way)
    fresh = put_on(tx, RAID, by, now)
    audit_log.append(tx, audit_key, now, by, "lock", RAID)
    if fresh:
        for who in contacts.of_kind(tx, "coordinator", country):
            tell(tx, who.id, TOLD, now)
    return fresh


def tell(tx: Connection, phone: str, notice: str, now: datetime, **values: str) -> None:
    """Write to a coordinator's telephone (id of the contact) about the lock; its digits are made when it is sent."""
    id = texts_out.add(tx, "coordinator", phone, notice, "", now, values={"phone": phone, **values})
    outbox.wake(tx, "send", id, now)


def unlock(tx: Connection, by: str, now: datetime, audit_key: bytes, way: Way = Way.SHELL) -> bool:
    """Agree to take the lock off; true where it is off now, by two different people within 24 hours."""
    if not is_locked(tx):
        return True
    by = _named(by, way)
    audit_log.append(tx, audit_key, now, by, "agree_unlock", RAID)
    approvals.give(tx, way, RAID, by, now)
    if not _enough(tx, now):
        return False
    take_off(tx, RAID)
    _forget(tx)
    audit_log.append(tx, audit_key, now, by, "unlock", RAID)
    return True


def agreed(tx: Connection, way: Way, now: datetime) -> Sequence[str]:
    """Give who has agreed by a way in the last 24 hours, and may still: an account that was closed counts no more."""
    return [by for by in approvals.given(tx, way, RAID, now - WITHIN) if _may(tx, way, by)]


def _named(by: str, way: Way) -> str:
    """Give a name that was typed as it is compared; an id as it is."""
    return person(by) if way is Way.SHELL else by


def _enough(tx: Connection, now: datetime) -> bool:
    """Tell whether two people have agreed. An account that is joined to a telephone of the directory is its owner's."""
    accounts = [each for by in agreed(tx, Way.ACCOUNT, now) if (each := people.get(tx, by))]
    by_account = {each.contact or each.id for each in accounts}
    by_phone = {*agreed(tx, Way.TEXT, now), *(each.contact for each in accounts if each.contact)}
    return max(len(by_account), len(by_phone), len(agreed(tx, Way.SHELL, now))) >= ENOUGH


def _may(tx: Connection, way: Way, by: str) -> bool:
    if way is Way.ACCOUNT:
        account = people.get(tx, by)
        return account is not None and account.may(Permission.LOCK)
    if way is Way.TEXT:
        phone = contacts.get(tx, by)
        return phone is not None and phone.kind == "coordinator" and not people.is_out(tx, by)
    return True


def _forget(tx: Connection) -> None:
    for way in Way:
        approvals.clear(tx, way, RAID)


def digits_of(since: datetime, phone: str) -> str:
    """Give what the five digits of a telephone (id of the contact) are drawn from: of one lock and no other."""
    return f"{RAID} {since.isoformat()} {phone}"


def is_locked(tx: Connection) -> bool:
    """Tell whether the lock is on."""
    return is_on(tx, RAID)


def since(tx: Connection) -> tuple[datetime, str] | None:
    """Give since when the lock is on and who put it on; None where it is off."""
    return lock_since(tx, RAID)


def refuse_if_locked(tx: Connection) -> None:
    """Raise `Locked` while the lock is on: for whatever shows or exports."""
    if is_locked(tx):
        raise Locked


def put_on(tx: Connection, name: str, by: str, now: datetime) -> bool:
    """Put a lock on; false where it was on already."""
    return insert_if_new(tx, lock_table, {"name": name, "since": now, "by": by})


def lock_since(tx: Connection, name: str) -> tuple[datetime, str] | None:
    """Give since when a lock is on and who put it on; None where it is not."""
    row = tx.execute(sa.select(lock_table.c.since, lock_table.c.by).where(lock_table.c.name == name)).first()
    return (row.since, row.by) if row else None


def is_on(tx: Connection, name: str) -> bool:
    """Tell whether a lock is on, without asking who put it there: the public process may know no more."""
    return tx.execute(sa.select(lock_table.c.name).where(lock_table.c.name == name)).first() is not None


def take_off(tx: Connection, name: str) -> bool:
    """Take a lock off; false where it was not on."""
    return tx.execute(sa.delete(lock_table).where(lock_table.c.name == name)).rowcount == 1
