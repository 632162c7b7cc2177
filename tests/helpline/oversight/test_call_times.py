"""The windows of many requests at once equal those of each request (`next_window`), at any moment and in any zone."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import available_timezones

from hypothesis import given
from hypothesis import strategies as st

from helpline.core.call_windows import FROM_NOW, WINDOWS, Hours, Span, next_window
from helpline.core.clock import micros
from helpline.oversight.call_times import CallTimes, Window

ZONES = sorted(available_timezones())
NOWS = st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # made UTC
AWAY = st.integers(-12 * 24, 12 * 24).map(lambda hours: timedelta(hours=hours))
WINDOW, DAYS = st.sampled_from((*WINDOWS, *sorted(FROM_NOW), "")), st.sampled_from(("", "135", "2", "67"))
KINDS = st.tuples(WINDOW, DAYS, st.sampled_from(("", *ZONES)), AWAY, AWAY)


def row_of(hours: Hours) -> Any:
    """Return the hours of a request as a list reads them: instants in microseconds."""
    since, expires = micros(hours.since), micros(hours.expires)
    return SimpleNamespace(window=hours.window, days=hours.days, zone=hours.zone, since=since, expires=expires)


def window_of(span: Span | None) -> Window | None:
    return Window(micros(span.start), micros(span.end)) if span else None


@given(kinds=st.lists(KINDS, min_size=1, max_size=6), now=NOWS)
def test_the_window_of_a_list_row_is_that_of_the_request(
    kinds: list[tuple[str, str, str, timedelta, timedelta]], now: datetime
) -> None:
    """Each is asked twice. The second answer is cached, and another request may have the same hours."""
    times = CallTimes(now)
    for window, days, zone, since, expires in [*kinds, *kinds]:
        for ends in (expires, -expires):
            hours = Hours(window, days, zone, now + since, now + ends)
            first = next_window(hours, now)
            assert times.next(row_of(hours)) == window_of(first)
            if first:
                used = micros(first.start)
                then = next_window(hours, now, but_not=first.start)
                assert times.next(row_of(hours), but_not=used) == window_of(then)
