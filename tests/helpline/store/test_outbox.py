"""The outbox: which queue a row is in, which row a job claims next, and how a migration assigns queues."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from helpline.core.job_queue import COUNT_SECONDS
from helpline.core.jobs import JOB_OF, Job, Queue
from helpline.store import backlogs, migrate, outbox
from helpline.store.connection import connect
from helpline.store.engine import Database, Tx
from helpline.store.schema import inbox
from helpline.store.schema import outbox as outbox_table
from tests.conftest import Databases
from tests.others import until

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WAITING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


@pytest.fixture
def tx(db: Database) -> Iterator[Tx]:
    """A transaction at noon."""
    with db.write(NOON) as tx:
        yield tx


def wake(tx: Tx, kind: str, ref: str, seconds: int, queue: Queue = Queue.DEFAULT) -> None:
    """Make a row that has been due for that many seconds."""
    outbox.wake(tx, kind, ref, NOON - seconds * SECOND, queue)


def claimed(tx: Tx, job: Job | None = None) -> list[str]:
    """Claim rows until there are none. Return their references."""
    return [due.ref for due in iter(lambda: outbox.claim(tx, job), None)]


def test_a_job_claims_rows_of_its_kind_and_queue_longest_due_first(tx: Tx) -> None:
    wake(tx, "send", "third", 1)
    wake(tx, "send", "first", 9)
    wake(tx, "send", "second", 5)
    wake(tx, "send", "not yet", -1)
    wake(tx, "sms", "another kind", 99)
    wake(tx, "send", "another queue", 99, Queue.LOW)
    assert claimed(tx, Job.SEND_MESSAGES) == ["first", "second", "third"]


@pytest.mark.parametrize("job", [Job.SEND_MESSAGES, Job.SEND_LOW])
def test_a_job_stops_while_rows_of_a_more_urgent_queue_are_due(tx: Tx, job: Job) -> None:
    wake(tx, "send", "default", 9)
    wake(tx, "send", "low", 9, Queue.LOW)
    wake(tx, "send", "urgent", 1, Queue.URGENT)
    assert claimed(tx, job) == []
    assert claimed(tx, Job.SEND_URGENT) == ["urgent"]
    assert claimed(tx, Job.SEND_LOW) == []
    assert claimed(tx, Job.SEND_MESSAGES) == ["default"]
    assert claimed(tx, Job.SEND_LOW) == ["low"]


def test_without_a_job_rows_come_by_queue_then_longest_due_first(tx: Tx) -> None:
    wake(tx, "forget", "e", 99)
    wake(tx, "send", "d", 1)
    wake(tx, "sms", "c", 50)
    wake(tx, "stop", "b", 1)
    wake(tx, "attend", "a", 2, Queue.URGENT)
    assert claimed(tx) == ["a", "b", "c", "d", "e"]


def test_a_dead_workers_row_is_claimed_again_after_its_lease(tx: Tx) -> None:
    wake(tx, "send", "held", 1)
    assert claimed(tx, Job.SEND_MESSAGES) == ["held"]
    later = tx.at(NOON + outbox.LEASE + SECOND)
    assert backlogs.jobs_due(later) == [(Job.SEND_MESSAGES, 62.0)]
    assert claimed(later, Job.SEND_MESSAGES) == ["held"]


def test_a_month_that_is_being_counted_is_not_counted_by_another_worker(tx: Tx) -> None:
    """Counting a million requests takes longer than any other row. It stays claimed for longer than its job may take."""
    wake(tx, "month", "2026-11", 1)
    assert claimed(tx, Job.COUNT_MONTHS) == ["2026-11"]
    assert claimed(tx.at(NOON + timedelta(seconds=COUNT_SECONDS)), Job.COUNT_MONTHS) == []
    assert claimed(tx.at(NOON + outbox.LONG_LEASE + SECOND), Job.COUNT_MONTHS) == ["2026-11"]


def test_a_request_in_the_hands_of_a_lost_worker_is_attended_to_within_fifteen_seconds(tx: Tx) -> None:
    """Its text is not: it may be at the gateway."""
    wake(tx, "attend", "held", 1)
    wake(tx, "send", "text", 1)
    assert claimed(tx, Job.ATTEND_REQUESTS) == ["held"]
    assert claimed(tx, Job.SEND_MESSAGES) == ["text"]
    later = tx.at(NOON + timedelta(seconds=14))
    assert claimed(later, Job.ATTEND_REQUESTS) == ["held"]
    assert claimed(later, Job.SEND_MESSAGES) == []


def texts(tx: Tx, recipient: str, *refs: str, queue: Queue = Queue.DEFAULT) -> None:
    """Make texts to a recipient that are due, each later than the one before."""
    for seconds, ref in enumerate(refs):
        outbox.wake(tx, "send", ref, NOON - (30 - seconds) * SECOND, queue, recipient)


def test_a_text_waits_until_the_earlier_one_to_its_recipient_has_left(tx: Tx) -> None:
    texts(tx, "one", "a", "b")
    texts(tx, "another", "c")
    first = outbox.claim(tx, Job.SEND_MESSAGES)
    assert first is not None
    assert [first.ref, *claimed(tx, Job.SEND_MESSAGES)] == ["a", "c"]
    outbox.finish(tx, first)
    assert claimed(tx, Job.SEND_MESSAGES) == ["b"]


def test_a_text_that_is_tried_again_later_delays_no_other(tx: Tx) -> None:
    texts(tx, "one", "a", "b")
    first = outbox.claim(tx, Job.SEND_MESSAGES)
    assert first is not None
    outbox.finish(tx, first, NOON + SECOND)
    assert claimed(tx, Job.SEND_MESSAGES) == ["b"]


def test_an_urgent_text_waits_for_one_on_its_way_and_not_for_ordinary_ones_that_wait(tx: Tx) -> None:
    texts(tx, "one", "ordinary", "waits")
    ordinary = outbox.claim(tx, Job.SEND_MESSAGES)
    assert ordinary is not None
    texts(tx, "one", "danger", queue=Queue.URGENT)
    wake(tx, "attend", "request", 1)
    assert claimed(tx, Job.SEND_URGENT) == []
    assert claimed(tx, Job.ATTEND_REQUESTS) == ["request"]  # it makes no way for a text that nobody can send now
    outbox.finish(tx, ordinary)
    assert claimed(tx, Job.SEND_URGENT) == ["danger"]


@pytest.mark.parametrize(("job", "queue"), [(Job.SEND_MESSAGES, Queue.DEFAULT), (Job.SEND_LOW, Queue.LOW)])
def test_an_urgent_text_goes_before_late_ordinary_ones_to_its_recipient(tx: Tx, job: Job, queue: Queue) -> None:
    """They make no way for other urgent rows. A worker that claims the next one at once would hold danger up."""
    for ref, recipient in (("first", "one"), ("second", "one"), ("third", "another")):
        outbox.wake(tx, "send", ref, NOON - timedelta(hours=1), queue, recipient)
    first = outbox.claim(tx, job)
    assert first is not None
    texts(tx, "one", "danger", queue=Queue.URGENT)
    outbox.finish(tx, first)
    assert [first.ref, *claimed(tx, job)] == ["first", "third"]
    danger = outbox.claim(tx, Job.SEND_URGENT)
    assert danger is not None
    outbox.finish(tx, danger)
    assert [danger.ref, *claimed(tx, job)] == ["danger", "second"]


@pytest.mark.parametrize("queue", [Queue.DEFAULT, Queue.URGENT])
def test_the_texts_of_a_worker_that_died_delay_others_for_seconds(tx: Tx, queue: Queue) -> None:
    """Its own text waits for the whole lease, since the gateway may have it."""
    job = JOB_OF[queue, "send"]
    texts(tx, "one", "a", "b", queue=queue)
    assert claimed(tx, job) == ["a"]
    assert claimed(tx.at(NOON + timedelta(seconds=14)), job) == []
    assert claimed(tx.at(NOON + timedelta(seconds=16)), job) == ["b"]
    assert claimed(tx.at(NOON + timedelta(seconds=61)), job) == ["a"]


@pytest.mark.postgres
def test_a_text_waits_also_for_one_that_another_worker_claims_at_this_instant(new_postgres: Databases) -> None:
    """Its claim is not committed yet, so nobody else sees it."""
    db = new_postgres()
    with db.write(NOON) as tx:
        texts(tx, "one", "a", "b")
        texts(tx, "another", "c")

    def claim_all() -> list[str]:
        with db.write(NOON) as tx:
            return claimed(tx, Job.SEND_MESSAGES)

    def waits() -> bool:
        with db.read() as tx:
            return bool(tx.exec_driver_sql(WAITING).scalar())

    with ThreadPoolExecutor(1) as elsewhere:
        with db.write(NOON) as tx:
            first = outbox.claim(tx, Job.SEND_MESSAGES)
            others = elsewhere.submit(claim_all)
            until(lambda: others.done() or waits(), "the other worker")
        assert first is not None
        assert [first.ref, *others.result()] == ["a", "c"]


def test_a_row_woken_again_is_on_the_queue_of_the_last_wake_up(tx: Tx) -> None:
    wake(tx, "attend", "request", 9)
    wake(tx, "attend", "request", 1, Queue.URGENT)
    assert backlogs.jobs_due(tx) == [(Job.ATTEND_DANGER, 1.0)]


def test_jobs_with_due_rows_are_listed_most_urgent_first(tx: Tx) -> None:
    assert backlogs.jobs_due(tx) == []
    wake(tx, "forget", "x", 99)
    wake(tx, "lapse", "x", 5)
    wake(tx, "page", "x", 7)
    wake(tx, "send", "x", 0, Queue.URGENT)
    wake(tx, "send", "y", -1)
    assert backlogs.jobs_due(tx) == [(Job.SEND_URGENT, 0.0), (Job.ESCALATE_REQUESTS, 7.0), (Job.DELETE_DATA, 99.0)]
    assert backlogs.of_queues(tx) == {
        Queue.URGENT: backlogs.Backlog(1, 0.0), Queue.DEFAULT: backlogs.Backlog(2, 7.0), Queue.LOW: backlogs.Backlog(1, 99.0),
    }  # fmt: skip
    assert backlogs.backlog(tx) == backlogs.Backlog(4, 99.0)


def test_a_commit_wakes_the_jobs_of_its_due_rows(db: Database) -> None:
    class Jobs:
        woken: list[Job] = []  # noqa: RUF012  # of this test alone

        def wake(self, job: Job) -> bool:
            self.woken.append(job)
            return True

    jobs = Jobs()
    waking = db.waking(jobs)
    with waking.write(NOON) as tx:
        wake(tx, "send", "later", -1)
        wake(tx, "forget", "now", 0)
        wake(tx, "attend", "now", 0, Queue.URGENT)
        assert jobs.woken == []
    assert jobs.woken == [Job.ATTEND_DANGER, Job.DELETE_DATA]
    with suppress(ZeroDivisionError), waking.write(NOON) as tx:
        wake(tx, "send", "rolled back", 0)
        raise ZeroDivisionError
    assert jobs.woken == [Job.ATTEND_DANGER, Job.DELETE_DATA]


def test_the_migration_assigns_queues_to_older_rows(tmp_path: Path) -> None:
    """Unread texts come first, since any of them may be a stop that was not classified."""
    db = connect(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    config = migrate._config()
    with db.write() as tx:
        config.attributes["connection"] = tx.connection
        command.upgrade(config, "0019")
        for kind in ("sms", "receipt", "attend", "head", "send", "stop"):
            tx.execute(
                sa.text("insert into outbox (kind, ref, dedupe, due, state, attempts, failures) "
                        "values (:kind, 'x', :kind, 0, 'ready', 0, 0)"), {"kind": kind},
            )  # fmt: skip
        for id, kind, done in (("text", "sms", None), ("read", "sms", 1), ("receipt", "receipt", None)):
            tx.execute(
                sa.text("insert into inbox (id, kind, gateway_id, status, at, done) values (:id, :kind, :id, '', 0, :done)"),
                {"id": id, "kind": kind, "done": done},
            )  # fmt: skip
    migrate.upgrade(db)
    with db.read() as tx:
        queues = dict(tx.execute(sa.select(outbox_table.c.kind, outbox_table.c.queue)).all())
        categories = dict(tx.execute(sa.select(inbox.c.id, inbox.c.category)).all())
    db.dispose()
    assert queues == {
        "sms": "urgent", "stop": "urgent", "receipt": "default", "attend": "default", "send": "default", "head": "low",
    }  # fmt: skip
    assert categories == {"text": "stop", "read": "other", "receipt": "other"}


@pytest.mark.parametrize(("job", "ref", "minutes"), [(Job.SEND_MESSAGES, "default", 5), (Job.SEND_LOW, "low", 30)])
def test_a_row_that_waited_too_long_makes_way_no_longer(tx: Tx, job: Job, ref: str, minutes: int) -> None:
    """A flood of urgent rows delays offers and erasure, and does not stop them."""
    wake(tx, "send", "urgent", 1, Queue.URGENT)
    wake(tx, "send", "default", 5 * 60, Queue.DEFAULT)
    wake(tx, "send", "low", 30 * 60, Queue.LOW)
    wake(tx, "send", "early", minutes * 60 - 1, Queue(ref))
    assert claimed(tx, job) == [ref]


def test_a_row_on_a_queue_without_a_job_for_it_gets_one(tx: Tx) -> None:
    """A process from before the queues writes each row on the default queue."""
    wake(tx, "stop", "stop", 9)
    wake(tx, "send", "right", 9)
    tx.execute(sa.update(outbox_table).values(queue="default"))
    assert [job for job, _ in backlogs.jobs_due(tx)] == [Job.SEND_MESSAGES]
    assert outbox.sort_misplaced(tx) == 1
    assert [job for job, _ in backlogs.jobs_due(tx)] == [Job.APPLY_STOPS, Job.SEND_MESSAGES]
    assert outbox.sort_misplaced(tx) == 0


def test_a_row_that_only_a_newer_version_knows_keeps_nobody_from_working(tx: Tx) -> None:
    """After an update was taken back. The row waits."""
    wake(tx, "send", "right", 9)
    wake(tx, "stop", "stop", 9)
    tx.execute(sa.update(outbox_table).where(outbox_table.c.ref == "stop").values(kind="of the future"))
    assert outbox.sort_misplaced(tx) == 0
    assert [job for job, _ in backlogs.jobs_due(tx)] == [Job.SEND_MESSAGES]
