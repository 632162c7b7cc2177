"""The public process's part of a bridged call: a gateway says what became of it, and is told what to do next.

It learns one number, for as long as one answer takes, and only because the gateway brings the session that the number
was sealed under. Where anything at all is in doubt it hangs up: whoever asked for the call can ask again.

The key of one call: made of the gateway's session id, which is written down nowhere.

A worker learns the id when the gateway rings a caseworker's telephone; the public process when that telephone is
answered. Between the two her number lies under it, so that neither the database nor the public process alone opens it.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from helpline.content.country import Trunk
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import Ask, CallAnswer, CallStep, Clock, HangUp, Join
from helpline.keys.sealing import CannotOpen, Words
from helpline.request import offers, requests, reveals
from helpline.request.model import State
from helpline.request.offers import OfferState
from helpline.request.reveals import Waiting
from helpline.staff import raid_lock
from helpline.store import arrivals
from helpline.store.engine import Database, Tx
from menus.book import Book


@dataclass(frozen=True, slots=True)
class CallKey:
    """Seals and opens for one call. `row`: the hash under which its row is found."""

    row: str
    box: SecretBox = field(repr=False)

    @classmethod
    def of(cls, words: Words, channel: str, session: str) -> "CallKey":
        """Make it from the session id that the gateway gave or brings. Numbers never go into what is hashed."""
        id = f"{channel}\n{session}".encode()
        row = hashlib.blake2b(id, key=words.key, digest_size=16, person=b"call")
        key = hashlib.blake2b(id, key=words.key, digest_size=SecretBox.KEY_SIZE, person=b"call key")
        return cls(row.hexdigest(), SecretBox(key.digest()))

    def seal(self, number: Hidden) -> bytes:
        """Seal a number until the call is answered."""
        return bytes(self.box.encrypt(number.reveal().encode()))

    def open(self, sealed: bytes) -> Msisdn:
        """Open it. Raises `CannotOpen`."""
        try:
            return msisdn(self.box.decrypt(sealed).decode())
        except CryptoError:
            raise CannotOpen from None


JOIN_KEY = "1"
"""A mailbox presses nothing, and must not be joined to her."""
SPOKEN = "to_ngo.press"


@dataclass(frozen=True, slots=True)
class Joining:
    """Its fields are all it needs. `log` is told how a call of ours ended: a word, and no session."""

    db: Database
    words: Words
    book: Book
    trunk: Trunk
    now: Clock
    log: Callable[[str, str], None]

    def answer(self, channel: str, step: CallStep) -> CallAnswer:
        """Give what a gateway is to do with a call. Whoever rings *us* hears nothing: her number may ring back.

        Raises `Unavailable`.
        """
        if not step.outbound:
            return HangUp()
        if not step.active:
            self.log("call_ended", step.cause)
            return HangUp()
        key = CallKey.of(self.words, channel, step.session)
        with self.db.write() as tx:
            row = reveals.get_bridge(tx, key.row)
            if row is None or not self._holds(tx, row):
                return HangUp()
            if step.keys is None:
                return Ask(self._spoken(row.language))
            return self._joined(tx, key, row, step.keys)

    def _joined(self, tx: Tx, key: CallKey, row: Waiting, keys: str) -> CallAnswer:
        """The row goes as it is answered, so that nobody is joined twice. A wrong key leaves it: nothing rang."""
        if keys != JOIN_KEY or not reveals.take_bridge(tx, row.call):
            return HangUp()
        try:
            return Join(key.open(row.sealed), self.trunk.number)
        except CannotOpen:
            self.log("cannot_open", row.offer)
            return HangUp()

    def _holds(self, tx: Tx, row: Waiting) -> bool:
        """Tell whether she may still be rung: no stop, not even one that nobody has read yet (R48), and no raid lock.

        Whose stop it is cannot be seen here, so any that came since holds up any call.
        """
        if tx.now >= row.until or raid_lock.is_locked(tx) or arrivals.stop_waits(tx, row.made):
            return False
        offer, request = offers.get(tx, row.offer), requests.hold(tx, row.request)
        claimed = offer is not None and offer.state is OfferState.CLAIMED
        return claimed and request is not None and request.state is State.CLAIMED

    def _spoken(self, language: str) -> str:
        tongue = language if language in self.book.languages else self.book.languages[0]
        return self.book.notice(tongue, SPOKEN)
