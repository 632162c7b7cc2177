"""Nobody may call abroad before the caller has said what their clock shows (R3). Each screen on the way says so."""

from dataclasses import replace
from datetime import timedelta

import pytest

from helpline.caller import my_request, screens
from helpline.operations import health_figures
from helpline.store.schema import message, offer, request
from menus.draft import YES
from tests.steps.caller import AGREED, claim, code_of, save_draft, the_request
from tests.world import CALLER, HOME, STOPPED, World

OTHER_PHONE = "79161234567"


def test_r03_my_request_says_that_nobody_can_call_while_the_hour_abroad_is_unknown(world: World) -> None:
    """A telephone of home, a place abroad, and the question of the hour skipped. Before any worker and after them."""
    save_draft(world, replace(AGREED, place="RU"))
    ctx, code = world.public.ctx, code_of(world)
    assert my_request.status(ctx, *code) == "no_hour"
    world.run()
    assert (world.state(), my_request.status(ctx, *code)) == ("stranded", "no_hour")
    assert "do not know the time" in ctx.book.notice("en", "status.no_hour")


def test_r03_the_last_screen_says_that_nobody_can_call_while_the_hour_abroad_is_unknown(world: World) -> None:
    """It does not say that only the time of the call is open. A call *now* needs no hour."""
    ctx = world.public.ctx
    saved = save_draft(world, replace(AGREED, place="RU"))
    assert saved.lacks_hour
    said = screens.saved_values(ctx, "en", b"salt" * 8, saved, {"promise"})
    assert said["promise"] == ctx.book.notice("en", "promise.no_hour")
    assert not save_draft(world, replace(AGREED, place="RU", hour="7"), keys=5).lacks_hour
    assert not save_draft(world, replace(AGREED, place="RU", window="now", risk="now"), "s2").lacks_hour


def test_r03_a_named_number_abroad_is_not_confirmed_while_the_hour_there_is_unknown(world: World) -> None:
    """*OK. We call only that number* would promise a call that nobody may make."""
    ctx = world.public.ctx
    saved = save_draft(world, replace(AGREED, number=OTHER_PHONE, number_ok=YES), last=False)
    assert (saved.number_changed, saved.lacks_hour, the_request(world).place) == (True, True, "RU")
    said = screens.saved_values(ctx, "en", b"salt" * 8, saved, {"status"})
    assert said["status"] == ctx.book.notice("en", "status.no_hour")


def test_r39_my_request_says_when_no_hours_for_a_call_are_left(world: World) -> None:
    """A caller who asked for a call *now* at night would wait for a helper, although nobody may call any more."""
    save_draft(world, replace(AGREED, window="now", risk="now"))
    ctx, code = world.public.ctx, code_of(world)
    world.run()
    assert my_request.status(ctx, *code) == "offered"
    world.wait(hours=3)
    assert my_request.status(ctx, *code) == "hours_over"
    assert my_request.change_window(ctx, *code, "any", "") == "hour"
    assert my_request.status(ctx, *code) in ("waiting", "offered")


def test_r03_a_new_time_is_not_confirmed_while_the_hour_abroad_is_unknown(world: World) -> None:
    """The caller has a telephone of home and is not asked for the hour there. They learn how to say it."""
    save_draft(world, replace(AGREED, place="RU"))
    ctx, code = world.public.ctx, code_of(world)
    assert my_request.change_window(ctx, *code, "morning", "") == "no_hour"
    assert my_request.change_window(ctx, *code, "", "", hour="7") == "hour"
    assert (the_request(world).zone, the_request(world).window) == ("Europe/Moscow", "morning")
    assert my_request.change_window(ctx, *code, "evening", "") == "hour", "the hour is known by now"
    assert my_request.status(ctx, *code) == "waiting"
    world.run()
    assert [row.service for row in world.rows(offer)] == ["kg-country"]


def test_r03_an_hour_for_a_request_of_home_changes_nothing(world: World) -> None:
    """Somebody who is at home types an hour all the same."""
    save_draft(world)
    assert my_request.change_window(world.public.ctx, *code_of(world), "", "", hour="7") == "waiting"
    (row,) = world.rows(request)
    assert (row.zone, row.hour, row.window) == ("Asia/Bishkek", "", "any")


def test_r48_the_hour_alone_starts_no_stopped_request(world: World) -> None:
    """They have said what their clock shows, not that they may be called again."""
    save_draft(world, replace(AGREED, place="RU"))
    world.run()
    world.text(CALLER, "STOP")
    assert world.state() == "paused"
    ctx, code = world.public.ctx, code_of(world)
    assert my_request.change_window(ctx, *code, "", "", hour="7") == "paused"
    assert (world.state(), the_request(world).zone) == ("paused", "Europe/Moscow")
    assert my_request.change_window(ctx, *code, "any", "") == "hour"
    assert world.state() == "waiting"


