"""Counts of wrong codes that all public processes share, so that two of them do not admit twice as many (R49).

They are in Valkey. A telephone is counted under a hash whose key lasts a day (`day_store`); after midnight UTC nothing
of it is left. Without Valkey each process counts on its own (`limits`): then some guesses more are looked up, and no
caller is refused.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from redis import Redis

from helpline.caller.day_store import DayStore, ValkeyUnavailable, random_half
from helpline.caller.quick_line import Answer, Word
from helpline.core.clock import micros
from helpline.core.phone_numbers import Msisdn, is_withheld
from helpline.keys.sealing import Words

WITHHELD = b"withheld"
"""Stands for all telephones that withhold their number."""
SAME_HALF = "if redis.call('GET', KEYS[3]) ~= ARGV[2] then return false end"
"""Each step begins so. If Valkey was emptied, all processes go on with the same new half."""
COUNT = f"""{SAME_HALF}
local wrong, last = redis.call('LLEN', KEYS[1]), tonumber(redis.call('LINDEX', KEYS[1], -1) or '')
local total = tonumber(redis.call('GET', KEYS[2]) or '0')
local now, slow = tonumber(ARGV[1]), wrong >= tonumber(ARGV[3]) or total > tonumber(ARGV[4])
if ARGV[7] == '1' and redis.call('LPOS', KEYS[1], ARGV[1]) then return {{1, total}} end
if slow and last and now >= last and now - last < tonumber(ARGV[5]) then return {{0, total}} end
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[6])
total = redis.call('INCR', KEYS[2])
redis.call('EXPIRE', KEYS[2], ARGV[6])
return {{1, total}}
"""
"""One step, so that many calls at once are no way around the limit. It decides as `limits` does.

`ARGV[7]` is 1 if the same try was asked before without an answer in time. It counts once.
"""
TAKE_BACK = f"""{SAME_HALF}
if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 1 then return redis.call('DECR', KEYS[2]) end
return tonumber(redis.call('GET', KEYS[2]) or '0')
"""
NO_LIMIT = 2**53
TRIES = 3


@dataclass(frozen=True, slots=True)
class Limit:
    """When another code of a telephone comes too soon."""

    a_day: int
    """Wrong codes of one telephone."""
    an_hour: int
    """Wrong codes of all telephones."""
    pace: timedelta


@dataclass(frozen=True, slots=True)
class SharedCounts:
    """The wrong codes of today: of each telephone, and of all in an hour."""

    words: Words = field(repr=False)
    store: DayStore = field(repr=False)
    halves: dict[str, bytes] = field(default_factory=dict, repr=False)
    """The random half of today's key, as this process has seen it."""

    def try_code(
        self, caller: Msisdn, limit: Limit, now: datetime, before: Answer | None = None
    ) -> tuple[bool, int] | None:
        """Count a wrong code, unless it comes too soon. Return whether it counts, and the total of this hour.

        `before`: the loop of a web has asked Valkey to count this try. If there is no answer, it may have done so.

        Return None without Valkey.
        """
        counted: Any = before.found if before else None
        if counted is None:
            counted = self._asked(COUNT, caller, now, *_of_limit(caller, limit, now), asked_before=before is not None)
        return None if counted is None else (bool(counted[0]), int(counted[1]))

    def try_code_soon(self, caller: Msisdn, limit: Limit, now: datetime) -> Answer | None:
        """Ask Valkey the same where nobody may wait. Return the answer-to-be, or None if Valkey is not asked."""
        half = self.halves.get(_day(now))
        words = self._words(half, COUNT, caller, now, *_of_limit(caller, limit, now)) if half else None
        return self.store.ask_soon(words) if words else None

    def take_back(self, caller: Msisdn, tried: datetime) -> int | None:
        """Count a try no longer. Return the total of its hour, or None without Valkey."""
        total = self._asked(TAKE_BACK, caller, tried)
        return None if total is None else int(total)

    def _asked(self, script: str, caller: Msisdn, at: datetime, *more: int, asked_before: bool = False) -> Any:
        """Take one step in Valkey, and return its answer, or None without Valkey.

        It is one question, as long as the half of today's key is as this process has seen it.
        """
        day = _day(at)

        def asked(redis: Redis) -> Any:
            for _ in range(TRIES):
                half = self.halves.get(day) or random_half(redis, day, _seconds_left(at))
                first, again = (
                    self._words(half, script, caller, at, *more, again=each) for each in (asked_before, True)
                )
                answer = self.store.ask(redis, *first, again=again)
                self.halves.clear()
                if answer is not None:
                    self.halves[day] = half
                    return answer
            raise ValueError("Valkey is emptied all the time")

        with suppress(ValkeyUnavailable):
            return self.store.reached(asked)
        return None

    def _words(
        self, half: bytes, script: str, caller: Msisdn, at: datetime, *more: int, again: bool = False
    ) -> tuple[Word, ...]:
        """Return a question: about the count of a telephone, and about that of all in the same hour."""
        day, who = _day(at), WITHHELD if is_withheld(caller) else caller.reveal().encode()
        phone = f"{day}:{hashlib.blake2b(who, key=self.words.codes_of_day(half), digest_size=16).hexdigest()}"
        return "EVAL", script, 3, phone, f"{day}:total:{at.hour}", day, micros(at), half, *more, int(again)


def _of_limit(caller: Msisdn, limit: Limit, now: datetime) -> tuple[int, ...]:
    """Return the values of `COUNT`."""
    a_day = NO_LIMIT if is_withheld(caller) else limit.a_day
    return a_day, limit.an_hour, limit.pace // timedelta(microseconds=1), _seconds_left(now)


def _day(at: datetime) -> str:
    """Return the name of a day in Valkey."""
    return f"codes:{at.date()}"


def _seconds_left(at: datetime) -> int:
    """Return the seconds until midnight UTC, at least one."""
    midnight = datetime.combine(at.date(), time(), UTC) + timedelta(days=1)
    return max(1, int((midnight - at).total_seconds()))
