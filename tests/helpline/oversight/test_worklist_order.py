"""The order of the console's lists equals `due` and `bad` for each row, with the windows of each row."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline.core.call_windows import LAST_MINUTES, Hours, next_window
from helpline.matching.next_step import heard_last
from helpline.oversight import desk_list, most_urgent_first, worklist_rows
from helpline.oversight.desk_list import When
from helpline.oversight.most_urgent_first import SOON
from helpline.oversight.open_requests import Part
from helpline.store.engine import Database, Tx
from helpline.store.schema import Instant, attempt, offer, request
from tests.steps.by_day import examples

pytestmark = pytest.mark.engines

START = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FAR = datetime.max.replace(tzinfo=UTC)
DESK = "desk"
ZONES = ("Asia/Bishkek", "Asia/Bishkek", "Europe/Moscow", "")
HALF_HOURS = st.integers(-2 * 24 * 6, 2 * 24 * 6).map(lambda half: START + timedelta(minutes=30 * half))
NOWS = st.builds(lambda minutes: START + timedelta(minutes=minutes), st.integers(0, 24 * 60))
THAT_DAY = st.integers(0, 2 * 24).map(lambda half: START + timedelta(minutes=30 * half))
STARTS = st.sampled_from([START + timedelta(hours=hour) for hour in (-2, 7, 22)])
IDS = st.integers(0, 99).map(lambda place: f"{place:032x}")
MAYBE = st.none() | HALF_HOURS
WISHES = {
    "id": IDS, "risk": st.sampled_from(("not_said", "now")), "days": st.sampled_from(("", "135", "2")),
    "window": st.sampled_from(("any", "morning", "evening", "now", "now", "")), "zone": st.sampled_from(ZONES),
    "since": THAT_DAY, "expires": HALF_HOURS, "until": MAYBE, "shown_in": STARTS | STARTS | MAYBE,
}  # fmt: skip


class Held(NamedTuple):
    """An offer, and the fields of its request that decide its position."""

    id: str
    risk: str
    days: str
    window: str
    zone: str
    since: datetime
    expires: datetime
    until: datetime | None
    shown_in: datetime | None
    state: str
    claimed: datetime | None = None
    reminded: datetime | None = None
    heard: datetime | None = None
    agreed: datetime | None = None
    reached: bool = False
    """Whether somebody has talked to the caller whose case this service is asked to take over."""

    @property
    def hours(self) -> Hours:
        return Hours(self.window, self.days, self.zone, self.since, self.expires)


class Asked(NamedTuple):
    """A request, the reports of its holder, and `stranger`: when somebody else was reported to have answered."""

    held: Held
    created: datetime
    updated: datetime
    promised_to: datetime | None
    reveals: int
    claimed: datetime | None
    reminded: datetime | None
    heard: datetime | None
    stranger: datetime | None


HELD = st.builds(
    Held, state=st.sampled_from(("open", "proposed", "claimed", "claimed", "followed")), claimed=MAYBE,
    reminded=MAYBE, heard=MAYBE, agreed=MAYBE, reached=st.booleans(), **WISHES,
)  # fmt: skip
HELPED, STILL = ("reached", "following"), ("stranded", "paused", "frozen", "closed")
STATES = st.sampled_from(("waiting", "offered", "claimed")) | st.sampled_from(("offered", "claimed", *HELPED, *STILL))
ASKED = st.builds(
    Asked, held=st.builds(Held, state=STATES, **WISHES), created=HALF_HOURS, updated=HALF_HOURS,
    promised_to=MAYBE, reveals=st.integers(0, 1), claimed=MAYBE, reminded=MAYBE, heard=MAYBE, stranger=MAYBE,
)  # fmt: skip


def due(row: Held, now: datetime) -> tuple[When, datetime, str]:
    """Return the position of an offer."""
    if row.state == "followed":
        is_due = row.agreed is not None and row.agreed - timedelta(minutes=30) <= now
        return When.AGREED if is_due else When.HELPED_ON, row.agreed or FAR, row.id
    if row.state in ("open", "proposed"):
        is_calm = row.risk != "now" or (row.state == "proposed" and row.reached)
        return When.ANSWER if is_calm else When.DANGER, row.until or FAR, row.id
    window = next_window(row.hours, now, but_not=row.shown_in)
    if row.risk != "now" and row.reminded and is_silent(row.hours, row.claimed, row.shown_in, row.heard, row.reminded):
        return When.REMINDED, row.reminded, row.id
    if row.shown_in and row.risk != "now":
        return When.OUTCOME, row.shown_in, row.id
    if window and window.contains(now):
        return When.DANGER if row.risk == "now" else When.CALL_NOW, window.end, row.id
    return When.DANGER if row.risk == "now" else When.LATER, window.start if window else FAR, row.id


def is_silent(
    hours: Hours, claimed: datetime | None, shown: datetime | None, heard: datetime | None, reminded: datetime
) -> bool:
    """Whether nothing was heard of a claim since its holder was reminded."""
    return claimed is not None and heard_last(hours, claimed, shown, heard) < reminded


def bad(row: Asked, now: datetime) -> tuple[bool, Part, datetime, str]:
    """Return the position of a request."""
    part, by = _bad(row, now)
    return row.held.risk != "now" or part in (Part.HELPED_ON, Part.RESTING, Part.OVER), part, by, row.held.id


def _bad(row: Asked, now: datetime) -> tuple[Part, datetime]:
    state = row.held.state
    if state == "closed":
        return Part.OVER, row.created
    if state == "stranded":
        return Part.STRANDED, row.updated
    if state == "frozen" and row.stranger:
        return Part.FROZEN, row.stranger
    if state in ("frozen", "paused"):
        return Part.RESTING, row.created
    if state in ("reached", "following"):
        return Part.HELPED_ON, row.claimed or row.created
    if late := _late(row, now):
        return Part.LATE, late
    window = next_window(row.held.hours, now)
    if state == "claimed":
        return Part.HELD, window.end if window else FAR
    closes = window.end if window and window.contains(now) else FAR
    soon = closes - LAST_MINUTES < now + SOON
    by = min(closes, row.held.until or FAR, row.held.expires)
    return Part.CLOSING if soon or row.held.risk == "now" else Part.ASKED, by


def _late(row: Asked, now: datetime) -> datetime | None:
    if row.reminded and is_silent(row.held.hours, row.claimed, row.held.shown_in, row.heard, row.reminded):
        return row.reminded
    missed = row.promised_to and row.promised_to <= now and not row.reveals
    return row.promised_to if missed else None


def blank(table: sa.Table, **values: Any) -> dict[str, Any]:
    """Return a row with the required columns only."""
    needed = [c for c in table.c if not c.nullable and c.autoincrement is not True]
    return {c.name: START if isinstance(c.type, Instant) else c.type.python_type() for c in needed} | values


def wished(row: Held, **values: Any) -> dict[str, Any]:
    names = ("id", "risk", "days", "window", "zone", "since", "expires")
    return blank(request, **{name: getattr(row, name) for name in names}, kind="self", **values)


def offered(row: Held, state: str, **values: Any) -> dict[str, Any]:
    return blank(offer, id=row.id, request=row.id, line=row.id, service=DESK, state=state, until=row.until,
                 shown_in=row.shown_in, **values)  # fmt: skip


def keep(tx: Tx, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        tx.execute(sa.insert(table), rows)


def state_of(row: Held) -> str:
    """Return the state of the request of an offer."""
    return "reached" if row.state == "followed" or (row.state == "proposed" and row.reached) else "claimed"


def keep_held(tx: Tx, rows: list[Held]) -> None:
    keep(tx, request, [wished(row, state=state_of(row), created=START) for row in rows])
    keep(
        tx,
        offer,
        [offered(row, row.state, claimed=row.claimed, reminded=row.reminded, agreed_at=row.agreed) for row in rows],
    )
    keep(tx, attempt, [
        blank(attempt, request=row.id, offer=row.id, outcome="no_answer", at=row.heard) for row in rows if row.heard
    ])  # fmt: skip


def keep_asked(tx: Tx, rows: list[Asked]) -> None:
    facts = ("created", "updated", "promised_to", "reveals")
    keep(tx, request, [
        wished(row.held, state=row.held.state, **{name: getattr(row, name) for name in facts}) for row in rows
    ])  # fmt: skip
    keep(tx, offer, [offered(row.held, "claimed", claimed=row.claimed, reminded=row.reminded) for row in rows])
    keep(tx, attempt, [
        blank(attempt, request=row.held.id, offer=about, outcome=outcome, at=at)
        for row in rows
        for outcome, about, at in (("no_answer", row.held.id, row.heard), ("wrong_code_word", "another", row.stranger))
        if at
    ])  # fmt: skip


SAME_DATABASE = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=examples(60)
)


@SAME_DATABASE
@given(rows=st.lists(HELD, min_size=20, max_size=30, unique_by=lambda row: row.id), now=NOWS)
def test_a_desk_sees_the_window_that_closes_first_at_the_top(db: Database, rows: list[Held], now: datetime) -> None:
    with db.write(now) as tx:
        keep_held(tx, rows)
        placed, danger = desk_list.held(tx, DESK), worklist_rows.in_danger(tx, DESK)
        tx.rollback()
    assert [(each.when, each.at or FAR, each.id) for each in placed] == sorted(due(row, now) for row in rows)
    assert danger == {each.id for each in placed if each.when is When.DANGER}


@SAME_DATABASE
@given(rows=st.lists(ASKED, min_size=20, max_size=30, unique_by=lambda row: row.held.id), now=NOWS)
def test_a_coordinator_sees_the_most_urgent_first(db: Database, rows: list[Asked], now: datetime) -> None:
    with db.write(now) as tx:
        keep_asked(tx, rows)
        page = most_urgent_first.everything(tx)
        alone = {row.held.id: most_urgent_first.part_of(tx, row.held.id) for row in rows[:3]}
        some = most_urgent_first.stranded_or_urgent(tx)
        cuts = [(0, len(page)), (1, 1), *((first, first + 3) for first in range(0, len(page) + 1, 2))]
        pages = {cut: most_urgent_first.page(tx, *cut) for cut in cuts}
        tx.rollback()
    placed = sorted(bad(row, now) for row in rows)
    assert [(each.calm, each.part, each.id) for each in page] == [
        (calm, part, id) for calm, part, _, id in placed if part is not Part.OVER
    ]
    assert some == [each for each in page if each.part is Part.STRANDED or not each.calm or is_urgent(rows, each.id)]
    assert alone == {id: part for _, part, _, id in placed if id in alone}
    groups = Counter(map(most_urgent_first.GROUP_OF, page))
    assert pages == {(first, last): (page[first:last], groups) for first, last in pages}


ALIKE = st.builds(
    Asked, held=st.builds(Held, state=st.sampled_from(("offered", "claimed")), **WISHES | {
        "risk": st.just("not_said"), "days": st.just("2"), "zone": st.just("Asia/Bishkek"), "since": st.just(START),
        "window": st.sampled_from(("any", "evening")), "expires": st.integers(-2, 30).map(lambda h: START + h * HOUR),
    }), created=HALF_HOURS, updated=HALF_HOURS, promised_to=st.none(), reveals=st.just(0), claimed=MAYBE,
    reminded=st.none(), heard=MAYBE, stranger=st.none(),
)  # fmt: skip


@SAME_DATABASE
@given(rows=st.lists(ALIKE, min_size=15, max_size=20, unique_by=lambda row: row.held.id), now=NOWS)
def test_requests_with_the_same_hours_have_their_places_on_the_pages(
    db: Database, rows: list[Asked], now: datetime
) -> None:
    """Some of them expire before their next window, others later, and some have expired."""
    with db.write(now) as tx:
        keep_asked(tx, rows)
        everything = most_urgent_first.everything(tx)
        pages = {first: most_urgent_first.page(tx, first, first + 3) for first in range(0, len(rows), 3)}
        tx.rollback()
    groups = Counter(map(most_urgent_first.GROUP_OF, everything))
    assert pages == {first: (everything[first : first + 3], groups) for first in pages}


def is_urgent(rows: list[Asked], id: str) -> bool:
    return any(row.held.id == id and row.held.risk == "now" for row in rows)


LATE = Held(
    f"{1:032x}", "not_said", "135", "morning", "Asia/Bishkek", START, START + timedelta(days=9), None, None, "claimed"
)


def test_a_list_follows_the_clock(db: Database) -> None:
    """No row is written when a window opens or ends, and the list is still right."""
    opens, ends = datetime(2026, 11, 25, 2, 0, tzinfo=UTC), datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
    minute, days = timedelta(minutes=1), timedelta(days=2)
    with db.write() as tx:
        keep_held(tx, [LATE])
        at = [opens - minute, opens, ends - 6 * minute, ends - 5 * minute, ends]
        found = [desk_list.held(tx.at(each), DESK)[0] for each in at]
        tx.rollback()
    now, later = (When.CALL_NOW, ends), (When.LATER, opens)
    assert [(each.when, each.at) for each in found] == [later, now, now, *[(When.LATER, opens + days)] * 2]
