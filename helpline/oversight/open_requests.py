"""What a coordinator sees of what is open: what nobody helps with first, what goes well last. Pure.

The rule of the order is stated once, where it is carried out: `oversight.most_urgent_first`.

What is open in the whole country, for coordinators, as a page shows it; its order is in
`oversight.most_urgent_first`.

No line, number, code or word is read here: two requests of one telephone look like those of any two (R27).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.core.call_windows import LAST_MINUTES, Hours, Span, next_window
from helpline.core.clock import ONE
from helpline.core.languages import base_of
from helpline.matching.next_step import heard_last
from helpline.request import requests
from helpline.request.model import DRILL, CallbackRequest, State
from helpline.request.offers import OfferState
from helpline.request.phone_lines import STRANGER
from helpline.store.schema import IS_HELD, attempt, contact, offer, request

SOON = timedelta(hours=2)
"""An hour of hers that ends within this, and nobody has said yes, is looked at before the others."""
SHORT = (SOON + LAST_MINUTES) // ONE


class Part(IntEnum):
    """The parts of the list, the worst first."""

    STRANDED = 0
    """Nobody is left to ask."""
    FROZEN = 1
    """Somebody else answered: only she sets it going, or two coordinators where it was a slip (R8)."""
    LATE = 2
    """Claimed, and nothing is heard; or what she was promised did not happen (R39)."""
    CLOSING = 3
    """Nobody has said yes, and her hour ends soon, or she is in danger."""
    ASKED = 4
    HELD = 5
    HELPED_ON = 6
    RESTING = 7
    """Stopped, and nothing a coordinator can do: only she sets it going."""
    OVER = 8
    """Has ended: in no list."""


class Row(NamedTuple):
    """What a line says of a request beside its card.

    `holder`: the desk that is asked about it or holds it; `claimed`, `reminded`: of its offer; `stranger`: when it was
    said that somebody else answered, or coordinators were called about that.
    """

    id: str
    state: str
    window: str
    days: str
    zone: str
    since: datetime
    expires: datetime
    created: datetime
    updated: datetime
    outcome: str
    holder: str
    claimed: datetime | None
    reminded: datetime | None
    stranger: datetime | None

    @property
    def hours(self) -> Hours:
        """When she may be rung."""
        return Hours(self.window, self.days, self.zone, self.since, self.expires)


class Claim(NamedTuple):
    """What tells whether a claim is silent whose holder was reminded. `heard`: when that desk last said anything."""

    offer: str
    window: str
    days: str
    zone: str
    since: datetime
    expires: datetime
    claimed: datetime
    reminded: datetime
    shown_in: datetime | None
    heard: datetime | None


@dataclass(frozen=True, slots=True)
class Watched:
    """What a line says of a request: its part, its next hour if one is known, and since when it stands so.

    `daily`: no more of `since` is told than the day. Whatever stops a telephone stops all its requests in the same
    instant: told to the minute it would show which belong together (R27).
    """

    row: Row
    part: Part
    span: Span | None
    since: datetime
    daily: bool = False


def line_of(row: Row, part: Part, now: datetime) -> Watched:
    """Give what a line says of a request."""
    if part in (Part.RESTING, Part.OVER):
        return Watched(row, part, None, row.updated, daily=True)
    span = None if part is Part.HELPED_ON else next_window(row.hours, now)
    began = {Part.STRANDED: row.updated, Part.FROZEN: row.stranger}.get(part, row.claimed)
    return Watched(row, part, span, began or row.created)


def is_silent(claim: Claim) -> bool:
    """Tell whether nothing was heard of a claim since its holder was reminded."""
    hours = Hours(claim.window, claim.days, claim.zone, claim.since, claim.expires)
    return heard_last(hours, claim.claimed, claim.shown_in, claim.heard) < claim.reminded


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
