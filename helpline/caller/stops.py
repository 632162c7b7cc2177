"""Find the phone line of each new request, and apply the stops that were asked for on a telephone.

Workers open a number here to hash it. Stops are applied before anything else is done for a request of that telephone:
nothing is offered, claimed or shown while a stop of it waits to be read (R48). Others do not wait: a transaction
concerns one telephone, and locks no other one.
"""

import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from helpline.caller import conversations
from helpline.core.call_windows import NOW
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.keys.sealing import CannotOpen, Hashing, Opening
from helpline.referral import ending, noted_cries
from helpline.request import phone_lines, sealed_numbers
from helpline.request.model import State
from helpline.staff import contacts
from helpline.store import arrivals, exclusive, texts_out
from helpline.store.arrivals import Arrived
from helpline.store.engine import Database, Tx, Unavailable
from helpline.store.sql import new_id
from menus.keywords import Category, Keywords, Stop, Unclear

YES = "1"
"""The key that stops all calls, on the screens of `arrivals.ASKED_TO_STOP`."""
MOST_OPEN = 50
"""How many open requests a phone line keeps (R49). What is beyond is closed, and nobody is told."""
MANY = 20
"""From so many on, new requests have their telephones found together, and stops are applied in one go."""
AT_ONCE = 200
"""Rows that one transaction writes at most: a hop may wait to write."""
REMEMBERED = 50_000
"""Hashes that are remembered at most, for a job or a round of the clock."""


