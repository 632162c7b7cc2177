"""Lines: which requests come from one telephone, and the stops that were asked for on it.

Only here, in workers, is a number opened to be hashed. A stop that came in is applied before anything else is
done for any request: nobody is offered, claimed or shown while a stop waits to be read (R48).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from helpline import ending
from helpline.numbers import Msisdn
from helpline.request import OVER, State
from helpline.store import inbox, numbers, requests, talks
from helpline.store.rows import new_id
from helpline.vault import CannotOpen, Hashing, Opening


@dataclass(frozen=True, slots=True)
class Lines:
    """Opens numbers only to find their line."""

    opening: Opening
    hashing: Hashing
    log: Callable[[str, str], None]

    def settle(self, tx: Connection, now: datetime) -> None:
        """Find the line of every new request, then apply every stop that has come in."""
        for request, sealed in numbers.without_line(tx):
            numbers.join_line(tx, request, self._caller(request, sealed))
        for arrived in inbox.unread(tx, "stop"):
            if inbox.close(tx, arrived.id, now) and arrived.sealed is not None:
                self.pause(tx, self._caller(arrived.id, arrived.sealed), arrived.at, now)

    def pause(self, tx: Connection, caller: bytes, asked: datetime, now: datetime) -> None:
        """Pause every open request of a telephone that was there when the stop was asked for; end its SMS dialogue."""
        talks.end_dialogue(tx, caller)
        line = numbers.line_of_caller(tx, caller)
        for request in requests.of_line(tx, line) if line else []:
            if request.created <= asked and request.state not in OVER | {State.PAUSED, State.FROZEN}:
                ending.stop(tx, request, State.PAUSED, now)

    def _caller(self, row: str, sealed: bytes) -> bytes:
        try:
            return self.hashing.caller(Msisdn(self.opening.open(row, sealed)))
        except CannotOpen:
            self.log("cannot_open", row)
            return new_id().encode()[:16]  # a line of its own: the request still finds a person
