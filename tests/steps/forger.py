"""Somebody who writes the database by SQL and has a telephone of a service, but no key of a worker.

On SQLite that is an attacker who has taken over the public process. They may write every table but the audit log.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from helpline.core.phone_numbers import msisdn
from helpline.keys.sealing import Sealing
from helpline.store.schema import metadata
from tests.world import CALLER, World, keys

ACCOMPLICE = "kg-osh"
"""The service whose telephone the forger has. It may get numbers by SMS."""


@dataclass(frozen=True, slots=True)
class Forger:
    """Writes rows, and texts from the telephone of the accomplice."""

    world: World

    @property
    def phone(self) -> str:
        """The telephone of the accomplice."""
        return self.world.phone(ACCOMPLICE)

    def write(self, statement: str, **values: object) -> int:
        """Run a statement. Return how many rows it changed."""
        with self.world.db.write() as tx:
            return tx.execute(sa.text(statement), values).rowcount

    def copy(self, table: str, **changed: object) -> Mapping[str, Any]:
        """Insert a copy of the newest row of a table, with some columns changed. Return it."""
        row = {**self.world.rows(metadata.tables[table])[-1]._mapping, **changed}
        with self.world.db.write() as tx:
            tx.execute(sa.insert(metadata.tables[table]), row)
        return row

    def send(self, message: str) -> None:
        """Ask a worker to send a text."""
        self.write(
            'insert into outbox (kind, ref, dedupe, queue, due, state, attempts, failures)'
            " values ('send', :of, :key, 'urgent', 0, 'ready', 0, 0)",
            of=message, key=f"send:{message}",
        )  # fmt: skip
        self.world.run()

    def seal(self, row: str, number: str) -> bytes:
        """Seal a number as the public process can."""
        return Sealing.of(keys()["sealing_key"]).seal(row, msisdn(number))

    def got_number(self, caller: str = CALLER) -> bool:
        """Whether the accomplice was sent or connected to a caller's number."""
        return any(caller in text for text in self.world.inbox(self.phone))


def forger(world: World) -> Forger:
    """Return a forger. Every service has agreed to get numbers by SMS, and writes English."""
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    return Forger(world)
