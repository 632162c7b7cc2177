"""Who works with Komek, and what each role may do. Pure: no SQL, no HTTP, no clock of its own.

A permission that no row of `MAY` lists is granted to nobody: a new permission is closed until somebody opens it here.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

SUDO = timedelta(minutes=5)
"""How long a second factor counts as fresh. It must be fresh to show a number or to change how somebody signs in."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
"""In letters. Length is what helps (NIST SP 800-63B, 3.1.1.2). The upper limit keeps a huge password from costing
time."""
LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,30})[a-z0-9]")


class Role(StrEnum):
    """What somebody works here as."""

    CASEWORKER = "caseworker"
    LEAD = "lead"
    COORDINATOR = "coordinator"
    AUDITOR = "auditor"
    OPERATOR = "operator"


OF_A_SERVICE = frozenset({Role.CASEWORKER, Role.LEAD})
"""These belong to one service each, and see the cases of that service only."""


class Permission(StrEnum):
    """What a page or a button of the console requires."""

    ACCOUNT = "account"
    """The person's own account."""
    OWN_CASES = "own_cases"
    """See, claim and record the offers and claims of the person's own service."""
    REVEAL = "reveal"
    """See a caller's number, for a claim of the person's own service (R32)."""
    DUTY = "duty"
    """Set which telephone of the person's own service is on duty, and whether it takes more requests."""
    ALL_CASES = "all_cases"
    """See requests of the whole country, without numbers, and reassign them with a reason."""
    DIRECTORY = "directory"
    PEOPLE = "people"
    """Invite people, disable accounts, reset a lost second factor."""
    COLLEAGUES = "colleagues"
    """Invite caseworkers of the person's own service. A coordinator must approve each."""
    HARM = "harm"
    LOCK = "lock"
    FIGURES = "figures"
    EXPORT = "export"
    """Export the directory, and of cases what may leave (R29, R41)."""
    AUDIT = "audit"
    WORDINGS = "wordings"
    """Say who has read a wording, or signed it (R13)."""
    MACHINE = "machine"
    """See how the processes are doing: no cases."""


_EVERYBODY = frozenset({Permission.ACCOUNT})
_CASEWORKER = _EVERYBODY | {Permission.OWN_CASES, Permission.REVEAL, Permission.DUTY}
MAY: Mapping[Role, frozenset[Permission]] = {
    Role.CASEWORKER: _CASEWORKER,
    Role.LEAD: _CASEWORKER | {Permission.FIGURES, Permission.COLLEAGUES},
    Role.COORDINATOR: _EVERYBODY
    | {
        Permission.ALL_CASES, Permission.DIRECTORY, Permission.PEOPLE, Permission.HARM, Permission.LOCK,
        Permission.FIGURES, Permission.AUDIT, Permission.EXPORT, Permission.WORDINGS,
    },
    Role.AUDITOR: _EVERYBODY | {Permission.AUDIT, Permission.FIGURES},
    Role.OPERATOR: _EVERYBODY | {Permission.MACHINE},
}  # fmt: skip
"""Only the service that holds the claim is shown a number. No row gives a coordinator `REVEAL`."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    id: str
    name: str
    login: str
    role: Role
    service: str
    """The id of their service; empty if they belong to none."""
    language: str
    zone: str
    """Empty means the country's zone."""
    disabled: datetime | None = None
    contact: str = ""
    """The coordinator contact whose telephone is theirs; empty if none is known.

    Where two people are needed, people are counted by it, so an account and its telephone count as one person."""
    sealed: bool = True
    """False if the row was changed without the contact key. Such an account counts as disabled everywhere."""

    def may(self, permission: Permission) -> bool:
        """Whether this person may do something at all. Whose case it is, is checked separately."""
        if self.disabled or (self.role in OF_A_SERVICE) != bool(self.service):
            return False
        return permission in MAY.get(self.role, frozenset())


@dataclass(frozen=True, slots=True)
class Session:
    """One browser in which somebody has signed in."""

    id: str
    person: str
    created: datetime
    seen: datetime
    until: datetime
    """When it ends, even if it is in use."""
    proved: datetime | None
    """When a second factor was last given; None if only the password has been given so far."""
    network: str
    """Coarse, as `agent` is: enough for its owner to recognise it, and no more."""
    agent: str
    revoked: datetime | None = field(default=None)

    def alive(self, now: datetime, idle: timedelta) -> bool:
        """Whether it still counts: not revoked, not too old, not unused for `idle`."""
        return self.revoked is None and now < self.until and now - self.seen < idle


def recently_authenticated(session: Session, now: datetime) -> bool:
    """Whether a second factor was given in this session in the last five minutes. A number is shown only then."""
    return session.proved is not None and timedelta(0) <= now - session.proved < SUDO


def may_invite(inviter: Person, account: Person) -> bool:
    """Whether a person may invite somebody to an account. The command line does not ask this."""
    if inviter.may(Permission.PEOPLE):
        return account.role in Role
    own = account.role is Role.CASEWORKER and account.service == inviter.service
    return own and inviter.may(Permission.COLLEAGUES)


def may_reset(by: Person, whose: Person) -> bool:
    """Whether `by` may reset somebody's second factor: only a coordinator may, and never their own."""
    return by.may(Permission.PEOPLE) and by.id != whose.id


def login_of(typed: str) -> str:
    """Return a login in the form in which logins are compared: small letters, no space around it. It may be invalid."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()[:64]


def name_of(typed: str) -> str:
    """Return a name as it is shown: one line, without invisible letters or marks that reverse text."""
    seen = "".join(each for each in typed if unicodedata.category(each) not in {"Cc", "Cf", "Co", "Cs", "Cn"})
    return " ".join(seen.split())[:60]


def password_faults(password: str, login: str) -> list[str]:
    """Return what is wrong with a new password, as names of texts in `console.faults`; empty if it is good."""
    plain = password.casefold()
    faults = ["password_short"] if len(password) < SHORTEST_PASSWORD else []
    faults += ["password_long"] if len(password) > LONGEST_PASSWORD else []
    faults += ["password_login"] if login and login in plain else []
    faults += ["password_simple"] if password and len(set(plain)) < 5 else []
    return faults


def faults_of(name: str, login: str, role: str, service: str, services: frozenset[str]) -> list[str]:
    """Return why somebody cannot be invited, in sentences for the command line."""
    faults = [] if name_of(name) else ["a name is needed: what colleagues call this person"]
    if not LOGIN.fullmatch(login):
        faults.append("the login needs 3 to 32 of a-z, 0-9 and . _ - (not first or last)")
    if role not in {each.value for each in Role}:
        faults.append(f"there is no role {role}; there are {', '.join(Role)}")
    elif Role(role) in OF_A_SERVICE and not service:
        faults.append(f"a {role} belongs to a service: give its id with --service")
    elif Role(role) not in OF_A_SERVICE and service:
        faults.append(f"a {role} belongs to no service: leave --service out")
    if service and service not in services:
        faults.append("there is no such service in the directory of this country")
    return faults
