"""The public process's part of a bridged call: a gateway says what became of it, and is told what to do next.

It learns one number, for as long as one answer takes, and only because the gateway brings the session that the number
was sealed under. Where anything at all is in doubt it hangs up: whoever asked for the call can ask again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from helpline import locks
from helpline.call_key import CallKey
from helpline.ports import Ask, CallAnswer, CallStep, Clock, HangUp, Join
from helpline.request import State
from helpline.store import bridges, inbox, offers, requests
from helpline.store.bridges import Waiting
from helpline.store.database import Database
from helpline.store.offers import OfferState
from helpline.trunk import Trunk
from helpline.vault import CannotOpen, Words
from menus.book import Book

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
        if not step.ours:
            return HangUp()
        if not step.active:
            self.log("call_ended", step.cause)
            return HangUp()
        key = CallKey.of(self.words, channel, step.session)
        with self.db.write() as tx:
            row = bridges.get(tx, key.row)
            if row is None or not self._holds(tx, row, self.now()):
                return HangUp()
            if step.keys is None:
                return Ask(self._spoken(row.language))
            return self._joined(tx, key, row, step.keys)

    def _joined(self, tx: Connection, key: CallKey, row: Waiting, keys: str) -> CallAnswer:
        """The row goes as it is answered, so that nobody is joined twice. A wrong key leaves it: nothing rang."""
        if keys != JOIN_KEY or not bridges.take(tx, row.call):
            return HangUp()
        try:
            return Join(key.open(row.sealed), self.trunk.number)
        except CannotOpen:
            self.log("cannot_open", row.offer)
            return HangUp()

    def _holds(self, tx: Connection, row: Waiting, now: datetime) -> bool:
        """Tell whether she may still be rung: no stop, not even one that nobody has read yet (R48), and no raid lock.

        Whose stop it is cannot be seen here, so any that came since holds up any call.
        """
        if now >= row.until or locks.is_locked(tx) or inbox.waits(tx, row.made):
            return False
        offer, request = offers.get(tx, row.offer), requests.hold(tx, row.request)
        claimed = offer is not None and offer.state is OfferState.CLAIMED
        return claimed and request is not None and request.state is State.CLAIMED

    def _spoken(self, language: str) -> str:
        tongue = language if language in self.book.languages else self.book.languages[0]
        return self.book.notice(tongue, SPOKEN)
