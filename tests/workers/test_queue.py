"""The doorbell: what can be asked of a worker, what stands in Redis, and what a bell does that cannot be heard."""

import importlib
import json
import os
import re
import signal
import zlib
from typing import cast

import pytest
from redis import Redis
from rq import Queue
from rq.callbacks import Callback
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.webhook import Webhook

from helpline.core.job_queue import ALLOWED, DRAIN, QUEUE, RedisBell, Refused, SafeJob, connect, queue
from tests.others import until
from tests.workers.conftest import Server


def anybody_asks(redis: Redis, function: str, *arguments: object) -> Job:
    """Write a job as whoever reached Redis could, then read it as our workers do."""
    asked = Queue(QUEUE, connection=redis, serializer="json").enqueue(function, args=arguments)
    return SafeJob.fetch(asked.id, connection=redis)


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_every_allowed_name_is_a_job(name: str) -> None:
    module, _, function = name.rpartition(".")
    assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.parametrize("function", ["os.getpid", "os.system", "workers.jobs.service"])
def test_a_worker_refuses_what_is_not_a_job(server: Server, function: str) -> None:
    with pytest.raises(Refused):
        anybody_asks(server.client(), function).perform()


def test_a_worker_refuses_an_argument(server: Server) -> None:
    with pytest.raises(Refused):
        anybody_asks(server.client(), DRAIN, "+996555123456").perform()


def test_callbacks_webhooks_and_meta_are_not_believed(server: Server) -> None:
    redis = server.client()
    asked = Queue(QUEUE, connection=redis, serializer="json").enqueue(
        DRAIN,
        on_success=Callback("os.getpid"),
        on_failure=Callback("os.getpid"),
        on_stopped=Callback("os.getpid"),
        webhooks=[Webhook("http://127.0.0.1:9/", "failed")],
        meta={"number": "+996555123456"},
        job_timeout=-1,
        description="drain('+996555123456')",
    )
    job = SafeJob.fetch(asked.id, connection=redis)
    assert (job.success_callback, job.failure_callback, job.stopped_callback) == (None, None, None)
    assert (job.webhooks, job.meta, job.timeout, job.description) == ([], {}, 20, "drain")


@pytest.mark.parametrize(
    ("field", "value"), [("created_at", "yesterday"), ("status", "odd"), (b"\xff", "x")], ids=["date", "status", "name"]
)
def test_a_job_that_cannot_be_read_is_none(server: Server, field: str, value: str) -> None:
    redis = server.client()
    assert server.bell().ring()
    (job,) = queue(redis).job_ids
    redis.hset(f"rq:job:{job}", field, value)
    with pytest.raises(NoSuchJobError):
        SafeJob.fetch(job, connection=redis)


def test_pickle_is_never_opened(server: Server) -> None:
    redis = server.client()
    asked = Queue(QUEUE, connection=redis).enqueue(os.getpid)
    with pytest.raises(Exception, match=r"^$") as raised:
        SafeJob.fetch(asked.id, connection=redis, serializer="pickle").perform()
    assert type(raised.value).__name__ == "DeserializationError"


def test_redis_holds_the_word_drain_and_no_argument(server: Server) -> None:
    redis = server.client()
    assert server.bell().ring()
    (key,) = redis.keys("rq:job:*")
    kept = cast(dict[bytes, bytes], redis.hgetall(key))
    assert json.loads(zlib.decompress(kept.pop(b"data"))) == [DRAIN, None, [], {}]
    assert kept.pop(b"description") == b"drain"
    assert redis.ttl(key) in range(1, 61)
    told = {name: value for name, value in kept.items() if value and not re.match(rb"\d{4}-\d\d-\d\dT", value)}
    assert told == {
        b"origin": b"komek",
        b"status": b"queued",
        b"timeout": b"20",
        b"result_ttl": b"0",
        b"failure_ttl": b"600",
        b"ttl": b"60",
    }


def test_no_more_rings_than_the_workers_can_hear(server: Server) -> None:
    bell = server.bell(workers=2)
    assert all(bell.ring() for _ in range(50))
    assert queue(server.client()).count == 6


def test_nothing_is_opened_before_the_first_ring() -> None:
    RedisBell("unix:///nowhere/at/all")


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_a_bell_without_redis_says_so_and_recovers_after_a_pause(server: Server) -> None:
    hand = Hand()
    bell = server.bell(now=hand)
    server.end()
    assert not bell.ring()
    server.begin()
    assert not bell.ring(), "it tried again at once"
    hand.seconds += 3
    assert bell.ring()


@pytest.mark.timeout(50)  # redis-py's own defaults would wait a minute here
def test_a_bell_gives_up_on_a_redis_that_hangs(server: Server) -> None:
    hand = Hand()
    bell = RedisBell(server.url, now=hand)

    def rung() -> bool:
        hand.seconds += 3
        return bell.ring()

    until(rung, "a ring that is heard")  # not always the first one: the machine may hang for so long, too
    server.freeze()
    assert not bell.ring()
    server.tell(signal.SIGCONT)
    assert not bell.ring(), "it tried again at once"
    until(rung, "a ring that is heard again")


def test_the_clients_wait_a_third_of_a_second_and_try_once(server: Server) -> None:
    settings = connect(server.url).connection_pool.connection_kwargs
    assert (settings["socket_timeout"], settings["socket_connect_timeout"]) == (0.3, 0.3)
    assert settings["retry"].get_retries() == 0
