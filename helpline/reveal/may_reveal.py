"""Whether a number may leave now, by SMS or at the console: window, attempts, limit, lock (R3, R11, R32, R49)."""

from datetime import timedelta
from enum import StrEnum

from helpline.core.call_windows import Span, may_show_number, next_window, windows
from helpline.referral import pass_on
from helpline.referral.context import Context
from helpline.request import attempts, requests, reveals, sealed_numbers
from helpline.request.model import CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.reveal.revealing import may_be_shown
from helpline.staff import contacts, people, raid_lock
from helpline.staff.actor import Actor
from helpline.store import audit_log
from helpline.store.engine import Tx

MOST_ATTEMPTS = 3
"""Times the number of one request, and of one line, may be shown (R11)."""


class Refusal(StrEnum):
    """Why no number may leave now. The value is the id of the text that says so."""

    NOT_OPEN = "to_ngo.not_open"
    LOCKED = "to_ngo.locked"
    CONSOLE_ONLY = "to_ngo.console_only"
    WINDOW_CLOSED = "to_ngo.not_now"
    NO_WINDOW = "to_ngo.no_hour"
    """No call window is to come, or none is known yet."""
    LIMIT_REACHED = "to_ngo.enough"
    WINDOW_USED = "to_ngo.used"


def use_up(ctx: Context, tx: Tx, actor: Actor, offer: Offered, request: CallbackRequest) -> Span | Refusal:
    """Use up the open call window and return it, or return why no number may leave.

    The limit of a day counts the telephones and the accounts of a desk together.
    """
    held = offer.state is OfferState.CLAIMED and request.state is State.CLAIMED
    barred = not actor.is_coordinator and pass_on.is_barred(tx, request)
    if not held or barred or not may_be_shown(tx, actor):
        return Refusal.NOT_OPEN
    if raid_lock.is_locked(tx):
        return Refusal.LOCKED
    if not actor.accepts_numbers:
        return Refusal.CONSOLE_ONLY
    span = may_show_number(request.hours, tx.now)
    if span is None:
        return Refusal.WINDOW_CLOSED if next_window(request.hours, tx.now) else Refusal.NO_WINDOW
    if _shown_enough(ctx, tx, actor, request):
        return Refusal.LIMIT_REACHED
    if _used(tx, offer.line, span) or not reveals.mark(tx, offer.id, span.start):
        another = next_window(request.hours, tx.now, but_not=span.start)
        return Refusal.WINDOW_USED if another else Refusal.NO_WINDOW
    return span


def _used(tx: Tx, line: str, span: Span) -> bool:
    """Whether this telephone was called in this window, or in an open window of another of its requests (R11)."""
    calls = attempts.calls_to(tx, line)
    called_for = [found for id in {request for request, _ in calls} if (found := requests.get(tx, id))]
    open_too = [each for request in called_for for each in windows(request.hours, tx.now, 1) if each.contains(tx.now)]
    return any(at >= each.start for _, at in calls for each in (span, *open_too))


def _shown_enough(ctx: Context, tx: Tx, actor: Actor, request: CallbackRequest) -> bool:
    ids, day_ago = ids_of_desk(tx, actor), tx.now - timedelta(days=1)
    today = sum(audit_log.count(tx, action, id, day_ago) for action in audit_log.NUMBER_LEFT for id in ids)
    of_line = reveals.of_line(tx, sealed_numbers.line_of(tx, request.id))
    return max(request.reveals, of_line) >= MOST_ATTEMPTS or today >= ctx.config.reveals_a_day


def ids_of_desk(tx: Tx, actor: Actor) -> set[str]:
    """Return the ids of all who act for a desk: its telephones and its accounts."""
    return {actor.id, *(each.id for each in contacts.of_service(tx, actor.desk)), *people.of_service(tx, actor.desk)}


def was_shown(tx: Tx, actor: Actor, offer: Offered) -> bool:
    """Whether a desk has ever got the number of its claim, whatever a delivery receipt has said since."""
    if offer.shown_in is not None:
        return True
    return offer.claimed is not None and audit_log.was_shown(tx, offer.request, ids_of_desk(tx, actor), offer.claimed)
