"""The open requests of the whole country, as a coordinator sees them. `most_urgent_first` defines their order.

No phone line, number, code or word is read here. So two requests of one telephone look like those of two (R27).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, NamedTuple

import sqlalchemy as sa

from helpline.core.call_windows import FROM_NOW, NOW, Hours, Span, next_window, why_no_window
from helpline.core.languages import base_of
from helpline.directory import records
from helpline.request import requests
from helpline.request.attempts import FULL
from helpline.request.model import DRILL, CallbackRequest, State
from helpline.request.offers import OfferState
from helpline.request.phone_lines import STRANGER
from helpline.staff import openings
from helpline.store.engine import Tx
from helpline.store.schema import IS_HELD, attempt, contact, offer, request


class Part(IntEnum):
    """The parts of the list, most urgent first."""

    STRANDED = 0
    """No service is left to ask."""
    FROZEN = 1
    """Somebody else answered. The caller can reactivate it, or two coordinators if the report was a mistake (R8)."""
    LATE = 2
    """Its holder is silent, or the promised call did not happen (R39)."""
    CLOSING = 3
    """Unclaimed, and its call window ends soon or the caller is in danger."""
    ASKED = 4
    HELD = 5
    HELPED_ON = 6
    RESTING = 7
    """Paused or frozen. Only the caller can reactivate it."""
    OVER = 8
    """Has ended. It is in no list."""


class Row(NamedTuple):
    """The facts about a request that the list shows beside its card."""

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
    """The desk that is asked about it or has claimed it."""
    until: datetime | None
    """Until when the desk that is asked can answer. None until it has the text."""
    claimed: datetime | None
    reminded: datetime | None
    """When its holder was last reminded."""
    shown_in: datetime | None
    """The start of the call window in which the number was shown last: to its holder, or to a service before (R11). In
    danger only since the caller asked for a call at once."""
    took_over: bool
    """Whether its holder took it over from another service, and has not talked to the caller since."""
    ended_by: str
    """The report of a call that paused it: `not_safe_now` or `hung_up`. Empty if the caller stopped it, if it was
    paused with another request of its telephone (R27), or if it is not paused."""
    stranger: datetime | None
    """When it was reported that somebody else answered, or coordinators were called about that."""

    @property
    def hours(self) -> Hours:
        """When the caller may be called."""
        return Hours(self.window, self.days, self.zone, self.since, self.expires)


@dataclass(frozen=True, slots=True)
class ListedRequest:
    """A request as the list shows it."""

    row: Row
    part: Part
    span: Span | None
    """The open or next call window."""
    since: datetime
    """When it came into this state."""
    daily: bool = False
    """Whether only the day of `since` is shown.

    A stop pauses all requests of a telephone in the same instant. The exact minute would link them (R27).
    """
    no_window: str = ""
    """Why it has no call window any more: a value of `NoWindow`."""
    used: bool = False
    """Whether the number was shown for the call window that is open now: `span` is the next one (R11)."""


def listed_request(row: Row, part: Part, now: datetime) -> ListedRequest:
    """Return a request as the list shows it."""
    if part in (Part.RESTING, Part.OVER):
        return ListedRequest(row, part, None, row.updated, daily=True)
    first = None if part is Part.HELPED_ON else next_window(row.hours, now)
    used = first is not None and first.start == row.shown_in
    span = next_window(row.hours, now, but_not=row.shown_in) if used else first
    began = {Part.STRANDED: row.updated, Part.FROZEN: row.stranger}.get(part, row.claimed)
    why = "" if span or part is Part.HELPED_ON else why_no_window(row.hours, now).value
    return ListedRequest(row, part, span, began or row.created, no_window=why, used=used)


def _last(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    valid = sa.and_(attempt.c.request == request.c.id, attempt.c.undone.is_(None))
    return sa.select(sa.func.max(attempt.c.at)).where(valid, *where).scalar_subquery()


def _called() -> sa.ScalarSelect[Any]:
    call = offer.alias()
    about = sa.and_(call.c.request == request.c.id, call.c.state == OfferState.CALLED.value)
    return sa.select(sa.func.max(call.c.opened)).where(about).scalar_subquery()


def _shown() -> sa.ScalarSelect[Any]:
    """Return the window of the last call. In danger calls before the caller asked for one now keep no window (R1)."""
    shown, r = offer.alias(), request.c
    asked = sa.case((r.window.in_(FROM_NOW), r.since), else_=r.created)
    counts = sa.or_(r.risk != NOW, shown.c.shown_at >= asked)
    return sa.select(sa.func.max(shown.c.shown_in)).where(shown.c.request == r.id, counts).scalar_subquery()


def _took_over() -> sa.ColumnElement[bool]:
    """Whether the holder accepted a hand-over, and has not reported that it reached the caller itself."""
    of_holder = sa.select(attempt.c.id).where(attempt.c.offer == offer.c.id, attempt.c.undone.is_(None))
    accepted = of_holder.where(attempt.c.outcome == "claim", attempt.c.was_offer == OfferState.PROPOSED.value)
    return sa.and_(accepted.exists(), ~of_holder.where(attempt.c.outcome == "reached").exists())


def _ended_by() -> sa.ScalarSelect[Any]:
    """Return the report in whose instant a request was paused."""
    about = sa.and_(attempt.c.request == request.c.id, attempt.c.undone.is_(None), attempt.c.at >= request.c.updated)
    found = sa.select(sa.func.max(attempt.c.outcome)).where(about, attempt.c.outcome.in_(("not_safe_now", "hung_up")))
    return found.scalar_subquery()


OF_ALL = request.outerjoin(offer, sa.and_(offer.c.request == request.c.id, IS_HELD))
"""Requests, each with its open, claimed or followed offer."""
stranger = sa.func.coalesce(_last(attempt.c.outcome.in_(STRANGER)), _called())
"""When it was reported that somebody else answered, or coordinators were called about that."""


def _rows() -> sa.Select[Any]:
    r, o = request.c, offer.c
    return sa.select(
        r.id, r.state, r.window, r.days, r.zone, r.since, r.expires, r.created, r.updated,
        sa.func.coalesce(r.outcome, ""), sa.func.coalesce(o.service, ""), o.until, o.claimed, o.reminded,
        _shown(),
        sa.case((o.state == OfferState.FOLLOWED.value, _took_over()), else_=sa.false()),
        sa.func.coalesce(sa.case((r.state == State.PAUSED.value, _ended_by())), ""),
        sa.case((r.state == State.FROZEN.value, stranger)),
    ).select_from(OF_ALL).where(r.kind != DRILL)  # fmt: skip


_ROWS = _rows()


def rows(tx: Tx, ids: Sequence[str]) -> Mapping[str, Row]:
    """Return the requests of a page, by their ids."""
    return {each.id: each for each in map(Row._make, tx.execute(_ROWS.where(request.c.id.in_(ids))))}


def row(tx: Tx, id: str) -> Row | None:
    """Return one request, also one that is over. Return None once it is reduced to counts."""
    found = tx.execute(_ROWS.where(request.c.id == id, request.c.draws >= 0)).first()
    return Row._make(found) if found else None


def opened(tx: Tx, key: bytes, by: str, id: str) -> tuple[Row, CallbackRequest] | None:
    """Return one request, which somebody opens, with what the caller said. Raise `NotRecorded` (R32)."""
    found, about = row(tx, id), requests.get(tx, id)
    if found is None or about is None:
        return None
    openings.record(tx, key, by, id)
    return found, about


def full_requests(tx: Tx, ids: Sequence[str]) -> Mapping[str, CallbackRequest]:
    """Return requests with all their fields, by their ids."""
    return {each.id: each for each in requests.of_ids(tx, ids)}


@dataclass(frozen=True, slots=True)
class Desk:
    """A service or a coordinator that can be asked. `name` is in the reader's language."""

    name: str
    coordinator: bool


