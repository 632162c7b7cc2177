"""A service is closed while it is asked, or has a case: nobody waits for a service that gets no number."""

from dataclasses import replace

import pytest

from helpline.caller import my_request
from helpline.directory import replace_directory
from helpline.directory.sample import sample
from helpline.store import outbox
from helpline.store.engine import Database
from helpline.store.schema import contact, offer
from tests.steps.caller import code_of
from tests.steps.desk import shown
from tests.world import CALLER, World

pytestmark = pytest.mark.engines


@pytest.fixture
def world(db: Database) -> World:
    """A service where every desk writes English and gets numbers."""
    world = World.on(db)
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    return world


def close(world: World, id: str) -> None:
    """Close a service, as a coordinator or an import does."""
    services, people = sample("KG", "Asia/Bishkek", world.clock().date())
    changed = [replace(each, status="inactive" if each.id == id else each.status) for each in services]
    with world.db.write(world.clock()) as tx:
        replace_directory.replace_all(tx, "KG", changed, people)
        outbox.wake(tx, "listed", "KG", tx.now)
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    world.run()


def service_of(world: World, phone: str) -> str:
    """Return the id of the service that a telephone belongs to."""
    return str(next(row.id for row in world.rows(contact) if world.phone(row.id) == phone))


@pytest.mark.parametrize("claimed", [False, True], ids=["asked", "claimed, and no number shown"])
def test_r32_a_closed_service_keeps_nothing_whose_number_it_would_not_get(world: World, claimed: bool) -> None:
    """The caller read that a helper will call, and the service read *not open for you*."""
    world.ask()
    world.run()
    to, code = world.offered()
    if claimed:
        world.text(to, f"YES {code}")
    close(world, service_of(world, to))
    second, its = world.offered()
    assert second != to
    assert world.inbox(to)[-1] == f"{code} is over for you. You do not need to answer any more."
    assert my_request.status(world.public.ctx, *code_of(world)) == "offered"
    world.text(second, f"YES {its}")
    world.text(second, f"NUMBER {its}")
    assert CALLER in world.inbox(second)[-1]


def test_r30_a_closed_service_keeps_a_case_whose_number_it_has(world: World) -> None:
    code = shown(world)
    to, _ = world.offered()
    close(world, service_of(world, to))
    assert [row.state for row in world.rows(offer)] == ["claimed"]
    world.text(to, f"REACHED {code}")
    assert world.state() == "reached"


def test_what_other_services_hold_stays(world: World) -> None:
    world.ask()
    world.run()
    to, _ = world.offered()
    close(world, next(row.id for row in world.rows(contact) if row.id == "kg-osh" and world.phone(row.id) != to))
    assert [row.state for row in world.rows(offer)] == ["open"]
