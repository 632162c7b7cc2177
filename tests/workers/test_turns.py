"""A job goes on with what else is due, so that a few texts need no process of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from helpline.core.jobs import Job
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.store import outbox as rows
from helpline.store.schema import message
from tests.world import CALLER, World
from workers import turns

LONG = 90.0


@dataclass(slots=True)
class Rows:
    """The due rows of each job, of which `do` does one. Doing and pausing takes time."""

    left: dict[Job, int]
    stuck: frozenset[Job] = frozenset()
    """Jobs that can do nothing now."""
    later: dict[float, Job] = field(default_factory=dict)
    """Jobs that get a row at an instant."""
    at: float = 0.0
    done: list[Job] = field(default_factory=list)
    tried: list[Job] = field(default_factory=list)

    def due(self) -> Sequence[Job]:
        for at in [at for at in self.later if at <= self.at]:
            self.left[self.later.pop(at)] = 1
        return [job for job in Job if self.left.get(job)]

    def do(self, job: Job) -> int:
        self.at += 0.5
        self.tried.append(job)
        if job in self.stuck:
            return 0
        self.done.append(job)
        self.left[job] -= 1
        return 1

    def pause(self, seconds: float) -> None:
        self.at += seconds

    def go_on(self, seconds: float = LONG) -> frozenset[Job]:
        return turns.go_on(self.due, self.do, seconds, lambda: self.at, self.pause)


def rows_of(left: Mapping[Job, int], stuck: Sequence[Job] = ()) -> Rows:
    return Rows(dict(left), frozenset(stuck))


def test_each_ordinary_job_has_its_turn() -> None:
    """A flood of requests keeps no text waiting."""
    found = rows_of({Job.ATTEND_REQUESTS: 3, Job.SEND_MESSAGES: 1, Job.READ_MESSAGES: 2})
    assert found.go_on() == frozenset()
    requests, texts, reading = Job.ATTEND_REQUESTS, Job.SEND_MESSAGES, Job.READ_MESSAGES
    assert found.done == [requests, texts, reading, requests, reading, requests]


def test_urgent_jobs_go_first_however_often_they_were_done() -> None:
    found = rows_of({Job.SEND_MESSAGES: 2, Job.ATTEND_DANGER: 2})
    found.later[1.5] = Job.READ_URGENT
    found.go_on()
    assert found.done == [Job.ATTEND_DANGER, Job.ATTEND_DANGER, Job.SEND_MESSAGES, Job.READ_URGENT, Job.SEND_MESSAGES]


def test_it_ends_after_its_time() -> None:
    found = rows_of({Job.READ_MESSAGES: 99})
    found.go_on(2.0)
    assert len(found.done) == 4


def test_it_waits_a_moment_for_more_and_then_ends() -> None:
    found = rows_of({})
    found.later[turns.IDLE_SECONDS / 2] = Job.READ_MESSAGES
    found.go_on()
    assert found.done == [Job.READ_MESSAGES]
    assert found.at < 1.0


def test_jobs_of_the_lowest_queue_are_left_to_others() -> None:
    """Some take minutes."""
    found = rows_of(dict.fromkeys((Job.COUNT_MONTHS, Job.CHECK_AUDIT_LOG, Job.DELETE_DATA), 1))
    assert found.go_on() == frozenset()
    assert found.tried == []


def test_a_job_that_can_do_nothing_is_tried_again_only_after_a_pause() -> None:
    """Its texts may wait for one that another worker sends."""
    found = rows_of({Job.SEND_MESSAGES: 1, Job.READ_MESSAGES: 2}, stuck=[Job.SEND_MESSAGES])
    assert found.go_on() == {Job.SEND_MESSAGES}
    assert found.done == [Job.READ_MESSAGES] * 2
    assert found.tried.count(Job.SEND_MESSAGES) < 5


@pytest.mark.engines
def test_one_job_reads_a_text_answers_it_and_settles_the_answer(world: World) -> None:
    world.public.sms("at", IncomingSms("in1", msisdn(CALLER), Hidden("help")))
    replace(world.work, turn_seconds=LONG).run(Job.READ_MESSAGES)
    assert [to for to, _ in world.gateway.sent] == [CALLER]
    assert {row.state for row in world.rows(message)} == {"sent"}


def test_a_job_without_rows_ends_at_once(world: World) -> None:
    """It is one of the wake-ups that are left when another job has done everything."""
    with world.db.write() as tx:
        rows.wake(tx, "send", "one", tx.now)
    before = len(world.rows(message))
    replace(world.work, turn_seconds=LONG).run(Job.READ_MESSAGES)
    assert len(world.rows(message)) == before
    with world.db.write() as tx:
        assert rows.claim(tx, Job.SEND_MESSAGES) is not None
