"""A caller may answer a question by SMS with the words of an option, also where they would begin another dialogue."""

import pytest

from helpline.store.schema import message, request
from menus.keywords import key_said
from tests.conftest import Databases
from tests.rules.test_sms_flows import texts
from tests.steps.caller import the_request
from tests.world import CALLER, World

LANGUAGES = {"en": "call", "ru": "позвоните", "ky": "чалыңыз", "tg": "занг", "uz_Cyrl": "қўнғироқ"}
"""The languages of the country of the tests, and a word for a call."""


def label(world: World, language: str, screen: str, key: str) -> str:
    """Return the words of an option of a screen, as it is shown."""
    text = world.public.ctx.book.pages[language][screen][0].text
    return next(line[2:] for line in text.splitlines() if line.startswith(f"{key} "))


@pytest.mark.parametrize("language", LANGUAGES)
def test_r03_an_hour_may_be_typed_as_it_is_shown(world: World, language: str) -> None:
    for key, window in (("1", "any"), ("2", "morning"), ("3", "day"), ("4", "evening")):
        texts(world, "STOP", LANGUAGES[language], "1", label(world, language, "sms.when", key))
        assert world.rows(request)[-1].window == window
        world.wait(hours=2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_r27_a_need_may_be_typed_as_it_is_shown_and_asks_for_no_second_call(world: World, language: str) -> None:
    """*Work* also means "call me" where no question is open."""
    for key, need in (("1", "wages"), ("2", "documents"), ("3", "health"), ("4", "safe_place"), ("5", "talk")):
        texts(world, "STOP", LANGUAGES[language], "1", "1", "1", "0", label(world, language, "sms.need", key))
        assert world.rows(request)[-1].need == need
        assert world.inbox(CALLER)[-1] == world.public.ctx.book.notice(language, "to_caller.noted")
        world.wait(hours=2)


def test_a_language_may_be_typed_as_it_is_shown(world: World) -> None:
    """It is no word for the list of languages then, which would come again and again."""
    texts(world, "LANGUAGE", "Русский")
    assert world.inbox(CALLER)[-1].startswith("Здравствуйте")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Ўзбекча", "Салом. Сизга"),
        ("узбекча", "Салом. Сизга"),
        ("O'zbekcha", "Salom. Sizga"),
        ("uzbekcha", "Salom. Sizga"),
        ("3 Ўзбекча", "Салом. Сизга"),
    ],
)
@pytest.mark.parametrize("asked", ["LANGUAGE", "язык", "til"])
def test_uzbek_is_chosen_in_the_script_of_the_word(new_sqlite: Databases, asked: str, said: str, shown: str) -> None:
    """Both are in the list in Uzbekistan, and are spelled alike."""
    world = World.on(new_sqlite(), country="UZ")
    phone = f"{world.public.ctx.made_up}111001"
    assert texts(world, asked, said, sender=phone).startswith(shown)


@pytest.mark.parametrize(
    ("said", "shown"),
    [("Ўзбекча", "Қай тилда?"), ("узбек тили", "Қай тилда?"), ("O'zbekcha", "Qaysi tilda?"), ("o'zbek tili", "Qaysi tilda?"),
        ("точики", "Забон"), ("русский язык", "Язык?")],
)  # fmt: skip
def test_the_name_of_a_language_begins_in_its_language_and_script(new_sqlite: Databases, said: str, shown: str) -> None:
    world = World.on(new_sqlite(), country="UZ")
    assert texts(world, said, sender=f"{world.public.ctx.made_up}111001").startswith(shown)


def test_r28_another_time_may_be_typed_as_it_is_shown(world: World) -> None:
    texts(world, "позвоните вечером", "Другое время")
    assert world.rows(message)[-1].notice == "to_caller.when"
    texts(world, "2 утро")
    assert the_request(world).window == "morning"


@pytest.mark.parametrize("text", ["evening or", "4 or", "hours", "", "0 4"])
def test_r28_a_part_of_an_option_is_no_answer(text: str) -> None:
    assert key_said(text, "When?\n1 Any time\n4 Evening or night\n0 No") == ""


def test_r27_the_words_of_an_old_question_are_no_answer_to_it(world: World) -> None:
    """After an hour *work* is what it is without a question: a wish to be called."""
    texts(world, "call", "1", "1", "1", "0")
    world.wait(hours=2)
    texts(world, "Work")
    assert world.inbox(CALLER)[-1].startswith("Hello. May we call you?")
    assert the_request(world).need == ""
