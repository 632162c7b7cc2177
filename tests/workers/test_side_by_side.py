"""Several texts leave at once, those to one recipient in their order, and each is settled by itself."""

import threading
from collections import Counter
from collections.abc import Callable, Set
from dataclasses import replace
from zlib import crc32

import pytest

from helpline.core.jobs import Job, Queue
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.store.outbox import Due
from helpline.store.schema import message, outbox
from tests.world import World
from workers import side_by_side

LONG = 90.0
LANES = 3
APART = [next(name for name in map(str, range(99)) if crc32(name.encode()) % LANES == lane) for lane in range(LANES)]
"""Recipients of different lanes."""


def rows(*recipients: str) -> Callable[[Set[int]], list[tuple[Due, str]]]:
    """Return a claim of one row for each of these recipients. The reference of a row is its number."""
    left = [(Due(number, "send", str(number), 1, Queue.DEFAULT), each) for number, each in enumerate(recipients)]
    return lambda _: [left.pop(0)] if left else []


def test_texts_to_different_recipients_are_on_their_way_at_once() -> None:
    """Each waits until all are: one after the other, they would wait for ever."""
    together = threading.Barrier(LANES)

    def do(_: Due) -> None:
        together.wait(LONG)

    assert side_by_side.drain(rows(*APART), do, LONG, LANES) == LANES


def test_texts_to_one_recipient_leave_in_their_order() -> None:
    left = list[str]()
    first_may_go = threading.Event()

    def do(due: Due) -> None:
        if due.ref == "0":
            first_may_go.wait(LONG)
        if due.ref == "1":
            first_may_go.set()
        left.append(due.ref)

    same, other, *_ = APART
    side_by_side.drain(rows(same, other, same, same), do, LONG, LANES)
    assert [ref for ref in left if ref != "1"] == ["0", "2", "3"]


def test_nothing_is_claimed_while_all_lanes_are_busy() -> None:
    """The gateway hangs in two lanes. The next rows are claimed when the third lane is free, and for that one."""
    asked, done = list[Set[int]](), list[str]()
    all_begun, asked_again = threading.Barrier(LANES), threading.Event()
    left = rows(*APART)

    def claim(busy: Set[int]) -> list[tuple[Due, str]]:
        claimed = left(busy)
        if not claimed:
            asked.append(busy)
            assert done == ["1"]
            asked_again.set()
        return claimed

    def do(due: Due) -> None:
        all_begun.wait(LONG)
        if due.ref != "1":
            asked_again.wait(LONG)
        done.append(due.ref)

    assert side_by_side.drain(claim, do, LONG, LANES) == LANES
    assert asked == [{0, 2}]


def test_if_the_database_fails_nothing_more_is_claimed_and_what_was_claimed_is_done() -> None:
    """Also a row that waits for its lane: it would keep its lease for a minute."""
    done, claimed, begun, failed = list[str](), list[str](), threading.Event(), threading.Event()

    def do(due: Due) -> None:
        if due.ref == "0":
            begun.wait(LONG)
            failed.set()
            raise OSError
        begun.set()
        failed.wait(LONG)
        done.append(due.ref)

    same, other, *_ = APART
    left = rows(same, other, same, other)

    def claim(busy: Set[int]) -> list[tuple[Due, str]]:
        some = left(busy)
        claimed.extend(due.ref for due, _ in some)
        return some

    with pytest.raises(OSError):  # it has no text
        side_by_side.drain(claim, do, LONG, LANES)
    assert claimed[:2] == ["0", "1"]
    assert sorted(done) == claimed[1:]
    assert left(frozenset())


@pytest.mark.engines
def test_each_reply_leaves_once_and_is_settled(world: World) -> None:
    """Twelve people write. Their answers are sent side by side."""
    people = [f"+9960001120{number:02}" for number in range(12)]
    for number, each in enumerate(people):
        world.public.sms("at", IncomingSms(f"in{number}", msisdn(each), Hidden("help me please")))
    world.work.drain(LONG, Job.READ_MESSAGES)
    world.work.drain(LONG, Job.READ_URGENT)
    work = replace(world.work, lanes=LANES)
    for _ in people:  # each run works for half a second, which a slow machine may need for one text
        work.run(Job.SEND_MESSAGES)
    assert Counter(to for to, _ in world.gateway.sent) == Counter(people)
    assert {row.state for row in world.rows(message)} == {"sent"}
    assert not [row for row in world.rows(outbox) if row.kind == "send"]
