"""A service that said by mistake that it is full: within minutes its offers come back, but none that others have taken."""

import pytest
import sqlalchemy as sa

from helpline.store.engine import Database
from helpline.store.schema import offer, request
from tests.steps.desk import all_fit, confirmed, says
from tests.world import CALLER, OTHER, World

DESK = "kg-bishkek"
"""The service that is asked first."""
ALL = "OK: you get requests again. All requests that went to others come back."
SOME = "OK: you get requests again. Some requests that went to others come back."
NONE = "OK: you get requests again. Requests that went to others stay there."


@pytest.fixture
def world(db: Database) -> World:
    """A request that is offered to a desk. Other services fit, too."""
    made = World.on(db)
    all_fit(made)
    made.ask()
    made.run()
    assert made.offered()[0] == made.phone(DESK)
    return made


def asked(world: World) -> list[tuple[str, str]]:
    """Return service and state of the offers in force."""
    return sorted((row.service, row.state) for row in world.rows(offer) if row.state in ("open", "claimed"))


def full(world: World) -> tuple[str, str]:
    """Say full. Return telephone and code of the service that is asked instead, at once."""
    confirmed(world, "FULL 3", world.phone(DESK))
    world.run()
    to, code = world.offered()
    assert to != world.phone(DESK)
    return to, code


def test_an_offer_comes_back_from_a_service_that_has_not_answered(world: World) -> None:
    """That one is told, so that it does not look for the request."""
    to, code = full(world)
    assert says(world, "OPEN", world.phone(DESK))[0] == ALL
    world.run()
    assert asked(world) == [(DESK, "open")]
    assert world.inbox(to)[-1] == f"{code} is over for you. You do not need to answer any more."
    back, digits = world.offered()
    assert back == world.phone(DESK)
    assert says(world, f"YES {digits}", back)[0].startswith(f"{digits} is yours.")
    assert says(world, f"YES {code}", to) == [f"{code} is over for you. You do not need to answer any more."]


def test_a_request_that_another_service_has_taken_stays_there(world: World) -> None:
    to, code = full(world)
    says(world, f"YES {code}", to)
    assert says(world, "OPEN", world.phone(DESK))[0] == NONE
    world.run()
    assert [state for _, state in asked(world)] == ["claimed"]


def test_r01_danger_does_not_wait_because_a_service_was_full_by_mistake(world: World) -> None:
    """The service that was asked instead may be about to answer. Another request comes back."""
    world.ask(OTHER)
    world.run()
    (first, _) = sorted(world.rows(request), key=lambda row: row.created)
    with world.db.write() as tx:
        tx.execute(sa.update(request).where(request.c.id == first.id).values(risk="now"))
    full(world)
    before = {row.id for row in world.rows(offer) if row.request == first.id and row.state == "open"}
    assert says(world, "OPEN", world.phone(DESK))[0] == SOME
    world.run()
    assert {row.id for row in world.rows(offer) if row.request == first.id and row.state == "open"} == before
    assert [row.service for row in world.rows(offer) if row.request != first.id and row.state == "open"] == [DESK]


def test_r49_a_desk_does_not_keep_a_request_from_others_by_turns(world: World) -> None:
    full(world)
    assert says(world, "OPEN", world.phone(DESK))[0] == ALL
    world.run()
    full(world)
    assert says(world, "OPEN", world.phone(DESK))[0] == NONE
    world.run()
    assert [(service != DESK, state) for service, state in asked(world)] == [(True, "open")]


def test_r48_a_stop_after_full_is_not_undone_by_taking_requests_again(world: World) -> None:
    full(world)
    (caller,) = {row.state for row in world.rows(request)}
    assert caller == "offered"
    world.text(CALLER, "STOP")
    assert says(world, "OPEN", world.phone(DESK))[0] == NONE
    world.run()
    assert asked(world) == []
