"""What every step of a request may use, and the criteria by which services are matched to it."""

from collections.abc import Callable
from dataclasses import dataclass

from helpline.content.country import Country
from helpline.core.config import Config
from helpline.matching.criteria import Criteria
from helpline.request import free_windows, sealed_numbers
from helpline.request.model import CallbackRequest
from helpline.store.engine import Tx


@dataclass(frozen=True, slots=True)
class Context:
    """What every step of a request may use. Built once per process, by `workers/wiring.py` and the console's `app.py`.

    The public process never has one: it gets a `CallerContext`.
    """

    settle_stops: Callable[[Tx, str], None]
    """Makes sure that no stop of a request's telephone that has come in is passed over (R48). A worker applies it. The
    console keeps the workers from applying one until its transaction ends, and looks for unread ones itself."""
    offer_code: Callable[[str, int], str]
    """Makes the five digits of an offer from its id and draw."""
    country: Country
    config: Config
    audit_key: bytes
    log: Callable[[str, str], None]
    """Logs the name of an event and an id."""


def criteria_for(ctx: Context, tx: Tx, request: CallbackRequest, full: frozenset[str] = frozenset()) -> Criteria:
    """Return the criteria for a request. `full` holds the desks that take no more requests.

    Only windows count in which nobody has called yet: a service could do nothing with another one (R11).
    """
    line = sealed_numbers.line_of(tx, request.id)
    free = None if line is None else tuple(free_windows.free_windows(tx, line, request))
    return Criteria(request, ctx.country, tx.now, ctx.config.fresh_days, full, free)
