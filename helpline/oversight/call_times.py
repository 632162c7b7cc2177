"""The next call windows of many requests at one moment.

Thousands of requests have few different hours: 140 in the benchmark. Each is calculated once for a list, by the rule of
`call_windows.usable_windows`.
"""

from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from helpline.core.call_windows import FROM_NOW, ONCE, Hours, usable_windows
from helpline.core.clock import FAR, instant, micros
from helpline.matching.next_step import heard_last


class Window(NamedTuple):
    """A call window, in microseconds."""

    start: int
    end: int


class CallTimes:
    """Finds the open or next call window of each row of a list. The rows have their instants in microseconds."""

    def __init__(self, now: datetime) -> None:
        """Start without any known windows."""
        self.now, self.at = now, micros(now)
        self._known: dict[tuple[str, str, str, int], list[Window]] = {}

    def next(self, row: Any, *, but_not: int | None = None) -> Window | None:
        """Return the first usable window, or None. `but_not` is the start of a window that was already used."""
        kind = (row.window, row.days, row.zone, row.since if row.window in FROM_NOW or row.days.startswith(ONCE) else 0)
        if kind not in self._known:
            self._known[kind] = self._first_two(Hours(*kind[:3], instant(kind[3]), instant(FAR)))
        for found in self._known[kind]:
            if found.start < row.expires and found.start != but_not:
                return found
        return None

    def _first_two(self, hours: Hours) -> list[Window]:
        """Return the open or next window and the one after it, which counts if the first was used."""
        return [Window(micros(span.start), micros(span.end)) for span in islice(usable_windows(hours, self.now), 2)]


def last_sign(row: Any) -> int:
    """Return the instant from which a claim counts as silent. The row has its instants in microseconds."""
    hours = Hours(row.window, row.days, row.zone, instant(row.since), instant(row.expires))
    shown, heard = (None if each is None else instant(each) for each in (row.shown_in, row.heard))
    return micros(heard_last(hours, instant(row.claimed), shown, heard))
