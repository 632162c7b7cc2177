"""A stop concerns one telephone: it is applied before anything is done for it, and nothing else waits for it (R48)."""

import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

import pytest
import sqlalchemy as sa

from helpline.caller import stops
from helpline.caller.stops import WorkerStops
from helpline.core.jobs import Job, Queue
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import IncomingSms
from helpline.keys.sealing import Opening
from helpline.referral import attend
from helpline.request import sealed_numbers
from helpline.store import outbox
from helpline.store.schema import inbox, offer, request, vault
from menus.keywords import Category
from tests.steps.caller import listed, save_draft, the_request
from tests.world import CALLER, OTHER, STOPPED, World

FLOOD = 10_000


@dataclass
class Counted:
    """Opens what another box opens, and counts."""

    box: Any
    seconds: float = 0
    """How long it takes to open one."""
    times: int = 0

    def decrypt(self, sealed: bytes) -> bytes:
        """Open a value."""
        self.times += 1
        time.sleep(self.seconds)
        return cast(bytes, self.box.decrypt(sealed))


def counted(world: World, seconds: float = 0) -> tuple[WorkerStops, Counted]:
    """Return what applies stops, and what counts how often it opens a value."""
    of_world = world.work.inbound.dialogue.stops
    (box,) = of_world.opening.boxes
    counting = Counted(box, seconds)
    return replace(of_world, opening=Opening([cast(Any, counting)]), hashed={}), counting


def test_r48_a_stop_of_another_telephone_pauses_nothing_else(world: World) -> None:
    """It stays unread until something is done for its own telephone, or a worker reads it."""
    world.ask()
    world.run()
    (mine,) = world.rows(request)
    world.dial(OTHER).press(*STOPPED)
    with world.db.write() as tx:
        world.work.ctx.settle_stops(tx, mine.id)
    assert (world.state(), [row.done for row in world.rows(inbox)]) == ("offered", [None])
    world.run()
    assert (world.state(), [row.done is None for row in world.rows(inbox)]) == ("offered", [False])


def test_r48_a_stop_pauses_a_request_whose_line_is_not_found_yet(world: World) -> None:
    """Nobody has attended to it when the stop is read."""
    world.ask()
    world.dial().press(*STOPPED)
    with world.db.write() as tx:
        (stop,) = tx.execute(sa.select(inbox.c.id)).scalars()
        world.work.inbound.dialogue.stops.apply(tx, stop)
    assert world.state() == "paused"


