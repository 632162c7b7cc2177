"""Signing in to the console, in two steps: login and password, then a second factor. Required of everybody.

Each try is counted before it is looked at, so that many at once are no way round the limits; what was right is taken
back. A refusal has no reason: a wrong login, a wrong password, a disabled account and too many tries are one answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

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
from helpline.store.engine import Database
from helpline.store.sql import new_id

LONGEST = timedelta(hours=12)
"""A session ends then, whatever is done in it: the length of a shift."""
HALF_WAY = timedelta(minutes=5)
"""Between the password and the second factor."""
SEEN_EVERY = timedelta(seconds=30)
"""How exactly the last use is written down: each page would otherwise be a write."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that has just begun, or goes on under another token: what the browser is to hold from now on."""

    session: Session
    token: str = field(repr=False)


Proof = Callable[[Connection, Person, datetime], str]
"""Looks whether a second factor is right, and uses it up; gives its kind (totp, recovery, passkey), or nothing."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """Lets people in. `idle`: how long a session may lie unused."""

    db: Database
    key: SessionKey
    passwords: Passwords
    audit_key: bytes = field(repr=False)
    now: Clock
    idle: timedelta

    def find(self, token: str) -> tuple[Session, Person] | None:
        """Give the session that a browser holds, alive or not, and whose it is."""
        if not token:
            return None
        with self.db.read() as tx:
            session = sessions.by_token(tx, self.key.token(token))
            if session is None or not is_token_of(token, session.person, session.proved):
                return None
            person = _told(people.get(tx, session.person))
        return (session, person) if person else None

    def alive(self, session: Session, person: Person, *, used: bool = True) -> bool:
        """Tell whether a session still counts, and note that it was `used`: by a person, not by a script of a page."""
        now = self.now()
        if person.disabled or not session.alive(now, self.idle):
            return False
        if used and now - session.seen > SEEN_EVERY:
            with self.db.write() as tx:
                sessions.see(tx, session.id, now)
        return True

    def password(self, login: str, password: str, visitor: Visitor) -> Opened | None:
        """Take the first step. Gives a session that is good for the second one alone, or None: one refusal for all."""
        now, login = self.now(), login_of(login)
        address = self.key.tried("address", visitor.address)
        pair = self.key.tried("pair", f"{login}\n{visitor.network}")
        with self.db.write() as tx:
            if self._waits(tx, [(address, throttle.ADDRESS)], now):
                return None  # tells an address about itself alone, and saves the work that a flood of them would cost
            person = _told(people.by_login(tx, login))
            known = person is not None and sessions.knows(tx, person.id, visitor.network)
            counts = [(pair, throttle.PAIR)] + [(self.key.tried("account", login), throttle.ACCOUNT)] * (not known)
            waits = self._waits(tx, counts, now)
            for key in [address, *(key for key, _ in counts)] if not waits else []:
                sessions.count_try(tx, key, sessions.tries(tx, key, now), now)
            hash = factors.get(tx, person.id).password if person else None
        right = self.passwords.matches(hash, password)
        if not right or waits or person is None or person.disabled:
            return None
        with self.db.write() as tx:
            sessions.forgive(tx, address, all_of_it=False)
            for key, _ in counts:
                sessions.forgive(tx, key, all_of_it=True)
            return self._begin(tx, person, visitor, now, proved=None)

    def second(self, session: Session, proof: Proof, visitor: Visitor) -> Opened | None:
        """Take the second step: a new session with a token that nobody has seen before. None: refused."""
        now = self.now()
        with self.db.write() as tx:
            person = self._proved(tx, session, proof, now)
            if person is None:
                return None
            sessions.revoke(tx, person.id, now, only=session.id)
            audit_log.append(tx, self.audit_key, now, person.id, "signed_in", session.id)
            return self._begin(tx, person, visitor, now, proved=now)

    def again(self, session: Session, proof: Proof) -> Opened | None:
        """Take a second factor once more, before something that matters: the session goes on under another token."""
        now = self.now()
        token = session_token(session.person, now)
        with self.db.write() as tx:
            person = self._proved(tx, session, proof, now)
            if person is None or not sessions.renew(tx, session.id, self.key.token(token), now):
                return None
            return Opened(replace(session, proved=now, seen=now), token)

    def typed(self, code: str) -> Proof:
        """Give the proof that somebody typed: six digits of an app, or a recovery code."""

        def look(tx: Connection, person: Person, now: datetime) -> str:
            held = factors.get(tx, person.id)
            secret = self.key.open(f"totp {person.id}", held.totp) if held.totp else None
            step = matched_step(secret, code, now, held.last) if secret else None
            if step is not None and factors.take_step(tx, person.id, step):
                return "totp"
            recovery = recovery_of(code)
            used = bool(recovery) and factors.use_recovery(tx, person.id, self.key.recovery(person.id, recovery))
            if used:
                audit_log.append(tx, self.audit_key, now, person.id, "used_recovery_code", person.id)
            return "recovery" if used else ""

        return look

    def leave(self, session: Session) -> None:
        """Sign out."""
        with self.db.write() as tx:
            sessions.revoke(tx, session.person, self.now(), only=session.id)

    def begin(self, tx: Connection, person: Person, visitor: Visitor, now: datetime) -> Opened:
        """Sign somebody in who has just set up both factors."""
        audit_log.append(tx, self.audit_key, now, person.id, "signed_in", person.id)
        return self._begin(tx, person, visitor, now, proved=now)

    def _begin(
        self, tx: Connection, person: Person, visitor: Visitor, now: datetime, *, proved: datetime | None
    ) -> Opened:
        until, token = now + (LONGEST if proved else HALF_WAY), session_token(person.id, proved)
        session = Session(new_id(), person.id, now, now, until, proved, visitor.network, visitor.agent)
        sessions.begin(tx, session, self.key.token(token))
        return Opened(session, token)

    def _proved(self, tx: Connection, session: Session, proof: Proof, now: datetime) -> Person | None:
        """Count the try, then look; whoever waits is refused without a look."""
        person, key = people.get(tx, session.person), self.key.tried("second", session.person)
        if person is None or person.disabled or self._waits(tx, [(key, throttle.SECOND)], now):
            return None
        sessions.count_try(tx, key, sessions.tries(tx, key, now), now)
        if not proof(tx, person, now):
            return None
        sessions.forgive(tx, key, all_of_it=True)
        return person

    def _waits(self, tx: Connection, counts: list[tuple[str, Limit]], now: datetime) -> bool:
        return throttle.any_waits([(limit, sessions.tries(tx, key, now)) for key, limit in counts], now)


def _told(person: Person | None) -> Person | None:
    """Have the log say where somebody wrote into an account who has not the contact key: it lets nobody in (R32)."""
    if person and not person.sealed:
        log.note("account_not_sealed", person.id)
    return person
