"""An SMS dialogue that is open while the service is updated: nobody guesses what an answer to the old question means."""

from dataclasses import replace

import pytest

from helpline.store.schema import dialogue, request
from tests.rules.test_sms_flows import texts
from tests.world import CALLER, World


def update(world: World, digest: str = "another version") -> None:
    """Answer texts by other content from now on."""
    inbound = world.work.inbound
    ctx = replace(inbound.dialogue.ctx, book=replace(inbound.dialogue.ctx.book, digest=digest))
    world.work = replace(world.work, inbound=replace(inbound, dialogue=replace(inbound.dialogue, ctx=ctx)))


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
    update(world)
    assert texts(world, "FAMILY") == world.public.ctx.book.pages["en"]["sms.close_danger"][0].text
    assert [row.content for row in world.rows(dialogue)] == ["another version"]
    assert len(world.inbox(CALLER)) == 3
