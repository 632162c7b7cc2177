"""While the machine's clock is in doubt, nothing ends and no number is deleted because of the time (R30, R34)."""

from datetime import timedelta

import pytest

from helpline.caller import my_request
from helpline.store.schema import request, talk, vault
from tests.steps.caller import code_of, save_draft
from tests.world import OTHER, World

pytestmark = pytest.mark.engines


def jump(world: World, **spans: float) -> None:
    """Set the clock ahead, and let the workers do what is then due."""
    world.clock.at += timedelta(**spans)
    world.clock.sure = False
    world.work.beat("clock")
    world.run()


@pytest.mark.parametrize("state", ["waiting", "offered", "claimed", "reached"])
def test_r34_a_clock_that_may_be_wrong_ends_no_request_and_deletes_no_number(world: World, state: str) -> None:
    """Whatever its state: only the time says that it is over, and the time may be wrong."""
    if state == "waiting":
        save_draft(world)
    elif state == "offered":
        world.ask()
        world.run()
        world.offered()
    else:
        to, code = world.claimed()
        if state == "reached":
            world.text(to, f"НОМЕР {code}")
            world.text(to, f"REACHED {code}")
    jump(world, days=60)
    assert [row.state in ("closed", "expired") for row in world.rows(request)] == [False]
    assert len(world.rows(vault)) == 1
    world.clock.sure = True
    world.wait(hours=1)
    assert [row.state in ("closed", "expired") for row in world.rows(request)] == [True]
    assert world.rows(vault) == []


def test_r34_a_clock_that_may_be_wrong_ends_no_request_that_was_not_for_its_holder(world: World) -> None:
    """That it was not can be undone for some minutes, and the number is deleted then."""
    to, code = world.claimed()
    world.text(to, f"НОМЕР {code}")
    world.text(to, f"NOT OURS {code}")
    assert world.state() == "reached"
    jump(world, days=1)
    assert (world.state(), len(world.rows(vault))) == ("reached", 1)
    world.clock.sure = True
    world.wait(hours=1)
    assert (world.state(), world.rows(vault)) == ("closed", [])


def test_r33_a_withdrawal_counts_at_once_even_if_the_clock_is_in_doubt(world: World) -> None:
    """It is the caller who ends the request, not the time."""
    save_draft(world)
    jump(world, hours=3)
    my_request.withdraw(world.public.ctx, *code_of(world))
    world.run()
    assert world.rows(vault) == []


def test_r34_a_clock_that_may_be_wrong_reduces_no_ended_request_to_counts(world: World) -> None:
    save_draft(world)
    my_request.withdraw(world.public.ctx, *code_of(world))
    world.run()
    jump(world, days=60)
    assert [row.draws == -1 for row in world.rows(request)] == [False]
    world.clock.sure = True
    world.wait(hours=1)
    assert [row.draws == -1 for row in world.rows(request)] == [True]


def test_r34_what_a_call_needed_for_minutes_is_deleted_all_the_same(world: World) -> None:
    world.dial(OTHER).press("2", "2")
    assert len(world.rows(talk)) == 1
    jump(world, hours=2)
    assert world.rows(talk) == []
