"""Counts that keep the service available to others and stop people who guess codes (R49). In memory, for a day.

A number is counted under a hash. Its key is made each day and never leaves this process, so nobody can use the key to
find numbers, and after midnight it is gone.
"""

import hashlib
import secrets
import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from helpline.caller.blocks import Mark, holds
from helpline.core.config import Config
from helpline.core.phone_numbers import Msisdn
from helpline.core.ports import Clock


@dataclass(slots=True)
class _Day:
    """The counts of one day. Telephones are hashes, sessions are salts."""

    on: date | None = None
    key: bytes = b""
    asked: dict[bytes, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    """Telephone → the sessions that made a request."""
    another: dict[bytes, bytes] = field(default_factory=dict)
    """Telephone → the session that named another number."""
    wrong: Counter[bytes] = field(default_factory=Counter)
    """Telephone → wrong codes."""
    wrong_by_hour: Counter[int] = field(default_factory=Counter)
    """Hour → wrong codes of all telephones."""
    blocked: dict[bytes, tuple[frozenset[str], bool]] = field(default_factory=dict)
    """Telephone → the blocks it was compared with, and whether one matched."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts for each telephone, today: new requests, wrong codes, other numbers. And all wrong codes of this hour."""

    config: Config
    now: Clock
    day: _Day = field(default_factory=_Day)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def may_ask(self, caller: Msisdn, session: bytes) -> bool:
        """Whether this session may make a request: it made one already, or the telephone made few enough today."""
        asked = self._today().asked[self._key(caller)]
        return session in asked or len(asked) < self.config.requests_a_day

    def has_asked(self, caller: Msisdn, session: bytes) -> bool:
        """Whether this session has made a request. From then on no block interrupts it."""
        return session in self._today().asked[self._key(caller)]

    def is_blocked(self, caller: Msisdn, marks: Sequence[Mark]) -> bool:
        """Whether this telephone is blocked (R49). The comparison is slow, so it is made once for the same blocks."""
        if not marks:
            return False
        known, blocks = self._today().blocked, frozenset(mark.id for mark in marks)
        key = self._key(caller)
        before, blocked = known.get(key, (frozenset(), False))
        if before != blocks:
            blocked = holds(caller, marks)
            with self.lock:
                known[key] = (blocks, blocked)
        return blocked

    def count_request(self, caller: Msisdn, session: bytes) -> None:
        """Count a new request."""
        with self.lock:
            self._today().asked[self._key(caller)].add(session)

    def may_name_another(self, caller: Msisdn, session: bytes) -> bool:
        """Whether this session may name another number to call: one session a day for each telephone."""
        return self._today().another.get(self._key(caller), session) == session

    def count_another(self, caller: Msisdn, session: bytes) -> None:
        """Count that another number was named."""
        with self.lock:
            self._today().another.setdefault(self._key(caller), session)

    def may_try_code(self, caller: Msisdn) -> bool:
        """Whether a code may still be looked up for this telephone, and in this hour."""
        day = self._today()
        few = day.wrong[self._key(caller)] < self.config.wrong_codes_a_day
        return few and day.wrong_by_hour[self.now().hour] < self.config.wrong_codes_an_hour

    def count_wrong_code(self, caller: Msisdn) -> None:
        """Count a wrong code."""
        with self.lock:
            day = self._today()
            day.wrong[self._key(caller)] += 1
            day.wrong_by_hour[self.now().hour] += 1

    def _today(self) -> _Day:
        today = self.now().date()
        if self.day.on != today:
            self.day.on, self.day.key = today, secrets.token_bytes(32)
            self.day.asked.clear()
            self.day.another.clear()
            self.day.blocked.clear()
            self.day.wrong.clear()
            self.day.wrong_by_hour.clear()
        return self.day

    def _key(self, caller: Msisdn) -> bytes:
        key = self._today().key
        return hashlib.blake2b(caller.reveal().encode(), key=key, digest_size=16).digest()
