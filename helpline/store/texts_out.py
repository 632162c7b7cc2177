"""Outgoing texts. Their words are made when they are sent. A row holds ids, and never a number in clear.

A row without the code (MAC) of the contact key is not sent. So only workers and the console can write texts (R12, R32).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from helpline.core.jobs import Queue
from helpline.core.ports import Delivery
from helpline.keys.row_seal import ContactKey
from helpline.store import outbox
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import message
from helpline.store.sql import new_id

RANK: Mapping[str, int] = {
    state.value: rank
    for rank, state in enumerate(
        (Delivery.QUEUED, Delivery.SENDING, Delivery.UNKNOWN, Delivery.SENT, Delivery.DELIVERED, Delivery.FAILED)
    )
}
"""Receipts come late, twice and out of order, so a state only ever moves up this list."""
URGENT = frozenset(f"to_ngo.{name}" for name in (
    "danger", "cry", "cries", "frozen", "harm", "number", "overtaken", "raid", "raid_hour", "stop", "unreached",
))  # fmt: skip
"""Texts that cannot wait behind others: danger, a number that leaves, *do not call any more*."""
ON_SAFETY = frozenset(f"to_ngo.{name}" for name in (
    "stop", "overtaken", "card", "card_more", "details", "hour", "permissions",
))  # fmt: skip
"""If one of these is not delivered, a coordinator must call the service."""
SEALED = ("id", "to", "recipient", "notice", "offer", "request", "values", "language")
UNSENT = message.c.state.in_((Delivery.QUEUED.value, Delivery.SENDING.value, Delivery.UNKNOWN.value))
LONGEST_POLL_ID = 200
ADD = Fixed(sa.insert(message))
READ = sa.select(*(message.c[name] for name in (*SEALED, "sealed", "state", "attempts", "mac", "refused_by")))
"""Only what a `Message` needs."""
GET = Fixed(READ.where(message.c.id == sa.bindparam("of")))
ABOUT = Fixed(sa.select(message.c.to, message.c.sealed, message.c.request).where(message.c.id == sa.bindparam("of")))
BY_GATEWAY_ID = Fixed(
    READ.where(
        sa.or_(
            message.c.gateway_id == sa.bindparam("of"),
            sa.and_(message.c.gateway_id == sa.bindparam("alone"), message.c.channel.is_(None)),
        )
    )
)
OF_DIALOGUE = sa.and_(message.c.recipient == sa.bindparam("of"), message.c.to == "caller")
QUEUED = Fixed(READ.where(OF_DIALOGUE, message.c.state == Delivery.QUEUED.value).with_for_update())
VOID_OF_DIALOGUE = Fixed(
    sa.update(message)
    .where(OF_DIALOGUE, UNSENT)
    .values(state=Delivery.VOID.value, sealed=None, updated=sa.bindparam("when"))
)
BEGIN = Fixed(
    sa.update(message)
    .where(message.c.id == sa.bindparam("of"), UNSENT)
    .values(state=Delivery.SENDING.value, attempts=message.c.attempts + 1, updated=sa.bindparam("when"))
)


@dataclass(frozen=True, slots=True)
class Message:
    """One text to send."""

    id: str
    to: str
    """`service`, `coordinator` or `caller`."""
    recipient: str
    """The id of a contact, or of a caller's SMS dialogue."""
    sealed: bytes | None
    """A caller's number, until the text is sent."""
    notice: str
    """The name of the text."""
    offer: str | None
    request: str | None
    values: Mapping[str, Any]
    """What the text shows: instants, codes and names of other texts."""
    language: str
    """Empty means the recipient's own."""
    state: Delivery
    attempts: int
    genuine: bool = False
    """Whether it was written with the contact key, and not changed since."""
    refused_by: tuple[str, ...] = ()
    """The channels that certainly did not take it."""


@dataclass(frozen=True, slots=True)
class About:
    """Which caller a text is to or about."""

    to: str
    """`service`, `coordinator` or `caller`."""
    sealed: bytes | None
    """The number of a caller that it is to, until it is sent."""
    request: str | None


def queue_of(notice: str, queue: Queue = Queue.DEFAULT) -> Queue:
    """Return the queue of a text: `urgent` for some notices, unless it is practice, else that of its request."""
    return Queue.URGENT if notice in URGENT and queue is not Queue.LOW else queue


def add(
    tx: Tx, to: str, recipient: str, notice: str, language: str, *,
    offer: str | None = None, request: str | None = None, values: Mapping[str, Any] | None = None,
    sealed: bytes | None = None, id: str = "", queue: Queue = Queue.DEFAULT,
) -> str:  # fmt: skip
    """Save a text that is sent at once, and return its id. `queue`: that of its request.

    Raise `NoContactKey` in a process that may write no text.
    """
    queue = queue_of(notice, queue)
    id = id or new_id()
    row = {
        "id": id, "to": to, "recipient": recipient, "sealed": sealed, "notice": notice, "offer": offer,
        "request": request, "values": dict(values or {}), "language": language, "state": Delivery.QUEUED.value,
        "attempts": 0, "updated": tx.now,
    }  # fmt: skip
    tx.execute(ADD, row | {"mac": _code(tx.contact_key, row)})
    outbox.wake(tx, "send", id, tx.now, queue, recipient)
    return id


def get(tx: Tx, id: str) -> Message | None:
    """Return a text by its id."""
    row = tx.execute(GET, {"of": id}).first()
    return _read(tx, row) if row else None


def about(tx: Tx, id: str) -> About | None:
    """Return which caller a text is to or about, or None if there is no such text."""
    row = tx.execute(ABOUT, {"of": id}).first()
    return About(row.to, row.sealed, row.request) if row else None


