"""Ringing a service for its claim, in the same steps as a text is sent: ready, ring outside of any transaction, settle.

Where the answer is lost nothing is sealed, so nobody can be joined.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from helpline.bridge import Bridging, Ready
from helpline.lease import finish
from helpline.ports import SendFailed
from helpline.store.database import Database
from helpline.store.outbox import Due


@dataclass(frozen=True, slots=True)
class Ringing:
    """Its fields are all it needs; its method is all it does. Raises `LostLease`."""

    db: Database
    bridging: Bridging
    now: Callable[[], datetime]
    log: Callable[[str, str], None]

    def ring(self, due: Due) -> None:
        """Ring the service of a row, if it may still be joined to her."""
        with self.db.write() as tx:
            ready = self.bridging.ready(tx, due.ref, self.now())
            if ready is None:
                finish(tx, due)
        if ready is None:
            return
        session = self._rung(ready)
        with self.db.write() as tx:
            if session:
                self.bridging.rang(tx, ready, session, self.now())
            else:
                self.bridging.free(tx, ready.offer)
            finish(tx, due)

    def _rung(self, ready: Ready) -> str:
        """Give the session of the call; empty where it was not made, or nobody can tell."""
        trunk = self.bridging.trunk
        try:
            return self.bridging.ringer.ring(ready.to, trunk.number) if trunk else ""
        except SendFailed as failure:
            self.log("ring_failed", failure.reason.replace(" ", "_"))
            return ""
