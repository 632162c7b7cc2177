"""What stops a request, whoever asks for it: offers become void, whoever holds it is told, nothing more goes out."""

from datetime import datetime

from sqlalchemy.engine import Connection

from helpline.request import CallbackRequest, Outcome, State
from helpline.store import messages, numbers, offers, outbox, requests
from helpline.store.offers import Offered, OfferState


def stop(tx: Connection, request: CallbackRequest, to: State, now: datetime, outcome: Outcome | None = None) -> bool:
    """Pause, freeze, expire or close a request at once; false where it has moved since it was read.

    A claim turns to "do not ring": its service is told, neutrally. A closed request's number is erased.
    """
    if not requests.move(tx, request.id, request.state, to, now, outcome=outcome):
        return False
    for offer in offers.live_of_request(tx, request.id):
        end_offer(tx, offer, OfferState.VOID, now)
        if offer.state is OfferState.CLAIMED:
            tell_service(tx, offer, "to_ngo.stop", now)
    messages.void_to_caller(tx, request.id, now)
    outbox.drop(tx, "attend", request.id)
    outbox.drop(tx, "page", request.id)
    if to in (State.CLOSED, State.EXPIRED):
        outbox.drop(tx, "expire", request.id)
        outbox.wake(tx, "forget", request.id, now)
    wake_line(tx, numbers.line_of(tx, request.id), now)
    return True


def end_offer(tx: Connection, offer: Offered, to: OfferState, now: datetime) -> bool:
    """End an offer and take back its unsent texts; false where it has moved since it was read."""
    if not offers.move(tx, offer.id, offer.state, to, now):
        return False
    messages.void_of_offer(tx, offer.id, now)
    outbox.drop(tx, "lapse", offer.id)
    return True


def tell_service(tx: Connection, offer: Offered, notice: str, now: datetime, **values: str) -> None:
    """Write a text to the service of an offer and let it go."""
    id = messages.add(
        tx, "service", offer.service, notice, "", now, offer=offer.id, request=offer.request, values=values
    )
    outbox.wake(tx, "send", id, now)


def wake_line(tx: Connection, line: str | None, now: datetime) -> None:
    """Look at once at the newest request that waits on a line: its turn may have come (R27)."""
    waiting = requests.newest_waiting(tx, line) if line else None
    if waiting:
        outbox.wake(tx, "attend", waiting, now)
