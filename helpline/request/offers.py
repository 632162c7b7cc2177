"""Offers of requests to services.

Partial unique indexes allow one open offer and one claim for each phone line (R11, R27). A coordinator who is called
has a row here too, which does not take the line (`coordinator_calls`).

A row that was not written with the contact key is no offer: it is not found (`offer_seal`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError

from helpline.core.call_windows import Hours, has_window_at
from helpline.core.clock import instant
from helpline.request import offer_seal
from helpline.request.model import CallbackRequest
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import Instant, note, offer, raw
from helpline.store.schema import request as request_table
from helpline.store.sql import INSERT, new_id


class OfferState(StrEnum):
    """The states of an offer. Only an open one can be claimed."""

    OPEN = "open"
    CLAIMED = "claimed"
    PASSED = "passed"
    LAPSED = "lapsed"
    UNDELIVERABLE = "undeliverable"
    VOID = "void"
    CALLED = "called"
    """A coordinator was called: no service took the request, and they may take it; or it is frozen."""
    FOLLOWED = "followed"
    """The caller was reached and is helped on. The code is still valid, and the line is free for the next request."""
    PROPOSED = "proposed"
    """The holder of the case asks this service to take it over, and keeps it until the service accepts (R30)."""


LIVE = (OfferState.OPEN.value, OfferState.CLAIMED.value)
"""The states in which an offer takes its phone line (R27)."""
MEANS_SOMETHING = (*LIVE, OfferState.FOLLOWED.value)
"""The states in which a service has a request: it is offered one, or holds it."""
HAS_CODE = (*MEANS_SOMETHING, OfferState.PROPOSED.value)
"""The states in which the code of a service is valid."""
IS_HELD = (*HAS_CODE, OfferState.CALLED.value)
"""The states in which a desk has an offer, or is called about a request."""
ANSWERABLE = (OfferState.CALLED.value, OfferState.PASSED.value)
"""The states in which a coordinator can answer a call."""
AGREED = ("agreed_at", "agreed_how")
"""What the public process never reads: it would know when and where somebody can be met."""


def _as_stored(*hidden: str) -> sa.Select[Any]:
    """Select rows with their instants as numbers, which is what their code covers. `read` converts them."""
    numbers = (raw(each).label(each.name) if isinstance(each.type, Instant) else each for each in offer.c)
    return sa.select(*(sa.null().label(each.name) if each.name in hidden else each for each in numbers))


AS_STORED = _as_stored()
GET = AS_STORED.where(offer.c.id == sa.bindparam("of"))
HELD = GET.with_for_update()
IN_PUBLIC = _as_stored(*AGREED)
GET_IN_PUBLIC = IN_PUBLIC.where(offer.c.id == sa.bindparam("of"))
HELD_IN_PUBLIC = GET_IN_PUBLIC.with_for_update()
CODES = Fixed(
    sa.select(offer.c.id, offer.c.draws).where(
        offer.c.service == sa.bindparam("at"), offer.c.state.in_((*HAS_CODE, *ANSWERABLE))
    )
)
START_CLOCK = sa.update(offer).where(
    offer.c.id == sa.bindparam("of"),
    offer.c.state.in_((OfferState.OPEN.value, OfferState.PROPOSED.value)),
    offer.c.until.is_(None),
)
ASKED = Fixed(
    sa.select(offer.c.service).where(offer.c.request == sa.bindparam("of"), offer.c.state != OfferState.VOID.value)
)


WE_CALL = "we_call"
"""The next contact with a caller who was reached: the service calls."""
CONTACT_AHEAD = timedelta(minutes=30)
"""So long before an agreed contact the service is reminded of it."""
CONTACT_MISSED = timedelta(hours=1)
"""So long after an agreed contact the list asks whether it took place."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One offer."""

    id: str
    request: str
    line: str
    service: str
    state: OfferState
    draws: int
    """Which draw of five digits is its code."""
    until: datetime | None
    """Until when it can be answered. None until the gateway has accepted its text."""
    shown_in: datetime | None
    """The start of the window in which the number was last shown."""
    claimed: datetime | None
    reminded: datetime | None
    """When the holder was told that nothing was heard of the claim."""
    shown_at: datetime | None
    """When the number was last shown."""
    left_at: datetime | None
    """When the number first left to this desk, whatever a receipt has said since (R30)."""
    override: str | None
    """Why a coordinator may get the number although no other service may (R29)."""
    owner: str | None
    """The account of the colleague who does the case; None: any of the service. It gives no rights."""
    agreed_at: datetime | None = None
    """When the next contact is that was agreed on with a caller who was reached."""
    agreed_how: str | None = None
    """Who calls or comes then: one of `next_contact.WAYS`."""


