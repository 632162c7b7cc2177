"""Notes on a case, from one caseworker to the next of the same service.

They are sealed with the console's session key, because only the console reads them. Neither the public process nor a
worker can open them, nor anybody with a copy of the database. When another service claims the request, the notes are
deleted (`offers.move`). They are also deleted together with the number (R34).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from helpline.core.typed_text import strip_invisible
from helpline.keys.session_tokens import SessionKey
from helpline.request.offers import Offered, OfferState
from helpline.staff import locks, openings, people
from helpline.staff.roles import Person
from helpline.store import audit_log
from helpline.store.engine import Tx
from helpline.store.schema import note, vault
from helpline.store.sql import new_id

MOST_LETTERS = 4000
MOST_NOTES = 50
"""The most notes of one service on one request."""
TELEPHONE = re.compile(r"\d(?:[\s()+–-]*\d){6}")
"""Seven digits with only spaces, brackets and dashes between them. Dots are allowed, because dates have them."""
HELD = (OfferState.CLAIMED, OfferState.FOLLOWED)


@dataclass(frozen=True, slots=True)
class Note:
    """A note as its service reads it."""

    by: str
    """The name of its author."""
    at: datetime
    text: str | None = field(repr=False)
    """None if the session key has changed since."""


def fault_of(text: str) -> str:
    """Return why a note cannot be saved, as the name of a text in `console.faults`; empty if it can."""
    if not text:
        return "note_empty"
    if len(text) > MOST_LETTERS:
        return "note_long"
    return "note_number" if TELEPHONE.search(text) else ""


@dataclass(frozen=True, slots=True)
class CaseNotes:
    """Reads and writes notes. Only the console has its key."""

    key: SessionKey
    audit_key: bytes = field(repr=False)

    def read(self, tx: Tx, person: Person, offer: Offered) -> Sequence[Note]:
        """Return the notes of the person's own service on a case that it holds, oldest first.

        None are shown while number access is locked. Raise `NotRecorded` (R32).
        """
        if not _holds(person, offer) or locks.is_raid_on(tx):
            return ()
        openings.record(tx, self.audit_key, person.id, offer.request)
        found = of(tx, offer.request, person.service)
        names = {id: author.name for id in {note.by for note in found} if (author := people.get(tx, id))}
        return [
            Note(names.get(note.by, ""), note.at, self.key.open(_place(note.id, offer), note.sealed)) for note in found
        ]

    def write(self, tx: Tx, person: Person, offer: Offered, typed: str) -> str:
        """Save a note. Return what is wrong with it, or an empty string if it was saved.

        `not_open` if the person's service does not hold the case: that is checked here, in the same transaction.
        """
        if not _holds(person, offer):
            return "not_open"
        text = strip_invisible(typed)
        fault = fault_of(text)
        if not fault and count(tx, offer.request, person.service) >= MOST_NOTES:
            fault = "note_many"
        if not fault:
            id = new_id()
            add(tx, Sealed(id, person.id, tx.now, self.key.seal(_place(id, offer), text)), offer)
            audit_log.append(tx, self.audit_key, tx.now, person.id, "note", offer.request)
        return fault


def _holds(person: Person, offer: Offered) -> bool:
    return bool(person.service) and offer.service == person.service and offer.state in HELD


def _place(id: str, offer: Offered) -> str:
    """Return the place that a note is sealed for: it opens only for this service and on this request."""
    return f"note {id} {offer.request} {offer.service}"


@dataclass(frozen=True, slots=True)
class Sealed:
    """One note as the table holds it."""

    id: str
    by: str
    """The id of its author's account."""
    at: datetime
    sealed: bytes = field(repr=False)


def add(tx: Tx, made: Sealed, about: Offered) -> None:
    """Save a note of the service that holds an offer."""
    values = {"id": made.id, "by": made.by, "at": made.at, "sealed": made.sealed}
    tx.execute(sa.insert(note).values(request=about.request, service=about.service, **values))


def of(tx: Tx, request: str, service: str) -> list[Sealed]:
    """Return the notes of one service on a request, oldest first."""
    rows = sa.select(note).where(note.c.request == request, note.c.service == service)
    return [
        Sealed(row.id, row.by, row.at, bytes(row.sealed)) for row in tx.execute(rows.order_by(note.c.at, note.c.id))
    ]


def count(tx: Tx, request: str, service: str) -> int:
    """Return how many notes one service has on a request."""
    rows = sa.select(sa.func.count()).select_from(note)
    return tx.execute(rows.where(note.c.request == request, note.c.service == service)).scalar_one()


def sweep(tx: Tx) -> int:
    """Delete the notes on requests whose number is deleted. Return how many."""
    return tx.execute(sa.delete(note).where(~sa.exists().where(vault.c.request == note.c.request))).rowcount
