"""A request is written down, and each later answer makes its row better ("Written down early" in the rules).

It seals and inserts; it can read no number, not even one it has just written (idea 3). Every method is one short
transaction and may raise `store.engine.Unavailable`; what the caller is then told is `hop`'s to decide.

What a later answer means to others: whoever is asked, or holds the request, and whose telephone is to be rung.

A call as it is written down, and what became of it there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpline.caller import answers
from helpline.caller.answers import Told
from helpline.caller.caller_context import CallerContext
from helpline.core.call_windows import Span
from helpline.core.phone_numbers import Msisdn
from helpline.keys.sealing import Sealing
from helpline.matching import candidates, next_step
from helpline.matching.criteria import Wanted
from helpline.matching.ranking import promise
from helpline.referral import ending
from helpline.request import offers, requests, sealed_numbers, tombstones
from helpline.request.model import OVER, CallbackRequest, Consent, State, queue_for
from helpline.request.offers import OfferState
from helpline.request.requests import Stored
from helpline.store import outbox
from helpline.store.engine import Tx
from menus.draft import Draft
from menus.salt import marks

UNCLAIMED = frozenset({State.WAITING, State.OFFERED, State.STRANDED})
"""Only of these can the number be changed: nobody may hold it."""


def wake(tx: Tx, request: CallbackRequest, said: Mapping[str, object], due: datetime) -> None:
    """See to what new answers mean to whoever is being asked, holds the request, or was not found (R23, R44).

    `request`: as it stood before. `said`: its columns now. `due`: when a request that waits is attended to.
    """
    changed = any(getattr(request, name) != value for name, value in said.items())
    queue = queue_for(str(said.get("risk", request.risk)), request.kind)
    match request.state:
        case State.WAITING:
            outbox.wake(tx, "attend", request.id, due, queue)
        case State.OFFERED:
            outbox.wake(tx, "attend", request.id, tx.now, queue)
        case State.STRANDED if changed:
            ending.resume(tx, request, due)
        case State.CLAIMED if changed:
            for offer in ending.claims(tx, request):
                ending.tell_card(tx, offer)


def rings_instead(tx: Tx, request: CallbackRequest, sealing: Sealing, number: Msisdn) -> bool:
    """Have another number rung; false where a service holds the request already. An open offer is taken back."""
    if request.state not in UNCLAIMED:
        return False
    for offer in offers.live_of_request(tx, request.id):
        if offer.state is not OfferState.OPEN or not ending.end_offer(tx, offer, OfferState.VOID):
            return False
        requests.move(tx, request.id, State.OFFERED, State.WAITING, due=tx.now)
    sealed_numbers.replace(tx, request.id, sealing.seal(request.id, number))
    return True


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


MOST_DRAWS = 100
RINGING = frozenset({State.WAITING, State.OFFERED, State.CLAIMED, State.STRANDED})
"""Only of a request that may ring is an hour promised."""


def save(ctx: CallerContext, call: Call, draft: Draft) -> Kept | NotKept:
    """Write the draft down, or what is new in it. Repeated or late, it changes nothing."""
    with ctx.db.write() as tx:
        return save_in(ctx, tx, call, draft)


def save_in(ctx: CallerContext, tx: Tx, call: Call, draft: Draft) -> Kept | NotKept:
    """Do `keep` in a transaction that is open already."""
    hashed = ctx.words.session(call.channel, call.session)
    stored = requests.of_session(tx, hashed)
    if stored is None:
        return NotKept() if tombstones.was_erased(tx, hashed) else _add(ctx, tx, call, draft, hashed)
    if stored.content != ctx.content or stored.request.state in OVER:
        return NotKept()
    return _enrich(ctx, tx, call, draft, stored)


def _enrich(ctx: CallerContext, tx: Tx, call: Call, draft: Draft, stored: Stored) -> Kept:
    """Write what is new; a copy that comes late changes nothing."""
    request, told = stored.request, _number(ctx, call, draft, stored.request.other)
    if call.keys <= stored.keys_seen:
        changed = told.is_another and told.mark == request.other
        return Kept(request.id, stored.draws, False, request.promised, changed, request.zone)
    if told.mark != request.other and not rings_instead(tx, request, ctx.sealing, told.number):
        told = Told(told.number, request.other, told.named)
    short = request.short_form
    said = answers.columns(draft, told, call.zones, ctx.country, request, tx.now, short_form=short)
    due = next_step.attend_at(ctx.config, draft.risk, request.created, tx.now, ended=call.last)
    since = requests.get(tx, request.id) or request
    waits = {"due": due} if since.state is State.WAITING else {}
    requests.enrich(tx, request.id, call.keys, {**said, **waits, "updated": tx.now})
    wake(tx, since, said, due)
    span = _end(ctx, tx, request.id) if call.last and since.state in RINGING else since.promised
    return Kept(request.id, stored.draws, False, span, told.is_another, said["zone"])


def _number(ctx: CallerContext, call: Call, draft: Draft, held: str | None) -> Told:
    typed = answers.typed_number(draft, ctx.country, ctx.made_up)
    return answers.number_told(draft, call.caller, typed, held, ctx.words.salt(call.channel, call.session))


def _add(ctx: CallerContext, tx: Tx, call: Call, draft: Draft, hashed: str) -> Kept | NotKept:
    consent = Consent.now(ctx.content, draft.language, tx.now, ctx.config.consent_days, short_form=call.short_form)
    due = next_step.attend_at(ctx.config, draft.risk, tx.now, tx.now, ended=call.last)
    id, told = ctx.new_id(), _number(ctx, call, draft, None)
    row: dict[str, Any] = {
        "id": id, "session": hashed, "keys_seen": call.keys, "state": State.WAITING.value, "due": due,
        "created": tx.now, "since": tx.now, "updated": tx.now, "expires": consent.expires,
        "content": consent.version,
        "short_form": consent.short_form, "felt": "", "reveals": 0,
        **answers.columns(draft, told, call.zones, ctx.country, None, tx.now, short_form=call.short_form),
    }  # fmt: skip
    draws = _draw(ctx, tx, call, row)
    if draws is None:  # its twin came at the same instant
        return save_in(ctx, tx, call, draft)
    sealed_numbers.put(tx, id, ctx.sealing.seal(id, told.number))
    outbox.wake(tx, "attend", id, due, queue_for(draft.risk, row["kind"]))
    outbox.wake(tx, "expire", id, consent.expires)
    span = _end(ctx, tx, id) if call.last else None
    return Kept(id, draws, True, span, told.is_another, row["zone"])


def _draw(ctx: CallerContext, tx: Tx, call: Call, row: dict[str, Any]) -> int | None:
    """Insert a request with a code and words that nobody else has (R6); None where its session has one already."""
    salt = ctx.words.salt(call.channel, call.session)
    for draws in range(MOST_DRAWS):
        mark = marks(salt, draws)
        code = ctx.words.code(mark.code, mark.word)
        if requests.add(tx, row | {"draws": draws, "word": mark.word, "ours": mark.our_word, "code_mac": code}):
            return draws
        if requests.of_session(tx, row["session"]):
            return None
    raise OutOfDraws


def _end(ctx: CallerContext, tx: Tx, id: str) -> Span | None:
    """Compute what the END screen may promise and keep it, so that the card will say the same (R39)."""
    request = requests.get(tx, id)
    services = candidates.candidates(tx, ctx.country, request) if request else []
    span = promise(services, Wanted(request, ctx.country, tx.now, ctx.config.fresh_days)) if request else None
    requests.promised(tx, id, tx.now, span.start if span else None, span.end if span else None)
    return span


def take_back(ctx: CallerContext, channel: str, session: str, keys: int) -> None:
    """Withdraw what this very call wrote, if anything: its consent was taken back (R33)."""
    hashed = ctx.words.session(channel, session)
    with ctx.db.write() as tx:
        stored = requests.of_session(tx, hashed)
        if stored is None or stored.keys_seen >= keys:
            return
        requests.enrich(tx, stored.request.id, keys, {})
        ending.withdraw(tx, stored.request)
