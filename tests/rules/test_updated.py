"""A database from before offers and texts had codes: what waited at the update is not lost."""

from datetime import timedelta

import pytest
from alembic import command

from helpline.core.jobs import Job
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.request import recipients
from helpline.store import migrate
from helpline.store.engine import Database
from helpline.store.schema import offer, request
from tests.steps.desk import says
from tests.world import CALLER, World

BEFORE_CODES = "0024"


@pytest.fixture
def world(db: Database) -> World:
    """Everybody reads English and may get numbers by SMS."""
    made = World.on(db)
    made.contacts_are(accepts_numbers_by_sms=True, language="en")
    return made


def ask_number(world: World, to: str, code: str) -> None:
    """Ask for a number; its text is written, and waits."""
    world.public.sms("at", IncomingSms(f"waits{world.clock()}", msisdn(to), Hidden(f"NUMBER {code}")))
    assert world.work.step(Job.READ_ORDERS)


def update(world: World) -> None:
    """Bring the database back to before there were codes, update it, and start the clock."""
    config = migrate._config()
    with world.db.write() as tx:
        config.attributes["connection"] = tx.connection
        command.downgrade(config, BEFORE_CODES)
    migrate.upgrade(world.db)
    world.work.begin()
    world.run()


def number_again(world: World, to: str) -> str:
    """Ask for the number of the only claim. Return the reply."""
    (claim,) = world.rows(offer)
    return says(world, f"NUMBER {world.work.ctx.offer_code(claim.id, claim.draws)}", to)[-1]


@pytest.mark.engines
def test_r11_a_number_that_waited_for_an_update_can_be_asked_for_again(world: World) -> None:
    """Its text is not sent, so it has not left, and its window is not used up."""
    to, code = world.claimed()
    ask_number(world, to, code)
    update(world)
    assert not any(CALLER in text for _, text in world.gateway.sent)
    assert [(row.shown_in, row.left_at) for row in world.rows(offer)] == [(None, None)]
    assert CALLER in number_again(world, to)
    assert [row.reveals for row in world.rows(request)] == [1]


def test_r30_a_number_that_had_left_before_still_counts_after_an_update(world: World) -> None:
    """The text of another window waited. Its desk has the number since the first."""
    to, code = world.claimed()
    assert CALLER in says(world, f"NUMBER {code}", to)[-1]
    world.wait(timedelta(days=1))
    ask_number(world, to, code)
    update(world)
    (claim,) = world.rows(offer)
    with world.db.read() as tx:
        assert recipients.have_number(tx, claim.request) == {claim.service}
    assert CALLER in number_again(world, to)
