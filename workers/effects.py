"""Do what is due: claim a row, act, finish it in the transaction of the effect. May be cut off anywhere and run twice.

The rows are the truth. A job of RQ is only a wake-up, and the clock does the same work if no worker comes.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpline.casework import drills, escalated_requests, outcomes
from helpline.core.jobs import Job
from helpline.core.ports import Delivery, JobQueue
from helpline.directory.phone_changes import PhoneChanges
from helpline.messaging.inbound import Inbound
from helpline.messaging.outgoing import Outgoing
from helpline.messaging.sending import Sending
from helpline.operations import health
from helpline.operations.retention import Erasure
from helpline.referral import attend, escalation, harm_register, offer_next, pass_on, timeouts, waitlist
from helpline.referral.context import Context
from helpline.reveal.bridging import RING, UNTAKEN, Bridging, Ringing
from helpline.staff import audit_report
from helpline.store import arrivals, audit_log, outbox
from helpline.store.engine import Database, Tx
from helpline.store.outbox import Due, LostLease, finish_leased

WORK_SECONDS = 0.5
"""A job works for so long before it makes way for the next one."""
SCRUB_AGAIN = timedelta(seconds=5)
PARK = timedelta(minutes=1)
"""A receipt that came before our own commit is tried again after this, then ever more seldom, for a day."""


@dataclass(frozen=True, slots=True)
class Work:
    """The worker's part of the domain."""

    db: Database
    jobs: JobQueue
    ctx: Context
    inbound: Inbound
    outgoing: Outgoing
    bridging: Bridging
    erasure: Erasure
    now: Callable[[], datetime]
    """The clock of the service. How long a job works is measured in real time."""
    log: Callable[[str, str], None]

    def run(self, job: Job) -> None:
        """Do the due rows of a job for half a second at most, then wake the jobs that have more to do.

        These are the job itself, if rows are left, and the jobs of what its effects have written.
        """
        self.drain(job=job)
        for each, _ in self.due():
            self.jobs.wake(each)

    def drain(self, seconds: float = WORK_SECONDS, job: Job | None = None) -> int:
        """Do what is due, of a job or the most urgent first. Return how many rows were done."""
        ends, done = time.monotonic() + seconds, 0
        while time.monotonic() < ends and self.step(job):
            done += 1
        return done

    def step(self, job: Job | None = None) -> bool:
        """Do the next row that is due, if there is one. Return whether there was."""
        with self.db.write() as tx:
            due = outbox.claim(tx, job)
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
            again = self._effect(tx, due)
            finish_leased(tx, due, again)
        if due.kind == "sweep":
            self.db.analyze()
        if due.kind in ("forget", "sweep", "scrub") and not self.db.scrub():
            with self.db.write() as tx:
                outbox.wake(tx, "scrub", "all", self.now() + SCRUB_AGAIN)

    def _head(self, due: Due) -> None:
        """Look through the whole log before anything is held: it takes a second for each hundred thousand rows."""
        referral = self.ctx
        with self.db.read() as tx:
            broken = audit_log.broken_at(tx, referral.audit_key)
        if broken is not None:
            self.log("audit_log_broken", str(broken))
        with self.db.write() as tx:
            finish_leased(tx, due, audit_report.send_head(tx, referral.audit_key, referral.country, broken))

    def _effect(self, tx: Tx, due: Due) -> datetime | None:
        """Do the thing; give when to do it again, None where it is done."""
        referral, erasure = self.ctx, self.erasure
        effects: Mapping[str, Callable[[], datetime | None]] = {
            "attend": lambda: attend.attend(self.ctx, tx, due.ref),
            "contact": lambda: PhoneChanges.of(referral.config, referral.audit_key).look(tx, due.ref),
            "listed": lambda: attend.directory_changed(self.ctx, tx),
            "next": lambda: pass_on.next_on_line(tx, due.ref),
            "place": lambda: waitlist.offer_place(self.ctx, tx, due.ref),
            "waitlist": lambda: waitlist.look_for_room(self.ctx, tx, due.ref),
            "lapse": lambda: offer_next.lapse(self.ctx, tx, due.ref),
            "silent": lambda: timeouts.remind_or_release(self.ctx, tx, due.ref),
            "page": lambda: escalation.page(self.ctx, tx, due.ref, due.attempt),
            "frozen": lambda: escalation.call_about_frozen(self.ctx, tx, due.ref),
            "taken": lambda: escalated_requests.taken(self.ctx, tx, due.ref),
            "expire": lambda: timeouts.expire(self.ctx, tx, due.ref),
            "stop": lambda: referral.stops.settle(tx),
            "order": lambda: self._text(tx, due.ref),
            "sms": lambda: self._text(tx, due.ref),
            "receipt": lambda: self._receipt(tx, due),
            "follow": lambda: outcomes.follow_up(self.ctx, tx, due.ref),
            "harm": lambda: harm_register.said_by_her(tx, referral, due.ref),
            "forget": lambda: erasure.forget(tx, due.ref),
            "sweep": lambda: erasure.sweep(tx),
            drills.ALL: lambda: drills.start_daily_round(self.ctx, tx),
            drills.ONE: lambda: drills.run_daily_drill(self.inbound.orders.drills, tx, due.ref),
            UNTAKEN: lambda: self.bridging.untaken(tx, due.ref),
            "scrub": lambda: None,
        }
        return effects[due.kind]()

    def _text(self, tx: Tx, id: str) -> None:
        arrived = arrivals.get(tx, id)
        if arrived:
            self.inbound.read(tx, arrived)

    def _receipt(self, tx: Tx, due: Due) -> datetime | None:
        arrived = arrivals.get(tx, due.ref)
        if arrived is None:
            return None
        known = self.outgoing.receipt(tx, arrived.gateway_id, Delivery(arrived.status))
        if not known and tx.now - arrived.at < timedelta(days=1):
            return tx.now + max(PARK, tx.now - arrived.at)
        arrivals.close(tx, arrived.id)
        return None

    def _failed(self, due: Due, error: Exception) -> None:
        """Give the row back with a back-off. Only the error's class is kept: its words may hold anything."""
        self.log("work_failed", f"{due.kind}:{type(error).__name__}")
        with self.db.write() as tx:
            if outbox.put_back(tx, due, type(error).__name__):
                self.log("work_dead", due.kind)

    def due(self) -> list[tuple[Job, float]]:
        """Return the jobs that have due rows, the most urgent first, and for how many seconds the oldest is due."""
        with self.db.read() as tx:
            return outbox.jobs_due(tx)

    def beat(self, name: str) -> None:
        """Note that a process is alive, and that the regular sweep and the head of the log are in hand."""
        with self.db.write() as tx:
            health.record_heartbeat(tx, name)
            outbox.ensure(tx, "sweep", "all", self.now())
            outbox.ensure(tx, "head", "all", audit_report.next_head_at(self.now(), self.ctx.country.zone))
            if (hour := self.ctx.config.drill_hour) is not None:
                outbox.ensure(tx, drills.ALL, "all", drills.next_time(self.now(), self.ctx.country.zone, hour))
