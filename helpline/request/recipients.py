"""Which services may get a caller's number: one at a time, and two at most unless the caller agrees to more (R30).

Everything that could pass a number on asks `Recipients`: the next offer, a hand-over, a coordinator, and the place
where the number leaves.
"""

from collections.abc import Collection, Set
from dataclasses import dataclass

import sqlalchemy as sa

from helpline.request import requests
from helpline.request.model import CallbackRequest
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import offer

SHORT_FORM_MOST = 1
"""By SMS the caller agrees to one service (R28)."""
HAVE_NUMBER = Fixed(
    sa.select(offer.c.service).where(
        offer.c.request == sa.bindparam("of"), offer.c.left_at.is_not(None), offer.c.override.is_(None)
    )
)


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who has the number of a request, and how many may get it."""

    have: Set[str]
    """The desks that the number has left to. A coordinator who got it by an override is not one of them (R29)."""
    most: int

    @property
    def are_all(self) -> bool:
        """Whether no other service may get the number, unless the caller agrees to one more."""
        return len(self.have) >= self.most

    def may_get(self, desk: str) -> bool:
        """Whether a desk may get the number: it has it already, or one more may have it."""
        return desk in self.have or not self.are_all


def recipients_of(tx: Tx, request: CallbackRequest, most_services: int) -> Recipients:
    """Return who has the number of a request. `most_services` is the setting of that name."""
    return _agreed(request, have_number(tx, request.id), most_services)


def waiting_for_yes(tx: Tx, ids: Collection[str], most_services: int) -> frozenset[str]:
    """Return those of many requests that no other service may get unless the caller agrees to one more."""
    have = _have_numbers(tx, ids)
    about = requests.of_ids(tx, frozenset(have))
    return frozenset(each.id for each in about if _agreed(each, have[each.id], most_services).are_all)


def _agreed(request: CallbackRequest, have: Set[str], most_services: int) -> Recipients:
    most = (SHORT_FORM_MOST if request.short_form else most_services) + request.more_services
    return Recipients(have, most)


def have_number(tx: Tx, request: str) -> frozenset[str]:
    """Return the ids of the desks that the number of a request has left to, within the caller's consent (R30)."""
    return frozenset(tx.execute(HAVE_NUMBER, {"of": request}).scalars())


def _have_numbers(tx: Tx, ids: Collection[str]) -> dict[str, set[str]]:
    """Return what `have_number` returns for each of many requests, without those whose number has left to nobody."""
    left = sa.and_(offer.c.request.in_(ids), offer.c.left_at.is_not(None), offer.c.override.is_(None))
    found = dict[str, set[str]]()
    for request, service in tx.execute(sa.select(offer.c.request, offer.c.service).where(left)):
        found.setdefault(request, set()).add(service)
    return found
