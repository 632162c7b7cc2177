"""Several texts leave at once, those to one recipient in their order, and each is settled by itself."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest

from helpline.core.jobs import Job, Queue
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import IncomingSms
from helpline.store import outbox as claims
from helpline.store.outbox import Due
from helpline.store.schema import message, outbox
from tests.faults.phones import says
from tests.world import CALLER, Gateway, World
from workers import side_by_side

LONG = 90.0
LANES = 3


def rows(how_many: int) -> Callable[[int], list[Due]]:
    """Return what claims so many rows. The reference of a row is its number."""
    left = [Due(number, "send", str(number), 1, Queue.DEFAULT) for number in range(how_many)]
    return lambda most: [left.pop(0) for _ in range(min(most, len(left)))]


def test_several_texts_are_on_their_way_at_once() -> None:
    """Each waits until all are: one after the other, they would wait for ever."""
    together = threading.Barrier(LANES)

    def do(_: Due) -> None:
        together.wait(LONG)

    assert side_by_side.drain(rows(LANES), do, LONG, LANES) == LANES


def test_no_more_is_claimed_than_can_be_begun_and_again_when_one_has_ended() -> None:
    """The gateway hangs with two texts. The next row is claimed when the third has ended."""
    asked, asked_again, left = list[int](), threading.Event(), rows(LANES + 1)

    def claim(most: int) -> list[Due]:
        asked.append(most)
        if len(asked) == 3:
            asked_again.set()
        return left(most)

    def do(due: Due) -> None:
        if due.ref in ("0", "2"):
            asked_again.wait(LONG)

    assert side_by_side.drain(claim, do, LONG, LANES) == LANES + 1
    assert asked[:3] == [3, 1, 1]


def test_a_row_that_can_be_claimed_only_after_another_one_follows_it() -> None:
    """So the texts to one recipient need no wake-up each."""
    done, left = list[str](), rows(3)

    def claim(most: int) -> list[Due]:
        return left(min(most, 1)) if not done or done[-1] == "ended" else []

    def do(due: Due) -> None:
        done.append(due.ref)
        done.append("ended")

    assert side_by_side.drain(claim, do, LONG, LANES) == 3
    assert done == ["0", "ended", "1", "ended", "2", "ended"]


def test_if_the_database_fails_nothing_more_is_claimed_and_what_was_claimed_is_done() -> None:
    """Otherwise a row that was claimed would keep its lease for a minute."""
    done, failed, left = list[str](), threading.Event(), rows(LANES + 1)

    def do(due: Due) -> None:
        if due.ref == "0":
            failed.set()
            raise OSError
        failed.wait(LONG)
        done.append(due.ref)

    with pytest.raises(OSError):  # it has no text
        side_by_side.drain(left, do, LONG, LANES)
    assert set(done) >= {"1", "2"}
    assert len(left(9)) == LANES - len(done)


@dataclass(frozen=True, slots=True)
class Jobs:
    """Notes which jobs are woken."""

    woken: list[Job] = field(default_factory=list)

    def wake(self, job: Job) -> bool:
        self.woken.append(job)
        return True


@dataclass(frozen=True, slots=True)
class SlowGateway:
    """Takes a text with the caller's number only when it may."""

    gateway: Gateway
    asked: threading.Event = field(default_factory=threading.Event)
    may_take: threading.Event = field(default_factory=threading.Event)

    def send(self, to: Msisdn, text: str, ref: str = "", sender: str = "") -> str:
        if CALLER in text:
            self.asked.set()
            self.may_take.wait(LONG)
        return self.gateway.send(to, text, ref, sender)


@pytest.mark.engines
def test_r33_do_not_call_leaves_after_the_number_that_another_worker_is_sending(world: World) -> None:
    """In the other order, the service would call after all."""
    world.ask()
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    slow = SlowGateway(world.gateway)
    world.send_by(slow)
    workers = [replace(world.work, lanes=lanes) for lanes in (1, LANES)]
    world.public.sms("at", IncomingSms("number", msisdn(to), Hidden(f"NUMBER {code}")))
    world.work.drain(LONG, Job.READ_ORDERS)
    before = len(world.gateway.sent)
    with ThreadPoolExecutor(1) as elsewhere:
        sending = elsewhere.submit(world.work.run, Job.SEND_URGENT)
        slow.asked.wait(LONG)
        world.public.sms("at", IncomingSms("stop", msisdn(CALLER), Hidden("STOP")))
        world.work.drain(LONG, Job.READ_URGENT)
        for each in workers:
            each.run(Job.SEND_URGENT)
        sent_meanwhile = world.gateway.sent[before:]
        slow.may_take.set()
        sending.result(LONG)
    assert sent_meanwhile == []
    world.run()
    (first, number), (second, stop) = world.gateway.sent[before:]
    assert (first, second) == (to, to)
    assert CALLER in number
    assert says(world.public.ctx.book, "to_ngo.stop", stop) is not None


@pytest.mark.parametrize("lanes", [1, LANES])
def test_a_worker_that_can_send_nothing_now_does_not_wake_its_own_job(world: World, lanes: int) -> None:
    """Otherwise it would begin again and again while another worker waits for a gateway."""
    jobs = Jobs()
    work = replace(world.work, lanes=lanes, jobs=jobs)
    with world.db.write() as tx:
        for ref in ("first", "second"):
            claims.wake(tx, "send", ref, tx.now, recipient="one")
        elsewhere = claims.claim(tx, Job.SEND_MESSAGES)
    assert elsewhere is not None
    work.run(Job.SEND_MESSAGES)
    assert jobs.woken == []
    world.work.do(elsewhere)
    work.run(Job.SEND_MESSAGES)
    assert not [row for row in world.rows(outbox) if row.kind == "send"]


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
