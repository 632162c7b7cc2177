"""New accounts that need a second person's approval: coordinators, and everybody who may be shown numbers.

Otherwise one coordinator who is deceived, or whose session is stolen, could make an account for any service. They could
then read what it claims (R32), or make a second coordinator (R8). If there is only one coordinator, an operator at the
machine gives the second approval by name, or makes the invitation there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpline.accounts import invitations
from helpline.accounts.invitations import Invitation
from helpline.keys.session_tokens import SessionKey
from helpline.staff import approvals, people
from helpline.staff.roles import OF_A_SERVICE, Permission, Person, Role
from helpline.store import audit_log
from helpline.store.engine import Tx

BY_TWO = OF_A_SERVICE | {Role.COORDINATOR}
"""Roles that one person alone cannot give."""
GOOD_FOR = timedelta(days=3)
NEW_ACCOUNT = "coordinator"
"""The kind of approval that is for a new account."""
COMMAND = "komek"
"""The actor of what was done at the machine itself."""


class NotAllowed(Exception):
    """The person who asked may not do this to that account."""


def ref_of(invitation: Invitation) -> str:
    """Return the name of an invitation in the log and in forms. It does not open the invitation."""
    return invitation.token[: invitations.REF_LETTERS]


@dataclass(frozen=True, slots=True)
class Vetting:
    """Invitations that wait for a second person's approval."""

    key: SessionKey
    audit_key: bytes
    now: Callable[[], datetime]

    def waiting(self, tx: Tx) -> list[Invitation]:
        """Return the invitations that a second person has not approved."""
        return [each for each in invitations.still_open(tx.at(self.now())) if not self.is_agreed(tx, each)]

    def is_agreed(self, tx: Tx, invitation: Invitation) -> bool:
        """Whether an invitation may be accepted: two people are needed if its role is in `BY_TWO`."""
        if people.has_left(tx, invitation.invited_by):
            return False
        if invitation.role not in BY_TWO or invitation.person or invitation.invited_by == COMMAND:
            return True
        approvers = [
            by
            for ref, by, _ in approvals.since(tx, NEW_ACCOUNT, invitation.expires - GOOD_FOR)
            if ref == self._yes(invitation, by)
        ]
        return any(people.person_of(tx, by) != people.person_of(tx, invitation.invited_by) for by in approvers)

    def agree(self, tx: Tx, ref: str, by: Person) -> str:
        """Approve a new account. Return `agreed`, `own` (they invited the person themselves) or `gone`.

        Raise `NotAllowed` if `by` is no coordinator.
        """
        if not by.may(Permission.PEOPLE):
            raise NotAllowed
        found = self._find(tx, ref)
        if found is None:
            return "gone"
        if people.person_of(tx, found.invited_by) == people.person_of(tx, by.id):
            return "own"
        self._note(tx, found, by.id)
        return "agreed"

    def agree_here(self, tx: Tx, login: str, by: str) -> str:
        """Approve the newest invitation to a login, at the machine and by name. Return the same as `agree`."""
        found = next((each for each in self.waiting(tx) if each.login == login), None)
        if found is None:
            return "gone"
        if people.is_named(tx, found.invited_by, by):
            return "own"
        self._note(tx, found, by)
        return "agreed"

    def withdraw(self, tx: Tx, ref: str, by: Person) -> bool:
        """Withdraw an invitation that waits. Return False if it no longer waits."""
        found = self._find(tx, ref)
        if found is None:
            return False
        invitations.withdraw(tx, found.login)
        audit_log.append(tx, self.audit_key, self.now(), by.id, "off_person", ref)
        return True

    def _find(self, tx: Tx, ref: str) -> Invitation | None:
        return next((each for each in self.waiting(tx) if ref_of(each) == ref), None)

    def _yes(self, invitation: Invitation, by: str) -> str:
        """Return the ref under which an approval is saved: nobody without the session key can write one."""
        return self.key.token(f"{NEW_ACCOUNT} {by} {invitation.signed_content}")[:32]

    def _note(self, tx: Tx, invitation: Invitation, by: str) -> None:
        now = self.now()
        approvals.add(tx, NEW_ACCOUNT, self._yes(invitation, by), by, now)
        audit_log.append(tx, self.audit_key, now, by, "agreed_person", ref_of(invitation))
