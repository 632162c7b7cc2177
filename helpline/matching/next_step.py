"""What a request needs next, and how long to wait before it. Pure, so that a test can try every case.

Waiting times come from the settings. They are only minutes if the caller is in danger.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpline.core.call_windows import LAST_MINUTES, LATER, LONG_AGO, NOW, Hours, Span, next_window, windows
from helpline.core.config import Config
from helpline.directory.service import Service
from helpline.matching.criteria import first_common_window
from helpline.request.model import CallbackRequest, State

SELDOM = timedelta(hours=6)
"""The longest pause between two rounds of calls to coordinators."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Ask this service now."""

    service: Service


@dataclass(frozen=True, slots=True)
class Leave:
    """Do nothing now."""

    full: frozenset[str] = frozenset()
    """The ids of eligible desks that take no more requests. The request waits for one of them."""


@dataclass(frozen=True, slots=True)
class Expire:
    """Expire the request: the consent has ended, nobody may be asked any more, and a coordinator is told."""


@dataclass(frozen=True, slots=True)
class CallAPerson:
    """Call a coordinator, who must find somebody: no service is left to ask. No timer ever closes such a request."""

    full: frozenset[str] = frozenset()
    """As in `Leave`."""


Action = Offer | Leave | Expire | CallAPerson


def decide(
    request: CallbackRequest,
    able: Iterable[Service],
    asked: frozenset[str],
    line_is_busy: bool,
    now: datetime,
    full: Mapping[str, datetime | None] | None = None,
) -> Action:
    """Return the next step for a request.

    `able` are the eligible services in the order of asking; no more of them are taken than needed. `asked` are the ids
    of those that were asked before. `line_is_busy`: another request of the same telephone is offered or claimed, or is
    newer and waits (R27). `full` are the ids of the desks that take no more requests now, and until when; None if that
    is not known.
    """
    if request.state is not State.WAITING or now < request.due:
        return Leave()
    if now >= request.expires:
        return Expire()
    if line_is_busy:
        return Leave()
    full, eligible = full or {}, set[str]()
    for service in able:
        if service.id in asked:
            continue
        if service.id not in full:
            return Offer(service)
        eligible.add(service.id)
    waits = any(is_worth_waiting(request, full[id]) for id in eligible)
    return Leave(frozenset(eligible)) if waits else CallAPerson(frozenset(eligible))


def is_worth_waiting(request: CallbackRequest, free_at: datetime | None) -> bool:
    """Whether a request waits for a full desk: it will be free while there is time for a call (`waits_until`).

    In danger, or if it is not known when the desk will be free, a coordinator is called.
    """
    if free_at is None or request.risk == NOW:
        return False
    until = waits_until(request)
    return until is not None and free_at < until


def waits_until(request: CallbackRequest) -> datetime | None:
    """Return until when a request may wait for a full desk, so that the promise to the caller can still be kept.

    Without a promise it is the end of the next window after the request became due, so that a desk that stays full
    cannot delay it from day to day. None if no window comes.
    """
    window = next_window(request.hours, request.due)
    ends = request.promised_to or (window.end if window else None)
    return min(ends, request.expires) - LAST_MINUTES if ends else None


def answer_by(service: Service, request: CallbackRequest, taken_at: datetime, patience: timedelta) -> datetime:
    """Return until when a service may answer an offer whose text the gateway accepted at `taken_at`.

    It has `patience`, which does not run while it is closed, if a call is then still possible within the consent and
    the promised period (`request.promised_to`). It does run if such a call is not possible, in danger, and if the
    service does not open again. The time never ends after the consent.
    """
    running = min(taken_at + patience, request.expires)
    paused = _in_open_time(service, taken_at, patience)
    if request.risk == NOW or paused is None or paused <= running:
        return running
    call = first_common_window(service, request, paused)
    kept = request.promised_to is None or (call and max(call.start, paused) < request.promised_to - LAST_MINUTES)
    return paused if call and kept and paused < request.expires else running


def _in_open_time(service: Service, start: datetime, length: timedelta) -> datetime | None:
    """Return when a service will have been open for `length` since `start`. None if that is too far ahead."""
    for span in _joined(sorted(service.open_spans(start), key=lambda span: span.start)):
        begins = max(span.start, start)
        if begins + length <= span.end:
            return begins + length
        length -= span.end - begins
    return None


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield periods in order, joined if they overlap or touch."""
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


def heard_last(
    hours: Hours, claimed: datetime, shown_in: datetime | None, attempted: datetime | None,
    calls: Collection[datetime] = (),
) -> datetime:  # fmt: skip
    """Return the last sign of life of a claimant, from which its silence is counted.

    A claim and a reported outcome (`attempted`) count from when the caller could next be called: not in a window in
    which they were called before (`calls`; R11). A shown number counts from the end of its window (`shown_in` is the
    start): by then the call is over.
    """
    signs = [_can_be_called_from(hours, claimed, (each for each in calls if each < claimed))]
    if attempted is not None and attempted > claimed:
        signs.append(_can_be_called_from(hours, attempted, (each for each in calls if each <= attempted)))
    if shown_in is not None:
        shown = next(windows(hours, shown_in), None)
        signs.append(shown.end if shown and shown.contains(shown_in) else shown_in)
    return max(signs)


def _can_be_called_from(hours: Hours, since: datetime, calls: Iterable[datetime]) -> datetime:
    last = max(calls, default=LONG_AGO)
    first = next((span for span in windows(hours, since) if span.start > last), None)
    return max(since, first.start) if first else since


def attend_at(config: Config, risk: str, written: datetime, now: datetime, *, ended: bool) -> datetime:
    """Return when to attend to a request that is being entered and was first stored at `written`.

    At the END screen (`ended`), or when no more hops are likely to come. In danger at once.
    """
    if ended or risk == NOW:
        return now
    grace, most = timedelta(seconds=config.grace_seconds), timedelta(seconds=config.grace_most_seconds)
    return min(now + grace, written + most)


def for_an_answer(config: Config, risk: str) -> timedelta:
    """Return how long a service has to answer an offer: five minutes if the caller is in danger."""
    return timedelta(minutes=config.urgent_minutes if risk == NOW else config.offer_minutes)


def for_a_sign(config: Config, risk: str) -> tuple[timedelta, timedelta]:
    """Return how long a claimant may be silent before it is reminded, and then before the claim is taken from it.

    In danger these are minutes: as long as for an offer, then as long as for an urgent offer.
    """
    if risk == NOW:
        return timedelta(minutes=config.offer_minutes), timedelta(minutes=config.urgent_minutes)
    return timedelta(hours=config.silent_hours), timedelta(hours=config.silent_more_hours)


def between_rounds(config: Config, risk: str, rounds: int) -> timedelta:
    """Return how long to wait before coordinators are called again: twice as long each round, up to six hours."""
    first = config.urgent_minutes if risk == NOW else config.page_again_minutes
    return min(timedelta(minutes=first * (1 << min(rounds, 8))), SELDOM)


def page_again_at(config: Config, request: CallbackRequest, now: datetime, rounds: int) -> datetime:
    """Return when coordinators are called again, or earlier if services can be asked for a later window by then."""
    again, soon = now + between_rounds(config, request.risk, rounds), request.hours.at_once
    later_from = soon.end - LAST_MINUTES if soon and request.window in LATER else again
    return later_from if now < later_from < again else again
