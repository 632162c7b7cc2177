"""What a caller does: asks to be called, takes it back, pauses, withdraws, looks. All that the public process writes.

It seals and inserts; it can read no number, not even one it has just written (idea 3). Every method is one short
transaction and may raise `store.database.Unavailable`; what the caller is then told is `talk`'s to decide.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from helpline import answers, ending, mine
from helpline.answers import Told
from helpline.config import Config
from helpline.consent import Consent
from helpline.contact import NOW, Span, zone_at
from helpline.directory import Country
from helpline.fit import Wanted
from helpline.matching import nearest_for_health, promise, ranked, shown_by
from helpline.numbers import Hidden, Msisdn
from helpline.ports import Bell
from helpline.request import OVER, CallbackRequest, Outcome, State
from helpline.store import blocks, departures, directory, inbox, numbers, offers, outbox, requests, talks
from helpline.store.blocks import Mark
from helpline.store.database import Database
from helpline.store.offers import OfferState
from helpline.store.requests import Stored
from helpline.vault import Sealing, Words
from menus.draft import Draft
from menus.salt import marks

TALK_TIME = timedelta(minutes=45)
"""USSD state is kept at most an hour (R34): this, and the time until the next sweep."""
MOST_DRAWS = 100
RINGING = frozenset({State.WAITING, State.OFFERED, State.CLAIMED, State.STRANDED})
"""Only of a request that may ring is an hour promised."""
UNCLAIMED = RINGING - {State.CLAIMED}
"""Only of these can the number be changed: nobody may hold it."""


class OutOfDraws(Exception):
    """A hundred codes were all taken: something is broken, and nothing may be shown as written down."""


@dataclass(frozen=True, slots=True)
class Call:
    """One conversation as it is written down: where it comes from and how far it has come.

    `zones`: those of the country of `caller`, if that is another country than ours (R3).
    """

    channel: str
    session: str
    caller: Msisdn
    keys: int
    last: bool
    short_form: bool = False
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A request is on disk. `draws` tells which code and words are hers; `promise` what the END screen may say.

    `number_changed`: whether the other telephone that she has named will be rung, None where she named none. `zone`:
    where she is, by whose clock a promise is told; empty where that is not known.
    """

    id: str
    draws: int
    new: bool
    promise: Span | None = None
    number_changed: bool | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class NotKept:
    """Nothing was stored: a late copy after an erasure, or content that has changed under the call."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Writes down what callers want. `made_up`: how numbers begin that the demo treats as this country's."""

    db: Database
    sealing: Sealing
    words: Words
    country: Country
    content: str
    config: Config
    bell: Bell
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    made_up: str = ""

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

    def blocks(self) -> list[Mark]:
        """Give what numbers are compared with that may be blocked; mostly there is nothing (R49)."""
        with self.db.read() as tx:
            return blocks.marks(tx, self.now())

    def left(self, channel: str, session: str, screen: str) -> None:
        """Count a call that was left on a screen: this month one more, and nothing else of it (R34).

        Not one that wrote a request, whatever its keys say without the number that they came from (R36).
        """
        hashed = self.words.session(channel, session)
        with self.db.read() as tx:
            if requests.of_session(tx, hashed) or requests.was_erased(tx, hashed):
                return
        with self.db.write() as tx:
            departures.count(tx, f"{self.now():%Y-%m}", screen)

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
        if stored.content != self.content or stored.request.state in OVER:
            return NotKept()
        return self._enrich(tx, call, draft, stored, now)

    def _enrich(self, tx: Connection, call: Call, draft: Draft, stored: Stored, now: datetime) -> Kept:
        """Write what is new; a copy that comes late changes nothing."""
        request, told = stored.request, self._number(call, draft, stored.request.other)
        late = call.keys <= stored.keys_seen
        if not late and told.mark != request.other and not self._rings_instead(tx, request, told, now):
            told = Told(told.number, request.other, told.named)
        if late:
            changed = bool(told.mark) and told.mark == request.other if told.named else None
            return Kept(request.id, stored.draws, False, _promised(request), changed, request.zone)
        short = request.short_form
        said = answers.columns(draft, told, call.zones, self.country, request, now, short_form=short)
        due = self._due(request.created, now, call.last, draft.risk)
        since = requests.get(tx, request.id) or request
        waits = {"due": due} if since.state is State.WAITING else {}
        requests.enrich(tx, request.id, call.keys, {**said, **waits, "updated": now})
        self._wake(tx, since, said, due, now)
        span = self._end(tx, request.id, now) if call.last and since.state in RINGING else _promised(since)
        return Kept(request.id, stored.draws, False, span, bool(told.mark) if told.named else None, said["zone"])

    def _wake(
        self, tx: Connection, request: CallbackRequest, said: dict[str, Any], due: datetime, now: datetime
    ) -> None:
        """See to what new answers mean to whoever is being asked, holds the request, or was not found (R23, R44)."""
        changed = any(getattr(request, name) != value for name, value in said.items())
        match request.state:
            case State.WAITING:
                outbox.wake(tx, "attend", request.id, due)
            case State.OFFERED:
                outbox.wake(tx, "attend", request.id, now)
            case State.STRANDED if changed:
                mine.resume(tx, request, due, now)
            case State.CLAIMED if changed:
                for offer in mine.claims(tx, request):
                    ending.tell_card(tx, offer, now)

    def _number(self, call: Call, draft: Draft, held: str | None) -> Told:
        typed = answers.typed_number(draft, self.country, self.made_up)
        return answers.number_told(draft, call.caller, typed, held, self.words.salt(call.channel, call.session))

    def _rings_instead(self, tx: Connection, request: CallbackRequest, told: Told, now: datetime) -> bool:
        """Have another number rung; false where a service holds the request already. An open offer is taken back."""
        if request.state not in UNCLAIMED:
            return False
        for offer in offers.live_of_request(tx, request.id):
            if offer.state is not OfferState.OPEN or not ending.end_offer(tx, offer, OfferState.VOID, now):
                return False
            requests.move(tx, request.id, State.OFFERED, State.WAITING, now, due=now)
        numbers.replace(tx, request.id, self.sealing.seal(request.id, told.number))
        return True

    def _add(self, tx: Connection, call: Call, draft: Draft, hashed: str, now: datetime) -> Kept | NotKept:
        consent = Consent.now(self.content, draft.language, now, self.config.consent_days, short_form=call.short_form)
        id, due, told = self.new_id(), self._due(now, now, call.last, draft.risk), self._number(call, draft, None)
        row: dict[str, Any] = {
            "id": id, "session": hashed, "keys_seen": call.keys, "state": State.WAITING.value, "due": due,
            "created": now, "since": now, "updated": now, "expires": consent.expires, "content": consent.version,
            "short_form": consent.short_form, "felt": "", "reveals": 0,
            **answers.columns(draft, told, call.zones, self.country, None, now, short_form=call.short_form),
        }  # fmt: skip
        draws = self._draw(tx, call, row)
        if draws is None:  # its twin came at the same instant
            return self.keep_in(tx, call, draft)
        numbers.put(tx, id, self.sealing.seal(id, told.number))
        outbox.wake(tx, "attend", id, due)
        outbox.wake(tx, "expire", id, consent.expires)
        span = self._end(tx, id, now) if call.last else None
        return Kept(id, draws, True, span, bool(told.mark) if told.named else None, row["zone"])

    def _draw(self, tx: Connection, call: Call, row: dict[str, Any]) -> int | None:
        """Insert a request with a code and words that nobody else has (R6); None where its session has one already."""
        salt = self.words.salt(call.channel, call.session)
        for draws in range(MOST_DRAWS):
            mark = marks(salt, draws)
            code = self.words.code(mark.code, mark.word)
            if requests.add(tx, row | {"draws": draws, "word": mark.word, "ours": mark.ours, "code_mac": code}):
                return draws
            if requests.of_session(tx, row["session"]):
                return None
        raise OutOfDraws

    def _due(self, created: datetime, now: datetime, last: bool, risk: str) -> datetime:
        """When to attend to it: in danger at once, else at the END screen, or when no more hops are likely to come."""
        if last or risk == NOW:
            return now
        grace, most = timedelta(seconds=self.config.grace_seconds), timedelta(seconds=self.config.grace_most_seconds)
        return min(now + grace, created + most)

    def _end(self, tx: Connection, id: str, now: datetime) -> Span | None:
        """Compute what the END screen may promise and keep it, so that the card will say the same (R39)."""
        request = requests.get(tx, id)
        services = directory.candidates(tx, self.country, request) if request else []
        span = promise(services, self._wanted(request, now)) if request else None
        requests.promised(tx, id, now, span.start if span else None, span.end if span else None)
        return span

    def _wanted(self, request: CallbackRequest, now: datetime) -> Wanted:
        return Wanted(request, self.country, now, self.config.fresh_days)

    def take_back(self, channel: str, session: str, keys: int) -> None:
        """Withdraw what this very call wrote, if anything: its consent was taken back (R33)."""
        hashed = self.words.session(channel, session)
        with self.db.write() as tx:
            stored = requests.of_session(tx, hashed)
            if stored is None or stored.keys_seen >= keys:
                return
            requests.enrich(tx, stored.request.id, keys, {})
            self._end_for_good(tx, stored.request)
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
            if inbox.add(tx, id, "stop", source, _after_all(tx, now), self.sealing.seal(id, caller)):
                outbox.wake(tx, "stop", id, now)
        self.bell.ring()

    def receive(self, gateway_id: str, sender: Msisdn, text: Hidden) -> None:
        """Write a text down sealed, for a worker to read. The same gateway id again changes nothing."""
        id, now = self.new_id(), self.now()
        sealed = self.sealing.seal(id, Hidden(f"{sender.reveal()}\n{text.reveal()}"))
        with self.db.write() as tx:
            if inbox.add(tx, id, "sms", gateway_id, _after_all(tx, now), sealed):
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

        def end(tx: Connection, request: CallbackRequest, outcome: str | None) -> str:
            outcome = Outcome.WITHDREW if self._end_for_good(tx, request) else outcome
            return "withdrawn" if outcome == Outcome.WITHDREW else "closed"

        return self._with_code(code, word, end)

    def change_hour(self, code: str, word: int, window: str, days: str, hour: str = "") -> str:
        """Set other hours; a paused or frozen request goes on (R8, R48). Give the name of what to say.

        `window` and `days`: empty leaves those that she chose. `hour`: what her clock shows, for a request from abroad.
        """
        now = self.now()

        def change(tx: Connection, request: CallbackRequest, outcome: str | None) -> str:
            if request.state in OVER:
                return status_of(request, outcome)
            hours = {"window": window or request.window, "days": days or request.days}
            if hour and request.zone != self.country.zone:
                zones = self.country.abroad.get(request.place, ())
                hours |= {"hour": hour, "zone": zone_at(hour, zones, now)}
            return mine.another_hour(tx, request, hours, now)

        return self._with_code(code, word, change)

    def permit(self, code: str, word: int, draft: Draft) -> str:
        """Set the four permissions of a request as `draft` has them (R4); give the name of what to say."""

        def change(tx: Connection, request: CallbackRequest, outcome: str | None) -> str:
            over = request.state in OVER
            return status_of(request, outcome) if over else mine.permit(tx, request, draft, self.now())

        return self._with_code(code, word, change)

    def felt(self, code: str, word: int, felt: str) -> str:
        """Keep whether the call was all right, of a request that is over too (R46); give the name of what to say."""
        return self._with_code(code, word, lambda tx, request, _: mine.felt(tx, request, felt, self.now()))

    def _with_code(self, code: str, word: int, does: Callable[[Connection, CallbackRequest, str | None], str]) -> str:
        """Do something with the request of a code and word; `unknown` where they open nothing (R27)."""
        with self.db.write() as tx:
            found = requests.by_code(tx, self.words.code(code, word), held=True)
            said = does(tx, *found) if found else "unknown"
        self.bell.ring()
        return said

    def shows(self, about: CallbackRequest | Draft) -> str:
        """Give the name of what her phone will show when one of those rings who may be asked (R10)."""
        now = self.now()
        request = answers.preview(about, self.country, now) if isinstance(about, Draft) else about
        with self.db.read() as tx:
            services = directory.candidates(tx, self.country, request)
        return shown_by(ranked(services, self._wanted(request, now)))

    def clinic(self, place: str, language: str) -> tuple[str, str] | None:
        """Give name and public telephone of the nearest service for health that is open now, if there is one (R15)."""
        with self.db.read() as tx:
            services = directory.for_health(tx, self.country, place)
        found = nearest_for_health(services, place, self.country, self.now(), self.config.fresh_days)
        return (found.name(language), found.public_phone) if found else None


_SAID = {State.FOLLOWING: "reached", State.EXPIRED: "closed"}


def status_of(request: CallbackRequest, outcome: str | None) -> str:
    """Give the name of the notice that tells her how her request stands."""
    if outcome == Outcome.WITHDREW:
        return "withdrawn"
    return _SAID.get(request.state, request.state.value)


def _promised(request: CallbackRequest) -> Span | None:
    """Give what the last END screen promised."""
    return Span(request.promised_from, request.promised_to) if request.promised_from and request.promised_to else None


def _after_all(tx: Connection, now: datetime) -> datetime:
    """Give when something comes in: after every request that is there, though the clock was set back since (R48)."""
    return max(now, requests.newest(tx) or now)
