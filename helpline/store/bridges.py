"""Calls that the gateway is about to join: rows of two minutes, found by the hash of a session that is kept nowhere."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from helpline.store.schema import bridge


@dataclass(frozen=True, slots=True)
class Waiting:
    """A telephone of a service rings, and its call is to be joined to a caller when somebody takes it and presses 1."""

    call: str
    offer: str
    request: str
    sealed: bytes = field(repr=False)
    language: str
    made: datetime
    until: datetime


def put(tx: Connection, row: Waiting) -> None:
    """Write one down."""
    columns = (each.name for each in bridge.columns)
    tx.execute(sa.insert(bridge).values({name: getattr(row, name) for name in columns}))


def get(tx: Connection, call: str) -> Waiting | None:
    """Give one, also one that is over."""
    row = tx.execute(sa.select(bridge).where(bridge.c.call == call)).first()
    return _read(row) if row else None


def take(tx: Connection, call: str) -> bool:
    """Delete one: nobody is joined twice. False where it was gone before."""
    return tx.execute(sa.delete(bridge).where(bridge.c.call == call)).rowcount == 1


def void(tx: Connection, offer: str) -> None:
    """Delete those of an offer: nobody is joined by it any more (R48)."""
    tx.execute(sa.delete(bridge).where(bridge.c.offer == offer))


def sweep(tx: Connection, now: datetime) -> int:
    """Delete those whose time is over; give how many."""
    return tx.execute(sa.delete(bridge).where(bridge.c.until <= now)).rowcount


def _read(row: Row[Any]) -> Waiting:
    return Waiting(row.call, row.offer, row.request, row.sealed, row.language, row.made, row.until)
