"""Who comes in only by the yes of a second person: a new coordinator, and whoever may be shown numbers.

One coordinator who is deceived, or whose session is in other hands, could else make herself an account of any service
and read what that service claims (R32), or a second coordinator (R8). Where there is one coordinator alone, whoever
runs the machine says the second yes, by name, or makes the invitation there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from helpline.accounts import invitations
from helpline.accounts.invitations import Invitation
from helpline.keys.session_tokens import SessionKey
from helpline.staff import approvals, people
from helpline.staff.roles import OF_A_SERVICE, Permission, Person, Role
from helpline.store import audit_log

BY_TWO = OF_A_SERVICE | {Role.COORDINATOR}
"""Roles that no one alone gives."""
GOOD_FOR = timedelta(days=3)
NEWCOMER = "coordinator"
"""What an assent is about that lets somebody new in."""
COMMAND = "komek"
"""Who did it, where it was done on the machine itself."""


class NotAllowed(Exception):
    """Whoever asked may not do this to that person."""


def ref_of(made: Invitation) -> str:
    """Give what an invitation is called in the log and in forms: it lets nobody in."""
    return made.token[:32]


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Invitations that wait for a second person."""

    key: SessionKey
    audit_key: bytes
    now: Callable[[], datetime]

    def waiting(self, tx: Connection) -> list[Invitation]:
        """Give the invitations that a second person has not said yes to."""
        return [each for each in invitations.still_open(tx, self.now()) if not self.is_agreed(tx, each)]

    def is_agreed(self, tx: Connection, made: Invitation) -> bool:
        """Tell whether somebody may come in: by two people, where the role is one of `BY_TWO`."""
        if people.has_left(tx, made.invited_by):
            return False
        if made.role not in BY_TWO or made.person or made.invited_by == COMMAND:
            return True
        said = [
            by for ref, by, _ in approvals.since(tx, NEWCOMER, made.expires - GOOD_FOR) if ref == self._yes(made, by)
        ]
        return any(people.person_of(tx, by) != people.person_of(tx, made.invited_by) for by in said)

    def agree(self, tx: Connection, ref: str, by: Person) -> str:
        """Say yes to somebody new: `agreed`; `own`, whom one invited oneself; `gone`.

        Raises `NotAllowed`.
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

    def agree_here(self, tx: Connection, login: str, by: str) -> str:
        """Say the second yes at the machine, by name: as `agree`, for the newest invitation to a login."""
        found = next((each for each in self.waiting(tx) if each.login == login), None)
        if found is None:
            return "gone"
        if people.is_named(tx, found.invited_by, by):
            return "own"
        self._note(tx, found, by)
        return "agreed"

    def withdraw(self, tx: Connection, ref: str, by: Person) -> bool:
        """Make an invitation that waits worth nothing; false where it waits no more."""
        found = self._find(tx, ref)
        if found is None:
            return False
        invitations.withdraw(tx, found.login)
        audit_log.append(tx, self.audit_key, self.now(), by.id, "off_person", ref)
        return True

    def _find(self, tx: Connection, ref: str) -> Invitation | None:
        return next((each for each in self.waiting(tx) if ref_of(each) == ref), None)

    def _yes(self, made: Invitation, by: str) -> str:
        """Give what somebody's yes to an invitation lies under: nobody without the key writes one."""
        return self.key.token(f"{NEWCOMER} {by} {made.says}")[:32]

    def _note(self, tx: Connection, made: Invitation, by: str) -> None:
        now = self.now()
        approvals.give(tx, NEWCOMER, self._yes(made, by), by, now)
        audit_log.append(tx, self.audit_key, now, by, "agreed_person", ref_of(made))
