"""Several texts are on their way side by side when their worker ends: the gateway has one, and not yet another.

    python -m tests.faults.lanes FOLDER RECIPIENTS [unsynchronised | in memory]

It cuts the power there, with the library of `power.c`, and prints what was wrong after the next start. The controls are
a database that does not wait for the disk, and a worker that has in memory only what it has claimed.
"""

import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from helpline.core.jobs import Job
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import IncomingSms
from helpline.request import requests
from helpline.staff import contacts
from helpline.store.schema import message, outbox, request
from tests.faults.events import stories
from tests.faults.one_request import LEASE, Died
from tests.steps.desk import all_fit
from tests.world import World
from workers import side_by_side

LANES, PEOPLE, LONG = 2, 24, 90.0
CALLERS, SERVICES = "caller", "service"
"""Those who get the texts."""


@dataclass(slots=True)
class EndingGateway:
    """Takes each text at once, but three: their worker ends when it has taken one of them and not yet another."""

    ends: Callable[[], None]
    known: str = ""
    """Taken, and its worker knows."""
    unknown: str = ""
    """Taken, and its worker ends before it learns so."""
    untaken: str = ""
    """On its way, and not taken."""
    over: bool = False
    taken: list[str] = field(default_factory=list)
    both: threading.Barrier = field(init=False)

    def __post_init__(self) -> None:
        self.both = threading.Barrier(2, self._end)

    def _end(self) -> None:
        self.over = True
        self.ends()

    def send(self, to: Msisdn, text: str, ref: str = "", sender: str = "") -> str:
        """Take a text, or end its worker."""
        if self.over:
            raise Died
        if ref != self.untaken:
            self.taken.append(ref)
        if ref in (self.unknown, self.untaken):
            self.both.wait(LONG)
            raise Died
        return f"gw-{ref}-{len(self.taken)}"

    def starts(self) -> None:
        """Take everything from now on."""
        self.over, self.unknown, self.untaken = False, "", ""


def write_texts(world: World, to: str) -> None:
    """Write a text to each of some people, or to services about them. None is sent yet."""
    all_fit(world)
    people = [f"+9960001120{number:02}" for number in range(PEOPLE)]
    for number, each in enumerate(people):
        if to == SERVICES:
            world.ask(each)
        else:
            world.public.sms("at", IncomingSms(f"in{number}", msisdn(each), Hidden("help me please")))
    with world.db.write() as tx:
        desks = sorted({each.desk for each in contacts.of_kind(tx, "service", "KG")})
        for number, id in enumerate(tx.execute(sa.select(request.c.id)).scalars().all()):
            requests.hand_to(tx, id, desks[number % LANES])
    world.clock.at += LEASE * 5
    for job in (Job.READ_MESSAGES, Job.READ_URGENT, Job.ATTEND_REQUESTS):
        world.work.drain(LONG, job)


def begin_with(world: World, gateway: EndingGateway) -> None:
    """Choose the three texts of the gateway and make them due first. Two of them are on their way at once."""
    with world.db.write() as tx:
        rows = sa.select(outbox.c.ref, outbox.c.recipient).where(outbox.c.kind == "send").order_by(outbox.c.id)
        found = tx.execute(rows).all()
        known, *others = found
        unknown = next(row for row in others if row.recipient != known.recipient)
        untaken = next(row for row in others if row.recipient != unknown.recipient)
        gateway.known, gateway.unknown, gateway.untaken = known.ref, unknown.ref, untaken.ref
        for seconds, ref in enumerate((gateway.known, gateway.unknown, gateway.untaken)):
            due = tx.now - LEASE + LEASE / 60 * seconds
            tx.execute(sa.update(outbox).where(outbox.c.ref == ref).values(due=due))


def nothing(_: World) -> None:
    """Do nothing with the service."""


def wrong_after(
    world: World,
    to: str,
    ends: Callable[[], None] = lambda: None,
    begins: Callable[[World], None] = nothing,
    starts: Callable[[World], None] = nothing,
) -> list[str]:
    """End a worker in the midst of its texts, and start another. Return what was wrong then, and the requests' stories.

    No text to a caller may leave twice, so one that may be at the gateway counts as sent (R12). To services everything
    leaves, and what was taken unknown to its worker twice at most.
    """
    gateway = EndingGateway(ends)
    world.send_by(gateway)
    write_texts(world, to)
    begin_with(world, gateway)
    begins(world)
    roles = {gateway.unknown: "taken, not known", gateway.untaken: "not taken", gateway.known: "known"}
    try:
        work = replace(world.work, lanes=LANES)  # its own half a second may be too short on a busy machine
        side_by_side.drain(partial(work._claim_some, Job.SEND_MESSAGES), work.do, LONG, LANES)
    except Died:
        world.db.dispose()
    else:
        raise AssertionError("the worker has not ended")
    starts(world)
    gateway.starts()
    world.clock.at += LEASE
    world.run()
    times = Counter(gateway.taken)
    may_leave = {"taken, not known": (1,) if to == CALLERS else (1, 2), "not taken": (0, 1) if to == CALLERS else (1,)}
    with world.db.read() as tx:
        told = stories(tx)
        texts: Sequence[sa.Row[str, str]] = tx.execute(
            sa.select(message.c.id, message.c.state).where(message.c.to == to)
        ).all()
        left = (
            tx.execute(sa.select(outbox.c.ref).where(outbox.c.kind == "send", outbox.c.due <= tx.now)).scalars().all()
        )
    wrong = [
        *(f"{roles.get(id, 'another')}: {times[id]} times" for id, _ in texts
          if times[id] not in may_leave.get(roles.get(id, ""), (1,))),
        *(f"{roles.get(id, 'another')} is {state}" for id, state in texts if state in ("queued", "sending")),
        *(f"{len(left)} left" for _ in left[:1]),
        *(["too few texts"] if len(texts) < len(roles) else []),
    ]  # fmt: skip
    return wrong and [*wrong, *told]


def main(folder: Path, to: str, control: str = "") -> None:
    """Cut the power of a service with a disk of its own."""
    from helpline.store.connection import connect
    from helpline.store.migrate import upgrade
    from tests.faults.at_work import DISK, cut, from_the_disk, synchronise, unsynchronised

    path = folder / "run" / "komek.sqlite3"

    def ends() -> None:
        try:
            cut()
        except Died:
            return

    def starts(world: World) -> None:
        from_the_disk(path)
        if control == "in memory":
            with world.db.write() as tx:
                tx.execute(sa.delete(outbox).where(outbox.c.state == "running"))

    DISK.mkdir()
    path.parent.mkdir()
    db = (unsynchronised if control == "unsynchronised" else connect)(f"sqlite:///{path}")
    upgrade(db)
    for each in wrong_after(World.on(db), to, ends, lambda _: synchronise(path), starts):
        print("wrong:", each, flush=True)
    print("done", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