@pytest.mark.parametrize(("hour", "window", "counted"), [("", "any", 1), ("7", "any", 0), ("", "now", 0)])
def test_r03_requests_that_nobody_may_call_are_counted_and_logged(
    world: World, hour: str, window: str, counted: int
) -> None:
    """So they are not silent: coordinators are called as for every stranded request, and operators see a number."""
    events = list[str]()
    ctx = replace(world.work.ctx, log=lambda event, _: events.append(event))
    world.work = replace(world.work, ctx=ctx)
    save_draft(world, replace(AGREED, place="RU", hour=hour, window=window))
    with world.db.read() as tx:
        assert health_figures.read(tx, timedelta(hours=1)).no_hour == counted
    world.run()
    assert events.count("no_hour") == counted


def test_r39_an_hour_that_changes_nothing_leaves_the_promise_as_it_is(world: World) -> None:
    """At home the hour says nothing, and no service is told of a new time."""
    save_draft(world, AGREED)
    claim(world)
    ctx, code, texts = world.public.ctx, code_of(world), len(world.rows(message))
    before = the_request(world)
    assert before.promised_to is not None
    assert my_request.change_window(ctx, *code, "", "", hour="7") == my_request.status(ctx, *code) == "claimed"
    world.run()
    after = the_request(world)
    assert (after.since, after.promised_from, after.promised_to) == (
        before.since,
        before.promised_from,
        before.promised_to,
    )
    assert len(world.rows(message)) == texts


def test_r48_a_time_that_was_chosen_and_left_again_starts_no_stopped_request(world: World) -> None:
    """The caller begins with another time, presses 00, and then says only what their clock shows."""
    save_draft(world)
    world.dial().press(*STOPPED)
    world.run()
    (code, word), mine = code_of(world), ("9", "2")
    call = world.dial().press(*HOME, *mine, "2", "2", "00", *mine, "9", "9", "1", "10", code)
    label = world.public.ctx.book.locals["ru"].lists["words"][word][1]
    assert call.find(label).text == world.public.ctx.book.notice("ru", "status.paused")
    world.wait(days=1)
    assert (world.state(), the_request(world).window) == ("paused", "any")


def test_r01_a_language_that_was_chosen_and_left_again_is_not_asked_for(world: World) -> None:
    """The caller begins with a woman who speaks Kyrgyz, presses 00, and then asks for a man and skips the language."""
    save_draft(world)
    (code, word), who = code_of(world), ("9", "2", "9", "9", "2", "3")
    call = world.dial().press(*HOME, *who, "1", "1", "00", *who, "2", "0", code)
    call.find(world.public.ctx.book.locals["ru"].lists["words"][word][1])
    assert (the_request(world).operator_sex, the_request(world).operator_language) == ("man", "")


def test_r03_a_copy_of_the_last_hop_confirms_the_hour_again(world: World) -> None:
    """The gateway sends it twice. Before and after the workers, the screen says the same, and nothing else changes."""
    save_draft(world, replace(AGREED, place="RU"))
    ctx, code = world.public.ctx, code_of(world)
    assert my_request.change_window(ctx, *code, "", "", hour="7") == "hour"
    before = the_request(world)
    assert my_request.change_window(ctx, *code, "", "", hour="7") == "hour"
    assert the_request(world) == before
    world.run()
    assert world.state() == "offered"
    assert my_request.change_window(ctx, *code, "", "", hour="7") == "hour"


@pytest.mark.parametrize(
    ("typed", "hour"), [("15", "15"), ("15:20", "15"), ("15 часов", "15"), ("саат 15", "15"), ("3 pm", "15")]
)
def test_r03_the_hour_may_be_dialled_as_a_clock_shows_it(world: World, typed: str, hour: str) -> None:
    """Somebody dials from abroad. Key 0 still means that they do not say it."""
    call = world.dial("+79161234567").press("2", "2").agree().press("1", "1", "1")
    assert "1-24" in call.text
    call.press(typed)
    assert the_request(world).hour == hour


@pytest.mark.parametrize("typed", ["3 часа", "да", "15 человек", "25"])
def test_r03_an_hour_that_is_doubtful_is_asked_for_again(world: World, typed: str) -> None:
    call = world.dial("+79161234567").press("2", "2").agree().press("1", "1", "1")
    call.press(typed)
    assert call.text.startswith("Наберите час: от 1 до 24.")
    assert the_request(world).hour == ""
