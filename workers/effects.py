"""Do what is due: claim a row, act, finish it in the transaction of the effect. May be cut off anywhere and run twice.

The rows are the truth. A job of RQ is only a wake-up, and the clock does the same work if no worker comes.
"""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile

from helpline.casework import (
    drills,
    escalated_requests,
    genuine_offers,
    handover,
    next_contact,
    order_digits,
    outcomes,
    practice_case,
)
from helpline.core.jobs import KINDS, QUEUE_OF, SENDS, URGENCY, Job, Queue
from helpline.core.ports import Delivery, JobQueue, SendFailed
from helpline.directory.phone_changes import REDRAW, PhoneChanges
from helpline.messaging import sending
from helpline.messaging.inbound import Inbound
from helpline.messaging.outgoing import Outgoing
from helpline.operations import heartbeats
from helpline.operations.retention import Erasure
from helpline.oversight import published
from helpline.referral import (
    attend,
    closed_services,
    danger_alerts,
    ending,
    escalation,
    harm_register,
    pass_on,
    time_went_back,
    timeouts,
    waitlist,
)
from helpline.referral.context import Context
from helpline.request import reveals
from helpline.request.state_events import KIND, Event
from helpline.reveal.bridging import Bridging
from helpline.staff import audit_report, raid_lock
from helpline.store import arrivals, audit_log, backlogs, outbox
from helpline.store.engine import Database, Tx, is_open
from helpline.store.outbox import Claim, Due, LostLease, claim_nothing, finish_leased
from workers import side_by_side, turns
from workers.event_delivery import REST, deliver
from workers.gateway_questions import GatewayQuestions

WORK_SECONDS = 0.5
"""A job works for so long before it makes way for the next one."""
TOGETHER = frozenset({"order", "receipt", "sms"})
"""Rows of a flood, of which several are done in one transaction of SQLite: each commit waits for the disk."""
ATTENDS = frozenset({None, Job.ATTEND_DANGER, Job.ATTEND_REQUESTS})
STOPS = frozenset({None, Job.APPLY_STOPS, Job.READ_URGENT})
WAITS_FOR_OTHERS = SENDS | {Job.CALL_SERVICES} | set(KINDS[Queue.LOW])
"""Jobs with rows that may take seconds or minutes: not done by a job that waits for a slow gateway."""
SCRUB_AGAIN, SCRUB_EVERY = timedelta(seconds=5), timedelta(minutes=1)
PARK = timedelta(minutes=1)
"""A receipt that came before our own commit is tried again after this, then ever more seldom, for a day."""


