"""The calls that began with the content of a web, and a real Valkey that tells them to other new webs."""

from dataclasses import replace

from helpline.caller.calls_begun import CALL_LASTS, MOST, CallsBegun
from helpline.caller.day_store import DayStore
from helpline.store.schema import request
from tests.helpline.caller.test_withdrawal import statements
from tests.rules.test_updated_calls import LONG_AGO, NOWHERE, is_told_to_dial_again, restart
from tests.workers.conftest import Server
from tests.world import CALL_ME, CALLER, OTHER, World


def test_the_calls_that_a_web_remembers_are_limited_and_forgotten_after_ten_minutes(world: World) -> None:
    now = [0.0]
    calls = CallsBegun(NOWHERE, seconds=lambda: now[0], since=0.0)
    for number in range(MOST + 5):
        calls.note(world.public.ctx, b"%d" % number)
    assert len(calls.calls) == MOST
    now[0] = LONG_AGO.total_seconds()
    calls.note(world.public.ctx, b"new")
    assert list(calls.calls) == [b"new"]


def test_a_web_that_follows_the_same_content_tells_nobody_of_its_calls(world: World, server: Server) -> None:
    """After a restart without an update no key can mean something else, so a dial costs no question to Valkey."""
    world.ask(OTHER)
    restart(world)
    store = DayStore(server.url)
    store._redis = server.client()
    world.public = replace(world.public, begun=CallsBegun(store))
    world.public.begun.look(world.public.ctx)
    world.ask(CALLER)
    assert len(world.rows(request)) == 2
    assert server.client().keys("begun:*") == []


def test_two_new_webs_go_on_with_the_calls_of_each_other(world: World, server: Server) -> None:
    """A balancer may send each hop to another host. Neither knows a call that began before the update."""
    world.ask(OTHER)
    call = world.dial(CALLER).press(*CALL_ME)
    webs = []
    for _ in range(2):
        restart(world, "another version")
        store = DayStore(server.url)
        store._redis = server.client()  # it waits for Valkey as long as a test does
        world.public = replace(world.public, begun=CallsBegun(store))
        world.public.begun.look(world.public.ctx)
        webs.append(world.public)
    call.press("1")
    assert is_told_to_dial_again(world, call)
    call = world.dial(CALLER)
    for number, key in enumerate(CALL_ME):
        world.public = webs[number % 2]
        call.press(key)
    world.public = webs[1]
    call.agree()
    world.public = webs[0]
    call.press("1")
    assert len(world.rows(request)) == 2
    names = server.client().keys("begun:*")
    assert names
    assert all(0 < server.client().ttl(name) <= CALL_LASTS.total_seconds() for name in names)


def test_a_hop_to_another_web_than_the_dial_asks_one_thing_more(world: World) -> None:
    """With two webs this is nearly every second hop for ten minutes."""
    ctx = world.public.ctx
    for known in (False, True):
        session = world.ask().session if known else "unknown"
        salt, hashed = ctx.words.salt("at", session), ctx.words.session("at", session)
        with statements(world.db) as executed:
            CallsBegun(NOWHERE).may_mean_something_else(ctx, salt, hashed, for_act=True)
        assert len([each for each in executed if each.lstrip().upper().startswith("SELECT")]) == 1, executed
