"""The drills of threats.md for a leaked key, as far as they can be tried: a key is changed while requests are open."""

from typing import Any

from helpline.keys.sealing import new_key
from helpline.store.engine import Database
from helpline.store.schema import offer, request
from tests.helpline.store.test_public_role import code_and_word
from tests.world import CALLER, EN_SEE, EN_STOPPED, OTHER, World


def with_another_key(world: World, **key: Any) -> World:
    """Restart the service with another key, at the same time of day."""
    after = World.on(world.db, clock=world.clock, **key)
    after.sessions = world.sessions  # a text with an id that came before is not read
    after.contacts_are(accepts_numbers_by_sms=True, language="en")
    after.work.begin()
    after.run()
    return after


def test_threat_a_leaked_words_key_is_changed_while_requests_are_open(clean_sqlite: Database) -> None:
    """Services go on with what they hold and are offered. Callers can stop, and make a new request.

    They lose their codes: *My request* knows none of before.
    """
    world = World.on(clean_sqlite)
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    code, word = code_and_word(world.ask(language="4"))
    world.run()
    to, held = world.offered()
    world.text(to, f"YES {held}")
    world.ask(OTHER)
    world.run()
    another, offered = world.offered()
    world = with_another_key(world, words_key=new_key())
    world.text(another, f"YES {offered}")
    assert [row.state for row in world.rows(request)] == ["claimed", "claimed"]
    world.text(to, f"NUMBER {held}")
    assert CALLER in world.inbox(to)[-1]
    assert "cannot open a request" in world.dial().press(*EN_SEE, code, word).text
    world.dial().press(*EN_STOPPED)
    world.run()
    assert "do not call" in world.inbox(to)[-1]
    again, fresh = code_and_word(world.ask(language="4"))
    assert "No request" not in world.dial().press(*EN_SEE, again, fresh).text


def test_threat_a_leaked_contact_key_is_changed_while_requests_are_open(clean_sqlite: Database) -> None:
    """After the directory is imported again, a claim that the audit log knows goes on, with new digits.

    An open offer is sent again.
    """
    world = World.on(clean_sqlite)
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    to, before = world.claimed()
    world.ask(OTHER)
    world.run()
    world = with_another_key(world, contact_key=new_key())
    claim, *others = (row for row in world.rows(offer) if row.state != "void")
    assert claim.state == "claimed"
    assert [row.state for row in others] == ["open"]
    code = world.work.ctx.offer_code(claim.id, claim.draws)
    assert any(code in text for text in world.inbox(to))
    world.text(to, f"NUMBER {before}")
    world.text(to, f"NUMBER {code}")
    assert CALLER in world.inbox(to)[-1]
