"""What happened to a request, in order: the story that a failed test tells. It has ids, states and times, no number."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa

from helpline.store.engine import Database, Tx, Unavailable
from helpline.store.schema import attempt, audit, message, offer, outbox, request

Event = tuple[datetime, str]
MOST = 20
STORY = "    "
"""Begins each line of a story. The lines between are faults, or ids of requests."""


def told(tx: Tx, faults: Iterable[str]) -> list[str]:
    """Return the faults, and after each the story of the request that it names, if it names one."""
    known = list(tx.execute(sa.select(request.c.id)).scalars())
    lines: list[str] = []
    for fault in faults:
        lines.append(fault)
        for id in (each for each in known if each in fault):
            lines += [f"{STORY}{line}" for line in story(tx, id)]
    return lines


def stories(tx: Tx) -> list[str]:
    """Return the story of each of the newest requests, after its id."""
    ids = tx.execute(sa.select(request.c.id).order_by(request.c.created.desc()).limit(MOST)).scalars().all()
    return [line for id in ids for line in (f"request {id}", *(f"{STORY}{event}" for event in story(tx, id)))]


def tell(db: Database) -> str:
    """Return the stories, or why there are none. A test has failed."""
    try:
        with db.read() as tx:
            return "\n".join(stories(tx)) or "no request is stored"
    except Unavailable as error:
        return f"the database does not say what happened to the requests: {type(error).__name__}"


def story(tx: Tx, id: str) -> list[str]:
    """Return the events of a request, oldest first, and then its work that is left."""
    return [f"{at:%d %H:%M:%S.%f} {event}" for at, event in sorted(_events(tx, id))] + [*_left(tx, id)]


def _events(tx: Tx, id: str) -> Iterator[Event]:
    for row in tx.execute(sa.select(request).where(request.c.id == id)):
        yield row.created, "request saved"
        yield row.updated, f"request last changed by the caller, now {row.state}, outcome {row.outcome}"
        yield from _dated({"call ended": row.ended, "frozen": row.frozen_at, "coordinator alarmed": row.alarmed})
    for row in tx.execute(sa.select(offer).where(offer.c.request == id)):
        name = f"offer {row.seq} to {row.service}"
        yield row.opened, f"{name} opened, now {row.state}"
        yield from _dated({f"{name} claimed": row.claimed, f"{name} showed the number": row.shown_at,
                           f"{name} closed": row.closed})  # fmt: skip
    for row in tx.execute(sa.select(attempt).where(attempt.c.request == id)):
        yield row.at, f"{row.service} reported {row.outcome}; before: request {row.was_request}, offer {row.was_offer}"
    for row in tx.execute(sa.select(message).where(_about(tx, id))):
        yield row.updated, f"text {row.notice} to {row.recipient}: {row.state} after {row.attempts} attempts"
    refs = [id, *tx.execute(sa.select(offer.c.id).where(offer.c.request == id)).scalars()]
    for row in tx.execute(sa.select(audit).where(audit.c.ref.in_(refs))):
        yield row.at, f"audit {row.seq}: {row.actor} {row.action}"


def _dated(events: dict[str, datetime | None]) -> Iterator[Event]:
    for event, at in events.items():
        if at is not None:
            yield at, event


def _about(tx: Tx, id: str) -> sa.ColumnElement[bool]:
    offers = tx.execute(sa.select(offer.c.id).where(offer.c.request == id)).scalars()
    return sa.or_(message.c.request == id, message.c.offer.in_(list(offers)))


def _left(tx: Tx, id: str) -> Iterator[str]:
    refs = [
        id,
        *tx.execute(sa.select(offer.c.id).where(offer.c.request == id)).scalars(),
        *tx.execute(sa.select(message.c.id).where(_about(tx, id))).scalars(),
    ]
    for row in tx.execute(sa.select(outbox).where(outbox.c.ref.in_(refs)).order_by(outbox.c.due)):
        yield f"left to do: {row.kind}, {row.state}, due {row.due:%d %H:%M:%S}, {row.attempts} attempts, {row.error}"