def test_r27_the_telephones_of_many_requests_are_found_together(world: World) -> None:
    """Three telephones with ten requests each become three lines; a number that is replaced meanwhile is no old one."""
    for at in range(3 * stops.MANY // 2):
        world.ask(f"+99600011120{at % 3}")
    world.work.inbound.dialogue.stops.find_telephones(world.db)
    found = {row.request: row.caller for row in world.rows(vault)}
    assert len(set(found.values())) == 3
    assert None not in found.values()
    world.run()
    assert len({row.line for row in world.rows(vault)}) == 3
    assert {row.request: row.caller for row in world.rows(vault)} == found


def test_r27_a_replaced_number_is_not_taken_for_the_old_one(world: World) -> None:
    """A worker has opened the old number when the caller gives another one."""
    world.ask()
    hashed, (row,) = world.work.inbound.dialogue.hashing, world.rows(vault)
    new = world.public.ctx.sealing.seal(row.request, Hidden(OTHER))
    with world.db.write() as tx:
        sealed_numbers.replace(tx, row.request, new)
        sealed_numbers.set_callers(tx, [(row.request, row.sealed, hashed.caller(Msisdn(Hidden(CALLER))))])
    world.run()
    assert [each.caller for each in world.rows(vault)] == [hashed.caller(Msisdn(Hidden(OTHER)))]


def test_r18_each_of_many_stops_is_opened_once(world: World) -> None:
    """A flood of stops is applied in one go: each would otherwise open all others. One more opening reads its words."""
    world.ask(CALLER)
    world.run()
    for at in range(stops.MANY):
        world.public.sms("at", IncomingSms(f"s{at}", msisdn(f"+9960002220{at:02}"), Hidden("stop")))
    world.public.sms("at", IncomingSms("mine", msisdn(CALLER), Hidden("stop")))
    applying, opened = counted(world)
    applying.apply_many(world.db, time.monotonic() + 60)
    assert [row.id for row in world.rows(inbox) if row.done is None] == []
    assert world.state() == "paused"
    assert opened.times == 2 * (stops.MANY + 1)


def test_a_flood_of_texts_leaves_offers_untouched(world: World) -> None:
    """An offer opens none of ten thousand unread texts, and runs as many statements as without them."""
    ids, statements = [], list[str]()
    for caller in (CALLER, OTHER):
        world.ask(caller)
        ids += [row.id for row in world.rows(request) if row.id not in ids]
    settling, opened = counted(world)
    ctx = replace(world.work.ctx, settle_stops=settling.settle)

    def attended(id: str) -> tuple[int, int]:
        before = (len(statements), opened.times)
        with world.db.write() as tx:
            attend.attend(ctx, tx, id)
        return len(statements) - before[0], opened.times - before[1]

    def note(*given: Any) -> None:
        statements.append(given[2])

    sa.event.listen(world.db.engine, "before_cursor_execute", note)
    first = attended(ids[0])
    with world.db.write() as tx:
        other = {"kind": "sms", "sealed": b"", "status": "", "category": Category.OTHER.value, "at": tx.now}
        tx.execute(sa.insert(inbox), [{"id": str(at), "gateway_id": str(at), **other} for at in range(FLOOD)])
    second = attended(ids[1])
    sa.event.remove(world.db.engine, "before_cursor_execute", note)
    assert len(world.rows(offer)) == 2
    assert second[0] == first[0]
    assert second[1] <= first[1]


@pytest.mark.parametrize("by", ["menu", "text"])
def test_r18_a_list_leaves_out_a_case_whose_stop_is_unread(world: World, by: str) -> None:
    """The list is about to leave when the stop comes. The desk would call a caller who has just said not to."""
    listed(world, lambda each: each, frozenset({"kg-country"}))
    codes, to = [], world.phone("kg-country")
    for caller in (CALLER, OTHER):
        world.ask(caller)
        world.run()
        _, code = world.offered()
        world.text(to, f"YES {code}")
        codes.append(code)
    world.public.sms("at", IncomingSms("list", msisdn(to), Hidden("LIST")))
    while world.work.step(Job.READ_ORDERS):
        pass
    with world.db.write() as tx:
        due = outbox.claim(tx, Job.SEND_MESSAGES)
    assert due is not None
    if by == "menu":
        world.dial().press(*STOPPED)
    else:
        world.public.sms("at", IncomingSms("stop", msisdn(CALLER), Hidden("стоп")))
    world.work.do(due)
    assert [code in world.inbox(to)[-1] for code in codes] == [False, True]


def test_r18_a_list_of_hidden_cases_alone_says_that_nothing_is_open(world: World) -> None:
    """No answer at all would look like a broken service, or show that something is hidden."""
    listed(world, lambda each: each, frozenset({"kg-country"}))
    world.contacts_are(language="en")
    world.ask()
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    world.public.sms("at", IncomingSms("list", msisdn(to), Hidden("LIST")))
    while world.work.step(Job.READ_ORDERS):
        pass
    with world.db.write() as tx:
        due = outbox.claim(tx, Job.SEND_MESSAGES)
    assert due is not None
    world.public.sms("at", IncomingSms("stop", msisdn(CALLER), Hidden("стоп")))
    world.work.do(due)
    assert world.inbox(to)[-1] == world.public.ctx.book.notice("en", "to_ngo.none")


def test_a_flood_of_stops_leaves_a_job_time_for_offers(world: World) -> None:
    """However long it takes to open them, at least as much time is left for the requests."""
    save_draft(world)
    world.clock.at += timedelta(minutes=10)
    for at in range(stops.MANY):
        world.public.sms("at", IncomingSms(f"s{at}", msisdn(f"+9960002220{at:02}"), Hidden("stop")))
    slow, opened = counted(world, seconds=0.1)
    dialogue = replace(world.work.inbound.dialogue, stops=slow)
    work = replace(
        world.work,
        inbound=replace(world.work.inbound, dialogue=dialogue),
        ctx=replace(world.work.ctx, settle_stops=slow.settle),
    )
    with world.db.write() as tx:
        outbox.wake(tx, "attend", the_request(world).id, world.clock(), Queue.URGENT)
    assert work.drain(0, Job.ATTEND_DANGER) == 1
    assert world.state() == "offered"
    assert opened.times == stops.MANY + 1
