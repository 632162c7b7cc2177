"""The hours that the caller chose, also while a service has set others (R3)."""

from dataclasses import replace

from helpline.core.call_windows import Hours
from helpline.request import attempts, requests
from helpline.request.model import CallbackRequest
from helpline.store.engine import Tx


def own_hours(tx: Tx, request: CallbackRequest) -> Hours:
    """Return the hours that the caller chose, also if a service has left some of them out.

    What a service has set counts only while it is in force: the caller may have chosen hours since, even the same.
    """
    own, _, in_force = (attempts.last_hours(tx, request.id, request.hours.since) or "").partition(" ")
    if in_force != stored(request.hours):
        return request.hours
    window, _, days = own.partition("/")
    return replace(request.hours, window=window, days=days)


def restore(tx: Tx, request: CallbackRequest) -> CallbackRequest:
    """Put back the hours that a service has left out, because its claim is over. Return the request as it is now.

    The caller knows nothing of it, and expects a call in the hours that they chose. Hours that a service has set after
    it had reached the caller are their own: they agreed to them.
    """
    held = requests.hold(tx, request.id)
    if held is None or held.state is not request.state:
        return request  # at the same instant the caller has chosen other hours, or withdrawn it
    own = own_hours(tx, held)
    if own == held.hours:
        return held
    requests.amend(tx, request.id, {"window": own.window, "days": own.days, "since": tx.now})
    return requests.get(tx, request.id) or request


def stored(hours: Hours) -> str:
    """Return a window and its days as `attempts` stores them."""
    return f"{hours.window}/{hours.days}"
