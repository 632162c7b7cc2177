"""The first text says when: "call me in the evening". The hours are said back, and are not asked again (R3, R28)."""

from datetime import timedelta

import pytest

from helpline.store.schema import message, request
from tests.rules.test_sms_flows import texts
from tests.steps.caller import the_request
from tests.story import ABROAD
from tests.world import World

EVENING = {
    "en": "call me in the evening please", "ru": "Здравствуйте, позвоните мне вечером", "kk": "кешке хабарласыңызшы",
    "ky": "кечинде чалып коюңузчу", "tg": "бегоҳӣ занг занед", "uz": "kechqurun tel qiling",
    "uz_Cyrl": "кечқурун тел қилинг", "tk": "agşam jaň ediň",
}  # fmt: skip


@pytest.mark.parametrize("said", EVENING.values(), ids=EVENING)
def test_r03_the_hour_of_a_first_text_is_said_back_and_kept(world: World, said: str) -> None:
    asked = texts(world, said)
    assert "17:00" in asked
    assert "21:00" in asked
    assert world.rows(request) == [], "an hour is no consent (R28)"
    texts(world, "1")
    stored = the_request(world)
    assert (stored.window, stored.days) == ("evening", "")
    assert world.rows(message)[-1].notice == "to_caller.kept"


@pytest.mark.parametrize(("said", "window"), [
    ("call me in the morning", "morning"), ("позвоните после обеда", "day"), ("позвоните в любое время", "any"),
    ("ertalab tel qiling", "morning"),
])  # fmt: skip
def test_r03_every_part_of_the_day_may_be_said_first(world: World, said: str, window: str) -> None:
    texts(world, said, "1")
    assert the_request(world).window == window


AFTER_SIX = {
    "en": "call me after 6", "ru": "перезвоните после шести", "kk": "алтыдан кейін хабарласыңызшы",
    "ky": "саат 6дан кийин чалып коюңузчу", "tg": "баъд аз 6 занг занед", "uz": "6 dan keyin tel qiling",
    "uz_Cyrl": "олтидан кейин тел қилинг", "tk": "sagat 6dan soň jaň ediň",
}  # fmt: skip


@pytest.mark.parametrize("said", AFTER_SIX.values(), ids=AFTER_SIX)
def test_r03_after_six_is_said_back_and_nobody_calls_before(world: World, said: str) -> None:
    asked = texts(world, said)
    assert "18:00" in asked
    assert "21:00" in asked
    texts(world, "1")
    assert the_request(world).window == "18-21"


@pytest.mark.parametrize("said", ["после 7 вечера позвоните", "call after 19:00", "7dan keyin tel qiling"])
def test_r03_after_seven_is_not_after_six(world: World, said: str) -> None:
    texts(world, said, "1")
    assert the_request(world).window == "19-21"


@pytest.mark.parametrize(
    "said", ["позвоните до 6", "call me after 6 days", "позвоните завтра после 6", "позвоните после 23"]
)
def test_r03_what_is_no_evening_hour_is_asked_for(world: World, said: str) -> None:
    texts(world, said)
    assert world.rows(message)[-1].values["screen"] == "sms.ask"


def test_r03_tomorrow_evening_is_only_tomorrow(world: World) -> None:
    texts(world, "позвоните завтра вечером", "1")
    said_first = the_request(world)
    texts(world, "STOP", "call", "1", "5", "4")
    asked_for = world.rows(request)[-1]
    assert said_first.days
    assert (said_first.window, said_first.days) == (asked_for.window, asked_for.days)


@pytest.mark.parametrize("said", ["call me this evening", "позвоните сегодня вечером", "имшаб занг занед"])
def test_r03_this_evening_is_only_today(world: World, said: str) -> None:
    """Not each evening of two weeks: on the others it may not be safe."""
    texts(world, said)
    assert world.rows(message)[-1].values["screen"] == "sms.ask_today_evening"
    texts(world, "1")
    assert (the_request(world).window, the_request(world).days[0]) == ("evening", "0")


