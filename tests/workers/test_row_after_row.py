"""A worker claims the next row in the transaction that finishes one: on SQLite each commit waits for the disk."""

from collections import Counter
from dataclasses import fields, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.core.jobs import JOB_OF, Job
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import IncomingSms
from helpline.messaging.outgoing import Address, Letter, Outgoing, Unsent
from helpline.store import engine, texts_out
from helpline.store import outbox as outbox_rows
from helpline.store.engine import Database, Tx
from helpline.store.outbox import Due
from helpline.store.right_of_way import RightOfWay
from helpline.store.schema import contact, inbox, message, outbox
from helpline.store.texts_out import Message
from tests.steps.caller import save_draft
from tests.world import World
from workers import effects

LONG = 90.0
SOME = 6


def texts_come(world: World, some: int = SOME) -> None:
    """Send a text from each of as many people."""
    for number in range(some):
        world.public.sms("at", IncomingSms(f"in{number}", msisdn(f"+9960001120{number:02}"), Hidden("help me please")))


def commits_of(world: World, job: Job) -> int:
    """Run all rows of a job and return how many transactions were committed."""
    commits = list[object]()
    sa.event.listen(world.db.engine, "commit", commits.append)
    world.work.drain(LONG, job)
    return len(commits)


@pytest.mark.engines
def test_each_row_costs_one_commit(world: World) -> None:
    """One more claims the first row, and some look for stops, however many rows there are."""
    for number in range(SOME):
        save_draft(world, session=f"s{number}", caller=f"+9960001120{number:02}")
    world.clock.at += timedelta(hours=1)
    commits = commits_of(world, Job.ATTEND_REQUESTS)
    assert not [row for row in world.rows(outbox) if row.kind == "attend" and row.due <= world.clock()]
    assert SOME < commits <= SOME + 3


