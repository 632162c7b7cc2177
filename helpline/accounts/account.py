"""One's own account: password, second factors, where one is signed in, language and zone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from helpline.accounts import factors, sessions
from helpline.accounts.browser import Visitor
from helpline.accounts.credentials import matched_step, new_recovery_codes, recovery_of
from helpline.accounts.factors import Passkey
from helpline.accounts.sign_in import Entrance, Opened
from helpline.keys.session_tokens import session_token
from helpline.staff import contacts, people
from helpline.staff.roles import Person, Session, password_faults
from helpline.store import audit_log


@dataclass(frozen=True, slots=True)
class State:
    """What somebody sees of their own account. `service`: the name of theirs, empty for none."""

    sessions: Sequence[Session]
    passkeys: Sequence[Passkey]
    has_app: bool
    recovery_left: int
    service: str


@dataclass(frozen=True, slots=True)
class Account:
    """What people do to their own account. Whoever changes how they sign in has given a second factor just before."""

    entrance: Entrance
    languages: frozenset[str] = field(default=frozenset({"en"}))
    zones: Sequence[str] = ()

    def state(self, person: Person) -> State:
        """Give how an account stands."""
        with self.entrance.db.read() as tx:
            return State(
                sessions.of_person(tx, person.id, self.entrance.now(), self.entrance.idle),
                factors.passkeys(tx, person.id),
                factors.get(tx, person.id).totp is not None,
                factors.count_recovery(tx, person.id),
                _service(tx, person),
            )

    def end(self, person: Person, session: str) -> bool:
        """End a session of one's own by its id; false where it is none, or has ended."""
        with self.entrance.db.write() as tx:
            return sessions.revoke(tx, person.id, self.entrance.now(), only=session) > 0

    def end_others(self, person: Person, session: Session) -> int:
        """End every session of one's own but this one; give how many that were."""
        with self.entrance.db.write() as tx:
            return sessions.revoke(tx, person.id, self.entrance.now(), but=session.id)

    def choose(self, person: Person, language: str, zone: str) -> bool:
        """Set language and zone; false where there is no such language or zone here."""
        if language not in self.languages or (zone and zone not in self.zones):
            return False
        with self.entrance.db.write() as tx:
            return people.change(tx, person.id, {"language": language, "zone": zone})

    def new_password(
        self, person: Person, session: Session, old: str, new: str, visitor: Visitor
    ) -> Opened | list[str]:
        """Change the password. All other sessions end, this one goes on under another token. Or gives the faults."""
        if faults := password_faults(new, person.login):
            return faults
        checked = self.entrance.password(person.login, old, visitor)
        if checked is None:
            return ["password"]
        hash = self.entrance.passwords.hash(new)  # slow on purpose: not inside a transaction
        with self.entrance.db.write() as tx:
            sessions.revoke(tx, person.id, self.entrance.now(), only=checked.session.id)
            people.change(tx, person.id, {"password": hash})
            opened = self._anew(tx, person, session, "changed_password")
        return opened or ["session"]

    def new_app(self, person: Person, session: Session, secret: str, digits: str) -> Opened | None:
        """Put another app in place of the present one, which has shown its first code. None: the code is wrong."""
        step = matched_step(secret, digits, self.entrance.now(), 0)
        if step is None:
            return None
        with self.entrance.db.write() as tx:
            sealed = self.entrance.key.seal(f"totp {person.id}", secret)
            people.change(tx, person.id, {"totp": sealed, "totp_last": step})
            return self._anew(tx, person, session, "changed_app")

    def new_recovery(self, person: Person) -> list[str]:
        """Make another set of recovery codes; the old ones are worth nothing any more."""
        codes = new_recovery_codes()
        with self.entrance.db.write() as tx:
            hashes = [self.entrance.key.recovery(person.id, recovery_of(code)) for code in codes]
            factors.put_recovery(tx, person.id, hashes)
            audit_log.append(tx, self.entrance.audit_key, self.entrance.now(), person.id, "new_recovery", person.id)
        return codes

    def drop_passkey(self, person: Person, id: str) -> bool:
        """Forget a passkey of one's own."""
        with self.entrance.db.write() as tx:
            gone = factors.remove_passkeys(tx, person.id, id)
            if gone:
                audit_log.append(tx, self.entrance.audit_key, self.entrance.now(), person.id, "dropped_passkey", id)
            return gone

    def _anew(self, tx: Connection, person: Person, session: Session, action: str) -> Opened | None:
        """End all other sessions, and give this one another token: who knew the old way in is out."""
        now = self.entrance.now()
        proved = session.proved or now
        token = session_token(person.id, proved)
        sessions.revoke(tx, person.id, now, but=session.id)
        audit_log.append(tx, self.entrance.audit_key, now, person.id, action, person.id)
        if not sessions.renew(tx, session.id, self.entrance.key.token(token), proved):
            return None
        return Opened(session, token)


def _service(tx: Connection, person: Person) -> str:
    """Give the name of somebody's service, in their language where it has one; its id where the directory lost it."""
    found = contacts.get(tx, person.service) if person.service else None
    return found.names.get(person.language, found.names[found.language]) if found else person.service
