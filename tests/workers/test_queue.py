"""The queues: what can be asked of a worker, what is in Redis, and what happens if Redis is unavailable."""

import importlib
import json
import os
import re
import signal
import subprocess
import sys
import zlib
from itertools import chain
from typing import cast

import pytest
from redis import Redis
from rq import Queue as RqQueue
from rq.callbacks import Callback
from rq.exceptions import NoSuchJobError
from rq.job import Job as RqJob
from rq.webhook import Webhook

from gateway.console.metrics import queue_gauges
from helpline.core.job_queue import (
    ALLOWED,
    COUNT_SECONDS,
    FUNCTION,
    JOB_SECONDS,
    RedisJobQueue,
    Refused,
    SafeJob,
    connect,
    queues,
)
from helpline.core.jobs import JOB_OF, KINDS, QUEUE_OF, Job, Queue
from helpline.messaging import sending
from helpline.store.outbox import queue_of
from tests.others import until
from tests.workers.conftest import Server
from workers.effects import EFFECTS, LONG

SEND = Job.SEND_MESSAGES


def anybody_asks(redis: Redis, function: str, *arguments: object) -> RqJob:
    """Write a job as anybody with access to Redis could, then read it as our workers do."""
    asked = RqQueue("urgent", connection=redis, serializer="json").enqueue(function, args=arguments)
    return SafeJob.fetch(asked.id, connection=redis)


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_every_allowed_name_is_a_job(name: str) -> None:
    module, _, function = name.rpartition(".")
    assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.parametrize("job", Job)