@dataclass(frozen=True, slots=True)
class _Until:
    """Claims rows until an instant of the clock that nobody sets."""

    ends: float
    claim: Claim

    def is_over(self) -> bool:
        return time.monotonic() >= self.ends

    def __call__(self, tx: Tx) -> Due | None:
        return None if self.is_over() else self.claim(tx)


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
    questions: GatewayQuestions
    """What the clock asks gateways."""
    lanes: int = 1
    """How many texts it sends at once."""
    turn_seconds: float = 0.0
    """How long a job works in all, if it goes on with what else is due."""
    missing: Callable[[], None] = lambda: None
    """Logs what keeps the line closed."""
    beats: dict[str, datetime] = field(default_factory=dict)
    """The last heartbeat of each name that this process itself has recorded."""

    def run(self, job: Job) -> None:
        """Do the due rows of a job, then what else is due, and at last wake the jobs that have more to do.

        If all texts that are left wait for one that another worker sends, that worker wakes the job afterwards, or the
        clock does.
        """
        ends, vain = time.monotonic() + self.turn_seconds, frozenset[Job]()
        if not self._do_job(job):
            vain = frozenset({job})
        elif QUEUE_OF[job] is not Queue.LOW:
            vain = turns.go_on(lambda: [each for each, _ in self.due()], self._do_job, ends)
        for each, _ in self.due():
            if each not in vain & SENDS:
                self.jobs.wake(each)

    def _do_job(self, job: Job) -> int:
        """Do the due rows of a job for half a second at most. Return how many."""
        if job not in SENDS or self.lanes == 1:
            return self.drain(job=job)
        claim = partial(self._claim_some, job)
        return side_by_side.drain(claim, self._lane(job), WORK_SECONDS, self.lanes, self._while_slow)

    def drain(self, seconds: float = WORK_SECONDS, job: Job | None = None) -> int:
        """Do what is due, of a job or the most urgent first. Return how many rows were done.

        A flood of unread stops takes at most half the time of a job that attends to requests.
        """
        if job in ATTENDS:
            began = time.monotonic()
            self.inbound.dialogue.stops.open_unread(self.db)
            seconds = max(seconds, time.monotonic() - began)
        ends = time.monotonic() + seconds
        if job in STOPS:
            self.inbound.dialogue.stops.apply_many(self.db, ends - seconds / 2)  # the other texts have their turn
        if job in ATTENDS:
            self.inbound.dialogue.stops.find_telephones(self.db)
        done = self._do_all(partial(outbox.claim, job=job), ends)
        self.inbound.dialogue.stops.forget()
        return done

    def help(self, leaving_out: Collection[Job]) -> int:
        """Do what is due in place of workers that do not come, but nothing of some jobs. Return how many rows.

        It does not make way for what it leaves out, either: urgent texts may be due for minutes if a gateway is slow.
        """
        ends, done, without = time.monotonic() + WORK_SECONDS, 0, frozenset(leaving_out)
        while time.monotonic() < ends:
            works = (
                self._do_all(partial(outbox.claim, job=job, without=without), ends) for job in self._jobs_due(without)
            )
            if not (some := next(filter(None, works), 0)):
                break
            done += some
        self.inbound.dialogue.stops.forget()
        return done

    def step(self, job: Job | None = None) -> bool:
        """Do the next row that is due, if there is one. Return whether there was."""
        if due := self._claimed(partial(outbox.claim, job=job)):
            self.do(due)
        return due is not None

    def _do_all(self, claim: Claim, ends: float) -> int:
        """Do row after row until none is due, or until an instant. Return how many.

        The next row is claimed in the transaction that finishes one, because each commit waits for the disk.
        """

        claim_in_time = _Until(ends, claim)
        done, due = 0, self._claimed(claim_in_time)
        while due:
            due = self.do(due, claim_in_time)
            done += 1
        return done

    def _lane(self, job: Job) -> Callable[[Due], None]:
        """Return what does a row of a job that sends, and on SQLite the next ones, too."""
        ends = time.monotonic() + WORK_SECONDS
        together = self.db.engine.dialect.name == "sqlite"
        claim = _Until(ends, partial(self._claim_text, job)) if together else claim_nothing

        def do(due: Due | None) -> None:
            while due:
                due = self.do(due, claim, alone=False)

        return do

    def _claimed(self, claim: Claim) -> Due | None:
        if isinstance(claim, _Until) and claim.is_over():
            return None  # at the end of each half second all lanes would wait for the lock in vain
        with self.db.write() as tx:
            return claim(tx)

    def _claim_some(self, job: Job, most: int) -> list[Due]:
        with self.db.write() as tx:
            claimed = (self._claim_text(job, tx) for _ in range(most))
            return [due for due in takewhile(bool, claimed) if due]

    def _claim_text(self, job: Job, tx: Tx) -> Due | None:
        return outbox.claim(tx, job, closed=self.outgoing.in_flight.closed)

    def _while_slow(self, busy: int) -> list[Due]:
        """While a gateway is slow, do what else is due, then claim texts of other channels, the urgent ones first.

        It must delay neither them nor anything that no gateway is needed for. `busy`: how many texts are being sent.
        """
        slow = self.outgoing.in_flight.close_slow()
        if not slow:
            return []
        most = min(self.lanes - busy + slow, self.lanes * (1 + side_by_side.HANGING) - busy)
        self.help(WAITS_FOR_OTHERS)
        some = (self._claim_some(job, most) for job in sorted(SENDS, key=URGENCY.__getitem__) if most)
        return next(filter(None, some), [])

    def do(self, due: Due, claim: Claim = claim_nothing, *, alone: bool = True) -> Due | None:
        """Do a row that is claimed. Return the next one, which `claim` claims. It may run in a thread.

        If it is not `alone`, somebody else claims a next one where that needs a transaction of its own.
        """
        following = None
        try:
            if due.kind == sending.KIND:
                following = sending.send(self.db, self.outgoing, due, claim, self._failed)
            elif due.kind in LONG:
                LONG[due.kind](self, due)
            else:
                return self._act(due, claim)
        except Exception as error:  # noqa: BLE001  # whatever one row does, the others must go on
            self._failed(due, error)
        return following or (self._claimed(claim) if alone and claim is not claim_nothing else None)

    def _act(self, due: Due, claim: Claim) -> Due | None:
        """Do a row and finish it in the transaction of its effect. Return the next one, claimed there, too."""
        with self.db.write() as tx:
            self._finish(tx, due)
            following = claim(tx)
            if due.kind in TOGETHER and tx.dialect.name == "sqlite":
                following = self._act_together(tx, following, claim)
        try:
            self._tidy(due)
        except Exception as error:  # noqa: BLE001  # whatever it is, the next row is claimed and must be done
            self.log("work_failed", f"{due.kind}:{type(error).__name__}")
        return following

    def _tidy(self, due: Due) -> None:
        """Do what follows the commit of a row."""
        if due.kind == "sweep":
            self.db.analyze()
        if due.kind in ERASES:
            self._scrub(at_once=due.kind == "scrub" or self.db.engine.dialect.name == "sqlite")

    def _act_together(self, tx: Tx, due: Due | None, claim: Claim) -> Due | None:
        """Do more rows in the same transaction, while it has time. Return the first one that is left, claimed.

        One that fails is left, so that it fails in its own transaction. If a row ends this process, all of these are
        due at once again, and the first one, which was claimed before, after its lease. If SQLite has undone all of the
        transaction, as it may if the disk is full, this raises: then the first row has failed, too.
        """
        while due and due.kind in TOGETHER and tx.has_time():
            try:
                with tx.begin_nested():
                    self._finish(tx, due)
            except Exception:  # whatever it is, it is raised again when the row is done by itself
                if not is_open(tx):
                    raise
                return due
            due = claim(tx)
        return due

    def _finish(self, tx: Tx, due: Due) -> None:
        finish_leased(tx, due, EFFECTS[due.kind](self, tx, due))

    def _scrub(self, *, at_once: bool) -> None:
        """Remove deleted bytes from the database, or have it done within a minute: PostgreSQL reads whole tables.

        If it fails, it is tried again after a minute.
        """
        wait = SCRUB_EVERY
        try:
            if at_once:
                wait = timedelta() if self.db.scrub() else SCRUB_AGAIN
        finally:
            if wait:
                with self.db.write() as tx:
                    outbox.ensure(tx, "scrub", "all", tx.now + wait)

    def _failed(self, due: Due, error: Exception) -> None:
        """Put the row back with a back-off. Only the error's class is stored: its message may hold anything."""
        if isinstance(error, LostLease):
            self.log("lease_lost", due.kind)
            return
        self.log("work_failed", f"{due.kind}:{type(error).__name__}")
        with self.db.write() as tx:
            if outbox.put_back(tx, due, type(error).__name__):
                self.log("work_dead", due.kind)

    def due(self) -> list[tuple[Job, float]]:
        """Return the jobs that have due rows, the most urgent first, and for how many seconds the oldest is due."""
        with self.db.read() as tx:
            return backlogs.jobs_due(tx)

    def _jobs_due(self, without: Collection[Job]) -> list[Job]:
        return [job for job, _ in self.due() if job not in without]

    def is_sure(self) -> bool:
        """Whether the machine's clock is beyond doubt."""
        return self.db.is_sure()

    def begin(self) -> None:
        """Settle the offers and claims of before a change of the software or of the contact key."""
        with self.db.write() as tx:
            genuine_offers.settle(self.ctx, tx)

    def note_missing(self) -> None:
        """Log what keeps the line closed to callers."""
        self.missing()

    def ask_gateways(self) -> None:
        """Ask for receipts and balances where a gateway does not report them itself."""
        self.questions.ask()

    def beat(self, name: str) -> None:
        """Record a heartbeat, and make sure that every due row has a job, and sweep, log check and drills have rows."""
        with self.db.write() as tx:
            stored = heartbeats.record_heartbeat(tx, name)
            if tx.sure:
                heartbeats.record_heartbeat(tx, heartbeats.SURE)
            before = self.beats.get(name, stored)  # later, the stored one may be of another host, whose clock differs
            if before and before - tx.now > time_went_back.AHEAD:
                time_went_back.look_again(self.ctx, tx)
            outbox.sort_misplaced(tx)
            outbox.ensure(tx, "sweep", "all", self.now())
            outbox.ensure(tx, "head", "all", audit_report.next_head_at(self.now(), self.ctx.country.zone))
            if (hour := self.ctx.config.drill_hour) is not None:
                outbox.ensure(tx, drills.ALL, "all", drills.next_time(self.now(), self.ctx.country.zone, hour))
        self.beats[name] = tx.now


