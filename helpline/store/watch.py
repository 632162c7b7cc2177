"""What is open in the whole country, for coordinators: narrow rows to put in order, whole ones for a page.

No line, number, code or word is read here: two requests of one telephone look like those of any two (R27).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.languages import base_of
from helpline.request import DRILL, CallbackRequest, State
from helpline.store import requests
from helpline.store.freezes import STRANGER
from helpline.store.offers import OfferState
from helpline.store.schema import IS_HELD, IS_OPEN, attempt, contact, offer, raw, request
from helpline.watch import Row


def rows(tx: Connection) -> list[Row]:
    """Give all requests that are open, but for practice: one statement, however many there are."""
    return [Row._make(each) for each in tx.execute(_OPEN).all()]


def row(tx: Connection, id: str) -> Row | None:
    """Give one request, also one that is over, while more is kept of it than what counts."""
    found = tx.execute(_ROWS.where(request.c.id == id, request.c.draws >= 0)).first()
    return Row._make(found) if found else None


def _rows() -> sa.Select[Any]:
    r, o, stands = request.c, offer.c, attempt.c.undone.is_(None)
    last = sa.select(sa.func.max(attempt.c.at)).where(attempt.c.request == r.id, stands)
    heard = last.where(attempt.c.offer == o.id).scalar_subquery()
    stranger = last.where(attempt.c.outcome.in_(STRANGER)).scalar_subquery()
    call = offer.alias()
    calls = sa.select(sa.func.max(call.c.opened)).where(call.c.request == r.id, call.c.state == OfferState.CALLED.value)
    frozen = sa.case((r.state == State.FROZEN.value, sa.func.coalesce(stranger, calls.scalar_subquery())))
    return sa.select(
        r.id, r.state, r.risk, r.window, r.days, r.zone, raw(sa.func.coalesce(r.since, r.created)), raw(r.expires),
        raw(r.created), raw(r.updated), raw(r.promised_to), r.reveals, sa.func.coalesce(r.outcome, ""),
        sa.func.coalesce(o.service, ""), raw(o.until), raw(o.claimed), raw(o.shown_in), raw(o.reminded),
        raw(sa.case((o.reminded.is_not(None), heard))), raw(frozen),
    ).select_from(request.outerjoin(offer, sa.and_(o.request == r.id, IS_HELD))).where(r.kind != DRILL)  # fmt: skip


_ROWS = _rows()
_OPEN = _ROWS.where(IS_OPEN)


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
