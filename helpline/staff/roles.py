"""Who works with Komek, and what each may do. Pure: no SQL, no HTTP, no clock of its own.

A permission that no row of `MAY` gives is nobody's: what is new is closed until somebody opens it here.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

SUDO = timedelta(minutes=5)
"""How long a second factor counts as just given: before a number is shown, or anything about signing in is changed."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
"""Letters. Length is what helps (NIST SP 800-63B, 3.1.1.2); a limit keeps a huge one from costing time."""
LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,30})[a-z0-9]")


class Role(StrEnum):
    """What somebody is here for."""

    CASEWORKER = "caseworker"
    LEAD = "lead"
    COORDINATOR = "coordinator"
    AUDITOR = "auditor"
    OPERATOR = "operator"


OF_A_SERVICE = frozenset({Role.CASEWORKER, Role.LEAD})
"""Belong to one service each, and see that one's cases only."""


class Permission(StrEnum):
    """What a page or a button of the console asks for."""

    ACCOUNT = "account"
    """One's own account."""
    OWN_CASES = "own_cases"
    """Offers to and claims of one's own service: see them, claim, record."""
    REVEAL = "reveal"
    """A caller's number, of a claim of one's own service (R32)."""
    DUTY = "duty"
    """Who of one's own service is on duty, and whether it takes more."""
    ALL_CASES = "all_cases"
    """Requests of the whole country, without numbers; giving them to another service, with a reason."""
    DIRECTORY = "directory"
    PEOPLE = "people"
    """Inviting, disabling, giving back a lost second factor."""
    HARM = "harm"
    LOCK = "lock"
    FIGURES = "figures"
    EXPORT = "export"
    """Taking away the directory, and of cases what may leave (R29, R41)."""
    AUDIT = "audit"
    MACHINE = "machine"
    """How the processes do: no cases."""


_EVERYBODY = frozenset({Permission.ACCOUNT})
_CASEWORKER = _EVERYBODY | {Permission.OWN_CASES, Permission.REVEAL, Permission.DUTY}
MAY: Mapping[Role, frozenset[Permission]] = {
    Role.CASEWORKER: _CASEWORKER,
    Role.LEAD: _CASEWORKER | {Permission.FIGURES},
    Role.COORDINATOR: _EVERYBODY
    | {
        Permission.ALL_CASES, Permission.DIRECTORY, Permission.PEOPLE, Permission.HARM, Permission.LOCK,
        Permission.FIGURES, Permission.AUDIT, Permission.EXPORT,
    },
    Role.AUDITOR: _EVERYBODY | {Permission.AUDIT, Permission.FIGURES},
    Role.OPERATOR: _EVERYBODY | {Permission.MACHINE},
}  # fmt: skip
"""A number is shown to the service that holds the claim, and to nobody else: no row gives a coordinator REVEAL."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. `service`: whose; empty for whoever belongs to none. `zone`: empty, the country's.

    `contact`: the coordinator of the directory whose telephone is theirs, too; empty: none is known to be. What takes
    two people is counted by it, so that an account and a telephone of one person are one.

    `sealed`: false where the row was changed by somebody who has not the contact key. Such an account counts as
    disabled, wherever one asks.
    """

    id: str
    name: str
    login: str
    role: Role
    service: str
    language: str
    zone: str
    disabled: datetime | None = None
    contact: str = ""
    sealed: bool = True

    def may(self, permission: Permission) -> bool:
        """Tell whether this person may do something at all; whose case it is, is asked besides."""
        if self.disabled or (self.role in OF_A_SERVICE) != bool(self.service):
            return False
        return permission in MAY.get(self.role, frozenset())


@dataclass(frozen=True, slots=True)
class Session:
    """One browser in which somebody has signed in.

    `until`: its end, whatever is done in it. `proved`: when a second factor was last given; None, it has only been
    given the password yet. `network` and `agent` are coarse: to be recognised by whoever used it, no more.
    """

    id: str
    person: str
    created: datetime
    seen: datetime
    until: datetime
    proved: datetime | None
    network: str
    agent: str
    revoked: datetime | None = field(default=None)

    def alive(self, now: datetime, idle: timedelta) -> bool:
        """Tell whether it still counts: not ended by anybody, not too old, not unused for `idle`."""
        return self.revoked is None and now < self.until and now - self.seen < idle


def recently_authenticated(session: Session, now: datetime) -> bool:
    """Tell whether a second factor was given in this session in the last five minutes: before a number is shown."""
    return session.proved is not None and timedelta(0) <= now - session.proved < SUDO


def may_invite(inviter: Role, role: Role) -> bool:
    """Tell whether somebody of a role may invite somebody of another. The command line asks nobody."""
    return Permission.PEOPLE in MAY.get(inviter, frozenset()) and role in Role


def may_reset(by: Person, whose: Person) -> bool:
    """Tell whether `by` may give somebody a new second factor: a coordinator, and never their own."""
    return by.may(Permission.PEOPLE) and by.id != whose.id


def login_of(typed: str) -> str:
    """Give a login as it is compared: small letters, no space around. May be one that nobody can have."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()[:64]


def name_of(typed: str) -> str:
    """Give a name as it is shown: one line, without letters that nobody sees or that turn others round."""
    seen = "".join(each for each in typed if unicodedata.category(each) not in {"Cc", "Cf", "Co", "Cs", "Cn"})
    return " ".join(seen.split())[:60]


def password_faults(password: str, login: str) -> list[str]:
    """Name what is wrong with a new password, by the names of texts in `console.faults`; nothing where it will do."""
    plain = password.casefold()
    faults = ["password_short"] if len(password) < SHORTEST_PASSWORD else []
    faults += ["password_long"] if len(password) > LONGEST_PASSWORD else []
    faults += ["password_login"] if login and login in plain else []
    faults += ["password_simple"] if password and len(set(plain)) < 5 else []
    return faults


def faults_of(name: str, login: str, role: str, service: str, services: frozenset[str]) -> list[str]:
    """Name what keeps somebody from being invited, in sentences for the command line."""
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
