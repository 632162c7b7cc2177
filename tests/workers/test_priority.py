"""A flood cannot delay danger and stops: counted in rows, with the real domain, one worker and queues in memory."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from helpline.core.jobs import QUEUE_OF, Job, Queue
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import IncomingSms, Sender
from helpline.keys.sealing import Opening, Sealing
from helpline.messaging import sending
from helpline.store import outbox as rows
from helpline.store.engine import Tx
from helpline.store.outbox import Claim, Due, claim_nothing
from helpline.store.schema import inbox, message, outbox, request, vault
from helpline.store.sql import new_id
from menus.draft import Draft
from menus.keywords import Category
from tests.conftest import Databases
from tests.steps.caller import listed, save_draft
from tests.world import OTHER, Gateway, World, routes_of
from workers.clock import LEAVE_OUT
from workers.effects import LONG, Work

REQUESTS, TEXTS = 2_000, 10_000
MOST = 20
"""Ordinary rows that may be done before danger and a stop have taken effect."""
IN_DANGER = Draft(language="ru", consent="yes", window="now", risk="now")


@dataclass(slots=True)
class Queues:
    """The queues of RQ in memory: each name waits once, and a worker takes the most urgent first."""

    waiting: Mapping[Queue, list[Job]] = field(default_factory=lambda: {queue: [] for queue in Queue})

    def wake(self, job: Job) -> bool:
        if job not in self.waiting[QUEUE_OF[job]]:
            self.waiting[QUEUE_OF[job]].append(job)
        return True

    def take(self) -> Job | None:
        return next((jobs.pop(0) for jobs in self.waiting.values() if jobs), None)


@dataclass(frozen=True, slots=True)
class Counting(Work):
    """A worker that records the queue of each row it processes, and calls functions between transactions."""

    done: list[Queue] = field(default_factory=list)
    after: list[Callable[[], None]] = field(default_factory=list)

    @classmethod
    def of(cls, work: Work) -> "Counting":
        return cls(**{each.name: getattr(work, each.name) for each in fields(work)})

    def do(self, due: Due, claim: Claim = claim_nothing, *, alone: bool = True) -> Due | None:
        following = Work.do(self, due, claim, alone=alone)
        if due.kind == sending.KIND or due.kind in LONG:
            self.done.append(due.queue)
        for tell in self.after:
            tell()
        return following

    def _finish(self, tx: Tx, due: Due) -> None:
        Work._finish(self, tx, due)
        self.done.append(due.queue)


@dataclass(frozen=True, slots=True)
class Hurried:
    """A gateway that calls back once it has taken that many texts, during a job and outside a transaction."""

    gateway: Gateway
    at: int
    then: Callable[[], None]

    def send(self, to: Msisdn, text: str, ref: str = "", sender: str = "") -> str:
        id = self.gateway.send(to, text, ref, sender)
        if len(self.gateway.sent) == self.at:
            self.then()
        return id


@dataclass(slots=True)
class Flooded:
    """A service with one worker and far too much work."""

    world: World
    queues: Queues
    offered: str
    """A request of `OTHER` that was offered to a service."""

    def work(self) -> Counting:
        assert isinstance(self.world.work, Counting)
        return self.world.work

    def drive(self, until: Callable[[], bool]) -> None:
        """Run job after job until a condition holds. At the start every job with due rows is woken."""
        for due, _ in self.world.work.due():
            self.queues.wake(due)
        while not until():
            job = self.queues.take()
            assert job, "the worker has nothing to do"
            self.world.work.run(job)


def copies(row: sa.Row[Any], how_many: int, **others: Callable[[], object]) -> Iterator[dict[str, Any]]:
    """Make rows like an existing one, with other values in some columns."""
    for _ in range(how_many):
        yield {**row._mapping, **{name: value() for name, value in others.items()}}


def due_row(kind: str, ref: str, world: World) -> dict[str, Any]:
    """Make a row of the outbox on the default queue that has been due for a minute."""
    due = world.clock() - timedelta(minutes=1)
    row = {"kind": kind, "ref": ref, "dedupe": f"{kind}:{ref}", "queue": "default", "due": due}
    return row | {"state": "ready", "attempts": 0, "failures": 0}


def flood(world: World) -> None:
    """Insert 2,000 ordinary due requests, each of its own phone, and 10,000 unread texts."""
    kept = save_draft(world, session="first of many", caller="+996000999999")
    world.work.step(Job.ATTEND_REQUESTS)  # its phone line is found, as for all of these
    sealing = Sealing.of(world.config.sealing_key.get_secret_value())
    (like,) = (row for row in world.rows(request) if row.id == kept.id)
    (number,) = (row for row in world.rows(vault) if row.request == kept.id)
    fresh: dict[str, Callable[[], object]] = {"session": new_id, "code_mac": new_id, "state": lambda: "waiting"}
    requests = list(copies(like, REQUESTS, id=new_id, **fresh))
    ids = iter([each["id"] for each in requests])
    numbers = list(copies(number, REQUESTS, request=lambda: next(ids), line=new_id, caller=lambda: new_id().encode()))
    texts: list[dict[str, Any]] = [
        {
            "id": id, "kind": "sms", "gateway_id": id, "status": "", "category": Category.OTHER.value, "at": world.clock(),
            "sealed": sealing.seal(id, Hidden(f"+99600{at:07}\nhello, who is this?")),
        }
        for at, id in enumerate(new_id() for _ in range(TEXTS))
    ]  # fmt: skip
    with world.db.write() as tx:
        tx.execute(sa.insert(request), requests)
        tx.execute(sa.insert(vault), numbers)
        tx.execute(sa.insert(inbox), texts)
        tx.execute(sa.insert(outbox), [due_row("attend", each["id"], world) for each in requests])
        tx.execute(sa.insert(outbox), [due_row("sms", each["id"], world) for each in texts])


@pytest.fixture
def flooded(new_sqlite: Databases) -> Flooded:
    queues = Queues()
    world = World.on(new_sqlite().waking(queues))
    listed(world, lambda service: replace(service, capacity=None))
    world.ask(OTHER)
    world.run()
    (offered,) = (row.id for row in world.rows(request) if row.state == "offered")
    flood(world)
    world.work = Counting.of(replace(world.work, jobs=queues))
    return Flooded(world, queues, offered)


def state_of(world: World, id: str) -> str:
    with world.db.read() as tx:
        return str(tx.execute(sa.select(request.c.state).where(request.c.id == id)).scalar())


def test_danger_and_a_stop_overtake_2000_requests_and_10000_texts(flooded: Flooded) -> None:
    """They arrive while the worker is inside an ordinary job. It makes way after the present row."""
    world, work = flooded.world, flooded.work()
    danger: list[str] = []
    since: list[int] = []
    done: dict[str, int] = {}

    def arrive() -> None:
        danger.append(save_draft(world, IN_DANGER, session="danger").id)
        world.public.sms("at", IncomingSms("stop", msisdn(OTHER), Hidden("СТОП")))
        since.extend((len(work.done), len(world.gateway.sent)))

    def look() -> None:
        if not danger:
            return
        rows = sum(queue is not Queue.URGENT for queue in work.done[since[0] :])
        ordinary = rows + len(world.gateway.sent) - since[1]  # on SQLite `do` sends one text after the other
        if "offer" not in done and offer_sent(world, danger[0]):
            done["offer"] = ordinary
        if "stop" not in done and state_of(world, flooded.offered) == "paused":
            done["stop"] = ordinary

    work.after.append(look)
    send_by(world, Hurried(world.gateway, len(world.gateway.sent) + 30, arrive))
    flooded.drive(lambda: len(done) == 2)
    assert max(done.values()) < MOST, done
    left = world.backlog()
    assert left > REQUESTS + TEXTS - 1000, f"only {left} rows were left of the flood"


def test_a_flood_of_texts_is_not_opened_to_find_the_stops(flooded: Flooded, monkeypatch: pytest.MonkeyPatch) -> None:
    """The category says which texts may be a stop. The others stay sealed until their turn."""
    world, opened = flooded.world, list[str]()
    original = Opening.open

    def count(self: Opening, id: str, sealed: bytes) -> Hidden:
        opened.append(id)
        return original(self, id, sealed)

    monkeypatch.setattr(Opening, "open", count)
    world.public.sms("at", IncomingSms("stop", msisdn(OTHER), Hidden("stop")))
    assert world.work.step(Job.READ_URGENT)
    assert state_of(world, flooded.offered) == "paused"
    assert len(opened) <= 2


def offer_sent(world: World, id: str) -> bool:
    """Whether the gateway has taken an offer of a request."""
    with world.db.read() as tx:
        sent = sa.and_(message.c.request == id, message.c.notice == "to_ngo.offer", message.c.state == "sent")
        return tx.execute(sa.select(message.c.id).where(sent)).first() is not None


def send_by(world: World, sender: Sender) -> None:
    object.__setattr__(world.work, "outgoing", replace(world.work.outgoing, routes=routes_of(sender)))


def test_what_a_helper_of_the_clock_leaves_out_does_not_stop_it(world: World) -> None:
    """A gateway is slow, and urgent texts are due for minutes. The helper that leaves these out still makes offers."""
    listed(world, lambda each: each)
    save_draft(world)
    with world.db.write() as tx:
        rows.wake(tx, "send", "a text that cannot leave", world.clock(), Queue.URGENT)
        (asked,) = tx.execute(sa.select(request.c.id)).scalars()
        rows.wake(tx, "attend", str(asked), world.clock())
    assert world.work.help(LEAVE_OUT[-1]) > 0
    assert world.state() == "offered"
    assert [row.ref for row in world.rows(outbox) if row.queue == "urgent"] == ["a text that cannot leave"]
