"""The queues of the workers: how a job is asked for, and what a worker believes of what it finds in Redis.

Redis carries no work, only names of jobs: what is due is in the database. If all of Redis is lost, that costs seconds
and never a request, and a reader of Redis learns which kinds of work were due. Somebody who can *write* to Redis could
ask a worker for any call at all; `SafeJob` refuses everything that is not one of our jobs.
"""

import logging
import math
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from uuid import uuid4

import rq
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq.exceptions import NoSuchJobError
from rq.serializers import JSONSerializer

from helpline.core import log
from helpline.core.jobs import QUEUE_OF, Job, Queue

ALLOWED: Mapping[str, Job] = {f"workers.jobs.{job}": job for job in Job}
"""The only functions that a worker may be asked to call. Each is in `workers.jobs` and takes no argument."""
FUNCTION: Mapping[Job, str] = {job: function for function, job in ALLOWED.items()}

DESCRIPTION = "due rows"
"""Constant: RQ would otherwise store and log each call with its arguments."""
JOB_SECONDS = 40
"""After so long RQ ends a job. It works for two seconds, or for 22 s while a gateway is slow. Then a text that was
begun last may wait for 10 s."""
COUNT_SECONDS = 900
"""So long counting a month may take: a million requests take a minute on a busy machine. Until then other workers, and
the clock, do what is urgent."""
RESULT_SECONDS = 0
FAILURE_SECONDS = 600
WAITING_SECONDS = 60

_RESTORED = frozenset(
    {"data", "origin", "status", "worker_name"}
    | {"created_at", "enqueued_at", "started_at", "ended_at", "last_heartbeat"}
)
"""The fields of a job that are read from Redis. Not callbacks and webhooks (calls and addresses that anybody could have
written there), nor dependencies, repeats, and the time that a job may take."""


class Refused(Exception):
    """A job asked for something that is not in `ALLOWED`. The name is not repeated: it is not ours."""


class SafeJob(rq.job.Job):
    """A job that can call nothing but our jobs, whatever is written in Redis.

    JSON keeps a payload from being code; it does not keep `os.system` from being the function's name.
    """

    def __init__(self, id: str | None = None, connection: Redis | None = None, serializer: object = None) -> None:  # noqa: ARG002
        # Parts of RQ make jobs without a serializer, which means pickle. So the argument is ignored.
        super().__init__(id, connection, JSONSerializer)

    @property
    def func(self) -> Any:
        if self.func_name not in ALLOWED or self.instance or self.args or self.kwargs:
            raise Refused("a job that is not allowed")
        return super().func

    def restore(self, raw_data: Mapping[bytes, bytes]) -> None:
        """Take from Redis what is needed, and nothing that decides. A job that cannot be read counts as missing.

        Without that, one broken entry ends every worker that meets it.
        """
        try:
            super().restore({name: value for name, value in raw_data.items() if name.decode() in _RESTORED})
        except Exception:  # noqa: BLE001  # whatever it is, it is not for us
            raise NoSuchJobError("a job that cannot be read") from None
        self.description, self.timeout = DESCRIPTION, _seconds(self.id.partition("-")[0])
        self.result_ttl, self.failure_ttl = RESULT_SECONDS, FAILURE_SECONDS


def _seconds(name: str) -> int:
    """Return how long a job may take. Its id begins with its name."""
    return COUNT_SECONDS if name == Job.COUNT_MONTHS else JOB_SECONDS


def connect(url: str, *, seconds: float | None = 0.3) -> Redis:
    """Return a client of `url` (`redis://`, `rediss://`, `unix://`). It connects when it is first used.

    It tries nothing twice and waits no longer than `seconds`: redis-py's own defaults keep a caller waiting for 59
    seconds if Redis hangs, and enqueue twice without an error. Nor does it say which library it is: each child of a
    worker has connections of its own, and redis-py would read its version from the disk for each of them.
    """
    retry = Retry(NoBackoff(), 0)
    return Redis.from_url(
        resolved(url), socket_timeout=seconds, socket_connect_timeout=0.3, retry=retry, driver_info=None
    )


def resolved(url: str) -> str:
    """Return an address whose socket is no link: the kernel takes 107 letters, and the data folder may be deeper."""
    path = urlsplit(url).path
    if url.startswith("unix:") and (link := Path(unquote(path))).is_symlink():
        return url.replace(path, quote(str(link.resolve())))
    return url


def queues(connection: Redis) -> Mapping[Queue, rq.Queue]:
    """Return the queues, in the order in which a worker listens to them.

    With several queues, RQ takes a job by `BLPOP` and loses it if the worker is killed before the job is marked as
    started. (With one queue it would move it by `BLMOVE`.) That is accepted: a lost job is a lost wake-up. Its rows are
    still due, so the clock asks for the job again at its next tick.
    """
    return {
        name: rq.Queue(name.value, connection=connection, job_class=SafeJob, serializer=JSONSerializer)
        for name in Queue
    }


def waiting(queue: rq.Queue) -> Counter[str]:
    """Count the jobs in a queue by name."""
    return Counter(id.partition("-")[0] for id in queue.job_ids)


def count_workers(connection: Redis) -> int:
    """Count the workers that are alive, by the key that each renews every few seconds.

    RQ's own list is lost when Redis restarts, and a worker enters itself only once. It also keeps workers that were
    killed.
    """
    keys = connection.scan_iter(f"{rq.Worker.redis_worker_namespace_prefix}*", count=1000)
    return sum(not connection.hexists(key, "death") for key in keys)


@dataclass(slots=True)
class RedisJobQueue:
    """Asks the workers for jobs through RQ, best effort. It opens nothing before it is first used.

    After a failure it asks for nothing for a while. So a hanging Redis costs one caller a third of a second and the
    next ones nothing. A name waits at most once for each worker: without a limit, a pile of wake-ups kept the workers
    from the work, and with one limit for a whole queue, a busy kind of work would shut out the others.
    """

    url: str
    workers: int = 1
    now: Callable[[], float] = time.monotonic
    pause_seconds: float = 3.0
    _silent_until: float = field(default=-math.inf, init=False)
    _queues: Mapping[Queue, rq.Queue] | None = field(default=None, init=False)

    def wake(self, job: Job) -> bool:
        """Ask for a job, unless it waits already. Return whether the queue could be reached."""
        if self.now() < self._silent_until:
            return False
        try:
            self._wake(job)
        except Exception as error:  # noqa: BLE001  # whatever is in Redis: the rows are due, and the clock does them
            self._silent_until = self.now() + self.pause_seconds
            log.event("queue_unreachable", level=logging.WARNING, error=error)
            return False
        return True

    def _wake(self, job: Job) -> None:
        if self._queues is None:
            self._queues = queues(connect(self.url))
        queue = self._queues[QUEUE_OF[job]]
        if waiting(queue)[job] < self.workers:
            queue.enqueue(
                FUNCTION[job],
                job_id=f"{job}-{uuid4().hex}",
                description=DESCRIPTION,
                result_ttl=RESULT_SECONDS,
                failure_ttl=FAILURE_SECONDS,
                job_timeout=_seconds(job),
                ttl=WAITING_SECONDS,
            )
