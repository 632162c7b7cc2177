"""The lists of thousands compare numbers and share what many have in common. Here is their order in plain words."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from helpline import urgency, watch
from helpline.contact import LAST_MINUTES, Hours, next_window
from helpline.dispatch import heard_last
from helpline.micros import instant, micros
from helpline.urgency import When
from helpline.watch import Part
from helpline.windows import Windows

START = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
FAR = datetime.max.replace(tzinfo=UTC)
ZONES = ("Asia/Bishkek", "Europe/Moscow", "")
HALF_HOURS = st.integers(-2 * 24 * 6, 2 * 24 * 6).map(lambda half: micros(START + timedelta(minutes=30 * half)))
NOWS = st.builds(lambda minutes: START + timedelta(minutes=minutes), st.integers(0, 24 * 60))
WISHES = {
    "risk": st.sampled_from(("not_said", "now")), "window": st.sampled_from(("any", "morning", "evening", "now", "")),
    "days": st.sampled_from(("", "135", "2")), "zone": st.sampled_from(ZONES), "since": HALF_HOURS,
    "expires": HALF_HOURS,
}  # fmt: skip
USED = st.none() | st.sampled_from([micros(START + timedelta(hours=hour)) for hour in (-2, 2, 7, 22)]) | HALF_HOURS


def ids(place: int) -> str:
    return f"{place:032x}"


HELD = st.builds(
    urgency.Row, id=st.integers(0, 99).map(ids), state=st.sampled_from(("open", "claimed", "followed")),
    until=st.none() | HALF_HOURS, shown_in=USED, **WISHES,
)  # fmt: skip
STATES = ("waiting", "offered", "claimed", "reached", "following", "stranded", "paused", "frozen")
OPEN = st.builds(
    watch.Row, id=st.integers(0, 99).map(ids), state=st.sampled_from(STATES), created=HALF_HOURS, updated=HALF_HOURS,
    promised_to=st.none() | HALF_HOURS, reveals=st.integers(0, 1), outcome=st.just(""), holder=st.just(""),
    until=st.none() | HALF_HOURS, claimed=st.none() | HALF_HOURS, shown_in=USED, reminded=st.none() | HALF_HOURS,
    heard=st.none() | HALF_HOURS, stranger=st.none() | HALF_HOURS, **WISHES,
)  # fmt: skip


def at(value: int | None) -> datetime | None:
    return None if value is None else instant(value)


def hours_of(row: urgency.Row | watch.Row) -> Hours:
    return Hours(row.window, row.days, row.zone, instant(row.since), instant(row.expires))


def due(row: urgency.Row, now: datetime) -> tuple[When, datetime, str]:
    """Tell where an offer stands, each by itself."""
    if row.state == "followed":
        return When.HELPED_ON, FAR, row.id
    if row.state == "open":
        return When.RING_NOW if row.risk == "now" else When.ANSWER, at(row.until) or FAR, row.id
    window = next_window(hours_of(row), now, but_not=at(row.shown_in))
    if window and window.holds(now):
        return When.RING_NOW, window.end, row.id
    return When.LATER, window.start if window else FAR, row.id


def worst(row: watch.Row, now: datetime) -> tuple[Part, bool, datetime, str]:
    """Tell where a request stands, each by itself."""
    part, by = _worst(row, now)
    return part, row.risk != "now", by, row.id


def _worst(row: watch.Row, now: datetime) -> tuple[Part, datetime]:
    if row.state == "stranded":
        return Part.STRANDED, instant(row.updated)
    if row.state == "frozen" and row.stranger:
        return Part.FROZEN, instant(row.stranger)
    if row.state in ("frozen", "paused"):
        return Part.RESTING, instant(row.created)
    if row.state in ("reached", "following"):
        return Part.HELPED_ON, instant(row.claimed or row.created)
    if late := _late(row, now):
        return Part.LATE, late
    window = next_window(hours_of(row), now)
    if row.state == "claimed":
        return Part.HELD, window.end if window else FAR
    closes = window.end if window and window.holds(now) else FAR
    soon = closes - LAST_MINUTES < now + watch.SOON
    by = min(closes, at(row.until) or FAR, instant(row.expires))
    return Part.CLOSING if soon or row.risk == "now" else Part.ASKED, by


def _late(row: watch.Row, now: datetime) -> datetime | None:
    if row.reminded and row.claimed:
        heard = heard_last(hours_of(row), instant(row.claimed), at(row.shown_in), at(row.heard))
        if heard < instant(row.reminded):
            return instant(row.reminded)
    missed = row.promised_to and instant(row.promised_to) <= now and not row.reveals
    return at(row.promised_to) if missed else None


@given(st.lists(HELD, max_size=25, unique_by=lambda row: row.id), NOWS)
def test_a_desk_sees_what_closes_soonest_first(rows: list[urgency.Row], now: datetime) -> None:
    placed = urgency.in_order(rows, now)
    assert [(each.when, instant(each.at), each.id) for each in placed] == sorted(due(row, now) for row in rows)


@given(st.lists(HELD, max_size=25, unique_by=lambda row: row.id), NOWS)
def test_the_window_that_stands_beside_a_claim_is_the_one_it_is_ordered_by(
    rows: list[urgency.Row], now: datetime
) -> None:
    known = {row.id: row for row in rows}
    for each in urgency.in_order(rows, now):
        row = known[each.id]
        claimed = next_window(hours_of(row), now, but_not=at(row.shown_in)) if row.state == "claimed" else None
        assert each.span == claimed


@given(st.lists(OPEN, max_size=25, unique_by=lambda row: row.id), NOWS)
def test_a_coordinator_sees_the_worst_first(rows: list[watch.Row], now: datetime) -> None:
    ranks = watch.in_order(rows, Windows(now))
    assert [(*each[:2], instant(each.at), each.id) for each in ranks] == sorted(worst(row, now) for row in rows)
    assert all((rows[each.row].id, watch.look(rows[each.row], now).part) == (each.id, each.part) for each in ranks)
