"""What is open in the whole country, for coordinators: narrow rows to put in order, whole ones for a page.

No line, number, code or word is read here: two requests of one telephone look like those of any two (R27).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.contact import Hours
from helpline.languages import base_of
from helpline.request import DRILL, OVER, CallbackRequest, State
from helpline.store import requests
from helpline.store.freezes import STRANGER
from helpline.store.offers import MEANS_SOMETHING, OfferState
from helpline.store.schema import attempt, contact, offer, request

UNCLAIMED = frozenset({State.WAITING, State.OFFERED, State.STRANDED})


class Row(NamedTuple):
    """As much of an open request as its place in the list depends on. There may be thousands.

    `holder`: the desk that is asked about it or holds it, with its offer's clock (`until`), `claimed`, `shown_in` and
    `reminded`; `heard`: when that desk last said anything; `stranger`: when it was said that somebody else answered, or
    coordinators were called about that.
    """

    id: str
    state: str
    risk: str
    window: str
    days: str
    zone: str
    since: datetime
    expires: datetime
    created: datetime
    updated: datetime
    promised_to: datetime | None
    reveals: int
    outcome: str
    holder: str
    until: datetime | None
    claimed: datetime | None
    shown_in: datetime | None
    reminded: datetime | None
    heard: datetime | None
    stranger: datetime | None

    @property
    def hours(self) -> Hours:
        """When she may be rung."""
        return Hours(self.window, self.days, self.zone, self.since, self.expires)


def rows(tx: Connection) -> list[Row]:
    """Give all requests that are open, but for practice: one statement, however many there are."""
    return _rows(tx, request.c.state.not_in([state.value for state in OVER]))


def row(tx: Connection, id: str) -> Row | None:
    """Give one request, also one that is over, while more is kept of it than what counts."""
    return next(iter(_rows(tx, request.c.id == id, request.c.draws >= 0)), None)


def _rows(tx: Connection, *where: sa.ColumnElement[bool]) -> list[Row]:
    r, o, stands = request.c, offer.c, attempt.c.undone.is_(None)
    last = sa.select(sa.func.max(attempt.c.at)).where(attempt.c.request == r.id, stands)
    heard = last.where(attempt.c.offer == o.id).scalar_subquery()
    stranger = last.where(attempt.c.outcome.in_(STRANGER)).scalar_subquery()
    call = offer.alias()
    calls = sa.select(sa.func.max(call.c.opened)).where(call.c.request == r.id, call.c.state == OfferState.CALLED.value)
    found = sa.select(
        r.id, r.state, r.risk, r.window, r.days, r.zone, sa.func.coalesce(r.since, r.created), r.expires, r.created,
        r.updated, r.promised_to, r.reveals, sa.func.coalesce(r.outcome, ""), sa.func.coalesce(o.service, ""), o.until,
        o.claimed, o.shown_in, o.reminded, sa.case((o.reminded.is_not(None), heard)),
        sa.case((r.state == State.FROZEN.value, sa.func.coalesce(stranger, calls.scalar_subquery()))),
    ).select_from(_with_offers())  # fmt: skip
    return [Row._make(each) for each in tx.execute(found.where(r.kind != DRILL, *where)).all()]


def _with_offers() -> sa.Join:
    live = sa.and_(offer.c.request == request.c.id, offer.c.state.in_(MEANS_SOMETHING))
    return request.outerjoin(offer, live)


def whole(tx: Connection, ids: Sequence[str]) -> Mapping[str, CallbackRequest]:
    """Give some requests, by their ids."""
    return {each.id: each for each in requests.of_ids(tx, ids)}


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is asked or called: a service, or a coordinator, by the name that the reader reads."""

    name: str
    coordinator: bool


def desks(tx: Connection, language: str, ids: Iterable[str] | None = None) -> dict[str, Desk]:
    """Give desks by their ids: some, or all that there are."""
    c = contact.c
    own = sa.select(c.id, c.kind, c.names, c.language)
    found = tx.execute(own.where(c.id.in_({*ids})) if ids is not None else own)
    return {row.id: Desk(_name(row, language), row.kind == "coordinator") for row in found}


def _name(row: Any, language: str) -> str:
    names: Mapping[str, str] = row.names
    return names.get(base_of(language)) or names.get(row.language) or next(iter(names.values()))


@dataclass(frozen=True, slots=True)
class Asked:
    """One desk that was asked about a request, or a coordinator that was called, and how that stands."""

    id: str
    service: str
    state: OfferState
    opened: datetime
    claimed: datetime | None
    closed: datetime | None


def asked(tx: Connection, id: str) -> list[Asked]:
    """Give all who were asked or called about a request, in their order."""
    o = offer.c
    found = sa.select(o.id, o.service, o.state, o.opened, o.claimed, o.closed).where(o.request == id).order_by(o.seq)
    return [
        Asked(row.id, row.service, OfferState(row.state), row.opened, row.claimed, row.closed)
        for row in tx.execute(found)
    ]


def said(tx: Connection, id: str) -> list[tuple[str, str, datetime]]:
    """Give what was said and done about a request and stands: desk, what, when."""
    stands = sa.and_(attempt.c.request == id, attempt.c.undone.is_(None))
    found = sa.select(attempt.c.service, attempt.c.outcome, attempt.c.at).where(stands).order_by(attempt.c.id)
    return [(row.service, row.outcome, row.at) for row in tx.execute(found)]
