"""When a caller may be called next: windows in which neither the request nor its line was called yet (R11).

Matching, cards, lists and reveals all ask here. So nobody is asked for a window in which no number would leave.
"""

from dataclasses import replace
from datetime import datetime

from helpline.core.call_windows import LAST_MINUTES, LATER, LONG_AGO, NOW, Span, usable_windows, windows
from helpline.request import attempts, requests
from helpline.request.model import CallbackRequest
from helpline.request.offers import Offered
from helpline.store.engine import Tx


def next_free_window(tx: Tx, line: str, request: CallbackRequest, promised: Span | None = None) -> Span | None:
    """Return the open or next window in which the number of a request may be shown, or None (R11).

    If a call was `promised` to the caller for a time that is free and still to come, return that time (R39).
    """
    free = free_windows(tx, line, request)
    then = (span for each in free if (span := _promised_in(each, promised, tx.now)))
    return next(then, None) or next(iter(free), None)


def next_call(tx: Tx, line: str, request: CallbackRequest) -> Span | None:
    """Return when the number can be shown next: in the window that is open, even before a promised time, or later."""
    free = next_free_window(tx, line, request)
    is_open = free is not None and free.start <= tx.now
    return free if is_open else next_free_window(tx, line, request, request.promised)


def calls_to_come(tx: Tx, line: str, request: CallbackRequest) -> list[Span]:
    """Return from `next_call` on the windows in which the number may be shown, in order."""
    first, free = next_call(tx, line, request), free_windows(tx, line, request)
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


def free_windows(tx: Tx, line: str, request: CallbackRequest) -> list[Span]:
    """Return the windows in which a line was not called yet, nor in a window of another request that is open now.

    While such a window is open, others are free from its end.
    """
    calls = counted_calls(tx, line, request)
    called_for = [found for id in {id for id, _ in calls} if (found := requests.get(tx, id))]
    open_too = [each for other in called_for for each in windows(other.hours, tx.now, 1) if each.contains(tx.now)]
    last = max((at for _, at in calls), default=LONG_AGO)
    free_from = max((each.end for each in open_too if each.start <= last), default=tx.now)
    unused = list(usable_windows(request.hours, tx.now, after=last))
    free = [Span(max(each.start, free_from), each.end) for each in unused] if free_from > tx.now else unused
    return [each for each in free if each.start < min(each.end - LAST_MINUTES, request.expires)]


def counted_calls(tx: Tx, line: str, request: CallbackRequest) -> list[tuple[str, datetime]]:
    """Return the calls to a line that keep a window from a request, each with the request that it was for.

    Calls before somebody in danger asked for one now keep no window from them: nobody has called since (R1). Other
    hours, which a service may have set, are no such wish. Nor do calls by which the caller was reached for another
    request: who asks again after that wants another call (R39).
    """
    calls = [each for each in attempts.calls_to(tx, line) if each[0] == request.id or not _was_reached(tx, *each)]
    if request.risk != NOW:
        return calls
    asked = at_once.start if (at_once := request.hours.at_once) else request.created
    return [each for each in calls if each[1] >= asked]


def _was_reached(tx: Tx, id: str, called: datetime) -> bool:
    """Whether the caller was reached by this call for a request, or by a later one."""
    reached = attempts.reached_at(tx, id)
    return reached is not None and called <= reached


def as_callable(tx: Tx, line: str, request: CallbackRequest) -> CallbackRequest:
    """Return a request as a service that is asked about it should read it: if *now* was used, with its later window."""
    soon, later = request.hours.at_once, LATER.get(request.window)
    if soon is None or later is None or tx.now >= soon.end:
        return request
    is_free = any(each.start < soon.end for each in free_windows(tx, line, request))
    return request if is_free else replace(request, window=later)
