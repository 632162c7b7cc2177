"""The windows of many people at once are those of each of them (`contact.next_window`), at any moment and in any zone."""

from datetime import UTC, datetime
from zoneinfo import available_timezones

from hypothesis import given
from hypothesis import strategies as st

from helpline.core.call_windows import WINDOWS, Hours, Span, next_window
from helpline.core.clock import FAR, instant, micros
from helpline.oversight.hours_order import NEVER, Kind, Window, ahead

ZONES = sorted(available_timezones())
KINDS = st.builds(
    Kind, st.sampled_from((*WINDOWS, "")), st.sampled_from(("", "135", "2", "67")), st.sampled_from(("", *ZONES)), st.just(0)
)  # fmt: skip
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # made UTC


def of(span: Span | None) -> Window:
    return Window(micros(span.start), micros(span.end)) if span else NEVER


@given(kind=KINDS, now=MOMENTS)
def test_what_comes_is_what_comes_for_each(kind: Kind, now: datetime) -> None:
    hours = Hours(kind.window, kind.days, kind.zone, instant(kind.since), instant(FAR))
    first = next_window(hours, now)
    assert ahead(kind, now) == (of(first), of(next_window(hours, now, but_not=first.start) if first else None))
