"""What a caller adds to a request later, with code and word: R3, R8, R27, R42, R44, R48. No key is pressed here."""

from dataclasses import replace
from datetime import time

import pytest

from helpline.caller import my_request, receive
from helpline.core.call_windows import between, times_of
from helpline.core.phone_numbers import msisdn
from helpline.store.schema import offer
from menus.draft import Draft
from tests.steps.caller import AGREED, claim, code_of, listed, save_draft, the_request
from tests.world import CALLER, World


def change(world: World, **answers: str) -> str:
    """Change one answer of the only request. Return the name of the notice."""
    return my_request.change_detail(world.public.ctx, *code_of(world), Draft(**answers))


def offers(world: World) -> list[tuple[str, str]]:
    """Return who was asked, in order, and the state of each offer."""
    return [(row.service, row.state) for row in world.rows(offer)]


@pytest.mark.parametrize("window", ["07-12", "18-22", "00-23", "14-14", "15-09", "9-14", "", "night"])
def test_r03_hours_in_which_nobody_is_called_are_no_window(window: str) -> None:
    """Only full hours from 8 to 21, the first before the last. Anything else closes all windows."""
    assert times_of(window) is None


def test_r03_typed_hours_are_kept_to_the_hour(world: World) -> None:
    """From 9 to 11: the number leaves at 10, and neither at 8 nor at 12."""
    save_draft(world, replace(AGREED, need="wages"))
    to, code = claim(world)
    assert times_of(between("9", "11")) == (time(9), time(11))
    assert my_request.change_window(world.public.ctx, *code_of(world), between("9", "11"), "") == "hour"
    world.run()
    assert f"{code}: new time: " in world.inbox(to)[-1]
    assert "09:00-11:00" in world.inbox(to)[-1]
    for hour in (12, 8):
        world.set_local(hour)
        world.text(to, f"NUMBER {code}")
        assert CALLER not in " ".join(world.inbox(to))
    world.set_local(10)
    world.text(to, f"NUMBER {code}")
    assert CALLER in world.inbox(to)[-1]


def test_r03_a_service_is_asked_with_the_typed_hours(world: World) -> None:
    """In an offer they look like hours, not like an age. The same way leads back to any time."""
    save_draft(world)
    assert my_request.change_window(world.public.ctx, *code_of(world), between("14", "16"), "") == "hour"
    world.run()
    to, _ = world.offered()
    assert ", 14:00-16." in world.inbox(to)[-1]
    assert my_request.change_window(world.public.ctx, *code_of(world), "any", "") == "hour"
    assert the_request(world).window == "any"


def test_r03_hours_in_which_nobody_is_called_change_nothing(world: World) -> None:
    """Whatever a menu of later days may let through."""
    save_draft(world)
    assert my_request.change_window(world.public.ctx, *code_of(world), "06-23", "") == "waiting"
    assert the_request(world).window == "any"


def test_r42_an_offer_that_no_longer_fits_is_void(world: World) -> None:
    """Nobody of that service speaks the language that the caller asks for now."""
    listed(world, lambda each: replace(each, languages=("ru",)) if each.id == "kg-country" else each)
    save_draft(world)
    world.run()
    assert offers(world) == [("kg-country", "open")]
    assert change(world, wish="who", new_operator_sex="any", new_operator_language="ky") == "detail"
    world.run()
    assert offers(world)[0] == ("kg-country", "void")
    assert (the_request(world).operator_language, the_request(world).language) == ("ky", "ru")


