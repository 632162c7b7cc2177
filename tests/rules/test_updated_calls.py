"""A USSD call that is in progress while the service is updated: nobody guesses what its earlier keys mean."""

from dataclasses import replace

import pytest

from helpline.caller.calls_begun import CALL_LASTS, CallsBegun
from helpline.caller.day_store import DayStore
from helpline.caller.hop import DIAL_AGAIN
from helpline.store.schema import inbox, request
from menus.draft import NO, YES
from menus.gsm7 import fold
from menus.tree import Option
from tests.world import CALL_ME, CALLER, HOME, OTHER, SEE, STOPPED, Call, World

pytestmark = pytest.mark.engines
LONG_AGO = 2 * CALL_LASTS
NO_CONSENT = (("consent", NO),)
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


def read_as_no(world: World, *keys: str) -> None:
    """Go on with content by which these keys say no after every yes: there, they are keys of other questions."""
    restart(world, "another version")
    book = world.public.ctx.book
    no = book.pages["ru"]["callback.when"][0].keys["0"]
    pages = {
        name: tuple(replace(page, keys={**page.keys, **dict.fromkeys(keys, no)}) for page in of_screen)
        if name in ("callback.kept", "callback.how_old")
        else of_screen
        for name, of_screen in book.pages["ru"].items()
    }
    ctx = replace(world.public.ctx, book=replace(book, pages={**book.pages, "ru": pages}))
    world.public = replace(world.public, ctx=ctx)


@pytest.mark.parametrize("before", [(), ("1",)])
@pytest.mark.parametrize("key", ["0", "2"])
def test_r33_an_update_of_the_content_withdraws_no_request_by_keys_of_before(
    used: World, before: tuple[str, ...], key: str
) -> None:
    """By the screens of before, 0 was *End* or *Skip*, and 2 was an age: no caller has said no. They see the truth."""
    call = used.ask(CALLER, last=False).press(*before)
    read_as_no(used, "0", "2")
    assert call.press(key).text == used.public.ctx.book.page("ru", "start.not_changed", 0).text
    assert call.show().text == used.public.ctx.book.page("ru", "start.not_changed", 0).text
    used.run()
    assert "closed" not in {row.state for row in used.rows(request)}


def test_r33_after_an_update_a_no_on_a_consent_screen_withdraws_the_request(used: World) -> None:
    """Key 0 means *no* on both consent screens by any content, and it is stored that this call has shown one."""
    call = used.ask(CALLER, last=False).press("1", "00", "2")
    restart(used, "another version")
    call.press("0")
    used.run()
    assert [row.state for row in used.rows(request)].count("closed") == 1


@pytest.mark.parametrize("wrong", [("9",), ("9", "#")])
@pytest.mark.parametrize("second", [False, True])
def test_r33_after_an_update_a_no_withdraws_the_request_also_after_a_wrong_key(
    used: World, wrong: tuple[str, ...], second: bool
) -> None:
    """A wrong key shows the consent screen again. The *no* that follows answers a screen that was really shown."""
    call = used.ask(CALLER, last=False).press("1", "00", "2")
    if second:
        call.agree()
    call.press(*wrong)
    restart(used, "another version")
    assert call.press("0").text == used.public.ctx.book.page("ru", "start.refused", 0).text
    used.run()
    assert [row.state for row in used.rows(request)].count("closed") == 1


def test_r33_keys_after_a_restart_of_the_call_withdraw_nothing(used: World) -> None:
    """Home was shown, because nothing can be stored in this call any more. There, 0 is no answer to a question."""
    call = used.ask(CALLER, last=False)
    read_as_no(used, "0")
    home = call.press("1").text
    assert home.startswith("Чем помочь?")
    call.press("0")
    assert call.press("00").text == home
    used.run()
    assert "closed" not in {row.state for row in used.rows(request)}


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


def test_r28_key_0_says_no_on_each_consent_screen(world: World) -> None:
    """After an update of the content, a *no* is recognized by this key on a screen that was shown."""
    book = world.public.ctx.book
    screens = {name for name in book.tree.consent_screens if not name.startswith("sms.")}
    assert {"callback.consent", "callback.when", "danger.ask"} <= screens
    for name in screens:
        no = book.pages["ru"][name][0].keys["0"]
        assert isinstance(no, Option), name
        assert no.keep == NO_CONSENT, name
