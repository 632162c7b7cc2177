"""Whether a number may leave now, by SMS or at the console: window, attempts, limit, lock (R3, R11, R32, R49)."""

from datetime import datetime, timedelta
from enum import StrEnum

from helpline.core.call_windows import LAST_MINUTES, LONG_AGO, NOW, Span, may_show_number, usable_windows, windows
from helpline.referral.context import Context
from helpline.request import attempts, phone_lines, requests, reveals
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


def next_free_window(tx: Tx, line: str, request: CallbackRequest, promised: Span | None = None) -> Span | None:
    """Return the open or next window in which the number of a request may be shown, or None (R11).

    If a call was `promised` to the caller for a time that is free and still to come, return that time (R39).
    """
    free = _free_windows(tx, line, request)
    then = (span for each in free if (span := _promised_in(each, promised, tx.now)))
    return next(then, None) or next(iter(free), None)


def next_call(tx: Tx, line: str, request: CallbackRequest) -> Span | None:
    """Return when the number can be shown next: in the window that is open, even before a promised time, or later."""
    free = next_free_window(tx, line, request)
    is_open = free is not None and free.start <= tx.now
    return free if is_open else next_free_window(tx, line, request, request.promised)


def calls_to_come(tx: Tx, line: str, request: CallbackRequest) -> list[Span]:
    """Return from `next_call` on the windows in which the number may be shown, in order."""
    first, free = next_call(tx, line, request), _free_windows(tx, line, request)
    return [Span(max(each.start, first.start), each.end) for each in free if first and each.end > first.start]


def call_window_of(tx: Tx, offer: Offered, request: CallbackRequest) -> Span | None:
    """Return when the holder of an offer should call, as the card and lists of cases say it, or None if not known.

    That is the window that is open and in which they got the number, until they report the call; else the next one in
    which it may be shown. Of either only the part that the END screen promised, if it promised one (R11, R39).
    """
    if attempts.has_outcome(tx, offer):
        return next_free_window(tx, offer.line, request, request.promised)
    theirs = (each for each in windows(request.hours, tx.now, 1) if each.start == offer.shown_in)
    shown, promised = next((each for each in theirs if each.contains(tx.now)), None), request.promised
    if shown is None:
        return next_free_window(tx, offer.line, request, promised)
    return _promised_in(shown, promised, tx.now) or shown


def _promised_in(span: Span, promised: Span | None, now: datetime) -> Span | None:
    """Return the part of a window for which a call was promised, unless it is over: nobody can call in it."""
    part = span.overlap(promised) if promised else None
    return part if part and now < part.end - LAST_MINUTES else None


def _free_windows(tx: Tx, line: str, request: CallbackRequest) -> list[Span]:
    """Return the windows in which a line was not called yet, nor in a window of another request that is open now.

    While such a window is open, others are free from its end. Calls before somebody in danger asked for one now keep no
    window from them: nobody has called since (R1). Other hours, which a service may have set, are no such wish.
    """
    calls = attempts.calls_to(tx, line)
    if request.risk == NOW:
        asked = at_once.start if (at_once := request.hours.at_once) else request.created
        calls = [each for each in calls if each[1] >= asked]
    called_for = [found for id in {id for id, _ in calls} if (found := requests.get(tx, id))]
    open_too = [each for other in called_for for each in windows(other.hours, tx.now, 1) if each.contains(tx.now)]
    last = max((at for _, at in calls), default=LONG_AGO)
    free_from = max((each.end for each in open_too if each.start <= last), default=tx.now)
    unused = list(usable_windows(request.hours, tx.now, after=last))
    free = [Span(max(each.start, free_from), each.end) for each in unused] if free_from > tx.now else unused
    return [each for each in free if each.start < min(each.end - LAST_MINUTES, request.expires)]


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
