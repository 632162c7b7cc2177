"""Link an account to a coordinator's telephone. One coordinator asks; after some days another one agrees.

Actions that need two people count people by this link (`people.person_of`). Somebody who could link alone could count
as two people, or make two colleagues count as one. During the days any coordinator can call it off.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpline.accounts.inviting import Invitations
from helpline.accounts.vetting import NotAllowed
from helpline.staff import approvals, contacts, people
from helpline.staff.contact import Contact
from helpline.staff.roles import Permission, Person, Role, may_reset
from helpline.store import audit_log
from helpline.store.engine import Tx

TELEPHONE = "telephone"
"""The kind of approval that asks for a link."""
LONGER = timedelta(days=3)
"""How long a second person can still agree once the days are over."""


@dataclass(frozen=True, slots=True)
class PendingLink:
    """A link that was asked for."""

    ref: str
    """Its name in forms."""
    account: Person
    contact: Contact
    by: str
    """The account that asked."""
    ready: datetime
    """From when on an approval counts."""


@dataclass(frozen=True, slots=True)
class Linking:
    """Links accounts and telephones."""

    invitations: Invitations
    wait: timedelta
    """How long each link waits."""

    def ask(self, tx: Tx, account: Person, contact: str, by: Person) -> bool:
        """Ask for a link.

        Return False if the account is no coordinator's or has a telephone, or there is no such contact. Raise
        `NotAllowed` if `by` is no coordinator, or it is their own account.
        """
        if not may_reset(by, account):
            raise NotAllowed
        pairs = {pair.id for each, pair in self._pairs(tx) if each.id == account.id}
        if contact not in pairs:
            return False
        if not any((each.account.id, each.contact.id) == (account.id, contact) for each in self.waiting(tx)):
            now = self._now
            approvals.add(tx, TELEPHONE, self._ref(account, contact, by.id, now), by.id, now)
            self._note(tx, by, "asked_telephone", account)
        return True

    def waiting(self, tx: Tx) -> list[PendingLink]:
        """Return the links that wait for their days and an approval."""
        asked = approvals.since(tx, TELEPHONE, self._now - self.wait - LONGER)
        return [
            PendingLink(ref, account, contact, by, at + self.wait)
            for account, contact in (self._pairs(tx) if asked else ())
            for ref, by, at in asked
            if ref == self._ref(account, contact.id, by, at)
        ]

    def agree(self, tx: Tx, ref: str, by: Person) -> str:
        """Approve a link. Return `joined`, `asked_it` (their own), `early` (before its days) or `gone`.

        Raise `NotAllowed` if `by` is no coordinator.
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
        self._note(tx, by, "agreed_telephone", found.account)
        approvals.clear(tx, TELEPHONE, ref)
        return "joined" if self.invitations.link(tx, found.account, found.contact.id, asker) else "gone"

    def call_off(self, tx: Tx, ref: str, by: Person) -> bool:
        """Call a link off. Return False if it no longer waits."""
        found, _ = self._find(tx, ref)
        if found is None:
            return False
        approvals.clear(tx, TELEPHONE, ref)
        self._note(tx, by, "off_telephone", found.account)
        return True

    @property
    def _now(self) -> datetime:
        return self.invitations.sign_in.now()

    def _pairs(self, tx: Tx) -> Iterator[tuple[Person, Contact]]:
        """Yield each coordinator's account without a telephone, with each coordinator of the directory."""
        coordinators = contacts.of_kind(tx, "coordinator", self.invitations.country)
        for account in people.everybody(tx):
            if account.role is Role.COORDINATOR and not account.disabled and not account.contact:
                yield from ((account, each) for each in coordinators)

    def _ref(self, account: Person, contact: str, by: str, at: datetime) -> str:
        """Return a ref made with the session key, so that a row that somebody else wrote is no request."""
        return self.invitations.key.token(f"{TELEPHONE} {account.id} {contact} {by} {at.isoformat()}")[:32]

    def _find(self, tx: Tx, ref: str) -> tuple[PendingLink | None, Person | None]:
        found = next((each for each in self.waiting(tx) if each.ref == ref), None)
        return found, people.get(tx, found.by) if found else None

    def _note(self, tx: Tx, by: Person, action: str, account: Person) -> None:
        audit_log.append(tx, self.invitations.sign_in.audit_key, self._now, by.id, action, account.id)
