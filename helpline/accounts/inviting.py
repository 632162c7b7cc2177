"""Make accounts and reset them.

Nobody registers themselves, and no e-mail is sent. A coordinator makes an invitation and hands over its code, face to
face or by telephone. The code is valid once, for three days. A lead invites caseworkers of their own service so.

A lost second factor is reset in the same way: the old factors are deleted, all sessions end, and an invitation sets up
new ones. The owner must still know the password, so the person who resets an account cannot sign in to it.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from helpline.accounts import factors, invitations, sessions
from helpline.accounts.browser import Visitor
from helpline.accounts.credentials import (
    invitation_of,
    matched_step,
    new_invitation_code,
    new_recovery_codes,
    new_secret,
    recovery_of,
)
from helpline.accounts.invitations import Invitation
from helpline.accounts.sign_in import SignedIn, SignIn
from helpline.accounts.vetting import COMMAND, GOOD_FOR, NotAllowed, Vetting, ref_of
from helpline.keys.session_tokens import SessionKey
from helpline.staff import approvals, contacts, on_call, people
from helpline.staff.roles import Permission, Person, Role, may_invite, may_reset, name_of, password_faults
from helpline.store import audit_log
from helpline.store.engine import Tx
from helpline.store.sql import new_id

UNDO = timedelta(minutes=10)
"""How long the closing of an account can be taken back, by the person who closed it."""


class LastCoordinator(Exception):
    """No coordinator would be left who can be called about a request that no service takes."""


@dataclass(frozen=True, slots=True)
class InvitationRequest:
    """Who is to be invited. `roles.faults_of` has checked it."""

    person: Person
    by: Person | None
    """None means somebody at the machine itself."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """What an invited person sees: their future account, and the secret for their app."""

    invitation: Invitation
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted invitation: the session, and the recovery codes, which are shown only now."""

    signed_in: SignedIn
    recovery: Sequence[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Invitations:
    """Invites people, accepts invitations, resets and disables accounts."""

    sign_in: SignIn
    country: str
    """Whose coordinators can be called."""

    @property
    def key(self) -> SessionKey:
        """The session key."""
        return self.sign_in.key

    @property
    def vetting(self) -> Vetting:
        """The invitations that need a second person's approval."""
        return Vetting(self.key, self.sign_in.audit_key, self.sign_in.now)

    def invite(self, tx: Tx, wanted: InvitationRequest) -> str | None:
        """Invite somebody. Return the code to hand over, or None if the login is taken.

        Raise `NotAllowed` if the inviter may not invite them. A lead cannot replace an invitation of somebody else.
        """
        account, by = wanted.person, wanted.by
        if by is not None and not may_invite(by, account):
            raise NotAllowed
        others = by is not None and not by.may(Permission.PEOPLE) and self._is_invited(tx, account.login, by)
        if others or people.by_login(tx, account.login) is not None:
            return None
        return self._make(tx, account, by, "invited", person="", keeps_password=False)

    def _is_invited(self, tx: Tx, login: str, by: Person) -> bool:
        """Whether somebody other than `by` has invited this login, and that can still be used."""
        waiting = invitations.still_open(tx.at(self.sign_in.now()))
        return any(each.login == login and each.invited_by != by.id for each in waiting)

    def reset(self, tx: Tx, account: Person, by: Person | None, *, password: bool = False) -> str:
        """Delete a person's second factors and end their sessions. Return the code that sets up new factors.

        `password` also resets the password. Raise `NotAllowed` if `by` is no coordinator, or it is their own account.
        """
        if by is not None and not may_reset(by, account):
            raise NotAllowed
        people.change(tx, account.id, {"totp": None})
        factors.put_recovery(tx, account.id, ())
        factors.remove_passkeys(tx, account.id)
        sessions.revoke(tx.at(self.sign_in.now()), account.id)
        action = "reset_all" if password else "reset_factor"
        return self._make(tx, account, by, action, person=account.id, keeps_password=not password)

    def disable(self, tx: Tx, account: Person, by: Person | None) -> None:
        """Disable an account, withdraw the invitations it made, and end its sessions.

        Raise `NotAllowed` if `by` may not do it. Raise `LastCoordinator` if no coordinator would be left to call about
        a request that no service takes.
        """
        now = self.sign_in.now()
        if by is not None and not may_reset(by, account):
            raise NotAllowed
        if on_call.is_last(tx, self.country, account):
            raise LastCoordinator
        people.change(tx, account.id, {"disabled": account.disabled or now})  # closing again begins no ten minutes
        invitations.withdraw(tx, account.login)
        invitations.withdraw_by(tx, account.id)
        approvals.withdraw(tx, (account.id, account.contact))
        sessions.revoke(tx.at(now), account.id)
        audit_log.append(tx, self.sign_in.audit_key, now, by.id if by else COMMAND, "disabled", account.id)

    def reopen(self, tx: Tx, account: Person, by: Person) -> None:
        """Undo `disable`: only the person who did it may, for ten minutes. They must sign in again.

        Raise `NotAllowed` otherwise. So nobody opens an account that another coordinator closed, which takes two
        people. The row is changed first, which locks it: somebody else may be closing the account at this moment.
        """
        if not may_reset(by, account) or not account.sealed:
            raise NotAllowed
        people.change(tx, account.id, {"disabled": None})
        if not self.may_reopen(tx, account, by):
            raise NotAllowed
        audit_log.append(tx, self.sign_in.audit_key, self.sign_in.now(), by.id, "reopened", account.id)

    def may_reopen(self, tx: Tx, account: Person, by: Person) -> bool:
        """Whether this account was closed within the last ten minutes, and nobody but `by` closed it in that time.

        An account that somebody else closed stays closed also if `by` closes it again.
        """
        since = self.sign_in.now() - UNDO
        if account.disabled is None or account.disabled < since or not account.sealed:
            return False
        closed = audit_log.search(tx, ref=account.id, action="disabled", since=since)
        return bool(closed) and all(each.actor == by.id for each in closed)

    def link(self, tx: Tx, account: Person, contact: str, by: Person | None) -> bool:
        """Link an account to a coordinator's telephone, or to none if `contact` is empty.

        Return False if there is none. People cannot link their own account, so nobody can count as two people. Raise
        `NotAllowed` if they try.
        """
        if by is not None and not may_reset(by, account):
            raise NotAllowed
        found = contacts.get(tx, contact) if contact else None
        if (
            account.role is not Role.COORDINATOR
            or account.disabled
            or (contact and (found is None or found.kind != "coordinator"))
        ):
            return False
        approvals.withdraw(tx, (account.id, account.contact, contact))
        people.change(tx, account.id, {"contact": contact})
        actor = by.id if by else COMMAND
        audit_log.append(tx, self.sign_in.audit_key, self.sign_in.now(), actor, "telephone", account.id)
        return True

    def end(self, tx: Tx, account: Person, by: Person) -> int:
        """End all sessions of a person. Return how many there were. Raise `NotAllowed` if `by` may not do it."""
        if not may_reset(by, account):
            raise NotAllowed
        now = self.sign_in.now()
        audit_log.append(tx, self.sign_in.audit_key, now, by.id, "ended_sessions", account.id)
        return sessions.revoke(tx.at(now), account.id)

    def look_up(self, code: str) -> Welcome | None:
        """Return what an invitation grants. Return None if its code is wrong, used or expired: these look the same."""
        with self.sign_in.db.read() as tx:
            found = invitations.get(tx, self._hash(code))
            if found is not None and not self.vetting.is_agreed(tx, found):
                return None
        secret = self.key.open(f"invitation {found.signed_content}", found.totp) if found else None
        return Welcome(found, secret) if found and secret else None

    def keep(self, code: str, password: str) -> str:
        """Return a new password as `accept` takes it again, so that nobody types it twice for a wrong code of the app.

        What a page holds so is the sealed hash of the password, for this invitation alone. Empty if it is no password
        that this invitation takes.
        """
        welcome = self.look_up(code)
        if welcome is None or welcome.invitation.keeps_password or password_faults(password, welcome.invitation.login):
            return ""
        hash = self.sign_in.passwords.hash(password)
        return base64.urlsafe_b64encode(self.key.seal(_kept(welcome.invitation), hash)).decode()

    def accept(self, code: str, password: str, digits: str, visitor: Visitor, kept: str = "") -> Accepted | list[str]:
        """Accept an invitation with a password and a first code of the app. Return what is wrong, if anything is.

        `kept` is what `keep` made of a password that was typed before.
        """
        welcome, now = self.look_up(code), self.sign_in.now()
        if welcome is None:
            return ["invitation"]
        invitation, id = welcome.invitation, welcome.invitation.person or new_id()
        chosen = None if invitation.keeps_password else self._chosen(invitation, kept)
        faults = [] if invitation.keeps_password or chosen else password_faults(password, invitation.login)
        step = matched_step(welcome.secret, digits, now, 0)
        if faults or step is None:
            return faults + ["code"] * (step is None)
        hash = (
            self._old(invitation, password, visitor)
            if invitation.keeps_password
            else chosen or self.sign_in.passwords.hash(password)
        )
        if hash is None:
            return ["password"]
        person = Person(
            id, invitation.name, invitation.login, invitation.role, invitation.service, invitation.language, ""
        )
        codes = new_recovery_codes()
        with self.sign_in.db.write(now) as tx:
            if not invitations.use(tx, invitation.token):
                return ["invitation"]
            if not self._write(tx, person, invitation, hash, welcome.secret):
                return ["invitation"]
            factors.take_step(tx, id, step)
            factors.put_recovery(tx, id, [self.key.recovery(id, recovery_of(each)) for each in codes])
            audit_log.append(tx, self.sign_in.audit_key, now, id, "accepted", invitation.invited_by)
            return Accepted(self.sign_in.begin(tx, person, visitor), codes)

    def _write(self, tx: Tx, person: Person, invitation: Invitation, hash: str, secret: str) -> bool:
        sealed, now = self.key.seal(f"totp {person.id}", secret), self.sign_in.now()
        if not invitation.person:
            return people.add(tx, person, hash, sealed, now, invitation.invited_by)
        there = people.get(tx, person.id)
        changed = {"password": hash, "totp": sealed}
        return there is not None and there.disabled is None and people.change(tx, person.id, changed)

    def _old(self, invitation: Invitation, password: str, visitor: Visitor) -> str | None:
        """Return the hash of the password that stays, if this is it. Tries count as at any sign-in."""
        opened = self.sign_in.first_step(invitation.login, password, visitor)
        if opened is None:
            return None
        self.sign_in.sign_out(opened.session)
        with self.sign_in.db.read() as tx:
            return factors.get(tx, invitation.person).password

    def _chosen(self, invitation: Invitation, sealed: str) -> str | None:
        try:
            return self.key.open(_kept(invitation), base64.b64decode(sealed, b"-_", validate=True))
        except ValueError:
            return None

    def _make(
        self, tx: Tx, account: Person, by: Person | None, action: str, *, person: str, keeps_password: bool
    ) -> str:
        code, now, actor = new_invitation_code(), self.sign_in.now(), by.id if by else COMMAND
        invitation = Invitation(
            self._hash(code),
            person,
            keeps_password,
            name_of(account.name),
            account.login,
            account.role,
            account.service,
            account.language,
            b"",
            actor,
            now + GOOD_FOR,
        )
        invitations.add(
            tx, replace(invitation, totp=self.key.seal(f"invitation {invitation.signed_content}", new_secret()))
        )
        audit_log.append(tx, self.sign_in.audit_key, now, actor, action, person or ref_of(invitation))
        return code

    def _hash(self, code: str) -> str:
        return self.key.token(f"invitation {invitation_of(code)}")


def _kept(invitation: Invitation) -> str:
    return f"password {invitation.signed_content}"
