"""Whose trouble is over is asked whether the calls should stop: nothing is withdrawn silently (R18)."""

import pytest

from helpline.caller.sms_starts import CLOSE_DANGER_STARTS, CLOSE_STARTS, DANGER_STARTS, STARTS
from helpline.caller.stops import YES
from helpline.casework import claims
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.staff import contacts
from helpline.store.arrivals import ASKED_TO_STOP
from helpline.store.schema import message, request
from menus.draft import Act
from menus.keywords import OVER, Ask, Category, Stop
from menus.tree import Choice, End
from tests.menus.test_keywords import WORDS
from tests.rules.test_sms_flows import texts
from tests.steps.desk import give_order
from tests.world import CALLER, OTHER, World

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


NO_TO = {
    "ask": ("call", "0"), "ask again": ("call", "call", "0"), "hours": ("call me in the evening", "0"),
    "danger": ("SOS", "0"), "close": ("FAMILY", "0"), "when": ("call", "1", "0"), "tomorrow": ("call", "1", "5", "0"),
    "within 2 hours": ("SOS", "1", "0"),
}  # fmt: skip


@pytest.mark.parametrize("words", NO_TO.values(), ids=NO_TO)
def test_r27_no_to_a_question_says_the_same_with_a_request_and_without(world: World, words: tuple[str, ...]) -> None:
    """It stops nothing, so it must not say that nobody will call. It names STOP and CALL, and tells of no request."""
    unchanged = world.public.ctx.book.notice("en", "to_caller.over_stay")
    texts(world, "call", "1", "1")
    world.wait(hours=2)  # the questions after the first request are closed
    before = world.state()
    assert texts(world, *words) == unchanged
    assert [row.window for row in world.rows(request)] == ["any"]
    assert world.state() == before != "paused"
    assert texts(world, *words, sender=OTHER) == unchanged
    assert len(world.rows(request)) == 1


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


def arrives(world: World, text: str, sender: str = CALLER) -> None:
    """Receive a text that no worker reads yet."""
    world.public.sms("at", IncomingSms(f"unread {text}", msisdn(sender), Hidden(text)))


def number_is_asked_for(world: World, to: str, code: str) -> str:
    """Ask for the number as a service, before any text is read. Return the state of the request after that."""
    with world.db.write(world.clock()) as tx:
        who = contacts.by_phone(tx, to)
        assert who is not None
        give_order(world.work.ctx, tx, who, claims.ask_number, code)
    return world.state()


@pytest.mark.parametrize("said", ["1", "да", "yes", "ооба"])
def test_r48_yes_to_the_question_stops_before_it_is_read(world: World, said: str) -> None:
    """A service asks for the number while the answer waits in a flood. The answer is read later, and has its reply."""
    to, code = world.claimed()
    world.text(CALLER, "уже дома")
    arrives(world, said)
    assert number_is_asked_for(world, to, code) == "paused"
    world.run()
    assert not any(CALLER in text for _, text in world.gateway.sent)
    assert world.inbox(CALLER)[-1] == world.public.ctx.book.notice("ru", "to_caller.no_call")


def test_r48_a_wrong_answer_leaves_the_question_open(world: World) -> None:
    to, code = world.claimed()
    for said in ("уже дома", "9"):
        world.text(CALLER, said)
    arrives(world, "1")
    assert number_is_asked_for(world, to, code) == "paused"


@pytest.mark.parametrize(("asked", "said", "sender"), [
    ("уже дома", "0", CALLER), ("уже дома", "1", OTHER), ("call", "1", CALLER), ("INFO", "1", CALLER),
])  # fmt: skip
def test_r48_no_other_answer_stops_anything(world: World, asked: str, said: str, sender: str) -> None:
    to, code = world.claimed()
    world.text(CALLER, asked)
    arrives(world, said, sender)
    assert number_is_asked_for(world, to, code) == "claimed"


def test_r48_a_digit_is_no_answer_to_what_another_telephone_is_asked(world: World) -> None:
    to, code = world.claimed()
    world.text(OTHER, "уже дома")
    arrives(world, "1")
    assert number_is_asked_for(world, to, code) == "claimed"


def test_r48_lists_wait_for_an_unread_answer_to_the_question(world: World) -> None:
    """They cannot tell a *yes* from a *no*, so they wait for both. Without the question no digit is waited for."""
    world.claimed()
    stops = world.work.inbound.dialogue.stops
    arrives(world, "1")
    with world.db.read() as tx:
        assert stops.waiting(tx, [world.rows(request)[0].id]) == frozenset()
    world.run()
    world.text(CALLER, "уже дома")
    arrives(world, "0")
    with world.db.read() as tx:
        assert stops.waiting(tx, [world.rows(request)[0].id]) == {world.rows(request)[0].id}


def test_every_yes_to_the_question_is_looked_for_among_the_unread_texts() -> None:
    """Only texts of this category are looked through for an answer."""
    said = [YES, *(word for word, digit in WORDS.answers.items() if digit == YES)]
    assert [word for word in said if WORDS.category(word) not in (Category.ORDER, Category.STOP)] == []


def test_the_questions_that_stop_all_calls_are_known_to_the_store(world: World) -> None:
    """A new question of this kind must be listed, or its answer stops nothing before it is read."""
    screens = world.public.ctx.book.tree.screens
    assert set(ASKED_TO_STOP) == {starts[OVER] for starts in (STARTS, CLOSE_STARTS, DANGER_STARTS, CLOSE_DANGER_STARTS)}
    choices = {
        name: screen for name, screen in screens.items() if name.startswith("sms.") and isinstance(screen, Choice)
    }
    ends = {
        (name, option.key): end.act
        for name, screen in choices.items() for option in screen.options
        if isinstance(end := screens.get(option.goto), End)
    }  # fmt: skip
    assert {at for at, act in ends.items() if act is Act.PAUSE} == {(name, YES) for name in ASKED_TO_STOP}
    assert all((name, option.key) in ends for name in ASKED_TO_STOP for option in choices[name].options)
