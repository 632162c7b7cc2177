"""A PostgreSQL server that does not answer: a cut cable, a host that hangs, a firewall that drops packets.

The limits of the server (`statement_timeout`) do not help then, because nobody hears from it. So a hop waits for each
answer for a limited time itself. After one wait in vain, the next hops do not ask for a moment: otherwise each thread
of the web waits, and callers who need no database wait behind them.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

PAUSE_SECONDS = 1.0
"""How long nothing is asked after a wait in vain. A request cannot be saved meanwhile, so it is short."""
SLOW_SECONDS = 1.0
"""A connection that fails after so long has failed by silence. One that is refused at once keeps nobody waiting."""


class Silent(SQLAlchemyError):
    """The server did not answer, or did not a moment ago. Not an error of the driver: those are tried again."""


@dataclass(slots=True)
class Silence:
    """What one process knows of a server's silence. Any number of threads may use it."""

    seconds: float
    """How long to wait for one answer: longer than the server's own limit, so that a living server says why."""
    now: Callable[[], float] = time.monotonic
    _until: float = field(default=-math.inf, init=False)

    def check(self) -> None:
        """Raise `Silent` if the server was silent a moment ago. After the pause one caller tries, and others do not."""
        if self._until == -math.inf:
            return
        if self.now() < self._until:
            raise Silent("the database was silent a moment ago")
        self._until = self.now() + self.seconds + PAUSE_SECONDS

    def answered(self) -> None:
        """Note that the server answers."""
        self._until = -math.inf

    def noticed(self) -> Silent:
        """Note that the server is silent. Return the error to raise."""
        self._until = self.now() + PAUSE_SECONDS
        return Silent("the database is silent")

    def connect(self, _dialect: Any, _record: Any, args: Sequence[Any], options: Mapping[str, Any]) -> Any:
        """Open a connection (SQLAlchemy's event `do_connect`) that waits for each answer for a limited time."""
        import psycopg  # SQLite needs no driver

        began = self.now()
        try:
            raw = psycopg.connect(*args, **options)
        except psycopg.Error as error:
            if not isinstance(error, psycopg.errors.ConnectionTimeout) and self.now() - began < SLOW_SECONDS:
                raise
            raise self.noticed() from None
        unlimited = raw.wait

        def wait(answer: Any, *others: Any, **named: Any) -> Any:
            try:
                return unlimited(answer, *others, **{"timeout": self.seconds, **named})
            except psycopg.errors._WaitTimeout:  # noqa: SLF001  # psycopg documents that `wait` raises it
                raw.pgconn.finish()  # nothing may be asked of it again: its late answer would be taken for another
                raise self.noticed() from None

        raw.wait = wait  # type: ignore[assignment,method-assign]
        return raw
