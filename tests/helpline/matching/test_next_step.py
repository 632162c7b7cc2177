"""What a request needs next, and how long it may wait for an answer: pure functions, case by case."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.directory.opening_hours import DAYS, Opening
from helpline.directory.service import Service
from helpline.matching.criteria import first_common_window
from helpline.matching.next_step import Action, CallAPerson, Expire, Leave, Offer, answer_by, decide, heard_last
from helpline.request.model import CallbackRequest, State

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 11, 23)
HALF_AN_HOUR = timedelta(minutes=30)


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    """Return an instant by the clock of Berlin, which all tests here use because it has clock changes."""
    return datetime.combine(day, time(hour, minute), BERLIN).astimezone(UTC)


TUESDAY = MONDAY + timedelta(days=1)
BORN = at(6)


def opened(*lines: tuple[str, int, int], id: str = "a") -> Service:
    """Return a service with opening hours: days, from, to."""
    hours = tuple(Opening(frozenset(days.split()), time(since), time(until % 24)) for days, since, until in lines)
    return Service(
        id, {"ru": id}, "ngo", "", ("ru",), frozenset({"talk"}), frozenset(), (0.0, 0.0), "Europe/Berlin", hours, MONDAY
    )


EVERY_DAY = " ".join(DAYS)
OFFICE, ALWAYS = opened((EVERY_DAY, 9, 18)), opened((EVERY_DAY, 0, 24))
LUNCH = opened((EVERY_DAY, 9, 12), (EVERY_DAY, 13, 18))


def asked_for(**values: object) -> CallbackRequest:
    """Return a request whose caller may be called at any time of day until nine in the evening."""
    plain = CallbackRequest(
        id="r", state=State.WAITING, due=BORN, created=BORN, expires=at(6, day=MONDAY + timedelta(days=14)),
        language="ru", window="any", zone="Europe/Berlin", place="", need="talk", others_may_answer="no",
        may_leave_message="no", may_name_us="no", may_sms="no", word=0, ours=0,
    )  # fmt: skip
    return replace(plain, **values)  # type: ignore[arg-type]


ANY = asked_for()
CASES: tuple[tuple[str, Service, CallbackRequest, datetime, datetime], ...] = (
    ("open all the time", ALWAYS, ANY, at(3), at(3, 30)),
    ("open long enough", OFFICE, ANY, at(10), at(10, 30)),
    ("closes within: the rest is tomorrow", OFFICE, ANY, at(17, 50), at(9, 20, TUESDAY)),
    ("closed: half an hour of tomorrow", OFFICE, ANY, at(20), at(9, 30, TUESDAY)),
    ("closed before it opens", OFFICE, ANY, at(6), at(9, 30)),
    ("over lunch", LUNCH, ANY, at(11, 45), at(13, 15)),
    ("two lines that touch are one", opened((EVERY_DAY, 9, 12), (EVERY_DAY, 12, 18)), ANY, at(11, 45), at(12, 15)),
    ("two lines that overlap count once", opened((EVERY_DAY, 9, 12), (EVERY_DAY, 11, 18)), ANY, at(11), at(11, 30)),
    ("never open", opened(), ANY, at(20), at(20, 30)),
    ("in danger nothing waits", OFFICE, asked_for(risk="now"), at(20), at(20, 30)),
    ("for two hours nothing waits", OFFICE, asked_for(window="now", since=at(20)), at(20), at(20, 30)),
    ("promised for tomorrow", OFFICE, asked_for(promised_to=at(18, day=TUESDAY)), at(20), at(9, 30, TUESDAY)),
    ("promised for tonight: on to who can", OFFICE, asked_for(promised_to=at(21)), at(20), at(20, 30)),
    ("the promise ends as it opens", OFFICE, asked_for(promised_to=at(9, 30, TUESDAY)), at(20), at(20, 30)),
    ("the promise is broken already", OFFICE, asked_for(promised_to=at(19)), at(20), at(20, 30)),
    ("the consent ends in the night", OFFICE, asked_for(expires=at(3, day=TUESDAY)), at(20), at(20, 30)),
    ("the consent ends first", ALWAYS, asked_for(expires=at(20, 10)), at(20), at(20, 10)),
    ("the caller's day has passed when it opens", OFFICE, asked_for(days="1", expires=at(9, day=TUESDAY)), at(17, 50), at(18, 20)),
    ("evenings, of which it is open for an hour", OFFICE, asked_for(window="evening"), at(20), at(9, 30, TUESDAY)),
    ("evenings, and it closes before them", opened((EVERY_DAY, 9, 16)), asked_for(window="evening"), at(20), at(20, 30)),
)  # fmt: skip


@pytest.mark.parametrize(("why", "service", "request_", "taken", "until"), CASES, ids=[case[0] for case in CASES])
def test_the_answer_clock_pauses_while_the_desk_is_closed_if_the_window_allows_it(
    why: str, service: Service, request_: CallbackRequest, taken: datetime, until: datetime
) -> None:
    """Each case by its name."""
    assert answer_by(service, request_, taken, HALF_AN_HOUR) == until, why


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24), date(2026, 3, 29), date(2026, 10, 25)])
def test_a_clock_change_does_not_shorten_the_time_to_answer(day: date) -> None:
    """In the nights with a missing or doubled hour, half an hour of opening is half an hour."""
    born, far = at(6, day=day), at(6, day=day + timedelta(days=9))
    request = asked_for(created=born, due=born, expires=far)
    until = answer_by(OFFICE, request, at(20, day=day), HALF_AN_HOUR)
    assert until == at(9, 30, day + timedelta(days=1))
    night = opened((EVERY_DAY, 1, 4))
    for quarter in range(0, 180, 15):
        taken = at(1, day=day) + timedelta(minutes=quarter)
        length = answer_by(night, request, taken, HALF_AN_HOUR) - taken
        assert length == HALF_AN_HOUR or at(4, day=day) - taken < HALF_AN_HOUR


LINES = st.lists(
    st.tuples(st.sampled_from([EVERY_DAY, "MO", "SA SU", "TU TH"]), st.integers(0, 23), st.integers(1, 24)), max_size=3
)


@given(
    LINES,
    st.integers(0, 255 * 24 * 60),
    st.sampled_from(["any", "evening", "now"]),
    st.sampled_from(["", "6", "24"]),
    st.integers(1, 400),
    st.integers(1, 20_000),
    st.one_of(st.none(), st.integers(-600, 9000)),
)
def test_an_offer_never_waits_beyond_the_consent(
    lines: Sequence[tuple[str, int, int]],
    when: int,
    window: str,
    days: str,
    minutes: int,
    consent: int,
    kept: int | None,
) -> None:
    """Nor does an offer lapse too early or after a promise. An always open service has the plain minutes."""
    taken, patience = at(6, day=date(2026, 3, 20)) + timedelta(minutes=when), timedelta(minutes=minutes)
    promised = None if kept is None else taken + timedelta(minutes=kept)
    expires = taken + timedelta(minutes=consent)
    request = asked_for(
        created=taken, due=taken, since=taken, window=window, days=days, expires=expires, promised_to=promised
    )
    plain = min(taken + patience, expires)
    until = answer_by(opened(*lines), request, taken, patience)
    assert plain <= until <= expires
    assert until == plain or promised is None or until < promised
    assert until == plain or first_common_window(opened(*lines), request, until)
    assert answer_by(ALWAYS, request, taken, patience) == plain


A, B = opened((EVERY_DAY, 9, 18), id="a"), opened((EVERY_DAY, 9, 18), id="b")
NOON = at(12)
ONLY_B, BOTH = frozenset("b"), frozenset("ab")
"""Desks that were full, and one that may be waited for."""
DECISIONS: tuple[tuple[str, CallbackRequest, frozenset[str], bool, dict[str, datetime | None], Action], ...] = (
    ("the best first", ANY, frozenset(), False, {}, Offer(A)),
    ("then the next", ANY, frozenset("a"), False, {}, Offer(B)),
    ("a full desk is passed over", ANY, frozenset(), False, {"a": None}, Offer(B)),
    ("all asked", ANY, frozenset("ab"), False, {}, CallAPerson()),
    ("a full one that was asked is not waited for", ANY, frozenset("ab"), False, {"a": at(13)}, CallAPerson()),
    ("full, nobody knows until when", ANY, frozenset(), False, {"a": None, "b": None}, CallAPerson(BOTH)),
    ("full, free in time", ANY, frozenset(), False, {"a": None, "b": at(13)}, Leave(BOTH)),
    ("full, free when the caller's window has ended", ANY, frozenset(), False, {"a": None, "b": at(20, 56)}, CallAPerson(BOTH)),
    ("free in time for what was promised", asked_for(promised_to=at(13)), frozenset("a"), False, {"b": at(12, 50)}, Leave(ONLY_B)),
    ("free too late for it", asked_for(promised_to=at(13)), frozenset("a"), False, {"b": at(12, 56)}, CallAPerson(ONLY_B)),
    ("in danger no desk is waited for", asked_for(risk="now"), frozenset("a"), False, {"b": at(12, 1)}, CallAPerson(ONLY_B)),
    ("its line is held", ANY, frozenset(), True, {}, Leave()),
    ("not due", asked_for(due=at(13)), frozenset(), False, {}, Leave()),
    ("offered already", asked_for(state=State.OFFERED), frozenset(), False, {}, Leave()),
    ("consent has ended, held or not", asked_for(expires=NOON), frozenset(), True, {}, Expire()),
)  # fmt: skip


@pytest.mark.parametrize(
    ("why", "request_", "asked", "busy", "full", "action"), DECISIONS, ids=[case[0] for case in DECISIONS]
)
def test_each_request_has_this_next_step(
    why: str,
    request_: CallbackRequest,
    asked: frozenset[str],
    busy: bool,
    full: dict[str, datetime | None],
    action: Action,
) -> None:
    """Each case by its name."""
    assert decide(request_, (A, B), asked, busy, NOON, full) == action, why


def test_full_desks_do_not_postpone_a_caller_day_by_day() -> None:
    """The wait is for the caller's first window after the due time, not for each next one."""
    tomorrow = at(12, day=TUESDAY)
    found = decide(ANY, (A,), frozenset(), False, tomorrow, {"a": tomorrow + timedelta(minutes=9)})
    assert found == CallAPerson(frozenset("a"))