def test_r44_the_service_that_claimed_is_sent_the_card_again(world: World) -> None:
    """As after an answer in the first call. The same way leads back."""
    save_draft(world)
    to, code = claim(world)
    assert change(world, wish="who", new_operator_sex="woman") == "detail"
    world.run()
    assert world.inbox(to)[-1] == f"{code}: RU woman."
    assert change(world, wish="who", new_operator_sex="any") == "detail"
    world.run()
    assert (world.state(), the_request(world).operator_sex) == ("claimed", "any")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"wish": "need", "new_need": "wages"}, "changed: place not said, RU, Unpaid wages, age not said."),
        ({"wish": "place", "new_place": "KG-B"}, "changed: Batken, RU, need not said, age not said."),
    ],
)
def test_r32_the_service_that_claimed_is_told_what_its_card_does_not_say(
    world: World, answer: dict[str, str], says: str
) -> None:
    """Place and need are in the offer and not on the card: one text says them, and the card is not sent again."""
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    save_draft(world)
    to, code = claim(world)
    before = len(world.inbox(to))
    assert change(world, **answer) == "detail"
    world.run()
    assert world.inbox(to)[before:] == [f"{code}, {says}"]


def test_only_the_answer_that_the_caller_wishes_to_change_is_changed(world: World) -> None:
    """Somebody began to name a place, pressed 00 and changed the need."""
    save_draft(world, replace(AGREED, place="KG-B", need="wages"))
    left = {"new_place": "KG-O", "new_operator_sex": "man"}
    assert change(world, wish="need", new_need="safe_place", **left) == "detail"
    row = the_request(world)
    assert (row.need, row.place, row.operator_sex) == ("safe_place", "KG-B", "")
    assert change(world, wish="place", **left) == "detail"
    assert (the_request(world).place, the_request(world).zone) == ("KG-O", "Asia/Bishkek")
    assert change(world, wish="place") == "waiting", "no place was named"


def test_r03_at_a_place_abroad_nobody_calls_before_the_hour_is_known(world: World) -> None:
    """The hour of home says nothing there. With the hour they may call, and at home by the clock of home."""
    save_draft(world)
    assert change(world, wish="place", new_place="RU") == "no_hour"
    assert (the_request(world).zone, the_request(world).hour) == ("", "")
    assert change(world, wish="place", new_place="RU", hour="7") == "detail"
    assert the_request(world).zone == "Europe/Moscow"
    assert change(world, wish="place", new_place="RU") == "detail", "the same country: the clock is known"
    assert change(world, wish="place", new_place="KR") == "no_hour"
    assert change(world, wish="place", new_place="KG-B") == "detail"
    assert the_request(world).zone == "Asia/Bishkek"


@pytest.mark.parametrize(("window", "later"), [("now", "any"), ("now_morning", "morning")])
def test_r03_other_days_do_not_begin_the_two_hours_of_now_again(world: World, window: str, later: str) -> None:
    """Somebody in danger asked for a call at once. Hours later they choose days: nobody may call tonight."""
    save_draft(world, replace(AGREED, risk="now", window=window))
    world.wait(hours=3)
    assert my_request.change_window(world.public.ctx, *code_of(world), "", "67") == "hour"
    row = the_request(world)
    assert (row.window, row.days) == (later, "67")


def test_r03_the_hour_abroad_does_not_begin_the_two_hours_of_now_again(world: World) -> None:
    """The caller has said what their clock shows, not that they may be called again at once."""
    save_draft(world, replace(AGREED, risk="now", window="now", place="RU"))
    began = the_request(world).since
    world.wait(hours=3)
    my_request.change_window(world.public.ctx, *code_of(world), "", "", "10")
    row = the_request(world)
    assert (row.window, row.zone != "", row.since) == ("now", True, began)


def test_r48_another_answer_starts_no_stopped_request(world: World) -> None:
    """They have said what they need, not that they may be called again."""
    save_draft(world)
    world.run()
    receive.pause(world.public.ctx, "stop", msisdn(CALLER))
    world.run()
    assert change(world, wish="need", new_need="legal") == "paused"
    world.wait(days=1)
    assert (world.state(), the_request(world).need) == ("paused", "legal")


def test_a_request_that_nobody_could_take_is_looked_at_again(world: World) -> None:
    """In the language asked for nobody calls; in another one somebody does."""
    save_draft(world, replace(AGREED, operator_language="tk"))
    world.run()
    assert world.state() == "stranded"
    assert change(world, wish="who", new_operator_language="ru") == "detail"
    world.run()
    assert world.state() == "offered"
