"""A request is written down, and each later answer makes its row better ("Written down early" in the rules).

It seals and inserts; it can read no number, not even one it has just written (idea 3). Every method is one short
transaction and may raise `store.database.Unavailable`; what the caller is then told is `talk`'s to decide.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from helpline import answers, ending, enriching, patience
from helpline.answers import Told
from helpline.config import Config
from helpline.consent import Consent
from helpline.contact import Span
from helpline.directory import Country
from helpline.kept import Call, Kept, NotKept, OutOfDraws
from helpline.matching import promise
from helpline.ports import Bell
from helpline.request import OVER, State
from helpline.store import directory, erasure, numbers, outbox, requests
from helpline.store.database import Database
from helpline.store.requests import Stored
from helpline.vault import Sealing, Words
from helpline.wanted import Wanted
from menus.draft import Draft
from menus.salt import marks

MOST_DRAWS = 100
RINGING = frozenset({State.WAITING, State.OFFERED, State.CLAIMED, State.STRANDED})
"""Only of a request that may ring is an hour promised."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Writes down what callers want. `made_up`: how numbers begin that the demo treats as this country's.

    What else the public process writes is done with what it holds: `arriving`, `by_code`, `underway`.
    """

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
            return NotKept() if erasure.was_erased(tx, hashed) else self._add(tx, call, draft, hashed, now)
        if stored.content != self.content or stored.request.state in OVER:
            return NotKept()
        return self._enrich(tx, call, draft, stored, now)

    def _enrich(self, tx: Connection, call: Call, draft: Draft, stored: Stored, now: datetime) -> Kept:
        """Write what is new; a copy that comes late changes nothing."""
        request, told = stored.request, self._number(call, draft, stored.request.other)
        if call.keys <= stored.keys_seen:
            changed = told.is_another and told.mark == request.other
            return Kept(request.id, stored.draws, False, request.promised, changed, request.zone)
        if told.mark != request.other and not enriching.rings_instead(tx, request, self.sealing, told.number, now):
            told = Told(told.number, request.other, told.named)
        short = request.short_form
        said = answers.columns(draft, told, call.zones, self.country, request, now, short_form=short)
        due = patience.attend_at(self.config, draft.risk, request.created, now, ended=call.last)
        since = requests.get(tx, request.id) or request
        waits = {"due": due} if since.state is State.WAITING else {}
        requests.enrich(tx, request.id, call.keys, {**said, **waits, "updated": now})
        enriching.wake(tx, since, said, due, now)
        span = self._end(tx, request.id, now) if call.last and since.state in RINGING else since.promised
        return Kept(request.id, stored.draws, False, span, told.is_another, said["zone"])

    def _number(self, call: Call, draft: Draft, held: str | None) -> Told:
        typed = answers.typed_number(draft, self.country, self.made_up)
        return answers.number_told(draft, call.caller, typed, held, self.words.salt(call.channel, call.session))

    def _add(self, tx: Connection, call: Call, draft: Draft, hashed: str, now: datetime) -> Kept | NotKept:
        consent = Consent.now(self.content, draft.language, now, self.config.consent_days, short_form=call.short_form)
        due = patience.attend_at(self.config, draft.risk, now, now, ended=call.last)
        id, told = self.new_id(), self._number(call, draft, None)
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
        return Kept(id, draws, True, span, told.is_another, row["zone"])

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

    def _end(self, tx: Connection, id: str, now: datetime) -> Span | None:
        """Compute what the END screen may promise and keep it, so that the card will say the same (R39)."""
        request = requests.get(tx, id)
        services = directory.candidates(tx, self.country, request) if request else []
        span = promise(services, Wanted(request, self.country, now, self.config.fresh_days)) if request else None
        requests.promised(tx, id, now, span.start if span else None, span.end if span else None)
        return span

    def take_back(self, channel: str, session: str, keys: int) -> None:
        """Withdraw what this very call wrote, if anything: its consent was taken back (R33)."""
        hashed = self.words.session(channel, session)
        with self.db.write() as tx:
            stored = requests.of_session(tx, hashed)
            if stored is None or stored.keys_seen >= keys:
                return
            requests.enrich(tx, stored.request.id, keys, {})
            ending.withdraw(tx, stored.request, self.now())
        self.bell.ring()
