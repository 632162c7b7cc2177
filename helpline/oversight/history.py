"""What has happened to a request so far, as a coordinator may read it: who was asked, and what came of it. Pure."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from helpline.oversight.open_requests import Asked
from helpline.request.offers import OfferState

ENDS = {
    OfferState.PASSED: "passed", OfferState.LAPSED: "lapsed", OfferState.UNDELIVERABLE: "undeliverable",
    OfferState.VOID: "void",
}  # fmt: skip
CLAIM_ENDS = {OfferState.PASSED: "gave_back", OfferState.LAPSED: "fell_silent", OfferState.VOID: "gave_back"}
OURS = frozenset({"called", "asked", "took", "moved", *ENDS.values(), *CLAIM_ENDS.values()})
KNOWN = frozenset({"claim", "pass"})
"""What is told by the offers themselves."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `what`: a text. `coarse`: of `at` no more is told than the hour.

    When something ends, the next request of that telephone is asked about in the same minute (R27); and when somebody
    ended something, the audit log has to the minute.
    """

    at: datetime
    desk: str
    what: str
    coarse: bool

    @property
    def ours(self) -> bool:
        """Tell whether it is an event of ours, and not an outcome that somebody wrote down."""
        return self.what in OURS


def events(asked: Iterable[Asked], said: Iterable[tuple[str, str, datetime]], people: Container[str]) -> list[Event]:
    """Give everything in its order. `people`: the ids of coordinators."""
    told = [Event(at, desk, what, coarse=True) for desk, what, at in said if what not in KNOWN]
    return sorted([*(event for each in asked for event in _of(each, each.service in people)), *told],
                  key=lambda event: event.at)  # fmt: skip


def _of(asked: Asked, coordinator: bool) -> Iterator[Event]:
    yield Event(asked.opened, asked.service, "called" if coordinator else "asked", coarse=True)
    if asked.claimed:
        yield Event(asked.claimed, asked.service, "took", coarse=False)
    end = (CLAIM_ENDS if asked.claimed else ENDS).get(asked.state)
    if asked.closed and end and not (coordinator and end == "void" and not asked.claimed):
        yield Event(asked.closed, asked.service, end, coarse=True)
