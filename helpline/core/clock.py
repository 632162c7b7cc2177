"""The clock, and instants as the database stores them.

The clock shows real time, and does not follow a jump of the machine's clock at once (`watched_clock`). In the demo it
can be moved, to try a call window at any hour. The database stores an
instant as whole microseconds since 1970, UTC. Code that sorts thousands of rows compares these integers and converts
only the rows that are shown.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import overload

from helpline.core.watched_clock import WatchedClock, watched


def real() -> datetime:
    """Return the current instant in UTC."""
    return datetime.now(UTC)


FRESH_SECONDS = 0.005
"""How long an offset that was read counts. One hop asks for the time five times, and to open a file takes 8 µs."""


@dataclass(slots=True)
class DemoClock:
    """Real time plus an offset in whole seconds, which every process of the demo reads from one small file."""

    path: Path
    under: WatchedClock | None = None
    """What the offset is added to: real time if None."""
    seconds: Callable[[], float] = time.monotonic
    _last: tuple[float, timedelta] = field(default=(float("-inf"), timedelta()), init=False, repr=False)
    """The offset that was read last, and when."""

    def __call__(self) -> datetime:
        """Return the demo's current instant in UTC."""
        return (self.under or real)() + self.moved()

    def is_sure(self) -> bool:
        """Whether the clock below is beyond doubt. That a person moves the demo's time raises none."""
        return self.under is None or self.under.is_sure()

    def moved(self) -> timedelta:
        """Return the offset from real time."""
        (read_at, moved), steady = self._last, self.seconds()
        return moved if steady - read_at < FRESH_SECONDS else self._read(steady)

    def move(self, by: timedelta) -> None:
        """Add `by` to the offset, for all processes."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text(str(int((self._read(self.seconds()) + by).total_seconds())))
        fresh.replace(self.path)
        self._read(self.seconds())

    def reset(self) -> None:
        """Return to real time."""
        self.path.unlink(missing_ok=True)
        self._read(self.seconds())

    def _read(self, steady: float) -> timedelta:
        """Return the offset that the file holds now; none if it holds none."""
        try:
            moved = timedelta(seconds=int(self.path.read_text()))
        except (OSError, ValueError):
            moved = timedelta()
        self._last = steady, moved
        return moved


def clock_of(demo: bool, data: Path) -> DemoClock | WatchedClock:
    """Return the clock of this deployment. Only the demo's clock can be moved."""
    return DemoClock(data / "demo-clock", watched(data)) if demo else watched(data)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@overload
def micros(at: datetime) -> int: ...
@overload
def micros(at: datetime | None) -> int | None: ...
def micros(at: datetime | None) -> int | None:
    """Return the microseconds of an aware datetime."""
    return None if at is None else (at - EPOCH) // MICROSECOND


@overload
def instant(value: int) -> datetime: ...
@overload
def instant(value: int | None) -> datetime | None: ...
def instant(value: int | None) -> datetime | None:
    """Return the datetime of these microseconds."""
    return None if value is None else EPOCH + timedelta(0, 0, value)


FAR = micros(datetime.max.replace(tzinfo=UTC))
"""An instant that never comes. It stands for "never closes" and for "unknown"."""
