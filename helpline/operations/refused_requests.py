"""How many requests of each channel were refused: counted in the public processes, added up in Valkey.

A gateway that sends what Komek cannot read says so to nobody: its operator sees that callers are silent. A process adds
its counts once a minute. They hold the channel and the kind of fault, and nothing of the request (R35).
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from redis import Redis
from redis.exceptions import RedisError

from helpline.core import job_queue

NAME, LAST = "komek:refused", "komek:refused-last"
"""The hashes in Valkey: how many, and when the last one was added, in seconds. The fields are `channel fault`."""
PAUSE_SECONDS = 60.0
LATELY = timedelta(hours=1)
"""So long operators are told about a refused request."""


class Fault(StrEnum):
    """Why a request was refused."""

    SECRET = "secret"  # noqa: S105  # the name of a fault
    """The secret in the address is wrong."""
    NETWORK = "network"
    """It came from a network that is not in `allow_from`."""
    METHOD = "method"
    """Its HTTP method is not the one of this channel: usually a gateway set to GET in place of POST."""
    ADDRESS = "address"
    """The address has the right secret, but is none of the channel's own."""
    BODY = "body"
    """Its body is too long, or was cut off."""
    FORM = "form"
    """It is not what this channel sends."""


@dataclass(slots=True)
class RefusedRequests:
    """The counts of one process that have not been added yet."""

    connect: Callable[[], Redis]
    now: Callable[[], datetime]
    counts: Counter[tuple[str, Fault]] = field(default_factory=Counter, init=False)
    lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def add(self, channel: str, fault: Fault) -> None:
        """Count a request. `channel` is one of the channels file, never what somebody has sent."""
        with self.lock:
            self.counts[channel, fault] += 1

    def flush(self) -> bool:
        """Add the counts in Valkey. Without Valkey they wait. Return whether there were any, and they left."""
        with self.lock:
            counts, self.counts = self.counts, Counter()
        if not counts:
            return False
        try:
            with self.connect() as redis, redis.pipeline() as pipe:
                for (channel, fault), count in counts.items():
                    pipe.hincrby(NAME, f"{channel} {fault}", count)
                    pipe.hset(LAST, f"{channel} {fault}", str(int(self.now().timestamp())))
                pipe.execute()
        except (RedisError, OSError, ValueError):
            with self.lock:
                self.counts += counts
            return False
        return True

    def start(self) -> None:
        """Add the counts once a minute, as long as the process lives."""
        threading.Thread(target=self._run, name="refused requests", daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(PAUSE_SECONDS)
            self.flush()


@dataclass(frozen=True, slots=True)
class Refused:
    """The requests of one channel that were refused for one fault."""

    channel: str
    fault: Fault
    count: int
    last: datetime | None

    def is_news(self, now: datetime) -> bool:
        """Whether one was refused lately that had the right secret. Strangers try secrets at any time."""
        return self.fault is not Fault.SECRET and self.last is not None and now - self.last < LATELY


def read(url: str) -> list[Refused]:
    """Return what was refused since Valkey began to count. Nothing if it does not answer."""
    try:
        with job_queue.connect(url) as redis:
            return list(refused(redis.hgetall(NAME), redis.hgetall(LAST)))
    except (RedisError, OSError, ValueError):
        return []


def refused(counts: Mapping[bytes, bytes], last: Mapping[bytes, bytes]) -> Iterator[Refused]:
    """Yield what the two hashes of Valkey say, by channel and fault."""
    for name, count in sorted(counts.items()):
        channel, _, fault = name.decode().partition(" ")
        if fault in Fault.__members__.values():
            at = last.get(name)
            yield Refused(channel, Fault(fault), int(count), datetime.fromtimestamp(int(at), UTC) if at else None)
