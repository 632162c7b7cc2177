"""Months as they are published: counted once, when they are over, and kept. Everything that shows figures asks here.

What is counted of a month, and the months that were counted. Drills are left out.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from helpline.caller import conversations
from helpline.oversight import monthly
from helpline.oversight.monthly import NO_SERVICE, Month
from helpline.request.model import Outcome, State
from helpline.request.offers import OfferState
from helpline.store.engine import Database
from helpline.store.schema import attempt, figure, harm, offer, request
from helpline.store.sql import insert_if_new
from menus.draft import NOT_SAID

LOOKS_BACK = 2
"""How many months the sweep looks back, should nothing have run when one ended."""

RegionOf = Callable[[str], str]


class NotOver(Exception):
    """A month is not over: its figures are not for publishing yet."""


def months(
    db: Database, named: Sequence[str], region_of: RegionOf, now: datetime, service: str = ""
) -> dict[str, Month]:
    """Give months that are over. Raises `NotOver`, and `ValueError` for what is no month."""
    if any(monthly.span_of(each)[1] > now for each in named):
        raise NotOver
    with db.read() as tx:
        kept = kept_months(tx, named, service)
    for each in (each for each in named if each not in kept):
        with db.read() as tx:  # counting takes a while where there is much: nobody who writes waits for it
            body = monthly.as_data(preview(tx, each, region_of, service))
        with db.write() as tx:
            keep_month(tx, each, service, body)
            kept |= kept_months(tx, [each], service)
    return {each: monthly.from_data(each, kept[each]) for each in named}


def is_over(named: str, now: datetime) -> bool | None:
    """Tell whether a month is over, None where `named` is no month."""
    try:
        return monthly.span_of(named)[1] <= now
    except ValueError:
        return None


def preview(tx: Connection, named: str, region_of: RegionOf, service: str = "") -> Month:
    """Count a month as it is now, without keeping it: not for publishing."""
    start, end = monthly.span_of(named)
    found = to_count(tx, start, end, region_of, service)
    left = [] if service else conversations.left_in_month(tx, named)
    harmed = harms_to_count(tx, start, end, service)
    return monthly.count(named, found.people, found.spans, found.asked, left, harmed)


def sweep(tx: Connection, region_of: RegionOf, now: datetime) -> int:
    """Count the months that have ended, before anything of them is erased; give how many."""
    last = monthly.last_months(now, LOOKS_BACK)
    missing = sorted(set(last) - kept_months(tx, last).keys())
    for each in missing:
        for service in ("", *services_of(tx, *monthly.span_of(each))):
            _count(tx, each, service, region_of)
    conversations.forget_left_before(tx, f"{now:%Y-%m}")
    return len(missing)


def _count(tx: Connection, named: str, service: str, region_of: RegionOf) -> None:
    keep_month(tx, named, service, monthly.as_data(preview(tx, named, region_of, service)))


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


def harms_to_count(tx: Connection, since: datetime, until: datetime, service: str = "") -> list[dict[str, str]]:
    """Give a row for each harm that was reported between two instants: which, and whose call or text it was."""
    rows = sa.select(harm.c.what, harm.c.service).where(harm.c.at >= since, harm.c.at < until)
    found = tx.execute(rows.where(harm.c.service == service) if service else rows)
    return [{"harm": row.what, "service": row.service or NO_SERVICE} for row in found]


def services_of(tx: Connection, since: datetime, until: datetime) -> list[str]:
    """Give the services that were asked about requests made between two instants."""
    rows = sa.select(offer.c.service).distinct().join(request, request.c.id == offer.c.request)
    rows = rows.where(request.c.created >= since, request.c.created < until, request.c.kind != DRILL)
    return sorted(tx.execute(rows.where(offer.c.state != OfferState.CALLED.value)).scalars())


def kept_months(tx: Connection, months: Collection[str], service: str = "") -> dict[str, Mapping[str, Any]]:
    """Give those of some months that were counted."""
    rows = sa.select(figure.c.month, figure.c.body).where(figure.c.month.in_(months), figure.c.service == service)
    return {row.month: row.body for row in tx.execute(rows)}


def keep_month(tx: Connection, month: str, service: str, body: Mapping[str, Any]) -> None:
    """Keep a month; one that is kept stays as it is."""
    insert_if_new(tx, figure, {"month": month, "service": service, "body": body})
