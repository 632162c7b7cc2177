"""Inbound texts, stops and receipts that wait for a worker. Each is unique by the gateway's own id.

The public process seals them and inserts them; only a worker can read them. A row stays for a day without its content:
if the gateway sends the same again, it gets 200 and nothing happens twice.

Of a text the public process also stores a category, so that a flood of texts cannot delay a stop or a call for help.
It is one of four words. It says no more about the text and nothing about its sender (R35), and is deleted when the
text is read. A copy of the table shows that somebody wrote *stop* at some time, and not who.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from helpline.core.clock import instant
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import Instant, dialogue, inbox, raw
from helpline.store.sql import insert_if_new
from menus.keywords import Category

OPEN = inbox.c.done.is_(None)
EVERY_CATEGORY = tuple(category.value for category in Category)
"""Named in a statement about all of them: the index begins with the category."""
BINDING = (Category.STOP.value, Category.DANGER.value)
"""What is to hold from its arrival on may be among these: a caller's stop, a coordinator's LOCK."""
AS_STORED = sa.select(*(raw(each).label(each.name) if isinstance(each.type, Instant) else each for each in inbox.c))
"""Rows with their instants as numbers. `_read` converts the only one that it needs."""
UNREAD = AS_STORED.where(inbox.c.category.in_(sa.bindparam("categories", expanding=True)), OPEN).order_by(
    inbox.c.at, inbox.c.id
)
ASKED_TO_STOP = ("sms.over", "sms.danger_over", "sms.close_over", "sms.close_danger_over")
"""The questions by SMS whether all calls should stop, as dialogues that begin with them are stored."""
NOW = sa.bindparam("now", type_=Instant)
ASKED = sa.exists().where(dialogue.c.start.in_(ASKED_TO_STOP), dialogue.c.until > NOW)


def _stops_and(asked: sa.Exists) -> Fixed:
    """Return the statement for unread stops, and for digits and *yes* if somebody is asked.

    Each part names one category: from a list with a computed one PostgreSQL expects all unread texts, and reads them.
    """
    stops = AS_STORED.where(inbox.c.category == Category.STOP.value, OPEN)
    answers = AS_STORED.where(inbox.c.category == Category.ORDER.value, OPEN, asked)
    both = sa.union_all(stops, answers)
    return Fixed(both.order_by(both.selected_columns["at"], both.selected_columns["id"]))


STOPS_OF_ANYBODY = _stops_and(ASKED)
STOPS_OF_CALLER = _stops_and(ASKED.where(dialogue.c.caller == sa.bindparam("of")))
GET = Fixed(AS_STORED.where(inbox.c.id == sa.bindparam("of"), OPEN))
CLOSE = Fixed(
    sa.update(inbox)
    .where(inbox.c.id == sa.bindparam("of"), OPEN)
    .values(done=sa.bindparam("when"), sealed=None, category=Category.OTHER.value)
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text came from."""

    id: str
    """The gateway's id, unique among channels."""
    channel: str
    code: str
    """The code that it was sent to; empty if the gateway does not say."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A text, a stop or a receipt that came in."""

    id: str
    kind: str
    """`sms`, `stop` or `receipt`."""
    gateway_id: str
    sealed: bytes | None
    """Number and text, until a worker has read them."""
    status: str
    """What a receipt says; empty otherwise."""
    category: Category
    at: datetime
    channel: str = ""
    code: str = ""
    """The channel and the code that a text was sent to. Only from there may its sender be answered."""


def add_text(tx: Tx, id: str, source: Source, sealed: bytes, category: Category) -> bool:
    """Store a text. Return false if the gateway has sent the same before."""
    came = {"gateway_id": source.id, "channel": source.channel, "code": source.code}
    return _add(tx, id=id, kind="sms", sealed=sealed, status="", category=category.value, **came)


def add_stop(tx: Tx, id: str, source: str, sealed: bytes) -> bool:
    """Store a stop of a telephone. Return false if it came from the same source before."""
    return _add(tx, id=id, kind="stop", gateway_id=source, sealed=sealed, status="", category=Category.STOP.value)


def add_receipt(tx: Tx, id: str, gateway_id: str, status: str) -> bool:
    """Store a delivery receipt. Return false if the gateway has sent the same before."""
    return _add(
        tx, id=id, kind="receipt", gateway_id=gateway_id, sealed=None, status=status, category=Category.OTHER.value
    )


def _add(tx: Tx, **values: object) -> bool:
    return insert_if_new(tx, inbox, {**values, "at": tx.now})


def unread(tx: Tx, *categories: Category) -> list[Arrived]:
    """Return what no worker has read yet, oldest first."""
    return [
        _read(row)
        for row in tx.execute(UNREAD, {"categories": [each.value for each in categories]})
        if row.kind != "receipt"
    ]


def unread_stops(tx: Tx, caller: bytes | None = None) -> list[Arrived]:
    """Return the unread stops, and the unread texts that may be a *yes* to "stop all calls?", oldest first.

    These only if a telephone is asked that, or the telephone of `caller` is.
    """
    if caller is None:
        return [_read(row) for row in tx.execute(STOPS_OF_ANYBODY, {"now": tx.now})]
    return [_read(row) for row in tx.execute(STOPS_OF_CALLER, {"now": tx.now, "of": caller})]


def others_wait(tx: Tx, before: datetime) -> bool:
    """Whether a text that came before an instant is not yet read: workers read stops and danger before others."""
    older = sa.and_(inbox.c.category.in_(EVERY_CATEGORY), OPEN, inbox.c.kind == "sms", inbox.c.at < before)
    return tx.execute(sa.select(inbox.c.id).where(older).limit(1)).first() is not None


def demote(tx: Tx, id: str) -> None:
    """Treat a text that looked like an order as one of a caller, who must be answered in the order of their texts."""
    tx.execute(sa.update(inbox).where(inbox.c.id == id, OPEN).values(category=Category.OTHER.value))


def stop_waits(tx: Tx, since: datetime) -> bool:
    """Whether a stop or a LOCK that came since an instant is not yet read. Whose it is cannot be told here.

    The public process cannot read dialogues, so a *yes* to "stop all calls?" is not among them until it is read.
    """
    fresh = sa.and_(inbox.c.category.in_(BINDING), inbox.c.done.is_(None), inbox.c.at >= since)
    return tx.execute(sa.select(inbox.c.id).where(fresh).limit(1)).first() is not None


def get(tx: Tx, id: str) -> Arrived | None:
    """Return one row that no worker has read yet."""
    row = tx.execute(GET, {"of": id}).first()
    return _read(row) if row else None


def _read(row: sa.engine.Row[tuple[object, ...]]) -> Arrived:
    return Arrived(
        row.id,
        row.kind,
        row.gateway_id,
        row.sealed,
        row.status,
        Category(row.category),
        instant(row.at),
        row.channel,
        row.code,
    )


def close(tx: Tx, id: str) -> bool:
    """Note that a row was read, and delete its content. Return False if it was read before."""
    return tx.execute(CLOSE, {"of": id, "when": tx.now}).rowcount == 1


def sweep(tx: Tx, read_before: datetime, came_before: datetime) -> int:
    """Delete rows read at or before an instant, and rows that came at or before another and could not be read.

    Return how many.
    """
    old = sa.or_(sa.and_(inbox.c.done.is_not(None), inbox.c.done <= read_before), inbox.c.at <= came_before)
    return tx.execute(sa.delete(inbox).where(old)).rowcount
