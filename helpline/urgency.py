"""What a desk sees of what it holds: what must happen now first, what closes soonest before the rest. Pure.

The rule of the order is stated once, where it is carried out: `store.cases`.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple


class When(IntEnum):
    """The parts of the list, in their order."""

    RING_NOW = 0
    """Ours, and her window is open; or offered to us, and she is in danger."""
    ANSWER = 1
    LATER = 2
    HELPED_ON = 3


DUE = (When.RING_NOW, When.ANSWER)
"""What somebody should do something about now: the first parts."""
A_PAGE = 50
"""So many lines stand on a page."""


class Placed(NamedTuple):
    """An offer's place: its part, and when that closes or opens; None where nothing does."""

    when: When
    at: datetime | None
    id: str


def page_of(placed: Sequence[Placed], number: int) -> Sequence[Placed]:
    """Give one page out of the list; pages count from 1."""
    return placed[before(number) : before(number + 1)]


def before(number: int) -> int:
    """Give how many lines stand before a page."""
    return (number - 1) * A_PAGE


def pages(count: int) -> int:
    """Give how many pages so many lines take."""
    return -(-count // A_PAGE)