def read_text(work: Work, tx: Tx, due: Due) -> None:
    """Read an inbound text and do what it says."""
    arrived = arrivals.get(tx, due.ref)
    if arrived:
        work.inbound.read(tx, arrived)


def record_receipt(work: Work, tx: Tx, due: Due) -> datetime | None:
    """Apply a delivery receipt. Return when to try again if the text that it is about is not known yet."""
    arrived = arrivals.get(tx, due.ref)
    if arrived is None:
        return None
    known = work.outgoing.receipt(tx, arrived.gateway_id, Delivery(arrived.status))
    if not known and tx.now - arrived.at < timedelta(days=1):
        return tx.now + max(PARK, tx.now - arrived.at)
    if not known:
        work.outgoing.ctx.log("receipt_unknown", arrived.id)
    arrivals.close(tx, arrived.id)
    return None


def apply_phone_change(work: Work, tx: Tx, due: Due) -> datetime | None:
    """Apply an agreed change of a telephone once its waiting time is over."""
    return PhoneChanges.of(work.ctx.config, work.ctx.audit_key).look(tx, due.ref)


def forget(work: Work, tx: Tx, due: Due) -> None:
    """Erase the number of a request that has ended."""
    work.erasure.forget(tx, due.ref)


def sweep(work: Work, tx: Tx, _: Due) -> datetime:
    """Settle what is not genuine, erase everything whose time is over, and return when to do so again."""
    genuine_offers.settle(work.ctx, tx)
    return work.erasure.sweep(tx)


