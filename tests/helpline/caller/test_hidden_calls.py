"""Key 99 shows its harmless screen also where the call cannot store anything any more, or the database is away."""

from dataclasses import replace

import pytest

from helpline.caller import my_request
from menus.draft import YES
from tests.steps.caller import code_of
from tests.world import Call, World


@pytest.fixture
def kept(world: World) -> Call:
    """A call with a neutral front that has stored a request."""
    world.public = replace(world.public, front=YES)
    call = world.dial()
    for key in ("2", "4"):
        call.press(key)
    return call.agree().press("1")


def harmless(world: World) -> str:
    """Return the screen of key 99."""
    return world.public.ctx.book.page("ru", "front.over", 0).text


def test_key_99_hides_a_call_whose_request_was_deleted_meanwhile(world: World, kept: Call) -> None:
    """Nothing is said of a request."""
    assert my_request.withdraw(world.public.ctx, *code_of(world, kept.session)) == "withdrawn"
    assert kept.press("99").text == harmless(world)


def test_key_99_hides_a_call_after_it_has_begun_at_the_front_again(world: World, kept: Call) -> None:
    my_request.withdraw(world.public.ctx, *code_of(world, kept.session))
    assert kept.press("1").text == world.public.ctx.book.page("ru", "front.first", 0).text
    assert kept.press("99").text == harmless(world)
