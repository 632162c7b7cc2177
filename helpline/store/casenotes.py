"""Notes of services on requests, sealed. They go with the number, and when another service claims."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store.offers import Offered
from helpline.store.schema import note, vault


@dataclass(frozen=True, slots=True)
class Sealed:
    """One note, closed. `by`: the account that wrote it."""

    id: str
    by: str
    at: datetime
    sealed: bytes = field(repr=False)


def add(tx: Connection, made: Sealed, about: Offered) -> None:
    """Keep a note of the service that holds an offer."""
    values = {"id": made.id, "by": made.by, "at": made.at, "sealed": made.sealed}
    tx.execute(sa.insert(note).values(request=about.request, service=about.service, **values))


def of(tx: Connection, request: str, service: str) -> list[Sealed]:
    """Give the notes of one service on a request, the oldest first."""
    mine = sa.select(note).where(note.c.request == request, note.c.service == service)
    return [
        Sealed(row.id, row.by, row.at, bytes(row.sealed)) for row in tx.execute(mine.order_by(note.c.at, note.c.id))
    ]


def count(tx: Connection, request: str, service: str) -> int:
    """Count the notes of one service on a request."""
    rows = sa.select(sa.func.count()).select_from(note)
    return tx.execute(rows.where(note.c.request == request, note.c.service == service)).scalar_one()


def sweep(tx: Connection) -> int:
    """Erase the notes on requests whose number is gone; give how many."""
    return tx.execute(sa.delete(note).where(note.c.request.not_in(sa.select(vault.c.request)))).rowcount
