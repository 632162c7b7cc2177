"""An SMS dialogue that is open while the service is updated: nobody guesses what an answer to the old question means."""

from dataclasses import replace

import pytest

from helpline.store.schema import dialogue, request
from tests.rules.test_sms_flows import texts
from tests.rules.test_sms_over import arrives, number_is_asked_for
from tests.steps.sms_topics import answer_by
from tests.world import CALLER, World


def update(world: World) -> None:
    """Answer by other questions from now on: the last screen says more."""
    book = world.work.inbound.dialogue.ctx.book
    more = {
        language: {**pages, "sms.noted": tuple(replace(page, text=f"{page.text}!") for page in pages["sms.noted"])}
        for language, pages in book.pages.items()
    }
    answer_by(world, replace(book, pages=more, digest="another version"))


def update_elsewhere(world: World) -> None:
    """Answer by the same questions from now on. Something else of the content is new, such as a mark of a reader."""
    answer_by(world, replace(world.work.inbound.dialogue.ctx.book, digest="another version"))


@pytest.mark.engines
@pytest.mark.parametrize("before", [("SOS",), ("SOS", "1"), ("SOS", "1", "2"), ("помогите", "1")])
def test_r28_an_answer_to_a_question_from_before_an_update_is_not_guessed(
    world: World, before: tuple[str, ...]
) -> None:
    """The dialogue asks its first question again, in its language. Then everything goes on."""
    first = texts(world, *before[:1])
    texts(world, *before[1:])
    update(world)
    assert texts(world, "1") == first
    assert world.rows(request) == []
    texts(world, "1", "1")
    assert len(world.rows(request)) == 1


def test_r28_after_an_update_no_answer_changes_a_stored_request(world: World) -> None:
    """It was stored by the words of before. The reply is that of a telephone that nobody has used."""
    texts(world, "SOS", "1", "1")
    stored = world.rows(request)
    update(world)
    assert texts(world, "1") == world.public.ctx.book.notice("en", "to_caller.hello")
    assert world.rows(request) == stored


def test_a_word_for_a_call_begins_a_new_dialogue_after_an_update(world: World) -> None:
    """Words mean the same by any version."""
    texts(world, "SOS", "1")
    before = [row.content for row in world.rows(dialogue)]
    update(world)
    assert texts(world, "FAMILY") == world.public.ctx.book.pages["en"]["sms.close_danger"][0].text
    assert [row.content for row in world.rows(dialogue)] != before
    assert len(world.inbox(CALLER)) == 3


@pytest.mark.engines
def test_r28_an_update_of_other_content_ends_no_questions(world: World) -> None:
    """Else nobody in danger could say *Also later* after a reader's mark, and after two hours nobody might call."""
    texts(world, "SOS", "1", "1")
    assert [row.window for row in world.rows(request)] == ["now"]
    update_elsewhere(world)
    assert texts(world, "1") == world.public.ctx.book.pages["en"]["sms.later"][0].text
    texts(world, "1")
    assert [row.window for row in world.rows(request)] == ["now_any"]


@pytest.mark.engines
@pytest.mark.parametrize("is_settled", [False, True])
def test_r48_a_yes_to_stop_all_calls_counts_after_an_update(world: World, is_settled: bool) -> None:
    """It stops the calls, read or unread, so the reply must not ask again: after a *no*, nobody would call."""
    to, code = world.claimed()
    texts(world, "уже дома", "9")
    update(world)
    arrives(world, "1")
    if is_settled:
        assert number_is_asked_for(world, to, code) == "paused"
    world.run()
    assert (world.state(), world.inbox(CALLER)[-1]) == (
        "paused",
        world.public.ctx.book.notice("ru", "to_caller.no_call"),
    )


def test_r18_another_answer_to_stop_all_calls_is_not_guessed_after_an_update(world: World) -> None:
    asked = texts(world, "call", "1", "1", "уже дома")
    update(world)
    assert texts(world, "0") == asked
    assert world.state() == "waiting"
