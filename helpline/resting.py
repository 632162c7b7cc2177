"""For her safety a telephone rests: nobody rings it, for whichever request of it (R7, R8, R9, R11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from helpline import duty, ending, lifting
from helpline.referral import Referral
from helpline.request import DRILL, CallbackRequest, Outcome, State
from helpline.store import attempts, freezes, harms, lines, numbers
from helpline.store.offers import Offered

FREEZES = freezes.STRANGER
"""Whoever has her phone is not her (R8)."""
FOR_HER_SAFETY = FREEZES | {"not_safe_now", "hung_up"}
"""Outcomes that hold at any time once the number was shown: whoever says so late still says it (R1)."""
MOST_UNSAFE = 2
"""Times that it was not safe, after which a request ends (R7)."""
RESTING = frozenset({State.PAUSED, State.FROZEN})


@dataclass(frozen=True, slots=True)
class Resting:
    """Its field is all it needs; its method is all it does."""

    referral: Referral

    def rest(self, tx: Connection, offer: Offered, request: CallbackRequest, outcome: str, now: datetime) -> None:
        """Pause or freeze what she may not be rung for by now; the service is told not to ring any more."""
        if outcome in FREEZES:
            return self._freeze(tx, offer, request, now)
        rung = lines_of(tx, offer, request)
        twice = outcome == "not_safe_now" and attempts.count(tx, request.id, outcome) >= MOST_UNSAFE
        if twice and request.frozen_at is None:  # what is frozen stays so: it bars what is made on its line
            ending.stop(tx, request, State.CLOSED, now, Outcome.UNSAFE)
        _rest(tx, rung, State.PAUSED, now)
        return None

    def _freeze(self, tx: Connection, offer: Offered, request: CallbackRequest, now: datetime) -> None:
        """Somebody else has her phone: no request of it is rung for any more, until she comes back (R8).

        The slip of a service two coordinators lift together; what was frozen before is frozen anew, so that nobody
        lifts it who has not heard of this. What is paused stays paused, and bars new calls of that telephone too.
        Where nothing is left to lift, a person is told of it.
        """
        rung = lines_of(tx, offer, request)
        _rest(tx, rung, State.FROZEN, now)
        for line in rung:
            freezes.note(tx, line, now)
        if request.kind == DRILL:
            return
        self.referral.log("frozen", request.id)
        source = "coordinator" if duty.is_coordinator(tx, offer.service) else "service"
        harms.add(tx, request.id, source, harms.WRONG_PERSON, now)
        called = [lifting.anew(tx, line, now) for line in rung]
        if not any(called):
            self.referral.tell_coordinator(tx, "to_ngo.harm", now, request=request.id)


def lines_of(tx: Connection, offer: Offered, request: CallbackRequest) -> list[str]:
    """Give the telephone that was rung, and the one that would be by now, where she has named another since."""
    return sorted({offer.line, numbers.line_of(tx, request.id) or offer.line})


def _rest(tx: Connection, rung: Sequence[str], to: State, now: datetime) -> None:
    """Pause or freeze whatever of a telephone may be rung: it rings the same, for whichever request (R7, R8).

    What is paused or frozen rests already.
    """
    for each in (each for line in rung for each in lines.still_open(tx, line)):
        if each.state not in RESTING:
            ending.stop(tx, each, to, now)
