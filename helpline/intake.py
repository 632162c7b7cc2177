"""What a caller does: asks to be called, takes it back, pauses, withdraws, looks. All that the public process writes.

It seals and inserts; it can read no number, not even one it has just written (idea 3). Every method is one short
transaction and may raise `store.database.Unavailable`; what the caller is then told is `talk`'s to decide.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from helpline import ending
from helpline.config import Config
from helpline.consent import Consent
from helpline.contact import Span
from helpline.directory import Country, promise
from helpline.numbers import Hidden, Msisdn
from helpline.ports import Bell
from helpline.request import OVER, CallbackRequest, Outcome, State
from helpline.store import directory, inbox, numbers, outbox, requests, talks
from helpline.store.database import Database
from helpline.vault import Sealing, Words
from menus.draft import PERMISSIONS, Draft
from menus.salt import marks

TALK_TIME = timedelta(minutes=45)
"""USSD state is kept at most an hour (R34): this, and the time until the next sweep."""
MOST_DRAWS = 100
RINGING = frozenset({State.WAITING, State.OFFERED, State.CLAIMED, State.STRANDED})
"""Only of a request that may ring is an hour promised."""


class OutOfDraws(Exception):
    """A hundred codes were all taken: something is broken, and nothing may be shown as written down."""


@dataclass(frozen=True, slots=True)
class Call:
    """One conversation as it is written down: where it comes from and how far it has come."""

    channel: str
    session: str
    caller: Msisdn
    keys: int
    last: bool
    short_form: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A request is on disk. `draws` tells which code and words are hers; `promise` what the END screen may say."""

    id: str
    draws: int
    new: bool
    promise: Span | None = None


