"""*When?* is answered with the word of an option, too; and no unknown text is met with silence, wherever it comes."""

import pytest

from helpline.store.schema import message, request
from tests.rules.test_sms_flows import texts
from tests.steps.caller import the_request
from tests.world import World

EVENING = {
    "en": "in the evening please", "ru": "Вечером.", "kk": "кешке", "ky": "кечинде", "tg": "бегоҳӣ", "uz": "kechqurun",
    "uz_Cyrl": "кечқурун", "tk": "agşam",
}  # fmt: skip


@pytest.mark.parametrize("said", EVENING.values(), ids=EVENING)
def test_r03_when_may_be_answered_with_the_word_of_an_hour(world: World, said: str) -> None:
    """In any language, with its endings, beside words that change nothing."""
    texts(world, "call", "1", said)
    assert the_request(world).window == "evening"


@pytest.mark.parametrize("said", ["завтра утром", "tomorrow morning", "ertaga ertalab", "эртең эртең менен"])
def test_r03_a_day_and_an_hour_in_one_text_answer_both_questions(world: World, said: str) -> None:
    texts(world, "call", "1", said)
    said_at_once = the_request(world)
    texts(world, "STOP", "call", "1", "5", "2")
    in_two_texts = world.rows(request)[-1]
    assert said_at_once.days
    assert (said_at_once.window, said_at_once.days) == (in_two_texts.window, in_two_texts.days)


def test_tomorrow_alone_asks_for_the_hour(world: World) -> None:
    texts(world, "call", "1", "завтра")
    assert world.rows(message)[-1].notice == "to_caller.tomorrow"
    texts(world, "вечером")
    assert the_request(world).window == "evening"


def test_within_two_hours_may_be_said(world: World) -> None:
    texts(world, "SOS", "1", "right now")
    assert the_request(world).window == "now"


@pytest.mark.parametrize("said", ["не сейчас, вечером", "вечером, не сейчас", "evening, later", "later, evening"])
def test_r03_a_later_hour_may_be_said_in_any_order(world: World, said: str) -> None:
    texts(world, "SOS", "1", said)
    assert the_request(world).window == "evening"


@pytest.mark.parametrize("said", [
    "вечером нельзя", "не вечером", "утром вечером", "сегодня вечером он дома", "later", "tonight",
])  # fmt: skip
def test_r03_no_hour_is_stored_that_was_not_meant(world: World, said: str) -> None:
    """A text with any other word is no answer: the question comes again. *Tonight* is not each evening of two weeks."""
    texts(world, "call", "1", said)
    assert world.rows(request) == []
    assert world.rows(message)[-1].notice == "to_caller.when"


@pytest.mark.parametrize("said", ["да", "ok", "ооба", "хорошо да"])
@pytest.mark.parametrize("screen", ["when", "tomorrow", "later", "where", "need", "language"])
def test_r03_a_yes_chooses_nothing_on_a_list(world: World, screen: str, said: str) -> None:
    """It would be the first line: calls at any time of the day, the capital, unpaid wages."""
    texts(world, *STATES[screen])
    before = [(each.window, each.place, each.need) for each in world.rows(request)]
    texts(world, said)
    assert [(each.window, each.place, each.need) for each in world.rows(request)] == before
    assert world.rows(message)[-1].values["screen"] == f"sms.{screen}"


@pytest.mark.parametrize("said", ["вечером", "tomorrow", "any time", "now"])
def test_r28_an_hour_is_no_consent(world: World, said: str) -> None:
    """*May we call you?* is answered by 1 or a word for yes only."""
    texts(world, "call", said)
    assert world.rows(request) == []
    assert world.rows(message)[-1].notice == "to_caller.ask"


STATES = {
    "nothing": (), "ask": ("call",), "danger": ("SOS",), "close": ("FAMILY",), "language": ("LANGUAGE",),
    "when": ("call", "1"), "when_now": ("SOS", "1"), "tomorrow": ("call", "1", "5"), "kept": ("call", "1", "1"),
    "kept_now": ("SOS", "1", "1"), "later": ("SOS", "1", "1", "1"), "where": ("call", "1", "1", "1"),
    "need": ("call", "1", "1", "1", "0"), "noted": ("call", "1", "1", "0"), "unchanged": ("call", "0"),
}  # fmt: skip


@pytest.mark.parametrize("before", STATES.values(), ids=STATES)
def test_r12_an_unknown_text_is_answered_in_every_state_of_a_dialogue(world: World, before: tuple[str, ...]) -> None:
    """With the question again, or with how to begin. Silence would leave a caller without a way on."""
    if before:
        texts(world, *before)
    count = len(world.rows(message))
    assert texts(world, "мама купи хлеба")
    assert len(world.rows(message)) == count + 1
