"""What `komek status` and `komek doctor` both check: work that is late, the queue, room on the disk."""

import shutil

from redis.exceptions import RedisError

from helpline.core.config import Config
from helpline.core.job_queue import connect
from helpline.store.outbox import Backlog

OLDEST_SECONDS = 30.0
FREE_BYTES = 500_000_000

Found = tuple[bool, str]
"""Whether something is well, and what it does."""


def work(due: Backlog) -> Found:
    """Return whether no row is late."""
    return due.oldest < OLDEST_SECONDS, f"{due.rows} rows due, the oldest for {due.oldest:.0f} s"


def queue(config: Config) -> Found:
    """Return whether Redis answers. Before `komek up` has started its own there is none to answer."""
    try:
        connect(config.queue_url).ping()
    except (RedisError, OSError, ValueError):
        expected = bool(config.redis_url) or config.socket.exists()
        return not expected, "Redis is unavailable; requests go on, only slower (the clock starts the jobs)"
    return True, "Redis answers"


def disk(config: Config) -> Found:
    """Return whether there is room where the data is, or will be."""
    place = next(each for each in (config.data, *config.data.absolute().parents) if each.exists())
    free = shutil.disk_usage(place).free
    enough = free > FREE_BYTES
    return enough, f"{free // 10**6} MB free under {place}{'' if enough else '; free some space'}"
