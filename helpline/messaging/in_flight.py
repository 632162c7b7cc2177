"""Which texts of this process wait for a gateway, and by which channels none is begun because one waits for long.

A gateway may need ten seconds to fail. Without this, its texts would soon take all threads that send, and the texts of
other channels would wait behind them.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

SLOW_SECONDS = 0.5
"""A text that waits for longer closes its channel: the worker goes on with everything else."""


@dataclass(slots=True)
class InFlight:
    """The texts that threads of this process are sending, one each at most. All methods may be called by any thread.

    A lane is the number of the thread that sends a text. Another one may have composed it.
    """

    seconds: Callable[[], float] = time.monotonic
    _by_lane: dict[int, tuple[str, float]] = field(default_factory=dict)
    """The channel of each lane's text, and since when it waits."""
    _closed: frozenset[str] = frozenset()
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def closed(self) -> frozenset[str]:
        """The channels by which no text is begun now."""
        return self._closed

    def begin(self, lane: int, channel: str) -> bool:
        """Note that a lane sends a text now, in place of the one before. Return False if its channel is closed."""
        with self._lock:
            self._end(lane)
            if channel in self._closed:
                return False
            self._by_lane[lane] = (channel, self.seconds())
            return True

    def end(self, lane: int) -> None:
        """Note that a lane sends no text."""
        with self._lock:
            self._end(lane)

    def close_slow(self) -> int:
        """Close the channels with a text that waits for long. Return how many texts wait by closed channels.

        A channel is open again when none of its texts waits any more.
        """
        with self._lock:
            since = self.seconds() - SLOW_SECONDS
            self._closed |= {channel for channel, began in self._by_lane.values() if began <= since}
            return sum(channel in self._closed for channel, _ in self._by_lane.values())

    def _end(self, lane: int) -> None:
        self._by_lane.pop(lane, None)
        self._closed &= {channel for channel, _ in self._by_lane.values()}