def test_r03_another_time_than_the_one_said_back(world: World) -> None:
    texts(world, "позвоните вечером", "2")
    assert world.rows(request) == []
    texts(world, "2")
    assert the_request(world).window == "morning"


def test_r28_the_same_hour_again_is_no_yes(world: World) -> None:
    texts(world, "позвоните вечером", "вечером")
    assert world.rows(request) == []
    assert world.rows(message)[-1].values["wrong"]


def test_r28_no_to_the_hour_said_back_stores_nothing(world: World) -> None:
    texts(world, "позвоните вечером", "0")
    assert world.rows(request) == []


@pytest.mark.parametrize("said", [
    "позвоните, но не вечером", "позвоните, муж дома вечером", "call me, he is home in the evening",
    "позвоните утром или вечером", "позвоните сегодня",
])  # fmt: skip
def test_r03_no_hour_is_said_back_that_was_not_meant(world: World, said: str) -> None:
    texts(world, said)
    assert world.rows(message)[-1].values["screen"] in ("sms.ask", "sms.danger")


@pytest.mark.parametrize(("said", "late"), [
    ("позвоните завтра вечером", timedelta(hours=16)), ("call me this evening", timedelta(hours=13)),
])  # fmt: skip
def test_r03_a_day_is_asked_again_if_it_is_another_one_by_now(world: World, said: str, late: timedelta) -> None:
    """*Tomorrow* after midnight would be one day later; an evening that is over cannot be promised."""
    texts(world, said)
    world.wait(late)
    texts(world, "1")
    assert world.rows(request) == []
    assert world.rows(message)[-1].values["screen"] == "sms.ask"


def test_r03_abroad_the_hour_there_is_asked_and_nobody_calls_before(world: World) -> None:
    texts(world, "позвоните вечером", "1", sender=ABROAD)
    assert world.rows(message)[-1].notice == "to_caller.hour"
    world.run()
    assert world.state() != "offered"
    texts(world, "15", sender=ABROAD)
    assert (the_request(world).window, the_request(world).hour) == ("evening", "15")
    assert the_request(world).zone


@pytest.mark.parametrize("said", [
    "да", "ок", "нет", "0", "00", "25", "15 минут", "15:70", "да 15", "нас 15", "15 человек", "3 часа", "в 3", "3 дня",
    "через 15 часов", "15 of us", "с 15 до 18", "после 15",
])  # fmt: skip
def test_r03_abroad_no_other_answer_is_taken_for_the_hour(world: World, said: str) -> None:
    """*Yes* is the digit 1 elsewhere, and *no* is 0: as hours they would move the evening into the night.

    Nor is a count of people one, and *3 часа* may be in the night.
    """
    texts(world, "позвоните вечером", "1", said, sender=ABROAD)
    assert (the_request(world).hour, the_request(world).zone) == ("", "")
    assert world.rows(message)[-1].notice == "to_caller.hour"


@pytest.mark.parametrize(("said", "hour"), [
    ("15:20", "15"), (" 7.05 ", "7"), ("24", "24"), ("00:20", "24"), ("0.05", "24"), ("１５", "15"),
    ("15 часов", "15"), ("15ч", "15"), ("в 15", "15"), ("15:00", "15"), ("3 pm", "15"), ("соат 15", "15"),
    ("saat 15", "15"), ("саат 15", "15"), ("сағат 15", "15"), ("soat 15:20", "15"), ("sagat 15", "15"),
    ("3 часа дня", "15"), ("2 часа ночи", "2"), ("8 вечера", "20"), ("эртең менен саат 8", "8"), ("соати 3 рӯз", "15"),
    ("12 AM", "24"), ("12 pm", "12"), ("ertalab soat 8", "8"),
])  # fmt: skip
def test_r03_abroad_the_hour_is_read_from_a_clock(world: World, said: str, hour: str) -> None:
    texts(world, "позвоните вечером", "1", said, sender=ABROAD)
    assert the_request(world).hour == hour


def test_r03_abroad_no_day_is_said_back(world: World) -> None:
    """Which day it is there is not known yet."""
    texts(world, "позвоните завтра вечером", sender=ABROAD)
    assert world.rows(message)[-1].values["screen"] == "sms.ask"
