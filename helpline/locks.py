"""The raid lock: one person stops every reveal and every export at once, two together let them go on.

For the hour in which somebody stands at the door, or a service's telephone is lost. Offers and claims go on; no
number leaves. It is one row that everything which shows or exports asks for in its own transaction, so it holds for
texts as well that were written down before and have not gone yet.
"""

from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from helpline.store import assents, audits
from helpline.store import locks as rows

RAID = "raid"
UNLOCK = "unlock"
ENOUGH, WITHIN = 2, timedelta(hours=24)
"""So many different people must agree to unlock, within this."""


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


def lock(tx: Connection, by: str, now: datetime, audit_key: bytes) -> bool:
    """Put the lock on; false where it was on already. Whoever had agreed to unlock must agree anew."""
    assents.clear(tx, UNLOCK, RAID)
    fresh = rows.put(tx, RAID, person(by), now)
    audits.append(tx, audit_key, now, person(by), "lock", RAID)
    return fresh


def unlock(tx: Connection, by: str, now: datetime, audit_key: bytes) -> bool:
    """Agree to take the lock off; true where it is off now, by two different people within 24 hours."""
    if not is_locked(tx):
        return True
    audits.append(tx, audit_key, now, person(by), "agree_unlock", RAID)
    assents.give(tx, UNLOCK, RAID, person(by), now)
    if len(assents.given(tx, UNLOCK, RAID, now - WITHIN)) < ENOUGH:
        return False
    rows.take_off(tx, RAID)
    assents.clear(tx, UNLOCK, RAID)
    audits.append(tx, audit_key, now, person(by), "unlock", RAID)
    return True


def is_locked(tx: Connection) -> bool:
    """Tell whether the lock is on."""
    return since(tx) is not None


def since(tx: Connection) -> tuple[datetime, str] | None:
    """Give since when the lock is on and who put it on; None where it is off."""
    return rows.since(tx, RAID)


def refuse_if_locked(tx: Connection) -> None:
    """Raise `Locked` while the lock is on: for whatever shows or exports."""
    if is_locked(tx):
        raise Locked