def newest(tx: Tx, notice: str) -> datetime | None:
    """Return when the newest text of a notice was written, sent or delivered. None if none is stored."""
    return tx.execute(sa.select(sa.func.max(message.c.updated)).where(message.c.notice == notice)).scalar()


def colleagues_named(tx: Tx, notice: str, since: datetime) -> set[str]:
    """Return the contacts that the texts of a notice are about, of those written or sent since an instant.

    Texts that reached nobody do not count.
    """
    lately = sa.and_(message.c.updated > since, message.c.state != Delivery.FAILED.value)
    rows = tx.execute(sa.select(message.c["values"]).where(message.c.notice == notice, lately))
    return {str(values.get("colleague", "")) for values in rows.scalars()}


def by_gateway_id(tx: Tx, gateway_id: str) -> Message | None:
    """Return the text that a delivery receipt is about. A text of before channels were stored has the id alone."""
    row = tx.execute(BY_GATEWAY_ID, {"of": gateway_id, "alone": gateway_id.partition(":")[2]}).first()
    return _read(tx, row) if row else None


def _read(tx: Tx, row: Any) -> Message:
    key = tx.contacts
    return Message(
        row.id, row.to, row.recipient, row.sealed, row.notice, row.offer, row.request, row.values, row.language,
        Delivery(row.state), row.attempts, key is not None and _is_genuine(key, row),
        tuple(filter(None, (row.refused_by or "").split(","))),
    )  # fmt: skip


def _is_genuine(key: ContactKey, row: Any) -> bool:
    return key.is_genuine(row.mac, _code(key, {name: getattr(row, name) for name in (*SEALED, "sealed")}))


def _code(key: ContactKey, row: Mapping[str, Any]) -> str:
    """Return the code over the recipient of a text, its words, and the offer, request and number that it is about."""
    sealed = row["sealed"] and hashlib.blake2b(row["sealed"], digest_size=16).hexdigest()
    return key.text(*(row[name] for name in SEALED), sealed)


def begin(tx: Tx, id: str) -> bool:
    """Note that a text is being passed to the gateway. Return False if it was sent already or is void."""
    return tx.execute(BEGIN, {"of": id, "when": tx.now}).rowcount == 1


def advance(tx: Tx, id: str, to: Delivery, gateway_id: str | None = None, channel: str | None = None) -> bool:
    """Move a text up the list of states. Return False if it was as high already."""
    known = {} if gateway_id is None else {"known": gateway_id, "by": channel}
    return tx.execute(_advance(to, bool(known)), {"of": id, "when": tx.now, **known}).rowcount == 1


def keep_poll_id(tx: Tx, id: str, poll_id: str) -> None:
    """Store the gateway's own id of a text, to ask for its receipt. Only for texts to staff: it may hold the number."""
    if len(poll_id) <= LONGEST_POLL_ID:
        tx.execute(sa.update(message).where(message.c.id == id, message.c.to != "caller").values(poll_id=poll_id))


def to_poll(tx: Tx, channel: str, since: datetime, most: int) -> list[str]:
    """Return the gateway's ids of texts that it took since an instant and has not reported about, in any order.

    The order is by chance, so that texts that get no report for long do not keep the others waiting.
    """
    waiting = sa.and_(message.c.channel == channel, message.c.state == Delivery.SENT.value,
                      message.c.poll_id.is_not(None), message.c.updated >= since)  # fmt: skip
    some = sa.select(message.c.poll_id).where(waiting).order_by(sa.func.random()).limit(most)
    return list(tx.execute(some).scalars())


@cache
def _advance(to: Delivery, known: bool) -> Fixed:
    lower = [state for state, rank in RANK.items() if rank < RANK[to.value]]
    values: dict[str, Any] = {"state": to.value, "updated": sa.bindparam("when")}
    if known:
        values |= {"gateway_id": sa.bindparam("known"), "channel": sa.bindparam("by")}
    if to is not Delivery.UNKNOWN:
        values["sealed"] = None
    of = sa.and_(message.c.id == sa.bindparam("of"), message.c.state.in_(lower))
    return Fixed(sa.update(message).where(of).values(values))


def void_of_dialogue(tx: Tx, session: str) -> list[Message]:
    """Void all replies to a caller that were not sent yet (R12, R18). Return those that certainly did not leave."""
    queued = [_read(tx, row) for row in tx.execute(QUEUED, {"of": session}).all()]
    tx.execute(VOID_OF_DIALOGUE, {"of": session, "when": tx.now})
    return queued


def requeue(tx: Tx, id: str, refused_by: Sequence[str]) -> None:
    """Queue a text again if it certainly was not sent. `refused_by`: the channels that would refuse it again."""
    change = sa.update(message).where(message.c.id == id, message.c.state == Delivery.SENDING.value)
    tx.execute(change.values(state=Delivery.QUEUED.value, updated=tx.now, refused_by=",".join(refused_by)))


def sweep(tx: Tx, before: datetime, stuck_before: datetime) -> int:
    """Delete texts settled at or before an instant, and texts that hold a number since another. Return how many."""
    settled = message.c.state.in_(
        (Delivery.DELIVERED.value, Delivery.FAILED.value, Delivery.VOID.value, Delivery.SENT.value)
    )
    stuck = sa.and_(message.c.sealed.is_not(None), message.c.updated <= stuck_before)
    old = sa.or_(sa.and_(settled, message.c.updated <= before), stuck)
    return tx.execute(sa.delete(message).where(old)).rowcount


def drop(tx: Tx, id: str) -> None:
    """Void a text that may not be sent or is no longer true."""
    tx.execute(
        sa.update(message).where(message.c.id == id).values(state=Delivery.VOID.value, sealed=None, updated=tx.now)
    )
