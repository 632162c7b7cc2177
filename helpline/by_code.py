"""*My request* by code and word: whether or not they open one, the same is said (R27). What she changes: `mine`."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from helpline import ending, mine
from helpline.contact import zone_at
from helpline.intake import Intake
from helpline.request import OVER, CallbackRequest, Outcome, State
from helpline.store import requests
from menus.draft import Draft

_SAID = {State.FOLLOWING: "reached", State.EXPIRED: "closed"}


@dataclass(frozen=True, slots=True)
class ByCode:
    """Its field is all it needs. Each method gives the name of what to say; `unknown` where they open nothing."""

    intake: Intake

    def status(self, code: str, word: int) -> str:
        """Give the name of what *my request* says to this code and word; `unknown` where they open nothing (R27)."""
        with self.intake.db.read() as tx:
            found = requests.by_code(tx, self.intake.words.code(code, word))
        return status_of(*found) if found else "unknown"

    def withdraw(self, code: str, word: int) -> str:
        """End and erase the request of this code and word (R33); give the name of what to say."""

        def end(tx: Connection, request: CallbackRequest, outcome: str | None) -> str:
            outcome = Outcome.WITHDREW if ending.withdraw(tx, request, self.intake.now()) else outcome
            return "withdrawn" if outcome == Outcome.WITHDREW else "closed"

        return self._with_code(code, word, end)

    def change_hour(self, code: str, word: int, window: str, days: str, hour: str = "") -> str:
        """Set other hours; a paused or frozen request goes on (R8, R48). Give the name of what to say.

        `window` and `days`: empty leaves those that she chose. `hour`: what her clock shows, for a request from abroad.
        """
        now = self.intake.now()

        def change(tx: Connection, request: CallbackRequest, outcome: str | None) -> str:
            if request.state in OVER:
                return status_of(request, outcome)
            hours = {"window": window or request.window, "days": days or request.days}
            if hour and request.zone != self.intake.country.zone:
                zones = self.intake.country.abroad.get(request.place, ())
                hours |= {"hour": hour, "zone": zone_at(hour, zones, now)}
            return mine.another_hour(tx, request, hours, now)

        return self._with_code(code, word, change)

    def permit(self, code: str, word: int, draft: Draft) -> str:
        """Set the four permissions of a request as `draft` has them (R4); give the name of what to say."""

        def change(tx: Connection, request: CallbackRequest, outcome: str | None) -> str:
            over = request.state in OVER
            return status_of(request, outcome) if over else mine.permit(tx, request, draft, self.intake.now())

        return self._with_code(code, word, change)

    def felt(self, code: str, word: int, felt: str) -> str:
        """Keep whether the call was all right, of a request that is over too (R46); give the name of what to say."""
        return self._with_code(code, word, lambda tx, request, _: mine.felt(tx, request, felt, self.intake.now()))

    def _with_code(self, code: str, word: int, does: Callable[[Connection, CallbackRequest, str | None], str]) -> str:
        """Do something with the request of a code and word; `unknown` where they open nothing (R27)."""
        with self.intake.db.write() as tx:
            found = requests.by_code(tx, self.intake.words.code(code, word), held=True)
            said = does(tx, *found) if found else "unknown"
        self.intake.bell.ring()
        return said


def status_of(request: CallbackRequest, outcome: str | None) -> str:
    """Give the name of the notice that tells her how her request stands."""
    if outcome == Outcome.WITHDREW:
        return "withdrawn"
    return _SAID.get(request.state, request.state.value)
