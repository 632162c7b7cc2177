"""The clock of PostgreSQL's server, for leases: workers on several hosts must agree when one ends.

With clocks 90 seconds apart, a worker took the rows that another one had just begun, and sent their texts twice. The
server is asked now and then; in between counts the time since the machine started, which nobody sets. SQLite needs none
of this: all its processes are on one machine.
"""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.engine import Connection

from helpline.core import log
from helpline.core.watched_clock import STEADY

ASK_SECONDS = 10.0
"""How long an answer of the server counts."""
SKEW_SECONDS = 2.0
"""A larger difference between the clocks of the machine and of the server is logged, and a fault for `komek doctor`."""
ASK = "select extract(epoch from clock_timestamp())::float8"


@dataclass(slots=True)
class DatabaseClock:
    """The server's time in this process."""

    wall: Callable[[], float] = time.time
    """The machine's clock."""
    ahead: float = 0.0
    """By how many seconds the server's clock is ahead of the time since the machine started."""
    asked: float = -math.inf
    skew: float = 0.0
    """By how many seconds the machine's clock was ahead of the server's when it was last asked."""

    def __call__(self, connection: Connection) -> datetime:
        """Return the server's time."""
        if time.clock_gettime(STEADY) - self.asked >= ASK_SECONDS:
            self._ask(connection)
        return datetime.fromtimestamp(time.clock_gettime(STEADY) + self.ahead, UTC)

    def _ask(self, connection: Connection) -> None:
        began = time.clock_gettime(STEADY)
        server = float(connection.exec_driver_sql(ASK).scalar_one())
        self.asked = time.clock_gettime(STEADY)
        self.ahead = server - (began + self.asked) / 2
        self.skew = self.wall() - self.asked - self.ahead
        if abs(self.skew) > SKEW_SECONDS:
            log.event("clock_skew", level=logging.WARNING, seconds=round(self.skew))
