"""Find the phone line of each new request, and apply the stops that were asked for on a telephone.

Workers open a number here to hash it. Stops are applied before anything else is done for any request:
nothing is offered, claimed or shown while a stop waits to be read (R48).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from helpline.caller import conversations
from helpline.core.call_windows import NOW
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.keys.sealing import CannotOpen, Hashing, Opening
from helpline.referral import ending, noted_cries
from helpline.request import phone_lines, sealed_numbers
from helpline.request.model import State
from helpline.staff import contacts
from helpline.store import arrivals, texts_out
from helpline.store.arrivals import Arrived
from helpline.store.engine import Tx
from helpline.store.sql import new_id
from menus.keywords import Category, Keywords, Stop, Unclear

MOST_OPEN = 50
"""How many open requests a phone line keeps (R49). What is beyond is closed, and nobody is told."""


@dataclass(frozen=True, slots=True)
class WorkerStops:
    """Applies stops in a process that can open and hash numbers."""

    opening: Opening
    hashing: Hashing
    keywords: Keywords
    log: Callable[[str, str], None]

    def settle(self, tx: Tx) -> None:
        """Find the line of every new request, then apply every stop that has come in, by menu or by SMS."""
        sealed_numbers.one_at_a_time(tx)
        for request, sealed in sealed_numbers.without_line(tx):
            self._find_line(tx, request, sealed)
        for arrived in arrivals.unread(tx, Category.STOP):
            self._stop(tx, arrived) if arrived.kind == "stop" else self._stop_by_sms(tx, arrived)

    def _find_line(self, tx: Tx, request: str, sealed: bytes) -> None:
        """Put a request on the line of its telephone, and close what is too much there (R49)."""
        caller = self._caller(request, sealed) or new_id().encode()[:16]
        line = sealed_numbers.join_line(tx, request, caller)
        for extra in phone_lines.beyond(tx, line, MOST_OPEN):
            ending.stop(tx, extra, State.CLOSED)

    def _stop(self, tx: Tx, arrived: Arrived) -> None:
        caller = self._caller(arrived.id, arrived.sealed)
        if caller is not None and arrivals.close(tx, arrived.id):
            self.pause(tx, caller, arrived.at)

    def _stop_by_sms(self, tx: Tx, arrived: Arrived) -> None:
        """Apply a text that waits to be read, if it is a caller's STOP."""
        content = self._open(arrived.id, arrived.sealed)
        sender, _, text = content.reveal().partition("\n") if content else ("", "", "")
        heard = self.keywords.caller(text)
        if not isinstance(heard, Stop | Unclear) or contacts.by_phone(tx, sender):
            return
        if arrivals.close(tx, arrived.id):
            caller = self.hashing.caller(msisdn(sender))
            self.pause(tx, caller, arrived.at, unclear=isinstance(heard, Unclear))

    def pause(self, tx: Tx, caller: bytes, asked: datetime, *, unclear: bool = False) -> None:
        """Pause every open request of a telephone that existed when the stop was asked for.

        If the stop may be a cry as well, coordinators are alerted: at once if it has paused a request in danger (R18).

        Its SMS dialogue ends, and a reply that was not sent yet is not sent (R18). A stop is read before older texts of
        the same telephone, so these must not be answered either.
        """
        dialogue = conversations.dialogue_of(tx, caller)
        if dialogue:
            texts_out.void_of_dialogue(tx, dialogue.session)
            conversations.end_dialogue(tx, caller)
        if arrivals.others_wait(tx, asked):
            conversations.silence_before(tx, caller, asked)
        in_danger = False
        for request in phone_lines.of_caller(tx, caller):
            if request.created <= asked and request.state not in (State.PAUSED, State.FROZEN):
                in_danger |= ending.stop(tx, request, State.PAUSED) and request.risk == NOW
        if unclear:
            noted_cries.note(tx, caller, at_once=in_danger)

    def _caller(self, row: str, sealed: bytes | None) -> bytes | None:
        number = self._open(row, sealed)
        return self.hashing.caller(Msisdn(number)) if number else None

    def _open(self, row: str, sealed: bytes | None) -> Hidden | None:
        """Open a sealed value. If no key fits, return None and log it; the row stays unread for a person to see."""
        try:
            return self.opening.open(row, sealed or b"")
        except CannotOpen:
            self.log("cannot_open", row)
            return None
