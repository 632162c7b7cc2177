"""Texts and receipts that come at once share a commit, and each gateway is answered only after it."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import Delivery, IncomingSms, Receipt
from helpline.store.driver import Driver
from helpline.store.right_of_way import RightOfWay
from helpline.store.schema import inbox
from tests.world import CALLER, World

LONG = 90.0


def all_at_once(world: World) -> list[Future[None]]:
    """Receive two texts and a receipt while the writer's turn is taken. None is acknowledged until it is free."""
    group = world.public.ctx.together
    texts = [IncomingSms(f"in{number}", msisdn(f"+9960001120{number:02}"), Hidden("help")) for number in range(2)]
    received = [partial(world.public.sms, "at", text) for text in texts]
    received.append(partial(world.public.receipt, "at", Receipt("out0", Delivery.DELIVERED)))
    with ThreadPoolExecutor(len(received)) as threads, group._turn:
        done = [threads.submit(each) for each in received]
        while len(group._waiting) < len(received):
            threading.Event().wait(0.001)
        assert not any(each.done() for each in done)
        group._turn.release()
        wait(done, LONG)
        group._turn.acquire()
    return done


def test_what_comes_at_once_is_stored_in_one_transaction(world: World) -> None:
    if world.db.engine.dialect.name != "sqlite":
        return  # commits do not wait for each other there
    commits = list[object]()
    sa.event.listen(world.public.ctx.db.engine, "commit", commits.append)
    assert [each.result() for each in all_at_once(world)] == [None] * 3
    assert len(commits) == 1
    assert sorted(row.kind for row in world.rows(inbox)) == ["receipt", "sms", "sms"]


def test_a_text_waits_until_no_hop_waits(world: World) -> None:
    """A caller has a telephone at their ear. A gateway repeats a text, and nobody waits for it meanwhile."""
    turn = world.db.turn
    if not isinstance(turn, RightOfWay):
        return
    hops = replace(turn, goes_first=True, patience_seconds=LONG)
    world.public = replace(world.public, ctx=replace(world.public.ctx, db=replace(world.public.ctx.db, turn=hops)))
    text = threading.Thread(target=world.public.sms, args=("at", IncomingSms("in0", msisdn(CALLER), Hidden("help"))))
    with hops():
        text.start()
        text.join(0.1)
        assert not world.rows(inbox)
    text.join()
    assert len(world.rows(inbox)) == 1


def test_if_the_disk_is_full_each_gateway_is_asked_to_send_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that was refused is stored, and nothing that was acknowledged is lost."""
    if world.db.engine.dialect.name != "sqlite":
        return

    def is_full(_: Driver) -> None:
        raise OperationalError("commit", None, OSError())

    monkeypatch.setattr(Driver, "commit", is_full)
    assert [type(each.exception()) for each in all_at_once(world)] == [OperationalError] * 3
    monkeypatch.undo()
    assert not world.rows(inbox)
