"""Counts that keep the service open for others and shut to guessers (R49). In this process's memory, for a day.

A number is counted under a hash whose key is made anew each day and never leaves this memory: what a keyed hash
of a number would tell to whoever takes the key is told here only until midnight.
"""

import hashlib
import secrets
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from helpline.caller.blocks import Mark, holds
from helpline.core.config import Config
from helpline.core.phone_numbers import Msisdn


@dataclass(slots=True)
class _Day:
    on: date | None = None
    key: bytes = b""
    asked: dict[bytes, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    another: dict[bytes, bytes] = field(default_factory=dict)
    wrong: Counter[bytes] = field(default_factory=Counter)
    wrong_by_hour: Counter[int] = field(default_factory=Counter)
    blocked: dict[bytes, tuple[frozenset[str], bool]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """New requests, wrong codes and other numbers of a telephone today, wrong codes of all in this hour."""

    config: Config
    now: Callable[[], datetime]
    day: _Day = field(default_factory=_Day)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def may_ask(self, caller: Msisdn, session: bytes) -> bool:
        """Tell whether this session may still make a request: it has, or the telephone made fewer than its share."""
        asked = self._today().asked[self._key(caller)]
        return session in asked or len(asked) < self.config.requests_a_day

    def has_asked(self, caller: Msisdn, session: bytes) -> bool:
        """Tell whether this session has made a request: it is under way, and no block comes between."""
        return session in self._today().asked[self._key(caller)]

    def is_blocked(self, caller: Msisdn, marks: Sequence[Mark]) -> bool:
        """Tell whether a block is this telephone's (R49). That is slow, so each block is compared once."""
        known, blocks = self._today().blocked, frozenset(mark.id for mark in marks)
        if not marks:
            return False
        key = self._key(caller)
        before, held = known.get(key, (frozenset(), False))
        if before != blocks:
            held = holds(caller, marks)
            with self.lock:
                known[key] = (blocks, held)
        return held

    def count_request(self, caller: Msisdn, session: bytes) -> None:
        """Count a new request."""
        with self.lock:
            self._today().asked[self._key(caller)].add(session)

    def may_name_another(self, caller: Msisdn, session: bytes) -> bool:
        """Tell whether this session may name another telephone to ring: once a day from each, and again in one call."""
        return self._today().another.get(self._key(caller), session) == session

    def count_another(self, caller: Msisdn, session: bytes) -> None:
        """Count that another telephone was named."""
        with self.lock:
            self._today().another.setdefault(self._key(caller), session)

    def may_try_code(self, caller: Msisdn) -> bool:
        """Tell whether a code may still be looked up for this telephone, and in this hour."""
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
        return hashlib.blake2b(caller.reveal().encode(), key=self._today().key, digest_size=16).digest()
