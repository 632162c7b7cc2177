"""A USSD call that is in progress while the service is updated: nobody guesses what its earlier keys mean."""

from dataclasses import replace

import pytest

from helpline.caller.calls_begun import CALL_LASTS, CallsBegun
from helpline.caller.day_store import DayStore
from helpline.caller.hop import DIAL_AGAIN
from helpline.store.schema import inbox, request
from menus.draft import YES
from menus.gsm7 import fold
from tests.world import CALL_ME, CALLER, HOME, OTHER, SEE, STOPPED, Call, World

pytestmark = pytest.mark.engines
LONG_AGO = 2 * CALL_LASTS
NOWHERE = DayStore("unix:///nowhere/valkey.sock")
"""Without Valkey each web knows the dials only that it has answered itself."""


def restart(world: World, version: str = "") -> None:
    """Start the web again, perhaps with another version of the content."""
    ctx = world.public.ctx
    book = replace(ctx.book, digest=version) if version else ctx.book
    world.public = replace(world.public, ctx=replace(ctx, book=book), begun=CallsBegun(NOWHERE))


def is_told_to_dial_again(world: World, call: Call) -> bool:
    return call.reply.last and call.text.startswith(_first_words(world))


def _first_words(world: World) -> str:
    book = world.public.ctx.book
    return fold(book.pages["ru"][DIAL_AGAIN][0].text, "ru")[:20]


@pytest.fixture
def used(world: World) -> World:
    """A service that somebody asked for a call some time ago."""
    world.ask(OTHER)
    world.clock.at += LONG_AGO
    return world


@pytest.mark.parametrize("reached", ["the menu", "the first consent screen", "the second consent screen"])
def test_r28_keys_of_before_an_update_store_nothing(used: World, reached: str) -> None:
    """Whatever the caller had chosen: the need, the hour and the consent could mean something else by now."""
    call = used.dial(CALLER).press(*CALL_ME[:-1])
    if reached != "the menu":
        call.press(*CALL_ME[-1:])
    if reached == "the second consent screen":
        call.agree()
    restart(used, "another version")
    if reached == "the menu":
        call.press(*CALL_ME[-1:])
    else:
        call.press("1")
    assert is_told_to_dial_again(used, call)
    assert len(used.rows(request)) == 1
    used.ask(CALLER)
    assert [row.content for row in used.rows(request)][1:] == ["another version"]


@pytest.mark.parametrize("keys", [STOPPED, (*SEE, "123456", "1")])
def test_r28_keys_of_before_an_update_do_nothing_else(used: World, keys: tuple[str, ...]) -> None:
    """Nothing is stopped, shown or withdrawn by a key that may have meant something else."""
    call = used.dial(CALLER).press(*keys[:-1])
    restart(used, "another version")
    assert is_told_to_dial_again(used, call.press(keys[-1]))
    assert used.rows(inbox) == []
    assert not is_told_to_dial_again(used, used.dial(CALLER).press(*keys))


def test_r28_key_99_hides_a_call_of_before_an_update_and_stores_nothing(used: World) -> None:
    """By other content, earlier keys could be a yes that nobody has said."""
    used.public = replace(used.public, front=YES)
    call = used.dial(CALLER).press(*HOME, "4").agree()
    restart(used, "another version")
    assert call.ahead("1", "99").text == used.public.ctx.book.page("ru", "front.over", 0).text
    assert len(used.rows(request)) == 1


def test_a_restart_without_an_update_interrupts_no_call(used: World) -> None:
    """Any web answers any hop, whether or not it has answered the dial."""
    call = used.dial(CALLER).press(*CALL_ME)
    restart(used)
    call.agree()
    restart(used)
    call.press("1").press("0")
    assert len(used.rows(request)) == 2
    call = used.dial(CALLER).press(*STOPPED[:-1])
    restart(used)
    call.press(STOPPED[-1])
    assert len(used.rows(inbox)) == 1


def test_r28_beside_a_web_of_another_version_each_stores_only_calls_that_it_has_answered_from_the_dial(
    used: World,
) -> None:
    """During an update of two hosts, a call may go to and fro between them."""
    before, content = used.public, used.public.ctx.book.digest
    restart(used, "another version")
    after = used.public
    used.ask("+996000111003")
    call = used.dial(CALLER).press(*CALL_ME)
    used.public = replace(before, begun=CallsBegun(NOWHERE, since=before.begun.since - LONG_AGO.total_seconds()))
    assert is_told_to_dial_again(used, call.press("1"))
    used.ask(CALLER)
    used.public = after
    used.ask("+996000111004")
    assert [row.content for row in used.rows(request)] == [content, "another version", content, "another version"]


def test_some_minutes_after_an_update_any_web_answers_any_hop_again(used: World) -> None:
    restart(used, "another version")
    used.public = replace(
        used.public, begun=CallsBegun(NOWHERE, since=used.public.begun.since - LONG_AGO.total_seconds())
    )
    call = used.dial(CALLER).press(*CALL_ME)
    used.public = replace(used.public, begun=CallsBegun(NOWHERE, since=used.public.begun.since))
    call.agree()
    call.press("1")
    assert len(used.rows(request)) == 2
