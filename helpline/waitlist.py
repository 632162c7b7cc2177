"""Who waits for a place at a desk, and what becomes of them when something changes there.

A request that finds every desk that fits full is noted at each of them (`attending`). An end of an offer, a claim, a
pause and its end wake `waitlist` for that desk: so nobody who waits has to be looked at for nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from helpline import mine
from helpline.attending import Attending
from helpline.request import CallbackRequest, State
from helpline.store import capacity, desks, directory, outbox, requests, waitlist


@dataclass(frozen=True, slots=True)
class Waitlist:
    """Its field is all it needs; its methods are all it does."""

    attending: Attending

    def look(self, tx: Connection, service: str, now: datetime) -> datetime | None:
        """See to those who wait for a desk; give when its pause ends, None where it has none."""
        self.attending.referral.lines.settle(tx, now)
        found = directory.service_by_id(tx, service)
        if found is None:
            return None
        full = capacity.full(tx, [found], now)
        if service not in full:
            self._next(tx, service, capacity.places(tx, found), now)
        elif full[service] is None:
            self._in_vain(tx, service, now)
        until = desks.full_until(tx, service)
        return until if until and until > now else None

    def _next(self, tx: Connection, service: str, places: int, now: datetime) -> None:
        """There is room: as many go on as there are places. Who cannot go there any more waits for it no more."""
        for id in waitlist.of(tx, service):
            if places <= 0:
                return
            request = requests.get(tx, id)
            if request and self.attending.untried(tx, request, now):
                self._go_on(tx, request, now)
                places -= 1
            else:
                waitlist.leave(tx, id, service)

    def _go_on(self, tx: Connection, request: CallbackRequest, now: datetime) -> None:
        if request.state is State.STRANDED:
            mine.resume(tx, request, now, now)
        else:
            outbox.wake(tx, "attend", request.id, now)

    def _in_vain(self, tx: Connection, service: str, now: datetime) -> None:
        """Nobody can say when it has room again: who waits for no other desk is told to a person now."""
        listed = directory.services(tx, self.attending.referral.country.code)
        hopeless = [id for id, until in capacity.full(tx, listed, now).items() if until is None]
        for id in waitlist.in_vain(tx, service, hopeless):
            outbox.wake(tx, "attend", id, now)
