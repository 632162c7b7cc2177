"""The raid lock: one person stops every reveal and every export at once; two people together lift it.

It is for the hour in which somebody is at the office door. Offers and claims go on,
but no number leaves. The lock is one row, which every reveal and every export reads in its own transaction. So it also
holds for texts that were written before and have not been sent.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from helpline.staff import approvals, contacts, locks, people
from helpline.staff.locks import RAID
from helpline.staff.roles import Permission
from helpline.store import audit_log, outbox, texts_out
from helpline.store.engine import Tx

TOLD, TOLD_HOUR, TOLD_OFF = "to_ngo.raid", "to_ngo.raid_hour", "to_ngo.raid_off"
END = "unlock"
"""The kind of outbox row that ends a lock which nobody has confirmed."""
BY_ITSELF = "komek"
"""In the audit log: who unlocks when the hour is over."""
UNCONFIRMED = timedelta(hours=1)
"""How long a lock holds that came by SMS without digits: the sender may be forged."""
LOOK_AGAIN = timedelta(minutes=10)
"""When to look again whether a clock that was set is beyond doubt."""
ENOUGH, WITHIN = 2, timedelta(hours=24)
"""So many different people must agree to unlock, within this time."""


class Way(StrEnum):
    """How somebody agrees to unlock.

    Both people must use the same way. Or one uses an account and the other a telephone, and the two are known to be
    different people. Otherwise one person with an account and a telephone would count as two.
    """

    SHELL = "unlock"
    ACCOUNT = "unlock_account"
    TEXT = "unlock_text"


class Locked(Exception):
    """The raid lock is on: no number is shown and nothing is exported."""

    def __init__(self) -> None:
        super().__init__("the raid lock is on: no number is shown, nothing is exported (`komek unlock`, by two people)")


def person(name: str) -> str:
    """Return a name in the form in which names are compared: spaces and capitals do not make a second person.

    Raise `ValueError` if it is no name.
    """
    plain = " ".join(name.casefold().split())
    if not 0 < len(plain) <= 40:
        raise ValueError("a name has 1 to 40 letters")
    return plain


def lock(tx: Tx, by: str, audit_key: bytes, country: str = "", way: Way = Way.SHELL) -> bool:
    """Turn the lock on, or confirm it. Everybody who had agreed to unlock must agree again.

    Every coordinator of `country` gets a text with five digits that unlock. Return False if it was on and confirmed.
    """
    _clear_approvals(tx)
    by = _named(by, way)
    fresh = locks.put_on(tx, RAID, by) or locks.keep(tx, RAID)
    outbox.drop(tx, END, RAID)
    audit_log.append(tx, audit_key, tx.now, by, "lock", RAID)
    if fresh:
        _tell_all(tx, country, TOLD)
    return fresh


def lock_for_an_hour(tx: Tx, by: str, audit_key: bytes, country: str) -> bool:
    """Turn the lock on until somebody confirms it or an hour is over. Return False if it was on, which changes nothing.

    The sender of an SMS can be forged. It must neither stop all numbers for good nor keep others from unlocking.
    """
    ends = tx.now + UNCONFIRMED
    if not locks.put_on(tx, RAID, by, ends):
        return False
    _clear_approvals(tx)
    audit_log.append(tx, audit_key, tx.now, by, "lock", RAID)
    outbox.wake(tx, END, RAID, ends)
    _tell_all(tx, country, TOLD_HOUR)
    return True


def end(tx: Tx, audit_key: bytes, country: str) -> datetime | None:
    """End a lock whose hour is over, by a clock that is beyond doubt. Return when to check again, or None."""
    until = locks.until(tx, RAID)
    if until is None or until > tx.now:
        return until
    if not tx.sure:
        return tx.now + LOOK_AGAIN
    _take_off(tx, BY_ITSELF, audit_key)
    _tell_all(tx, country, TOLD_OFF)
    return None


def until(tx: Tx) -> datetime | None:
    """Return when the lock ends by itself; None if it is off or confirmed."""
    return locks.until(tx, RAID)


def _tell_all(tx: Tx, country: str, notice: str) -> None:
    for contact in contacts.of_kind(tx, "coordinator", country):
        tell(tx, contact.id, notice)


def tell(tx: Tx, phone: str, notice: str, **values: str) -> None:
    """Text a coordinator's telephone (id of the contact) about the lock. The digits are made when the text is sent."""
    texts_out.add(tx, "coordinator", phone, notice, "", values={"phone": phone, **values})


def unlock(tx: Tx, by: str, audit_key: bytes, way: Way = Way.SHELL) -> bool:
    """Agree to lift the lock. Return True if it is off now, because two different people agreed within 24 hours."""
    if not locks.is_raid_on(tx):
        return True
    by = _named(by, way)
    audit_log.append(tx, audit_key, tx.now, by, "agree_unlock", RAID)
    approvals.add(tx, way, RAID, by, tx.now)
    if not _enough(tx):
        return False
    _take_off(tx, by, audit_key)
    return True


def _take_off(tx: Tx, by: str, audit_key: bytes) -> None:
    locks.take_off(tx, RAID)
    outbox.drop(tx, END, RAID)
    _clear_approvals(tx)
    audit_log.append(tx, audit_key, tx.now, by, "unlock", RAID)


def agreed(tx: Tx, way: Way) -> Sequence[str]:
    """Return who has agreed in one way in the last 24 hours and still may: a disabled account no longer counts."""
    return [by for by in approvals.approvers(tx, way, RAID, tx.now - WITHIN) if _may(tx, way, by)]


def _named(by: str, way: Way) -> str:
    """Return a typed name in the form in which names are compared; an id as it is."""
    return person(by) if way is Way.SHELL else by


def _enough(tx: Tx) -> bool:
    """Whether two people have agreed. An account and the telephone it is linked to are one person."""
    accounts = [each for by in agreed(tx, Way.ACCOUNT) if (each := people.get(tx, by))]
    by_account = {each.contact or each.id for each in accounts}
    by_phone = {*agreed(tx, Way.TEXT), *(each.contact for each in accounts if each.contact)}
    return max(len(by_account), len(by_phone), len(agreed(tx, Way.SHELL))) >= ENOUGH


def _may(tx: Tx, way: Way, by: str) -> bool:
    if way is Way.ACCOUNT:
        account = people.get(tx, by)
        return account is not None and account.may(Permission.LOCK)
    if way is Way.TEXT:
        phone = contacts.get(tx, by)
        return phone is not None and phone.kind == "coordinator" and not people.is_disabled(tx, by)
    return True


def _clear_approvals(tx: Tx) -> None:
    for way in Way:
        approvals.clear(tx, way, RAID)


def since(tx: Tx) -> tuple[datetime, str] | None:
    """Return when the lock was turned on, and who did it; None if it is off."""
    return locks.lock_since(tx, RAID)


def refuse_if_locked(tx: Tx) -> None:
    """Raise `Locked` if the lock is on. Everything that reveals or exports calls this."""
    if locks.is_raid_on(tx):
        raise Locked
