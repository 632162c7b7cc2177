"""A lost telephone of a service: one coordinator disables it at once, and bringing it back takes two people."""

import re

import pytest

from helpline.directory.phone_changes import PhoneChanges
from helpline.staff import contacts
from helpline.store.engine import Database
from helpline.store.schema import contact, inbox, lost_phone
from tests.steps.desk import DESK, confirmed, only, says, second_phone, shown, states
from tests.world import CALLER, STOPPED, World

FIRST, SECOND = "kg-coordinator-1", "kg-coordinator-2"
DONE = "Done: that phone is off. Its service has new digits."


@pytest.fixture
def world(db: Database) -> World:
    """A service with two telephones, the first on duty, and coordinators who read English."""
    made = World.on(db, silent_hours=400)
    only(made, DESK, "kg-bishkek")
    second_phone(made)
    return made


def lose(world: World, phone: str, by: str = FIRST) -> list[str]:
    """Report a telephone as lost, by the line that the reply shows."""
    return confirmed(world, f"LOST {phone}", world.phone(by))


@pytest.mark.engines
def test_threat_a_lost_phone_is_disabled_at_once_by_one_coordinator(world: World) -> None:
    """It gets no text and no number, and its digits do nothing. The other phone of the service gets new ones."""
    lost, spare = world.phone(DESK), "+996000500099"
    code = shown(world)
    told = len(world.inbox(lost))
    assert lose(world, lost) == [DONE]
    assert re.fullmatch(
        r"New digits\. The old ones no longer work: (\d{5}) call 24\.11 10:00-21:00", world.inbox(spare)[-1]
    )
    fresh = re.findall(r"\d{5}", world.inbox(spare)[-1])[0]
    assert fresh != code
    for text in (f"{code} 1", f"{fresh} 1", f"NUMBER {fresh}", "LIST", "HELP", "UNDO", "hello", "SOS"):
        world.text(lost, text)
    world.wait(days=1)
    assert len(world.inbox(lost)) == told
    assert states(world) == [("claimed", None)]
    assert not [row for row in world.rows(inbox) if row.done is None]
    assert CALLER in says(world, f"NUMBER {fresh}", spare)[0]


def test_threat_a_phone_is_not_disabled_by_a_forged_sender(world: World) -> None:
    """It needs digits that only a coordinator's phone was sent. A service cannot do it."""
    lost, before = world.phone(DESK), [tuple(row) for row in world.rows(contact)]
    (line,) = says(world, f"LOST {lost}", world.phone(FIRST))
    code = re.findall(r"\d{5}", line)[-1]
    says(world, f"LOST {lost} {(int(code) + 1) % 100_000:05}", world.phone(FIRST))
    says(world, f"LOST {lost} {code}", world.phone(SECOND))
    says(world, f"LOST {lost}", world.phone("kg-bishkek"))
    says(world, "LOST 0555", world.phone(FIRST))
    says(world, "LOST", world.phone(FIRST))
    assert [tuple(row) for row in world.rows(contact)] == before
    assert world.rows(lost_phone) == []


def test_threat_a_lost_phone_comes_back_by_two_people_only(world: World) -> None:
    """As any new telephone. Until then its texts are no orders."""
    lost = world.phone(DESK)
    changes = PhoneChanges.of(world.config, world.work.ctx.audit_key)
    with world.db.read() as tx:
        (found,) = [each for each in contacts.of_service(tx, DESK) if each.phone == lost]
    lose(world, lost)
    with world.db.write(world.clock()) as tx:
        id = changes.ask(tx, found, FIRST)
        assert changes.agree(tx, id, FIRST) == "own"
    world.wait(days=4)
    told = len(world.inbox(lost))
    world.text(lost, "LIST")
    assert len(world.inbox(lost)) == told
    with world.db.write(world.clock()) as tx:
        assert changes.agree(tx, id, SECOND) == "agreed"
    world.wait(minutes=1)
    assert says(world, "LIST", lost) == ["You have no open requests. We text you when someone asks."]
    assert world.rows(lost_phone) == []


def test_a_lost_phone_that_replaces_another_one_is_not_lost_any_more(world: World) -> None:
    """Otherwise a later owner would ask for help in vain: a lost telephone is not answered."""
    lost, changes = world.phone(DESK), PhoneChanges.of(world.config, world.work.ctx.audit_key)
    with world.db.read() as tx:
        (found,) = [each for each in contacts.of_service(tx, DESK) if each.phone == lost]
    lose(world, lost)
    with world.db.write(world.clock()) as tx:
        (other,) = contacts.of_service(tx, DESK)
        id = changes.ask(tx, found, FIRST, replaces=other.id)
        assert changes.agree(tx, id, SECOND) == "agreed"
    world.wait(days=4)
    with world.db.read() as tx:
        assert [each.phone for each in contacts.of_service(tx, DESK)] == [lost]
    assert world.rows(lost_phone) == []


def test_a_phone_that_was_removed_at_the_console_is_as_good_as_lost(world: World) -> None:
    """The person who has it gets nothing, and the digits that it knows do nothing."""
    lost, code = world.phone(DESK), shown(world)
    with world.db.write(world.clock()) as tx:
        assert PhoneChanges.of(world.config, world.work.ctx.audit_key).take_out(tx, DESK, FIRST)
    world.run()
    assert world.inbox("+996000500099")[-1].startswith("New digits")
    assert code not in world.inbox("+996000500099")[-1]
    told = len(world.inbox(lost))
    world.text(lost, f"STRANGER {code}")
    assert (len(world.inbox(lost)), states(world)) == (told, [("claimed", None)])


def test_r48_a_stop_that_no_telephone_can_be_told_of_is_told_to_a_coordinator(world: World) -> None:
    """A desk has lost all its telephones, and somebody there may have written the number down."""
    shown(world)
    with world.db.write() as tx:
        for each in contacts.of_service(tx, DESK):
            assert PhoneChanges.of(world.config, world.work.ctx.audit_key).take_out(tx, each.id, FIRST)
    world.run()
    world.dial().press(*STOPPED)
    world.run()
    assert world.state() == "paused"
    assert "did not reach the service" in world.inbox(world.phone(FIRST))[-1]