def directory_changed(work: Work, tx: Tx, _: Due) -> None:
    """Settle what waited for genuine contacts, and look who can be helped by the directory as it is now."""
    genuine_offers.settle(work.ctx, tx)
    closed_services.pass_on_what_they_hold(work.ctx, tx)
    attend.directory_changed(work.ctx, tx)


EFFECTS: Mapping[str, Callable[[Work, Tx, Due], datetime | None]] = {
    ending.REMIND: lambda _, tx, due: next_contact.remind(tx, due.ref),
    "attend": lambda work, tx, due: attend.attend(work.ctx, tx, due.ref),
    "contact": apply_phone_change,
    "cries": lambda work, tx, _: danger_alerts.digest(work.ctx, tx),
    "cry": lambda work, tx, due: danger_alerts.alert(work.ctx, tx, due.ref),
    "drill": lambda work, tx, due: drills.run_daily_drill(work.inbound.orders.drills, tx, due.ref),
    "practise": lambda work, tx, due: practice_case.make(work.inbound.orders.drills, tx, due.ref),
    "drills": lambda work, tx, _: drills.start_daily_round(work.ctx, tx),
    "expire": lambda work, tx, due: timeouts.expire(work.ctx, tx, due.ref),
    "follow": lambda work, tx, due: outcomes.follow_up(work.ctx, tx, due.ref),
    "forget": forget,
    "frozen": lambda work, tx, due: escalation.call_about_frozen(work.ctx, tx, due.ref),
    "guessing": lambda work, tx, _: escalation.report_guessing(work.ctx, tx),
    "harm": lambda work, tx, due: harm_register.add_from_caller(work.ctx, tx, due.ref),
    "lapse": lambda work, tx, due: handover.lapse(work.ctx, tx, due.ref),
    "listed": directory_changed,
    "next": lambda work, tx, due: pass_on.next_on_line(work.ctx, tx, due.ref),
    "order": read_text,
    "page": lambda work, tx, due: escalation.page(work.ctx, tx, due.ref, due.attempt),
    "place": lambda work, tx, due: waitlist.offer_place(work.ctx, tx, due.ref),
    "receipt": record_receipt,
    REDRAW: lambda work, tx, due: order_digits.after_loss(work.ctx, tx, due.ref),
    "scrub": lambda _work, _tx, _due: None,
    "silent": lambda work, tx, due: timeouts.remind_or_release(work.ctx, tx, due.ref),
    "sms": read_text,
    "stop": lambda work, tx, due: work.inbound.dialogue.stops.apply(tx, due.ref),
    "sweep": sweep,
    "taken": lambda work, tx, due: escalated_requests.send_card(work.ctx, tx, due.ref),
    raid_lock.END: lambda work, tx, _: raid_lock.end(tx, work.ctx.audit_key, work.ctx.country.code),
    "tell": lambda _, tx, due: ending.tell(tx, due.ref),
    "untaken": lambda work, tx, due: work.bridging.untaken(tx, due.ref),
    "waitlist": lambda work, tx, due: waitlist.look_for_room(work.ctx, tx, due.ref),
}
"""What is done for each kind of outbox row, in one transaction. It returns when the row is due again, None if never."""

