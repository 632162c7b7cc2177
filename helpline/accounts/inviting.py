"""Coming in, and being let in again. Nobody registers themselves, and no e-mail is sent: a coordinator makes an
invitation and hands it over, face to face or by telephone. It is good once, for three days.

A lost second factor is the same: what was there is taken away, every session ends, and an invitation sets up a new
one. Who gets it must still know the password, so that whoever resets an account cannot enter it in its owner's place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.engine import Connection

from helpline.accounts import factors, invitations, sessions
from helpline.accounts.browser import Visitor
from helpline.accounts.credentials import matched_step, new_recovery_codes, new_secret, recovery_of
from helpline.accounts.invitations import Invitation
from helpline.accounts.sign_in import Entrance, Opened
from helpline.accounts.vetting import COMMAND, GOOD_FOR, Newcomers, NotAllowed, ref_of
from helpline.keys.session_tokens import SessionKey, new_token
from helpline.staff import approvals, contacts, on_call, people
from helpline.staff.roles import Person, Role, may_invite, may_reset, name_of, password_faults
from helpline.store import audit_log
from helpline.store.sql import new_id


class LastCoordinator(Exception):
    """Nobody would be left who can be called about a request that nobody takes."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Who is to be invited; looked at by `people.faults_of` before."""

    person: Person
    by: Person | None
    """None: somebody at the machine itself."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """What an invited person is shown: who they will be, and the secret for their app."""

    invitation: Invitation
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Let:
    """Somebody is in: the session, and the recovery codes, which are shown this once."""

    opened: Opened
    recovery: Sequence[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Invitations:
    """Invites, lets in, takes away. `country`: whose coordinators are called."""

    entrance: Entrance
    country: str

    @property
    def key(self) -> SessionKey:
        """The session key."""
        return self.entrance.key

    @property
    def newcomers(self) -> Newcomers:
        """Those whom one alone has invited."""
        return Newcomers(self.key, self.entrance.audit_key, self.entrance.now)

    def invite(self, tx: Connection, wish: Wish) -> str | None:
        """Invite somebody; give the code to hand over, or None where the login is taken. Raises `NotAllowed`."""
        who = wish.person
        if wish.by is not None and not may_invite(wish.by.role, who.role):
            raise NotAllowed
        if people.by_login(tx, who.login) is not None:
            return None
        return self._make(tx, who, wish.by, "invited", person="", keeps_password=False)

    def reset(self, tx: Connection, whose: Person, by: Person | None, *, password: bool = False) -> str:
        """Take somebody's second factors away and end their sessions; give the code that sets up new ones.

        `password`: that is forgotten, too. Raises `NotAllowed`: a coordinator may not do it to herself.
        """
        if by is not None and not may_reset(by, whose):
            raise NotAllowed
        people.change(tx, whose.id, {"totp": None})
        factors.put_recovery(tx, whose.id, ())
        factors.remove_passkeys(tx, whose.id)
        sessions.revoke(tx, whose.id, self.entrance.now())
        action = "reset_all" if password else "reset_factor"
        return self._make(tx, whose, by, action, person=whose.id, keeps_password=not password)

    def disable(self, tx: Connection, whose: Person, by: Person | None) -> None:
        """Let somebody in no more, nor whom they have invited, and end what they have open.

        Raises `NotAllowed`, and `LastCoordinator`: a request that nobody takes must be told to somebody.
        """
        now = self.entrance.now()
        if by is not None and not may_reset(by, whose):
            raise NotAllowed
        if on_call.is_last(tx, self.country, whose):
            raise LastCoordinator
        people.change(tx, whose.id, {"disabled": now})
        invitations.withdraw(tx, whose.login)
        invitations.withdraw_by(tx, whose.id)
        approvals.withdraw(tx, (whose.id, whose.contact))
        sessions.revoke(tx, whose.id, now)
        audit_log.append(tx, self.entrance.audit_key, now, by.id if by else COMMAND, "disabled", whose.id)

    def join(self, tx: Connection, whose: Person, contact: str, by: Person | None) -> bool:
        """Note which coordinator's telephone is theirs (empty: none); false where it is nobody's of the directory.

        Never by themselves, so that nobody becomes two people. Raises `NotAllowed`.
        """
        if by is not None and not may_reset(by, whose):
            raise NotAllowed
        found = contacts.get(tx, contact) if contact else None
        if (
            whose.role is not Role.COORDINATOR
            or whose.disabled
            or (contact and (found is None or found.kind != "coordinator"))
        ):
            return False
        approvals.withdraw(tx, (whose.id, whose.contact, contact))
        people.change(tx, whose.id, {"contact": contact})
        actor = by.id if by else COMMAND
        audit_log.append(tx, self.entrance.audit_key, self.entrance.now(), actor, "telephone", whose.id)
        return True

    def end(self, tx: Connection, whose: Person, by: Person) -> int:
        """End all that somebody has open; give how many that were. Raises `NotAllowed`."""
        if not may_reset(by, whose):
            raise NotAllowed
        now = self.entrance.now()
        audit_log.append(tx, self.entrance.audit_key, now, by.id, "ended_sessions", whose.id)
        return sessions.revoke(tx, whose.id, now)

    def opened(self, code: str) -> Welcome | None:
        """Give what an invitation says; None where it is wrong, used or too late, which look the same."""
        with self.entrance.db.read() as tx:
            found = invitations.get(tx, self._hash(code), self.entrance.now())
            if found is not None and not self.newcomers.is_agreed(tx, found):
                return None
        secret = self.key.open(f"invitation {found.says}", found.totp) if found else None
        return Welcome(found, secret) if found and secret else None

    def accept(self, code: str, password: str, digits: str, visitor: Visitor) -> Let | list[str]:
        """Let somebody in who was invited: with a password, and a first code of their app. Gives the faults, if any."""
        welcome, now = self.opened(code), self.entrance.now()
        if welcome is None:
            return ["invitation"]
        made, id = welcome.invitation, welcome.invitation.person or new_id()
        faults = [] if made.keeps_password else password_faults(password, made.login)
        step = matched_step(welcome.secret, digits, now, 0)
        if faults or step is None:
            return faults + ["code"] * (step is None)
        hash = self._old(made, password, visitor) if made.keeps_password else self.entrance.passwords.hash(password)
        if hash is None:
            return ["password"]
        person = Person(id, made.name, made.login, made.role, made.service, made.language, "")
        codes = new_recovery_codes()
        with self.entrance.db.write() as tx:
            if not invitations.use(tx, made.token, now):
                return ["invitation"]
            if not self._write(tx, person, made, hash, welcome.secret):
                return ["invitation"]
            factors.take_step(tx, id, step)
            factors.put_recovery(tx, id, [self.key.recovery(id, recovery_of(each)) for each in codes])
            audit_log.append(tx, self.entrance.audit_key, now, id, "accepted", made.invited_by)
            return Let(self.entrance.begin(tx, person, visitor, now), codes)

    def _write(self, tx: Connection, person: Person, made: Invitation, hash: str, secret: str) -> bool:
        sealed, now = self.key.seal(f"totp {person.id}", secret), self.entrance.now()
        if not made.person:
            return people.add(tx, person, hash, sealed, now, made.invited_by)
        there = people.get(tx, person.id)
        changed = {"password": hash, "totp": sealed}
        return there is not None and there.disabled is None and people.change(tx, person.id, changed)

    def _old(self, made: Invitation, password: str, visitor: Visitor) -> str | None:
        """Give the hash of the password that stays, if this is it. Tries count as those at the door do."""
        opened = self.entrance.password(made.login, password, visitor)
        if opened is None:
            return None
        self.entrance.leave(opened.session)
        with self.entrance.db.read() as tx:
            return factors.get(tx, made.person).password

    def _make(
        self, tx: Connection, who: Person, by: Person | None, action: str, *, person: str, keeps_password: bool
    ) -> str:
        code, now, actor = new_token(), self.entrance.now(), by.id if by else COMMAND
        made = Invitation(
            self._hash(code), person, keeps_password, name_of(who.name), who.login, who.role, who.service,
            who.language, b"", actor, now + GOOD_FOR,
        )  # fmt: skip
        invitations.add(tx, replace(made, totp=self.key.seal(f"invitation {made.says}", new_secret())))
        audit_log.append(tx, self.entrance.audit_key, now, actor, action, person or ref_of(made))
        return code

    def _hash(self, code: str) -> str:
        return self.key.token(f"invitation {code.strip()}")
