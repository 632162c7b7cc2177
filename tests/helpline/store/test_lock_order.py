"""Whatever two transactions do about one request, none waits for the other in a circle (PostgreSQL, decision 6)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import combinations

import pytest
import sqlalchemy as sa

from helpline.casework import claims, disable_phone, handover
from helpline.directory import records
from helpline.directory.phone_changes import PhoneChanges
from helpline.referral import attend, ending, waitlist
from helpline.request import offers, requests
from helpline.staff import contacts
from helpline.staff.contact import Actor
from helpline.store import audit_log, outbox
from helpline.store.engine import Tx
from helpline.store.schema import inbox, offer, request, vault
from helpline.store.schema import waitlist as waitlist_table
from tests.conftest import Databases
from tests.steps.caller import listed, save_draft
from tests.steps.meanwhile import begun
from tests.steps.threads import at_once
from tests.world import OTHER, STOPPED, World

pytestmark = pytest.mark.postgres
DESK, OTHER_DESK = "kg-country", "kg-bishkek"
HALF_AN_HOUR = timedelta(minutes=30)
DEADLOCKS = sa.text("select deadlocks from pg_stat_database where datname = current_database()")


@pytest.fixture
def busy(new_postgres: Databases) -> World:
    """A service on PostgreSQL."""
    return World.on(new_postgres(), requests_a_day=1000)


def test_r33_a_withdrawal_does_not_block_who_finds_the_line_of_the_request(busy: World) -> None:
    """The caller withdraws while a worker attends to the request for the first time: the number is erased."""
    save_draft(busy)
    (row,) = busy.rows(request)

    def attended() -> object:
        with busy.db.write() as tx:
            return attend.attend(busy.work.ctx, tx, str(row.id))

    with busy.db.write() as tx:
        held = requests.hold(tx, str(row.id))
        assert held is not None
        later = begun(busy.db, attended)
        assert ending.withdraw(tx, held)
    assert later.result() is None
    assert busy.rows(vault) == []
    assert busy.state() == "closed"


def test_an_offer_does_not_block_the_check_of_another_desk_it_waited_for(busy: World) -> None:
    """Both wake what the other one does: the check the request, and the request that desk."""
    listed(busy, lambda each: replace(each, capacity=1), frozenset({DESK, OTHER_DESK}))
    for number in range(2):
        save_draft(busy, session=f"first{number}", caller=f"+99600012200{number}")
        busy.run()
    save_draft(busy, session="waits", caller=OTHER)
    busy.run()
    (id,) = {str(row.request) for row in busy.rows(waitlist_table)}
    with busy.db.write() as tx:
        tx.execute(sa.update(offer).values(state="void"))
        for kind, ref in (("waitlist", OTHER_DESK), ("attend", id)):
            outbox.wake(tx, kind, ref, busy.clock())
    due = {}
    for _ in range(2):
        with busy.db.write() as tx:
            claimed = outbox.claim(tx)
        assert claimed is not None
        due[claimed.kind] = claimed
    events = list[str]()
    work = replace(busy.work, log=lambda name, _: events.append(name))
    with busy.db.write() as tx:
        again = waitlist.look_for_room(busy.work.ctx, tx, OTHER_DESK)
        later = begun(busy.db, partial(work.do, due["attend"]))
        outbox.finish_leased(tx, due["waitlist"], again)
    later.result()
    assert events == ["lease_lost"]  # the check has woken it: it is attended to once more
    busy.wait(seconds=5)
    assert sorted(str(row.state) for row in busy.rows(offer) if row.request == id) == ["open"]


Act = Callable[[World, str], object]


def about_offer(world: World, id: str, do: Callable[[Tx, str], object], after: timedelta = timedelta()) -> object:
    """Do something about the offer of a request."""
    (found,) = [str(row.id) for row in world.rows(offer) if row.request == id]
    with world.db.write(world.clock() + after) as tx:
        return do(tx, found)


def answered(world: World, id: str, command: Callable[..., object]) -> object:
    """Answer the offer of a request by SMS."""
    to = world.phone(DESK)

    def do(tx: Tx, found: str) -> object:
        contact = contacts.by_phone(tx, to)
        assert contact is not None
        return command(world.work.ctx, tx, Actor.by_sms(contact), offers.get(tx, found))

    return about_offer(world, id, do)


def withdraw(world: World, id: str) -> object:
    with world.db.write() as tx:
        held = requests.hold(tx, id)
        return held and ending.withdraw(tx, held)


def stop(world: World, _: str) -> None:
    with world.db.write() as tx:
        for waiting in tx.execute(sa.select(inbox.c.id).where(inbox.c.done.is_(None))).scalars().all():
            world.work.inbound.dialogue.stops.apply(tx, waiting)


def attends(world: World, id: str) -> object:
    with world.db.write() as tx:
        return attend.attend(world.work.ctx, tx, id)


def look_for_room(world: World, _: str) -> object:
    with world.db.write() as tx:
        return waitlist.look_for_room(world.work.ctx, tx, DESK)


ACTS: tuple[Act, ...] = (
    withdraw,
    lambda world, id: about_offer(
        world, id, lambda tx, found: handover.lapse(world.work.ctx, tx, found), 2 * HALF_AN_HOUR
    ),
    lambda world, id: answered(world, id, claims.claim),
    lambda world, id: answered(world, id, claims.decline),
    stop,
    attends,
    look_for_room,
)
"""Withdraw, lapse, claim, decline, stop, attend, and check the desk."""


def test_no_two_of_them_block_each_other(busy: World) -> None:
    listed(busy, lambda each: replace(each, capacity=None), frozenset({DESK}))
    odd = list[object]()
    for number, (one, other) in enumerate(combinations(ACTS, 2)):
        caller = f"+9960001220{number:02}"
        save_draft(busy, session=f"pair{number}", caller=caller)
        (row,) = [each for each in busy.rows(request) if each.state == "waiting"]
        attends(busy, str(row.id))
        with busy.db.write() as tx:
            tx.execute(sa.update(offer).where(offer.c.request == row.id).values(until=busy.clock() + HALF_AN_HOUR))
        if stop in (one, other):
            busy.dial(caller).press(*STOPPED)
        odd += [each for each in at_once(partial(one, busy, str(row.id)), partial(other, busy, str(row.id)))
                if isinstance(each, Exception)]  # fmt: skip
        with busy.db.write() as tx:
            tx.execute(sa.update(request).where(request.c.state == "waiting").values(state="paused"))
    assert odd == []
    with busy.db.read() as tx:
        tx.execute(sa.text("select pg_stat_force_next_flush()"))
    with busy.db.read() as tx:
        assert tx.execute(DEADLOCKS).scalar_one() == 0


NEW_PHONE, ONE, ANOTHER = "+996000500777", "one", "another"


def changes(world: World) -> PhoneChanges:
    return PhoneChanges.of(world.work.ctx.config, world.work.ctx.audit_key)


def look(world: World, id: str) -> object:
    with world.db.write(world.clock()) as tx:
        return changes(world).look(tx, id)


def agree(world: World, id: str) -> object:
    with world.db.write(world.clock()) as tx:
        return changes(world).agree(tx, id, ANOTHER)


def call_off(world: World, id: str) -> object:
    with world.db.write(world.clock()) as tx:
        return changes(world).call_off(tx, id, ANOTHER)


def disable(world: World, _: str) -> object:
    with world.db.write(world.clock()) as tx:
        return disable_phone.disable(world.work.ctx, tx, DESK, ANOTHER)


@pytest.mark.parametrize("act", [look, agree, call_off, disable])
def test_an_edit_of_the_directory_and_a_change_of_a_telephone_do_not_block_each_other(busy: World, act: Act) -> None:
    """The edit has written to the audit log and goes on to telephones, as the removal of a service does."""
    key = busy.work.ctx.audit_key
    with busy.db.write(busy.clock()) as tx:
        first = contacts.get(tx, DESK)
        assert first is not None
        id = changes(busy).ask(tx, replace(first, id="", phone=NEW_PHONE), ONE)
    if act is look:
        agree(busy, id)
        busy.clock.at += timedelta(hours=73)
    with busy.db.write(busy.clock()) as tx:
        records.lock_rows(tx)
        audit_log.append(tx, key, tx.now, ONE, "edited_names", DESK)
        later = begun(busy.db, partial(act, busy, id))
        contacts.rename(tx, "KG", replace(first, language="ky"))
        assert changes(busy).call_off(tx, id, ONE)
    later.result()
