"""The thread that asks for jobs: a commit waits for no queue, and many wake-ups are one question."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from helpline.core.jobs import Job
from helpline.core.wake_ups import JOIN_SECONDS, WakeUps
from tests.others import until


@dataclass
class Asked:
    """A queue that notes what it is asked for, and answers once it may."""

    jobs: list[Job] = field(default_factory=list)
    answers: threading.Event = field(default_factory=threading.Event)

    def wake(self, job: Job) -> bool:
        self.jobs.append(job)
        return self.answers.wait(30)

    def has_more_than(self, job: Job, times: int) -> bool:
        return self.jobs.count(job) > times


def test_a_wake_up_returns_while_the_queue_hangs() -> None:
    """Otherwise the caller whose request was just stored would wait for it."""
    queue = Asked()
    wake_ups = WakeUps(queue)
    wake_ups.start()
    wake_ups.wake(Job.ATTEND_REQUESTS)
    until(lambda: queue.jobs, "the question")
    wake_ups.wake(Job.READ_MESSAGES)
    assert queue.jobs == [Job.ATTEND_REQUESTS]
    queue.answers.set()
    until(lambda: len(queue.jobs) == 2, "the next question")
    assert queue.jobs == [Job.ATTEND_REQUESTS, Job.READ_MESSAGES]


def test_wake_ups_while_the_thread_rests_are_one_question_for_each_job() -> None:
    queue, rested = Asked(), list[float]()

    def rest(seconds: float) -> None:
        """Rest as long as a burst of wake-ups takes."""
        rested.append(seconds)
        for _ in range(500) if len(rested) == 1 else ():
            for job in (Job.READ_MESSAGES, Job.READ_URGENT, Job.RECORD_RECEIPTS):
                wake_ups.wake(job)

    queue.answers.set()
    wake_ups = WakeUps(queue, rest)
    wake_ups.start()
    wake_ups.wake(Job.READ_MESSAGES)
    until(lambda: len(rested) == 2, "two rounds")
    assert queue.jobs == [Job.READ_MESSAGES, Job.READ_URGENT, Job.RECORD_RECEIPTS, Job.READ_MESSAGES]
    assert rested == [JOIN_SECONDS] * 2


def test_no_wake_up_of_many_threads_is_lost() -> None:
    """A job that is woken after it was asked for is asked for again: its new rows may have come too late for it."""
    queue = Asked()
    queue.answers.set()
    wake_ups, hurry = WakeUps(queue, lambda _: None), threading.Barrier(4)
    wake_ups.start()

    def wake(job: Job, then: Callable[[], object]) -> None:
        hurry.wait()
        for _ in range(20):
            more = partial(queue.has_more_than, job, queue.jobs.count(job))
            wake_ups.wake(job)
            until(more, "the question")
        then()

    done = [threading.Event() for _ in range(4)]
    for job, end in zip(list(Job)[:4], done, strict=True):
        threading.Thread(target=wake, args=(job, end.set), daemon=True).start()
    assert all(end.wait(120) for end in done)
