"""Bridged calls: our gateway calls a telephone of the service, then the caller, and the service sees no number.

    claims.ask_bridge   console      checks what a reveal checks, and uses up the window before any call
    Bridging            workers      calls the service, and seals the caller's number for two minutes with the session
    BridgedCalls        public web   gets the session again when the service answers, and can then open that one row

Before a row is stored, the caller's phone cannot ring. So if none was stored, or nobody answered the call, the window
is free again. Bridged calls are off unless a country has a line for them (docs/decisions/0014-bridged-calls.md).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from helpline.content.country import Trunk, in_use
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import CallMaker, SendFailed
from helpline.directory import services
from helpline.keys.sealing import CannotOpen, Opening, Words
from helpline.referral.context import Context
from helpline.request import offers, phone_lines, requests, reveals
from helpline.request.model import DRILL, CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.request.reveals import BridgedCall
from helpline.reveal.bridged_calls import CallKey
from helpline.reveal.revealing import may_be_shown, revealed
from helpline.staff import contacts
from helpline.staff.contact import Actor
from helpline.store import audit_log, outbox
from helpline.store.engine import Database, Tx
from helpline.store.outbox import Due, finish_leased

BRIDGED = "bridged"
"""In the audit log: a call was asked for that connects a service to a caller."""
CALL, UNTAKEN = "bridge", "untaken"
"""In the outbox: call the service of a claim (an offer); check whether a call (its hash) was answered."""
LASTS = timedelta(minutes=2)
"""How long the caseworker waits for the call, and how long a number stays sealed for it."""


def can_be_connected(tx: Tx, trunk: Trunk | None, desk: str, request: CallbackRequest) -> bool:
    """Whether a service can be connected to a caller by this line.

    The caller's phone must show what they were told of this service (R10). In a drill there is nobody to call.
    """
    service = services.service_by_id(tx, desk)
    return trunk is not None and service is not None and service.shows == trunk.shows and request.kind != DRILL


@dataclass(frozen=True, slots=True)
class Ready:
    """A call that may be made now."""

    offer: Offered
    to: Msisdn
    """The telephone of the service."""
    language: str
    number: Hidden
    """The caller's number, for when the service answers."""
    until: datetime
    """Until when the caller may be called."""


@dataclass(frozen=True, slots=True)
class Bridging:
    """The workers' part of a bridged call."""

    ctx: Context
    opening: Opening
    words: Words
    call_maker: CallMaker | None
    """None if no channel makes calls."""
    channel: str
    """The name of the gateway in the address of its webhooks."""

    @property
    def trunk(self) -> Trunk | None:
        """The line that calls are made from, if bridged calls are on."""
        return in_use(self.ctx.country.trunk, self.ctx.config)

    def call_service(self, db: Database, due: Due) -> None:
        """Call the service of a claim, if it may still be connected. Raise `LostLease`.

        The call is made outside of any transaction. If the gateway's answer is lost, nothing is sealed, so nobody can
        be connected.
        """
        with db.write() as tx:
            ready = self.ready(tx, due.ref)
            if ready is None:
                finish_leased(tx, due)
        if ready is None:
            return
        session = self._call(ready)
        with db.write() as tx:
            if session:
                self.seal(tx, ready, session)
            else:
                self.free(tx, ready.offer)
            finish_leased(tx, due)

    def _call(self, ready: Ready) -> str:
        """Call the service. Return the session id, or "" if no call was made or this is not known."""
        trunk = self.trunk
        try:
            return self.call_maker.call(ready.to, trunk.number) if trunk and self.call_maker else ""
        except SendFailed as failure:
            self.ctx.log("ring_failed", failure.reason.replace(" ", "_"))
            return ""

    def ready(self, tx: Tx, id: str) -> Ready | None:
        """Return the call to make for a claim. If it must not be made, free the window and return None.

        Everything is checked again: stops are applied first (R48), and minutes may have passed since it was asked for.
        """
        if asked := offers.get(tx, id):
            self.ctx.settle_stops(tx, asked.request)
        offer = offers.get(tx, id)
        request = requests.get(tx, offer.request) if offer else None
        if offer is None or request is None or not _is_for_a_call(tx, offer):
            return None
        ready = self._ready(tx, offer, request) if _is_claimed(offer, request) else None
        if ready is None:
            self.free(tx, offer)
        return ready

    def _ready(self, tx: Tx, offer: Offered, request: CallbackRequest) -> Ready | None:
        contact = contacts.on_duty(tx, offer.service)
        late = offer.shown_at is None or tx.now >= offer.shown_at + LASTS
        if late or contact is None or not may_be_shown(tx, Actor.by_sms(contact)) or phone_lines.is_barred(tx, request):
            return None
        if not can_be_connected(tx, self.trunk, offer.service, request):
            return None
        try:
            found = revealed(self.ctx, tx, self.opening, offer.id, contact.desk)
        except CannotOpen:
            self.ctx.log("cannot_open", request.id)
            return None
        if found is None:
            return None
        until = min(tx.now + LASTS, request.expires, found.until)
        return Ready(offer, msisdn(contact.phone), contact.language, found.number, until)

    def seal(self, tx: Tx, ready: Ready, session: str) -> None:
        """Seal the caller's number for when the service answers, if they may still be called (R48)."""
        self.ctx.settle_stops(tx, ready.offer.request)
        offer, request = offers.get(tx, ready.offer.id), requests.get(tx, ready.offer.request)
        if offer is None or request is None or not _is_claimed(offer, request):
            return
        key = CallKey.of(self.words, self.channel, session)
        reveals.put_bridge(tx, BridgedCall(
            key.row, offer.id, offer.request, key.seal(ready.number), ready.language, tx.now, ready.until,
        ))  # fmt: skip
        outbox.wake(tx, UNTAKEN, key.row, ready.until)

    def untaken(self, tx: Tx, call: str) -> None:
        """Free the window of a call that nobody answered within two minutes: the caller's phone did not ring."""
        row = reveals.get_bridge(tx, call)
        if row is None or not reveals.take_bridge(tx, call):
            return
        self.ctx.log("call_untaken", row.offer)
        offer = offers.get(tx, row.offer)
        if offer is not None:
            self.free(tx, offer)

    def free(self, tx: Tx, offer: Offered) -> None:
        """Free the window of a call: the caller's phone did not ring (R11)."""
        if offer.shown_in:
            reveals.unmark(tx, offer.id, offer.request, offer.shown_in, left=False)


def _is_claimed(offer: Offered, request: CallbackRequest) -> bool:
    return offer.state is OfferState.CLAIMED and request.state is State.CLAIMED


def _is_for_a_call(tx: Tx, offer: Offered) -> bool:
    """Whether the window was used up for a call: an order from days ago must not use that of a later reveal."""
    used = offer.shown_at
    return used is not None and bool(audit_log.search(tx, ref=offer.request, action=BRIDGED, since=used))
