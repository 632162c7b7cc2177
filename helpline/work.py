"""Doing what is due: claim a row, act, finish in the effect's own transaction. May be cut off anywhere, run twice.

The rows are the truth; RQ's job is only "come and look", and the clock does the same work when nobody comes.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from helpline import audit, daily, ending, harm
from helpline.attending import Attending
from helpline.bridge import RING, UNTAKEN, Bridging, Ready
from helpline.calling import Calling
from helpline.changes import Changes
from helpline.claims import Claims
from helpline.coordinators import Coordinators
from helpline.erasure import Erasure
from helpline.expiry import Expiry
from helpline.following import Following
from helpline.offering import Offering
from helpline.outbox import Letter, Outgoing
from helpline.ports import Delivery, SendFailed
from helpline.referral import Referral
from helpline.silence import Silence
from helpline.store import audits, beats, inbox, messages, outbox
from helpline.store.database import Database
from helpline.store.messages import Message
from helpline.store.outbox import Due
from helpline.texts import Texts

SCRUB_AGAIN = timedelta(seconds=5)
PARK = timedelta(minutes=1)
"""A receipt that came before our own commit is looked at again after this, then ever more seldom, for a day."""


class LostLease(Exception):
    """Somebody else has this row by now: everything done for it is rolled back."""


@dataclass(frozen=True, slots=True)
class Work:
    """The worker's part of the domain. `now` is the service's clock; how long a drain lasts is real time."""

    db: Database
    referral: Referral
    texts: Texts
    outgoing: Outgoing
    bridging: Bridging
    erasure: Erasure
    now: Callable[[], datetime]
    log: Callable[[str, str], None]

    def drain(self, seconds: float = 2.0, rows: int = 200) -> int:
        """Do what is due, for about so many seconds or rows; give how many rows were done."""
        ends, done = time.monotonic() + seconds, 0
        while done < rows and time.monotonic() < ends and self.step():
            done += 1
        return done

    def step(self) -> bool:
        """Do the one row that has been due longest; false where nothing is due."""
        with self.db.write() as tx:
            due = outbox.claim(tx, self.now())
        if due is None:
            return False
        try:
            outside = {"send": self._send, RING: self._ring}
            outside.get(due.kind, self._act)(due)
        except LostLease:
            self.log("lease_lost", due.kind)
        except Exception as error:  # noqa: BLE001  # whatever one row does, the others must go on
            self._failed(due, error)
        return True

    def _act(self, due: Due) -> None:
        broken = self._broken_log() if due.kind == "head" else None
        with self.db.write() as tx:
            again = self._effect(tx, due, self.now(), broken)
            if not outbox.finish(tx, due, again):
                raise LostLease
        if due.kind == "sweep":
            self.db.learn()
        if due.kind in ("forget", "sweep", "scrub") and not self.db.scrub():
            with self.db.write() as tx:
                outbox.wake(tx, "scrub", "all", self.now() + SCRUB_AGAIN)

    def _broken_log(self) -> int | None:
        """Look through the whole log, before anything is held: it takes a second for each hundred thousand rows."""
        with self.db.read() as tx:
            broken = audits.broken_at(tx, self.referral.audit_key)
        if broken is not None:
            self.log("audit_log_broken", str(broken))
        return broken

    def _effect(self, tx: Connection, due: Due, now: datetime, broken: int | None = None) -> datetime | None:
        """Do the thing; give when to do it again, None where it is done. `broken`: a row of the audit log."""
        referral, erasure = self.referral, self.erasure
        silence, calling, coordinators = Silence(referral), Calling(referral), Coordinators(Claims(referral))
        attending, offering = Attending(referral), Offering(referral)
        practice = daily.Daily(self.texts.orders.drills)
        effects: Mapping[str, Callable[[], datetime | None]] = {
            "attend": lambda: attending.attend(tx, due.ref, now),
            "contact": lambda: Changes.of(referral).look(tx, due.ref, now),
            "listed": lambda: attending.directory_changed(tx, now),
            "next": lambda: referral.next_on_line(tx, due.ref, now),
            "lapse": lambda: offering.lapse(tx, due.ref, now),
            "silent": lambda: silence.look(tx, due.ref, now),
            "page": lambda: calling.page(tx, due.ref, due.attempt, now),
            "frozen": lambda: calling.frozen(tx, due.ref, now),
            "taken": lambda: coordinators.taken(tx, due.ref, now),
            "expire": lambda: Expiry(referral).expire(tx, due.ref, now),
            "stop": lambda: referral.lines.settle(tx, now),
            "sms": lambda: self._text(tx, due.ref, now),
            "receipt": lambda: self._receipt(tx, due, now),
            "follow": lambda: Following(self.texts.claims).follow(tx, due.ref, now),
            "harm": lambda: harm.said_by_her(tx, referral, due.ref, now),
            "forget": lambda: erasure.forget(tx, due.ref, now),
            "sweep": lambda: erasure.sweep(tx, now),
            "head": lambda: audit.tell_head(tx, referral.audit_key, referral.country, now, broken),
            daily.ALL: lambda: practice.round(tx, now),
            daily.ONE: lambda: practice.one(tx, due.ref, now),
            UNTAKEN: lambda: self.bridging.untaken(tx, due.ref),
            "scrub": lambda: None,
        }
        return effects[due.kind]()

    def _text(self, tx: Connection, id: str, now: datetime) -> None:
        arrived = inbox.get(tx, id)
        if arrived:
            self.texts.read(tx, arrived, now)

    def _receipt(self, tx: Connection, due: Due, now: datetime) -> datetime | None:
        arrived = inbox.get(tx, due.ref)
        if arrived is None:
            return None
        known = self.outgoing.receipt(tx, arrived.gateway_id, Delivery(arrived.status), now)
        if not known and now - arrived.at < timedelta(days=1):
            return now + max(PARK, now - arrived.at)
        inbox.close(tx, arrived.id, now)
        return None

    def _send(self, due: Due) -> None:
        """Compose in one transaction, send outside of any, settle in another."""
        ready = self._compose(due)
        if ready is None:
            return
        message, letter = ready
        try:
            gateway_id, error = self.outgoing.sender.send(letter.to, letter.text.reveal()), None
        except SendFailed as failure:
            gateway_id, error = "", failure
            self.log("send_failed", failure.reason.replace(" ", "_"))
        with self.db.write() as tx:
            now, again = self.now(), None
            if error is None:
                self.outgoing.settle(tx, message, gateway_id, now)
            else:
                again = self.outgoing.fail(tx, message, error, due.attempt, now)
            if not outbox.finish(tx, due, again):
                raise LostLease

    def _compose(self, due: Due) -> tuple[Message, Letter] | None:
        with self.db.write() as tx:
            now = self.now()
            message = messages.get(tx, due.ref)
            letter = None
            if message and message.to == "caller" and message.state is Delivery.SENDING:
                messages.advance(tx, message.id, Delivery.SENT, now)  # a worker died sending it; a second buzz can hurt
            elif message and messages.begin(tx, message.id, now):
                letter = self.outgoing.compose(tx, message, now)
                if letter is None:
                    self.outgoing.unsent(tx, message, now)
            elif message and message.state is Delivery.VOID and not message.attempts:
                ending.not_shown(tx, message)  # whoever took it back may not see which text held a number
            if message is None or letter is None:
                if not outbox.finish(tx, due):
                    raise LostLease
                return None
            return message, letter

    def _ring(self, due: Due) -> None:
        """Ring a service in the same steps. Where the answer is lost nothing is sealed, so nobody can be joined."""
        with self.db.write() as tx:
            ready = self.bridging.ready(tx, due.ref, self.now())
            if ready is None and not outbox.finish(tx, due):
                raise LostLease
        if ready is None:
            return
        session = self._rung(ready)
        with self.db.write() as tx:
            if session:
                self.bridging.rang(tx, ready, session, self.now())
            else:
                self.bridging.free(tx, ready.offer)
            if not outbox.finish(tx, due):
                raise LostLease

    def _rung(self, ready: Ready) -> str:
        """Give the session of the call; empty where it was not made, or nobody can tell."""
        trunk = self.bridging.trunk
        try:
            return self.bridging.ringer.ring(ready.to, trunk.number) if trunk else ""
        except SendFailed as failure:
            self.log("ring_failed", failure.reason.replace(" ", "_"))
            return ""

    def _failed(self, due: Due, error: Exception) -> None:
        """Give the row back with a back-off. Only the error's class is kept: its words may hold anything."""
        self.log("work_failed", f"{due.kind}:{type(error).__name__}")
        with self.db.write() as tx:
            if outbox.put_back(tx, due, self.now(), type(error).__name__):
                self.log("work_dead", due.kind)

    def due(self) -> tuple[int, float]:
        """Give how many rows are due, and for how many seconds the oldest has been."""
        with self.db.read() as tx:
            return outbox.backlog(tx, self.now())

    def beat(self, name: str) -> None:
        """Note that a process is alive, and that the regular sweep and the head of the log are in hand."""
        with self.db.write() as tx:
            beats.beats(tx, name, self.now())
            outbox.ensure(tx, "sweep", "all", self.now())
            outbox.ensure(tx, "head", "all", audit.next_time(self.now(), self.referral.country.zone))
            if (hour := self.referral.config.drill_hour) is not None:
                outbox.ensure(tx, daily.ALL, "all", daily.next_time(self.now(), self.referral.country.zone, hour))
