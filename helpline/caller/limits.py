"""Counts of wrong codes, which slow down people who guess codes and lock no owner out (R49). For a day.

All public processes count together in Valkey (`shared_counts`). Each also counts on its own, in memory: that is what
remains if Valkey is unavailable or was emptied, and a try must pass both.

A telephone is counted under a hash. Its key is made each day, and after midnight it is gone. In memory it never leaves
this process; the one in Valkey is worth nothing without the words key. That is why no count is in the database: the
public process has no lasting key, and a stored hash of a number would be as good as the number.

Only wrong codes are counted here. Requests over the limit of a day are saved like all others, and workers postpone
them (`matching.line_order`), because only workers know which requests come from one telephone.
"""

import hashlib
import secrets
import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from helpline.caller.blocks import Mark, holds
from helpline.caller.quick_line import Answer
from helpline.caller.shared_counts import Limit, SharedCounts
from helpline.core.config import Config
from helpline.core.phone_numbers import Msisdn, is_withheld
from helpline.core.ports import Clock
from helpline.core.waiting import WouldWait, done_before, must_not_wait, note_done

PACE = timedelta(minutes=10)
"""How long a telephone that has tried too many wrong codes waits before another code is looked up."""
WITHHELD = b""
"""Stands for all telephones that withhold their number. They are counted together, and only for the total."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that Valkey was asked to count for the loop of a web. A thread goes on with the answer, or asks again."""

    asked_at: datetime
    answer: Answer = field(repr=False)


@dataclass(slots=True)
class _Day:
    """The counts of one day. Telephones are hashes."""

    on: date | None = None
    key: bytes = b""
    wrong: dict[bytes, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    """Telephone → when it tried each wrong code, in order."""
    wrong_by_hour: Counter[int] = field(default_factory=Counter)
    """Hour → wrong codes of all telephones."""
    shared_by_hour: dict[int, int] = field(default_factory=dict)
    """Hour → the same of all public processes, as far as this one has heard."""
    alarmed: set[int] = field(default_factory=set)
    """The hours for which the alarm was raised."""
    blocked: dict[bytes, tuple[frozenset[str], bool]] = field(default_factory=dict)
    """Telephone → the blocks it was compared with, and whether one matched."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The wrong codes of today: of each telephone, and of all in this hour."""

    config: Config
    now: Clock
    shared: SharedCounts | None = None
    """Without it, this process counts alone."""
    day: _Day = field(default_factory=_Day)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def is_blocked(self, caller: Msisdn, marks: Sequence[Mark]) -> bool:
        """Whether this telephone is blocked (R49). The comparison is slow, so it is made once for the same blocks."""
        if not marks:
            return False
        blocks = frozenset(mark.id for mark in marks)
        with self.lock:
            day = self._today(self.now())
            key = _key(day, caller)
            before, blocked = day.blocked.get(key, (frozenset(), False))
        if before != blocks:
            blocked = holds(caller, marks)
            with self.lock:
                day.blocked[key] = (blocks, blocked)
        return blocked

    def try_code(self, caller: Msisdn) -> datetime | None:
        """Count a wrong code before it is looked up, so that many calls at once are no way around the limit.

        Return the time of this try, for `take_back`. Return None if it is too soon for another one: then nothing may be
        looked up, and nothing is counted.

        Where nobody may wait, raise `WouldWait`. Valkey may be asked before: then the second try goes on with its
        answer, at the same instant.
        """
        if must_not_wait():
            self._ask_soon(caller)
            raise WouldWait
        before = done_before()
        asked = before if isinstance(before, Asked) else None
        with self.lock:
            now = self.now()
            day, now = self._today(now), asked.asked_at if asked else now
            key = _key(day, caller)
            if self._is_too_soon(day, key, now):
                return None
            day.wrong[key].append(now)
            day.wrong_by_hour[now.hour] += 1
        if self._is_too_soon_for_all(caller, now, asked.answer if asked else None):
            self._take_back_here(caller, now)
            return None
        return now

    def _ask_soon(self, caller: Msisdn) -> None:
        """Ask Valkey to count a try, which a thread looks up. One that comes too soon here is counted nowhere."""
        with self.lock:
            now = self.now()
            day = self._today(now)
            if self.shared is None or self._is_too_soon(day, _key(day, caller), now):
                return
        answer = self.shared.try_code_soon(caller, self._limit(), now)
        if answer:
            note_done(Asked(now, answer))

    def take_back(self, caller: Msisdn, tried: datetime) -> None:
        """Count a try no longer: its code was right, or could not be looked up."""
        self._take_back_here(caller, tried)
        if self.shared:
            self._hear(self.shared.take_back(caller, tried), tried)

    def _take_back_here(self, caller: Msisdn, tried: datetime) -> None:
        with self.lock:
            day = self._today(self.now())
            wrong = day.wrong[_key(day, caller)]
            if tried in wrong:
                wrong.remove(tried)
                day.wrong_by_hour[tried.hour] -= 1

    def alarm_is_due(self) -> bool:
        """Whether there were too many wrong codes in this hour. True once an hour."""
        with self.lock:
            now = self.now()
            day, hour = self._today(now), now.hour
            due = self._are_too_many(day, hour) and hour not in day.alarmed
            if due:
                day.alarmed.add(hour)
            return due

    def _limit(self) -> Limit:
        return Limit(self.config.wrong_codes_a_day, self.config.wrong_codes_an_hour, PACE)

    def _is_too_soon_for_all(self, caller: Msisdn, now: datetime, before: Answer | None) -> bool:
        """Count a try for all public processes, too. Return whether it comes too soon, as far as Valkey can say."""
        counted = self.shared.try_code(caller, self._limit(), now, before) if self.shared else None
        if counted is None:
            return False
        admitted, total = counted
        self._hear(total, now)
        return not admitted

    def _hear(self, total: int | None, at: datetime) -> None:
        """Remember the total of an hour, if Valkey told it."""
        with self.lock:
            if total is not None and self.day.on == at.date():
                self.day.shared_by_hour[at.hour] = total

    def _is_too_soon(self, day: _Day, key: bytes, now: datetime) -> bool:
        wrong = day.wrong[key]
        guesses = len(wrong) >= self.config.wrong_codes_a_day and key != WITHHELD
        slow = guesses or self._are_too_many(day, now.hour)
        return slow and bool(wrong) and timedelta() <= now - wrong[-1] < PACE

    def _are_too_many(self, day: _Day, hour: int) -> bool:
        return max(day.wrong_by_hour[hour], day.shared_by_hour.get(hour, 0)) > self.config.wrong_codes_an_hour

    def _today(self, now: datetime) -> _Day:
        today = now.date()
        if self.day.on != today:
            self.day.on, self.day.key = today, secrets.token_bytes(32)
            self.day.wrong.clear()
            self.day.wrong_by_hour.clear()
            self.day.shared_by_hour.clear()
            self.day.alarmed.clear()
            self.day.blocked.clear()
        return self.day


def _key(day: _Day, caller: Msisdn) -> bytes:
    if is_withheld(caller):
        return WITHHELD
    return hashlib.blake2b(caller.reveal().encode(), key=day.key, digest_size=16).digest()
