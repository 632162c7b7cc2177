"""A caller's answers are saved while a desk is locked, however many wait for it. The offer follows (PostgreSQL)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.casework import handover
from helpline.directory.service import Service
from helpline.referral import waitlist
from helpline.request import offers
from helpline.staff import contacts
from helpline.staff.contact import Actor
from helpline.store import exclusive
from helpline.store.connection import HOP_BUSY_SECONDS, connect
from helpline.store.schema import offer, request
from helpline.store.schema import outbox as outbox_table
from helpline.store.schema import waitlist as waitlist_table
from tests.conftest import Databases
from tests.steps.caller import listed, recipients, save_draft
from tests.steps.meanwhile import begun
from tests.world import World

pytestmark = pytest.mark.postgres
ONLY, OTHER_DESK = "kg-country", "kg-bishkek"
IN_DANGER = ("2", "1", "2")


@pytest.fixture
def busy(new_postgres: Databases) -> Iterator[World]:
    """A service on PostgreSQL whose hops wait for a lock as long as they do in production."""
    world = World.on(new_postgres())
    url = world.db.engine.url.render_as_string(hide_password=False)
    hops = connect(url, HOP_BUSY_SECONDS).timed_by(world.clock)
    world.public = replace(world.public, ctx=replace(world.public.ctx, db=hops))
    yield world
    hops.dispose()


def only(world: World, *ids: str, capacity: int | None = None) -> None:
    """List some services that can each hold so many requests at once."""

    def limited(each: Service) -> Service:
        return replace(each, capacity=capacity)

    listed(world, limited, frozenset(ids))


def states(world: World) -> list[str]:
    """Return the states of all requests, the oldest first."""
    return [str(row.state) for row in sorted(world.rows(request), key=lambda row: row.created)]


def test_r19_a_caller_in_danger_is_saved_while_the_desk_is_busy(busy: World) -> None:
    """A worker finds the desk locked: it alerts a coordinator and lets go of the request. So the next key is saved."""
    only(busy, ONLY)
    call = busy.dial().press(*IN_DANGER).agree().press("1")
    with busy.db.write() as tx:
        exclusive.desks(tx, [ONLY])
        work = begun(busy.db, busy.run)
        assert not call.press("1").reply.last
        (row,) = busy.rows(request)
        assert (row.risk, row.keys_seen) == ("now", len(call.keys))
        work.result()
        assert recipients(busy, "to_ngo.danger") or recipients(busy, "to_ngo.cry")
        assert busy.rows(offer) == []
    busy.wait(seconds=5)
    assert [row.service for row in busy.rows(offer)] == [ONLY]


def test_r19_a_request_of_a_full_desk_is_saved_while_that_desk_is_busy(busy: World) -> None:
    """It would be put on the waitlist of the desk, which is locked."""
    only(busy, ONLY, capacity=1)
    save_draft(busy, session="first")
    busy.run()
    call = busy.dial("+996000111002").press(*IN_DANGER).agree().press("1")
    with busy.db.write() as tx:
        exclusive.desks(tx, [ONLY])
        work = begun(busy.db, busy.run)
        assert not call.press("1").reply.last
        work.result()
    busy.wait(seconds=5)
    assert states(busy) == ["offered", "stranded"]
    assert len(busy.rows(waitlist_table)) == 1


def test_r19_a_caller_is_saved_while_the_desk_that_is_to_take_over_is_busy(busy: World) -> None:
    only(busy, ONLY, OTHER_DESK)
    call = busy.ask(last=False)
    busy.wait(minutes=5)
    to, code = busy.offered()
    busy.text(to, f"YES {code}")
    (held,) = busy.rows(offer)
    receiver = OTHER_DESK if held.service == ONLY else ONLY

    def hand_over() -> str:
        with busy.db.write() as tx:
            contact = contacts.by_phone(tx, to)
            assert contact is not None
            ctx, actor = busy.work.ctx, Actor.by_sms(contact)
            return type(handover.hand_over(ctx, tx, actor, offers.get(tx, str(held.id)), receiver)).__name__

    with busy.db.write() as tx:
        exclusive.desks(tx, [receiver])
        later = begun(busy.db, hand_over)
        call.press("1")
        (row,) = busy.rows(request)
        assert row.keys_seen == len(call.keys)
    assert later.result() == "HandingAsked"


def waiting(world: World, count: int) -> str:
    """Fill the only place of a desk, have so many requests wait for it, and free it. Return the id of the desk."""
    only(world, ONLY, capacity=1)
    for number in range(count + 1):
        world.clock.at += timedelta(seconds=1)
        save_draft(world, session=f"s{number}", caller=f"+9960001{number:05}")
        world.run()
    with world.db.write() as tx:
        tx.execute(sa.update(offer).values(state="void"))
    return ONLY


def statements_under_lock(world: World, work: Callable[[], object]) -> list[str]:
    """Return the statements that are run from the moment when a desk is locked, until the transaction ends."""
    seen = list[str]()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if seen or "pg_advisory_xact_lock" in statement:
            seen.append(statement.split(" ", 1)[0])

    sa.event.listen(world.db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        sa.event.remove(world.db.engine, "before_cursor_execute", note)
    return seen


def test_a_desk_is_locked_no_longer_if_more_wait_for_it(busy: World) -> None:
    """Those before the one that is woken cannot go there: they wait for another request of their telephone."""
    desk = waiting(busy, 3)

    def look() -> None:
        with busy.db.write() as tx:
            waitlist.look_for_room(busy.work.ctx, tx, desk)

    few = statements_under_lock(busy, look)
    for number in range(20):
        busy.clock.at += timedelta(seconds=1)
        save_draft(busy, session=f"more{number}", caller="+996000122001")
    with busy.db.write() as tx:
        more = [row.id for row in busy.rows(request) if row.state == "waiting"]
        known = {row.request for row in busy.rows(waitlist_table)}
        rows = [{"request": id, "service": desk} for id in more if id not in known]
        tx.execute(sa.insert(waitlist_table), rows)
        for id in more:
            busy.work.ctx.settle_stops(tx, str(id))
        tx.execute(sa.update(offer).values(state="void"))
    assert len(rows) == 20
    assert statements_under_lock(busy, look) == few


def test_what_is_changed_for_a_free_desk_is_changed_at_the_end(busy: World) -> None:
    """Else the rows of the first would be locked while the others are checked, and their callers would wait."""
    desk = waiting(busy, 5)
    done = list[str]()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        done.append(statement)

    with busy.db.write() as tx:
        sa.event.listen(busy.db.engine, "before_cursor_execute", note)
        waitlist.look_for_room(busy.work.ctx, tx, desk)
        sa.event.remove(busy.db.engine, "before_cursor_execute", note)
    locked = next(at for at, each in enumerate(done) if "pg_advisory" in each)
    assert all(each.startswith("SELECT") for each in done[:locked])
    woken = [row for row in busy.rows(outbox_table) if row.kind == "attend" and row.due <= busy.clock()]
    assert len(woken) == 1
