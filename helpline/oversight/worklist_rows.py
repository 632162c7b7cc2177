"""The rows that the lists of a service and of a coordinator are sorted from, each list read in one statement."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

import sqlalchemy as sa

from helpline.core.call_windows import FROM_NOW, NOW, ONCE
from helpline.core.languages import spoken
from helpline.oversight.open_requests import OF_ALL, stranger
from helpline.request import offers, requests
from helpline.request.attempts import NO_CALL
from helpline.request.model import DRILL, HELD_ON, CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.store.engine import Tx
from helpline.store.schema import IS_HELD, IS_OPEN, Instant, attempt, offer, raw, request

_o, _r = offer.c, request.c
_WAS_REACHED = _r.state.in_([sa.literal_column(f"'{each}'") for each in sorted(HELD_ON)])
_OF_SERVICE = (
    sa.select(
        *(_o.id, _o.state, raw(_o.until), raw(_o.shown_in)),
        *(sa.case((_WAS_REACHED, ""), else_=_r.risk), _r.window, _r.days, _r.zone, raw(_r.since), raw(_r.expires)),
        *(raw(_r.created), raw(_o.agreed_at), _o.agreed_how),
    )
    .join(request, _r.id == _o.request)
    .where(IS_OPEN, _o.service == sa.bindparam("of_service"))
)
_HELD = _OF_SERVICE.where(IS_HELD)
_PROPOSED = _OF_SERVICE.where(_o.state == sa.literal_column(f"'{OfferState.PROPOSED}'"))
"""Two statements, because the small index of what is held has no proposals."""
_IN_DANGER = [each.with_only_columns(_o.id).where(_r.risk == NOW, ~_WAS_REACHED) for each in (_HELD, _PROPOSED)]
_SAID = sa.exists().where(
    attempt.c.offer == _o.id, attempt.c.shown_in == _o.shown_in, attempt.c.undone.is_(None),
    attempt.c.outcome.not_in(NO_CALL),
)  # fmt: skip
_SILENT = (
    sa.select(_o.id)
    .join(request, _r.id == _o.request)
    .where(IS_OPEN, IS_HELD, _o.service == sa.bindparam("of_service"))
    .where(_o.state == sa.literal_column(f"'{OfferState.CLAIMED}'"), _o.shown_in.is_not(None), ~_SAID)
)
_HEARD = sa.select(sa.func.max(attempt.c.at)).where(attempt.c.offer == _o.id, attempt.c.undone.is_(None))
_IS_REMINDED = sa.and_(_o.state == sa.literal_column(f"'{OfferState.CLAIMED}'"), _o.reminded.is_not(None))
"""These few are in an index of their own."""
_REMINDED = (
    sa.select(
        *(_o.id, _o.request, raw(_o.claimed), raw(_o.shown_in), raw(_o.reminded), raw(_HEARD.scalar_subquery())),
        *(_r.window, _r.days, _r.zone, raw(_r.since), raw(_r.expires)),
    )
    .join(request, _r.id == _o.request)
    .where(_IS_REMINDED, IS_OPEN, _o.claimed.is_not(None), _r.kind != sa.literal_column(f"'{DRILL}'"))
)
_CALLERS = (
    sa.select(_o.id, _r.operator_language, _r.language, _r.place)
    .join(request, _r.id == _o.request)
    .where(IS_OPEN, _o.service == sa.bindparam("of_service"), _o.state.in_(offers.HAS_CODE))
)


class HeldRow(NamedTuple):
    """What a service has: an open offer, a claim, a caller it helps, or a case that it is asked to take over.

    Instants are in microseconds.
    """

    id: str
    state: str
    until: int | None
    shown_in: int | None
    risk: str
    """Empty once somebody has talked to the caller."""
    window: str
    days: str
    zone: str
    since: int
    expires: int
    created: int
    agreed: int | None
    """When the next contact is that was agreed on."""
    agreed_how: str | None


class RemindedRow(NamedTuple):
    """A claim whose holder was reminded to report, once or more. Instants are in microseconds."""

    id: str
    """Of the offer."""
    request: str
    claimed: int
    shown_in: int | None
    reminded: int
    heard: int | None
    """When an outcome was last reported."""
    window: str
    days: str
    zone: str
    since: int
    expires: int


class Caller(NamedTuple):
    """What a list can be narrowed by, beside what the order depends on."""

    language: str
    """That the caller speaks."""
    place: str


def held(tx: Tx, service: str) -> Iterator[HeldRow]:
    """Return everything that a service has, in no order."""
    found = (tx.execute(statement, {"of_service": service}) for statement in (_HELD, _PROPOSED))
    return map(HeldRow._make, chain.from_iterable(found))


def in_danger(tx: Tx, service: str) -> frozenset[str]:
    """Return the ids of what a service has in danger, until somebody has talked to the caller.

    Each page of the service counts them. To read and place the whole list takes ten times as long.
    """
    return frozenset(id for each in _IN_DANGER for (id,) in tx.execute(each, {"of_service": service}))


def reminded(tx: Tx, service: str | None = None, request: str | None = None) -> Iterator[RemindedRow]:
    """Return the claims whose holder was reminded, also if a report came since: all, of one service, of one request."""
    found = _REMINDED if service is None else _REMINDED.where(_o.service == service)
    return map(RemindedRow._make, tx.execute(found if request is None else found.where(_o.request == request)))


def callers(tx: Tx, service: str) -> dict[str, Caller]:
    """Return the language and the place of each caller of a service, by the id of the offer."""
    found = tx.execute(_CALLERS, {"of_service": service})
    return {id: Caller(spoken(chosen or language), place) for id, chosen, language, place in found}


_NOW = sa.bindparam("now", type_=Instant)
_MISSED = sa.case((sa.and_(_r.promised_to <= _NOW, _r.reveals == 0), _r.promised_to))


def _rows() -> sa.Select[Any]:
    """Return what the order of all requests depends on. Each column costs a twentieth of reading thousands of rows."""
    r, o = request.c, offer.c
    began = sa.case(
        (r.state == State.STRANDED.value, r.updated),
        (r.state == State.FROZEN.value, stranger),
        (r.state.in_([each.value for each in HELD_ON]), o.claimed),
    )
    return sa.select(
        *(r.id, r.state, r.risk, r.window, r.days, r.zone),
        *map(raw, (r.since, r.expires, r.created, began, _MISSED, o.until)),
    ).select_from(OF_ALL)


_ROWS = _rows()
_OPEN = _ROWS.where(IS_OPEN, request.c.kind != sa.literal_column(f"'{DRILL}'"))
"""The kind is a literal: given as a parameter, PostgreSQL expects few open requests, because most have one kind."""
_STRANDED_OR_URGENT = _OPEN.where(sa.or_(_r.state == State.STRANDED.value, _r.risk == NOW))
_KIND = (_r.state, _r.risk, _r.window, _r.days, _r.zone)
"""The first columns of `ix_request_kind`, so that each kind is counted from one stretch of it, without sorting."""
_HAS_OWN_PLACE = sa.or_(_r.expires <= _NOW, sa.and_(_r.promised_to <= _NOW, _r.reveals == 0))
_KINDS = (
    sa.select(
        *_KIND, sa.func.min(raw(_r.expires)), sa.func.max(raw(_r.expires)), sa.func.count(),
        sa.func.count(sa.case((_HAS_OWN_PLACE, 1))),
    )
    .where(IS_OPEN, request.c.kind != sa.literal_column(f"'{DRILL}'"))
    .group_by(*_KIND)
)  # fmt: skip
_OF_KINDS = _OPEN.where(*(each.in_(sa.bindparam(f"{each.name}s", expanding=True)) for each in _KIND))
"""Column by column, which may find more: PostgreSQL compares each row with each of several whole kinds."""
_WITH_OWN_PLACE = _OF_KINDS.where(_HAS_OWN_PLACE)
_WITH_REMINDER = _OPEN.where(_r.id.in_(sa.select(_o.request).where(_IS_REMINDED)))


class OpenRow(NamedTuple):
    """A request with its offer or claim. Instants are in microseconds."""

    id: str
    state: str
    risk: str
    window: str
    days: str
    zone: str
    since: int
    expires: int
    created: int
    began: int | None
    """When it was stranded, somebody else was reported to have answered, or the service claimed it that helps now."""
    missed: int | None
    """When a promised call should have ended that did not happen."""
    until: int | None


class Kind(NamedTuple):
    """Open requests that differ only in the instants by which they are sorted. Instants are in microseconds."""

    state: str
    risk: str
    window: str
    days: str
    zone: str
    first_expires: int
    last_expires: int
    size: int
    """How many there are."""
    with_own_place: int
    """How many of them have expired, or had a promised call that did not happen."""

    @property
    def all_have_own_place(self) -> bool:
        """Whether the places of its requests depend on more than their hours: they are frozen, or called once only."""
        return self.state == State.FROZEN or self.window in FROM_NOW or self.days.startswith(ONCE)

    def row(self, expires: int) -> OpenRow:
        """Return a request of this kind."""
        return OpenRow("", *self[:5], since=0, expires=expires, created=0, began=None, missed=None, until=None)


def open_rows(tx: Tx) -> Iterator[OpenRow]:
    """Return all open requests but drills, in no order."""
    return map(OpenRow._make, tx.execute(_OPEN, {"now": tx.now}).all())


def kinds(tx: Tx) -> list[Kind]:
    """Return the kinds of the open requests but drills: hundreds of kinds, of thousands of requests."""
    return list(map(Kind._make, tx.execute(_KINDS, {"now": tx.now})))


def singles(tx: Tx, kinds: Sequence[Kind]) -> dict[str, OpenRow]:
    """Return the requests of all kinds whose part of the list does not depend on their hours only, by their ids.

    They are frozen or have expired, a promised call was missed, the caller may be called once, or the holder was
    reminded. `kinds` says whether there are such requests, and of which kinds.
    """
    rows = [
        *of_kinds(tx, [each for each in kinds if each.all_have_own_place]),
        *of_kinds(tx, [each for each in kinds if each.with_own_place and not each.all_have_own_place], _WITH_OWN_PLACE),
        *map(OpenRow._make, tx.execute(_WITH_REMINDER, {"now": tx.now})),
    ]
    return {row.id: row for row in rows}


def of_kinds(tx: Tx, kinds: Sequence[Kind], statement: sa.Select[Any] = _OF_KINDS) -> Iterator[OpenRow]:
    """Return the requests of some kinds, or what a statement finds of them."""
    wanted = {each[:5] for each in kinds}
    if not wanted:
        return iter(())
    values = {f"{column.name}s": sorted({each[at] for each in wanted}) for at, column in enumerate(_KIND)}
    rows = map(OpenRow._make, tx.execute(statement, {"now": tx.now, **values}).all())
    return (row for row in rows if row[1:6] in wanted)


def stranded_or_urgent(tx: Tx) -> Iterator[OpenRow]:
    """Return those of the open requests that no service is left for, or whose caller may be in danger."""
    return map(OpenRow._make, tx.execute(_STRANDED_OR_URGENT, {"now": tx.now}).all())


def open_row(tx: Tx, id: str) -> Iterator[OpenRow]:
    """Return one request, also one that is over; nothing if it has gone."""
    return map(OpenRow._make, tx.execute(_ROWS.where(request.c.id == id), {"now": tx.now}))


def with_requests(tx: Tx, ids: Sequence[str]) -> list[tuple[Offered, CallbackRequest]]:
    """Return offers with their requests, in the order of `ids`. Those that no longer exist are left out."""
    found = {each.id: each for each in offers.of_rows(tx, offer.c.id.in_(ids))}
    about = {each.id: each for each in requests.of_ids(tx, {each.request for each in found.values()})}
    existing = (found[id] for id in ids if id in found)
    return [(each, about[each.request]) for each in existing if each.request in about]


class Handing(NamedTuple):
    """The open question to another service to take a case over."""

    request: str
    service: str
    """Which is asked."""
    asked: datetime
    until: datetime | None
    """Until when it can accept."""


def handings(tx: Tx, requests: Sequence[str]) -> dict[str, Handing]:
    """Return those of some requests that another service is asked to take over, by their ids."""
    rows = sa.select(_o.request, _o.service, _o.opened, _o.until)
    asked = rows.where(_o.request.in_(requests), _o.state == OfferState.PROPOSED.value)
    return {row.request: Handing._make(row) for row in tx.execute(asked)}


def being_handed(tx: Tx, service: str) -> frozenset[str]:
    """Return the ids of a service's offers whose case another service is asked to take over."""
    asked = offer.alias("asked")
    found = sa.select(_o.id).join(asked, asked.c.request == _o.request)
    held = _o.state.in_((OfferState.CLAIMED.value, OfferState.FOLLOWED.value))
    open_ = sa.and_(asked.c.state == OfferState.PROPOSED.value, asked.c.closed.is_(None))
    return frozenset(tx.execute(found.where(_o.service == service, held, open_)).scalars())


def without_outcome(tx: Tx, service: str) -> frozenset[str]:
    """Return the ids of a service's claims whose number was shown, and of whose call nobody has said how it went."""
    return frozenset(tx.execute(_SILENT, {"of_service": service}).scalars())


def promised(tx: Tx, service: str) -> int:
    """Return how many callers of a service expect a promised call: no service has had their number yet."""
    of_them = sa.and_(_r.promised_from.is_not(None), _r.reveals == 0, _o.state != OfferState.FOLLOWED.value)
    held = sa.select(sa.func.count()).select_from(offer).join(request, _r.id == _o.request)
    where = held.where(IS_OPEN, _o.service == service, _o.state.in_(offers.HAS_CODE), of_them)
    return int(tx.execute(where).scalar_one())


def outcomes(tx: Tx, id: str) -> list[tuple[str, datetime]]:
    """Return the outcomes reported for an offer that were not undone, oldest first, with their times."""
    valid = sa.and_(attempt.c.offer == id, attempt.c.undone.is_(None))
    found = sa.select(attempt.c.outcome, attempt.c.at).where(valid).order_by(attempt.c.id)
    return [(outcome, at) for outcome, at in tx.execute(found)]
