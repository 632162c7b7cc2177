"""What time it is: real everywhere but in the demo, where one may move it to see "inside the window" at any hour.

Instants as the database has them: whole microseconds since 1970, UTC.

What puts thousands of rows in order compares these numbers, and makes a datetime of those alone that are shown.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from helpline.core.ports import Clock


def real() -> datetime:
    """Give the present instant, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class DemoClock:
    """Real time plus what one has moved it by: whole seconds in a small file that every process of the demo reads."""

    path: Path

    def __call__(self) -> datetime:
        """Give the demo's instant, UTC."""
        return real() + self.moved()

    def moved(self) -> timedelta:
        """Give by how much it was moved."""
        try:
            return timedelta(seconds=int(self.path.read_text()))
        except (OSError, ValueError):
            return timedelta()

    def move(self, by: timedelta) -> None:
        """Move it on by `by`, for every process at once."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text(str(int((self.moved() + by).total_seconds())))
        fresh.replace(self.path)

    def reset(self) -> None:
        """Put it back to real time."""
        self.path.unlink(missing_ok=True)


def clock_of(demo: bool, data: Path) -> Clock:
    """Give the clock of this deployment: only the demo has one that moves."""
    return DemoClock(data / "demo-clock") if demo else real


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONE = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Give an aware datetime as microseconds."""
    return (at - EPOCH) // ONE


def instant(value: int) -> datetime:
    """Give the moment that these microseconds are."""
    return EPOCH + timedelta(0, 0, value)


FAR = micros(datetime.max.replace(tzinfo=UTC))
"""A moment that never comes: where nothing closes, and nothing is known."""
