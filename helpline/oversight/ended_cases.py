"""The cases of a service that ended lately, and how: only what the service knows itself.

What the caller did, or who helps now, is not said (R27, R33).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from helpline.request import offers
from helpline.request.attempts import FULL, HANDED, NOT_FOR_US, NOT_TAKEN
from helpline.request.model import DRILL
from helpline.request.offers import HAS_CODE, Offered, OfferState
from helpline.store.engine import Tx
from helpline.store.schema import attempt, offer, request

OWN_ENDS = frozenset({
    "pass", "done", HANDED, NOT_TAKEN, FULL, NOT_FOR_US, "number_invalid", "not_safe_now", "hung_up",
    "someone_else_answered", "wrong_code_word",
})  # fmt: skip
"""What a service reports or does itself that ends a case for it."""
OVER = "over"
_HOW = {OfferState.LAPSED: "unanswered", OfferState.UNDELIVERABLE: "undeliverable"}
_LAST = sa.select(attempt.c.offer, attempt.c.outcome, attempt.c.at).where(
    attempt.c.undone.is_(None), attempt.c.offer.in_(sa.bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Ended:
    """One case that a service no longer has."""

    offer: Offered
    at: datetime
    how: str
    """Why, as far as the service knows: an outcome of `OWN_ENDS`, "unanswered", "silent", "undeliverable" or "over"."""
    drill: bool
    """Whether it was a practice case: nobody may believe that a caller was helped."""


def lately(tx: Tx, service: str, since: datetime, most: int) -> list[Ended]:
    """Return the cases of a service that ended since an instant, the newest first, at most `most`."""
    over = sa.and_(offer.c.service == service, offer.c.state.not_in((*HAS_CODE, OfferState.CALLED)))
    found = sa.select(offer.c.id, offer.c.closed, request.c.kind).join(
        request, request.c.id == offer.c.request, isouter=True
    )
    found = found.where(over, offer.c.closed >= since).order_by(offer.c.closed.desc()).limit(most)
    newest = {row.id: row for row in tx.execute(found)}
    ended = offers.of_ids(tx, list(newest)) if newest else []
    last = _last(tx, [each.id for each in ended])
    made = [
        Ended(each, newest[each.id].closed, how(each, last.get(each.id)), newest[each.id].kind == DRILL)
        for each in ended
    ]
    return sorted(made, key=lambda each: each.at, reverse=True)


def how(ended: Offered, last: Any) -> str:
    """Return how a case ended for its service. `last` is the row of what the service reported or did last, if any.

    A claim that has called in vain is taken back, too, when the caller's hours are over. It was not silent.
    """
    if last and last.outcome in OWN_ENDS:
        return str(last.outcome)
    if ended.state is OfferState.LAPSED and ended.claimed:
        return "silent" if ended.reminded and not (last and last.at > ended.reminded) else OVER
    return _HOW.get(ended.state, OVER)


def how_ended(tx: Tx, ended: Offered) -> str:
    """Return how one case ended for its service."""
    return how(ended, _last(tx, [ended.id]).get(ended.id))


def _last(tx: Tx, ids: Sequence[str]) -> dict[str, Any]:
    """Return what was reported or done last about each of some offers."""
    return {row.offer: row for row in tx.execute(_LAST.order_by(attempt.c.id), {"ids": ids})} if ids else {}
