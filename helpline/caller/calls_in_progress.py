"""The USSD calls in progress of gateways that send only the last key, or whose ids of calls cannot be trusted.

Such a gateway's id may have 16 bits, be used again, or be missing. So Komek makes the session id itself at the dial,
128 random bits; the gateway's id and the caller's number only find the call while it lasts. Two telephones with one
id are two calls. Where both are missing, nothing is kept: each hop shows the first screen.

The keys so far are in Valkey for ten minutes after the last hop, an hour at most (R34). The key that seals them and the
key of the hash that finds them come from the words key and a random half, which is made each day and is in Valkey only.
So neither a copy of Valkey nor the words key alone opens anything.
"""

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock

from nacl.exceptions import CryptoError
from nacl.secret import Aead
from redis import Redis

from helpline.caller.day_store import DAY_SECONDS, DayStore, ValkeyUnavailable, random_half
from helpline.caller.quick_line import Answer
from helpline.core.phone_numbers import is_withheld
from helpline.core.ports import HungUp, Press
from helpline.core.waiting import Asks, WouldWait, done_before, must_not_wait, note_done
from helpline.keys.sealing import Words

MOST_KEYS, MOST_BYTES = 60, 400
LASTS_SECONDS = 600
LONGEST_SECONDS = 3600
REPEAT_SECONDS = 2
"""The same key again within this time is the gateway's repeat, if its hops have no ids."""
TRIES = 5
MOST_SEEN = 4096
IF_UNCHANGED = """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
local held = redis.call('GET', KEYS[1]) or ''
if held ~= ARGV[2] then return held end
redis.call('SET', KEYS[1], ARGV[3], 'EX', ARGV[4])
return 1
"""
"""Store a call if it is as expected, and return 1. If it is not, return it as it is. 0: the half of today is another.

A hop is one question to Valkey, because a process expects what it has seen of the call before. Only Valkey's answer
counts. It may be asked twice: then the second answer is the call as the first one stored it, sealed as in the question.
"""
OTHER_HALF, STORED = 0, 1


@dataclass(frozen=True, slots=True)
class Progress:
    """A call in progress."""

    session: str
    """Our own id of the call."""
    began: float
    at: float
    """When the last key came."""
    keys: tuple[str, ...] = field(default=(), repr=False)
    hops: Mapping[str, int] = field(default_factory=dict, repr=False)
    """The gateway's ids of the hops so far, each with the number of keys by then."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a hop amounts to: a session of our own, and the keys since its dial."""

    session: str
    keys: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """What Valkey is asked for a hop, and what the hop amounts to if the answer is yes."""

    words: tuple[bytes | str | int, ...] = field(repr=False)
    name: bytes = field(repr=False)
    """The call's name in Valkey."""
    sealed: bytes = field(repr=False)
    pressed: Pressed
    answer: Answer | None = field(default=None, repr=False)
    """The answer, if the loop of a web has asked."""


def begin(press: Press, now: float) -> Progress:
    """Return a new call. Keys before it do not count: nobody saw its dial, so the first screen is shown."""
    keys = press.so_far or ()
    return Progress(secrets.token_hex(16), now, now, keys, {press.hop: len(keys)} if press.hop else {})


def advance(held: Progress | None, press: Press, now: float) -> tuple[Progress, tuple[str, ...]]:
    """Return the call with this hop in it, and the keys that the hop has seen. A repeat changes nothing."""
    if held is None or now - held.began >= LONGEST_SECONDS:
        return _fresh(press, now)
    known, soon = press.hop in held.hops, not press.hop and now - held.at < REPEAT_SECONDS
    if press.key is None:  # nothing of before may be shown to a new caller, even if ids are used again (R27)
        return (held, held.keys) if (known or soon) and not held.keys else _fresh(press, now)
    if known:
        return held, held.keys[: held.hops[press.hop]]
    if press.so_far is not None:
        keys = press.so_far
    elif soon and held.keys[-1:] == (press.key,):
        return held, held.keys
    else:
        keys = (*held.keys, press.key)
    if len(keys) > MOST_KEYS or len("*".join(keys).encode(errors="replace")) >= MOST_BYTES:
        return _fresh(replace(press, key=None, so_far=None), now)
    hops = {**held.hops, press.hop: len(keys)} if press.hop else held.hops
    return Progress(held.session, held.began, now, keys, hops), keys


