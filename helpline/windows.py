"""The hours that many people have in common, at one moment: worked out once for all of them. Pure."""

from datetime import datetime
from typing import NamedTuple

from helpline.contact import Hours, Span, next_window
from helpline.micros import FAR, instant, micros


class Kind(NamedTuple):
    """Hours as `contact.Hours` has them, whenever consent ends; `since` (microseconds) is 0 unless they are `now`."""

    window: str
    days: str
    zone: str
    since: int


class Window(NamedTuple):
    """From when to when, in microseconds."""

    start: int
    end: int


NEVER = Window(FAR, FAR)


def ahead(kind: Kind, now: datetime) -> tuple[Window, Window]:
    """Give the window that is open or comes next (`contact.next_window`), and what comes next where it is used."""
    hours = Hours(kind.window, kind.days, kind.zone, instant(kind.since), instant(FAR))
    first = next_window(hours, now)
    return _window(first), _window(next_window(hours, now, but_not=first.start) if first else None)


def _window(span: Span | None) -> Window:
    return Window(micros(span.start), micros(span.end)) if span else NEVER
