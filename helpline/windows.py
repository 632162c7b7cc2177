"""The hours that many people have in common, at one moment: worked out once for all of them. Pure."""

from datetime import datetime
from typing import NamedTuple

from helpline.contact import NOW, Hours, coming
from helpline.micros import FAR, instant, micros


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


def ahead(kind: Kind, now: datetime) -> tuple[Window, Window]:
    """Give the window that is open or comes next (`contact.coming`), and what comes next where it is used."""
    hours = Hours(kind.window, kind.days, kind.zone, instant(kind.since), instant(FAR))
    there = (Window(micros(span.start), micros(span.end)) for span in coming(hours, now))
    return next(there, NEVER), next(there, NEVER)
