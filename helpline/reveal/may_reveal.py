"""Whether a number may leave now, by SMS or at the console: window, attempts, limit, lock (R3, R11, R32, R49)."""

from datetime import timedelta
from enum import StrEnum

from helpline.core.call_windows import Span, may_show_number
from helpline.referral.context import Context
from helpline.request import phone_lines, reveals
from helpline.request.free_windows import next_free_window
from helpline.request.model import CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.request.recipients import recipients_of
from helpline.reveal.revealing import may_be_shown
from helpline.staff import locks, people
from helpline.staff.contact import Actor
from helpline.store import audit_log, exclusive
from helpline.store.engine import Tx

MOST_ATTEMPTS = 3
"""Times the number of one request, and of one line, may be shown (R11)."""


class Refusal(StrEnum):
    """Why no number may leave now. The value is the id of the text that says so."""

    NOT_OPEN = "to_ngo.not_open"
    LOCKED = "to_ngo.locked"
    CONSOLE_ONLY = "to_ngo.console_only"
    WINDOW_CLOSED = "to_ngo.not_now"
    NOT_YET = "to_ngo.not_yet"
    """The window is open, but this clock says that the claim is still to come."""
    NO_WINDOW = "to_ngo.no_hour"
    """No call window is to come, or none is known yet."""
    NO_MORE_SERVICES = "to_ngo.no_more"
    LIMIT_REACHED = "to_ngo.enough"
    WINDOW_USED = "to_ngo.used"


def use_up(ctx: Context, tx: Tx, actor: Actor, offer: Offered, request: CallbackRequest) -> Span | Refusal:
    """Use up the open call window and return it, or return why no number may leave.

    The limit of a day counts the telephones and the accounts of a desk together.
    """
    held = offer.state is OfferState.CLAIMED and request.state is State.CLAIMED
    barred = not actor.is_coordinator and phone_lines.is_barred(tx, request)
    if not held or barred or not may_be_shown(tx, actor):
        return Refusal.NOT_OPEN
    if not offer.override and not recipients_of(tx, request, ctx.config.most_services).may_get(offer.service):
        return Refusal.NO_MORE_SERVICES
    if locks.is_raid_on(tx):
        return Refusal.LOCKED
    if not actor.accepts_numbers:
        return Refusal.CONSOLE_ONLY
    span, usable = may_show_number(request.hours, tx.now), next_free_window(tx, offer.line, request)
    if span is None or is_claimed_later(tx, offer):
        return Refusal.NOT_YET if span else Refusal.WINDOW_CLOSED if usable else Refusal.NO_WINDOW
    exclusive.desks(tx, [actor.desk])  # another number of the same desk counts as well
    if _is_enough_today(ctx, tx, actor) or is_shown_enough(tx, request):
        return Refusal.LIMIT_REACHED
    if usable is None or tx.now < usable.start or not reveals.mark(tx, offer.id, request.id, span.start):
        return Refusal.WINDOW_USED if usable else Refusal.NO_WINDOW
    return span


def is_claimed_later(tx: Tx, offer: Offered) -> bool:
    """Whether this clock says that the claim is still to come: a host with another clock has made it.

    A number that was shown before its claim is not opened (`revealed`), and its window would be used up all the same.
    """
    return offer.claimed is not None and tx.now < offer.claimed


def is_shown_enough(tx: Tx, request: CallbackRequest) -> bool:
    """Whether the number of a request, or of its line, was shown as often as it may be (R11)."""
    return max(request.reveals, reveals.of_line(tx, request.id)) >= MOST_ATTEMPTS


def _is_enough_today(ctx: Context, tx: Tx, actor: Actor) -> bool:
    ids = {*people.of_service(tx, actor.desk), *people.ids_of_desk(tx, actor.desk), actor.id}
    today = audit_log.count(tx, audit_log.NUMBER_LEFT, ids, tx.now - timedelta(days=1))
    return today >= ctx.config.reveals_a_day


def was_shown(tx: Tx, actor: Actor, offer: Offered) -> bool:
    """Whether a desk has ever got the number of its claim, whatever a delivery receipt has said since."""
    if offer.shown_in is not None:
        return True
    return offer.claimed is not None and audit_log.was_shown(
        tx, offer.request, people.ids_of_desk(tx, actor.desk) | {actor.id}, offer.claimed
    )