def test_texts_of_a_flood_share_commits_on_sqlite(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """There a worker that reads them waits for the disk less often, and a hop less often for the worker."""
    monkeypatch.setattr(engine, "TOGETHER_SECONDS", LONG)
    texts_come(world)
    assert commits_of(world, Job.READ_MESSAGES) == (2 if world.db.engine.dialect.name == "sqlite" else SOME + 1)
    assert all(row.done for row in world.rows(inbox))
    assert len(world.rows(message)) == SOME


def test_a_text_that_nobody_can_read_spoils_no_other_of_its_transaction(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is undone alone, and fails again by itself."""
    monkeypatch.setattr(engine, "TOGETHER_SECONDS", LONG)
    texts_come(world)
    odd = world.rows(inbox)[SOME // 2].id
    with world.db.write() as tx:
        tx.execute(sa.update(inbox).where(inbox.c.id == odd).values(sealed=b"not sealed for us"))
    world.work.drain(LONG, Job.READ_MESSAGES)
    assert [row.id for row in world.rows(inbox) if not row.done] == [odd]
    assert len(world.rows(message)) == SOME - 1
    (left,) = (row for row in world.rows(outbox) if row.kind == "sms")
    assert (left.ref, left.state, left.failures, left.error) == (odd, "ready", 1, "CannotOpen")


def test_what_ends_a_process_is_not_met_again_before_its_lease_ends(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row whose effect kills the worker is claimed for good before it is done. So others have their turn."""
    monkeypatch.setattr(engine, "TOGETHER_SECONDS", 0.0)
    texts_come(world, 3)
    killer = world.rows(inbox)[1].id
    read = effects.EFFECTS["sms"]

    def dies(work: effects.Work, tx: Tx, due: Due) -> object:
        if due.ref == killer:
            raise KeyboardInterrupt
        return read(work, tx, due)

    monkeypatch.setitem(effects.EFFECTS, "sms", dies)
    with pytest.raises(KeyboardInterrupt):
        world.work.drain(LONG, Job.READ_MESSAGES)
    world.work.drain(LONG, Job.READ_MESSAGES)
    assert [row.id for row in world.rows(inbox) if not row.done] == [killer]


def test_a_worker_ends_its_transaction_after_the_row_at_hand_if_a_hop_waits(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hop then waits for one row of work, however many more the transaction had time for."""
    if not isinstance(turn := world.db.turn, RightOfWay):
        return  # locks of rows on PostgreSQL
    monkeypatch.setattr(engine, "TOGETHER_SECONDS", LONG)
    texts_come(world, 4)
    hop, read, by_transaction = replace(turn, goes_first=True)(), effects.EFFECTS["sms"], Counter[float]()

    def hop_comes(work: effects.Work, tx: Tx, due: Due) -> object:
        by_transaction[tx.begun] += 1
        if by_transaction.total() == 2:
            hop.__enter__()
        return read(work, tx, due)

    monkeypatch.setitem(effects.EFFECTS, "sms", hop_comes)
    world.work.drain(LONG, Job.READ_MESSAGES)
    hop.__exit__(None, None, None)
    assert list(by_transaction.values()) == [2, 1, 1]


def test_a_worker_claims_no_more_texts_than_it_can_begin(world: World) -> None:
    """Each row has a lease, and another worker may have time for the others."""
    texts_come(world)
    world.work.drain(LONG, Job.READ_MESSAGES)
    claimed = world.work._claim_some(Job.SEND_MESSAGES, 2)
    assert len(claimed) == 2
    following = world.work._claim_some(Job.SEND_MESSAGES, 1)
    assert {due.id for due in following}.isdisjoint(due.id for due in claimed)
    assert len(following) == 1


def test_if_what_follows_a_commit_fails_the_next_row_is_done_all_the_same(world: World) -> None:
    """It is claimed already. The database cannot remove deleted bytes after the first row, and tries again later."""
    events = list[str]()

    class Unscrubbed(Database):
        def scrub(self) -> bool:
            raise OSError

    broken = Unscrubbed(**{each.name: getattr(world.db, each.name) for each in fields(world.db)})
    work = replace(world.work, db=broken, log=lambda name, about: events.append(f"{name} {about}"))
    with world.db.write() as tx:
        outbox_rows.wake(tx, "scrub", "one", tx.now - timedelta(hours=2))
        outbox_rows.wake(tx, "scrub", "two", tx.now - timedelta(hours=1))
    job = JOB_OF[outbox_rows.queue_of("scrub"), "scrub"]
    work.drain(LONG, job)
    assert events == ["work_failed scrub:OSError"] * 2
    assert [(row.ref, row.due) for row in world.rows(outbox) if row.kind == "scrub"] == [
        ("all", world.clock() + effects.SCRUB_EVERY)
    ]


def test_a_row_whose_transaction_sqlite_undoes_is_put_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row in the same transaction fails so that all is undone. The first one does not wait for the end of a lease."""
    if world.db.engine.dialect.name != "sqlite":
        return  # there a savepoint is enough
    monkeypatch.setattr(engine, "TOGETHER_SECONDS", LONG)
    texts_come(world, 2)
    texts = sorted((row for row in world.rows(outbox) if row.kind == "sms"), key=lambda row: (row.due, row.id))
    first, second = (row.ref for row in texts)
    read, undone = effects.EFFECTS["sms"], list[str]()

    def undoes(work: effects.Work, tx: Tx, due: Due) -> object:
        if due.ref == second and not undone:
            undone.append(due.ref)
            tx.exec_driver_sql("insert or rollback into inbox select * from inbox")
        return read(work, tx, due)

    monkeypatch.setitem(effects.EFFECTS, "sms", undoes)
    world.work.drain(LONG, Job.READ_MESSAGES)
    (left,) = (row for row in world.rows(outbox) if row.kind == "sms")
    assert (left.ref, left.state) == (first, "ready")
    assert [row.id for row in world.rows(inbox) if row.done] == [second]


def texts_wait(world: World, some: int = SOME) -> None:
    """Queue a reply to each of as many people."""
    texts_come(world, some)
    world.work.drain(LONG, Job.READ_MESSAGES)
    assert len(world.rows(message)) == some


@pytest.mark.engines
def test_a_text_costs_one_commit_on_sqlite(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is composed in the transaction that settles the one before. One more claims the first, and one composes it."""
    monkeypatch.setattr(engine, "TOGETHER_SECONDS", LONG)
    texts_wait(world)
    commits = commits_of(world, Job.SEND_MESSAGES)
    assert {row.state for row in world.rows(message)} == {"sent"}
    each, more = (1, 3) if world.db.engine.dialect.name == "sqlite" else (3, 1)
    assert SOME * each < commits <= SOME * each + more


def test_a_text_that_cannot_be_composed_spoils_no_other_of_its_transaction(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one before is settled, and the one after leaves."""
    texts_wait(world, 3)
    odd = sorted((row for row in world.rows(outbox) if row.kind == "send"), key=lambda row: (row.due, row.id))[1].ref
    compose = Outgoing.compose

    def fails(self: Outgoing, tx: Tx, text: Message, address: Address) -> Letter | Unsent:
        if text.id == odd:
            raise ValueError
        return compose(self, tx, text, address)

    monkeypatch.setattr(Outgoing, "compose", fails)
    while world.work.drain(LONG, Job.SEND_MESSAGES):
        pass
    assert {row.id for row in world.rows(message) if row.state != "sent"} == {odd}
    (left,) = (row for row in world.rows(outbox) if row.kind == "send")
    assert (left.ref, left.state, left.failures, left.error) == (odd, "ready", 1, "ValueError")
    assert len(world.gateway.sent) == 2


@pytest.mark.engines
def test_r12_if_a_worker_dies_sending_a_text_the_one_before_is_settled_and_none_leaves_twice(world: World) -> None:
    """Nobody knows whether the second has gone, so it counts as sent."""
    texts_wait(world, 3)
    gateway, sent = world.gateway, list[str]()

    class Deadly:
        def send(self, to: Msisdn, text: str, ref: str = "", sender: str = "") -> str:
            sent.append(ref)
            if len(sent) == 2:
                raise KeyboardInterrupt
            return gateway.send(to, text, ref, sender)

    world.send_by(Deadly())
    with pytest.raises(KeyboardInterrupt):
        world.work.drain(LONG, Job.SEND_MESSAGES)
    world.clock.at += outbox_rows.LEASE + timedelta(seconds=1)
    world.work.drain(LONG, Job.SEND_MESSAGES)
    assert {row.state for row in world.rows(message)} == {"sent"}
    assert len(sent) == len(set(sent)) == 3


def test_a_text_that_has_left_leaves_no_second_time_if_sqlite_undoes_what_follows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next text is composed in the transaction that settles this one. It goes later, and this one is settled."""
    if world.db.engine.dialect.name != "sqlite":
        return  # there no text is composed in the transaction of another one
    desks = sorted({row.service for row in world.rows(contact)} - {""})[:2]
    with world.db.write() as tx:
        first, second = (texts_out.add(tx, "service", each, "to_ngo.help", "") for each in desks)
    compose, undone = Outgoing.compose, list[str]()

    def undoes(self: Outgoing, tx: Tx, text: Message, address: Address) -> Letter | Unsent:
        if text.id == second and not undone:
            undone.append(text.id)
            tx.exec_driver_sql("insert or rollback into outbox select * from outbox")
        return compose(self, tx, text, address)

    monkeypatch.setattr(Outgoing, "compose", undoes)
    world.work.drain(LONG, Job.SEND_MESSAGES)
    world.wait(minutes=1)
    world.work.drain(LONG, Job.SEND_MESSAGES)
    assert undone
    assert Counter(row.state for row in world.rows(message) if row.id in {first, second}) == {"sent": 2}
    assert Counter(to for to, _ in world.gateway.sent) == Counter({to: 1 for to, _ in world.gateway.sent})
    assert len(world.gateway.sent) == 2
