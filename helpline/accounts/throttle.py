"""How long somebody must wait after wrong tries. Pure.

There are three counts. One is for an address, one for an account from networks where it was not used before, and one
for an account from one network. So a stranger can never lock out an account for long, and cannot try much either. A
person who signs in from a network they used lately does not wait because of strangers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

EXPIRES_AFTER = timedelta(hours=24)
"""A count ends after this time without a new wrong try."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many wrong tries are free, and the longest wait.

    Each try after the free ones doubles the wait, up to `most`.
    """

    free: int
    most: timedelta

    def wait(self, failures: int) -> timedelta:
        """Return the wait after so many wrong tries."""
        over = failures - self.free
        return min(timedelta(seconds=2 ** min(over, 20)), self.most) if over >= 0 else timedelta(0)


ADDRESS = Limit(20, timedelta(minutes=15))
"""An office shares one address, so it may make twenty slips in a day."""
ACCOUNT = Limit(5, timedelta(seconds=60))
"""One try a minute for the whole world: 1,440 a day, against passwords of twelve letters and a second factor."""
PAIR = Limit(5, timedelta(minutes=15))
SECOND = Limit(5, timedelta(minutes=15))
"""The second factor: only somebody who knows the password comes here. At one try in 15 minutes, a six-digit code
with three valid at a time holds for some years."""


@dataclass(frozen=True, slots=True)
class Count:
    """Wrong tries so far, and when the last one was."""

    failures: int
    last: datetime


def waits(limit: Limit, count: Count | None, now: datetime) -> bool:
    """Whether the next try must still wait."""
    return count is not None and now - count.last < limit.wait(count.failures)


def any_waits(held: Sequence[tuple[Limit, Count | None]], now: datetime) -> bool:
    """Whether one of several counts makes a try wait."""
    return any(waits(limit, count, now) for limit, count in held)
