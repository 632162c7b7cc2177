"""Whose trouble is over is asked whether the calls should stop: nothing is withdrawn silently (R18)."""

import pytest

from helpline.store.schema import message, request
from menus.keywords import OVER, Ask, Stop
from tests.menus.test_keywords import WORDS
from tests.rules.test_sms_flows import texts
from tests.world import CALLER, World

SAID = {
    "en": "i am home already no need", "ru": "мне больше не нужна поддержка", "kk": "үйге келдім бәрі жақсы",
    "ky": "үйгө кетип калдым баары жакшы", "tg": "ман хона омадам ҳамааш нағз", "uz": "uydaman hammasi yaxshi rahmat",
    "uz_Cyrl": "уйга келдим хаммаси яхши", "tk": "men öýe geldim hemme zat gowy",
}  # fmt: skip


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_r18_who_is_home_is_asked_whether_to_stop_the_calls(world: World, said: str) -> None:
    """The question stops nothing, in every language."""
    texts(world, "call", "1", "1", said)
    assert world.rows(message)[-1].notice == "to_caller.over"
    world.run()
    assert world.state() == "waiting"


def test_r18_yes_to_the_question_stops_all_calls(world: World) -> None:
    """As STOP does, but with a reply: it was an answer."""
    texts(world, "call", "1", "1", "уже дома")
    assert texts(world, "1") == world.public.ctx.book.notice("ru", "to_caller.no_call")
    world.run()
    assert world.state() == "paused"


def test_r18_no_to_the_question_changes_nothing(world: World) -> None:
    texts(world, "call", "1", "1", "уже дома", "0")
    world.run()
    assert world.state() == "waiting"
    assert world.rows(message)[-1].notice != "to_caller.no_call"


def test_r27_the_question_is_the_same_without_a_request(world: World) -> None:
    assert texts(world, "i am home now") == world.public.ctx.book.pages["en"]["sms.over"][0].text
    assert texts(world, "1") == world.public.ctx.book.notice("en", "to_caller.no_call")
    assert world.rows(request) == []


def test_r12_after_the_question_danger_is_still_danger(world: World) -> None:
    """Somebody else may have written that all is well."""
    texts(world, "SOS", "уже дома", "call", "1", "1")
    assert [row.risk for row in world.rows(request)] == ["now"]


def test_r25_after_the_question_a_family_is_still_a_family(world: World) -> None:
    texts(world, "FAMILY", "i am home now", "INFO", "1", "1")
    assert [row.kind for row in world.rows(request)] == ["about_someone"]


@pytest.mark.parametrize("said", [
    "уже дома он меня бьет", "я не в безопасности", "home already but he hit me", "uydaman erim urdi",
    "call me i am home now", "уже дома что делать дальше", "уже дома жду звонка", "үйдемін көмектесіңіз", "хочу домой",
])  # fmt: skip
def test_r18_who_says_more_is_not_asked_whether_to_stop(said: str) -> None:
    heard = WORDS.caller(said)
    assert not isinstance(heard, Stop)
    assert not (isinstance(heard, Ask) and heard.flow == OVER), said


def test_r18_stop_beside_it_is_still_a_stop(world: World) -> None:
    texts(world, "call", "1", "1")
    before = len(world.inbox(CALLER))
    world.text(CALLER, "уже дома, больше не звоните")
    world.run()
    assert (world.state(), len(world.inbox(CALLER))) == ("paused", before)
