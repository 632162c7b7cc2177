"""The register of harm: each harm once until it is reviewed, and no stories."""

import pytest

from helpline.caller import my_request
from helpline.referral import harms
from tests.steps.caller import code_of, save_draft
from tests.world import World

pytestmark = pytest.mark.engines


def test_r46_the_register_takes_each_harm_once_until_it_is_reviewed(world: World) -> None:
    now = world.clock()
    with world.db.write(now) as tx:
        assert harms.add(tx, "r1", "caller", harms.CALL)
        assert not harms.add(tx, "r1", "caller", harms.CALL)
        assert harms.add(tx, "r1", "service", harms.WRONG_PERSON)
        first, second = sorted(harms.unreviewed(tx), key=lambda each: each.source)
        assert harms.mark_reviewed(tx, first.id, "aida")
        assert not harms.mark_reviewed(tx, first.id, "aida")
        assert harms.unreviewed(tx) == [second]
        assert harms.add(tx, "r1", "caller", harms.CALL)
        assert len(harms.every_harm(tx)) == 3


@pytest.mark.parametrize(("source", "what"), [("someone", "call"), ("caller", "shouted")])
def test_r46_the_register_takes_no_stories(world: World, source: str, what: str) -> None:
    with world.db.write(world.clock()) as tx, pytest.raises(ValueError, match="no such harm"):
        harms.add(tx, "r1", source, what)


def test_r46_a_harm_that_a_caller_reports_waits_in_the_register(world: World) -> None:
    kept = save_draft(world)
    for felt in ("harm", "fine", "harm"):
        my_request.record_feedback(world.public.ctx, *code_of(world), felt)
        world.run()
    with world.db.read() as tx:
        assert [(each.request, each.source, each.what) for each in harms.unreviewed(tx)] == [
            (kept.id, "caller", "call")
        ]
