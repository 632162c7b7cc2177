"""A lost telephone of a coordinator is disabled at once, and what it held goes to the other coordinators."""

import pytest

from helpline.casework import disable_phone
from helpline.casework.disable_phone import LastCoordinator
from helpline.request.offers import OfferState
from helpline.store.engine import Database
from helpline.store.schema import contact, lost_phone, offer, request
from tests.helpline.casework.test_escalated_requests import act, called, stranded
from tests.steps.desk import DESK, only
from tests.world import World

FIRST, SECOND = "kg-coordinator-1", "kg-coordinator-2"


@pytest.fixture
def world(db: Database) -> World:
    """A service that declines, so that coordinators are called."""
    made = World.on(db)
    only(made, DESK)
    return made


def lose(world: World, id: str) -> bool:
    with world.db.write(world.clock()) as tx:
        done = disable_phone.disable(world.work.ctx, tx, id, "aida")
    world.run()
    return done


def test_threat_a_lost_phone_of_a_coordinator_gets_nothing_and_its_texts_do_nothing(world: World) -> None:
    phone = world.phone(FIRST)
    assert lose(world, FIRST)
    assert phone in {row.phone for row in world.rows(lost_phone)}
    told = len(world.inbox(phone))
    for text in ("LOCK", "LIST", "HELP"):
        world.text(phone, text)
    assert len(world.inbox(phone)) == told
    assert not lose(world, FIRST)


def test_threat_what_a_lost_coordinators_phone_took_goes_to_another_coordinator(world: World) -> None:
    stranded(world)
    act(world, "take", FIRST, called(world, FIRST))
    assert [row.state for row in world.rows(request)] == ["claimed"]
    assert lose(world, FIRST)
    assert [row.state for row in world.rows(request)] == ["stranded"]
    assert not [row for row in world.rows(offer) if row.service == FIRST and row.state == OfferState.CLAIMED]
    assert world.inbox(world.phone(SECOND))


def test_the_last_coordinators_phone_cannot_be_disabled(world: World) -> None:
    """Nobody could be called about a request that no service takes."""
    others = [row.id for row in world.rows(contact) if row.kind == "coordinator" and row.id != FIRST]
    for id in others:
        assert lose(world, id)
    with pytest.raises(LastCoordinator):
        lose(world, FIRST)
    assert FIRST in {row.id for row in world.rows(contact)}


def test_a_lost_phone_of_a_service_is_disabled_in_the_same_way(world: World) -> None:
    phone = world.phone(DESK)
    assert lose(world, DESK)
    assert [row.phone for row in world.rows(lost_phone)] == [phone]
