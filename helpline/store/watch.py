"""What is open in the whole country, for coordinators, as a page shows it; its order is in `store.worst`.

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
from helpline.store.schema import IS_HELD, attempt, contact, offer, request
from helpline.watch import Row


def _last(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    stands = sa.and_(attempt.c.request == request.c.id, attempt.c.undone.is_(None))
    return sa.select(sa.func.max(attempt.c.at)).where(stands, *where).scalar_subquery()


def _called() -> sa.ScalarSelect[Any]:
    call = offer.alias()
    about = sa.and_(call.c.request == request.c.id, call.c.state == OfferState.CALLED.value)
    return sa.select(sa.func.max(call.c.opened)).where(about).scalar_subquery()


OF_ALL = request.outerjoin(offer, sa.and_(offer.c.request == request.c.id, IS_HELD))
"""Requests with the offer of who is asked about them or holds them."""
stranger = sa.func.coalesce(_last(attempt.c.outcome.in_(STRANGER)), _called())
"""When it was said that somebody else answered, or coordinators were called about that."""


def _rows() -> sa.Select[Any]:
    r, o = request.c, offer.c
    return sa.select(
        r.id, r.state, r.window, r.days, r.zone, r.since, r.expires, r.created, r.updated,
        sa.func.coalesce(r.outcome, ""), sa.func.coalesce(o.service, ""), o.claimed, o.reminded,
        sa.case((r.state == State.FROZEN.value, stranger)),
    ).select_from(OF_ALL).where(r.kind != DRILL)  # fmt: skip


_ROWS = _rows()


def rows(tx: Connection, ids: Sequence[str]) -> Mapping[str, Row]:
    """Give requests by their ids, those of a page."""
    return {each.id: each for each in map(Row._make, tx.execute(_ROWS.where(request.c.id.in_(ids))))}


def row(tx: Connection, id: str) -> Row | None:
    """Give one request, also one that is over, while more is kept of it than what counts."""
    found = tx.execute(_ROWS.where(request.c.id == id, request.c.draws >= 0)).first()
    return Row._make(found) if found else None


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
