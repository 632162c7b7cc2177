"""What a later answer means to others: whoever is asked, or holds the request, and whose telephone is to be rung."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.engine import Connection

from helpline import ending, mine
from helpline.numbers import Msisdn
from helpline.request import CallbackRequest, State
from helpline.store import numbers, offers, outbox, requests
from helpline.store.offers import OfferState
from helpline.vault import Sealing

UNCLAIMED = frozenset({State.WAITING, State.OFFERED, State.STRANDED})
"""Only of these can the number be changed: nobody may hold it."""


def wake(tx: Connection, request: CallbackRequest, said: Mapping[str, object], due: datetime, now: datetime) -> None:
    """See to what new answers mean to whoever is being asked, holds the request, or was not found (R23, R44).

    `request`: as it stood before. `said`: its columns now. `due`: when a request that waits is attended to.
    """
    changed = any(getattr(request, name) != value for name, value in said.items())
    match request.state:
        case State.WAITING:
            outbox.wake(tx, "attend", request.id, due)
        case State.OFFERED:
            outbox.wake(tx, "attend", request.id, now)
        case State.STRANDED if changed:
            mine.resume(tx, request, due, now)
        case State.CLAIMED if changed:
            for offer in mine.claims(tx, request):
                ending.tell_card(tx, offer, now)


def rings_instead(tx: Connection, request: CallbackRequest, sealing: Sealing, number: Msisdn, now: datetime) -> bool:
    """Have another number rung; false where a service holds the request already. An open offer is taken back."""
    if request.state not in UNCLAIMED:
        return False
    for offer in offers.live_of_request(tx, request.id):
        if offer.state is not OfferState.OPEN or not ending.end_offer(tx, offer, OfferState.VOID, now):
            return False
        requests.move(tx, request.id, State.OFFERED, State.WAITING, now, due=now)
    numbers.replace(tx, request.id, sealing.seal(request.id, number))
    return True
