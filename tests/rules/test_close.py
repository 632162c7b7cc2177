"""The rules about who asks for somebody close: their call stays about that person, and nothing is asked about them."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from helpline.caller import my_request, request_columns
from helpline.core.config import Config
from helpline.store.schema import request
from menus.converse import Turn, press
from menus.draft import NOT_SAID, YES, Draft
from menus.salt import SALT_BYTES
from tests.steps.caller import AGREED, code_of, save_draft, the_request
from tests.steps.caller import asked as asked_services
from tests.world import CALLER, HOME, World, contents

SALT = bytes(SALT_BYTES)
CLOSE = Draft("ru", consent=YES, window="now", risk="now", kind="about_someone")


def texts(world: World, *sent: str) -> None:
    """Send texts of a caller, one after another."""
    for text in sent:
        world.text(CALLER, text)


def test_r25_who_asks_for_somebody_close_is_not_asked_an_age() -> None:
    """*Under 18* would be taken for the caller. Everybody else is asked (R23)."""
    book = contents(Config()).book
    for kind, screen in (("about_someone", "close.secret"), ("self", "callback.how_old")):
        kept = Turn("callback.kept", 0, replace(CLOSE, kind=kind), book.tree.home)
        assert press(book, kept, "1", SALT).screen == screen


def test_r25_the_further_questions_ask_no_age_and_no_sex_of_who_asks_for_somebody_close() -> None:
    """Every screen that *anything else* leads to."""
    book = contents(Config()).book
    todo = [press(book, Turn("callback.more", 0, replace(CLOSE, risk="none"), book.tree.home), "9", SALT)]
    seen = set[str]()
    while todo:
        turn = todo.pop()
        if turn.screen not in seen and turn.screen.startswith("callback."):
            seen.add(turn.screen)
            page = book.page("ru", turn.screen, turn.page, turn.draft)
            todo += [press(book, turn, key, SALT) for key in page.keys]
    assert {"callback.more_close", "callback.state_line_too", "callback.number"} <= seen
    assert not seen & {"callback.age", "callback.sex", "callback.how_old", "callback.more_still", "callback.more_last"}


@pytest.mark.parametrize(("age", "sex", "kept"), [("under_18", "woman", "under_18"), ("adult", "man", NOT_SAID)])
def test_r25_an_age_that_the_caller_said_of_themselves_keeps_no_service_away(
    world: World, age: str, sex: str, kept: str
) -> None:
    """They asked for themselves first, then in the same call for a child who is held. A child who calls stays one (R23)."""
    save_draft(world, replace(AGREED, age_band=age, sex=sex), last=False)
    assert (the_request(world).age_band, the_request(world).sex) == (age, sex)
    save_draft(world, replace(CLOSE, age_band=age, sex=sex), keys=5)
    assert (the_request(world).age_band, the_request(world).sex) == (kept, NOT_SAID)
    world.run()
    assert asked_services(world)


@pytest.mark.parametrize(
    ("first", "then", "kinds"),
    [
        (("2", "2"), ("00", "5", "3"), [("self", "none"), ("about_someone", "none")]),
        (("2", "2"), ("00", "5", "1", "1"), [("self", "none"), ("about_someone", "now")]),
        (("2", "5", "3"), ("00", "2"), [("about_someone", "none"), ("self", "none")]),
        (("2", "5", "3"), ("00", "1", "2"), [("about_someone", "none"), ("self", "now")]),
    ],
)
def test_r25_a_stored_request_changes_its_kind_only_with_a_new_time(
    world: World, first: tuple[str, ...], then: tuple[str, ...], kinds: list[tuple[str, str]]
) -> None:
    """Not on the way to the consent screens of the other kind: the caller may hang up there, or say no (R28)."""

    def stored() -> tuple[str, str]:
        return the_request(world).kind, the_request(world).risk

    call = world.dial().press(*first).agree().press("1")
    assert stored() == kinds[0]
    for key in then:
        call.press(key)
        assert stored() == kinds[0]
    call.agree()
    assert stored() == kinds[0]
    call.press("1")
    assert stored() == kinds[1]


@pytest.mark.parametrize(("first", "then"), [(("2", "2"), ("00", "5", "3")), (("2", "5", "3"), ("00", "2"))])
def test_r25_a_no_to_a_request_of_the_other_kind_leaves_the_first_one(
    world: World, first: tuple[str, ...], then: tuple[str, ...]
) -> None:
    """The screen says that there is no new request. A *no* to the same kind withdraws the request (R33)."""
    call = world.dial().press(*first).agree().press("1")
    kind = the_request(world).kind
    call.press(*then, "0")
    assert call.show().text.startswith("Новое не записано.")
    world.wait(minutes=6)
    assert (the_request(world).kind, world.state()) == (kind, "offered")


@pytest.mark.parametrize(
    "sent",
    [
        ("FAMILY", "my daughter is locked up", "1", "1"),
        ("my daughter is locked up", "FAMILY", "1", "1"),
        ("FAMILY", "language", "my daughter is locked up", "1", "1"),
        ("FAMILY", "my daughter is locked up", "language", "2", "1", "1"),
    ],
)
def test_r25_words_of_danger_from_a_family_stay_about_somebody_close(world: World, sent: tuple[str, ...]) -> None:
    """The request is in danger, at once, and still about someone close."""
    texts(world, *sent)
    assert [(row.kind, row.risk, row.window) for row in world.rows(request)] == [("about_someone", "now", "now")]
    assert world.state() == "offered"


def test_r25_another_language_keeps_a_request_about_somebody_close(world: World) -> None:
    """Somebody writes FAMILY and then asks for Russian."""
    texts(world, "FAMILY", "language", "2", "1", "1")
    assert [(row.kind, row.language) for row in world.rows(request)] == [("about_someone", "ru")]


def test_a_word_for_a_call_of_their_own_ends_a_dialogue_about_somebody_close(world: World) -> None:
    texts(world, "FAMILY", "call me", "1", "1")
    assert [(row.kind, row.risk) for row in world.rows(request)] == [("self", "")]


@pytest.mark.parametrize("sent", [("FAMILY", "2", "1"), ("SOS", "1", "1")])
def test_a_call_now_can_be_chosen_by_sms_in_danger(world: World, sent: tuple[str, ...]) -> None:
    """Before the other times, and from abroad before the question of the hour. *Later* leads to the other times."""
    texts(world, *sent)
    assert [(row.risk, row.window) for row in world.rows(request)] == [("now", "now")]
    texts(world, "STOP", *sent[:-1], "2", "4")
    assert sorted(row.window for row in world.rows(request)) == ["evening", "now"]


@pytest.mark.parametrize("again", [("2",), ("5", "3")])
def test_r01_a_request_in_danger_stays_urgent_until_another_time_is_chosen(
    world: World, again: tuple[str, ...]
) -> None:
    """*Call me*, pressed once more after the way home, would otherwise end the danger before anything is agreed to."""
    call = world.dial(CALLER).press(*HOME, "1", "2").agree().press("1").press("00", *again)
    assert [(row.risk, row.window) for row in world.rows(request)] == [("now", "now")]
    call.agree().press("4")
    assert [(row.risk, row.window) for row in world.rows(request)] == [("none", "evening")]


def test_r03_the_place_of_somebody_close_is_not_where_the_caller_is(world: World) -> None:
    """A mother at home whose son is in Russia is called by the clock at home. Nobody asks what time it is with him."""
    call = world.dial().press("2", "5", "3").agree().press("1", "1", "1")
    assert call.text.startswith("Где этот человек?")
    call.press("9", "9", "3")
    assert call.text.startswith("В какой стране?")
    call.press("1")
    assert call.text.startswith("Чем помочь?\n1 Найти, вернуть")
    call.press("1")
    held = the_request(world)
    assert (held.place, held.zone, held.need) == ("RU", world.public.ctx.country.zone, "go_home")


def change(world: World, **answers: str) -> str:
    """Change one answer of the only request with code and word. Return the name of the notice."""
    return my_request.change_detail(world.public.ctx, *code_of(world), Draft(**answers))


def where(world: World) -> tuple[str, str]:
    """Return the place and the time zone of the only request."""
    row = the_request(world)
    return row.place, row.zone


def test_r03_where_the_caller_is_leaves_the_place_of_somebody_close(world: World) -> None:
    """*My request*, *Where I am*: it changes by which clock the caller is called, and nothing else."""
    save_draft(world, replace(CLOSE, window="any", risk="none", place="RU"))
    assert where(world) == ("RU", "Asia/Bishkek")
    assert change(world, wish="place", new_place="KG-O") == "waiting", "at home, as before"
    assert where(world) == ("RU", "Asia/Bishkek")
    assert change(world, wish="place", new_place="KR") == "no_hour"
    assert change(world, wish="place", new_place="KR", hour="13") == "detail"
    assert where(world) == ("RU", "Asia/Seoul")
    assert change(world, wish="place", new_place="KR") == "waiting", "the same country: the clock is known"
    assert change(world, wish="place", new_place="KG-O") == "detail"
    assert where(world) == ("RU", "Asia/Bishkek")


def test_r03_where_the_other_person_is_leaves_the_clock_of_who_asks(world: World) -> None:
    """Who asks for themselves has no other person: it changes nothing."""
    save_draft(world, replace(CLOSE, window="any", risk="none", place="KG-O"))
    assert change(world, wish="their_place", new_place="AE") == "detail"
    assert where(world) == ("AE", "Asia/Bishkek")
    assert change(world, wish="their_place") == "waiting", "no place was named"
    save_draft(world, replace(AGREED, place="KG-O"), keys=5)
    assert change(world, wish="their_place", new_place="AE") == "waiting"
    assert where(world) == ("KG-O", "Asia/Bishkek")


def test_r03_the_same_hour_again_leaves_the_clock_of_who_asks_about_somebody_close(world: World) -> None:
    """The place is the other person's. A fixed offset would be an hour off once the clocks change in Warsaw."""
    save_draft(world, replace(CLOSE, window="any", risk="none", place="RU"))
    shown = f"{world.clock().astimezone(ZoneInfo('Europe/Warsaw')).hour}"
    assert change(world, wish="place", new_place="PL", hour=shown) == "detail"
    assert where(world) == ("RU", "Europe/Warsaw")
    my_request.change_window(world.public.ctx, *code_of(world), "morning", "", shown)
    assert where(world) == ("RU", "Europe/Warsaw")


def test_r03_who_asks_from_abroad_is_not_where_the_other_person_is(world: World) -> None:
    """A brother in Korea asks for his sister in Russia. He says what time it is with him, then where she is."""
    world.set_local(9)
    call = world.dial("+821000000001").press("2", "5", "3").agree().press("1", "1", "1")
    assert call.text.startswith("Который у вас час?")
    assert where(world) == ("", "")
    call.press("12")
    assert call.text.startswith("Где этот человек?")
    assert where(world) == ("", "Asia/Seoul")
    call.press("9", "9", "3", "1")
    assert call.text.startswith("Чем помочь?")
    assert where(world) == ("RU", "Asia/Seoul")


def test_r03_before_a_request_exists_the_place_of_somebody_close_is_no_place_of_the_caller(world: World) -> None:
    """What the phone will show depends on who can call at the caller's hours."""
    country, now = world.public.ctx.country, world.clock()
    for kind, zone in (("about_someone", "Asia/Bishkek"), ("self", "")):
        assert request_columns.preview(replace(AGREED, kind=kind, place="RU"), country, now).zone == zone
