"""What a request needs next: decided purely, so that every case can be asked in a test.

How long is waited before the next step: as the settings say, and only minutes where somebody is in danger. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpline.core.call_windows import LAST_MINUTES, NOW, Hours, Span, next_window, windows
from helpline.core.config import Config
from helpline.directory.service import Service
from helpline.matching.criteria import meeting
from helpline.request.model import CallbackRequest, State


@dataclass(frozen=True, slots=True)
class Offer:
    """Ask this service now."""

    service: Service


@dataclass(frozen=True, slots=True)
class Leave:
    """Nothing to do now. `full`: ids of the desks that fit and take nothing more, one of which is waited for."""

    full: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Expire:
    """Her consent has ended: nobody may be asked any more, and a person is told."""


@dataclass(frozen=True, slots=True)
class CallAPerson:
    """Nobody is left to ask: a coordinator must find somebody. Never closed by a timer. `full`: as of `Leave`."""

    full: frozenset[str] = frozenset()


Action = Offer | Leave | Expire | CallAPerson


def decide(
    request: CallbackRequest,
    able: Iterable[Service],
    asked: frozenset[str],
    line_is_busy: bool,
    now: datetime,
    full: Mapping[str, datetime | None] | None = None,
) -> Action:
    """Choose the next step for a request.

    `able`: the services that fit, best first; no more of them are taken than it needs. `asked`: ids of those that
    were asked before. `line_is_busy`: another request of the same telephone is offered or claimed, or newer
    and waiting (R27: one at a time a line).
    `full`: ids of the desks that take nothing more now, with the instant when that will end, None where nobody can say.
    """
    if request.state is not State.WAITING or now < request.due:
        return Leave()
    if now >= request.expires:
        return Expire()
    if line_is_busy:
        return Leave()
    full, fit = full or {}, set[str]()
    for service in able:
        if service.id in asked:
            continue
        if service.id not in full:
            return Offer(service)
        fit.add(service.id)
    waits = any(is_worth_waiting(request, full[each]) for each in fit)
    return Leave(frozenset(fit)) if waits else CallAPerson(frozenset(fit))


def is_worth_waiting(request: CallbackRequest, free_at: datetime | None) -> bool:
    """Tell whether a full desk is waited for: one that will be free while there is time for a call (`waits_until`).

    In danger, and where nobody knows when it will be free, a person is called.
    """
    if free_at is None or request.risk == NOW:
        return False
    until = waits_until(request)
    return until is not None and free_at < until


def waits_until(request: CallbackRequest) -> datetime | None:
    """Give the instant until which a full desk may be waited for: what she was promised can still be kept.

    Without a promise it is the window that comes next, counted from when the request became due: a desk that stays
    full cannot put her off from day to day. None where no window comes.
    """
    window = next_window(request.hours, request.due)
    ends = request.promised_to or (window.end if window else None)
    return min(ends, request.expires) - LAST_MINUTES if ends else None


def answer_by(service: Service, request: CallbackRequest, taken_at: datetime, patience: timedelta) -> datetime:
    """Give the instant until which a service may answer an offer whose text the gateway took at `taken_at`.

    After `patience`; while the service is closed its clock stands still, if her window allows it: a call must still be
    possible within her consent and within the stretch that she was promised (`request.promised_to`). Where it is not,
    in danger, and where the service does not open again, the clock runs on. Never later than her consent.
    """
    plain = min(taken_at + patience, request.expires)
    paused = _in_open_time(service, taken_at, patience)
    if request.risk == NOW or paused is None or paused <= plain:
        return plain
    call = meeting(service, request, paused)
    kept = request.promised_to is None or (call and max(call.start, paused) < request.promised_to - LAST_MINUTES)
    return paused if call and kept and paused < request.expires else plain


def _in_open_time(service: Service, start: datetime, length: timedelta) -> datetime | None:
    """Give the instant at which a service has been open for `length` since `start`; None where it is too far."""
    for span in _joined(sorted(service.open_spans(start), key=lambda each: each.start)):
        begins = max(span.start, start)
        if begins + length <= span.end:
            return begins + length
        length -= span.end - begins
    return None


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Give stretches in order, those that overlap or touch as one."""
    held: Span | None = None
    for span in spans:
        if held and span.start <= held.end:
            held = Span(held.start, max(held.end, span.end))
        else:
            if held:
                yield held
            held = span
    if held:
        yield held


def heard_last(hours: Hours, claimed: datetime, shown_in: datetime | None, attempted: datetime | None) -> datetime:
    """Give the instant from which a claim counts as silent.

    A claim, and an outcome that was told, count from when she could next be rung; a number that was shown counts
    from the end of the window in which it was shown (`shown_in` is its start): by then the call is over.
    """
    signs = [_can_be_rung_from(hours, each) for each in (claimed, attempted) if each]
    if shown_in is not None:
        shown = next(windows(hours, shown_in), None)
        signs.append(shown.end if shown and shown.contains(shown_in) else shown_in)
    return max(signs)


def _can_be_rung_from(hours: Hours, since: datetime) -> datetime:
    first = next(windows(hours, since), None)
    return max(since, first.start) if first else since


SELDOM = timedelta(hours=6)


def attend_at(config: Config, risk: str, written: datetime, now: datetime, *, ended: bool) -> datetime:
    """Give when to attend to a request that is being written, `written` since when.

    At the END screen (`ended`), or when no more hops are likely to come; in danger at once.
    """
    if ended or risk == NOW:
        return now
    grace, most = timedelta(seconds=config.grace_seconds), timedelta(seconds=config.grace_most_seconds)
    return min(now + grace, written + most)


def for_an_answer(config: Config, risk: str) -> timedelta:
    """Give how long a service has to answer (an offer of somebody in danger: five minutes)."""
    return timedelta(minutes=config.urgent_minutes if risk == NOW else config.offer_minutes)


def for_a_sign(config: Config, risk: str) -> tuple[timedelta, timedelta]:
    """Give how long the holder of a claim may be silent until it is reminded, and then until it gives the claim back.

    Somebody in danger waits minutes: as long as an offer may, then as long as an urgent one.
    """
    if risk == NOW:
        return timedelta(minutes=config.offer_minutes), timedelta(minutes=config.urgent_minutes)
    return timedelta(hours=config.silent_hours), timedelta(hours=config.silent_more_hours)


def between_rounds(config: Config, risk: str, rounds: int) -> timedelta:
    """Give how long is waited until coordinators are called again: twice as long each round, up to six hours."""
    first = config.urgent_minutes if risk == NOW else config.page_again_minutes
    return min(timedelta(minutes=first * (1 << min(rounds, 8))), SELDOM)
