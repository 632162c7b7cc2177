"""The rows from which a month's figures are counted, and the figures that are stored."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from helpline.oversight.monthly import NO_SERVICE, SPANS
from helpline.request.model import DRILL, Outcome, State
from helpline.request.offers import OfferState
from helpline.store.engine import Tx
from helpline.store.schema import attempt, figure, harm, offer, raw, request
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
PERSON = "person"
ALIKE = ("state", "outcome", "need", "place", "language", "short_form", "age_band", "kind")
"""Columns of a request that are counted."""
DAY, MINUTE = 86_400_000_000, 60_000_000
"""In microseconds, as instants are stored."""
FIRST_DAY = date(1970, 1, 1)
AT_ONCE = 1_000
"""Groups of rows in memory while a month is counted."""


@dataclass(frozen=True, slots=True)
class MonthData:
    """What is counted for a month. The database counts rows that are alike; equal people are one object here."""

    people: list[dict[str, str]]
    """One for each request."""
    spans: Mapping[str, list[timedelta]]
    """The durations of each kind, rounded up to minutes."""
    asked: list[dict[str, str]]
    """One for each offer that was answered."""


def month_data(tx: Tx, since: datetime, until: datetime, region_of: RegionOf, service: str = "") -> MonthData:
    """Return the data of the requests made between two instants; for a service, of those that it claimed."""
    within = sa.and_(request.c.created >= since, request.c.created < until, request.c.kind != DRILL)
    firsts, reached = _firsts(within, service), _reached(within, service)
    whole = request.outerjoin(firsts, firsts.c.request == request.c.id)
    whole = whole.outerjoin(reached, reached.c.request == request.c.id)
    counted = sa.and_(within, firsts.c.claim.is_not(None)) if service else within
    people, spans = list[dict[str, str]](), defaultdict[str, list[timedelta]](list)
    with tx.execute(_counts(_facts(whole, counted, firsts, reached)).execution_options(yield_per=AT_ONCE)) as rows:
        for row in rows:
            if row.what == PERSON:
                people += [_person(row, region_of)] * row.n
            else:
                spans[row.what] += [timedelta(minutes=row.minutes)] * row.n
    return MonthData(people, spans, list(_asked(tx, within, service)))


def _firsts(within: sa.ColumnElement[bool], service: str) -> sa.Subquery:
    """Select when each request was first offered and first claimed, and whether a coordinator was called for it."""
    called = offer.c.state == OfferState.CALLED.value
    firsts = sa.select(
        offer.c.request,
        sa.func.min(sa.case((~called, raw(offer.c.opened)))).label("offer"),
        sa.func.min(sa.case((~called, raw(offer.c.claimed)))).label("claim"),
        sa.func.max(sa.case((called, 1), else_=0)).label("called"),
    )
    firsts = firsts.join(request, request.c.id == offer.c.request).where(within).group_by(offer.c.request)
    return (firsts.where(offer.c.service == service) if service else firsts).subquery("firsts")


def _reached(within: sa.ColumnElement[bool], service: str) -> sa.Subquery:
    """Select when each caller was first reached. Undone reports, and requests that were for nobody, do not count."""
    for_us = sa.func.coalesce(request.c.outcome, "") != Outcome.NOT_FOR_US.value
    reported = sa.and_(attempt.c.outcome == "reached", attempt.c.undone.is_(None), for_us, within)
    rows = sa.select(attempt.c.request, sa.func.min(raw(attempt.c.at)).label("at"))
    rows = rows.join(request, request.c.id == attempt.c.request).where(reported).group_by(attempt.c.request)
    return (rows.where(attempt.c.service == service) if service else rows).subquery("reached")


def _facts(whole: sa.FromClause, counted: sa.ColumnElement[bool], firsts: sa.Subquery, reached: sa.Subquery) -> sa.CTE:
    """Select everything that is counted of each request. Durations are whole minutes, rounded up."""
    since = {"offer": firsts.c.offer, "claim": firsts.c.claim, "reach": reached.c.at}
    facts = sa.select(
        *(request.c[name] for name in ALIKE),
        (raw(request.c.created) // DAY).label("day"),
        firsts.c.claim.is_not(None).label("claimed"),
        sa.func.coalesce(firsts.c.called, 0).label("called"),
        reached.c.at.is_not(None).label("reached"),
        *(((at - raw(request.c.created) + (MINUTE - 1)) // MINUTE).label(name) for name, at in since.items()),
    )
    return facts.select_from(whole).where(counted).cte("facts").prefix_with("materialized")


def _counts(facts: sa.CTE) -> sa.CompoundSelect[Any]:
    """Select how many requests are alike, and how many waited how many minutes for something.

    In one statement, so that the facts, which take nearly all of the time, are selected once. SQLite must be told.
    """
    alike = [facts.c[name] for name in (*ALIKE, "day", "claimed", "called", "reached")]
    nothing = [sa.cast(sa.null(), each.type).label(each.name) for each in alike]
    n, no_minutes = sa.func.count().label("n"), sa.cast(sa.null(), sa.BigInteger).label("minutes")
    people = sa.select(sa.literal(PERSON).label("what"), no_minutes, n, *alike).group_by(*alike)
    spans = [
        sa.select(sa.literal(name).label("what"), facts.c[name].label("minutes"), n, *nothing)
        .where(facts.c[name].is_not(None))
        .group_by(facts.c[name])
        for name in SPANS
    ]
    return sa.union_all(people, *spans)


def _asked(tx: Tx, within: sa.ColumnElement[bool], service: str) -> Iterator[dict[str, str]]:
    """Yield how each service answered each offer: nothing for an offer that is open or was withdrawn."""
    alike = (offer.c.service, offer.c.state, offer.c.claimed.is_not(None).label("was_claimed"))
    rows = sa.select(*alike, sa.func.count().label("n")).join(request, request.c.id == offer.c.request)
    rows = rows.where(within, offer.c.state != OfferState.CALLED.value)
    rows = rows.where(offer.c.service == service) if service else rows
    for row in tx.execute(rows.group_by(*map(sa.literal_column, "123"))):
        if said := "claimed" if row.was_claimed else ANSWERS.get(row.state):
            yield from [{"service": row.service, "answer": said}] * row.n


def _person(row: sa.Row[Any], region_of: RegionOf) -> dict[str, str]:
    return {
        "need": row.need or NOT_SAID, "region": region_of(row.place) or NOT_SAID, "language": row.language,
        "channel": "sms" if row.short_form else "ussd", "age": row.age_band, "about": row.kind,
        "outcome": _outcome(row), "day": f"{FIRST_DAY + timedelta(days=row.day):%d}",
    }  # fmt: skip


def _outcome(row: sa.Row[Any]) -> str:
    """Return the outcome of a request, out of few: finer ones could be calculated from each other."""
    if row.outcome == Outcome.NOT_FOR_US.value:
        return Outcome.NOT_FOR_US.value  # a prank that was reached is no help
    if row.reached or row.state in REACHED or row.outcome in REACHED:
        return "reached"
    if row.outcome:
        return str(row.outcome)
    if row.state == State.STRANDED.value or (row.called and not row.claimed):
        return "stranded"
    return "expired" if row.state == State.EXPIRED.value else "open"


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
