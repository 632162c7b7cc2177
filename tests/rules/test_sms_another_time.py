"""A caller by SMS has no code, so they cannot change the time of a request. They are told how to get another one."""

import pytest

from helpline.store.schema import message, request
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


LATER = ["не сейчас", "сегодня не могу, завтра", "имруз не пагох", "bugun mumkin emas", "азыр болбойт", "not now",
    "häzir däl soň", "қазір сөйлесе алмаймын"]  # fmt: skip


@pytest.mark.parametrize("text", LATER)
def test_r12_who_cannot_talk_now_is_told_how_to_get_another_time(world: World, text: str) -> None:
    """After the questions are over. The request of before stays as it is, and nothing is stored (R27)."""
    texts(world, "CALL", "1", "2", "0")
    before = world.rows(request)
    texts(world, text)
    assert world.rows(message)[-1].notice == "to_caller.time"
    assert world.rows(request) == before


@pytest.mark.parametrize("text", ["now", "сейчас", "any time"])
def test_r12_now_asks_for_no_other_time(world: World, text: str) -> None:
    texts(world, text)
    assert world.inbox(CALLER) == [world.public.ctx.book.notice("ru" if text == "сейчас" else "en", "to_caller.hello")]


def test_r03_a_day_that_is_refused_is_not_the_one_of_the_call(world: World) -> None:
    """The one beside it is."""
    texts(world, "позвоните завтра, сегодня не могу")
    assert world.rows(message)[-1].notice == "to_caller.ask_tomorrow"
