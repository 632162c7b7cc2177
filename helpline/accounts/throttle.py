"""How long somebody must wait after wrong tries. Pure.

Three counts, so that a stranger can never lock out an account for long, and can never try much either: what an
address tried, what was tried on an account from networks it has not been used from, and what was tried on an account
from one network. Whoever signs in from a network that the account was used from lately does not wait for strangers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FORGET = timedelta(hours=24)
"""A count without a new wrong try is gone after this."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many wrong tries are free; each one after that doubles the wait, up to `most`."""

    free: int
    most: timedelta

    def wait(self, failures: int) -> timedelta:
        """Give the wait after so many wrong tries."""
        over = failures - self.free
        return min(timedelta(seconds=2 ** min(over, 20)), self.most) if over >= 0 else timedelta(0)


ADDRESS = Limit(20, timedelta(minutes=15))
"""An office shares one address: twenty slips in a day are theirs."""
ACCOUNT = Limit(5, timedelta(seconds=60))
"""One try a minute for the whole world: 1,440 a day against passwords of twelve letters, and a second factor behind."""
PAIR = Limit(5, timedelta(minutes=15))
SECOND = Limit(5, timedelta(minutes=15))
"""The second factor: only who knows the password comes here. At one try in 15 minutes, a code of six digits with three
valid at a time stands for some years."""


@dataclass(frozen=True, slots=True)
class Count:
    """Wrong tries so far, and when the last one was."""

    failures: int
    last: datetime


def waits(limit: Limit, count: Count | None, now: datetime) -> bool:
    """Tell whether a try must wait yet."""
    return count is not None and now - count.last < limit.wait(count.failures)


def any_waits(held: Sequence[tuple[Limit, Count | None]], now: datetime) -> bool:
    """Tell whether one of several counts makes a try wait."""
    return any(waits(limit, count, now) for limit, count in held)