def read(row: Row[Any]) -> Offered:
    """Return the offer of a row, genuine or not."""
    return Offered(
        row.id, row.request, row.line, row.service, OfferState(row.state), row.draws,
        instant(row.until), instant(row.shown_in), instant(row.claimed), instant(row.reminded),
        instant(row.shown_at), instant(row.left_at), row.override, row.owner,
        instant(row.agreed_at), row.agreed_how,
    )  # fmt: skip


def of_rows(tx: Tx, *where: sa.ColumnElement[bool]) -> list[Offered]:
    """Return the genuine offers that match all conditions, oldest first."""
    stored = AS_STORED if tx.contacts else IN_PUBLIC
    rows = tx.execute(stored.where(*where).order_by(offer.c.opened)).all()
    return [found for row in rows if (found := _genuine(tx, row))]


def get(tx: Tx, id: str) -> Offered | None:
    """Return an offer by its id, if it is genuine."""
    row = tx.execute(GET if tx.contacts else GET_IN_PUBLIC, {"of": id}).first()
    return _genuine(tx, row) if row else None


def _genuine(tx: Tx, row: Row[Any]) -> Offered | None:
    """Return the offer of a row, if it is genuine."""
    found = read(row)
    return found if offer_seal.is_genuine(tx, row) else None


def locked(tx: Tx, id: str) -> Row[Any] | None:
    """Return the row of a genuine offer, locked until this transaction ends."""
    row = tx.execute(HELD if tx.contacts else HELD_IN_PUBLIC, {"of": id}).first()
    return row if row and offer_seal.is_genuine(tx, row) else None


def change(tx: Tx, row: Row[Any], **values: Any) -> bool:
    """Change an offer that still is as it was read, and recalculate its code. Return False if it has changed.

    The public process only ends offers, and leaves the code as it is. Raise `NoContactKey` if it would do more.
    """
    after = offer_seal.sealed(row) | values
    if tx.contacts or after["state"] in offer_seal.GRANTS:
        values["mac"] = offer_seal.code(tx.contact_key, after)
    still = sa.and_(offer.c.id == row.id, offer.c.state == row.state)
    return tx.execute(sa.update(offer).where(still).values(values)).rowcount == 1


def add(
    tx: Tx, request: str, line: str, service: str, draws: int, id: str = "",
    state: OfferState = OfferState.OPEN,
) -> str | None:  # fmt: skip
    """Store an offer. Return None if its line has an open one already; the unique index decides.

    With the state CALLED it is the call of a coordinator, and does not take the line. Raise `NoContactKey` in a process
    that cannot make a genuine one.
    """
    values = {
        "id": id or new_id(), "request": request, "line": line, "service": service, "state": state.value,
        "draws": draws, "opened": tx.now,
    }  # fmt: skip
    values["mac"] = offer_seal.code(tx.contact_key, values)
    added: str | None = tx.execute(_add(tx.dialect.name), values | {"of": request}).scalar()
    return added


@cache
def _add(dialect: str) -> Fixed:
    """Number the offer among those of its request, and store it unless there is one that excludes it."""
    before = sa.select(sa.func.count() + 1).select_from(offer).where(offer.c.request == sa.bindparam("of"))
    numbered = INSERT[dialect](offer).values(seq=before.scalar_subquery())
    return Fixed(numbered.on_conflict_do_nothing().returning(offer.c.id))


def live_of_service(tx: Tx, service: str) -> list[Offered]:
    """Return the offers of a service that are open, claimed or followed: those with a valid code."""
    return of_rows(tx, offer.c.service == service, offer.c.state.in_(MEANS_SOMETHING))


