"""Notes on a case, from one caseworker to the next of the same service.

They are sealed with the console's session key: of all processes only the console needs to read them, so neither the
public one nor a worker, nor whoever holds a copy of the database, can. Whoever takes over from another service starts
blank, and what the other wrote is erased with the claim (`offers.move`); all of it goes with the number (R34).

Notes of services on requests, sealed. They go with the number, and when another service claims.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from helpline.core.typed_text import strip_invisible
from helpline.keys.session_tokens import SessionKey
from helpline.request.offers import Offered, OfferState
from helpline.staff import people, raid_lock
from helpline.staff.roles import Person
from helpline.store import audit_log
from helpline.store.engine import Tx
from helpline.store.schema import note, vault
from helpline.store.sql import new_id

MOST_LETTERS = 4000
MOST_NOTES = 50
"""Of one service on one request."""
TELEPHONE = re.compile(r"\d(?:[\s()+–-]*\d){6}")
"""Seven digits with no more than spaces, brackets and dashes between them. Dots stay free: dates have them."""
HELD = (OfferState.CLAIMED, OfferState.FOLLOWED)


@dataclass(frozen=True, slots=True)
class Note:
    """A note as its service reads it. `text` is None where the session key has changed since."""

    by: str
    at: datetime
    text: str | None = field(repr=False)


def fault_of(text: str) -> str:
    """Say why a note cannot be kept: a text of `console.faults`; empty where it can."""
    if not text:
        return "note_empty"
    if len(text) > MOST_LETTERS:
        return "note_long"
    return "note_number" if TELEPHONE.search(text) else ""


@dataclass(frozen=True, slots=True)
class CaseNotes:
    """Its fields are all it needs; its methods are all it does."""

    key: SessionKey
    audit_key: bytes = field(repr=False)

    def read(self, tx: Tx, who: Person, offer: Offered) -> Sequence[Note]:
        """Give the notes of one's own service on a case that it holds, the oldest first; none under the raid lock."""
        if not _holds(who, offer) or raid_lock.is_locked(tx):
            return ()
        found = of(tx, offer.request, who.service)
        names = {id: person.name for id in {each.by for each in found} if (person := people.get(tx, id))}
        return [
            Note(names.get(each.by, ""), each.at, self.key.open(_row(each.id, offer), each.sealed)) for each in found
        ]

    def write(self, tx: Tx, who: Person, offer: Offered, typed: str) -> str:
        """Keep a note; give what is wrong with it, empty where it was kept.

        Whether the case is held is asked here and not before: `not_open` where it is not.
        """
        if not _holds(who, offer):
            return "not_open"
        text = strip_invisible(typed)
        fault = fault_of(text)
        if not fault and count(tx, offer.request, who.service) >= MOST_NOTES:
            fault = "note_many"
        if not fault:
            id = new_id()
            add(tx, Sealed(id, who.id, tx.now, self.key.seal(_row(id, offer), text)), offer)
            audit_log.append(tx, self.audit_key, tx.now, who.id, "note", offer.request)
        return fault


def _holds(who: Person, offer: Offered) -> bool:
    return bool(who.service) and offer.service == who.service and offer.state in HELD


def _row(id: str, offer: Offered) -> str:
    """Name the place of a note: it opens on the request and for the service that it was written for, nowhere else."""
    return f"note {id} {offer.request} {offer.service}"


@dataclass(frozen=True, slots=True)
class Sealed:
    """One note, closed. `by`: the account that wrote it."""

    id: str
    by: str
    at: datetime
    sealed: bytes = field(repr=False)


def add(tx: Tx, made: Sealed, about: Offered) -> None:
    """Keep a note of the service that holds an offer."""
    values = {"id": made.id, "by": made.by, "at": made.at, "sealed": made.sealed}
    tx.execute(sa.insert(note).values(request=about.request, service=about.service, **values))


def of(tx: Tx, request: str, service: str) -> list[Sealed]:
    """Give the notes of one service on a request, the oldest first."""
    mine = sa.select(note).where(note.c.request == request, note.c.service == service)
    return [
        Sealed(row.id, row.by, row.at, bytes(row.sealed)) for row in tx.execute(mine.order_by(note.c.at, note.c.id))
    ]


def count(tx: Tx, request: str, service: str) -> int:
    """Count the notes of one service on a request."""
    rows = sa.select(sa.func.count()).select_from(note)
    return tx.execute(rows.where(note.c.request == request, note.c.service == service)).scalar_one()


def sweep(tx: Tx) -> int:
    """Erase the notes on requests whose number is gone; give how many."""
    return tx.execute(sa.delete(note).where(note.c.request.not_in(sa.select(vault.c.request)))).rowcount
