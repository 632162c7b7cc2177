"""What every step of a request may use, and the criteria by which services are matched to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpline.content.country import Country
from helpline.core.config import Config
from helpline.matching.criteria import Criteria
from helpline.request.model import CallbackRequest
from helpline.store.engine import Tx


class Stops(Protocol):
    """Applies stops before anything else happens (R48). Workers apply them; the console waits for the workers."""

    def settle(self, tx: Tx) -> None:
        """Make sure that every stop that has come in takes effect first."""


class OfferCodes(Protocol):
    """How an offer is called: by five digits in a text, by its id at the console, which has no key for digits."""

    def offer_code(self, offer: str, draw: int) -> str:
        """Return what the holder of an offer calls it by."""


@dataclass(frozen=True, slots=True)
class Context:
    """What every step of a request may use. Built once per process, by `workers/wiring.py` and the console's `app.py`.

    The public process never has one: it gets a `CallerContext`.
    """

    stops: Stops
    codes: OfferCodes
    country: Country
    config: Config
    audit_key: bytes
    log: Callable[[str, str], None]
    """Logs the name of an event and an id."""


def criteria_for(ctx: Context, request: CallbackRequest, now: datetime, full: frozenset[str] = frozenset()) -> Criteria:
    """Return the criteria for a request. `full` holds the desks that take no more requests."""
    return Criteria(request, ctx.country, now, ctx.config.fresh_days, full)
