"""Lifting: what froze a line may have been a slip. Two coordinators who say so together set it going again (R8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from helpline import duty, mine
from helpline.calling import Calling
from helpline.coordinators import Coordinators
from helpline.directory import Contact
from helpline.referral import Referral
from helpline.request import State
from helpline.store import assents, audits, calls, freezes, lines, numbers, outbox, requests

LIFT = "lift"
TWO = 2
"""So many coordinators lift what froze a line, each within a day of the other (R8)."""
TOGETHER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Lifting:
    """Its field is all it needs; its methods are all it does."""

    coordinators: Coordinators

    @property
    def referral(self) -> Referral:
        """Give what moves requests on."""
        return self.coordinators.referral

    def lift(self, tx: Connection, who: Contact, code: str, now: datetime) -> None:
        """A coordinator says that a slip froze a line: by the second who says so its requests wait again (R8).

        A freeze that came before or after it stands until two have lifted that one too: she is told of it, by its code.
        """
        self.referral.lines.settle(tx, now)
        offer = self.coordinators.find(tx, who, code, now)
        if offer is None:
            return self.coordinators.claims.wrong_code(tx, who, code, now)
        request = requests.get(tx, offer.request)
        if request is None or request.state is not State.FROZEN:
            return self.coordinators.answer(tx, who, "to_ngo.not_open", offer, now)
        if not self._agree(tx, who, offer.request, now):
            return self.coordinators.answer(tx, who, "to_ngo.lift_more", offer, now)
        still = self._still(tx, offer.line, now)
        if standing := requests.get(tx, still[0]) if still else None:
            return Calling(self.referral).call(tx, standing, offer.line, who, "to_ngo.frozen", now)
        self._thaw(tx, who, offer.request, offer.line, now)
        return self.coordinators.answer(tx, who, "to_ngo.lifted", offer, now)

    def lift_here(self, tx: Connection, who: Contact, request: str, now: datetime) -> bool:
        """Say so at the console, of a frozen request; true where nothing of its line is frozen any more."""
        line, enough = numbers.line_of(tx, request), self._agree(tx, who, request, now)
        if line is None or not enough or self._still(tx, line, now):
            return False
        self._thaw(tx, who, request, line, now)
        return True

    def _agree(self, tx: Connection, who: Contact, request: str, now: datetime) -> bool:
        assents.give(tx, LIFT, request, who.id, now)
        audits.append(tx, self.referral.audit_key, now, who.id, LIFT, request)
        return self._is_lifted(tx, request, now)

    def _still(self, tx: Connection, line: str, now: datetime) -> list[str]:
        """Give the freezes of a line that two have not lifted."""
        return [id for id in freezes.of_line(tx, line) if not self._is_lifted(tx, id, now)]

    def _is_lifted(self, tx: Connection, request: str, now: datetime) -> bool:
        return len(self.agreed(tx, request, now)) >= TWO

    def agreed(self, tx: Connection, request: str, now: datetime) -> list[str]:
        """Give which coordinators say that a slip froze a request: people, whether by telephone or account.

        Who is not in the directory any more, and whose account was disabled, counts no more.
        """
        there = {each.id for each in duty.in_turn(tx, self.referral.country.code)}
        said = assents.given(tx, LIFT, request, now - TOGETHER)
        return [each for each in said if each in there]

    def _thaw(self, tx: Connection, who: Contact, id: str, line: str, now: datetime) -> None:
        """Set a line going. One request of it is audited: several would show what belongs together (R27)."""
        audits.append(tx, self.referral.audit_key, now, who.id, "lifted", id)
        freezes.lift(tx, line)
        for request in lines.of_state(tx, line, State.FROZEN):
            assents.clear(tx, LIFT, request.id)
            mine.resume(tx, request, now, now)


def anew(tx: Connection, line: str, now: datetime) -> bool:
    """Have coordinators called about each freeze of a line under new codes; false where nothing of it is frozen.

    Who agreed to lift it before counts no more, and a code from before opens nothing: it was about what was known
    then. Whoever has the words key draws the new ones.
    """
    frozen = [each.id for each in lines.of_state(tx, line, State.FROZEN)]
    for id in frozen:
        assents.clear(tx, LIFT, id)
        calls.void(tx, id, now)
    for id in freezes.of_line(tx, line) or frozen[-1:]:
        outbox.wake(tx, "frozen", id, now)
    return bool(frozen)
