"""Doing what is due: claim a row, act, finish in the effect's own transaction. May be cut off anywhere, run twice.

The rows are the truth; RQ's job is only "come and look", and the clock does the same work when nobody comes.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from helpline.caller.sms_dialogue import Texts
from helpline.casework import drills
from helpline.casework.claims import Claims
from helpline.casework.escalated_requests import Coordinators
from helpline.casework.outcomes import Following
from helpline.core.ports import Delivery
from helpline.directory.phone_changes import Changes
from helpline.messaging.outgoing import Outgoing
from helpline.messaging.sending import Sending
from helpline.operations import health
from helpline.operations.retention import Erasure
from helpline.referral import harm_register
from helpline.referral.attend import Attending
from helpline.referral.escalation import Calling
from helpline.referral.offer_next import Offering
from helpline.referral.referral import Referral
from helpline.referral.timeouts import Expiry, Silence
from helpline.referral.waitlist import Waitlist
from helpline.reveal.bridging import RING, UNTAKEN, Bridging, Ringing
from helpline.staff import audit_report
from helpline.store import arrivals, audit_log, outbox
from helpline.store.engine import Database
from helpline.store.outbox import Due, LostLease, finish_leased

SCRUB_AGAIN = timedelta(seconds=5)
PARK = timedelta(minutes=1)
"""A receipt that came before our own commit is looked at again after this, then ever more seldom, for a day."""


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
            self._alone.get(due.kind, self._act)(due)
        except LostLease:
            self.log("lease_lost", due.kind)
        except Exception as error:  # noqa: BLE001  # whatever one row does, the others must go on
            self._failed(due, error)
        return True

    @property
    def _alone(self) -> Mapping[str, Callable[[Due], None]]:
        """Give what takes more than one transaction: none is open while a gateway is waited for, or the log is read."""
        sending = Sending(self.db, self.outgoing, self.now, self.log)
        ringing = Ringing(self.db, self.bridging, self.now, self.log)
        return {"send": sending.send, RING: ringing.ring, "head": self._head}

    def _act(self, due: Due) -> None:
        with self.db.write() as tx:
            again = self._effect(tx, due, self.now())
            finish_leased(tx, due, again)
        if due.kind == "sweep":
            self.db.learn()
        if due.kind in ("forget", "sweep", "scrub") and not self.db.scrub():
            with self.db.write() as tx:
                outbox.wake(tx, "scrub", "all", self.now() + SCRUB_AGAIN)

    def _head(self, due: Due) -> None:
        """Look through the whole log before anything is held: it takes a second for each hundred thousand rows."""
        referral = self.referral
        with self.db.read() as tx:
            broken = audit_log.broken_at(tx, referral.audit_key)
        if broken is not None:
            self.log("audit_log_broken", str(broken))
        with self.db.write() as tx:
            finish_leased(tx, due, audit_report.tell_head(tx, referral.audit_key, referral.country, self.now(), broken))

    def _effect(self, tx: Connection, due: Due, now: datetime) -> datetime | None:
        """Do the thing; give when to do it again, None where it is done."""
        referral, erasure = self.referral, self.erasure
        silence, calling, coordinators = Silence(referral), Calling(referral), Coordinators(Claims(referral))
        attending, offering = Attending(referral), Offering(referral)
        practice = drills.Daily(self.texts.orders.drills)
        effects: Mapping[str, Callable[[], datetime | None]] = {
            "attend": lambda: attending.attend(tx, due.ref, now),
            "contact": lambda: Changes.of(referral).look(tx, due.ref, now),
            "listed": lambda: attending.directory_changed(tx, now),
            "next": lambda: referral.next_on_line(tx, due.ref, now),
            "place": lambda: Waitlist(attending).place(tx, due.ref, now),
            "waitlist": lambda: Waitlist(attending).look(tx, due.ref, now),
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
            "harm": lambda: harm_register.said_by_her(tx, referral, due.ref, now),
            "forget": lambda: erasure.forget(tx, due.ref, now),
            "sweep": lambda: erasure.sweep(tx, now),
            drills.ALL: lambda: practice.round(tx, now),
            drills.ONE: lambda: practice.one(tx, due.ref, now),
            UNTAKEN: lambda: self.bridging.untaken(tx, due.ref),
            "scrub": lambda: None,
        }
        return effects[due.kind]()

    def _text(self, tx: Connection, id: str, now: datetime) -> None:
        arrived = arrivals.get(tx, id)
        if arrived:
            self.texts.read(tx, arrived, now)

    def _receipt(self, tx: Connection, due: Due, now: datetime) -> datetime | None:
        arrived = arrivals.get(tx, due.ref)
        if arrived is None:
            return None
        known = self.outgoing.receipt(tx, arrived.gateway_id, Delivery(arrived.status), now)
        if not known and now - arrived.at < timedelta(days=1):
            return now + max(PARK, now - arrived.at)
        arrivals.close(tx, arrived.id, now)
        return None

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
            health.beats(tx, name, self.now())
            outbox.ensure(tx, "sweep", "all", self.now())
            outbox.ensure(tx, "head", "all", audit_report.next_time(self.now(), self.referral.country.zone))
            if (hour := self.referral.config.drill_hour) is not None:
                outbox.ensure(tx, drills.ALL, "all", drills.next_time(self.now(), self.referral.country.zone, hour))
