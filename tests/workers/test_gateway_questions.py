"""Questions to gateways that do not report by themselves: what became of texts, and how much money is left."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from helpline.core.channels_file import ChannelSettings
from helpline.core.phone_numbers import Msisdn
from helpline.core.ports import Delivery, Receipt, SendFailed
from helpline.messaging.routes import Route
from helpline.store import channel_states
from helpline.store.engine import Database
from helpline.store.schema import message, offer
from tests.conftest import Databases
from tests.world import CALLER, World
from workers.gateway_questions import GatewayQuestions

SILENT = SendFailed("HTTP 500", retry=True)


@dataclass
class Provider:
    """A gateway that is asked. It says what it was told to say."""

    states: dict[str, Delivery | None] = field(default_factory=dict)
    money: float | None = 84.75
    broken: bool = False
    polled: list[list[str]] = field(default_factory=list)
    asked: int = 0
    sent: list[str] = field(default_factory=list)

    def send(self, to: Msisdn, text: str, ref: str, sender: str) -> str:
        self.sent.append(to.reveal())
        return f"9960001110{len(self.sent):02d}"

    def poll(self, ids: Sequence[str]) -> Sequence[Receipt]:
        if self.broken:
            raise SILENT
        self.polled.append(sorted(ids))
        return [Receipt(id, self.states[id]) for id in ids if id in self.states]

    def balance(self) -> float:
        self.asked += 1
        if self.money is None:
            raise SILENT
        return self.money


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def world(new_sqlite: Databases, provider: Provider) -> World:
    return connect(World.on(new_sqlite()), ("at", provider))


def connect(world: World, *given: tuple[str, Provider]) -> World:
    routes = tuple(
        Route(ChannelSettings(name=name, kind="template"), each, poller=each, purse=each) for name, each in given
    )
    world.work = replace(world.work, outgoing=replace(world.work.outgoing, routes=routes))
    return world


def questions(world: World) -> GatewayQuestions:
    return GatewayQuestions(world.work.db, world.work.outgoing)


def test_a_text_that_was_not_delivered_is_passed_on_although_the_gateway_reports_nothing(
    world: World, provider: Provider
) -> None:
    world.ask()
    world.run()
    provider.states = {"996000111001": Delivery.FAILED}
    questions(world).ask()
    world.run()
    assert provider.polled == [["996000111001"]]
    assert [row.state for row in world.rows(offer)] == ["undeliverable", "open"]


def test_a_text_is_asked_about_until_its_state_is_final(world: World, provider: Provider) -> None:
    world.ask()
    world.run()
    asks = questions(world)
    for state in (None, Delivery.SENT, Delivery.DELIVERED):
        provider.states = {"996000111001": state}
        asks.ask()
    asks.ask()
    assert len(provider.polled) == 3
    assert [row.state for row in world.rows(message)] == ["delivered"]


def test_a_text_is_asked_about_for_two_days(world: World, provider: Provider) -> None:
    world.ask()
    world.run()
    world.clock.at += timedelta(days=2, minutes=1)
    questions(world).ask()
    assert provider.polled == []


def test_r34_nothing_is_stored_to_ask_about_a_text_to_a_caller(world: World, provider: Provider) -> None:
    """The gateway's id may hold the number."""
    world.text(CALLER, "hello")
    assert provider.sent == [CALLER]
    questions(world).ask()
    assert provider.polled == []
    assert [row.poll_id for row in world.rows(message)] == [None]


def test_the_balance_is_asked_for_every_quarter_of_an_hour(world: World, provider: Provider) -> None:
    asks = questions(world)
    for minutes in (0, 1, 13, 2):
        world.clock.at += timedelta(minutes=minutes)
        asks.ask()
    assert provider.asked == 2
    with world.db.read(world.clock()) as tx:
        (state,) = channel_states.everyone(tx)
    assert (state.balance, state.balance_at) == (84.75, world.clock())


def test_a_channel_that_does_not_answer_keeps_no_other_from_being_asked(new_sqlite: Databases) -> None:
    first, second = Provider(broken=True, money=None), Provider()
    world = connect(World.on(new_sqlite()), ("first", first), ("second", second))
    log: list[tuple[str, str]] = []
    outgoing = world.work.outgoing
    ctx = replace(outgoing.ctx, log=lambda name, about: log.append((name, about)))
    world.work = replace(world.work, outgoing=replace(outgoing, ctx=ctx))
    world.ask()
    world.run()
    questions(world).ask()
    assert second.asked == 1
    assert log[-2:] == [("gateway_silent", "first:HTTP_500")] * 2


def test_a_gateway_that_can_be_asked_nothing_is_not_asked(db: Database) -> None:
    world = World.on(db)
    world.ask()
    world.run()
    questions(world).ask()
    assert [row.state for row in world.rows(message)] == ["sent"]
