"""The rows from which a month's figures are counted, and the figures that are stored."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from helpline.oversight.monthly import NO_SERVICE
from helpline.request.model import DRILL, Outcome, State
from helpline.request.offers import OfferState
from helpline.store.engine import Tx
from helpline.store.schema import attempt, figure, harm, offer, request
from helpline.store.sql import insert_if_new
from menus.draft import NOT_SAID

RegionOf = Callable[[str], str]
"""Returns the region of a place by its code."""
REACHED = frozenset({State.REACHED.value, State.FOLLOWING.value, Outcome.HELPED.value, Outcome.HANDED_OVER.value})
ANSWERS: Mapping[str, str] = {
    OfferState.CLAIMED.value: "claimed", OfferState.FOLLOWED.value: "claimed", OfferState.PASSED.value: "passed",
    OfferState.LAPSED.value: "silent", OfferState.UNDELIVERABLE.value: "undeliverable",
}  # fmt: skip
"""How a service answered, by the state of its offer. An offer that was claimed counts as claimed, however it ended."""


@dataclass(frozen=True, slots=True)
class MonthData:
    """The rows that are counted for a month."""

    people: list[dict[str, str]]
    """One for each request."""
    spans: Mapping[str, list[timedelta]]
    """The durations of each kind."""
    asked: list[dict[str, str]]
    """One for each offer that was answered."""


@dataclass(slots=True)
class _Firsts:
    """When each request was first offered, claimed and reached, and for which a coordinator was called."""

    offer: dict[str, datetime] = field(default_factory=dict)
    claim: dict[str, datetime] = field(default_factory=dict)
    reach: dict[str, datetime] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)


def month_data(tx: Tx, since: datetime, until: datetime, region_of: RegionOf, service: str = "") -> MonthData:
    """Return the data of the requests made between two instants; for a service, of those that it claimed."""
    within = sa.and_(request.c.created >= since, request.c.created < until, request.c.kind != DRILL)
    firsts, asked = _offers(tx, within, service)
    for row in tx.execute(_reached(within, service)):
        firsts.reach[row.request] = row.at
    rows = [row for row in tx.execute(_requests(within)) if not service or row.id in firsts.claim]
    people = [_person(row, firsts, region_of) for row in rows]
    return MonthData(people, _spans(rows, firsts), asked)


def _requests(within: sa.ColumnElement[bool]) -> sa.Select[Any]:
    names = ("id", "created", "state", "outcome", "need", "place", "language", "short_form", "age_band", "kind")
    return sa.select(*(request.c[name] for name in names)).where(within).order_by(request.c.id)


def _offers(tx: Tx, within: sa.ColumnElement[bool], service: str) -> tuple[_Firsts, list[dict[str, str]]]:
    rows = sa.select(offer.c.request, offer.c.service, offer.c.state, offer.c.opened, offer.c.claimed)
    rows = rows.join(request, request.c.id == offer.c.request).where(within).order_by(offer.c.opened)
    firsts, asked = _Firsts(), list[dict[str, str]]()
    for row in tx.execute(rows.where(offer.c.service == service) if service else rows):
        if row.state == OfferState.CALLED.value:
            firsts.called.add(row.request)
            continue
        firsts.offer.setdefault(row.request, row.opened)
        if row.claimed is not None:
            firsts.claim[row.request] = min(row.claimed, firsts.claim.get(row.request, row.claimed))
        asked += _answer(row)
    return firsts, asked


def _answer(row: Any) -> Iterable[dict[str, str]]:
    """Return how a service answered: nothing if the offer is open or was withdrawn."""
    said = "claimed" if row.claimed is not None else ANSWERS.get(row.state)
    return [{"service": row.service, "answer": said}] if said else []


def _reached(within: sa.ColumnElement[bool], service: str) -> sa.Select[Any]:
    """Select when each caller was first reached. Undone reports, and requests that were for nobody, do not count."""
    for_us = sa.func.coalesce(request.c.outcome, "") != Outcome.NOT_FOR_US.value
    reported = sa.and_(attempt.c.outcome == "reached", attempt.c.undone.is_(None), for_us, within)
    rows = sa.select(attempt.c.request, sa.func.min(attempt.c.at).label("at"))
    rows = rows.join(request, request.c.id == attempt.c.request).where(reported).group_by(attempt.c.request)
    return rows.where(attempt.c.service == service) if service else rows


def _person(row: Row[Any], firsts: _Firsts, region_of: Callable[[str], str]) -> dict[str, str]:
    return {
        "need": row.need or NOT_SAID, "region": region_of(row.place) or NOT_SAID, "language": row.language,
        "channel": "sms" if row.short_form else "ussd", "age": row.age_band, "about": row.kind,
        "outcome": _outcome(row, firsts), "day": f"{row.created:%d}",
    }  # fmt: skip


def _outcome(row: Row[Any], firsts: _Firsts) -> str:
    """Return the outcome of a request, out of few: finer ones could be calculated from each other."""
    if row.outcome == Outcome.NOT_FOR_US.value:
        return Outcome.NOT_FOR_US.value  # a prank that was reached is no help
    if row.id in firsts.reach or row.state in REACHED or row.outcome in REACHED:
        return "reached"
    if row.outcome:
        return str(row.outcome)
    if row.state == State.STRANDED.value or (row.id in firsts.called and row.id not in firsts.claim):
        return "stranded"
    return "expired" if row.state == State.EXPIRED.value else "open"


def _spans(rows: Iterable[Row[Any]], firsts: _Firsts) -> Mapping[str, list[timedelta]]:
    spans = defaultdict[str, list[timedelta]](list)
    for row in rows:
        for name, first in (("offer", firsts.offer), ("claim", firsts.claim), ("reach", firsts.reach)):
            if row.id in first:
                spans[name].append(first[row.id] - row.created)
    return spans


def harm_data(tx: Tx, since: datetime, until: datetime, service: str = "") -> list[dict[str, str]]:
    """Return a row for each harm reported between two instants: its kind, and the service that called or wrote."""
    rows = sa.select(harm.c.what, harm.c.service).where(harm.c.at >= since, harm.c.at < until)
    found = tx.execute(rows.where(harm.c.service == service) if service else rows)
    return [{"harm": row.what, "service": row.service or NO_SERVICE} for row in found]


def services_of(tx: Tx, since: datetime, until: datetime) -> list[str]:
    """Return the services that were asked about requests made between two instants."""
    rows = sa.select(offer.c.service).distinct().join(request, request.c.id == offer.c.request)
    rows = rows.where(request.c.created >= since, request.c.created < until, request.c.kind != DRILL)
    return sorted(tx.execute(rows.where(offer.c.state != OfferState.CALLED.value)).scalars())


def stored_months(tx: Tx, months: Collection[str], service: str = "") -> dict[str, Mapping[str, Any]]:
    """Return the stored figures of those months that were counted."""
    rows = sa.select(figure.c.month, figure.c.body).where(figure.c.month.in_(months), figure.c.service == service)
    return {row.month: row.body for row in tx.execute(rows)}


def store_month(tx: Tx, month: str, service: str, body: Mapping[str, Any]) -> None:
    """Store a month. A month that is stored already stays as it is."""
    insert_if_new(tx, figure, {"month": month, "service": service, "body": body})
