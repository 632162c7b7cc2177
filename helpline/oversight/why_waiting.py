"""Why no service is being asked about a request that waits, as coordinators read it.

It must not show that a request has another one of the same telephone before it (R27). So what is not said apart here
is said with the rule that holds for all: one request of a telephone at a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpline.matching import candidates
from helpline.matching.next_step import waits_until
from helpline.request import waitlist_entries
from helpline.request.model import CallbackRequest, State
from helpline.store.engine import Tx


class Reason(StrEnum):
    """Why it waits. The value is the name of the text in `console.requests.waits`."""

    AT_MENU = "menu"
    """The caller may still be at the menu: services are asked a moment after the last key."""
    FULL = "full"
    """The services that fit are full, and it waits for one of them."""
    TURN = "turn"
    """Its turn has not come yet."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why a request waits, and until when."""

    reason: Reason
    until: datetime | None = None
    """When that ends at the latest; None if it is not known."""
    desks: Mapping[str, datetime | None] | None = None
    """The full services that it waits for, by their ids, and when each is free if that is known."""


def why(tx: Tx, request: CallbackRequest) -> Waiting:
    """Return why a request waits."""
    if tx.now < request.due:
        return Waiting(Reason.AT_MENU, request.due)
    desks = waitlist_entries.desks_of(tx, request.id)
    if not desks:
        return Waiting(Reason.TURN)
    free = candidates.full_by_own_word(tx)
    return Waiting(Reason.FULL, waits_until(request), {id: free.get(id) for id in sorted(desks)})


def reasons(tx: Tx, requests: Sequence[CallbackRequest]) -> Mapping[str, Reason]:
    """Return why each of these requests waits, by its id; nothing for those that do not. One statement for all."""
    waiting = [each for each in requests if each.state is State.WAITING]
    full = waitlist_entries.waiting_of(tx, [each.id for each in waiting])
    return {
        each.id: Reason.AT_MENU if tx.now < each.due else Reason.FULL if each.id in full else Reason.TURN
        for each in waiting
    }
