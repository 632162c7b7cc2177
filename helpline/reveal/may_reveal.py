"""May a number leave now, by whichever way: window, attempts, the day's limit, the lock (R3, R11, R32, R49)?"""

from datetime import datetime, timedelta

from helpline.core.call_windows import Span, may_show_number, next_window, windows
from helpline.referral import pass_on
from helpline.referral.context import Context
from helpline.request import attempts, requests, reveals, sealed_numbers
from helpline.request.model import CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.reveal.revealing import may_be_shown
from helpline.staff import contacts, people, raid_lock
from helpline.staff.contact import Contact
from helpline.store import audit_log
from helpline.store.engine import Tx

MOST_ATTEMPTS = 3
"""Times the number of one request, and of one line, may be shown (R11)."""


def use_up(ctx: Context, tx: Tx, who: Contact, offer: Offered, request: CallbackRequest) -> Span | str:
    """Use up the window that is open and give it, or give the notice that says why no number may leave.

    The day's limit is the desk's: its telephones and its accounts count together.
    """
    held = offer.state is OfferState.CLAIMED and request.state is State.CLAIMED
    barred = who.kind != "coordinator" and pass_on.is_barred(tx, request)
    if not held or barred or not may_be_shown(tx, who):
        return "to_ngo.not_open"
    if raid_lock.is_locked(tx):
        return "to_ngo.locked"
    if not who.accepts_numbers_by_sms:
        return "to_ngo.console_only"
    span = may_show_number(request.hours, tx.now)
    if span is None:
        return when_or_never(request, "to_ngo.not_now", tx.now)
    if _shown_enough(ctx, tx, who, request):
        return "to_ngo.enough"
    if _used(tx, offer.line, span) or not reveals.mark(tx, offer.id, span.start):
        return when_or_never(request, "to_ngo.used", tx.now, but_not=span.start)
    return span


def _used(tx: Tx, line: str, span: Span) -> bool:
    """Tell whether this telephone was rung in this window, or in one of another request that is open yet (R11)."""
    rings = attempts.rings(tx, line)
    rung_for = [its for id in {request for request, _ in rings} if (its := requests.get(tx, id))]
    open_too = [each for its in rung_for for each in windows(its.hours, tx.now, 1) if each.contains(tx.now)]
    return any(at >= each.start for _, at in rings for each in (span, *open_too))


def _shown_enough(ctx: Context, tx: Tx, who: Contact, request: CallbackRequest) -> bool:
    hands, day_ago = theirs(tx, who), tx.now - timedelta(days=1)
    today = sum(audit_log.count(tx, action, each, day_ago) for action in audit_log.NUMBER_LEFT for each in hands)
    of_line = reveals.of_line(tx, sealed_numbers.line_of(tx, request.id))
    return max(request.reveals, of_line) >= MOST_ATTEMPTS or today >= ctx.config.reveals_a_day


def when_or_never(request: CallbackRequest, notice: str, now: datetime, *, but_not: datetime | None = None) -> str:
    """Give the notice that names her next hour, another where there is none that we know of."""
    return notice if next_window(request.hours, now, but_not=but_not) else "to_ngo.no_hour"


def theirs(tx: Tx, who: Contact) -> set[str]:
    """Give whoever acts for a desk: its telephones and its accounts."""
    return {who.id, *(each.id for each in contacts.of_service(tx, who.desk)), *people.of_service(tx, who.desk)}


def was_shown(tx: Tx, who: Contact, offer: Offered) -> bool:
    """Tell whether a desk ever asked for the number of its claim and got it, whatever a receipt has said since."""
    if offer.shown_in is not None:
        return True
    return offer.claimed is not None and audit_log.was_shown(tx, offer.request, theirs(tx, who), offer.claimed)
