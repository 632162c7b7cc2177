"""Forgetting: the number goes, what could find it again goes, only counts remain (R34)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from helpline.accounts import invitations, sessions
from helpline.caller import blocks, conversations
from helpline.casework import notes
from helpline.core.config import Config
from helpline.oversight import published
from helpline.referral import harm_register
from helpline.referral.referral import Referral
from helpline.referral.timeouts import Expiry
from helpline.request import requests, reveals, tombstones
from helpline.request.model import OVER
from helpline.staff import approvals
from helpline.store import arrivals, texts_out

EVERY = timedelta(minutes=10)
SETTLED_TEXTS = timedelta(days=1)
UNREADABLE = timedelta(days=7)
ASSENTS = timedelta(days=3)
"""Who has agreed to something that takes two is forgotten after this: as long as an invitation is good. What waits
for some days first (`KOMEK_CONTACT_HOURS`) is kept so long after them."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """Deletes what is past its time."""

    config: Config
    referral: Referral

    def forget(self, tx: Connection, id: str, now: datetime) -> None:
        """Erase the number of a request that is over. What bars a late retry stays a day."""
        request = requests.get(tx, id)
        if request is not None and request.state in OVER:
            tombstones.forget(tx, id, now + timedelta(hours=self.config.tombstone_hours))
            tombstones.unlink(tx, id)

    def sweep(self, tx: Connection, now: datetime) -> datetime:
        """Erase everything that is past its time; give when to sweep again."""
        self.erase(tx, now)
        return now + EVERY

    def erase(self, tx: Connection, now: datetime) -> Mapping[str, int]:
        """Erase everything that is past its time; give how much of what."""
        published.sweep(tx, self.referral.country.region_of, now)
        keep = timedelta(days=self.config.keep_days)
        overdue = tombstones.overdue(tx, now, keep)
        for request in overdue:
            Expiry(self.referral).expire(tx, request.id, now)
            self.forget(tx, request.id, now)
        found = {
            "numbers": len(overdue),
            "requests reduced to counts": tombstones.only_counts(tx, now - keep),
            "harms reduced to their day": harm_register.only_days(tx, now - keep),
            "notes": notes.sweep(tx),
            "hashes of sessions": tombstones.forget_gone(tx, now),
            "calls that nobody took": reveals.sweep_bridges(tx, now),
            "calls and dialogues": conversations.sweep(tx, now),
            "texts that came in": arrivals.sweep(tx, now - timedelta(days=1), now - UNREADABLE),
            "texts sent": texts_out.sweep(tx, now - SETTLED_TEXTS, now - UNREADABLE),
            "blocks": blocks.sweep(tx, now),
            "assents": approvals.sweep(tx, now - ASSENTS - timedelta(hours=self.config.contact_hours)),
        }
        sessions.sweep(tx, now)
        invitations.sweep(tx, now)
        return found
