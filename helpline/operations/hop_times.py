"""How long hops take: counted in the public processes, added up in Valkey, and read by the console's `/metrics`.

A hop that Prometheus could see by itself would show that somebody is on the line now. So a process adds its counts once
a minute at most, and only when it has at least `FEWEST` of them; until then they wait in memory. There is no other
figure of a hop: no channel, no screen, no time of day.
"""

import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from redis import Redis
from redis.exceptions import RedisError

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""The upper bounds of the buckets in seconds. What is slower is in the last one, without a bound."""
FEWEST = 30
"""Hops that are added at once at least: those of several calls."""
PAUSE_SECONDS = 60.0
NAME = "komek:hop-times"
"""The hash in Valkey: a field for each bucket, and `sum` in microseconds."""


@dataclass(slots=True)
class HopTimes:
    """The counts of one process that have not been added yet."""

    connect: Callable[[], Redis]
    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1), init=False)
    micros: int = field(default=0, init=False)
    lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def add(self, seconds: float) -> None:
        """Count a hop."""
        with self.lock:
            self.counts[bisect_left(BOUNDS, seconds)] += 1
            self.micros += int(seconds * 1_000_000)

    def flush(self) -> bool:
        """Add the counts in Valkey if there are enough of them. Without Valkey they wait. Return whether they left."""
        with self.lock:
            if sum(self.counts) < FEWEST:
                return False
            counts, micros = self.counts, self.micros
            self.counts, self.micros = [0] * len(counts), 0
        try:
            with self.connect() as redis, redis.pipeline() as pipe:
                for bucket, count in enumerate(counts):
                    if count:
                        pipe.hincrby(NAME, str(bucket), count)
                pipe.hincrby(NAME, "sum", micros)
                pipe.execute()
        except (RedisError, OSError, ValueError):
            with self.lock:
                self.counts = [there + back for there, back in zip(self.counts, counts, strict=True)]
                self.micros += micros
            return False
        return True

    def start(self) -> None:
        """Add the counts once a minute, as long as the process lives."""
        threading.Thread(target=self._run, name="hop times", daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(PAUSE_SECONDS)
            self.flush()


@dataclass(frozen=True, slots=True)
class Histogram:
    """The hops of all processes so far."""

    buckets: tuple[tuple[str, int], ...]
    """Each upper bound in seconds (`+Inf` is the last), with the number of hops up to it."""
    seconds: float
    """The time of all of them together."""


def histogram(stored: Mapping[bytes, bytes]) -> Histogram:
    """Return the histogram from what Valkey holds under `NAME`."""
    buckets, count = [], 0
    for bucket, bound in enumerate([*map(str, BOUNDS), "+Inf"]):
        count += int(stored.get(str(bucket).encode(), 0))
        buckets.append((bound, count))
    return Histogram(tuple(buckets), int(stored.get(b"sum", 0)) / 1_000_000)