def test_each_job_function_runs_the_job_of_its_name(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs, ran = importlib.import_module("workers.jobs"), list[Job]()
    monkeypatch.setattr(jobs, "_run", ran.append)
    getattr(jobs, job)()
    assert ran == [job]


def test_every_job_has_one_queue_and_every_name_is_on_one_queue() -> None:
    named = list(chain(*KINDS.values()))
    assert sorted(named) == sorted(Job)
    assert [QUEUE_OF[job] for job in Job] == sorted((QUEUE_OF[job] for job in Job), key=list(Queue).index)


def test_a_row_goes_to_a_queue_on_which_its_kind_has_a_job() -> None:
    assert queue_of("attend", Queue.URGENT) is Queue.URGENT
    assert queue_of("attend") is Queue.DEFAULT
    assert queue_of("expire", Queue.URGENT) is Queue.DEFAULT
    assert queue_of("stop", Queue.LOW) is Queue.URGENT
    assert queue_of("sweep") is Queue.LOW
    with pytest.raises(KeyError):
        queue_of("nonsense")


def test_every_kind_of_row_has_a_job_and_an_effect() -> None:
    assert not EFFECTS.keys() & LONG.keys()
    assert EFFECTS.keys() | LONG.keys() | {sending.KIND} == {kind for _, kind in JOB_OF}


@pytest.mark.parametrize("function", ["os.getpid", "os.system", "workers.jobs.service", "workers.jobs._run"])
def test_a_worker_refuses_what_is_not_a_job(server: Server, function: str) -> None:
    with pytest.raises(Refused):
        anybody_asks(server.client(), function).perform()


def test_a_worker_refuses_an_argument(server: Server) -> None:
    with pytest.raises(Refused):
        anybody_asks(server.client(), FUNCTION[SEND], "+996555123456").perform()


def test_callbacks_webhooks_and_meta_of_a_job_are_ignored(server: Server) -> None:
    redis = server.client()
    asked = RqQueue("default", connection=redis, serializer="json").enqueue(
        FUNCTION[SEND],
        on_success=Callback("os.getpid"),
        on_failure=Callback("os.getpid"),
        on_stopped=Callback("os.getpid"),
        webhooks=[Webhook("http://127.0.0.1:9/", "failed")],
        meta={"number": "+996555123456"},
        job_timeout=-1,
        description="send_messages('+996555123456')",
    )
    job = SafeJob.fetch(asked.id, connection=redis)
    assert (job.success_callback, job.failure_callback, job.stopped_callback) == (None, None, None)
    assert (job.webhooks, job.meta, job.timeout, job.description) == ([], {}, 40, "due rows")


@pytest.mark.parametrize(
    ("field", "value"), [("created_at", "yesterday"), ("status", "odd"), (b"\xff", "x")], ids=["date", "status", "name"]
)
def test_an_unreadable_job_is_ignored(server: Server, field: str, value: str) -> None:
    redis = server.client()
    assert server.jobs().wake(SEND)
    (job,) = queues(redis)[Queue.DEFAULT].job_ids
    redis.hset(f"rq:job:{job}", field, value)
    with pytest.raises(NoSuchJobError):
        SafeJob.fetch(job, connection=redis)


def test_only_counting_a_month_may_take_minutes(server: Server) -> None:
    redis, jobs = server.client(), server.jobs()
    for name, seconds in ((Job.COUNT_MONTHS, COUNT_SECONDS), (Job.CHECK_AUDIT_LOG, JOB_SECONDS)):
        assert jobs.wake(name)
        (id,) = [id for id in queues(redis)[Queue.LOW].job_ids if id.startswith(name)]
        redis.hset(f"rq:job:{id}", "timeout", -1)
        assert SafeJob.fetch(id, connection=redis).timeout == seconds


def test_pickle_is_never_loaded(server: Server) -> None:
    redis = server.client()
    asked = RqQueue("default", connection=redis).enqueue(os.getpid)
    with pytest.raises(Exception, match=r"^$") as raised:
        SafeJob.fetch(asked.id, connection=redis, serializer="pickle").perform()
    assert type(raised.value).__name__ == "DeserializationError"


@pytest.mark.parametrize("name", [Job.ATTEND_DANGER, Job.SEND_MESSAGES, Job.DELETE_DATA])
def test_redis_holds_the_name_of_a_job_and_no_argument(server: Server, name: Job) -> None:
    redis = server.client()
    assert server.jobs().wake(name)
    (key,) = redis.keys("rq:job:*")
    assert re.fullmatch(rf"rq:job:{name}-[0-9a-f]{{32}}", cast(bytes, key).decode())
    kept = cast(dict[bytes, bytes], redis.hgetall(key))
    assert json.loads(zlib.decompress(kept.pop(b"data"))) == [f"workers.jobs.{name}", None, [], {}]
    assert kept.pop(b"description") == b"due rows"
    assert redis.ttl(key) in range(1, 61)
    told = {name: value for name, value in kept.items() if value and not re.match(rb"\d{4}-\d\d-\d\dT", value)}
    assert told == {
        b"origin": QUEUE_OF[name].encode(),
        b"status": b"queued",
        b"timeout": b"40",
        b"result_ttl": b"0",
        b"failure_ttl": b"600",
        b"ttl": b"60",
    }


def test_each_job_waits_once_for_each_worker(server: Server) -> None:
    """And no name excludes another one of its queue."""
    jobs = server.jobs(workers=2)
    assert all(jobs.wake(Job.READ_MESSAGES) for _ in range(50))
    assert all(jobs.wake(job) for job in Job for _ in range(3))
    assert server.waiting() == {queue: dict.fromkeys((job.value for job in named), 2) for queue, named in KINDS.items()}


def test_a_wake_up_lost_by_a_killed_worker_is_repeated(server: Server) -> None:
    """`BLPOP` of several queues removes a job from Redis before anything records that it has started."""
    redis, jobs = server.client(), server.jobs()
    assert jobs.wake(Job.ATTEND_DANGER)
    assert redis.lpop("rq:queue:urgent")
    assert server.waiting() == {}
    assert jobs.wake(Job.ATTEND_DANGER)
    assert server.waiting() == {"urgent": {"attend_danger": 1}}


def test_rq_info_shows_the_queues_by_name(server: Server) -> None:
    for job in (Job.ATTEND_DANGER, Job.SEND_URGENT, Job.READ_MESSAGES):
        assert server.jobs().wake(job)
    asked = [sys.executable, "-m", "rq.cli", "info", "--url", server.url, "--raw"]
    output = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert sorted(re.findall(r"queue (\w+) (\d+)", output)) == [("default", "1"), ("urgent", "2")]


def test_the_metrics_show_the_queues_and_the_jobs_by_name(server: Server) -> None:
    for job in (Job.ATTEND_DANGER, Job.SEND_URGENT, Job.READ_MESSAGES):
        assert server.jobs().wake(job)
    seen = {
        (sample.name, *sample.labels.values()): sample.value
        for gauge in queue_gauges(server.url)
        for sample in gauge.samples
    }
    assert {key: value for key, value in seen.items() if value} == {
        ("komek_queue_reachable",): 1,
        ("komek_queue_length", "urgent"): 2,
        ("komek_queue_length", "default"): 1,
        ("komek_jobs_waiting", "attend_danger"): 1,
        ("komek_jobs_waiting", "send_urgent"): 1,
        ("komek_jobs_waiting", "read_messages"): 1,
    }
    assert [job for name, *labels in seen if name == "komek_jobs_waiting" for job in labels] == [*Job]


def test_an_entry_that_is_no_text_costs_a_wake_up_and_nothing_else(server: Server) -> None:
    """A hop that has stored its request must still show code and words, whatever somebody wrote into Redis."""
    server.client().rpush("rq:queue:default", b"\xff\xfe")
    assert not server.jobs().wake(Job.SEND_MESSAGES)


def test_no_connection_is_opened_before_the_first_wake_up() -> None:
    RedisJobQueue("unix:///nowhere/at/all")


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_without_redis_waking_says_so_and_recovers_after_a_pause(server: Server) -> None:
    hand = Hand()
    jobs = server.jobs(now=hand)
    server.end()
    assert not jobs.wake(SEND)
    server.begin()
    assert not jobs.wake(SEND), "it tried again at once"
    hand.seconds += 3
    assert jobs.wake(SEND)


@pytest.mark.timeout(50)  # redis-py's own defaults would wait a minute here
def test_waking_gives_up_on_a_redis_that_hangs(server: Server) -> None:
    hand = Hand()
    jobs = RedisJobQueue(server.url, now=hand)

    def woken() -> bool:
        hand.seconds += 3
        return jobs.wake(SEND)

    until(woken, "a wake-up that arrives")  # not always the first one: the machine itself may hang that long
    server.freeze()
    assert not jobs.wake(SEND)
    server.tell(signal.SIGCONT)
    assert not jobs.wake(SEND), "it tried again at once"
    until(woken, "a wake-up that arrives again")


def test_the_clients_wait_a_third_of_a_second_and_try_once(server: Server) -> None:
    settings = connect(server.url).connection_pool.connection_kwargs
    assert (settings["socket_timeout"], settings["socket_connect_timeout"]) == (0.3, 0.3)
    assert settings["retry"].get_retries() == 0
