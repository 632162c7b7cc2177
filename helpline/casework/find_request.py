"""Find requests by five digits that a service names, or by their short code, for coordinators.

Digits are drawn for each service, so two services may have the same: all matches are returned. No digits are stored,
neither here nor in the audit log (R35).
"""

from helpline.casework.claims import LATE_ANSWER
from helpline.referral.context import Context
from helpline.request import offers, requests
from helpline.request.offers import IS_HELD, Offered
from helpline.staff.openings import EVERY
from helpline.store import audit_log
from helpline.store.engine import Tx

FOUND = "find"
"""In the audit log: somebody searched by digits. One row for each person and quarter of an hour."""
REF = "requests"


def by_digits(ctx: Context, tx: Tx, by: str, digits: str) -> list[Offered]:
    """Return the offers with these digits: those with a valid code first, then those that ended in two days."""
    audit_log.append_once(tx, ctx.audit_key, by, FOUND, REF, EVERY)
    codes = offers.all_codes(tx, tx.now - LATE_ANSWER)
    found = offers.of_ids(tx, [id for id, draws in codes if ctx.offer_code(id, draws) == digits])
    return sorted(found, key=lambda each: each.state.value not in IS_HELD)


def by_short_code(ctx: Context, tx: Tx, by: str, code: str) -> list[str]:
    """Return the ids of the requests with this short code, mostly one. The search is logged, without the code."""
    audit_log.append_once(tx, ctx.audit_key, by, FOUND, REF, EVERY)
    return requests.of_short_code(tx, code)
