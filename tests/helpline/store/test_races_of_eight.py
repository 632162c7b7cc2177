"""Eight orders about one request at the same instant: exactly one wins, and it alone leaves a trace."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

import pytest
import sqlalchemy as sa

from helpline.casework import claims, handover, outcomes
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.request import offers
from helpline.staff import contacts
from helpline.staff.contact import Actor
from helpline.staff.roles import Person, Role
from helpline.store.schema import attempt, audit, offer, request
from tests.steps.desk import Command, all_fit
from tests.steps.threads import at_once
from tests.world import CALLER, World

pytestmark = pytest.mark.engines
EIGHT = 8
WITHOUT_DANGER = ("no_answer", "busy", "off", "reached")
"""A call has one of these outcomes. What concerns the caller's safety is also accepted after another."""


def orders(world: World, commands: Sequence[Command]) -> Counter[str]:
    """Run each order about the only held offer at once: half by SMS, half at the console. Count the answers."""
    with world.db.read() as tx:
        id = tx.execute(sa.select(offer.c.id).where(offer.c.state.in_(offers.MEANS_SOMETHING))).scalar_one()
        held = offers.get(tx, id)
        assert held is not None
        desk = contacts.get(tx, held.service)
        assert desk is not None
    person = Person("person", "A caseworker", "worker", Role.CASEWORKER, held.service, "en", "")

    def give(number: int, command: Command) -> str:
        actor = Actor.at_console(person, desk) if number % 2 else Actor.by_sms(desk)
        with world.db.write(world.clock()) as tx:
            return type(command(world.work.ctx, tx, actor, held)).__name__

    results = at_once(*[partial(give, number, command) for number, command in enumerate(commands)])
    assert not [each for each in results if isinstance(each, Exception)], results
    return Counter(str(each) for each in results)


def logged(world: World, *actions: str) -> list[str]:
    return [row.action for row in world.rows(audit) if row.action in actions]


def test_one_of_eight_claims_wins(world: World) -> None:
    world.ask()
    world.run()
    assert orders(world, [claims.claim] * EIGHT) == {"Claimed": 1, "AlreadyClaimed": 7}
    assert logged(world, "claim") == ["claim"]
    assert [row.state for row in world.rows(offer)] == ["claimed"]
    assert [row.outcome for row in world.rows(attempt)] == ["claim"]


def test_r11_one_of_eight_orders_for_a_number_wins(world: World) -> None:
    """One row in the audit log, one used window, one attempt of three."""
    world.claimed()
    assert orders(world, [claims.ask_number] * EIGHT) == {"NumberLeaves": 1, "Refused": 7}
    assert logged(world, "reveal") == ["reveal"]
    assert [row.reveals for row in world.rows(request)] == [1]


def test_r11_eight_texts_for_a_number_are_answered_with_it_once(world: World) -> None:
    """By SMS, all the way: the texts are read by eight workers at once."""
    to, code = world.claimed()
    for number in range(EIGHT):
        world.public.sms("at", IncomingSms(f"in-{number}", msisdn(to), Hidden(f"NUMBER {code}")))
    results = at_once(*[world.work.step] * EIGHT)
    assert not [each for each in results if isinstance(each, Exception)], results
    world.run()
    assert len([text for _, text in world.gateway.sent if CALLER in text]) == 1


def test_one_of_eight_outcomes_is_recorded(world: World) -> None:
    to, code = world.claimed()
    world.text(to, f"NUMBER {code}")
    commands = [partial(outcomes.record, outcome=outcome) for outcome in WITHOUT_DANGER * 2]
    answers = orders(world, commands)
    assert answers["Recorded"] + answers["Reached"] == 1
    assert len(logged(world, *WITHOUT_DANGER)) == 1
    assert len([row for row in world.rows(attempt) if row.outcome in WITHOUT_DANGER]) == 1


def test_r08_eight_reports_of_a_stranger_freeze_the_line_once(world: World) -> None:
    to, code = world.claimed()
    world.text(to, f"NUMBER {code}")
    orders(world, [partial(outcomes.record, outcome="someone_else_answered")] * EIGHT)
    assert logged(world, "someone_else_answered") == ["someone_else_answered"]
    assert world.state() == "frozen"


def others(world: World) -> list[str]:
    """Return the services that do not hold the request."""
    with world.db.read() as tx:
        known = [each.desk for each in contacts.of_kind(tx, "service", world.config.country)]
    (held,) = [row.service for row in world.rows(offer) if row.state in offers.MEANS_SOMETHING]
    return sorted({*known} - {held})


@pytest.mark.parametrize("reached", [False, True], ids=["claimed", "reached"])
def test_r30_one_of_eight_hand_overs_asks_a_service(world: World, reached: bool) -> None:
    """To different services: one of them is asked, and no other. The case stays where it is."""
    all_fit(world)
    to, code = world.claimed()
    if reached:
        world.text(to, f"NUMBER {code}")
        world.text(to, f"REACHED {code}")
    named = (others(world) * EIGHT)[:EIGHT]
    answers = orders(world, [partial(handover.hand_over, name=name) for name in named])
    assert answers["HandingAsked"] == 1
    assert logged(world, "handing") == ["handing"]
    assert len([row for row in world.rows(offer) if row.state == "proposed"]) == 1
    assert world.state() == ("reached" if reached else "claimed")
