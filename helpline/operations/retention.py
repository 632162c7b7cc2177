"""Delete data whose time is over: numbers, everything that could lead to them, then all but counts (R34)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpline.accounts import invitations, sessions
from helpline.caller import blocks, conversations
from helpline.casework import notes
from helpline.core.config import Config
from helpline.oversight import published
from helpline.referral import harms, timeouts
from helpline.referral.context import Context
from helpline.request import cries, requests, reveals, tombstones
from helpline.request.model import OVER
from helpline.staff import approvals
from helpline.store import arrivals, outbox, texts_out
from helpline.store.engine import Tx

NUMBERS, REDUCED = "numbers", "requests reduced to counts"
EVERY = timedelta(minutes=10)
"""Time between two sweeps of a real service."""
SETTLED_TEXTS = timedelta(days=1)
"""How long a text is stored after it was sent."""
UNREADABLE = timedelta(days=7)
"""How long a text is stored that could not be read or sent."""
AT_ONCE = 100
"""How many requests are erased or reduced in one transaction. What is left is done in the next ones."""
FAILS = 12
"""After so many failures to count a month, about ten minutes, its rows are reduced without being counted."""
APPROVALS = timedelta(days=3)
"""How long the first approval of a two-person decision is stored: as long as an invitation is valid. A decision that
first waits for `KOMEK_CONTACT_HOURS` is stored for that time more."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """Deletes data whose time is over."""

    config: Config
    ctx: Context
    every: timedelta = EVERY
    """Time between two sweeps."""

    def forget(self, tx: Tx, id: str) -> bool:
        """Erase the number of a closed request. A hash of its session stays for a day, against a late retry.

        Return whether it was erased.
        """
        request = requests.get(tx, id)
        if request is None or request.state not in OVER:
            return False
        tombstones.erase(tx, id, tx.now + timedelta(hours=self.config.tombstone_hours))
        tombstones.unlink(tx, id)
        return True

    def sweep(self, tx: Tx) -> datetime:
        """Erase what is due, and return when to sweep again: at once if some is left.

        Have months counted that are over. That is a job of its own, because it may take long (`published`).
        """
        for each in published.uncounted(tx) if tx.sure else ():
            outbox.ensure(tx, "month", each, tx.now)
        done = self.erase(tx)
        return tx.now if AT_ONCE in (done.get(NUMBERS), done.get(REDUCED)) else tx.now + self.every

    def erase(self, tx: Tx) -> Mapping[str, int]:
        """Erase what is due: at most `AT_ONCE` requests, and all of the rest. Return how many rows of each kind.

        If the time is in doubt, erase only what a call or a dialogue needed for minutes: it can be made again.
        Requests are reduced once the months that are over are counted. Numbers never wait for that.
        """
        if not tx.sure:
            return _short_lived(tx)
        keep = timedelta(days=self.config.keep_days)
        erased = 0
        for request in tombstones.overdue(tx, keep, AT_ONCE):
            timeouts.expire(self.ctx, tx, request.id)
            erased += self.forget(tx, request.id)
        found = {
            NUMBERS: erased,
            REDUCED: tombstones.only_counts(tx, tx.now - keep, AT_ONCE) if _is_counted(tx) else 0,
            "harms reduced to their day": harms.only_days(tx, tx.now - keep),
            "notes": notes.sweep(tx),
            "hashes of sessions": tombstones.sweep(tx),
            **_short_lived(tx),
            "inbound texts": arrivals.sweep(tx, tx.now - timedelta(days=1), tx.now - UNREADABLE),
            "texts sent": texts_out.sweep(tx, tx.now - SETTLED_TEXTS, tx.now - UNREADABLE),
            "blocks": blocks.sweep(tx),
            "approvals": approvals.sweep(tx, tx.now - APPROVALS - timedelta(hours=self.config.contact_hours)),
        }
        sessions.sweep(tx)
        invitations.sweep(tx)
        return found


def _is_counted(tx: Tx) -> bool:
    """Whether the months that are over are counted, or cannot be: deletion matters more than figures."""
    uncounted = published.uncounted(tx)
    if not all(outbox.failures(tx, "month", each) >= FAILS for each in uncounted):
        return False
    conversations.delete_left_before(tx, f"{tx.now:%Y-%m}")
    return True


def _short_lived(tx: Tx) -> dict[str, int]:
    """Erase what was needed for a call or a dialogue. Return how many rows of each kind."""
    return {
        "bridged calls that were not answered": reveals.sweep_bridges(tx),
        "calls and dialogues": conversations.sweep(tx),
        "cries": cries.sweep(tx),
    }
