"""Offers and claims without a code, after an update or a change of the contact key: nobody is lost or called wrongly."""

import re

import pytest
import sqlalchemy as sa

from helpline.store import outbox
from helpline.store.engine import Database
from helpline.store.schema import contact, message, offer
from helpline.store.schema import outbox as outbox_table
from tests.steps.desk import DESK, says, second_phone, shown, states
from tests.world import CALLER, STOPPED, World

COORDINATORS = "kg-coordinator-1", "kg-coordinator-2"


@pytest.fixture
def world(db: Database) -> World:
    """Everybody reads English and may get numbers by SMS."""
    made = World.on(db)
    made.contacts_are(accepts_numbers_by_sms=True, language="en")
    return made


def forget_codes(world: World, *tables: sa.Table) -> None:
    """Take the codes of rows away, as a change of the contact key does."""
    with world.db.write() as tx:
        for table in tables:
            tx.execute(sa.update(table).values(mac=""))


def start(world: World) -> None:
    """Start the clock process, and do what is due."""
    world.work.begin()
    world.run()


def digits(world: World, phone: str) -> str:
    """Return the first digits of the last text to a telephone."""
    return str(re.findall(r"[0-9]{5}", world.inbox(phone)[-1])[0])


def test_r08_after_an_update_coordinators_get_new_digits_for_a_frozen_line(world: World) -> None:
    """Those that they have open nothing any more."""
    says(world, f"STRANGER {shown(world)}")
    forget_codes(world, offer)
    start(world)
    for phone in map(world.phone, COORDINATORS):
        world.text(phone, f"LIFT {digits(world, phone)}")
    assert states(world) == [("offered", None)]


def test_r48_a_stop_while_a_claim_was_not_genuine_reaches_its_service(world: World) -> None:
    """A worker applies the stop after an update, before the clock has settled the claim."""
    shown(world)
    forget_codes(world, offer)
    world.dial().press(*STOPPED)
    world.run()
    start(world)
    assert (world.state(), [row.state for row in world.rows(offer)]) == ("paused", ["void"])
    assert "do not call any more" in world.inbox(world.phone(DESK))[-1]


def test_r32_what_a_desk_must_be_told_waits_until_its_claim_is_settled(world: World) -> None:
    """A worker comes to it after an update, before the clock."""
    world.claimed()
    forget_codes(world, offer)
    (claim,) = world.rows(offer)
    with world.db.write() as tx:
        outbox.wake(tx, "tell", f"card:{claim.id}", tx.now)
    world.run()
    start(world)
    world.wait(minutes=2)
    assert [row.notice for row in world.rows(message)].count("to_ngo.card") == 2


def test_a_claim_is_watched_again_after_it_was_settled(world: World) -> None:
    """A worker looked for signs of life while the claim was not genuine, and found none to look at."""
    world.claimed()
    forget_codes(world, offer)
    world.wait(days=2)
    assert not [row for row in world.rows(outbox_table) if row.kind == "silent"]
    start(world)
    assert [row for row in world.rows(outbox_table) if row.kind == "silent"]


def test_r32_a_change_of_the_contact_key_keeps_the_claim_of_a_second_telephone(world: World) -> None:
    """Also if the clock starts before the directory is imported. Then its desk gets the new digits."""
    phone = second_phone(world)
    world.ask()
    world.run()
    world.text(phone, f"YES {world.offered()[1]}")
    before = world.rows(contact)
    forget_codes(world, offer, contact)
    start(world)
    with world.db.write() as tx:
        for row in before:
            tx.execute(sa.update(contact).where(contact.c.id == row.id).values(mac=row.mac))
        outbox.wake(tx, "listed", world.config.country, tx.now)
    world.run()
    assert (world.state(), [row.state for row in world.rows(offer)]) == ("claimed", ["claimed"])
    assert CALLER in says(world, f"NUMBER {digits(world, world.phone(DESK))}")[-1]
