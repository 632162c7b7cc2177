"""Which channel a text goes by, what a channel's failures change, and how many texts it gets in a second."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from helpline.core.channels_file import ChannelSettings
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import Delivery, IncomingSms, Receipt, SendFailed
from helpline.messaging.routes import Route, reply_by, way_to
from helpline.store import channel_states
from helpline.store.schema import message
from tests.world import CALLER, World

REFUSED = SendFailed("Refused", retry=False)
BROKEN = SendFailed("ConnectionRefused", retry=True)
LOST = SendFailed("ReadTimeout", retry=False, unknown=True)


@dataclass
class Taker:
    """A gateway that takes texts, or fails as told."""

    fails: list[SendFailed | None] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)
    """The ref and the sender of each text that it took. With an unclear answer it takes the text, too."""
    always: SendFailed | None = None

    def send(self, to: Msisdn, text: str, ref: str, sender: str) -> str:
        assert to.reveal()
        assert text
        failure = self.fails.pop(0) if self.fails else self.always
        if failure is None or failure.unknown:
            self.taken.append((ref, sender))
        if failure is not None:
            raise failure
        return f"id-{len(self.taken)}"


def connect(world: World, *takers: Taker, deduplicates: bool = False, **more: Any) -> None:
    """Connect channels that are named first, second, third."""
    names = ("first", "second", "third")
    routes = tuple(
        Route(ChannelSettings(name=name, kind="emulator", **more), taker, deduplicates)
        for name, taker in zip(names, takers, strict=False)
    )
    world.work = replace(world.work, outgoing=replace(world.work.outgoing, routes=routes))


def offer(world: World) -> None:
    world.ask()
    world.run()


def channel_of(world: World, to: str = "service") -> list[tuple[str | None, str]]:
    return [(row.channel, row.state) for row in world.rows(message) if row.to == to]


def by(name: str, **more: Any) -> Route:
    return Route(ChannelSettings(name=name, kind="emulator", **more), Taker())


KYRGYZ, TAJIK = "+996000111001", "+992000111001"
WAYS = [
    ("the first that takes all", [by("a"), by("b")], KYRGYZ, (), (), "a"),
    ("by country", [by("a", countries=("992",)), by("b", countries=("996",))], KYRGYZ, (), (), "b"),
    ("a country before all", [by("a"), by("b", countries=("996",))], KYRGYZ, (), (), "b"),
    ("a prefix before a country", [by("a", countries=("996",)), by("b", prefixes=("996000",))], KYRGYZ, (), (), "b"),
    ("no channel for this number", [by("a", countries=("992",))], KYRGYZ, (), (), None),
    ("one that only answers", [by("a", sends=False), by("b")], KYRGYZ, (), (), "b"),
    ("one that rests goes last", [by("a"), by("b")], KYRGYZ, ("a",), (), "b"),
    ("if all rest, the first", [by("a"), by("b")], TAJIK, ("a", "b"), (), "a"),
    ("behind the one that refused", [by("a"), by("b"), by("c")], KYRGYZ, (), ("a",), "b"),
    ("one that only rested", [by("a"), by("b")], KYRGYZ, ("a",), ("b",), "a"),
    ("all have refused", [by("a"), by("b")], KYRGYZ, (), ("b", "a"), None),
    ("the one that refused is gone", [by("a"), by("b")], KYRGYZ, (), ("x",), "a"),
]


@pytest.mark.parametrize(("why", "routes", "number", "resting", "refused_by", "name"), WAYS, ids=[w[0] for w in WAYS])
def test_the_way_of_a_text_to_a_service(
    why: str, routes: Sequence[Route], number: str, resting: Sequence[str], refused_by: Sequence[str], name: str | None
) -> None:
    way = way_to(routes, msisdn(number), lambda: resting, refused_by)
    assert (way.route.name if way else None) == name, why


def test_r12_a_reply_has_one_way_only() -> None:
    routes = [by("a"), by("b")]
    way = reply_by(routes, {"by": ["b", "4040"]})
    assert way is not None
    assert (way.route.name, way.code) == ("b", "4040")
    assert reply_by(routes, {"by": ["gone", "4040"]}) is None


def test_a_refused_text_to_a_service_goes_by_the_next_channel(world: World) -> None:
    first, second = Taker(always=REFUSED), Taker()
    connect(world, first, second)
    offer(world)
    assert (len(first.taken), len(second.taken)) == (0, 1)
    assert channel_of(world) == [("second", "sent")]


def test_a_text_that_every_channel_refused_is_given_up(world: World) -> None:
    connect(world, Taker(always=REFUSED), Taker(always=REFUSED))
    offer(world)
    assert {state for _, state in channel_of(world)} == {"failed"}


def test_after_three_faults_in_a_row_another_channel_goes_first(world: World) -> None:
    first, second = Taker(always=BROKEN), Taker()
    connect(world, first, second)
    offer(world)
    assert second.taken == []
    world.wait(minutes=3)
    assert len(second.taken) == 1
    assert channel_of(world) == [("second", "sent")]


def test_a_channel_that_rested_is_tried_again(world: World) -> None:
    with world.db.write() as tx:
        for _ in range(channel_states.FAULTS_IN_A_ROW):
            channel_states.note_failure(tx, "first", fault=True)
        assert channel_states.resting(tx) == {"first"}
        assert channel_states.resting(tx.at(tx.now + timedelta(seconds=61))) == set()
        channel_states.note_success(tx, "first")
        assert channel_states.resting(tx) == set()


def test_refusals_of_single_texts_let_no_channel_rest(world: World) -> None:
    with world.db.write() as tx:
        for _ in range(9):
            channel_states.note_failure(tx, "first", fault=False)
        assert channel_states.resting(tx) == set()


def write(world: World) -> None:
    """Receive a text of a caller by the first channel."""
    sms = IncomingSms(f"in{next(world.sessions)}", msisdn(CALLER), Hidden("hello"), "4040")
    world.public.sms("first", sms)
    world.run()


def test_r12_a_text_to_a_caller_never_leaves_by_another_channel(world: World) -> None:
    for failure in (REFUSED, BROKEN, LOST):
        first, second = Taker(always=failure), Taker()
        connect(world, first, second)
        write(world)
        world.wait(hours=1)
        assert second.taken == []


def test_r12_an_unclear_answer_about_a_text_to_a_caller_is_not_asked_again(world: World) -> None:
    first = Taker(always=LOST)
    connect(world, first)
    write(world)
    world.wait(hours=1)
    assert len(first.taken) == 1


def test_an_unclear_answer_is_asked_again_where_the_gateway_takes_our_id_only_once(world: World) -> None:
    first = Taker(fails=[LOST, LOST])
    connect(world, first, deduplicates=True)
    write(world)
    world.wait(hours=1)
    assert len(first.taken) == 3
    assert len({ref for ref, _ in first.taken}) == 1, "always with the same id of ours"
    assert channel_of(world, "caller") == [("first", "sent")]
    world.public.receipt("first", Receipt("id-3", Delivery.DELIVERED))
    world.run()
    assert channel_of(world, "caller") == [("first", "delivered")]


class Odd(Taker):
    """A gateway whose answer breaks our code."""

    def send(self, to: Msisdn, text: str, ref: str, sender: str) -> str:
        super().send(to, text, ref, sender)
        raise ValueError(f"no number in {to.reveal()}")


def test_an_error_of_our_own_while_sending_repeats_no_text_for_ever(world: World) -> None:
    """A text to a caller goes once, and one to a service three times at most."""
    odd = Odd()
    connect(world, odd)
    write(world)
    world.wait(hours=2)
    assert len(odd.taken) == 1
    offer(world)
    world.wait(minutes=20)
    assert len(odd.taken) == 4


class Died(BaseException):
    """The process has ended."""


class Dies(Taker):
    """A worker that dies while it sends."""

    def send(self, to: Msisdn, text: str, ref: str, sender: str) -> str:
        super().send(to, text, ref, sender)
        raise Died


@pytest.mark.parametrize(("deduplicates", "times"), [(True, 2), (False, 1)])
def test_r12_a_reply_whose_worker_died_is_asked_again_only_where_our_id_is_taken_once(
    world: World, deduplicates: bool, times: int
) -> None:
    """It is sent with the same id of ours. Any other gateway would send a second text to the caller."""
    dying, alive = Dies(), Taker()
    connect(world, dying, deduplicates=deduplicates)
    with pytest.raises(Died):
        write(world)
    connect(world, alive, deduplicates=deduplicates)
    world.wait(hours=1)
    assert len([*dying.taken, *alive.taken]) == times
    assert len({ref for ref, _ in (*dying.taken, *alive.taken)}) == 1
    assert channel_of(world, "caller")[0][1] == "sent"


def test_r12_a_gateway_is_not_asked_again_for_ever(world: World) -> None:
    """Each worker dies while it sends."""
    dying = Dies()
    connect(world, dying, deduplicates=True)
    with pytest.raises(Died):
        write(world)
    for _ in range(9):
        with suppress(Died):
            world.wait(hours=1)
    assert len(dying.taken) == 6


def test_what_exceeds_the_rate_is_put_back_and_goes_later(world: World) -> None:
    first = Taker()
    connect(world, first, rate=1)
    for number in range(4):
        world.public.sms("first", IncomingSms(f"m{number}", msisdn(f"+99600011100{number}"), Hidden("hello"), "4040"))
    world.run()
    assert len(first.taken) == 1
    world.wait(seconds=1)
    assert len(first.taken) == 2
    world.wait(seconds=3)
    assert len(first.taken) == 4


def test_a_clock_that_was_ahead_silences_no_channel(world: World) -> None:
    """The last text was counted an hour ahead. Now the clock is right, and a call for help waits for nobody."""
    first = Taker()
    connect(world, first, rate=1)
    world.clock.at += timedelta(hours=1)
    world.public.sms("first", IncomingSms("m1", msisdn("+996000111001"), Hidden("hello"), "4040"))
    world.run()
    world.clock.at -= timedelta(hours=1)
    world.public.sms("first", IncomingSms("m2", msisdn("+996000111002"), Hidden("SOS"), "4040"))
    world.wait(seconds=1)
    assert len(first.taken) == 2


def rows_done(world: World, seconds: int) -> int:
    """Do each row of work when it is due, for so long. Return how many times one was taken up."""
    done, ends = world.run(), world.clock.at + timedelta(seconds=seconds)
    while (due := world.next_due()) is not None and due <= ends:
        world.clock.at = max(world.clock.at, due)
        done += world.run()
    return done


def test_each_of_many_waiting_texts_is_taken_up_about_twice(world: World) -> None:
    """Not once for each text before it."""
    first, texts = Taker(), 40
    connect(world, first, rate=2)
    for number in range(texts):
        world.public.sms("first", IncomingSms(f"m{number}", msisdn(f"+9960001110{number:02}"), Hidden("hello"), "4040"))
    read = texts
    assert rows_done(world, texts // 2 + 1) <= read + 2 * texts
    assert len(first.taken) == texts


def test_r12_a_call_for_help_waits_for_no_other_text(world: World) -> None:
    """Thirty replies wait for a channel that sends one a second. The one to a call for help is the next."""
    first = Taker()
    connect(world, first, rate=1)
    for number in range(30):
        world.public.sms("first", IncomingSms(f"m{number}", msisdn(f"+9960001110{number:02}"), Hidden("hello"), "4040"))
    world.run()
    before = {row.id for row in world.rows(message)}
    world.public.sms("first", IncomingSms("sos", msisdn("+996000111200"), Hidden("SOS"), "4040"))
    world.run()
    rows_done(world, 1)
    (reply,) = {row.id for row in world.rows(message)} - before
    assert [ref for ref, _ in first.taken][1:] == [reply]


def test_waiting_for_the_rate_of_a_channel_is_no_failed_try(world: World) -> None:
    """The last text has waited twice, and is still sent again after its first failure."""
    first = Taker(fails=[None, None, BROKEN])
    connect(world, first, rate=1)
    for number in range(3):
        world.public.sms("first", IncomingSms(f"m{number}", msisdn(f"+99600011100{number}"), Hidden("hello"), "4040"))
    world.run()
    for _ in range(3):
        world.wait(seconds=1)
    world.wait(minutes=5)
    assert [row.state for row in world.rows(message) if row.to == "caller"] == ["sent"] * 3


def test_one_channel_over_its_rate_delays_no_other(world: World) -> None:
    slow, free = Taker(), Taker()
    slow_route = Route(ChannelSettings(name="first", kind="emulator", rate=1), slow)
    routes = (slow_route, Route(ChannelSettings(name="second", kind="emulator"), free))
    world.work = replace(world.work, outgoing=replace(world.work.outgoing, routes=routes))
    for number in range(6):
        channel = ("first", "second")[number % 2]
        world.public.sms(channel, IncomingSms(f"m{number}", msisdn(f"+99600011100{number}"), Hidden("hello"), "4040"))
    world.run()
    assert (len(slow.taken), len(free.taken)) == (1, 3)


def test_the_state_of_a_channel_counts_successes_and_failures(world: World) -> None:
    connect(world, Taker(fails=[BROKEN, None]))
    offer(world)
    world.wait(minutes=1)
    with world.db.read(world.clock()) as tx:
        (state,) = channel_states.everyone(tx)
    assert (state.name, state.sent, state.failed) == ("first", 1, 1)
    assert state.last_failure is not None
    assert state.last_success is not None
    assert not state.is_resting(world.clock())
