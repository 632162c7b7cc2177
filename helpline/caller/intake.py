"""Saving a request: as soon as a time is chosen, then enriched by each answer (rules.md, "Written down early").

It seals and inserts; it can read no number, not even one it has just stored. Each function is one short transaction and
may raise `store.engine.Unavailable`; `hop` decides what the caller is then told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from helpline.caller import request_columns
from helpline.caller.caller_context import CallerContext
from helpline.caller.request_columns import NumberToCall
from helpline.core.call_windows import FROM_NOW, NOW, ONCE, Span, lacks_hour
from helpline.core.phone_numbers import Msisdn
from helpline.matching import candidates, next_step
from helpline.matching.criteria import Criteria
from helpline.matching.ranking import promise
from helpline.referral import ending
from helpline.request import offers, requests, sealed_numbers, tombstones
from helpline.request.model import OVER, CallbackRequest, Consent, State, queue_for
from helpline.request.offers import OfferState
from helpline.request.requests import Stored
from helpline.store import outbox
from helpline.store.engine import Tx
from helpline.store.sql import new_id
from menus.draft import Draft
from menus.salt import marks

UNCLAIMED = frozenset({State.WAITING, State.OFFERED, State.STRANDED})
"""The states in which the number can be changed, because no service may have it."""
PROMISED = UNCLAIMED | {State.CLAIMED}
"""The states in which a call may come, so that a time for it can be promised."""
MOST_DRAWS = 100


class OutOfDraws(Exception):
    """A hundred codes were all taken: something is broken, and nothing may be shown as stored."""


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation in which a request is stored."""

    channel: str
    id: str
    caller: Msisdn
    keys: int
    """How many keys were pressed so far."""
    last: bool
    """Whether its last screen was reached."""
    short_form: bool = False
    """Whether consent was given in the short form of SMS (R28)."""
    zones: tuple[str, ...] = ()
    """The time zones of the foreign country that `caller` calls from; empty at home (R3)."""
    same_questions: bool = False
    """Whether all its questions are known to be of one version, whatever else of the content an update changed."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A request is stored."""

    id: str
    draws: int
    """Which draw of code and words is the caller's."""
    promise: Span | None = None
    """What the END screen may promise."""
    number_changed: bool | None = None
    """Whether the other number that the caller named will be called. None if they named none."""
    zone: str = ""
    """The time zone in which a promise is told; empty if it is not known."""
    lacks_hour: bool = False
    """Whether nobody may call until the caller says what their clock shows (R3)."""
    one_day: bool = False
    """Whether they can be called on one day only."""


@dataclass(frozen=True, slots=True)
class NotSaved:
    """Nothing was stored: a late copy after an erasure, or the content has changed during the call."""


def save(ctx: CallerContext, session: Session, draft: Draft) -> Saved | NotSaved:
    """Store the draft, or what is new in it. A repeated or late copy changes nothing."""
    return ctx.hops.write(ctx.db, lambda tx: save_in(ctx, tx, session, draft))


def save_in(ctx: CallerContext, tx: Tx, session: Session, draft: Draft) -> Saved | NotSaved:
    """Store the draft in a transaction that is already open.

    A caller who asks for somebody close after their own request, or the other way round, sees both consent screens
    again. Until they choose a time there, the request stays the one that they agreed to (R25, R28).
    """
    if draft.agreed_kind and draft.kind != draft.agreed_kind:
        draft = replace(draft, kind=draft.agreed_kind, risk=draft.agreed_risk)
    hashed = ctx.words.session(session.channel, session.id)
    stored = requests.of_session(tx, hashed)
    if stored is None:
        return NotSaved() if tombstones.was_erased(tx, hashed) else _add(ctx, tx, session, draft, hashed)
    is_other = stored.content != ctx.book.digest and not session.same_questions
    if is_other or stored.request.state in OVER:
        return NotSaved()
    return _enrich(ctx, tx, session, draft, stored)


