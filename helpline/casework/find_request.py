"""Find requests by five digits that a service names, or by their short code, for coordinators.

Digits are drawn for each service, so two services may have the same: all matches are returned. No digits are stored,
neither here nor in the audit log (R35). The log has a row for each search, also for one that finds nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass

from helpline.casework import order_digits
from helpline.casework.claims import LATE_ANSWER
from helpline.referral.context import Context
from helpline.request import offers, requests
from helpline.request.offers import IS_HELD, Offered
from helpline.store import audit_log
from helpline.store.engine import Tx

FOUND, NOT_FOUND = "find", "find_nothing"
"""In the audit log: somebody searched by digits or a short code."""
REF = "requests"
"""What a row is about if the search found nothing, or more than one request."""


@dataclass(frozen=True, slots=True)
class Match:
    """A service's offer that has the digits, or had them until they were redrawn."""

    offer: Offered
    redrawn: bool
    """Whether its service has other digits now: a telephone was lost, or somebody guessed."""

    @property
    def is_held(self) -> bool:
        """Whether the service is asked about the request, or holds it, now."""
        return self.offer.state.value in IS_HELD


def by_digits(ctx: Context, tx: Tx, by: str, digits: str) -> list[Match]:
    """Return the offers with these digits: valid codes first, then those that ended in two days, then redrawn ones."""
    codes = offers.all_codes(tx, tx.now - LATE_ANSWER)
    valid = {id for id, draws in codes if ctx.offer_code(id, draws) == digits}
    redrawn = {id for id, draws in codes if digits in order_digits.earlier(ctx, id, draws)}
    found = [Match(each, each.id not in valid) for each in offers.of_ids(tx, [*(valid | redrawn)])]
    _log(ctx, tx, by, {each.offer.request for each in found})
    return sorted(found, key=lambda each: (each.redrawn, not each.is_held))


def by_short_code(ctx: Context, tx: Tx, by: str, code: str) -> list[str]:
    """Return the ids of the requests with this short code, mostly one."""
    found = requests.of_short_code(tx, code)
    _log(ctx, tx, by, found)
    return found


def _log(ctx: Context, tx: Tx, by: str, found: Collection[str]) -> None:
    """Log a search, without what was typed: a person may have typed anything."""
    ref = next(iter(found)) if len(found) == 1 else REF
    audit_log.append(tx, ctx.audit_key, tx.now, by, FOUND if found else NOT_FOUND, ref)
