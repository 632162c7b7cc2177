"""The raid lock by SMS: LOCK from a coordinator's telephone, at once; UNLOCK with the digits sent to that telephone.

A sender can be forged. So locking needs the telephone alone, and unlocking what only that telephone was sent.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from helpline import locks
from helpline.claims import Claims
from helpline.directory import Contact
from helpline.duty import in_turn
from helpline.locks import TOLD, Way
from helpline.store import audits
from helpline.store.offers import MOST_TRIES

OFF, MORE = "to_ngo.raid_off", "to_ngo.raid_more"
WRONG = "wrong_unlock"


@dataclass(frozen=True, slots=True)
class Raids:
    """Its field is all it needs. Only coordinators are heard: a service is told the words it has."""

    claims: Claims

    def lock(self, tx: Connection, who: Contact, now: datetime) -> None:
        """Put the lock on, and tell every coordinator; who says it once more is told again."""
        referral = self.claims.referral
        if who.kind != "coordinator":
            return self.claims.answer(tx, who, "to_ngo.help", "", now)
        if not locks.lock(tx, who.id, now, referral.audit_key, referral.country.code, Way.TEXT):
            locks.tell(tx, who.id, TOLD, now)
        return None

    def unlock(self, tx: Connection, who: Contact, code: str, now: datetime) -> None:
        """Agree to take the lock off. Without the digits they are sent again; five wrong ones end it."""
        referral, on = self.claims.referral, locks.since(tx)
        if who.kind != "coordinator":
            return self.claims.answer(tx, who, "to_ngo.help", "", now)
        if on is None:
            return locks.tell(tx, who.id, OFF, now)
        if not code:
            return locks.tell(tx, who.id, TOLD, now)
        tries = audits.count(tx, WRONG, who.id, on[0])
        if tries >= MOST_TRIES or not self.is_hers(tx, who, code):
            if tries < MOST_TRIES:
                audits.append(tx, referral.audit_key, now, who.id, WRONG, locks.RAID)
            return self.claims.answer(tx, who, "to_ngo.not_open", code, now)
        if not locks.unlock(tx, who.id, now, referral.audit_key, Way.TEXT):
            return self.claims.answer(tx, who, MORE, code, now)
        for each in in_turn(tx, referral.country.code):
            locks.tell(tx, each.id, OFF, now)
        return None

    def is_hers(self, tx: Connection, who: Contact, code: str) -> bool:
        """Tell whether five digits are those that this telephone was sent for the lock that is on."""
        on = locks.since(tx)
        if on is None or who.kind != "coordinator":
            return False
        return self.claims.referral.words.offer_code(locks.digits_of(on[0], who.id), 0) == code
