"""An account and a telephone of the directory become one person: one coordinator asks, and after days another says yes.

What takes two counts people by it (`people.person_of`). Whoever could join alone could make two of herself, or one
of two colleagues. Within the days any coordinator calls it off.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from helpline.accounts.inviting import Invitations
from helpline.accounts.vetting import NotAllowed
from helpline.directory.service import Contact
from helpline.staff import approvals, contacts, people
from helpline.staff.roles import Permission, Person, Role, may_reset
from helpline.store import audit_log

TELEPHONE = "telephone"
"""What an assent is about that joins two."""
LONGER = timedelta(days=3)
"""So long after the days there is time for the yes."""


@dataclass(frozen=True, slots=True)
class Join:
    """What waits. `ref`: its name in forms; `by`: the account that asked; `ready`: from when on a yes counts."""

    ref: str
    whose: Person
    contact: Contact
    by: str
    ready: datetime


@dataclass(frozen=True, slots=True)
class Joining:
    """Joins accounts and telephones. `wait`: how long each of them waits."""

    invitations: Invitations
    wait: timedelta

    def ask(self, tx: Connection, whose: Person, contact: str, by: Person) -> bool:
        """Ask for it; false where the account is no coordinator's, has a telephone, or there is none of that id.

        Raises `NotAllowed`: nobody asks for herself.
        """
        if not may_reset(by, whose):
            raise NotAllowed
        pairs = {pair.id for each, pair in self._pairs(tx) if each.id == whose.id}
        if contact not in pairs:
            return False
        if not any((each.whose.id, each.contact.id) == (whose.id, contact) for each in self.waiting(tx)):
            now = self._now
            approvals.give(tx, TELEPHONE, self._ref(whose, contact, by.id, now), by.id, now)
            self._note(tx, by, "asked_telephone", whose)
        return True

    def waiting(self, tx: Connection) -> list[Join]:
        """Give what waits for its days and a yes."""
        asked = approvals.since(tx, TELEPHONE, self._now - self.wait - LONGER)
        return [
            Join(ref, whose, contact, by, at + self.wait)
            for whose, contact in self._pairs(tx)
            for ref, by, at in asked
            if ref == self._ref(whose, contact.id, by, at)
        ]

    def agree(self, tx: Connection, ref: str, by: Person) -> str:
        """Say yes: `joined`; `asked_it`, what one asked for oneself; `early`, before its days; `gone`.

        Raises `NotAllowed`.
        """
        if not by.may(Permission.PEOPLE):
            raise NotAllowed
        found, asker = self._find(tx, ref)
        if found is None or asker is None:
            return "gone"
        if people.person_of(tx, asker.id) == people.person_of(tx, by.id):
            return "asked_it"
        if self._now < found.ready:
            return "early"
        self._note(tx, by, "agreed_telephone", found.whose)
        approvals.clear(tx, TELEPHONE, ref)
        return "joined" if self.invitations.join(tx, found.whose, found.contact.id, asker) else "gone"

    def call_off(self, tx: Connection, ref: str, by: Person) -> bool:
        """Say no; false where it waits no more."""
        found, _ = self._find(tx, ref)
        if found is None:
            return False
        approvals.clear(tx, TELEPHONE, ref)
        self._note(tx, by, "off_telephone", found.whose)
        return True

    @property
    def _now(self) -> datetime:
        return self.invitations.entrance.now()

    def _pairs(self, tx: Connection) -> Iterator[tuple[Person, Contact]]:
        """Give every account of a coordinator that has no telephone, with every coordinator of the directory."""
        coordinators = contacts.of_kind(tx, "coordinator", self.invitations.country)
        for whose in people.everybody(tx):
            if whose.role is Role.COORDINATOR and not whose.disabled and not whose.contact:
                yield from ((whose, each) for each in coordinators)

    def _ref(self, whose: Person, contact: str, by: str, at: datetime) -> str:
        """Give a name under the console's key: a row that somebody else wrote into the database is no wish."""
        return self.invitations.key.token(f"{TELEPHONE} {whose.id} {contact} {by} {at.isoformat()}")[:32]

    def _find(self, tx: Connection, ref: str) -> tuple[Join | None, Person | None]:
        found = next((each for each in self.waiting(tx) if each.ref == ref), None)
        return found, people.get(tx, found.by) if found else None

    def _note(self, tx: Connection, by: Person, action: str, whose: Person) -> None:
        audit_log.append(tx, self.invitations.entrance.audit_key, self._now, by.id, action, whose.id)
