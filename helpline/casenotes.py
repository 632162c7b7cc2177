"""Notes on a case, from one caseworker to the next of the same service.

They are sealed with the console's session key: of all processes only the console needs to read them, so neither the
public one nor a worker, nor whoever holds a copy of the database, can. Whoever takes over from another service starts
blank, and what the other wrote is erased with the claim (`offers.move`); all of it goes with the number (R34).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.engine import Connection

from helpline import locks
from helpline.people import Person
from helpline.plain import plain
from helpline.session_key import SessionKey
from helpline.store import audits, people
from helpline.store import casenotes as rows
from helpline.store.offers import Offered, OfferState
from helpline.store.rows import new_id

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

    def read(self, tx: Connection, who: Person, offer: Offered) -> Sequence[Note]:
        """Give the notes of one's own service on a case that it holds, the oldest first; none under the raid lock."""
        if not _holds(who, offer) or locks.is_locked(tx):
            return ()
        found = rows.of(tx, offer.request, who.service)
        names = {id: person.name for id in {each.by for each in found} if (person := people.get(tx, id))}
        return [
            Note(names.get(each.by, ""), each.at, self.key.open(_row(each.id, offer), each.sealed)) for each in found
        ]

    def write(self, tx: Connection, who: Person, offer: Offered, typed: str, now: datetime) -> str:
        """Keep a note; give what is wrong with it, empty where it was kept.

        Whether the case is held is asked here and not before: `not_open` where it is not.
        """
        if not _holds(who, offer):
            return "not_open"
        text = plain(typed)
        fault = fault_of(text)
        if not fault and rows.count(tx, offer.request, who.service) >= MOST_NOTES:
            fault = "note_many"
        if not fault:
            id = new_id()
            rows.add(tx, rows.Sealed(id, who.id, now, self.key.seal(_row(id, offer), text)), offer)
            audits.append(tx, self.audit_key, now, who.id, "note", offer.request)
        return fault


def _holds(who: Person, offer: Offered) -> bool:
    return bool(who.service) and offer.service == who.service and offer.state in HELD


def _row(id: str, offer: Offered) -> str:
    """Name the place of a note: it opens on the request and for the service that it was written for, nowhere else."""
    return f"note {id} {offer.request} {offer.service}"
