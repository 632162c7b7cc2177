"""The hours that many people have in common, at one moment: worked out once for all of them. Pure."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from helpline.contact import NOW, Hours, coming
from helpline.micros import EPOCH, FAR, instant, micros


class Kind(NamedTuple):
    """Hours as `contact.Hours` has them, whenever consent ends; `since` (microseconds) is 0 unless they are `now`."""

    window: str
    days: str
    zone: str
    since: int

    @property
    def text(self) -> str:
        """All that tells it from another, in one."""
        return f"{NOW} {self.since}" if self.window == NOW else f"{self.window} {self.days} {self.zone}"


class Window(NamedTuple):
    """From when to when, in microseconds."""

    start: int
    end: int


NEVER = Window(FAR, FAR)


STEP = timedelta(minutes=5)
"""Windows end on full hours, and zones are quarters of hours apart: what comes changes on full five minutes only."""


def ahead(kind: Kind, now: datetime) -> tuple[Window, Window]:
    """Give the window that is open or comes next (`contact.coming`), and what comes next where it is used."""
    return _ahead(kind, now) if kind.window == NOW else _of_step(kind, now - (now - EPOCH) % STEP)


def _ahead(kind: Kind, now: datetime) -> tuple[Window, Window]:
    hours = Hours(kind.window, kind.days, kind.zone, instant(kind.since), instant(FAR))
    there = (Window(micros(span.start), micros(span.end)) for span in coming(hours, now))
    return next(there, NEVER), next(there, NEVER)


_of_step = lru_cache(maxsize=4_096)(_ahead)
"""Not those of `now`: each begins at a moment of its own."""
