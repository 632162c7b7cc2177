"""The history of a request for a coordinator: which desks were asked, and how each offer ended. Pure.

What has happened does not change afterwards: a service that declined has declined, also once it may be asked again.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from helpline.oversight.open_requests import ContactedDesk
from helpline.request.attempts import FULL
from helpline.request.offers import OfferState

ENDS = {
    OfferState.PASSED: "passed", OfferState.LAPSED: "lapsed", OfferState.UNDELIVERABLE: "undeliverable",
    OfferState.VOID: "void",
}  # fmt: skip
CLAIM_ENDS = {OfferState.PASSED: "gave_back", OfferState.LAPSED: "fell_silent", OfferState.VOID: "gave_back"}
OFFER_EVENTS = frozenset({"called", "asked", "took", "moved", "full", *ENDS.values(), *CLAIM_ENDS.values()})
IN_OFFERS = frozenset({"claim", "pass", FULL})
"""Reports that the offers show already."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event."""

    at: datetime
    desk: str
    what: str
    """The name of a text."""
    coarse: bool
    """Whether only the hour of `at` is shown.

    The exact minute could link two requests of one telephone, because the next one is offered in the minute in which
    this one ends (R27). It could also link the event to an entry of the audit log.
    """
    reason: str = ""
    """Why a coordinator has chosen the service that is asked next: one of `reassign.WHY`. `desk` is empty then."""

    @property
    def of_offer(self) -> bool:
        """Whether it is an event of an offer, and not an outcome that a person reported."""
        return not self.desk or self.what in OFFER_EVENTS


def events(
    desks: Iterable[ContactedDesk], reports: Iterable[tuple[str, str, datetime]], coordinators: Container[str],
    choices: Iterable[tuple[str, datetime]] = (), undone: Iterable[datetime] = (),
) -> list[Event]:  # fmt: skip
    """Return all events, oldest first. `coordinators`: the ids of those among the desks.

    `choices`: why and when a coordinator has chosen a service. `undone`: when they took such a choice back.

    A report comes before the end of the offer that it causes, at the same instant.
    """
    reported = [Event(at, desk, what, coarse=True) for desk, what, at in reports if what not in IN_OFFERS]
    offered = [event for desk in desks for event in _events_of(desk, desk.service in coordinators)]
    chosen = [Event(at, "", "chosen", coarse=True, reason=why) for why, at in choices]
    back = [Event(at, "", "took_back", coarse=True) for at in undone]
    return sorted([*reported, *chosen, *back, *offered], key=lambda event: event.at)


def _events_of(desk: ContactedDesk, coordinator: bool) -> Iterator[Event]:
    yield Event(desk.opened, desk.service, "called" if coordinator else "asked", coarse=True)
    if desk.claimed:
        yield Event(desk.claimed, desk.service, "took", coarse=False)
    end = (CLAIM_ENDS if desk.claimed else ENDS).get(_end_of(desk))
    if desk.declined == FULL and end == "passed":
        end = "full"
    if desk.closed and end and not (coordinator and end == "void" and not desk.claimed):
        yield Event(desk.closed, desk.service, end, coarse=True)


def _end_of(desk: ContactedDesk) -> OfferState:
    """Return how an offer ended at first. It becomes VOID when a coordinator has its service asked once more."""
    if desk.state is not OfferState.VOID or desk.claimed:
        return desk.state
    if desk.declined:
        return OfferState.PASSED
    was_late = desk.closed is not None and desk.until is not None and desk.closed >= desk.until
    return OfferState.LAPSED if was_late else OfferState.VOID