ERASES = frozenset({"forget", "scrub", "sweep"})
"""After these, deleted bytes are removed from the write-ahead log of the database."""


def call_service(work: Work, due: Due) -> None:
    """Call a service that asked to be joined to a caller."""
    work.bridging.call_service(work.db, due)


def count_month(work: Work, due: Due) -> None:
    """Count a month that is over, then look what may be deleted now."""
    published.count_month(work.db, due.ref, work.ctx.country.region_of)
    with work.db.write() as tx:
        outbox.wake(tx, "sweep", "all", tx.now)
        finish_leased(tx, due)


def check_audit_log(work: Work, due: Due) -> None:
    """Check the audit log and send its head to coordinators.

    The check takes a second for each hundred thousand rows, so it holds no lock.
    """
    with work.db.snapshot() as tx:
        broken = audit_log.broken_at(tx, work.ctx.audit_key, audit_report.first_to_check(tx))
        without = reveals.not_logged(tx)
    if broken is not None:
        work.log("audit_log_broken", str(broken))
    for request in without:
        work.log("number_not_logged", request)
    with work.db.write() as tx:
        again = audit_report.send_head(tx, work.ctx.audit_key, work.ctx.country, broken)
        finish_leased(tx, due, again)


def send_event(work: Work, due: Due) -> None:
    """Send an event to an NGO's own system. If it is not taken, all events wait."""
    again = None
    try:
        if not deliver(work.ctx.config, Event.of(due.ref), work.now()):
            work.log("event_given_up", due.kind)
    except SendFailed as error:
        work.log("event_not_taken", error.reason.replace(" ", "_"))
        again = work.now() + REST
    with work.db.write() as tx:
        if again:
            outbox.postpone(tx, due.kind, again)
        finish_leased(tx, due, again)


LONG: Mapping[str, Callable[[Work, Due], None]] = {
    "bridge": call_service,
    KIND: send_event,
    "head": check_audit_log,
    "month": count_month,
}
"""What takes more than one transaction: no lock is held while the work waits for a gateway or reads a whole table."""
