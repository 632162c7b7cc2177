"""The hours that the caller chose, once a service that has left out some of them no longer holds the request (R3)."""

from helpline.request import requests
from helpline.request.model import CallbackRequest
from helpline.store.engine import Tx


def restore(tx: Tx, request: CallbackRequest) -> CallbackRequest:
    """Put back the hours that a service has left out, because its claim is over. Return the request as it is now.

    The caller knows nothing of it, and expects a call in the hours that they chose. Hours that a service has set after
    it had reached the caller are their own: they agreed to them.
    """
    held = requests.hold(tx, request.id)
    if held is None or held.state is not request.state:
        return request  # at the same instant the caller has chosen other hours, or withdrawn it
    own = held.own_hours
    if own == held.hours:
        return held
    requests.amend(
        tx,
        request.id,
        {"window": own.window, "days": own.days, "since": held.since if own.once else tx.now, "chosen": None},
    )
    return requests.get(tx, request.id) or request
