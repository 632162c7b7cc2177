"""An unknown text is answered in its own language, if that is plain from its letters and words (R12)."""

import pytest

from helpline.store.schema import message, request
from menus.tongues import language_of
from tests.menus.test_keywords import WORDS
from tests.rules.test_sms_flows import texts
from tests.world import World

SAID = {
    "ru": "подскажите вы кто вообще такие", "ky": "силер кимсиңер түшүнбөй жатам", "tg": "ин чӣ гап аст намефаҳмам",
    "uz_Cyrl": "бу нима ўзи тушунмадим", "en": "what is this who are you",
}  # fmt: skip


@pytest.mark.parametrize(("language", "said"), SAID.items())
def test_r12_an_unknown_first_text_is_answered_in_its_language(world: World, language: str, said: str) -> None:
    texts(world, said)
    assert world.rows(message)[-1].language == language


@pytest.mark.parametrize(("first", "said", "language"), [
    ("call", SAID["ky"], "ky"), ("позвоните", SAID["tg"], "tg"), ("чалыңыз", SAID["ru"], "ru"),
    ("занг", SAID["uz_Cyrl"], "uz_Cyrl"),
])  # fmt: skip
def test_r12_an_unknown_answer_in_another_language_is_asked_again_in_it(
    world: World, first: str, said: str, language: str
) -> None:
    """And the dialogue goes on in it."""
    texts(world, first, said)
    assert (world.rows(message)[-1].notice, world.rows(message)[-1].language) == ("to_caller.ask", language)
    texts(world, "1")
    assert (world.rows(message)[-1].notice, world.rows(message)[-1].language) == ("to_caller.when", language)


@pytest.mark.parametrize("said", ["мама", "aaa", "5555", "мама купи хлеба"])
def test_r12_a_text_that_may_be_any_language_changes_nothing(world: World, said: str) -> None:
    texts(world, "чалыңыз", said)
    assert world.rows(message)[-1].language == "ky"


def test_r28_a_stored_request_keeps_the_language_that_was_agreed_in(world: World) -> None:
    texts(world, "позвоните", "1", "1", SAID["ky"])
    assert world.rows(message)[-1].language == "ru"
    assert [row.language for row in world.rows(request)] == ["ru"]


def test_a_text_of_another_language_is_not_taken_for_one_of_few_words() -> None:
    assert language_of(WORDS.lexicon, "ok") == ""
    assert language_of(WORDS.lexicon, "") == ""