def desks_that_hold(tx: Tx) -> list[str]:
    """Return the ids of the desks with an open offer or a claim."""
    return list(tx.execute(sa.select(offer.c.service).where(offer.c.state.in_(LIVE)).distinct()).scalars())


def live_of_request(tx: Tx, request: str) -> list[Offered]:
    """Return the offers of a request that are open, claimed or followed."""
    return of_rows(tx, offer.c.request == request, offer.c.state.in_(MEANS_SOMETHING))


def of_request(tx: Tx, request: str) -> list[Offered]:
    """Return all offers of a request, also those that have ended, oldest first."""
    return of_rows(tx, offer.c.request == request)


def set_draws(tx: Tx, id: str, draws: int) -> None:
    """Set the draw of an offer, and so its code."""
    if row := locked(tx, id):
        change(tx, row, draws=draws)


def asked(tx: Tx, request: str) -> frozenset[str]:
    """Return the ids of all services that need not be asked about a request again.

    An offer that we took back ourselves, because the caller changed the window or paused, was not answered.
    """
    return frozenset(tx.execute(ASKED, {"of": request}).scalars())


def named_next(tx: Tx, request: CallbackRequest) -> frozenset[str]:
    """Return the service that somebody has named to be asked about a request next: one, or none once it was asked."""
    return frozenset({request.handed_to} if request.handed_to else ()) - asked(tx, request.id)


def hold_request(tx: Tx, id: str) -> None:
    """Lock the request of an offer before the offer, in the order in which a stop changes them.

    A claim changes the offer first, a withdrawal the request. On PostgreSQL the two could wait for each other until one
    is aborted, and that may be the caller's. SQLite has one writer anyway.
    """
    if tx.dialect.name != "sqlite":
        rows = sa.select(request_table.c.id).join(offer, offer.c.request == request_table.c.id).where(offer.c.id == id)
        tx.execute(rows.with_for_update(key_share=True, of=request_table))


def move(tx: Tx, id: str, since: OfferState, to: OfferState) -> bool:
    """Change the state of an offer if it is still `since`. The unique index refuses a second claim on a line.

    What was agreed on with the caller is deleted: it was true for the state before. The public process has no right to
    write it, and must be able to end the offer all the same (R33): there a worker deletes it (`forget_agreed`).
    """
    hold_request(tx, id)
    row = locked(tx, id)
    if row is None or row.state != since.value:
        return False
    holds = to is OfferState.CLAIMED or (since is OfferState.PROPOSED and to is OfferState.FOLLOWED)
    claimed = {"claimed": tx.now} if holds else {}
    agreed = {"agreed_at": None, "agreed_how": None} if since is OfferState.FOLLOWED and tx.contacts else {}
    try:
        with tx.begin_nested():
            moved = change(tx, row, state=to.value, closed=tx.now, **claimed, **agreed)
    except IntegrityError:
        return False
    if moved and holds:
        _delete_other_notes(tx, id)
    return moved


def _delete_other_notes(tx: Tx, id: str) -> None:
    """Delete the notes of other services on the request of an offer that is claimed now."""
    claimed = sa.select(offer.c.request, offer.c.service).where(offer.c.id == id).subquery()
    others = note.c.service != sa.select(claimed.c.service).scalar_subquery()
    tx.execute(sa.delete(note).where(note.c.request == sa.select(claimed.c.request).scalar_subquery(), others))


def start_clock(tx: Tx, id: str, until: datetime) -> bool:
    """Start the time to answer of an offer, once. Return False if it runs already, or needs no answer."""
    return tx.execute(START_CLOCK, {"of": id, "until": until}).rowcount == 1


def hasten(tx: Tx, id: str, until: datetime) -> bool:
    """Shorten the time to answer of an open offer. Return False if it ends sooner already."""
    running = sa.and_(offer.c.id == id, offer.c.state == OfferState.OPEN.value, offer.c.until > until)
    return tx.execute(sa.update(offer).where(running).values(until=until)).rowcount == 1


def remind(tx: Tx, id: str) -> None:
    """Store that the holder of a claim was told that nothing was heard of it."""
    tx.execute(sa.update(offer).where(offer.c.id == id).values(reminded=tx.now))


