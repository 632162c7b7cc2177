"""A reply to a caller leaves by the channel and the code that they wrote to, and by no other."""

from dataclasses import dataclass, field, replace

import pytest

from helpline.core.channels_file import ChannelSettings
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import Delivery, IncomingSms, Receipt
from helpline.keys import message_ids
from helpline.messaging.routes import Route
from helpline.store.schema import inbox, message
from tests.world import CALLER, OTHER, World


@dataclass
class Taker:
    """A gateway that notes the recipient and the code of each text that it takes."""

    name: str
    taken: list[tuple[str, str]]
    id: str = "one"
    refs: list[str] = field(default_factory=list)

    def send(self, to: Msisdn, text: str, ref: str, sender: str) -> str:
        assert text
        self.taken.append((self.name, sender) if to.reveal() in {CALLER, OTHER} else (self.name, "a service"))
        self.refs.append(ref)
        return self.id


def by_two(world: World, **ids: str) -> list[tuple[str, str]]:
    """Connect two channels. Return what they take."""
    taken: list[tuple[str, str]] = []
    routes = tuple(
        Route(ChannelSettings(name=name, kind="emulator"), Taker(name, taken, ids.get(name, "one")))
        for name in ("first", "second")
    )
    world.work = replace(world.work, outgoing=replace(world.work.outgoing, routes=routes))
    return taken


def write(world: World, channel: str, to: str, caller: str = CALLER, text: str = "hello") -> None:
    sms = IncomingSms(f"in{next(world.sessions)}", msisdn(caller), Hidden(text), to)
    world.public.sms(channel, sms)
    world.run()


def test_r12_a_caller_is_answered_by_the_channel_and_the_code_they_wrote_to(world: World) -> None:
    taken = by_two(world)
    write(world, "second", "4040")
    write(world, "second", "5050")
    write(world, "first", "", OTHER)
    assert taken == [("second", "4040"), ("second", "5050"), ("first", "")]


UNNAMED = [
    (("4040",), "Service", "4040"), (("*500#", "4040"), "Service", "4040"), (("4040", "5050"), "5050", "5050"),
    (("4040", "5050"), "Service", None), ((), "Service", None), ((), "Көмек", None), ((), "4040", "4040"), ((), "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("codes", "sender", "code"), UNNAMED)
def test_r12_a_reply_to_a_text_without_a_code_never_leaves_from_a_name(
    world: World, codes: tuple[str, ...], sender: str, code: str | None
) -> None:
    """Some gateways do not say which code a text came to. Another sender's name could betray the caller."""
    taken: list[tuple[str, str]] = []
    route = Route(ChannelSettings(name="one", kind="emulator", codes={"A": codes}, sender=sender), Taker("one", taken))
    world.work = replace(world.work, outgoing=replace(world.work.outgoing, routes=(route,)))
    write(world, "one", "")
    assert taken == ([] if code is None else [("one", code)])


def test_r12_a_reply_whose_channel_is_gone_is_not_sent_by_another(world: World) -> None:
    taken = by_two(world)
    write(world, "gone", "4040")
    assert taken == []
    assert [row.state for row in world.rows(message)] == ["void"]


def test_one_message_id_of_two_channels_is_two_messages(world: World) -> None:
    by_two(world)
    write(world, "first", "4040")
    write(world, "second", "4040", OTHER)
    world.public.receipt("second", Receipt("one", Delivery.DELIVERED))
    world.run()
    assert sorted((row.channel, row.state) for row in world.rows(message)) == [
        ("first", "sent"), ("second", "delivered"),
    ]  # fmt: skip


LONG = ["x" * 200, "Ж" * 100, f"{CALLER[1:]}-20261124-1", "996-000-111-001/7"]


@pytest.mark.parametrize("id", LONG, ids=["long", "letters of two bytes", "a number", "a number with dashes"])
def test_r34_an_id_of_any_length_or_with_a_number_is_stored_as_its_hash(world: World, id: str) -> None:
    by_two(world, first=id)
    write(world, "first", "4040")
    world.public.receipt("first", Receipt(id, Delivery.DELIVERED))
    stored = [str(row.gateway_id) for row in (*world.rows(message), *world.rows(inbox))]
    assert not any(part in each for each in stored for part in ("111001", "x" * 20, "111-001"))
    assert all(len(each) <= message_ids.LONGEST for each in stored)
    world.run()
    assert [row.state for row in world.rows(message)] == ["delivered"]


def test_a_receipt_of_a_text_from_before_channels_were_stored_still_counts(world: World) -> None:
    by_two(world)
    write(world, "first", "4040")
    with world.db.write() as tx:
        tx.execute(message.update().values(gateway_id="one", channel=None))
    world.public.receipt("first", Receipt("one", Delivery.DELIVERED))
    world.run()
    assert [row.state for row in world.rows(message)] == ["delivered"]
