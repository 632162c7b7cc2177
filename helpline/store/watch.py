"""What is open in the whole country, for coordinators: narrow rows to put in order, whole ones for a page.

No line, number, code or word is read here: two requests of one telephone look like those of any two (R27).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class Row:
    """As much of an open request as its place in the list depends on.

    `holder`: the desk that is asked about it or holds it, with its offer's clock (`until`), `claimed`, `shown_in` and
    `reminded`; `heard`: when that desk last said anything; `stranger`: when it was said that somebody else answered.
    """

    id: str
    state: State
    risk: str
    hours: Hours
    created: datetime
    updated: datetime
    promised_to: datetime | None
    reveals: int
    holder: str
    until: datetime | None
    claimed: datetime | None
    shown_in: datetime | None
    reminded: datetime | None
    heard: datetime | None
    stranger: datetime | None


def rows(tx: Connection) -> list[Row]:
    """Give all requests that are open, but for practice: one statement, however many there are."""
    r, o, stands = request.c, offer.c, attempt.c.undone.is_(None)
    last = sa.select(sa.func.max(attempt.c.at)).where(attempt.c.request == r.id, stands)
    heard = last.where(attempt.c.offer == o.id).scalar_subquery()
    stranger = last.where(attempt.c.outcome.in_(STRANGER)).scalar_subquery()
    found = sa.select(
        r.id, r.state, r.risk, r.window, r.days, r.zone, r.since, r.expires, r.created, r.updated, r.promised_to,
        r.reveals, o.service, o.until, o.claimed, o.shown_in, o.reminded,
        sa.case((o.reminded.is_not(None), heard)).label("heard"),
        sa.case((r.state == State.FROZEN.value, stranger)).label("stranger"),
    ).select_from(_with_offers())  # fmt: skip
    open_ = found.where(r.state.not_in([state.value for state in OVER]), r.kind != DRILL)
    return [
        Row(
            each.id, State(each.state), each.risk,
            Hours(each.window, each.days, each.zone, each.since or each.created, each.expires),
            each.created, each.updated, each.promised_to, each.reveals, each.service or "",
            each.until, each.claimed, each.shown_in, each.reminded, each.heard, each.stranger,
        )
        for each in tx.execute(open_)
    ]  # fmt: skip


def _with_offers() -> sa.Join:
    live = sa.and_(offer.c.request == request.c.id, offer.c.state.in_(MEANS_SOMETHING))
    return request.outerjoin(offer, live)


def whole(tx: Connection, ids: Sequence[str]) -> Mapping[str, CallbackRequest]:
    """Give some requests, by their ids."""
    return {each.id: each for each in requests.of_ids(tx, ids)}


def names(tx: Connection, ids: Iterable[str], language: str) -> dict[str, str]:
    """Give what services and coordinators are called, by the ids of their desks."""
    rows = sa.select(contact.c.id, contact.c.names, contact.c.language).where(contact.c.id.in_({*ids}))
    return {
        row.id: row.names.get(base_of(language)) or row.names.get(row.language) or next(iter(row.names.values()))
        for row in tx.execute(rows)
    }


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
