"""A gateway that hangs holds up the texts of its own channel, and nothing else."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from helpline.core.channels_file import ChannelSettings
from helpline.core.jobs import Job, Queue
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import IncomingSms, SendFailed
from helpline.messaging.in_flight import SLOW_SECONDS, InFlight
from helpline.messaging.routes import Route
from helpline.store import outbox as rows
from helpline.store.schema import message, outbox
from menus.draft import Draft
from tests.steps.caller import save_draft
from tests.world import OTHER, World
from workers.side_by_side import LANES

PATIENCE = 20.0
"""So long the gateway hangs if what it waits for does not happen: then the test fails."""
IN_DANGER = Draft(language="ru", consent="yes", window="now", risk="now")


def nothing() -> None:
    """Do nothing."""


@dataclass(slots=True)
class Hanging:
    """A gateway that answers nobody before `until` is set."""

    until: threading.Event
    asked: list[str] = field(default_factory=list)
    """The telephones whose texts it has got."""
    begun: int = 0
    """How many texts were given to it while it hung."""
    in_vain: int = 0
    """How many of its texts have waited for longer than they should."""
    at_first: Callable[[], object] = nothing
    """What happens while the first text waits."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, to: Msisdn, text: str, ref: str = "", sender: str = "") -> str:
        del text, sender
        with self._lock:
            self.asked.append(to.reveal())
            self.begun += not self.until.is_set()
            first = len(self.asked) == 1
        if first:
            self.at_first()
        if not self.until.wait(PATIENCE):
            self.in_vain += 1
        return f"slow-{ref}"


@dataclass(slots=True)
class Quick:
    """A gateway that takes each text at once, and sets `all_taken` when it has as many as are expected."""

    expected: int
    all_taken: threading.Event
    taken: list[str] = field(default_factory=list)

    def send(self, to: Msisdn, text: str, ref: str = "", sender: str = "") -> str:
        del text, sender
        self.taken.append(to.reveal())
        if len(self.taken) == self.expected:
            self.all_taken.set()
        return f"quick-{ref}"


def phones(prefix: str, how_many: int) -> list[str]:
    return [f"+99600011{prefix}{number:02}" for number in range(how_many)]


def connect(world: World, quick: Quick, slow: Hanging) -> None:
    """Send by both, texts to services by the quick one, in several lanes."""
    routes = tuple(
        Route(ChannelSettings(name=name, kind="emulator"), sender)
        for name, sender in (("quick", quick), ("slow", slow))
    )
    world.work = replace(world.work, lanes=LANES, outgoing=replace(world.work.outgoing, routes=routes))


def write(world: World, channel: str, people: list[str]) -> None:
    """Receive a text of each, and read them."""
    for each in people:
        world.public.sms(channel, IncomingSms(f"{channel}-{each}", msisdn(each), Hidden("help me please"), "4040"))
    world.work.drain(PATIENCE, Job.READ_MESSAGES)
    world.work.drain(PATIENCE, Job.READ_URGENT)


@pytest.mark.engines
def test_a_gateway_that_hangs_holds_up_no_text_of_another_channel(world: World) -> None:
    """Its texts are due first, and more than there are lanes. The others leave all the same, before it answers."""
    gone = threading.Event()
    quick, slow = Quick(2 * LANES, gone), Hanging(gone)
    connect(world, quick, slow)
    write(world, "slow", phones("22", 3 * LANES))
    write(world, "quick", phones("33", 2 * LANES))
    world.work.run(Job.SEND_MESSAGES)
    assert (slow.in_vain, slow.begun) == (0, LANES), "no more wait for it than there are lanes"
    assert sorted(quick.taken) == phones("33", 2 * LANES)
    for _ in range(2):
        world.work.run(Job.SEND_MESSAGES)
    assert sorted(slow.asked) == phones("22", 3 * LANES)
    assert {row.state for row in world.rows(message)} == {"sent"}
    assert not [row for row in world.rows(outbox) if row.kind == "send"]


