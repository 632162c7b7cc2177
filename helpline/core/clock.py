"""The clock, and instants as the database stores them.

The clock shows real time, and does not follow a jump of the machine's clock at once (`watched_clock`). In the demo it
can be moved, to try a call window at any hour. The database stores an
instant as whole microseconds since 1970, UTC. Code that sorts thousands of rows compares these integers and converts
only the rows that are shown.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import overload

from helpline.core.watched_clock import WatchedClock, watched


def real() -> datetime:
    """Return the current instant in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class DemoClock:
    """Real time plus an offset in whole seconds, which every process of the demo reads from one small file."""

    path: Path
    under: WatchedClock | None = None
    """What the offset is added to: real time if None."""

    def __call__(self) -> datetime:
        """Return the demo's current instant in UTC."""
        return (self.under or real)() + self.moved()

    def is_sure(self) -> bool:
        """Whether the clock below is beyond doubt. That a person moves the demo's time raises none."""
        return self.under is None or self.under.is_sure()

    def moved(self) -> timedelta:
        """Return the offset from real time."""
        try:
            return timedelta(seconds=int(self.path.read_text()))
        except (OSError, ValueError):
            return timedelta()

    def move(self, by: timedelta) -> None:
        """Add `by` to the offset, for all processes."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text(str(int((self.moved() + by).total_seconds())))
        fresh.replace(self.path)

    def reset(self) -> None:
        """Return to real time."""
        self.path.unlink(missing_ok=True)


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