def as_saved(ctx: CallerContext, session: Session, draft: Draft, stored: Stored) -> Saved:
    """Return what a repeated hop is told: the same as the hop that was stored. It needs no transaction."""
    request = stored.request
    to_call = _number_to_call(ctx, session, draft, request.other)
    changed = to_call.is_another and to_call.mark == request.other
    return Saved(
        request.id, stored.draws, request.promised, changed, request.zone, lacks_hour(request.window, request.zone),
        request.hours.once,
    )  # fmt: skip


def take_back(ctx: CallerContext, channel: str, session: str, keys: int, no_at: int | None) -> bool:
    """Withdraw the request that this call has stored, if any: the caller took the consent back (R33).

    `no_at` is the number of keys before their last *no* on a consent screen that was really shown. If the content has
    changed since the request was stored, only such a *no* after it counts. Other keys may have meant something else on
    the screens of before: then nothing changes, and this returns False. A withdrawal that nobody asked for would cost
    the caller the help, so they are shown instead that the request is still stored.
    """
    hashed = ctx.words.session(channel, session)
    with ctx.db.read() as tx:
        if requests.of_session(tx, hashed, held=False) is None:
            return True
    with ctx.db.write() as tx:
        stored = requests.of_session(tx, hashed)
        if stored is None or stored.keys_seen >= keys or stored.request.state in OVER:
            return True
        if stored.content != ctx.book.digest and (no_at is None or no_at < stored.keys_seen):
            return False
        requests.enrich(tx, stored.request.id, keys, {})
        ending.withdraw(tx, stored.request)
        return True


def _add(ctx: CallerContext, tx: Tx, session: Session, draft: Draft, hashed: str) -> Saved | NotSaved:
    days, short = ctx.config.consent_days, session.short_form
    consent = Consent.now(ctx.book.digest, draft.language, tx.now, days, short_form=short)
    due = next_step.attend_at(ctx.config, draft.risk, tx.now, tx.now, ended=session.last)
    id, to_call = new_id(), _number_to_call(ctx, session, draft, None)
    row: dict[str, Any] = {
        "id": id, "session": hashed, "keys_seen": session.keys, "state": State.WAITING.value, "due": due,
        "created": tx.now, "since": tx.now, "updated": tx.now, "expires": consent.expires,
        "content": consent.version, "short_form": consent.short_form, "felt": "", "reveals": 0,
        **request_columns.columns(draft, to_call, session.zones, ctx.country, None, tx.now, short_form=short),
    }  # fmt: skip
    draws = _insert(ctx, tx, session, row)
    if draws is None:  # another copy of this hop was stored at the same instant
        return save_in(ctx, tx, session, draft)
    sealed_numbers.put(tx, id, ctx.sealing.seal(id, to_call.number))
    outbox.wake(tx, "attend", id, due, queue_for(draft.risk, row["kind"]))  # which also plans the end of the consent
    request = requests.get(tx, id) if session.last else None
    span = _promise(ctx, tx, request) if request else None
    unknown, one_day = lacks_hour(row["window"], row["zone"]), row["days"].startswith(ONCE)
    return Saved(id, draws, span, to_call.is_another, row["zone"], unknown, one_day)


def _insert(ctx: CallerContext, tx: Tx, session: Session, row: dict[str, Any]) -> int | None:
    """Insert a request with a code and word that no other has (R6). Return its draw; None if its session has one."""
    salt = ctx.words.salt(session.channel, session.id)
    for draws in range(MOST_DRAWS):
        mark = marks(salt, draws)
        code = ctx.words.code(mark.code, mark.word)
        if requests.add(tx, row | {"draws": draws, "word": mark.word, "ours": mark.our_word, "code_mac": code}):
            return draws
        if requests.of_session(tx, row["session"]):
            return None
    raise OutOfDraws