SUNDAYS = asked_for(days="7").hours
SUNDAY = MONDAY + timedelta(days=6)


@pytest.mark.parametrize(
    ("hours", "claimed", "shown_in", "attempted", "heard"),
    [
        (ANY.hours, at(10), None, None, at(10)),
        (ANY.hours, at(22), None, None, at(8, day=TUESDAY)),
        (SUNDAYS, at(10), None, None, at(8, day=SUNDAY)),
        (ANY.hours, at(10), at(8), None, at(21)),
        (ANY.hours, at(10), at(8), at(15), at(21)),
        (ANY.hours, at(10), at(8), at(22), at(8, day=TUESDAY)),
        (SUNDAYS, at(10), at(8, day=SUNDAY), at(9, day=SUNDAY), at(21, day=SUNDAY)),
        (asked_for(zone="").hours, at(10), at(8), None, at(10)),
    ],
    ids=[
        "in the caller's window", "outside it: from when they could be called", "the caller's day", "shown: from the end of that window",
        "told how it went", "told after it", "on the caller's day only", "the caller's hour is not known",
    ],
)  # fmt: skip
def test_silence_counts_from_the_last_report_and_the_callers_window(
    hours: object, claimed: datetime, shown_in: datetime | None, attempted: datetime | None, heard: datetime
) -> None:
    """A claim, a shown number, an outcome."""
    assert heard_last(hours, claimed, shown_in, attempted) == heard  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("claimed", "shown_in", "attempted", "calls", "heard"),
    [
        (at(10), None, None, [at(9)], at(8, day=TUESDAY)),
        (at(10), at(8), None, [at(11)], at(21)),
        (at(10), at(8), at(11), [at(11)], at(8, day=TUESDAY)),
        (at(10), at(8), at(11), [at(11), at(9, day=TUESDAY)], at(8, day=TUESDAY)),
    ],
    ids=["after another service's call", "own call", "own call in vain", "a later call"],
)  # fmt: skip
def test_silence_does_not_count_in_a_window_that_was_used(
    claimed: datetime, shown_in: datetime | None, attempted: datetime | None, calls: list[datetime], heard: datetime
) -> None:
    """Nobody may call then (R11)."""
    assert heard_last(ANY.hours, claimed, shown_in, attempted, calls) == heard
