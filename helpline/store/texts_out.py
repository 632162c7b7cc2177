"""Texts on their way out. The words are made when they are sent; the row holds ids, never a number in clear."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.core.ports import Delivery
from helpline.store.schema import message
from helpline.store.sql import new_id

RANK: Mapping[str, int] = {
    state.value: rank
    for rank, state in enumerate(
        (Delivery.QUEUED, Delivery.SENDING, Delivery.UNKNOWN, Delivery.SENT, Delivery.DELIVERED, Delivery.FAILED)
    )
}
"""Receipts come late, twice and out of order: a state only ever moves up this list."""
UNSENT = message.c.state.in_((Delivery.QUEUED.value, Delivery.SENDING.value, Delivery.UNKNOWN.value))
ADD = sa.insert(message)
GET = sa.select(message).where(message.c.id == sa.bindparam("of"))
BEGIN = (
    sa.update(message)
    .where(message.c.id == sa.bindparam("of"), UNSENT)
    .values(state=Delivery.SENDING.value, attempts=message.c.attempts + 1, updated=sa.bindparam("when"))
)


@dataclass(frozen=True, slots=True)
class Message:
    """One text to send. `to`: service, coordinator or caller; `recipient`: a contact, or a caller's dialogue."""

    id: str
    to: str
    recipient: str
    sealed: bytes | None
    notice: str
    offer: str | None
    request: str | None
    values: Mapping[str, Any]
    language: str
    state: Delivery
    attempts: int


def add(
    tx: Connection, to: str, recipient: str, notice: str, language: str, now: datetime, *,
    offer: str | None = None, request: str | None = None, values: Mapping[str, Any] | None = None,
    sealed: bytes | None = None, id: str = "",
) -> str:  # fmt: skip
    """Write a text down; `outbox.wake("send", id, now)` in the same transaction lets it go."""
    id = id or new_id()
    row = {
        "id": id, "to": to, "recipient": recipient, "sealed": sealed, "notice": notice, "offer": offer,
        "request": request, "values": dict(values or {}), "language": language, "state": Delivery.QUEUED.value,
        "attempts": 0, "updated": now,
    }  # fmt: skip
    tx.execute(ADD, row)
    return id


def get(tx: Connection, id: str) -> Message | None:
    """Give a text by its id."""
    row = tx.execute(GET, {"of": id}).first()
    return _read(row) if row else None


def by_gateway_id(tx: Connection, gateway_id: str) -> Message | None:
    """Find the text that a delivery receipt speaks of."""
    row = tx.execute(sa.select(message).where(message.c.gateway_id == gateway_id)).first()
    return _read(row) if row else None


def _read(row: Any) -> Message:
    return Message(
        row.id, row.to, row.recipient, row.sealed, row.notice, row.offer, row.request, row.values, row.language,
        Delivery(row.state), row.attempts,
    )  # fmt: skip


def begin(tx: Connection, id: str, now: datetime) -> bool:
    """Note that it is being handed to the gateway; false where it has gone already or is void."""
    return tx.execute(BEGIN, {"of": id, "when": now}).rowcount == 1


def advance(tx: Connection, id: str, to: Delivery, now: datetime, gateway_id: str | None = None) -> bool:
    """Move a text up the list of states; false where it stood as high already."""
    known = {} if gateway_id is None else {"known": gateway_id}
    return tx.execute(_advance(to, bool(known)), {"of": id, "when": now, **known}).rowcount == 1


@cache
def _advance(to: Delivery, known: bool) -> sa.Update:
    lower = [state for state, rank in RANK.items() if rank < RANK[to.value]]
    values: dict[str, Any] = {"state": to.value, "updated": sa.bindparam("when")}
    if known:
        values["gateway_id"] = sa.bindparam("known")
    if to is not Delivery.UNKNOWN:
        values["sealed"] = None
    return sa.update(message).where(message.c.id == sa.bindparam("of"), message.c.state.in_(lower)).values(values)


def void_of_offer(tx: Connection, offer: str, now: datetime) -> None:
    """Take back the texts about an offer that have not gone yet."""
    _void(tx, message.c.offer == offer, now)


def void_of_dialogue(tx: Connection, session: str, now: datetime) -> None:
    """Take back every reply to a caller that has not gone yet (R12, R18)."""
    _void(tx, sa.and_(message.c.recipient == session, message.c.to == "caller"), now)


def requeue(tx: Connection, id: str, now: datetime) -> None:
    """Put a text back that certainly did not go, for another try."""
    change = sa.update(message).where(message.c.id == id, message.c.state == Delivery.SENDING.value)
    tx.execute(change.values(state=Delivery.QUEUED.value, updated=now))


def _void(tx: Connection, which: Any, now: datetime) -> None:
    tx.execute(sa.update(message).where(which, UNSENT).values(state=Delivery.VOID.value, sealed=None, updated=now))


def take_back(tx: Connection, id: str) -> None:
    """Delete a text that was never to leave: its answer stands on a page."""
    tx.execute(sa.delete(message).where(message.c.id == id))


def sweep(tx: Connection, before: datetime, stuck_before: datetime) -> int:
    """Delete texts settled before an instant, and what is stuck with a number since another; give how many."""
    settled = message.c.state.in_(
        (Delivery.DELIVERED.value, Delivery.FAILED.value, Delivery.VOID.value, Delivery.SENT.value)
    )
    stuck = sa.and_(message.c.sealed.is_not(None), message.c.updated <= stuck_before)
    old = sa.or_(sa.and_(settled, message.c.updated <= before), stuck)
    return tx.execute(sa.delete(message).where(old)).rowcount


def drop(tx: Connection, id: str, now: datetime) -> None:
    """Give a text up that may not leave or is no longer true."""
    tx.execute(sa.update(message).where(message.c.id == id).values(state=Delivery.VOID.value, sealed=None, updated=now))
