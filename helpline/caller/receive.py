"""What comes in for a worker: a text, a stop, a delivery receipt. Written down sealed, once, and never read here."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from helpline.caller.intake import Intake
from helpline.core.phone_numbers import Hidden, Msisdn
from helpline.request import requests
from helpline.store import arrivals, outbox


@dataclass(frozen=True, slots=True)
class Arriving:
    """Its field is all it needs."""

    intake: Intake

    def pause(self, source: str, caller: Msisdn) -> None:
        """Do not ring: have a worker pause every open request of this telephone, once for each `source` (R48)."""
        id, now = self.intake.new_id(), self.intake.now()
        with self.intake.db.write() as tx:
            if arrivals.add(tx, id, "stop", source, _after_all(tx, now), self.intake.sealing.seal(id, caller)):
                outbox.wake(tx, "stop", id, now)
        self.intake.bell.ring()

    def receive(self, gateway_id: str, sender: Msisdn, text: Hidden) -> None:
        """Write a text down sealed, for a worker to read. The same gateway id again changes nothing."""
        id, now = self.intake.new_id(), self.intake.now()
        sealed = self.intake.sealing.seal(id, Hidden(f"{sender.reveal()}\n{text.reveal()}"))
        with self.intake.db.write() as tx:
            if arrivals.add(tx, id, "sms", gateway_id, _after_all(tx, now), sealed):
                outbox.wake(tx, "sms", id, now)
        self.intake.bell.ring()

    def receipt(self, gateway_id: str, status: str) -> None:
        """Write a delivery receipt down, for a worker to match (it may come before our own commit)."""
        id, now = self.intake.new_id(), self.intake.now()
        with self.intake.db.write() as tx:
            if arrivals.add(tx, id, "receipt", gateway_id, now, status=status):
                outbox.wake(tx, "receipt", id, now)
        self.intake.bell.ring()


def _after_all(tx: Connection, now: datetime) -> datetime:
    """Give when something comes in: after every request that is there, though the clock was set back since (R48)."""
    return max(now, requests.newest(tx) or now)
