"""An operator leaves out languages (`KOMEK_LANGUAGES`) while requests in them are open."""

from dataclasses import replace

import pytest

from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.store.engine import Database
from helpline.store.schema import message, outbox, request
from tests.world import CALLER, World

ENGLISH, RUSSIAN = "4", "2"
OTHER = "+996000111002"
pytestmark = pytest.mark.engines


def narrowed(world: World, languages: str = "ky") -> World:
    """Return the same service after a restart in which fewer languages are offered."""
    return World.on(world.db, clock=world.clock, languages=languages)


def test_a_request_in_a_language_that_is_left_out_goes_on(db: Database) -> None:
    """It is offered, claimed and shown, and *Stop calls* pauses it."""
    before = World.on(db)
    before.ask(language=ENGLISH)
    world = narrowed(before)
    world.run()
    phone, code = world.gateway.sent[-1][0], world.gateway.sent[-1][1].split()[-1]
    world.text(phone, f"YES {code}")
    assert world.state() == "claimed"
    world.text(phone, f"NUMBER {code}")
    assert CALLER in world.inbox(phone)[-1].replace(" ", "")
    assert world.dial().text.startswith("1 Кыргызча\n8 SOS")
    world.dial().press("1", "9", "3")
    world.run()
    assert world.state() == "paused"


def test_a_caller_who_texts_in_a_language_that_is_left_out_is_heard(db: Database) -> None:
    world = narrowed(World.on(db))
    world.text(CALLER, "помогите, меня бьют")
    assert world.inbox(CALLER)
    world.text(OTHER, "стоп")
    assert world.inbox(OTHER) == []


def test_a_call_from_before_stores_nothing(db: Database) -> None:
    """Its first key chose Russian, and would choose English now."""
    before = World.on(db)
    before.ask(OTHER)  # so the database knows the version of before
    call = before.dial().press(RUSSIAN, "2").agree()
    after = replace(call, world=narrowed(before, "ru,en"))
    after.press("1")
    assert len(after.world.rows(request)) == 1


def test_a_dialogue_in_a_language_that_is_left_out_is_continued_in_another(db: Database) -> None:
    """The question is asked again, and answers to it store a request."""
    before = World.on(db)
    before.text(CALLER, "позвоните мне")
    assert before.inbox(CALLER)[0].endswith("1 Да 0 Нет")
    world = narrowed(before)
    world.text(CALLER, "1", "again")
    assert world.inbox(CALLER)[0].endswith("1 Ооба 0 Жок")
    assert world.rows(request) == []
    for number in range(3):
        world.text(CALLER, "1", f"more-{number}")
    assert [row.language for row in world.rows(request)] == ["ky"]


def test_a_text_that_waits_in_a_language_that_is_left_out_is_not_tried_again_and_again(db: Database) -> None:
    """The worker stopped before it could send the reply."""
    before = World.on(db)
    before.public.sms("at", IncomingSms("first", msisdn(CALLER), Hidden("позвоните мне")))
    while not before.rows(message):
        assert before.work.step()
    world = narrowed(before)
    world.run()
    assert world.inbox(CALLER) == []
    assert [row.state for row in world.rows(message)] == ["void"]
    assert [row for row in world.rows(outbox) if row.kind == "send"] == []
