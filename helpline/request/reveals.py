"""How often numbers were shown, and in which windows: once in a window, and only a few times (R11, R32).

Also the bridged calls that the gateway may connect: rows that last two minutes, found by the hash of a session id that
is stored nowhere.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from helpline.core.ports import Delivery
from helpline.request import attempts, offers
from helpline.request.attempts import NO_CALL
from helpline.request.offers import OfferState
from helpline.store import audit_log
from helpline.store.engine import Tx
from helpline.store.schema import attempt, audit, bridge, message, offer, raw, request, vault


def mark(tx: Tx, id: str, request_id: str, window_start: datetime) -> bool:
    """Store that the number of a request is shown in this window, and count it.

    Return False if it was shown in it before (R32: once a window).
    """
    offers.hold_request(tx, id)
    fresh = sa.and_(offer.c.id == id, sa.or_(offer.c.shown_in.is_(None), offer.c.shown_in != window_start))
    left_at = sa.func.coalesce(offer.c.left_at, sa.bindparam("now", tx.now, type_=offer.c.left_at.type))
    change = sa.update(offer).where(fresh).values(shown_in=window_start, shown_at=tx.now, left_at=left_at)
    marked = tx.execute(change).rowcount == 1
    if marked:
        tx.execute(sa.update(request).where(request.c.id == request_id).values(reveals=request.c.reveals + 1))
    return marked


def unmark(tx: Tx, id: str, request_id: str, window_start: datetime, *, left: bool) -> bool:
    """Free a window, and count it no more: the text with the number could not be delivered, and may be asked for again.

    If it may have `left` all the same, its desk still counts as one that has it (R30).

    Return False if the number was shown in another window since, which stays used however late the receipt comes. Or if
    the service has reported its call: then it did call, whatever the receipt says.
    """
    offers.hold_request(tx, id)
    about = sa.and_(attempt.c.offer == id, attempt.c.shown_in == window_start)
    called = sa.exists().where(about, attempt.c.outcome.not_in(NO_CALL))
    still = sa.and_(offer.c.id == id, offer.c.shown_in == window_start, ~called)
    values: dict[str, Any] = {"shown_in": None, "shown_at": None}
    if not left:
        values["left_at"] = sa.case((offer.c.left_at == offer.c.shown_at, None), else_=offer.c.left_at)
    unmarked = tx.execute(sa.update(offer).where(still).values(values)).rowcount == 1
    if unmarked:
        tx.execute(sa.update(request).where(request.c.id == request_id).values(reveals=request.c.reveals - 1))
    return unmarked


def of_line(tx: Tx, about: str) -> int:
    """Return how often the number of the line of a request was shown (R11).

    Requests by which the caller was reached do not count.
    """
    return tx.execute(_of_line(), {"of": about}).scalar() or 0


@cache
def _of_line() -> sa.Select[int]:
    line = sa.select(vault.c.line).where(vault.c.request == sa.bindparam("of")).scalar_subquery()
    kept = request.c.id.in_(sa.select(vault.c.request).where(vault.c.line == line))
    erased = request.c.id.in_(sa.select(offer.c.request).where(offer.c.line == line))  # see `tombstones.unlink`
    all_but = sa.and_(sa.or_(kept, erased), ~attempts.reached(request.c.id))
    return sa.select(sa.func.sum(request.c.reveals)).where(all_but)


def not_logged(tx: Tx) -> list[str]:
    """Return the requests whose number has left by a text or a claim, but not by the audit log."""
    known = sa.exists().where(audit.c.action.in_(audit_log.LEFT))
    left = message.c.state.not_in((Delivery.QUEUED.value, Delivery.VOID.value))
    texts = sa.select(message.c.request).where(
        message.c.notice == "to_ngo.number", left, ~known.where(audit.c.ref == message.c.request)
    )
    shown = sa.select(offer.c.request).where(
        offer.c.shown_at.is_not(None), ~known.where(audit.c.ref == offer.c.request, audit.c.at == offer.c.shown_at)
    )
    return sorted(str(id) for id in tx.execute(sa.union(texts, shown)).scalars())


@dataclass(frozen=True, slots=True)
class BridgedCall:
    """A call to a service, which is connected to a caller when somebody answers and presses 1."""

    call: str
    """A hash of the gateway's session id."""
    offer: str
    request: str
    sealed: bytes = field(repr=False)
    language: str
    made: datetime
    until: datetime


def put_bridge(tx: Tx, row: BridgedCall) -> None:
    """Store a call."""
    columns = (column.name for column in bridge.columns)
    tx.execute(sa.insert(bridge).values({name: getattr(row, name) for name in columns}))


def get_bridge(tx: Tx, call: str) -> BridgedCall | None:
    """Return a call, also one whose time is over."""
    row = tx.execute(sa.select(bridge).where(bridge.c.call == call)).first()
    return _read(row) if row else None


def take_bridge(tx: Tx, call: str) -> bool:
    """Delete a call, so that nobody is connected twice. Return False if there was none."""
    return tx.execute(sa.delete(bridge).where(bridge.c.call == call)).rowcount == 1


def void_bridges(tx: Tx, offer: str) -> None:
    """Delete the calls of an offer, so that none of them is connected (R48)."""
    tx.execute(sa.delete(bridge).where(bridge.c.offer == offer))


def sweep_bridges(tx: Tx) -> int:
    """Delete the calls whose time is over. Return how many."""
    return tx.execute(sa.delete(bridge).where(bridge.c.until <= tx.now)).rowcount


def _read(row: Row[Any]) -> BridgedCall:
    return BridgedCall(row.call, row.offer, row.request, row.sealed, row.language, row.made, row.until)


def used_before(tx: Tx, service: str) -> dict[str, int]:
    """Return the start of the last window in which another desk had the number, by the id of each claim of a service.

    That desk gave the case back, or handed it over: in that window the number is not shown again (R11). The instants
    are in microseconds.
    """
    mine, other = offer.alias(), offer.alias()
    last, had = sa.func.max(raw(other.c.shown_in)), other.c.shown_in.is_not(None)
    rows = sa.select(mine.c.id, last).join(other, sa.and_(other.c.request == mine.c.request, had))
    claims = sa.and_(mine.c.service == service, mine.c.state == OfferState.CLAIMED.value, other.c.id != mine.c.id)
    return {row.id: row[1] for row in tx.execute(rows.where(claims).group_by(mine.c.id))}