@dataclass(frozen=True, slots=True)
class NotKept:
    """Nothing was stored: a late copy after an erasure, or content that has changed under the call."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Writes down what callers want."""

    db: Database
    sealing: Sealing
    words: Words
    country: Country
    content: str
    config: Config
    bell: Bell
    now: Callable[[], datetime]
    new_id: Callable[[], str]

    def shown(self, channel: str, session: str, keys: int) -> int:
        """Note that the first consent screen is being shown; give how many keys had come when it first was (R28)."""
        hashed, now = self.words.session(channel, session), self.now()
        with self.db.read() as tx:
            known = talks.shown(tx, hashed)
        if known is not None:
            return known
        with self.db.write() as tx:
            talks.show(tx, hashed, keys, now + TALK_TIME)
            return talks.shown(tx, hashed) or keys

    def restart(self, channel: str, session: str, keys: int) -> None:
        """Note that home is being shown because nothing could be kept: later keys of this call begin there."""
        with self.db.write() as tx:
            talks.restart(tx, self.words.session(channel, session), keys)

    def restarted(self, channel: str, session: str) -> int | None:
        """Give how many keys had come when home was shown because nothing could be kept."""
        with self.db.read() as tx:
            return talks.restarted(tx, self.words.session(channel, session))

    def keep(self, call: Call, draft: Draft) -> Kept | NotKept:
        """Write the draft down, or what is new in it. Repeated or late, it changes nothing."""
        with self.db.write() as tx:
            kept = self.keep_in(tx, call, draft)
        self.bell.ring()
        return kept

    def keep_in(self, tx: Connection, call: Call, draft: Draft) -> Kept | NotKept:
        """Do `keep` in a transaction that is open already."""
        now, hashed = self.now(), self.words.session(call.channel, call.session)
        stored = requests.of_session(tx, hashed)
        if stored is None:
            return NotKept() if requests.was_erased(tx, hashed) else self._add(tx, call, draft, hashed, now)
        if stored.content != self.content or stored.state in OVER:
            return NotKept()
        told = (stored.ended, stored.promised_from, stored.promised_to)
        if call.keys > stored.keys_seen:
            due = self._due(stored.created, now, call.last)
            answers = self._answers(draft) | ({"due": due} if stored.state is State.WAITING else {})
            requests.enrich(tx, stored.id, call.keys, {**answers, "updated": now})
            told = self._end(tx, stored.id, now) if call.last and stored.state in RINGING else told
            if stored.state in (State.WAITING, State.OFFERED):
                outbox.wake(tx, "attend", stored.id, due if stored.state is State.WAITING else now)
        promised = Span(told[1], told[2]) if told[1] and told[2] else None
        return Kept(stored.id, stored.draws, False, promised)

    def _add(self, tx: Connection, call: Call, draft: Draft, hashed: str, now: datetime) -> Kept | NotKept:
        consent = Consent.now(self.content, draft.language, now, self.config.consent_days, short_form=call.short_form)
        id, due = self.new_id(), self._due(now, now, call.last)
        row: dict[str, Any] = {
            "id": id, "session": hashed, "keys_seen": call.keys, "state": State.WAITING.value, "due": due,
            "created": now, "updated": now, "expires": consent.expires, "content": consent.version,
            "short_form": consent.short_form, "age_band": "not_said", "reveals": 0, **self._answers(draft),
        }  # fmt: skip
        salt = self.words.salt(call.channel, call.session)
        for draws in range(MOST_DRAWS):
            mark = marks(salt, draws)
            drawn = {
                "draws": draws,
                "word": mark.word,
                "ours": mark.ours,
                "code_mac": self.words.code(mark.code, mark.word),
            }
            if requests.add(tx, row | drawn):
                break
            if requests.of_session(tx, hashed):  # its twin came at the same instant
                return self.keep_in(tx, call, draft)
        else:
            raise OutOfDraws
        numbers.put(tx, id, self.sealing.seal(id, call.caller))
        outbox.wake(tx, "attend", id, due)
        outbox.wake(tx, "expire", id, consent.expires)
        told = self._end(tx, id, now) if call.last else (None, None, None)
        return Kept(id, draws, True, Span(told[1], told[2]) if told[1] and told[2] else None)

    def _answers(self, draft: Draft) -> dict[str, Any]:
        said = {name: getattr(draft, name) for name in ("language", "window", "place", "need", *PERMISSIONS)}
        return {**said, "zone": self.country.zone}

    def _due(self, created: datetime, now: datetime, last: bool) -> datetime:
        """When to attend to it: at the END screen, or when no more hops are likely to come."""
        grace = timedelta(seconds=self.config.grace_seconds)
        return now if last else min(now + grace, created + timedelta(seconds=self.config.grace_most_seconds))

    def _end(self, tx: Connection, id: str, now: datetime) -> tuple[datetime, datetime | None, datetime | None]:
        """Compute what the END screen may promise and keep it, so that the card will say the same (R39)."""
        request = requests.get(tx, id)
        services = directory.services(tx, self.country.code)
        span = promise(services, request, self.country, now, self.config.fresh_days) if request else None
        told = (now, span.start if span else None, span.end if span else None)
        requests.promised(tx, id, *told)
        return told

    def take_back(self, channel: str, session: str, keys: int) -> None:
        """Withdraw what this very call wrote, if anything: its consent was taken back (R33)."""
        hashed = self.words.session(channel, session)
        with self.db.write() as tx:
            stored = requests.of_session(tx, hashed)
            if stored is None or stored.keys_seen >= keys:
                return
            requests.enrich(tx, stored.id, keys, {})
            request = requests.get(tx, stored.id)
            if request:
                self._end_for_good(tx, request)
        self.bell.ring()

    def _end_for_good(self, tx: Connection, request: CallbackRequest) -> bool:
        """Close a request and erase its number now, not when a worker comes; a worker scrubs what is left of it."""
        if request.state in OVER or not ending.stop(tx, request, State.CLOSED, self.now(), Outcome.WITHDREW):
            return False
        numbers.drop(tx, request.id)
        return True

    def pause(self, source: str, caller: Msisdn) -> None:
        """Do not ring: have a worker pause every open request of this telephone, once for each `source` (R48)."""
        id, now = self.new_id(), self.now()
        with self.db.write() as tx:
            if inbox.add(tx, id, "stop", source, now, self.sealing.seal(id, caller)):
                outbox.wake(tx, "stop", id, now)
        self.bell.ring()

    def receive(self, gateway_id: str, sender: Msisdn, text: Hidden) -> None:
        """Write a text down sealed, for a worker to read. The same gateway id again changes nothing."""
        id, now = self.new_id(), self.now()
        sealed = self.sealing.seal(id, Hidden(f"{sender.reveal()}\n{text.reveal()}"))
        with self.db.write() as tx:
            if inbox.add(tx, id, "sms", gateway_id, now, sealed):
                outbox.wake(tx, "sms", id, now)
        self.bell.ring()

    def receipt(self, gateway_id: str, status: str) -> None:
        """Write a delivery receipt down, for a worker to match (it may come before our own commit)."""
        id, now = self.new_id(), self.now()
        with self.db.write() as tx:
            if inbox.add(tx, id, "receipt", gateway_id, now, status=status):
                outbox.wake(tx, "receipt", id, now)
        self.bell.ring()

    def status(self, code: str, word: int) -> str:
        """Give the name of what *my request* says to this code and word; `unknown` where they open nothing (R27)."""
        with self.db.read() as tx:
            found = requests.by_code(tx, self.words.code(code, word))
        return status_of(*found) if found else "unknown"

    def withdraw(self, code: str, word: int) -> str:
        """End and erase the request of this code and word (R33); give the name of what to say."""
        with self.db.write() as tx:
            found = requests.by_code(tx, self.words.code(code, word))
            if found is None:
                return "unknown"
            request, outcome = found
            outcome = Outcome.WITHDREW if self._end_for_good(tx, request) else outcome
        self.bell.ring()
        return "withdrawn" if outcome == Outcome.WITHDREW else "closed"


_SAID = {State.REACHED: "claimed", State.FOLLOWING: "claimed", State.EXPIRED: "closed"}


def status_of(request: CallbackRequest, outcome: str | None) -> str:
    """Give the name of the notice that tells her how her request stands."""
    if outcome == Outcome.WITHDREW:
        return "withdrawn"
    return _SAID.get(request.state, request.state.value)
