"""Commands return what happened. Words are made of it elsewhere, and no command trusts who calls it."""

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import get_args

import pytest
import sqlalchemy as sa

from helpline.casework import claims, desk, escalated_requests, freeze, handover, outcomes
from helpline.casework.answers import AboutCode, AboutOffer, AlreadyClaimed, Answer, Claimed, Notice, NotOpen, Why
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.referral.context import Context
from helpline.request import offers
from helpline.request.offers import Offered
from helpline.request.service_counts import ServiceCounts
from helpline.reveal.may_reveal import Refusal
from helpline.staff import contacts
from helpline.staff.contact import Actor
from helpline.store.engine import Tx
from helpline.store.schema import attempt, audit, message, offer, request
from tests.conftest import Databases
from tests.steps.desk import says, shown, states
from tests.world import CALLER, World

Command = Callable[[Context, Tx, Actor, Offered], Answer | object]
COMMANDS: dict[str, Command] = {
    "claim": claims.claim,
    "decline": claims.decline,
    "ask for the number": claims.ask_number,
    "ask for a bridged call": claims.ask_bridge,
    "record": partial(outcomes.record, outcome="someone_else_answered"),
    "finish": outcomes.finish_following,
    "hand over": partial(handover.hand_over, name="kg-osh"),
    "take": escalated_requests.take,
    "decline a call": escalated_requests.decline_call,
    "unfreeze": freeze.unfreeze,
    "repeat": desk.repeat,
    "menu": desk.menu,
}


def kinds() -> set[type]:
    """Return every kind of answer."""
    return {each for each in get_args(Answer) if each is not Notice}


def newest(world: World) -> Offered:
    with world.db.read() as tx:
        found = offers.get(
            tx, str(tx.execute(sa.select(offer.c.id).order_by(offer.c.opened.desc()).limit(1)).scalar_one())
        )
    assert found is not None
    return found


def actor(world: World, id: str) -> Actor:
    with world.db.read() as tx:
        contact = contacts.get(tx, id)
    assert contact is not None
    return Actor.by_sms(contact)


def test_no_answer_contains_a_number() -> None:
    """What an answer holds is an offer, a time, a name of a service, a count or ids of texts."""
    held = {str(field.type) for kind in kinds() for field in fields(kind)}
    assert held <= {
        "<class 'helpline.request.offers.Offered'>", "<class 'helpline.core.call_windows.Span'>",
        "helpline.casework.answers.Why | helpline.reveal.may_reveal.Refusal",
        "helpline.reveal.may_reveal.Refusal | None", "<class 'datetime.datetime'>", "datetime.datetime | None",
        "<class 'bool'>", "<class 'int'>", "<class 'str'>", "tuple[str, ...]",
        "<class 'helpline.request.service_counts.ServiceCounts'>",
    }  # fmt: skip
    assert {each.type for each in fields(ServiceCounts)} == {int}


def test_an_answer_about_an_offer_knows_its_offer() -> None:
    for kind in get_args(AboutOffer | AboutCode):
        assert "offer" in {field.name for field in fields(kind)}, kind


def test_every_text_of_an_answer_is_in_the_book(new_sqlite: Databases) -> None:
    texts = World.on(new_sqlite()).public.ctx.book.tree.notices
    assert {text.value for text in (*Why, *Notice, *Refusal)} <= texts.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_r32_a_command_does_nothing_about_an_offer_of_another_desk(new_sqlite: Databases, name: str) -> None:
    """It does not matter who calls it, or how the offer was found."""
    world = World.on(new_sqlite())
    shown(world)
    about, before = newest(world), [world.rows(table) for table in (request, offer, attempt, audit, message)]
    stranger = actor(world, "kg-osh" if about.service != "kg-osh" else "kg-bishkek")
    with world.db.write() as tx:
        assert COMMANDS[name](world.work.ctx, tx, stranger, about) == NotOpen()
    assert [world.rows(table) for table in (request, offer, attempt, audit, message)] == before


def test_a_command_reads_the_offer_again(new_sqlite: Databases) -> None:
    """What it is given may be old: of two who claim, the second is told that it is taken."""
    world = World.on(new_sqlite())
    world.ask()
    world.run()
    about = newest(world)
    by = actor(world, about.service)
    with world.db.write() as tx:
        first = claims.claim(world.work.ctx, tx, by, about)
        second = claims.claim(world.work.ctx, tx, by, about)
    assert (type(first), type(second)) == (Claimed, AlreadyClaimed)


@pytest.mark.parametrize("name", ["claim", "decline", "ask for the number", "hand over"])
@pytest.mark.parametrize("claimed", [False, True])
def test_r48_a_command_applies_an_unread_stop_before_anything_else(
    new_sqlite: Databases, name: str, claimed: bool
) -> None:
    """The stop is sealed in the database, and no worker has come since."""
    world = World.on(new_sqlite())
    world.contacts_are(accepts_numbers_by_sms=True)
    if claimed:
        world.claimed()
    else:
        world.ask()
        world.run()
    about = newest(world)
    world.public.sms("at", IncomingSms("stop", msisdn(CALLER), Hidden("STOP")))
    before = [row.action for row in world.rows(audit)]
    with world.db.write() as tx:
        assert COMMANDS[name](world.work.ctx, tx, actor(world, about.service), about) == NotOpen()
    assert (world.state(), newest(world).state) == ("paused", "void")
    assert [row.action for row in world.rows(audit)] == before


def test_a_late_yes_after_the_caller_was_reached_ends_nothing(new_sqlite: Databases) -> None:
    world = World.on(new_sqlite())
    world.contacts_are(language="en")
    code = shown(world)
    says(world, f"REACHED {code}")
    world.wait(hours=20)
    assert says(world, f"YES {code}") == [f"{code} is not open for you. Nothing was changed."]
    assert newest(world).state == "followed"
    assert says(world, f"DONE DONE {code}")
    assert states(world) == [("closed", "helped")]
