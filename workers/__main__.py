"""A worker: `python -m workers`. It waits for jobs and runs each one in a child process.

It listens to the queues `urgent`, `default` and `low`, in this order. It may be killed at any moment: the row that it
was doing has a lease in the database, and another worker takes it when the lease ends. The job itself may be lost. That
is accepted (`job_queue.queues`): the clock wakes it again while rows are due.

Redis may be unavailable. At the start the worker waits for it, since Valkey starts at the same time. An idle worker
waits as well, two seconds between tries at most. If Redis goes *during* a job, RQ gives up, and so does the worker: the
supervisor starts a new process, which is safer than one whose threads and signals are half taken down.
"""

import importlib
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial

from helpline.core.missing_package import explained

with explained("workers"):
    from redis import Redis
    from redis.exceptions import RedisError
    from rq import Worker
    from rq.serializers import JSONSerializer

    from helpline.core import log
    from helpline.core.config import Config, ConfigError
    from helpline.core.job_queue import SafeJob, connect, queues
    from helpline.core.process_keys import Role
    from helpline.operations.child_processes import die_with_parent

FIRST_WAIT_SECONDS = 0.05
LONGEST_WAIT_SECONDS = 2.0
SILENCE_SECONDS = 15.0
"""RQ waits five seconds for a job, and ten more before it counts Redis as dead."""


def main() -> int:
    """Work until told to stop. Return the exit code."""
    log.set_up()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until RQ takes it over
    try:
        config = Config.read(role=Role.WORKER)
    except ConfigError as error:
        print("\n".join(error.faults), file=sys.stderr)
        return os.EX_CONFIG
    with explained("workers"):
        importlib.import_module("workers.jobs")  # once, here: each child would need 100 ms for it
        wiring = importlib.import_module("workers.wiring")
    wiring.prepare()
    os.register_at_fork(after_in_child=partial(die_with_parent, os.getpid()))
    try:
        wait_for(connect(config.queue_url))
        worker(connect(config.queue_url, seconds=SILENCE_SECONDS)).work(with_scheduler=False)
    except RedisError as error:
        log.event("queue_lost", level=logging.WARNING, error=error)
        return os.EX_TEMPFAIL
    return os.EX_OK


def wait_for(connection: Redis, pause: Callable[[float], object] = time.sleep) -> None:
    """Wait until the queue answers, a little longer between tries each time."""
    wait = FIRST_WAIT_SECONDS
    while not answers(connection):
        if wait == FIRST_WAIT_SECONDS:
            log.event("queue_awaited")
        pause(wait)
        wait = min(wait * 2, LONGEST_WAIT_SECONDS)


def answers(connection: Redis) -> bool:
    """Whether the queue answers now."""
    try:
        return bool(connection.ping())
    except RedisError:
        return False


def worker(connection: Redis) -> Worker:
    """Return the RQ worker: all queues in their order, JSON, our jobs only.

    The intervals are short enough that a dead worker is noticed.
    """
    made = Worker(
        list(queues(connection).values()),
        connection=connection,
        serializer=JSONSerializer,
        job_class=SafeJob,
        worker_ttl=20,
        maintenance_interval=15,
        job_monitoring_interval=5,
        log_job_description=False,
    )
    made.max_connection_wait_time = LONGEST_WAIT_SECONDS
    return made


if __name__ == "__main__":
    sys.exit(main())
