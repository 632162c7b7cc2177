"""What is counted of a month, and the months that were counted. Drills are left out."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from helpline.monthly import NO_SERVICE
from helpline.request import Outcome, State
from helpline.store.offers import OfferState
from helpline.store.rows import insert_if_new
from helpline.store.schema import attempt, figure, harm, offer, request
from menus.draft import NOT_SAID

DRILL = "drill"
REACHED = frozenset({State.REACHED.value, State.FOLLOWING.value, Outcome.HELPED.value, Outcome.HANDED_OVER.value})
ANSWERS: Mapping[str, str] = {
    OfferState.CLAIMED.value: "claimed", OfferState.FOLLOWED.value: "claimed", OfferState.PASSED.value: "passed",
    OfferState.LAPSED.value: "silent", OfferState.UNDELIVERABLE.value: "undeliverable",
}  # fmt: skip
"""How a service answered, by the state of its offer; an offer that was claimed once, whatever became of it, is that."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What there is to count: a row for each request, how long each thing took, a row for each offer."""

    people: list[dict[str, str]]
    spans: Mapping[str, list[timedelta]]
    asked: list[dict[str, str]]


@dataclass(slots=True)
class _Firsts:
    """When things first happened to each request, and who could not be helped by any service."""

    offer: dict[str, datetime] = field(default_factory=dict)
    claim: dict[str, datetime] = field(default_factory=dict)
    reach: dict[str, datetime] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)


def to_count(
    tx: Connection, since: datetime, until: datetime, region_of: Callable[[str], str], service: str = ""
) -> Counted:
    """Give what is counted of the requests made between two instants; of a service: of those that it claimed."""
    within = sa.and_(request.c.created >= since, request.c.created < until, request.c.kind != DRILL)
    firsts, asked = _offers(tx, within, service)
    for row in tx.execute(_reached(within, service)):
        firsts.reach[row.request] = row.at
    rows = [row for row in tx.execute(_requests(within)) if not service or row.id in firsts.claim]
    people = [_person(row, firsts, region_of) for row in rows]
    return Counted(people, _spans(rows, firsts), asked)


def _requests(within: sa.ColumnElement[bool]) -> sa.Select[Any]:
    names = ("id", "created", "state", "outcome", "need", "place", "language", "short_form", "age_band", "kind")
    return sa.select(*(request.c[name] for name in names)).where(within).order_by(request.c.id)


def _offers(tx: Connection, within: sa.ColumnElement[bool], service: str) -> tuple[_Firsts, list[dict[str, str]]]:
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
    """Give how a service answered; nothing where we took the offer back, or it is still open."""
    said = "claimed" if row.claimed is not None else ANSWERS.get(row.state)
    return [{"service": row.service, "answer": said}] if said else []


def _reached(within: sa.ColumnElement[bool], service: str) -> sa.Select[Any]:
    """Say when somebody was first reached. What was undone does not count."""
    told = sa.and_(attempt.c.outcome == "reached", attempt.c.undone.is_(None), within)
    rows = sa.select(attempt.c.request, sa.func.min(attempt.c.at).label("at"))
    rows = rows.join(request, request.c.id == attempt.c.request).where(told).group_by(attempt.c.request)
    return rows.where(attempt.c.service == service) if service else rows


def _person(row: Row[Any], firsts: _Firsts, region_of: Callable[[str], str]) -> dict[str, str]:
    return {
        "need": row.need or NOT_SAID, "region": region_of(row.place) or NOT_SAID, "language": row.language,
        "channel": "sms" if row.short_form else "ussd", "age": row.age_band, "about": row.kind,
        "outcome": _outcome(row, firsts), "day": f"{row.created:%d}",
    }  # fmt: skip


def _outcome(row: Row[Any], firsts: _Firsts) -> str:
    """Say what became of a request, in one word of few: finer ones could be reckoned from each other."""
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


def harmed(tx: Connection, since: datetime, until: datetime, service: str = "") -> list[dict[str, str]]:
    """Give a row for each harm that was reported between two instants: which, and whose call or text it was."""
    rows = sa.select(harm.c.what, harm.c.service).where(harm.c.at >= since, harm.c.at < until)
    found = tx.execute(rows.where(harm.c.service == service) if service else rows)
    return [{"harm": row.what, "service": row.service or NO_SERVICE} for row in found]


def services_of(tx: Connection, since: datetime, until: datetime) -> list[str]:
    """Give the services that were asked about requests made between two instants."""
    rows = sa.select(offer.c.service).distinct().join(request, request.c.id == offer.c.request)
    rows = rows.where(request.c.created >= since, request.c.created < until, request.c.kind != DRILL)
    return sorted(tx.execute(rows.where(offer.c.state != OfferState.CALLED.value)).scalars())


def kept(tx: Connection, months: Collection[str], service: str = "") -> dict[str, Mapping[str, Any]]:
    """Give those of some months that were counted."""
    rows = sa.select(figure.c.month, figure.c.body).where(figure.c.month.in_(months), figure.c.service == service)
    return {row.month: row.body for row in tx.execute(rows)}


def keep(tx: Connection, month: str, service: str, body: Mapping[str, Any]) -> None:
    """Keep a month; one that is kept stays as it is."""
    insert_if_new(tx, figure, {"month": month, "service": service, "body": body})
