"""Hops that store at once share a commit. Each caller sees what became of their own request."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from helpline.core.ports import Reply
from helpline.store.driver import Driver
from helpline.store.group_commit import GroupCommit
from helpline.store.schema import request
from tests.faults.phones import shows
from tests.world import CALL_ME, Call, World

LONG = 90.0
CALLERS = ("+996000112001", "+996000112002", "+996000112003")


def ready(world: World) -> list[Call]:
    """Return calls in which the next key saves a request."""
    return [world.dial(caller).press(*CALL_ME).agree() for caller in CALLERS]


def save_at_once(world: World, calls: list[Call]) -> list[Reply]:
    """Press the last key in all calls while another thread writes. No caller sees a screen before it has ended."""
    group = world.public.ctx.hops
    with ThreadPoolExecutor(len(calls)) as threads, group._turn:
        done = [threads.submit(call.press, "1") for call in calls]
        while len(group._waiting) < len(calls):
            threading.Event().wait(0.001)
        assert not any(each.done() for each in done)
        group._turn.release()
        wait(done, LONG)
        group._turn.acquire()
    return [each.result().reply for each in done]


def test_requests_that_come_at_once_are_saved_in_one_transaction(world: World) -> None:
    if world.db.engine.dialect.name != "sqlite":
        return  # commits do not wait for each other there
    calls, commits = ready(world), list[bool]()
    world.public = replace(world.public, ctx=replace(world.public.ctx, hops=GroupCommit()))

    def note(connection: sa.Connection) -> None:
        commits.append(connection.connection.driver_connection.in_transaction)  # type: ignore[union-attr]

    sa.event.listen(world.public.ctx.db.engine, "commit", note)
    replies = save_at_once(world, calls)
    assert all(shows(world.public.ctx.book, "callback.kept", each.text) for each in replies)
    assert len({each.text for each in replies}) == len(calls)  # each has its own code and words
    assert commits.count(True) == 1  # the others ended a reading
    assert len(world.rows(request)) == len(calls)


def test_r19_if_the_disk_is_full_each_caller_reads_that_nothing_is_saved(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only the one whose thread wrote for all."""
    if world.db.engine.dialect.name != "sqlite":
        return
    calls = ready(world)
    world.public = replace(world.public, ctx=replace(world.public.ctx, hops=GroupCommit()))

    def is_full(driver: Driver) -> None:
        if driver.raw.in_transaction:  # reading alone opens none for a hop
            raise OperationalError("commit", None, OSError())

    monkeypatch.setattr(Driver, "commit", is_full)
    replies = save_at_once(world, calls)
    assert all(shows(world.public.ctx.book, "start.not_stored", each.text) and each.last for each in replies)
    monkeypatch.undo()
    assert world.rows(request) == []


def test_r19_who_waited_in_vain_for_others_reads_that_nothing_is_saved_and_nothing_is(world: World) -> None:
    """Another thread hangs while it writes, as on a disk that does not answer."""
    if world.db.engine.dialect.name != "sqlite":
        return
    call, *_ = ready(world)
    world.public = replace(world.public, ctx=replace(world.public.ctx, hops=GroupCommit(patience_seconds=0.001)))
    with world.public.ctx.hops._turn:
        reply = call.press("1").reply
    assert shows(world.public.ctx.book, "start.not_stored", reply.text)
    assert reply.last
    next_call = world.ask(CALLERS[1], last=False)  # whose thread writes what still waits
    assert shows(world.public.ctx.book, "callback.kept", next_call.text)
    assert len(world.rows(request)) == 1
