"""A person's own account: password, second factors, sessions, language and zone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from helpline.accounts import factors, sessions
from helpline.accounts.browser import Visitor
from helpline.accounts.credentials import matched_step, new_recovery_codes, recovery_of
from helpline.accounts.factors import Passkey
from helpline.accounts.sign_in import SignedIn, SignIn
from helpline.keys.session_tokens import session_token
from helpline.staff import contacts, people
from helpline.staff.contact import name_in
from helpline.staff.roles import Person, Session, password_faults
from helpline.store import audit_log
from helpline.store.engine import Tx


@dataclass(frozen=True, slots=True)
class State:
    """What people see of their own account."""

    sessions: Sequence[Session]
    passkeys: Sequence[Passkey]
    has_app: bool
    recovery_left: int
    service: str
    """The name of their service; empty if they belong to none."""


@dataclass(frozen=True, slots=True)
class Account:
    """What people do to their own account.

    To change how they sign in, they must have given a second factor in the last five minutes. The console checks that.
    """

    sign_in: SignIn
    languages: frozenset[str] = field(default=frozenset({"en"}))
    zones: Sequence[str] = ()

    def state(self, person: Person, language: str = "") -> State:
        """Return the state of an account, for a page in this language. Empty: the person's own."""
        with self.sign_in.db.read() as tx:
            return State(
                sessions.of_person(tx, person.id, self.sign_in.idle),
                factors.passkeys(tx, person.id),
                factors.get(tx, person.id).totp is not None,
                factors.count_recovery(tx, person.id),
                _service(tx, person, language or person.language),
            )

    def end(self, person: Person, session: str) -> bool:
        """End one of the person's own sessions by its id. Return False if there is none, or it has ended."""
        with self.sign_in.db.write() as tx:
            return sessions.revoke(tx, person.id, only=session) > 0

    def end_others(self, person: Person, session: Session) -> int:
        """End all other sessions of this person. Return how many there were."""
        with self.sign_in.db.write() as tx:
            return sessions.revoke(tx, person.id, but=session.id)

    def choose(self, person: Person, language: str, zone: str) -> bool:
        """Set language and zone. Return False if the country does not offer them."""
        if language not in self.languages or (zone and zone not in self.zones):
            return False
        with self.sign_in.db.write() as tx:
            return people.change(tx, person.id, {"language": language, "zone": zone})

    def new_password(
        self, person: Person, session: Session, old: str, new: str, visitor: Visitor
    ) -> SignedIn | list[str]:
        """Change the password. Return what is wrong, or this session with another token.

        All other sessions end.
        """
        if faults := password_faults(new, person.login):
            return faults
        checked = self.sign_in.first_step(person.login, old, visitor)
        if checked is None:
            return ["password"]
        hash = self.sign_in.passwords.hash(new)  # slow on purpose, so not inside a transaction
        with self.sign_in.db.write() as tx:
            sessions.revoke(tx, person.id, only=checked.session.id)
            people.change(tx, person.id, {"password": hash})
            signed_in = self._renew(tx, person, session, "changed_password")
        return signed_in or ["session"]

    def new_app(self, person: Person, session: Session, secret: str, digits: str) -> SignedIn | None:
        """Replace the app by another one, which has shown its first code. Return None if that code is wrong."""
        step = matched_step(secret, digits, self.sign_in.now(), 0)
        if step is None:
            return None
        with self.sign_in.db.write() as tx:
            sealed = self.sign_in.key.seal(f"totp {person.id}", secret)
            people.change(tx, person.id, {"totp": sealed, "totp_last": step})
            return self._renew(tx, person, session, "changed_app")

    def new_recovery(self, person: Person) -> list[str]:
        """Return a new set of recovery codes. The old ones are no longer valid."""
        codes = new_recovery_codes()
        with self.sign_in.db.write() as tx:
            hashes = [self.sign_in.key.recovery(person.id, recovery_of(code)) for code in codes]
            factors.put_recovery(tx, person.id, hashes)
            audit_log.append(tx, self.sign_in.audit_key, self.sign_in.now(), person.id, "new_recovery", person.id)
        return codes

    def drop_passkey(self, person: Person, id: str) -> bool:
        """Delete one of the person's own passkeys."""
        with self.sign_in.db.write() as tx:
            gone = factors.remove_passkeys(tx, person.id, id)
            if gone:
                audit_log.append(tx, self.sign_in.audit_key, self.sign_in.now(), person.id, "dropped_passkey", id)
            return gone

    def _renew(self, tx: Tx, person: Person, session: Session, action: str) -> SignedIn | None:
        """End all other sessions and give this one another token, so that old credentials are of no use."""
        now = self.sign_in.now()
        proved = session.proved or now
        token = session_token(person.id, proved)
        sessions.revoke(tx.at(now), person.id, but=session.id)
        audit_log.append(tx, self.sign_in.audit_key, now, person.id, action, person.id)
        if not sessions.renew(tx, session.id, self.sign_in.key.token(token), proved):
            return None
        return SignedIn(session, token)


def _service(tx: Tx, person: Person, language: str) -> str:
    """Return the name of the person's service, in this language if it has one.

    Return its id if the directory no longer has it.
    """
    found = contacts.get(tx, person.service) if person.service else None
    return name_in(found.names, language, found.language) if found else person.service
