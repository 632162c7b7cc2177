"""The gate: before the line is open, only the numbers of a rehearsal get the menus. Others see the emergency number.

A line that was opened never closes because of a fault. If the database cannot say, the last answer counts. If there is
none, because a web starts while its database is away, the line counts as open. That is safer for callers. Most lines
are open, and the menus need no database: they have the emergency number, and what to do in the first 72 hours, which
does not fit on the emergency screen. A caller who asks for a call reads that nothing was stored. Few people know the
number of a line that was never opened, and for them this lasts seconds: the database is soon asked again.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from helpline.core.config import Config
from helpline.core.phone_numbers import Msisdn, is_withheld, msisdn
from helpline.core.waiting import may_wait
from helpline.store import launch
from helpline.store.engine import Database, Tx, Unavailable

LOOK_SECONDS = 5.0
"""Between two looks while the line is closed: so soon an opened line answers."""
RELAX_SECONDS = 30.0
"""Between two looks while it is open, or after a fault: so long a line that was closed again still answers. Not as long
as nothing is known."""


@dataclass(slots=True, repr=False)
class Gate:
    """Whether a caller is admitted now. One for each process."""

    db: Database
    always_open: bool
    """In the demo there is nothing to wait for."""
    rehearsal: tuple[Msisdn, ...]
    """Telephones of staff, which may try everything before the line is open."""
    seconds: Callable[[], float] = time.monotonic
    closed: bool = False
    known: bool = False
    """Whether the database has said so since the start."""
    look_at: float = float("-inf")

    @classmethod
    def of(cls, config: Config, db: Database) -> "Gate":
        """Return the gate of a process."""
        return cls(db, config.demo, tuple(rehearsal_numbers(config)))

    def admits(self, caller: Msisdn) -> bool:
        """Whether this caller gets the menus."""
        return self.always_open or not self.is_closed() or caller in self.rehearsal

    def admits_text(self, tx: Tx, caller: Msisdn) -> bool:
        """Whether a worker answers a text of this caller. It asks in the transaction that reads the text."""
        return self.always_open or not launch.is_closed(tx) or caller in self.rehearsal

    def is_closed(self) -> bool:
        """Whether the line is closed. The database is asked now and then, by one thread."""
        now = self.seconds()
        if self.always_open or now < self.look_at:
            return self.closed
        may_wait()
        # set before the question: others must not wait for a database that is away
        self.look_at = now + (RELAX_SECONDS if self.known else LOOK_SECONDS)
        try:
            with self.db.read() as tx:
                self.closed, self.known = launch.is_closed(tx), True
        except Unavailable:
            return self.closed
        self.look_at = now + (LOOK_SECONDS if self.closed else RELAX_SECONDS)
        return self.closed

    def reasons(self) -> list[str]:
        """Return why callers are not served, for `/health/ready`."""
        return [launch.NOT_OPEN] if self.is_closed() else []


def rehearsal_numbers(config: Config) -> Iterable[Msisdn]:
    """Return the numbers of the rehearsal. What is no number is left out: a slip must not stop an open line."""
    written = (msisdn(part.strip()) for part in config.rehearsal_numbers.get_secret_value().split(","))
    return [number for number in written if not is_withheld(number)]
