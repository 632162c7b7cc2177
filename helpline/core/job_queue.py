"""The doorbell: what may be asked of the workers, by name, and how it is asked.

The queue carries no work, only the word `drain`: what is due stands in the database. So losing all of Redis costs
seconds and never a request, and whoever reads Redis learns nothing. Whoever *writes* to it could ask for any call
at all, were it not for `SafeJob`.
"""

import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from helpline.core import log

QUEUE = "komek"
DRAIN = "workers.jobs.drain"
ALLOWED = frozenset({DRAIN})
"""The only functions that a worker may be asked to call; each is in `workers.jobs` and takes no argument."""

DESCRIPTION = "drain"
"""Constant: RQ would otherwise keep and log each call with its arguments."""
JOB_SECONDS = 20
RESULT_SECONDS = 0
FAILURE_SECONDS = 600
WAITING_SECONDS = 60

_RESTORED = frozenset(
    {"data", "origin", "status", "worker_name"}
    | {"created_at", "enqueued_at", "started_at", "ended_at", "last_heartbeat"}
)
"""What is believed of a job found in Redis. Not: callbacks and webhooks (calls and addresses of somebody's choice),
dependencies, repeats, and the time it may take."""


class Refused(Exception):
    """A job asked for something that is not in `ALLOWED`. The name is not repeated: it is not ours."""


class SafeJob(Job):
    """A job that can call nothing but what we allow, whatever is written in Redis.

    JSON keeps a payload from being code; it does not keep `os.system` from being the function's name.
    """

    def __init__(self, id: str | None = None, connection: Redis | None = None, serializer: object = None) -> None:  # noqa: ARG002
        # Parts of RQ make jobs without saying how to read them, which would mean pickle; so nobody is asked.
        super().__init__(id, connection, JSONSerializer)

    @property
    def func(self) -> Any:
        if self.func_name not in ALLOWED or self.instance or self.args or self.kwargs:
            raise Refused("a job that is not allowed")
        return super().func

    def restore(self, raw_data: Mapping[bytes, bytes]) -> None:
        """Take from Redis what is needed, and nothing that decides. What cannot be read is no job: RQ leaves it out.

        Without that, one broken entry ends every worker that meets it.
        """
        try:
            super().restore({name: value for name, value in raw_data.items() if name.decode() in _RESTORED})
        except Exception:  # noqa: BLE001  # whatever it is, it is not for us
            raise NoSuchJobError("a job that cannot be read") from None
        self.description, self.timeout = DESCRIPTION, JOB_SECONDS
        self.result_ttl, self.failure_ttl = RESULT_SECONDS, FAILURE_SECONDS


def connect(url: str, *, seconds: float | None = 0.3) -> Redis:
    """Make a client of `url` (`redis://`, `rediss://`, `unix://`); it connects when first used.

    Nothing is tried twice and nothing waits longer than `seconds`: redis-py's own defaults keep a caller waiting
    for 59 seconds when Redis hangs, and enqueue twice without saying so. A socket whose path is a link is looked
    up, since the kernel takes 107 letters at most and the folder of the data may be deeper.
    """
    path = urlsplit(url).path
    if url.startswith("unix:") and (link := Path(unquote(path))).is_symlink():
        url = url.replace(path, quote(str(link.resolve())))
    return Redis.from_url(url, socket_timeout=seconds, socket_connect_timeout=0.3, retry=Retry(NoBackoff(), 0))


def queue(connection: Redis) -> Queue:
    """Give the one queue. One only: a worker of two queues loses what it holds when it is killed."""
    return Queue(QUEUE, connection=connection, job_class=SafeJob, serializer=JSONSerializer)


@dataclass(slots=True)
class RedisBell:
    """Rings the workers through RQ, after a commit, best effort. Nothing is opened before the first ring.

    After a failure it stays silent for a while, so that a hanging Redis costs one caller a third of a second and
    the next ones nothing. There are never more rings waiting than `most` for each worker: without the limit, a
    pile of rings kept the workers from the work.
    """

    url: str
    workers: int = 1
    now: Callable[[], float] = time.monotonic
    most: int = 3
    pause_seconds: float = 3.0
    _silent_until: float = field(default=-math.inf, init=False)
    _queue: Queue | None = field(default=None, init=False)

    def ring(self) -> bool:
        """Ask the workers to come and look; false where the queue could not be reached. Never raises for that."""
        if self.now() < self._silent_until:
            return False
        try:
            self._ring()
        except (RedisError, OSError) as error:
            self._silent_until = self.now() + self.pause_seconds
            log.event("bell_unreachable", level=logging.WARNING, error=error)
            return False
        return True

    def _ring(self) -> None:
        if self._queue is None:
            self._queue = queue(connect(self.url))
        if self._queue.count < self.most * self.workers:
            self._queue.enqueue(
                DRAIN,
                description=DESCRIPTION,
                result_ttl=RESULT_SECONDS,
                failure_ttl=FAILURE_SECONDS,
                job_timeout=JOB_SECONDS,
                ttl=WAITING_SECONDS,
            )