@pytest.mark.engines
def test_while_a_gateway_hangs_its_worker_offers_requests_and_sends_urgent_texts(world: World) -> None:
    """All lanes wait for it when somebody in danger asks for a call. The offer leaves before the gateway answers."""
    offered = threading.Event()
    quick = Quick(1, offered)
    slow = Hanging(offered, at_first=lambda: save_draft(world, IN_DANGER, session="danger", caller=OTHER))
    connect(world, quick, slow)
    write(world, "slow", phones("22", 2 * LANES))
    world.work.run(Job.SEND_MESSAGES)
    assert slow.in_vain == 0
    assert len(quick.taken) >= 1


@pytest.mark.engines
def test_r33_a_text_that_waits_for_a_slow_channel_keeps_its_place(world: World) -> None:
    """Two texts to one person: the second does not leave before the first, though the channel is open again by then."""
    closed = frozenset({"slow"})
    with world.db.write() as tx:
        for ref in ("first", "second"):
            rows.wake(tx, "send", ref, tx.now, recipient="one")
        rows.wake(tx, "send", "another", tx.now, recipient="two")
        first = rows.claim(tx, Job.SEND_MESSAGES)
        assert first is not None
        rows.wait_for_channel(tx, first, "slow")
        claimed = [rows.claim(tx, Job.SEND_MESSAGES, closed=closed) for _ in range(2)]
        again = rows.claim(tx, Job.SEND_MESSAGES)
    assert [due and due.ref for due in (first, *claimed, again)] == ["first", "another", None, "first"]


@pytest.mark.engines
def test_nothing_makes_way_for_urgent_texts_that_wait_for_a_slow_channel(world: World) -> None:
    with world.db.write() as tx:
        rows.wake(tx, "send", "urgent", tx.now, Queue.URGENT, "one")
        rows.wake(tx, "send", "other", tx.now, recipient="two")
        urgent = rows.claim(tx, Job.SEND_URGENT)
        assert urgent is not None
        rows.wait_for_channel(tx, urgent, "slow")
        assert rows.claim(tx, Job.SEND_MESSAGES) is None
        other = rows.claim(tx, Job.SEND_MESSAGES, closed=frozenset({"slow"}))
    assert other is not None
    assert other.ref == "other"


def test_a_worker_that_lost_a_text_does_not_put_it_back(world: World) -> None:
    with world.db.write() as tx:
        rows.wake(tx, "send", "one", tx.now)
        due = rows.claim(tx, Job.SEND_MESSAGES)
        assert due is not None
        with pytest.raises(rows.LostLease):
            rows.wait_for_channel(tx, replace(due, attempt=due.attempt - 1), "slow")


def test_when_a_channel_begins_to_rest_its_texts_are_looked_at_again(world: World) -> None:
    """Those to services go by another channel then."""
    broken = SendFailed("ConnectionRefused", retry=True)
    world.gateway.fails.extend([broken] * 3)
    name = world.work.outgoing.routes[0].name
    write(world, name, phones("22", 3))
    with world.db.write() as tx:
        rows.wake(tx, "send", "waits", tx.now)
        due = rows.claim(tx, Job.SEND_MESSAGES)
        while due and due.ref != "waits":
            rows.put_back(tx, due, "")
            due = rows.claim(tx, Job.SEND_MESSAGES)
        assert due is not None
        rows.wait_for_channel(tx, due, name)
    world.clock.at += rows.BACK_OFF_MOST
    with world.db.write() as tx:
        rows.postpone(tx, "sms", tx.now + rows.LEASE)
    for _ in range(3):
        with world.db.write() as tx:
            text = rows.claim(tx, Job.SEND_MESSAGES, closed=frozenset({name}))
        assert text is not None
        world.work.do(text)
    assert [row.channel for row in world.rows(outbox) if row.ref == "waits"] == [None]


def test_a_channel_is_closed_while_a_text_waits_for_long() -> None:
    time = [0.0]
    texts = InFlight(lambda: time[0])
    assert texts.begin(1, "slow")
    assert texts.begin(2, "quick")
    assert texts.close_slow() == 0
    time[0] = SLOW_SECONDS
    assert texts.begin(2, "quick"), "in place of the one before"
    assert texts.close_slow() == 1
    assert texts.closed == {"slow"}
    assert not texts.begin(2, "slow")
    texts.end(1)
    assert texts.closed == frozenset()
    assert texts.begin(2, "slow")
