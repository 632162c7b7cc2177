"""An operator leaves out languages (`KOMEK_LANGUAGES`) while requests in them are open."""

from dataclasses import replace

import pytest

from helpline.store.engine import Database
from helpline.store.schema import request
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
