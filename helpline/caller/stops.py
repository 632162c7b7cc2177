"""Lines: which requests come from one telephone, and the stops that were asked for on it.

Only here, in workers, is a number opened to be hashed. A stop that came in is applied before anything else is
done for any request: nobody is offered, claimed or shown while a stop waits to be read (R48).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from helpline.caller import conversations
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.keys.sealing import CannotOpen, Hashing, Opening
from helpline.referral import ending
from helpline.request import phone_lines, sealed_numbers
from helpline.request.model import State
from helpline.staff import contacts
from helpline.store import arrivals, texts_out
from helpline.store.arrivals import Arrived
from helpline.store.engine import Tx
from helpline.store.sql import new_id
from menus.keywords import Category, Keywords


@dataclass(frozen=True, slots=True)
class Lines:
    """Opens numbers only to find their line."""

    opening: Opening
    hashing: Hashing
    keywords: Keywords
    log: Callable[[str, str], None]

    def settle(self, tx: Tx) -> None:
        """Find the line of every new request, then apply every stop that has come in, by menu or by SMS."""
        sealed_numbers.one_at_a_time(tx)
        for request, sealed in sealed_numbers.without_line(tx):
            sealed_numbers.join_line(tx, request, self._caller(request, sealed) or new_id().encode()[:16])
        for arrived in arrivals.unread(tx, Category.STOP):
            self._stop(tx, arrived) if arrived.kind == "stop" else self._stop_by_sms(tx, arrived)

    def _stop(self, tx: Tx, arrived: Arrived) -> None:
        caller = self._caller(arrived.id, arrived.sealed)
        if caller is not None and arrivals.close(tx, arrived.id):
            self.pause(tx, caller, arrived.at)

    def _stop_by_sms(self, tx: Tx, arrived: Arrived) -> None:
        """Look ahead into the texts that wait to be read, for a caller's STOP alone."""
        said = self._open(arrived.id, arrived.sealed)
        sender, _, text = said.reveal().partition("\n") if said else ("", "", "")
        if not said or not self.keywords.stops(text) or contacts.by_phone(tx, sender):
            return
        if arrivals.close(tx, arrived.id):
            self.pause(tx, self.hashing.caller(msisdn(sender)), arrived.at)

    def pause(self, tx: Tx, caller: bytes, asked: datetime) -> None:
        """Pause every open request of a telephone that was there when the stop was asked for.

        Its SMS dialogue ends, and a reply that has not gone yet does not go (R18).
        """
        held = conversations.dialogue_of(tx, caller)
        if held:
            texts_out.void_of_dialogue(tx, held.session)
            conversations.end_dialogue(tx, caller)
        for request in phone_lines.of_caller(tx, caller):
            if request.created <= asked and request.state not in (State.PAUSED, State.FROZEN):
                ending.stop(tx, request, State.PAUSED)

    def _caller(self, row: str, sealed: bytes | None) -> bytes | None:
        number = self._open(row, sealed)
        return self.hashing.caller(Msisdn(number)) if number else None

    def _open(self, row: str, sealed: bytes | None) -> Hidden | None:
        """Open a sealed value; None, and a line in the log, where no key fits: it stays unread for a person to see."""
        try:
            return self.opening.open(row, sealed or b"")
        except CannotOpen:
            self.log("cannot_open", row)
            return None