def _enrich(ctx: CallerContext, tx: Tx, session: Session, draft: Draft, stored: Stored) -> Saved:
    """Store what is new. A late copy changes nothing."""
    if session.keys <= stored.keys_seen:
        return as_saved(ctx, session, draft, stored)
    request = stored.request
    if request.risk == NOW and draft.window in FROM_NOW:
        draft = replace(draft, risk=NOW)  # *Call me* was pressed again, and no other time was chosen yet (R1)
    to_call = _number_to_call(ctx, session, draft, request.other)
    if to_call.mark != request.other:
        if not _change_number(ctx, tx, request, to_call.number):
            to_call = NumberToCall(to_call.number, request.other, to_call.confirmed)
        request = requests.get(tx, request.id) or request
    new = request_columns.columns(
        draft, to_call, session.zones, ctx.country, stored.request, tx.now, short_form=request.short_form
    )
    due = next_step.attend_at(ctx.config, draft.risk, request.created, tx.now, ended=session.last)
    waits = {"due": due} if request.state is State.WAITING else {}
    if request.narrowed_at == request.since:  # a service has left out hours, which the caller has chosen in this call
        waits |= {"since": request.created}
    requests.enrich(tx, request.id, session.keys, {**new, **waits, "updated": tx.now})
    _react(tx, request, new, due)
    promised = request.promised
    if session.last and request.state in PROMISED:
        promised = _promise(ctx, tx, replace(request, **new))
    unknown, one_day = lacks_hour(new["window"], new["zone"]), new["days"].startswith(ONCE)
    return Saved(request.id, stored.draws, promised, to_call.is_another, new["zone"], unknown, one_day)


def _number_to_call(ctx: CallerContext, session: Session, draft: Draft, stored: str | None) -> NumberToCall:
    typed = request_columns.typed_number(draft, ctx.country, ctx.made_up)
    salt = ctx.words.salt(session.channel, session.id) if typed else b""
    return request_columns.number_to_call(draft, session.caller, typed, stored, salt)


def _change_number(ctx: CallerContext, tx: Tx, request: CallbackRequest, number: Msisdn) -> bool:
    """Store another number to call, and take an open offer back. Return False if a service may have the old one."""
    if request.state not in UNCLAIMED:
        return False
    for offer in offers.live_of_request(tx, request.id):
        if offer.state is not OfferState.OPEN or not ending.take_back(tx, offer):
            return False
        requests.move(tx, request.id, State.OFFERED, State.WAITING, due=tx.now)
    sealed_numbers.replace(tx, request.id, ctx.sealing.seal(request.id, number))
    return True


def _react(tx: Tx, request: CallbackRequest, new: Mapping[str, object], due: datetime) -> None:
    """Wake the work on a request, or inform the service that holds it, because of new answers (R23, R44).

    `request` is as it was before them, `new` are its columns now. A request that waits is attended to at `due`.
    """
    changed = {name for name, value in new.items() if getattr(request, name) != value}
    queue = queue_for(str(new.get("risk", request.risk)), request.kind)
    match request.state:
        case State.WAITING:
            outbox.wake(tx, "attend", request.id, due, queue)
        case State.OFFERED:
            outbox.wake(tx, "attend", request.id, tx.now, queue)
        case State.STRANDED if changed:
            ending.resume(tx, request, due)
        case State.CLAIMED | State.REACHED | State.FOLLOWING if changed:
            ending.tell_holder(tx, request, changed, queue)
            if request.state is State.CLAIMED and new.get("risk", "") == NOW != request.risk:
                outbox.wake(tx, "attend", request.id, tx.now, queue)  # coordinators do not know of the danger yet


def _promise(ctx: CallerContext, tx: Tx, request: CallbackRequest) -> Span | None:
    """Return what the END screen may promise. Store it, so that the card says the same (R39)."""
    services = candidates.candidates(tx, ctx.country, request)
    span = promise(services, Criteria(request, ctx.country, tx.now, ctx.config.fresh_days))
    requests.save_promise(tx, request.id, tx.now, span.start if span else None, span.end if span else None)
    return span