def _fresh(press: Press, now: float) -> tuple[Progress, tuple[str, ...]]:
    made = begin(press, now)
    return made, made.keys


@dataclass(slots=True)
class CallsInProgress:
    """Finds a call by what its gateway says, and adds keys to it. It opens nothing before it is first used."""

    words: Words = field(repr=False)
    store: DayStore = field(repr=False)
    now: Callable[[], float] = time.time
    _half: tuple[int, bytes] = field(default=(0, b""), init=False, repr=False)
    _of_half: tuple[bytes, bytes, Aead | None] = field(default=(b"", b"", None), init=False, repr=False)
    """The last half that keys were made of, with the key that finds calls and what seals them."""
    _seen: dict[bytes, tuple[float, bytes]] = field(default_factory=dict, init=False, repr=False)
    """Sealed calls as this process saw them last, and when: the newest at the end, none for longer than in Valkey."""
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def press(self, channel: str, press: Press) -> Pressed:
        """Add a hop to its call. Without Valkey a dial begins a call all the same; a later key raises an error.

        Where nobody may wait, raise `Asks`, or `WouldWait` if Valkey did not answer then. No later try adds the hop
        again: it asks the same question, whose answer says whether the first has been heard.
        """
        if _is_nobodys(press):
            return Pressed(secrets.token_hex(16), press.so_far or ())
        now, before = self.now(), done_before()
        if isinstance(before, Pressed):
            return before
        if must_not_wait():
            return self._press_at_once(channel, press, now, before)
        asked = before if isinstance(before, Question) else None
        try:
            return self.store.reached(lambda redis: self._press(redis, channel, press, now, asked))
        except ValkeyUnavailable:
            if press.key is not None:
                raise
            return Pressed(secrets.token_hex(16), ())

    def end(self, channel: str, hung_up: HungUp) -> Pressed | None:
        """Forget a call that has ended. Return it, if it is known."""
        now = self.now()

        def taken(redis: Redis) -> Pressed | None:
            for day in _days(now):
                name, box = self._keys(self._half_of(redis, day), channel, hung_up)
                self._remember(name, b"")
                held = _opened(redis.getdel(name), name, box)
                if held:
                    return Pressed(held.session, held.keys)
            return None

        return self.store.reached(taken)

    def _press(self, redis: Redis, channel: str, press: Press, now: float, asked: Question | None) -> Pressed:
        """Add a hop, beginning with a question that may have been `asked` before."""
        today = _days(now)[0]
        for _ in range(TRIES):
            half = self._half_of(redis, today)
            of_before = self._of_yesterday(redis, channel, press, now)
            question, asked = asked or self._question(half, channel, press, now, of_before), None
            if pressed := self._take(question, self.store.ask(redis, *question.words)):
                return pressed
        raise ValkeyUnavailable  # the same call is changed all the time: nobody presses keys so fast

    def _press_at_once(self, channel: str, press: Press, now: float, before: object) -> Pressed:
        """Add a hop if it needs one answer of Valkey only: to the question `before`, or to one that is put now."""
        if isinstance(before, Question):
            found = before.answer.found if before.answer else None
            if found is None:
                note_done(before)
                raise WouldWait
            if pressed := self._take(before, found):
                note_done(pressed)
                return pressed
        question = self._expecting(channel, press, now)
        answer = self.store.ask_soon(question.words) if question else None
        if question is None or answer is None:
            raise WouldWait
        note_done(replace(question, answer=answer))
        raise Asks

    def _expecting(self, channel: str, press: Press, now: float) -> Question | None:
        """Return the question of a hop, if nothing else must be known: the half of today, and no call of yesterday."""
        (today, *yesterday), (known, half) = _days(now), self._half
        return None if yesterday or known != today else self._question(half, channel, press, now)

    def _question(
        self, half: bytes, channel: str, press: Press, now: float, of_before: Progress | None = None
    ) -> Question:
        """Return what is asked to add a hop to its call, as this process saw it last, or to a call `of_before`."""
        name, box = self._keys(half, channel, press)
        raw = self._seen.get(name, (0.0, b""))[1]
        held = _opened(raw, name, box) or of_before
        made, keys = advance(held, press, now)
        sealed = raw if made is held and raw else _sealed(made, name, box)
        lasts = max(1, min(LASTS_SECONDS, int(made.began + LONGEST_SECONDS - now)))
        words = ("EVAL", IF_UNCHANGED, 2, name, f"calls:{_days(now)[0]}", half, raw, sealed, lasts)
        return Question(words, name, sealed, Pressed(made.session, keys))

    def _take(self, question: Question, found: object) -> Pressed | None:
        """Return what a hop amounts to after Valkey's answer, or None if Valkey stored nothing and must be asked again.

        Then the call is not as this process expected it (now it remembers how it is), or today's half is another one.
        """
        if found == OTHER_HALF:  # Valkey may have been emptied since: then another process has made another half
            self._half = (0, b"")
            return None
        self._remember(question.name, question.sealed if found == STORED else found)
        return question.pressed if found in (STORED, question.sealed) else None

    def _remember(self, name: bytes, raw: object) -> None:
        """Expect a call to be as it was seen. Forget the oldest ones: they cost a question more."""
        with self._lock:
            self._seen.pop(name, None)
            if isinstance(raw, bytes) and raw:
                self._seen[name] = self.now(), raw
            while self._seen:
                oldest = next(iter(self._seen))
                if len(self._seen) <= MOST_SEEN and self._seen[oldest][0] > self.now() - LASTS_SECONDS:
                    break
                del self._seen[oldest]

    def _of_yesterday(self, redis: Redis, channel: str, press: Press, now: float) -> Progress | None:
        """Return a call that began before midnight."""
        for day in _days(now)[1:]:
            name, box = self._keys(self._half_of(redis, day), channel, press)
            return _opened(redis.get(name), name, box)
        return None

    def _keys(self, half: bytes, channel: str, of: Press | HungUp) -> tuple[bytes, Aead]:
        """Return the name of a call in Valkey, and what seals it."""
        known, find, box = self._of_half
        if known != half or box is None:
            find, seal = self.words.calls_of_day(half)
            box = Aead(seal)
            self._of_half = half, find, box
        who = f"{channel}\n{of.call}\n{of.caller.reveal()}".encode(errors="replace")
        return b"call:" + hashlib.blake2b(who, key=find, digest_size=16).hexdigest().encode(), box

    def _half_of(self, redis: Redis, day: int) -> bytes:
        known, half = self._half
        if known == day:
            return half
        stored = random_half(redis, f"calls:{day}", 2 * DAY_SECONDS)
        with self._lock:
            if day >= known:
                self._half = (day, stored)
        return stored


def _is_nobodys(press: Press) -> bool:
    """Whether nothing tells the call of a hop from others: the number is withheld, and there is no id beside it.

    Such calls would be one, and each caller would see what the others press (R27). So each hop is a call of its own.
    """
    return press.call in ("", press.caller.reveal()) and is_withheld(press.caller)


def _days(now: float) -> tuple[int, ...]:
    """Return today, and yesterday as long as a call of yesterday can last."""
    day, second = divmod(int(now), DAY_SECONDS)
    return (day, day - 1) if second < LASTS_SECONDS else (day,)


def _sealed(call: Progress, name: bytes, box: Aead) -> bytes:
    told = [call.session, call.began, call.at, call.keys, call.hops]
    return bytes(box.encrypt(json.dumps(told).encode(), name))


def _opened(raw: object, name: bytes, box: Aead) -> Progress | None:
    """Open a call. What cannot be opened is no call of ours: then the first screen is shown."""
    if not isinstance(raw, bytes) or not raw:
        return None
    try:
        session, began, at, keys, hops = json.loads(box.decrypt(raw, name).decode())
    except (CryptoError, ValueError):
        return None
    return Progress(session, began, at, tuple(keys), hops)
