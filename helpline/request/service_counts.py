"""Counts of what one service was asked and what it did, for that service alone. Practice is left out."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from helpline.request.model import DRILL, Outcome
from helpline.request.offers import OfferState
from helpline.store.engine import Tx
from helpline.store.schema import attempt, offer, request


@dataclass(frozen=True, slots=True)
class ServiceCounts:
    """Counts of the offers and callers of one service."""

    asked: int
    """Offers, whatever became of them."""
    taken: int
    """Offers that it claimed, or accepted from another service."""
    declined: int
    silent: int
    """Offers that went on because it did not answer in time."""
    reached: int
    """Requests whose caller it reached. Undone reports, and requests that were for nobody, do not count."""


def since(tx: Tx, service: str, start: datetime) -> ServiceCounts:
    """Count the requests made since an instant. The figures of a month count answers and callers in the same way."""
    within = sa.and_(request.c.created >= start, request.c.kind != DRILL)
    called, claimed = offer.c.state == OfferState.CALLED.value, offer.c.claimed.is_not(None)
    offered = sa.select(offer.c.state, claimed.label("claimed"), sa.func.count().label("n"))
    offered = offered.join(request, request.c.id == offer.c.request).where(within, offer.c.service == service, ~called)
    answers = Counter[str]()
    for row in tx.execute(offered.group_by(sa.literal_column("1"), sa.literal_column("2"))):
        answers["taken" if row.claimed else row.state] += row.n
    reported = sa.and_(attempt.c.service == service, attempt.c.outcome == "reached", attempt.c.undone.is_(None))
    for_us = sa.func.coalesce(request.c.outcome, "") != Outcome.NOT_FOR_US.value
    reached = sa.select(sa.func.count(sa.distinct(attempt.c.request)))
    reached = reached.join(request, request.c.id == attempt.c.request).where(within, reported, for_us)
    declined, silent = answers[OfferState.PASSED.value], answers[OfferState.LAPSED.value]
    return ServiceCounts(answers.total(), answers["taken"], declined, silent, tx.execute(reached).scalar_one())