def desks(tx: Tx, language: str, ids: Iterable[str] | None = None) -> dict[str, Desk]:
    """Return the desks with these ids, or all desks, by their ids.

    A service whose only telephone was lost has no contact. Its name is in the sheets of the directory.
    """
    c, wanted = contact.c, None if ids is None else {*ids} - {""}
    own = sa.select(c.id, c.kind, c.names, c.language)
    rows = tx.execute(own if wanted is None else own.where(c.id.in_(wanted)))
    found = {row.id: Desk(_name(row, language), row.kind == "coordinator") for row in rows}
    left = None if wanted is None else wanted - found.keys()
    named = {} if left == set() else records.service_names(tx, language, left)
    return {id: Desk(name, coordinator=False) for id, name in named.items()} | found


def _name(row: Any, language: str) -> str:
    names: Mapping[str, str] = row.names
    return names.get(base_of(language)) or names.get(row.language) or next(iter(names.values()))


@dataclass(frozen=True, slots=True)
class ContactedDesk:
    """A desk that was asked about a request, or a coordinator that was called, with the state of that offer."""

    id: str
    service: str
    state: OfferState
    opened: datetime
    claimed: datetime | None
    closed: datetime | None
    until: datetime | None = None
    """Until when it could answer."""
    declined: str = ""
    """How it declined, as its attempt is called: `pass` or `full`. Empty if it did not, or took that back."""


def contacted_desks(tx: Tx, id: str) -> list[ContactedDesk]:
    """Return all desks that were asked or called about a request, in that order."""
    o, a = offer.c, attempt.c
    no = sa.and_(a.offer == o.id, a.outcome.in_(("pass", FULL)), a.undone.is_(None))
    declined = sa.select(sa.func.coalesce(sa.func.max(a.outcome), "")).where(no).scalar_subquery()
    columns = (o.id, o.service, o.state, o.opened, o.claimed, o.closed, o.until, declined.label("declined"))
    return [
        ContactedDesk(
            row.id, row.service, OfferState(row.state), row.opened, row.claimed, row.closed, row.until, row.declined
        )
        for row in tx.execute(sa.select(*columns).where(o.request == id).order_by(o.seq))
    ]


def reports(tx: Tx, id: str) -> list[tuple[str, str, datetime]]:
    """Return the reports about a request that were not undone, oldest first: desk, report, time."""
    valid = sa.and_(attempt.c.request == id, attempt.c.undone.is_(None))
    found = sa.select(attempt.c.service, attempt.c.outcome, attempt.c.at).where(valid).order_by(attempt.c.id)
    return [(row.service, row.outcome, row.at) for row in tx.execute(found)]
