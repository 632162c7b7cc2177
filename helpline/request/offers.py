"""Offers of a request to services. Partial unique indexes say: one open offer and one claim a line (R11, R27).

Coordinators called about a request: rows of `offer` that hold no line, one a coordinator and request at a time.

A coordinator who let one pass is called again by the same row, hence by the same code, when the turn comes round.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError

from helpline.store.engine import Tx
from helpline.store.schema import note, offer
from helpline.store.schema import request as request_table
from helpline.store.sql import new_id

MOST_TRIES = 5
"""Wrong codes from the right sender before an offer is void."""


class OfferState(StrEnum):
    """Where an offer stands. Only an open one can be claimed."""

    OPEN = "open"
    CLAIMED = "claimed"
    PASSED = "passed"
    LAPSED = "lapsed"
    UNDELIVERABLE = "undeliverable"
    VOID = "void"
    CALLED = "called"
    """A coordinator was told that nobody took the request, and may take it; or that it is frozen, and may lift that."""
    FOLLOWED = "followed"
    """She was reached, and is helped on: its code still means something, its line is free for the next request."""


LIVE = (OfferState.OPEN.value, OfferState.CLAIMED.value)
"""What holds a line (R27)."""
MEANS_SOMETHING = (*LIVE, OfferState.FOLLOWED.value)
GET = sa.select(offer).where(offer.c.id == sa.bindparam("of"))
ASKED = sa.select(offer.c.service).where(
    offer.c.request == sa.bindparam("of"),
    sa.or_(offer.c.state != OfferState.VOID.value, offer.c.tries >= MOST_TRIES),
)


@dataclass(frozen=True, slots=True)
class Offered:
    """One offer. `until` is None until the gateway has taken its text: the answer clock has not started."""

    id: str
    request: str
    line: str
    service: str
    state: OfferState
    draws: int
    tries: int
    until: datetime | None
    shown_in: datetime | None
    claimed: datetime | None
    reminded: datetime | None
    shown_at: datetime | None


def _read(row: Row[Any]) -> Offered:
    return Offered(
        row.id, row.request, row.line, row.service, OfferState(row.state), row.draws, row.tries, row.until,
        row.shown_in, row.claimed, row.reminded, row.shown_at,
    )  # fmt: skip


def of_rows(tx: Tx, *where: sa.ColumnElement[bool]) -> list[Offered]:
    """Give the offers of which all this is true, the oldest first."""
    return [_read(row) for row in tx.execute(sa.select(offer).where(*where).order_by(offer.c.opened))]


def get(tx: Tx, id: str) -> Offered | None:
    """Give an offer by its id."""
    row = tx.execute(GET, {"of": id}).first()
    return _read(row) if row else None


def add(
    tx: Tx, request: str, line: str, service: str, draws: int, id: str = "",
    state: OfferState = OfferState.OPEN,
) -> str | None:  # fmt: skip
    """Open an offer; None where its line has an open one already (the unique index decides, not a look before).

    As CALLED it is a coordinator's, and holds no line.
    """
    count = sa.select(sa.func.count()).select_from(offer).where(offer.c.request == request)
    values = {
        "id": id or new_id(), "request": request, "line": line, "service": service, "state": state.value,
        "seq": tx.execute(count).scalar_one() + 1, "draws": draws, "tries": 0, "opened": tx.now,
    }  # fmt: skip
    try:
        with tx.begin_nested():
            tx.execute(sa.insert(offer).values(values))
    except IntegrityError:
        return None
    return str(values["id"])


def live_of_service(tx: Tx, service: str) -> list[Offered]:
    """Give the offers of a service that are open, claimed or followed: those whose codes mean something."""
    return of_rows(tx, offer.c.service == service, offer.c.state.in_(MEANS_SOMETHING))


def live_of_request(tx: Tx, request: str) -> list[Offered]:
    """Give the offers of a request that are open, claimed or followed."""
    return of_rows(tx, offer.c.request == request, offer.c.state.in_(MEANS_SOMETHING))


def of_request(tx: Tx, request: str) -> list[Offered]:
    """Give all offers of a request, those that have ended among them, the oldest first."""
    return of_rows(tx, offer.c.request == request)


def set_draws(tx: Tx, id: str, draws: int) -> None:
    """Have an offer be called by other digits."""
    tx.execute(sa.update(offer).where(offer.c.id == id).values(draws=draws))


def asked(tx: Tx, request: str) -> frozenset[str]:
    """Give the ids of all services that need not be asked about a request again.

    An offer that we took back ourselves (she changed her hours, she paused) was no answer; one that was void because
    its code was guessed at counts.
    """
    return frozenset(tx.execute(ASKED, {"of": request}).scalars())


def hold_request(tx: Tx, id: str) -> None:
    """Take the lock of an offer's request before its own, in the order in which a stop moves them.

    A claim moves the offer first, a withdrawal the request: on PostgreSQL the two could wait for each other until one
    is broken off, and that may be hers. SQLite has one writer anyway.
    """
    if tx.dialect.name != "sqlite":
        rows = sa.select(request_table.c.id).join(offer, offer.c.request == request_table.c.id).where(offer.c.id == id)
        tx.execute(rows.with_for_update(key_share=True, of=request_table))


def move(tx: Tx, id: str, since: OfferState, to: OfferState) -> bool:
    """Move an offer if it is still where it was read. A second claim on a line is refused by its unique index."""
    hold_request(tx, id)
    change = (
        sa.update(offer).where(offer.c.id == id, offer.c.state == since.value).values(state=to.value, closed=tx.now)
    )
    if to is OfferState.CLAIMED:
        change = change.values(claimed=tx.now)
    try:
        with tx.begin_nested():
            moved = tx.execute(change).rowcount == 1
    except IntegrityError:
        return False
    if moved and to is OfferState.CLAIMED:
        _start_blank(tx, id)
    return moved


def _start_blank(tx: Tx, id: str) -> None:
    """Erase what other services noted on the request of an offer that is claimed now."""
    theirs = sa.select(offer.c.request, offer.c.service).where(offer.c.id == id).subquery()
    others = note.c.service != sa.select(theirs.c.service).scalar_subquery()
    tx.execute(sa.delete(note).where(note.c.request == sa.select(theirs.c.request).scalar_subquery(), others))


def start_clock(tx: Tx, id: str, until: datetime) -> bool:
    """Start the answer clock of an open offer, once: the gateway has taken its text."""
    change = sa.update(offer).where(offer.c.id == id, offer.c.state == OfferState.OPEN.value, offer.c.until.is_(None))
    return tx.execute(change.values(until=until)).rowcount == 1


def hasten(tx: Tx, id: str, until: datetime) -> bool:
    """Let the answer clock of an open offer end sooner than it would; false where it does not."""
    running = sa.and_(offer.c.id == id, offer.c.state == OfferState.OPEN.value, offer.c.until > until)
    return tx.execute(sa.update(offer).where(running).values(until=until)).rowcount == 1


def count_try(tx: Tx, service: str) -> list[Offered]:
    """Count a wrong code against all open offers of the sender; give those offers."""
    opened = sa.and_(offer.c.service == service, offer.c.state == OfferState.OPEN.value)
    tx.execute(sa.update(offer).where(opened).values(tries=offer.c.tries + 1))
    return of_rows(tx, opened)


def remind(tx: Tx, id: str) -> None:
    """Note that the holder of a claim was told that nothing is heard of it."""
    tx.execute(sa.update(offer).where(offer.c.id == id).values(reminded=tx.now))


def ended_of_service(tx: Tx, service: str, since: datetime) -> list[Offered]:
    """Give the offers of a service that ended since an instant: a late answer to one is no guess."""
    return of_rows(tx, offer.c.service == service, offer.c.closed >= since)


def ask_again(tx: Tx, request: str, service: str) -> None:
    """Let a service be asked once more that did not take a request: somebody has named it."""
    ended = (OfferState.PASSED.value, OfferState.LAPSED.value, OfferState.UNDELIVERABLE.value)
    theirs = sa.and_(offer.c.request == request, offer.c.service == service, offer.c.state.in_(ended))
    tx.execute(sa.update(offer).where(theirs).values(state=OfferState.VOID.value))


ANSWERABLE = (OfferState.CALLED.value, OfferState.PASSED.value)


def calls_of_person(tx: Tx, person: str) -> list[Offered]:
    """Give what a coordinator is called about."""
    return of_rows(tx, offer.c.service == person, offer.c.state == OfferState.CALLED.value)


def held_codes(tx: Tx, desk: str) -> list[tuple[str, int]]:
    """Give id and draws of whatever a code of this desk may open: no two of them may look alike."""
    known = sa.and_(offer.c.service == desk, offer.c.state.in_((*MEANS_SOMETHING, *ANSWERABLE)))
    return [(row.id, row.draws) for row in tx.execute(sa.select(offer.c.id, offer.c.draws).where(known))]


def call_of(tx: Tx, request: str, person: str) -> Offered | None:
    """Give the row by which a coordinator was called about a request, None where a new one is to be made."""
    asked = [each for each in of_rows(tx, offer.c.request == request) if each.service == person]
    return next((each for each in reversed(asked) if each.state.value in ANSWERABLE), None)


def last_called(tx: Tx, request: str) -> Mapping[str, datetime]:
    """Give when each desk was last asked or called about a request; what was taken back does not count."""
    rows = sa.select(offer.c.service, sa.func.max(offer.c.opened).label("at")).group_by(offer.c.service)
    asked = rows.where(offer.c.request == request, offer.c.state != OfferState.VOID.value)
    return {row.service: row.at for row in tx.execute(asked)}


def call_again(tx: Tx, id: str) -> None:
    """Note that a coordinator is called once more."""
    change = sa.update(offer).where(offer.c.id == id, offer.c.state.in_(ANSWERABLE))
    tx.execute(change.values(state=OfferState.CALLED.value, opened=tx.now))


def void_calls(tx: Tx, request: str) -> None:
    """Nobody is called about a request any more: their codes open nothing."""
    called = sa.and_(offer.c.request == request, offer.c.state == OfferState.CALLED.value)
    tx.execute(sa.update(offer).where(called).values(state=OfferState.VOID.value, closed=tx.now))


def shown_to(tx: Tx, request: str) -> frozenset[str]:
    """Give the desks that have got the number of a request."""
    rows = sa.select(offer.c.service).where(offer.c.request == request, offer.c.shown_in.is_not(None))
    return frozenset(tx.execute(rows).scalars())


def held(tx: Tx, desk: str) -> list[Offered]:
    """Give every offer whose code means something to a desk, a coordinator's calls among them, the oldest first."""
    known = (*MEANS_SOMETHING, OfferState.CALLED.value)
    return of_rows(tx, offer.c.service == desk, offer.c.state.in_(known))
