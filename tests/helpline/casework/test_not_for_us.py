"""A prank, silence, a wrong person, or not our field: an outcome of its own, never counted as *helped*."""

from datetime import timedelta

import pytest

from helpline.core.config import Config
from helpline.oversight import exported_cases, month_rows
from helpline.request.attempts import IN_VAIN
from helpline.store.engine import Database
from helpline.store.schema import attempt, request, vault
from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.test_cases import act, claimed, shown
from tests.steps.desk import says, states
from tests.steps.desk import shown as shown_by_sms
from tests.world import World

UNDO_MINUTES = Config().undo_minutes
NOTED = "{}: noted. It ends in a few minutes. Delete the number. A mistake? UNDO {}"
ENDED = [("closed", "not_for_us")]


@pytest.fixture
def world(db: Database) -> World:
    """A service where every desk writes English and gets numbers."""
    world = World.on(db)
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    return world


def outcomes(world: World) -> list[str]:
    """Return how each request counts in the figures of this month."""
    month = world.clock().replace(day=1)
    with world.db.read() as tx:
        data = month_rows.month_data(tx, month, month + timedelta(days=31), lambda place: place)
    assert data.spans.get("reach", []) == []
    return [person["outcome"] for person in data.people]


@pytest.mark.engines
@pytest.mark.parametrize(
    "orders", [("NOT FOR US {}",), ("{} PRANK",), ("REACHED {}", "NOT OURS {}"), ("{} 1", "NOT FOR US {}")]
)
def test_r46_a_prank_is_not_counted_as_help(world: World, orders: tuple[str, ...]) -> None:
    """Before and after *reached*. It ends when it can no longer be taken back."""
    code = shown_by_sms(world)
    for each in orders[:-1]:
        says(world, each.format(code))
    assert says(world, orders[-1].format(code)) == [NOTED.format(code, code)]
    assert states(world) == [("reached", None)]
    world.wait(minutes=UNDO_MINUTES)
    assert states(world) == ENDED
    assert world.rows(vault) == []
    assert outcomes(world) == ["not_for_us"]
    with world.db.read() as tx:
        assert exported_cases.rows(tx) == []


def test_r46_a_prank_is_not_counted_as_help_after_days(world: World) -> None:
    """While the caller is being followed, it turns out not to be for this service."""
    code = shown_by_sms(world)
    says(world, f"REACHED {code}")
    world.wait(days=2)
    assert states(world) == [("following", None)]
    says(world, f"NOT OURS {code}")
    world.wait(minutes=UNDO_MINUTES)
    assert states(world) == ENDED
    assert outcomes(world) == ["not_for_us"]


@pytest.mark.engines
@pytest.mark.parametrize("before", [(), ("REACHED {}",)])
def test_a_mistaken_not_for_us_is_undone(world: World, before: tuple[str, ...]) -> None:
    """Within minutes. Then it is as before, and nothing closes it."""
    code = shown_by_sms(world)
    for each in before:
        says(world, each.format(code))
    since = states(world)
    says(world, f"NOT FOR US {code}")
    world.wait(minutes=UNDO_MINUTES - 1)
    assert says(world, f"UNDO {code}") == [f"{code}: undone. It is as before."]
    assert states(world) == since
    world.wait(hours=2)
    assert states(world) == since
    assert len(world.rows(vault)) == 1


def test_not_for_us_is_refused_before_the_number_was_shown_and_counts_once(world: World) -> None:
    """Nobody can have called yet. Said twice, it is noted once, and its end is not put off."""
    _, code = world.claimed()
    assert says(world, f"PRANK {code}") == [f"{code}: first ask for the number: NUMBER {code}"]
    says(world, f"NUMBER {code}")
    says(world, f"PRANK {code}")
    world.wait(minutes=UNDO_MINUTES - 1)
    says(world, f"PRANK {code}")
    assert [row.outcome for row in world.rows(attempt)].count("not_for_us") == 1
    world.wait(minutes=1)
    assert states(world) == ENDED


@pytest.mark.parametrize("late", ["STRANGER {}", "UNSAFE {}", "DONE DONE {}"])
def test_a_later_report_counts_more(world: World, late: str) -> None:
    """What is about safety, or that it was help after all, holds although it was not for us a minute ago."""
    code = shown_by_sms(world)
    says(world, f"NOT FOR US {code}")
    says(world, late.format(code))
    state = {"STRANGER {}": ("frozen", None), "UNSAFE {}": ("paused", None), "DONE DONE {}": ("closed", "helped")}[late]
    assert states(world) == [state]
    world.wait(minutes=UNDO_MINUTES)
    assert states(world) == [state]


def test_no_word_for_an_unanswered_call_means_not_for_us() -> None:
    """Calls in vain are called again; this is the end of a request."""
    assert "not_for_us" not in IN_VAIN


@pytest.mark.parametrize("first", ["", "reached"])
def test_r46_a_prank_is_not_counted_as_help_at_the_console(new_sqlite: Databases, first: str) -> None:
    """The same by the form of the case, with the same undo."""
    office = CaseOffice.on(new_sqlite())
    id, browser = claimed(office)
    shown(browser, id)
    if first:
        assert act(browser, id, "told", outcome=first) == first
    before = office.world.rows(request)[0].state
    assert act(browser, id, "told", outcome="not_for_us") == "not_for_us"
    assert act(browser, id, "undo") == "undone"
    assert office.world.rows(request)[0].state == before
    assert act(browser, id, "told", outcome="not_for_us") == "not_for_us"
    assert "Not for us" in browser.get(f"/cases/{id}").get_data(as_text=True)
    office.world.wait(minutes=UNDO_MINUTES)
    assert [(row.state, row.outcome) for row in office.world.rows(request)] == ENDED
    assert outcomes(office.world) == ["not_for_us"]
