"""What a desk must not mix up: two callers, drills and real requests, two requests of one phone."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from helpline.directory import replace_directory
from helpline.directory.sample import sample
from helpline.store.schema import offer, request
from tests.steps.desk import DESK, confirmed, says, shown, states
from tests.world import CALLER, OTHER, STOPPED, World


@pytest.mark.parametrize("word", ["REACHED", "NOANSWER", "1", "STRANGER", "DONE"])
def test_a_report_without_a_code_never_counts_for_the_other_request(world: World, word: str) -> None:
    """The caller just called said *do not call*. The reply must not count for the other caller."""
    first = shown(world)
    other = shown(world, OTHER)
    world.dial(CALLER).press(*STOPPED)
    world.run()
    before = states(world)
    replies = says(world, word)
    assert states(world) == before
    assert other in " ".join(replies) or word == "DONE"
    assert first in " ".join(replies)


def test_a_drill_takes_no_place_at_a_desk(world: World) -> None:
    """A desk that can have one request has a drill, and still gets an offer."""
    zone = world.public.ctx.country.zone
    services, people = sample("KG", zone, world.clock().date())
    with world.db.write() as tx:
        replace_directory.replace_all(
            tx, "KG", [replace(each, capacity=1) if each.id == DESK else each for each in services], people
        )
    says(world, "DRILL")
    world.ask()
    world.run()
    with world.db.read() as tx:
        asked = sa.select(offer.c.service).join(request, request.c.id == offer.c.request)
        assert tx.execute(asked.where(request.c.kind != "drill")).scalars().all() == [DESK]


@pytest.mark.engines
def test_r27_a_mistake_cannot_be_undone_once_the_line_has_moved_on(world: World) -> None:
    """*Reached* freed the line and its next request is offered. The first one stays reached."""
    code = shown(world)
    world.ask()
    world.run()
    says(world, f"REACHED {code}")
    world.run()
    confirmed(world, "UNDO")
    assert sorted(state for state, _ in states(world)) == ["offered", "reached"]
