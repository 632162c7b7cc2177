"""Signing in to the console in two steps: login and password, then a second factor. Everybody needs both.

Each try is counted before it is checked, so many tries at once are no way around the limits. A right try is taken back.
A refusal has no reason: a wrong login, a wrong password, a disabled account and too many tries look the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from helpline.accounts import factors, sessions, throttle
from helpline.accounts.browser import Visitor
from helpline.accounts.credentials import Passwords, matched_step, recovery_of
from helpline.accounts.throttle import Limit
from helpline.core import log
from helpline.core.ports import Clock
from helpline.keys.session_tokens import SessionKey, is_token_of, session_token
from helpline.staff import people
from helpline.staff.roles import Person, Session, login_of
from helpline.store import audit_log
from helpline.store.engine import Database, Tx
from helpline.store.sql import new_id

LONGEST = timedelta(hours=12)
"""A session ends after this time even if it is in use: the length of a shift."""
HALF_WAY = timedelta(minutes=5)
"""The time between the password and the second factor."""
SEEN_EVERY = timedelta(seconds=30)
"""How exactly the last use is stored: otherwise each page would be a write."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has just begun or has a new token. The browser is to hold that token from now on."""

    session: Session
    token: str = field(repr=False)


Proof = Callable[[Tx, Person], str]
"""Checks a second factor and uses it up. Returns its kind (totp, recovery, passkey), or an empty text if it is
wrong."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Signs people in and out."""

    db: Database
    key: SessionKey
    passwords: Passwords
    audit_key: bytes = field(repr=False)
    now: Clock
    idle: timedelta
    """How long a session may be unused."""

    def find(self, token: str) -> tuple[Session, Person] | None:
        """Return the session that a browser holds, alive or not, and whose it is."""
        if not token:
            return None
        with self.db.read() as tx:
            session = sessions.by_token(tx, self.key.token(token))
            if session is None or not is_token_of(token, session.person, session.proved):
                return None
            person = _noting_unsealed(people.get(tx, session.person))
        return (session, person) if person else None

    def alive(self, session: Session, person: Person, *, used: bool = True) -> bool:
        """Whether a session still counts.

        If it was `used`, by a person and not by a script of a page, that is noted.
        """
        now = self.now()
        if person.disabled or not session.alive(now, self.idle):
            return False
        if used and now - session.seen > SEEN_EVERY:
            with self.db.write(now) as tx:
                sessions.see(tx, session.id)
        return True

    def first_step(self, login: str, password: str, visitor: Visitor) -> SignedIn | None:
        """Check login and password. Return a session that is good for the second step only, or None for any refusal."""
        now, login = self.now(), login_of(login)
        address = self.key.tried("address", visitor.address)
        pair = self.key.tried("pair", f"{login}\n{visitor.network}")
        with self.db.write(now) as tx:
            if self._waits(tx, [(address, throttle.ADDRESS)]):
                return None  # reveals nothing about accounts, and saves the work of hashing in a flood of tries
            person = _noting_unsealed(people.by_login(tx, login))
            known = person is not None and sessions.knows(tx, person.id, visitor.network)
            counts = [(pair, throttle.PAIR)] + [(self.key.tried("account", login), throttle.ACCOUNT)] * (not known)
            waits = self._waits(tx, counts)
            for key in [address, *(key for key, _ in counts)] if not waits else []:
                sessions.count_try(tx, key, sessions.tries(tx, key))
            hash = factors.get(tx, person.id).password if person else None
        right = self.passwords.matches(hash, password)
        if not right or waits or person is None or person.disabled:
            return None
        with self.db.write(now) as tx:
            sessions.forgive(tx, address, all_of_it=False)
            for key, _ in counts:
                sessions.forgive(tx, key, all_of_it=True)
            return self._begin(tx, person, visitor, proved=None)

    def second_step(self, session: Session, proof: Proof, visitor: Visitor) -> SignedIn | None:
        """Check a second factor. Return a new session with a new token, or None for a refusal."""
        now = self.now()
        with self.db.write(now) as tx:
            person = self._proved(tx, session, proof)
            if person is None:
                return None
            sessions.revoke(tx, person.id, only=session.id)
            audit_log.append(tx, self.audit_key, now, person.id, "signed_in", session.id)
            return self._begin(tx, person, visitor, proved=now)

    def confirm(self, session: Session, proof: Proof) -> SignedIn | None:
        """Check a second factor again, before something that matters. The session gets another token."""
        now = self.now()
        token = session_token(session.person, now)
        with self.db.write(now) as tx:
            person = self._proved(tx, session, proof)
            if person is None or not sessions.renew(tx, session.id, self.key.token(token), now):
                return None
            return SignedIn(replace(session, proved=now, seen=now), token)

    def typed_proof(self, code: str) -> Proof:
        """Return the proof that somebody typed: six digits of an app, or a recovery code."""

        def look(tx: Tx, person: Person) -> str:
            held = factors.get(tx, person.id)
            secret = self.key.open(f"totp {person.id}", held.totp) if held.totp else None
            step = matched_step(secret, code, tx.now, held.last) if secret else None
            if step is not None and factors.take_step(tx, person.id, step):
                return "totp"
            recovery = recovery_of(code)
            used = bool(recovery) and factors.use_recovery(tx, person.id, self.key.recovery(person.id, recovery))
            if used:
                audit_log.append(tx, self.audit_key, tx.now, person.id, "used_recovery_code", person.id)
            return "recovery" if used else ""

        return look

    def sign_out(self, session: Session) -> None:
        """End the session."""
        with self.db.write() as tx:
            sessions.revoke(tx, session.person, only=session.id)

    def begin(self, tx: Tx, person: Person, visitor: Visitor) -> SignedIn:
        """Sign in a person who has just set up both factors."""
        audit_log.append(tx, self.audit_key, tx.now, person.id, "signed_in", person.id)
        return self._begin(tx, person, visitor, proved=tx.now)

    def _begin(self, tx: Tx, person: Person, visitor: Visitor, *, proved: datetime | None) -> SignedIn:
        until, token = tx.now + (LONGEST if proved else HALF_WAY), session_token(person.id, proved)
        session = Session(new_id(), person.id, tx.now, tx.now, until, proved, visitor.network, visitor.agent)
        sessions.begin(tx, session, self.key.token(token))
        return SignedIn(session, token)

    def _proved(self, tx: Tx, session: Session, proof: Proof) -> Person | None:
        """Count the try, then check the proof. If the person must wait, the proof is not checked."""
        person, key = people.get(tx, session.person), self.key.tried("second", session.person)
        if person is None or person.disabled or self._waits(tx, [(key, throttle.SECOND)]):
            return None
        sessions.count_try(tx, key, sessions.tries(tx, key))
        if not proof(tx, person):
            return None
        sessions.forgive(tx, key, all_of_it=True)
        return person

    def _waits(self, tx: Tx, counts: list[tuple[str, Limit]]) -> bool:
        return throttle.any_waits([(limit, sessions.tries(tx, key)) for key, limit in counts], tx.now)


def _noting_unsealed(person: Person | None) -> Person | None:
    """Write to the log if an account was changed without the contact key. Such an account cannot sign in (R32)."""
    if person and not person.sealed:
        log.note("account_not_sealed", person.id)
    return person
