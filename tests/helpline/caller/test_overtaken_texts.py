"""Workers read stops and calls for help before other texts. What a caller wrote before must not undo them."""

from datetime import timedelta

import pytest

from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.store.schema import dialogue, request
from tests.world import CALLER, STOPPED, World


def write(world: World, *texts: str) -> None:
    """Receive texts of one caller, a second apart, before any worker reads one."""
    for text in texts:
        world.clock.at += timedelta(seconds=1)
        world.public.sms("at", IncomingSms(f"in{next(world.sessions)}", msisdn(CALLER), Hidden(text)))


def test_r12_an_older_text_does_not_undo_a_call_for_help(world: World) -> None:
    write(world, "помощь", "sos")
    world.run()
    for key in ("1", "1", "1"):
        world.text(CALLER, key)
    world.run()
    assert [row.risk for row in world.rows(request)] == ["now"]


@pytest.mark.parametrize("before", ["помощь", "привет", "1"])
def test_r18_after_a_stop_no_older_text_is_answered(world: World, before: str) -> None:
    write(world, before, "стоп")
    world.run()
    assert world.inbox(CALLER) == []


def test_r18_within_a_dialogue_no_older_answer_is_answered_after_a_stop(world: World) -> None:
    world.text(CALLER, "помощь")
    world.run()
    asked = world.inbox(CALLER)
    write(world, "1", "стоп")
    world.run()
    assert world.inbox(CALLER) == asked
    assert world.rows(request) == []


def test_r18_a_stop_by_menu_silences_older_texts(world: World) -> None:
    write(world, "помощь")
    world.clock.at += timedelta(seconds=1)
    world.dial().press(*STOPPED)
    world.run()
    assert world.inbox(CALLER) == []


def test_a_text_after_a_stop_starts_a_new_dialogue(world: World) -> None:
    write(world, "помощь", "стоп", "помощь")
    world.run()
    assert len(world.inbox(CALLER)) == 1


def test_r48_a_stop_that_overtook_a_text_leaves_no_language(world: World) -> None:
    """Its row stays for a day. Nothing that the caller said may stay in it for longer than an hour."""
    world.text(CALLER, "помощь")
    world.run()
    write(world, "1", "стоп")
    world.run()
    (row,) = world.rows(dialogue)
    assert (row.start, row.language, row.keys, row.replies) == ("", "", [], 0)


def test_a_stop_that_overtook_nothing_leaves_no_trace(world: World) -> None:
    write(world, "стоп")
    world.run()
    assert world.rows(dialogue) == []


def test_the_texts_of_a_caller_are_read_in_their_order(world: World) -> None:
    """A digit looks like an order of a service, which workers read before the words of callers."""
    write(world, "помощь", "1")
    world.run()
    assert len(world.inbox(CALLER)) == 2
    assert "1" in world.inbox(CALLER)[0]
