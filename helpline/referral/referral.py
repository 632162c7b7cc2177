"""A request on its way from one service to the next: what all share who move it on.

Each method runs inside one transaction and moves rows only by compare-and-set, so it may run twice, or be cut off
anywhere, and nothing is lost or done twice. It sends nothing itself: texts are rows of the outbox. Who is asked next:
`attending`, `offering`. When nobody may be any more: `timeouts`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpline.content.country import Country
from helpline.core.call_windows import LAST_MINUTES, Span, next_window
from helpline.core.config import Config
from helpline.matching.criteria import Wanted
from helpline.referral import ending
from helpline.request import offers, phone_lines, requests, sealed_numbers
from helpline.request.model import CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.staff import on_call
from helpline.store import outbox
from helpline.store.engine import Tx
from helpline.store.sql import new_id


class Stops(Protocol):
    """What hears a stop before anything else is done (R48): workers apply it, the console waits for them."""

    def settle(self, tx: Tx) -> None:
        """See to every stop that has come in."""


class Codes(Protocol):
    """What an offer is called by: five digits in a text; at the console, which has no words key, its id."""

    def offer_code(self, offer: str, draw: int) -> str:
        """Give what the holder of an offer calls it by."""


@dataclass(frozen=True, slots=True)
class Referral:
    """Its fields are all it needs; its methods are all it does."""

    lines: Stops
    words: Codes
    country: Country
    config: Config
    audit_key: bytes
    log: Callable[[str, str], None]

    def wanted(self, request: CallbackRequest, now: datetime, full: frozenset[str] = frozenset()) -> Wanted:
        """Give what is looked for: a request, and all that a fit depends on here. `full`: desks that take no more."""
        return Wanted(request, self.country, now, self.config.fresh_days, full)

    def is_barred(self, tx: Tx, request: CallbackRequest) -> bool:
        """Tell whether a request was made on a line that was frozen and still is: no service rings there (R8)."""
        line = sealed_numbers.line_of(tx, request.id)
        return line is not None and phone_lines.frozen_before(tx, line, request.created)

    def hour(self, request: CallbackRequest, now: datetime) -> Span | None:
        """Give the hour on the card: what the END screen promised while that is to come, else the next window (R39).

        None where no window is to come, or none is known yet.
        """
        promised = request.promised
        return promised if promised and now < promised.end - LAST_MINUTES else next_window(request.hours, now)

    def new_code(self, tx: Tx, desk: str) -> tuple[str, int]:
        """Give the id of a new offer and the draw by which its five digits are no other's at this desk."""
        id = new_id()
        return id, self.free_draw(tx, desk, id)

    def free_draw(self, tx: Tx, desk: str, id: str, draws: int = 0) -> int:
        """Give the first draw from `draws` on by which the five digits of an offer are no other's at its desk."""
        others = {self.words.offer_code(*each) for each in offers.held_codes(tx, desk) if each[0] != id}
        while self.words.offer_code(id, draws) in others:
            draws += 1
        return draws

    def on_to_the_next(self, tx: Tx, offer: Offered, to: OfferState) -> None:
        """End an offer or a claim, and let whoever comes next be asked at once."""
        if not ending.end_offer(tx, offer, to):
            return
        since = State.CLAIMED if offer.state is OfferState.CLAIMED else State.OFFERED
        if not requests.move(tx, offer.request, since, State.WAITING, due=tx.now):
            return
        request = requests.get(tx, offer.request)
        if request and on_call.is_coordinator(tx, offer.service):  # who was asked before her has no time either
            self.strand(tx, request)
        else:
            outbox.wake(tx, "attend", offer.request, tx.now, requests.queue_of(tx, offer.request))

    def strand(self, tx: Tx, request: CallbackRequest) -> None:
        """Nobody is left to ask: a person is called, and again until somebody is found."""
        if requests.move(tx, request.id, State.WAITING, State.STRANDED):
            self.log("stranded", request.id)
            outbox.wake(tx, "page", request.id, tx.now, request.queue)

    def next_on_line(self, tx: Tx, line: str) -> None:
        """A line has become free: look at the newest request that waits on it. Who held it is asked first (R27)."""
        waiting, holder = phone_lines.newest_waiting(tx, line), phone_lines.last_holder(tx, line)
        if waiting is None:
            return
        if holder:
            requests.ask_first(tx, waiting, holder)
        outbox.wake(tx, "attend", waiting, tx.now, requests.queue_of(tx, waiting))

    def tell_coordinator(
        self, tx: Tx, notice: str, *, request: str | None = None, offer: str | None = None,
        but_not: str = "",
    ) -> None:  # fmt: skip
        """Write to the coordinator first in turn, where a person must know. `but_not`: whom it is about."""
        on_call.tell_first(tx, self.country.code, notice, self.log, request=request, offer=offer, but_not=but_not)
