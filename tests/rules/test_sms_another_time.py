"""A caller by SMS has no code, so they cannot change the time of a request. They are told how to get another one."""

import pytest

from helpline.store.schema import request
from tests.rules.test_sms_flows import texts
from tests.world import CALLER, World

WORDS = [("change time", "en"), ("Другое время", "ru"), ("башка убакыт", "ky"), ("вақти дигар", "tg"),
    ("drugoe vremya", "ru"), ("бошқа вақт", "uz_Cyrl")]  # fmt: skip


@pytest.mark.parametrize(("text", "language"), WORDS)
def test_r12_who_wants_another_time_is_told_how_in_their_language(world: World, text: str, language: str) -> None:
    texts(world, text)
    assert world.inbox(CALLER) == [world.public.ctx.book.notice(language, "to_caller.time")]
    assert world.rows(request) == []


def test_r27_the_reply_about_another_time_is_the_same_with_a_request(world: World) -> None:
    """And what it says is true: STOP ends the old one, CALL asks for a time again."""
    texts(world, "CALL", "1", "2", "0", "change time")
    assert world.inbox(CALLER)[-1] == world.public.ctx.book.notice("en", "to_caller.time")
    texts(world, "STOP", "CALL", "1", "4", "0")
    assert [(row.state, row.window) for row in world.rows(request)] == [("paused", "morning"), ("offered", "evening")]


def test_r12_another_time_in_danger_asks_again_at_once(world: World) -> None:
    texts(world, "SOS", "change time", "1", "1")
    assert [(row.risk, row.window) for row in world.rows(request)] == [("now", "now")]