def agree(tx: Tx, id: str, at: datetime | None, how: str | None) -> None:
    """Store the next contact that a service agreed on with a caller it reached, or that none is agreed on."""
    followed = sa.and_(offer.c.id == id, offer.c.state == OfferState.FOLLOWED.value)
    tx.execute(sa.update(offer).where(followed).values(agreed_at=at, agreed_how=how))


def is_in_hours(how: str | None, hours: Hours, at: datetime) -> bool:
    """Whether the next contact may be at an instant to come: the service calls only in the caller's hours (R3)."""
    return how != WE_CALL or has_window_at(hours, at)


def forget_agreed(tx: Tx, id: str) -> None:
    """Delete the next contact of an offer whose service no longer helps the caller."""
    over = sa.and_(offer.c.id == id, offer.c.state != OfferState.FOLLOWED.value, offer.c.agreed_at.is_not(None))
    tx.execute(sa.update(offer).where(over).values(agreed_at=None, agreed_how=None))


def ended_of_service(tx: Tx, service: str, since: datetime) -> list[Offered]:
    """Return the offers of a service that ended since an instant: a late answer to one of them is no guess."""
    return of_rows(tx, offer.c.service == service, offer.c.closed >= since)


def ask_again(tx: Tx, request: str, service: str) -> None:
    """Make a service that did not take a request one that can be asked again: somebody has named it."""
    ended = (OfferState.PASSED.value, OfferState.LAPSED.value, OfferState.UNDELIVERABLE.value)
    earlier = sa.and_(offer.c.request == request, offer.c.service == service, offer.c.state.in_(ended))
    tx.execute(sa.update(offer).where(earlier).values(state=OfferState.VOID.value))


def held_codes(tx: Tx, desk: str) -> list[tuple[str, int]]:
    """Return id and draw of everything that a code of this desk may mean. No two may have the same code."""
    return [(row.id, row.draws) for row in tx.execute(CODES, {"at": desk})]


def all_codes(tx: Tx, since: datetime) -> list[tuple[str, int]]:
    """Return id and draw of every offer with a valid code, and of those that ended since an instant."""
    o = offer.c
    found = sa.select(o.id, o.draws).where(sa.or_(o.state.in_(IS_HELD), o.closed >= since))
    return [(row.id, row.draws) for row in tx.execute(found)]


def of_ids(tx: Tx, ids: Sequence[str]) -> list[Offered]:
    """Return the genuine offers with these ids, oldest first."""
    return of_rows(tx, offer.c.id.in_(ids))


def proposed(tx: Tx, request: str) -> list[Offered]:
    """Return the open question to another service to take a request over: one or none."""
    return of_rows(tx, offer.c.request == request, offer.c.state == OfferState.PROPOSED.value)


def proposed_to(tx: Tx, service: str) -> list[Offered]:
    """Return what a service is asked to take over, the oldest first."""
    return of_rows(tx, offer.c.service == service, offer.c.state == OfferState.PROPOSED.value)


def mark_left(tx: Tx, id: str) -> None:
    """Store that the number has left to the desk of an offer, if it was not stored before (R30)."""
    tx.execute(sa.update(offer).where(offer.c.id == id, offer.c.left_at.is_(None)).values(left_at=tx.now))


def set_override(tx: Tx, id: str, why: str) -> None:
    """Store why a coordinator may get the number of a request although no other service may (R29)."""
    if row := locked(tx, id):
        change(tx, row, override=why)


def held(tx: Tx, desk: str) -> list[Offered]:
    """Return every offer of a desk with a valid code, including the calls of a coordinator, oldest first."""
    return of_rows(tx, offer.c.service == desk, offer.c.state.in_(IS_HELD))


def held_or_ended(tx: Tx, desk: str, since: datetime) -> list[Offered]:
    """Return what `held` returns, then the offers of the desk that ended since an instant, the newest first."""
    known = of_rows(tx, offer.c.service == desk, sa.or_(offer.c.state.in_(IS_HELD), offer.c.closed >= since))
    has = [each for each in known if each.state.value in IS_HELD]
    return has + [each for each in reversed(known) if each not in has]
