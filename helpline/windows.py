"""The windows of many people at one moment, for lists of thousands: what many share is worked out once. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from helpline.contact import NOW, Hours, Span, next_window
from helpline.micros import FAR, instant, micros


class Wished(Protocol):
    """Hours as the rows of lists have them (`contact.Hours`), with instants in microseconds."""

    @property
    def window(self) -> str: ...
    @property
    def days(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def since(self) -> int: ...
    @property
    def expires(self) -> int: ...


class Window(NamedTuple):
    """A window, and its ends in microseconds."""

    span: Span
    start: int
    end: int


def hours_of(row: Wished) -> Hours:
    """Give the hours of a row."""
    return Hours(row.window, row.days, row.zone, instant(row.since), instant(row.expires))


@dataclass(frozen=True, slots=True)
class Windows:
    """All windows at the moment `now`."""

    now: datetime
    _known: dict[tuple[str, str, str, int | None], Window | None] = field(default_factory=dict)

    def next(self, row: Wished, used: int | None = None) -> Window | None:
        """Give the window that is open or comes next (`contact.next_window`), None where none will.

        `used`: the start of one that was used already.
        """
        if row.window == NOW:
            return self._look(hours_of(row), used)
        shared = (row.window, row.days, row.zone, used)
        if shared not in self._known:
            self._known[shared] = self._look(Hours(*shared[:3], instant(FAR), instant(FAR)), used)
        window = self._known[shared]
        return window if window is not None and window.start < row.expires else None

    def _look(self, hours: Hours, used: int | None) -> Window | None:
        span = next_window(hours, self.now, but_not=None if used is None else instant(used))
        return Window(span, micros(span.start), micros(span.end)) if span else None