@dataclass(frozen=True, slots=True)
class WorkerStops:
    """Applies stops in a process that can open and hash numbers."""

    opening: Opening
    hashing: Hashing
    keywords: Keywords
    log: Callable[[str, str], None]
    hashed: dict[tuple[str, bytes | None], bytes] = field(default_factory=dict, repr=False)
    """What was opened before: the id of a row with its sealed content, and the keyed hash of its telephone."""

    def settle(self, tx: Tx, request: str) -> None:
        """Settle the telephone of a request."""
        known = sealed_numbers.telephone_of(tx, request)
        if known is None:
            return
        caller, line, sealed = known
        if caller is None and line is not None:
            exclusive.telephone(tx, line.encode())  # practice: it has a line and no telephone
        elif caller := caller or self._caller(request, sealed):
            self.settle_telephone(tx, caller)
        else:  # no key opens it: a line of its own
            sealed_numbers.join_line(tx, request, new_id().encode()[:16])

    def settle_row(self, tx: Tx, row: str, sealed: bytes | None) -> None:
        """Settle the telephone whose number is sealed in a row, if a key opens it."""
        if caller := self._caller(row, sealed):
            self.settle_telephone(tx, caller)

    def settle_telephone(self, tx: Tx, caller: bytes) -> None:
        """Find the line of each new request of a telephone, then apply every stop of it, by menu or by SMS.

        Until the transaction ends, no other one does anything about this telephone.
        """
        self._find_line(tx, caller)
        for arrived in arrivals.unread_stops(tx, caller):
            if self._caller(arrived.id, arrived.sealed) == caller:
                self._apply(tx, arrived, caller)

    def _find_line(self, tx: Tx, caller: bytes) -> None:
        """Lock a telephone, put its new requests on its line, and close what is too much there (R49)."""
        exclusive.telephone(tx, caller)
        line, is_shared = "", False
        for request, sealed, known in sealed_numbers.without_line(tx, caller):
            if (known or self._caller(request, sealed)) == caller:
                line, is_shared = sealed_numbers.join_line(tx, request, caller)
        for extra in phone_lines.beyond(tx, line, MOST_OPEN) if is_shared else ():
            ending.stop(tx, extra, State.CLOSED)

    def waiting(self, tx: Tx, requests: Iterable[str]) -> frozenset[str]:
        """Return those of the requests whose caller's stop is not yet read. Nothing is changed or locked.

        A list of many telephones hides them: a transaction settles one telephone only.
        """
        unread = {self._caller(each.id, each.sealed) for each in arrivals.unread_stops(tx)}
        return frozenset(id for id in requests if self._is_of(tx, id, unread)) if unread else frozenset()

    def _is_of(self, tx: Tx, request: str, callers: Collection[bytes | None]) -> bool:
        """Whether a request is of one of these telephones, or may be: no worker has found its line yet."""
        caller, line, _ = sealed_numbers.telephone_of(tx, request) or (None, "", b"")
        return line is None or (caller is not None and caller in callers)

    def apply(self, tx: Tx, stop: str) -> None:
        """Apply a stop that came in by menu, unless that was done before."""
        if arrived := arrivals.get(tx, stop):
            self.settle_row(tx, arrived.id, arrived.sealed)

    def find_telephones(self, db: Database) -> None:
        """Find the telephones of many new requests at once: else each of their transactions would open all of them.

        Without it they still do. So it may fail, and it writes few rows at a time: a hop may wait to write.
        """
        with suppress(Unavailable):
            with db.read() as tx:
                new = sealed_numbers.not_hashed(tx)
            if len(new) < MANY:
                return
            found = [(id, sealed, caller) for id, sealed in new if (caller := self._caller(id, sealed)) is not None]
            for at in range(0, len(found), AT_ONCE):
                with db.write() as tx:
                    sealed_numbers.set_callers(tx, found[at : at + AT_ONCE])

    def open_unread(self, db: Database) -> None:
        """Open the unread stops once, before a job settles telephones: settling one looks for its stops among all."""
        with suppress(Unavailable), db.read() as tx:
            for arrived in arrivals.unread(tx, Category.STOP):
                self._caller(arrived.id, arrived.sealed)

    def apply_many(self, db: Database, until: float) -> None:
        """Apply stops, if many wait, until an instant of the monotonic clock.

        Each is opened once: settling one telephone after the other would open all of them for each (R18).
        """
        with db.read() as tx:
            waiting = arrivals.unread(tx, Category.STOP)
        for arrived in waiting if len(waiting) >= MANY else ():
            if time.monotonic() >= until:
                return
            try:
                if caller := self._caller(arrived.id, arrived.sealed):
                    with db.write() as tx:
                        self._find_line(tx, caller)
                        self._apply(tx, arrived, caller)
            except Exception as error:  # noqa: BLE001  # it is done later by its row; the others must go on
                self.log("work_failed", f"stop:{type(error).__name__}")

    def forget(self) -> None:
        """Forget what was opened. A long-lived process must not remember a telephone whose number is erased (R34)."""
        self.hashed.clear()

    def _apply(self, tx: Tx, arrived: Arrived, caller: bytes) -> None:
        """Apply a stop by menu, or a text that waits to be read if it is a caller's STOP."""
        if arrived.kind == "stop":
            if arrivals.close(tx, arrived.id):
                self.pause(tx, caller, arrived.at)
            return
        content = self._open(arrived.id, arrived.sealed)
        sender, _, text = content.reveal().partition("\n") if content else ("", "", "")
        if arrived.category is Category.ORDER:
            self._apply_answer(tx, arrived, caller, text, is_staff=contacts.by_phone(tx, sender) is not None)
            return
        heard = self.keywords.caller(text)
        if not isinstance(heard, Stop | Unclear) or contacts.by_phone(tx, sender):
            return
        if arrivals.close(tx, arrived.id):
            self.pause(tx, caller, arrived.at, unclear=isinstance(heard, Unclear))

    def _apply_answer(self, tx: Tx, arrived: Arrived, caller: bytes, text: str, *, is_staff: bool) -> None:
        """Pause all requests of a telephone that is asked "stop all calls?" if an unread text says *yes*.

        The text stays unread: unlike STOP it has a reply, which it gets in its turn.
        """
        if not is_staff and self.keywords.answer(text) == YES:
            self._pause_requests(tx, caller, arrived.at)

    def pause(self, tx: Tx, caller: bytes, asked: datetime, *, unclear: bool = False) -> None:
        """Pause every open request of a telephone that existed when the stop was asked for.

        If the stop may be a cry as well, coordinators are alerted: at once if it has paused a request in danger (R18).

        Its SMS dialogue ends, and a reply that was not sent yet is not sent (R18). Only its language stays for an hour,
        for the answer to a text after the stop. A stop is read before older texts of the same telephone, so these must
        not be answered either: if any wait, only the time of the stop stays.
        """
        dialogue = conversations.dialogue_of(tx, caller)
        if dialogue:
            texts_out.void_of_dialogue(tx, dialogue.session)
            conversations.end_dialogue(tx, caller)
        if arrivals.others_wait(tx, asked):
            conversations.silence_before(tx, caller, asked)  # for a day: too long for a language to stay
        elif dialogue and dialogue.language:
            conversations.remember_language(tx, caller, dialogue.language)
        in_danger = self._pause_requests(tx, caller, asked)
        if unclear:
            noted_cries.note(tx, caller, at_once=in_danger)

    def _pause_requests(self, tx: Tx, caller: bytes, asked: datetime) -> bool:
        """Pause the open requests of a telephone from before an instant. Return whether one was in danger."""
        in_danger = False
        for request in phone_lines.of_caller(tx, caller):
            if request.created <= asked and request.state not in (State.PAUSED, State.FROZEN):
                in_danger |= ending.stop(tx, request, State.PAUSED) and request.risk == NOW
        return in_danger

    def _caller(self, row: str, sealed: bytes | None) -> bytes | None:
        """Return the keyed hash of the telephone that a row was sealed for, or None if no key opens it.

        It is remembered: opening takes longer than all else that is done with a row of another telephone.
        """
        known = self.hashed.get((row, sealed))
        if known is None and (content := self._open(row, sealed)):
            known = self.hashing.caller(msisdn(content.reveal().partition("\n")[0]))
            if len(self.hashed) >= REMEMBERED:
                self.hashed.clear()
            self.hashed[row, sealed] = known
        return known

    def _open(self, row: str, sealed: bytes | None) -> Hidden | None:
        """Open a sealed value. If no key fits, return None and log it; the row stays unread for a person to see."""
        try:
            return self.opening.open(row, sealed or b"")
        except CannotOpen:
            self.log("cannot_open", row)
            return None
