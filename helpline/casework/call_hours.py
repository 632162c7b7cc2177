"""Change at the console when a caller may be called (R3).

A service may leave out times that the caller chose, whenever it learns that they are bad, and take that back. Times
that the caller did not choose need the caller's word: only a service that has reached the caller may set them. Then
they are the caller's own. What was left out before counts again if the claim ends.
"""

from collections.abc import Collection
from dataclasses import replace

from helpline.caller.my_request import set_window
from helpline.casework import claims
from helpline.casework.answers import Answer, HoursChange, NotOpen, Refused, Why
from helpline.casework.genuine_offers import HELD
from helpline.core.call_windows import (
    EVERY_DAY,
    LATER,
    Hours,
    between,
    holds,
    next_window,
    times_of,
    usable_windows,
    windows,
)
from helpline.referral.context import Context
from helpline.request import attempts, offers, requests
from helpline.request.model import CallbackRequest
from helpline.request.offers import Offered, OfferState
from helpline.staff.contact import Actor
from helpline.store import audit_log
from helpline.store.engine import Tx


def change(
    ctx: Context, tx: Tx, actor: Actor, offer: Offered | None, *, first: int, last: int, weekdays: Collection[int]
) -> Answer | HoursChange:
    """Set the hours of a request that the actor's service holds: from `first` to `last` o'clock, on `weekdays`."""
    found = claims.current(ctx, tx, actor, offer)
    held, now = (requests.hold(tx, found[1].id), offers.get(tx, found[0].id)) if found else (None, None)
    if held is None or now is None or held.state not in HELD.get(now.state, ()):
        return NotOpen()
    request, offer = held, now  # as they are once the caller, who may change the hours now, must wait
    if offers.proposed(tx, request.id):
        return Refused(offer, Why.ANOTHER_ASKED)
    days = "" if set(weekdays) >= EVERY_DAY else "".join(map(str, sorted(weekdays)))
    if request.hours.once and set(weekdays) == request.hours.weekdays:
        days = request.days  # it stays one day, and not that of each week
    wished = replace(request.hours, window=between(str(first), str(last)), days=days)
    if not weekdays or not set(weekdays) <= EVERY_DAY or times_of(wished.window) is None:
        return HoursChange.UNCLEAR
    own = wished if may_widen(tx, offer) else request.own_hours
    refused = _refusal(tx, offer, request, own, wished)
    if refused is None:
        _set(ctx, tx, actor, offer, request, own, wished)
    return refused or HoursChange.SET


def may_widen(tx: Tx, offer: Offered) -> bool:
    """Whether a service has reached the caller itself, so that they could agree on other hours."""
    return offer.state is OfferState.FOLLOWED and attempts.has_reached(tx, offer.id)


def _refusal(tx: Tx, offer: Offered, request: CallbackRequest, own: Hours, wished: Hours) -> HoursChange | None:
    """Return why these hours cannot be set, or None if they can."""
    if not request.zone:
        return HoursChange.NO_CLOCK
    if not holds(own, wished):
        return HoursChange.WIDER
    if next_window(wished, tx.now) is None:
        return HoursChange.NONE_LEFT
    return HoursChange.USED if _brings_forward(tx, offer, own, wished) else None


def _brings_forward(tx: Tx, offer: Offered, own: Hours, wished: Hours) -> bool:
    """Whether the telephone could be called a second time in one window of the caller's own hours."""
    last = max((at for _, at in attempts.calls_to(tx, offer.line)), default=None)
    if offer.state is not OfferState.CLAIMED or last is None:
        return False
    by_own, then = (next(usable_windows(hours, tx.now, after=last), None) for hours in (own, wished))
    return then is not None and (by_own is None or then.start < by_own.start)


def _set(
    ctx: Context, tx: Tx, actor: Actor, offer: Offered, request: CallbackRequest, own: Hours, wished: Hours
) -> None:  # fmt: skip
    """Set the hours. What the caller was promised stays promised, if it is in them (R39)."""
    since = request.hours.since if wished.once else tx.now
    set_window(tx, request, {"window": wished.window, "days": wished.days}, since=since)
    promised = request.promised
    if promised and any(each.overlap(promised) == promised for each in windows(wished, tx.now)):
        requests.amend(tx, request.id, {"promised_from": promised.start, "promised_to": promised.end})
    over = LATER.get(own.window, own.window)  # the two hours of `now` are not stored: they pass
    chosen = None if own == wished else f"{over}/{own.days}"
    requests.amend(tx, request.id, {"chosen": chosen, "narrowed_at": since})
    attempts.add(tx, offer, actor.id, attempts.HOURS, request.state)
    audit_log.append(tx, ctx.audit_key, tx.now, actor.id, "hours", request.id)
