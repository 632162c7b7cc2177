"""Who types the days on which they may be called is told which day it is: somebody who is locked up may not know."""

from datetime import timedelta

import pytest

from tests.world import CALLER, World


def asked_for_days(world: World, caller: str) -> str:
    """Return the screen on which a caller types the days."""
    call = world.dial(caller).press("2", "2").agree().press("2", "1", "2")
    return call.press("3").text


@pytest.mark.parametrize(("later", "weekday"), [(0, "2"), (13, "2"), (15, "3"), (5 * 24, "7")])
def test_the_day_is_that_of_the_country(world: World, later: int, weekday: str) -> None:
    """The test begins on a Tuesday at 4:00 UTC, and Bishkek is six hours ahead."""
    world.wait(timedelta(hours=later))
    assert f"7 воскресенье, сегодня {weekday}." in asked_for_days(world, CALLER)


def test_abroad_it_is_left_out(world: World) -> None:
    """There it may be another day."""
    assert "1 понедельник, 7 воскресенье.\n" in asked_for_days(world, "+79161234567")
