"""The public process's part of a bridged call: a gateway reports a step of the call and asks what to do next.

For the time of one answer the public process knows one number. It can open it only because the gateway sends the
session id that the number was sealed with, and that is stored nowhere. A worker gets the id when the gateway calls a
caseworker, the public process when the caseworker answers. In between, neither the database nor the public process
alone can open the number. If anything is in doubt, the answer is to hang up: the caseworker can ask for the call again.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from helpline.content.country import Trunk
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import Ask, CallAnswer, CallStep, HangUp, Join
from helpline.keys.sealing import CannotOpen, Words
from helpline.request import offers, requests, reveals
from helpline.request.model import State
from helpline.request.offers import OfferState
from helpline.request.reveals import BridgedCall
from helpline.staff import locks
from helpline.store import arrivals
from helpline.store.engine import Database, Tx
from menus.book import Book

CONNECT_KEY = "1"
"""A mailbox presses no key, and must not be connected to a caller."""
SPOKEN = "to_ngo.press"


@dataclass(frozen=True, slots=True)
class CallKey:
    """Seals and opens the number of one call."""

    row: str
    """The hash by which the call's row is found."""
    box: SecretBox = field(repr=False)

    @classmethod
    def of(cls, words: Words, channel: str, session: str) -> "CallKey":
        """Make it from the gateway's session id. A phone number is never hashed."""
        id = f"{channel}\n{session}".encode()
        row = hashlib.blake2b(id, key=words.key, digest_size=16, person=b"call")
        key = hashlib.blake2b(id, key=words.key, digest_size=SecretBox.KEY_SIZE, person=b"call key")
        return cls(row.hexdigest(), SecretBox(key.digest()))

    def seal(self, number: Hidden) -> bytes:
        """Seal a number until the call is answered."""
        return bytes(self.box.encrypt(number.reveal().encode()))

    def open(self, sealed: bytes) -> Msisdn:
        """Open a number. Raise `CannotOpen` if this is not its call."""
        try:
            return msisdn(self.box.decrypt(sealed).decode())
        except CryptoError:
            raise CannotOpen from None


@dataclass(frozen=True, slots=True)
class BridgedCalls:
    """Answers gateways about bridged calls."""

    db: Database
    words: Words
    book: Book
    trunk: Trunk
    log: Callable[[str, str], None]
    """Logs the name of an event and a word or an id; never a session id."""

    def answer(self, channel: str, step: CallStep) -> CallAnswer:
        """Return what a gateway must do with a call. Raise `Unavailable` if the database fails.

        People who call *us* hear nothing, because a caller may call back.
        """
        if not step.outbound:
            return HangUp()
        if not step.active:
            self.log("call_ended", step.cause)
            return HangUp()
        key = CallKey.of(self.words, channel, step.session)
        with self.db.write() as tx:
            row = reveals.get_bridge(tx, key.row)
            if row is None or not self._may_connect(tx, row):
                return HangUp()
            if step.keys is None:
                return Ask(self._spoken(row.language))
            return self._connect(tx, key, row, step.keys)

    def _connect(self, tx: Tx, key: CallKey, row: BridgedCall, keys: str) -> CallAnswer:
        """Delete the row and connect the call, so that nobody is connected twice. A wrong key leaves the row."""
        if keys != CONNECT_KEY or not reveals.take_bridge(tx, row.call):
            return HangUp()
        try:
            return Join(key.open(row.sealed), self.trunk.number)
        except CannotOpen:
            self.log("cannot_open", row.offer)
            return HangUp()

    def _may_connect(self, tx: Tx, row: BridgedCall) -> bool:
        """Whether the caller may still be called: the raid lock is off, and there is no stop, read or not (R48).

        The public process cannot see whose stop it is, so any stop that came since prevents any call.
        """
        if tx.now >= row.until or locks.is_raid_on(tx) or arrivals.stop_waits(tx, row.made):
            return False
        offer, request = offers.get(tx, row.offer), requests.hold(tx, row.request)
        claimed = offer is not None and offer.state is OfferState.CLAIMED
        return claimed and request is not None and request.state is State.CLAIMED

    def _spoken(self, language: str) -> str:
        language = language if language in self.book.languages else self.book.languages[0]
        return self.book.notice(language, SPOKEN)
