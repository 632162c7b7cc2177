"""Counts of wrong codes that all public processes share, so that two of them do not admit twice as many (R49).

They are in Valkey. A telephone is counted under a hash whose key lasts a day (`day_store`); after midnight UTC nothing
of it is left. Without Valkey each process counts on its own (`limits`): then some guesses more are looked up, and no
caller is refused.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from redis import Redis

from helpline.caller.day_store import DayStore, ValkeyUnavailable, random_half
from helpline.core.clock import micros
from helpline.core.phone_numbers import Msisdn, is_withheld
from helpline.keys.sealing import Words

WITHHELD = b"withheld"
"""Stands for all telephones that withhold their number."""
COUNT = """
local wrong, last = redis.call('LLEN', KEYS[1]), tonumber(redis.call('LINDEX', KEYS[1], -1) or '')
local total = tonumber(redis.call('GET', KEYS[2]) or '0')
local now, slow = tonumber(ARGV[1]), wrong >= tonumber(ARGV[2]) or total > tonumber(ARGV[3])
if slow and last and now >= last and now - last < tonumber(ARGV[4]) then return {0, total} end
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[5])
total = redis.call('INCR', KEYS[2])
redis.call('EXPIRE', KEYS[2], ARGV[5])
return {1, total}
"""
"""One step, so that many calls at once are no way around the limit. It decides as `limits` does."""
TAKE_BACK = """
if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 1 then return redis.call('DECR', KEYS[2]) end
return tonumber(redis.call('GET', KEYS[2]) or '0')
"""
NO_LIMIT = 2**53


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

    def try_code(self, caller: Msisdn, limit: Limit, now: datetime) -> tuple[bool, int] | None:
        """Count a wrong code, unless it comes too soon. Return whether it counts, and the total of this hour.

        Return None without Valkey.
        """
        a_day = NO_LIMIT if is_withheld(caller) else limit.a_day

        def counted(redis: Redis) -> tuple[bool, int]:
            keys, at = self._keys(redis, caller, now), micros(now)
            pace, lasts = limit.pace // timedelta(microseconds=1), _seconds_left(now)
            admitted, total = redis.eval(COUNT, 2, *keys, at, a_day, limit.an_hour, pace, lasts)
            return bool(admitted), int(total)

        try:
            return self.store.reached(counted)
        except ValkeyUnavailable:
            return None

    def take_back(self, caller: Msisdn, tried: datetime) -> int | None:
        """Count a try no longer. Return the total of its hour, or None without Valkey."""
        try:
            return self.store.reached(
                lambda redis: int(redis.eval(TAKE_BACK, 2, *self._keys(redis, caller, tried), micros(tried)))
            )
        except ValkeyUnavailable:
            return None

    def _keys(self, redis: Redis, caller: Msisdn, at: datetime) -> tuple[str, str]:
        """Return the names of the tries of this telephone, and of the total of this hour.

        The half is asked for each time: if Valkey was emptied, all processes go on with the same new one.
        """
        day = f"codes:{at.date()}"
        key = self.words.codes_of_day(random_half(redis, day, _seconds_left(at)))
        who = WITHHELD if is_withheld(caller) else caller.reveal().encode()
        return f"{day}:{hashlib.blake2b(who, key=key, digest_size=16).hexdigest()}", f"{day}:total:{at.hour}"


def _seconds_left(at: datetime) -> int:
    """Return the seconds until midnight UTC, at least one."""
    midnight = datetime.combine(at.date(), time(), UTC) + timedelta(days=1)
    return max(1, int((midnight - at).total_seconds()))
