"""The machine's clock was set ahead for more than five minutes, and is right again: nobody waits for the wrong time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from helpline.store import outbox as outbox_rows
from helpline.store.engine import Database
from helpline.store.schema import outbox, request
from tests.steps.caller import AGREED, save_draft
from tests.world import World

AHEAD = timedelta(days=20)


@pytest.fixture
def world(db: Database) -> World:
    """A service whose clock process shows that it is alive."""
    made = World.on(db)
    made.work.beat("clock")
    return made


def wrong_for_a_while(world: World) -> None:
    """Set the clock ahead, work by it, and set it right again."""
    world.clock.sure = False
    right = world.clock.at
    world.clock.at += AHEAD
    world.work.beat("clock")
    world.run()
    world.clock.at = right + timedelta(minutes=10)
    world.work.beat("clock")
    world.run()


def due(world: World, kind: str) -> timedelta:
    """Return in how long the only row of a kind is due."""
    (row,) = [each for each in world.rows(outbox) if each.kind == kind]
    left: timedelta = row.due - world.clock.at
    return left


@pytest.mark.engines
def test_coordinators_are_called_again_after_the_clock_was_wrong(world: World) -> None:
    """Otherwise the next call about a stranded request would be in twenty days."""
    save_draft(world, replace(AGREED, operator_language="tk"))
    world.run()
    assert world.state() == "stranded"
    wrong_for_a_while(world)
    assert world.state() == "stranded"
    assert due(world, "page") < timedelta(hours=7)


def test_r34_numbers_are_deleted_on_time_after_the_clock_was_wrong(world: World) -> None:
    """The next sweep was put off by the wrong time."""
    save_draft(world)
    wrong_for_a_while(world)
    assert len(world.rows(request)) == 1
    assert due(world, "sweep") < timedelta(days=1)


def test_a_request_is_offered_after_the_clock_was_wrong(world: World) -> None:
    """It was passed on by the wrong time, and waits from then on."""
    save_draft(world)
    world.run()
    assert world.state() == "offered"
    wrong_for_a_while(world)
    kinds = {"attend", "page", "lapse"}
    assert all(each.due - world.clock.at < timedelta(days=1) for each in world.rows(outbox) if each.kind in kinds)


def put_off(world: World) -> None:
    """Store a call of coordinators that is due in twelve hours."""
    with world.db.write() as tx:
        outbox_rows.ensure(tx, "page", "all", tx.now + timedelta(hours=12))


def test_two_hosts_whose_clocks_differ_do_not_bring_calls_forward_for_ever(world: World) -> None:
    """Each beat of the slower one would see the later time of the other. Then each would text all coordinators."""
    put_off(world)
    right, slow, fast = world.clock.at, world.work, replace(world.work, beats={})
    for minutes in range(5):
        world.clock.at = right + timedelta(minutes=minutes + 20)
        fast.beat("clock")
        world.clock.at = right + timedelta(minutes=minutes)
        slow.beat("clock")
    assert due(world, "page") > timedelta(hours=11)


def test_a_clock_process_that_was_started_again_meanwhile_finds_the_wrong_time(world: World) -> None:
    """It has no heartbeat of its own, so its first one is compared with the stored one."""
    right = world.clock.at
    world.clock.at += AHEAD
    world.work.beat("clock")
    put_off(world)
    world.clock.at = right + timedelta(minutes=10)
    replace(world.work, beats={}).beat("clock")
    assert due(world, "page") <= timedelta()


@pytest.mark.engines
def test_r03_now_begins_at_once_after_the_clock_was_wrong(world: World) -> None:
    """Somebody in danger asked for a call within two hours. By the wrong time, these would open hours later."""
    right = world.clock.at
    world.clock.at += timedelta(hours=6)
    world.work.beat("clock")
    save_draft(world, replace(AGREED, risk="now", window="now"))
    world.clock.at = right + timedelta(minutes=10)
    world.work.beat("clock")
    assert [row.since for row in world.rows(request)] == [world.clock.at]
