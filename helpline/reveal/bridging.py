"""Calls that our gateway makes: it rings a telephone of the service, then hers, and nobody there sees her number.

    ask_bridge      the console   checks what a reveal checks; uses up the window before anything rings
    Bridging        workers       rings the service, and seals her number for two minutes under the session's own key
    Joining         public web    the session comes back with the call that was answered: only it opens that one row

Until a row was written nothing can ring at hers, whatever becomes of the rest; so where none was, or nobody took the
call, the window is free again. Off unless a country has a line for it (docs/decisions/0014-bridged-calls.md).

Ringing a service for its claim, in the same steps as a text is sent: ready, ring outside of any transaction, settle.

Where the answer is lost nothing is sealed, so nobody can be joined.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from helpline.content.country import Trunk, in_use
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import CallMaker, SendFailed
from helpline.directory import services
from helpline.keys.sealing import CannotOpen, Opening, Words
from helpline.referral import pass_on
from helpline.referral.context import Context
from helpline.request import offers, requests, reveals
from helpline.request.model import DRILL, CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.request.reveals import Waiting
from helpline.reveal.bridged_calls import CallKey
from helpline.reveal.revealing import may_be_shown, revealed
from helpline.staff import contacts
from helpline.staff.actor import Actor
from helpline.store import audit_log, outbox
from helpline.store.engine import Database, Tx
from helpline.store.outbox import Due, finish_leased

BRIDGED = "bridged"
"""In the audit log: whose telephone was to be joined to hers."""
RING, UNTAKEN = "bridge", "untaken"
"""In the outbox: ring a service for its claim (an offer); see whether a call (its hash) was taken."""
LASTS = timedelta(minutes=2)
"""How long whoever pressed the button waits for the call, and how long a number lies sealed for it."""


def can_be_joined(tx: Tx, trunk: Trunk | None, desk: str, request: CallbackRequest) -> bool:
    """Tell whether a service may be joined to a caller by such a line.

    Her telephone must show what she was told of this service (R10). And nobody is there to be rung for practice.
    """
    service = services.service_by_id(tx, desk)
    return trunk is not None and service is not None and service.shows == trunk.shows and request.kind != DRILL


@dataclass(frozen=True, slots=True)
class Ready:
    """A call that may be made now: the telephone of the service, and her number for when it is answered."""

    offer: Offered
    to: Msisdn
    language: str
    number: Hidden
    until: datetime


@dataclass(frozen=True, slots=True)
class Bridging:
    """The worker's part. `channel`: the name of the gateway in the address of its webhooks."""

    ctx: Context
    opening: Opening
    words: Words
    call_maker: CallMaker
    channel: str
    log: Callable[[str, str], None] = field(repr=False)

    @property
    def trunk(self) -> Trunk | None:
        """Give the line that calls are made from."""
        return in_use(self.ctx.country.trunk, self.ctx.config)

    def ready(self, tx: Tx, id: str) -> Ready | None:
        """Give the call to make for a claim; None where it must not be made, and then the window is free again.

        Everything is asked anew: a stop is heard first (R48), and minutes may have passed since the button.
        """
        self.ctx.settle_stops(tx)
        offer = offers.get(tx, id)
        request = requests.get(tx, offer.request) if offer else None
        if offer is None or request is None or not _is_for_a_call(tx, offer):
            return None
        ready = self._ready(tx, offer, request) if _stands(offer, request) else None
        if ready is None:
            self.free(tx, offer)
        return ready

    def _ready(self, tx: Tx, offer: Offered, request: CallbackRequest) -> Ready | None:
        who = contacts.on_duty(tx, offer.service)
        late = offer.shown_at is None or tx.now >= offer.shown_at + LASTS
        if late or who is None or not may_be_shown(tx, Actor.by_sms(who)) or pass_on.is_barred(tx, request):
            return None
        if not can_be_joined(tx, self.trunk, offer.service, request):
            return None
        try:
            hers = revealed(tx, self.opening, request.id)
        except CannotOpen:
            self.log("cannot_open", request.id)
            return None
        until = min(tx.now + LASTS, request.expires)
        return Ready(offer, msisdn(who.phone), who.language, hers.number, min(until, hers.until)) if hers else None

    def rang(self, tx: Tx, ready: Ready, session: str) -> None:
        """The service's telephone rings: seal her number for when it is answered, if it still may be (R48)."""
        self.ctx.settle_stops(tx)
        offer, request = offers.get(tx, ready.offer.id), requests.get(tx, ready.offer.request)
        if offer is None or request is None or not _stands(offer, request):
            return
        key = CallKey.of(self.words, self.channel, session)
        reveals.put_bridge(tx, Waiting(
            key.row, offer.id, offer.request, key.seal(ready.number), ready.language, tx.now, ready.until,
        ))  # fmt: skip
        outbox.wake(tx, UNTAKEN, key.row, ready.until)

    def untaken(self, tx: Tx, call: str) -> None:
        """The two minutes are over. If nobody has taken the call, nothing rang at hers."""
        row = reveals.get_bridge(tx, call)
        if row is None or not reveals.take_bridge(tx, call):
            return
        self.log("call_untaken", row.offer)
        offer = offers.get(tx, row.offer)
        if offer is not None:
            self.free(tx, offer)

    def free(self, tx: Tx, offer: Offered) -> None:
        """Nothing rang at hers: she may be rung in the window that it was for (R11)."""
        if offer.shown_in and reveals.unmark(tx, offer.id, offer.shown_in):
            reveals.uncount(tx, offer.request)


def _stands(offer: Offered, request: CallbackRequest) -> bool:
    return offer.state is OfferState.CLAIMED and request.state is State.CLAIMED


def _is_for_a_call(tx: Tx, offer: Offered) -> bool:
    """Tell whether it was for a call that the window was used up: a wish that lay for days meets no later reveal."""
    used = offer.shown_at
    return used is not None and bool(audit_log.search(tx, ref=offer.request, action=BRIDGED, since=used))


@dataclass(frozen=True, slots=True)
class Ringing:
    """Its fields are all it needs; its method is all it does. Raises `LostLease`."""

    db: Database
    bridging: Bridging
    now: Callable[[], datetime]
    log: Callable[[str, str], None]

    def ring(self, due: Due) -> None:
        """Ring the service of a row, if it may still be joined to her."""
        with self.db.write() as tx:
            ready = self.bridging.ready(tx, due.ref)
            if ready is None:
                finish_leased(tx, due)
        if ready is None:
            return
        session = self._rung(ready)
        with self.db.write() as tx:
            if session:
                self.bridging.rang(tx, ready, session)
            else:
                self.bridging.free(tx, ready.offer)
            finish_leased(tx, due)

    def _rung(self, ready: Ready) -> str:
        """Give the session of the call; empty where it was not made, or nobody can tell."""
        trunk = self.bridging.trunk
        try:
            return self.bridging.call_maker.call(ready.to, trunk.number) if trunk else ""
        except SendFailed as failure:
            self.log("ring_failed", failure.reason.replace(" ", "_"))
            return ""
