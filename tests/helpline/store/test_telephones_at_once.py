"""What two workers do about one telephone or one desk waits for each other; what concerns different ones does not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest
import sqlalchemy as sa

from helpline.casework import claims
from helpline.core.jobs import Job
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.directory.service import Service
from helpline.messaging import sending
from helpline.referral import attend, ending, waitlist
from helpline.referral.context import Context
from helpline.request import offers
from helpline.request.offers import OfferState
from helpline.staff import contacts
from helpline.staff.contact import Actor
from helpline.store import exclusive, outbox
from helpline.store.engine import Tx
from helpline.store.schema import inbox, offer, request, vault
from helpline.store.schema import outbox as outbox_table
from tests.conftest import Databases
from tests.steps.caller import listed
from tests.steps.meanwhile import begun
from tests.world import CALLER, OTHER, STOPPED, World

pytestmark = pytest.mark.postgres
ONLY = frozenset({"kg-country"})


@pytest.fixture
def busy(new_postgres: Databases) -> World:
    """A service on PostgreSQL."""
    return World.on(new_postgres(), requests_a_day=100, reveals_a_day=1)


def asked_for(world: World, caller: str) -> str:
    """Ask for a call. Return the id of the request."""
    before = {row.id for row in world.rows(request)}
    world.ask(caller)
    (id,) = {str(row.id) for row in world.rows(request)} - before
    return id


def settling(world: World, id: str, patience: str = "10s") -> Callable[[], None]:
    """Return what settles the telephone of a request, and fails if it must wait for longer."""

    def settle() -> None:
        with world.db.write() as tx:
            tx.exec_driver_sql(f"set local lock_timeout = '{patience}'")
            world.work.ctx.settle_stops(tx, id)

    return settle


def attending(world: World, id: str, ctx: Context | None = None) -> Callable[[], datetime | None]:
    """Return what attends to a request."""

    def look() -> datetime | None:
        with world.db.write() as tx:
            return attend.attend(ctx or world.work.ctx, tx, id)

    return look


def only_one(world: World, capacity: int | None) -> None:
    """List one service, which holds so many requests at once."""

    def limited(each: Service) -> Service:
        return replace(each, capacity=capacity)

    listed(world, limited, ONLY)


def test_two_telephones_do_not_wait_for_each_other(busy: World) -> None:
    mine, other = asked_for(busy, CALLER), asked_for(busy, OTHER)
    with busy.db.write() as tx:
        busy.work.ctx.settle_stops(tx, mine)
        assert begun(busy.db, settling(busy, other)).exception() is None
    assert len({row.line for row in busy.rows(vault)}) == 2


def test_r27_one_telephone_waits_for_itself(busy: World) -> None:
    """Nothing else is done about a telephone while a worker decides which of its requests is next."""
    one, two = asked_for(busy, CALLER), asked_for(busy, CALLER)
    settling(busy, one)()
    assert len({row.line for row in busy.rows(vault)}) == 1
    with busy.db.write() as tx:
        busy.work.ctx.settle_stops(tx, one)
        assert begun(busy.db, settling(busy, two, "50ms")).exception() is not None


def test_r48_a_stop_that_is_being_applied_is_waited_for(busy: World) -> None:
    """A worker attends to the request meanwhile: nobody is asked. The request of another telephone goes on."""
    mine, other = asked_for(busy, CALLER), asked_for(busy, OTHER)
    busy.dial().press(*STOPPED)
    with busy.db.write() as tx:
        (stop,) = tx.execute(sa.select(inbox.c.id)).scalars()
        busy.work.inbound.dialogue.stops.apply(tx, stop)
        assert begun(busy.db, attending(busy, other)).exception() is None
        later = begun(busy.db, attending(busy, mine))
        assert not later.done()
    assert later.result() is None
    assert [row.request for row in busy.rows(offer)] == [other]


def test_r18_a_stop_that_is_being_applied_is_waited_for_by_the_reply(busy: World) -> None:
    """A worker has taken the reply up. It changes nothing until the stop is applied: else the two block each other."""
    busy.public.sms("at", IncomingSms("help", msisdn(CALLER), Hidden("помощь")))
    while busy.work.step(Job.READ_MESSAGES):
        pass
    with busy.db.write() as tx:
        due = outbox.claim(tx, Job.SEND_MESSAGES)
    assert due is not None
    busy.public.sms("at", IncomingSms("stop", msisdn(CALLER), Hidden("стоп")))
    stops = busy.work.inbound.dialogue.stops
    caller = stops.hashing.caller(msisdn(CALLER))
    with busy.db.write() as tx:
        exclusive.telephone(tx, caller)
        later = begun(busy.db, partial(sending.send, busy.db, busy.work.outgoing, due))
        assert not later.done()
        stops.settle_telephone(tx, caller)
    assert later.exception() is None
    busy.run()
    assert busy.inbox(CALLER) == []


def test_practice_waits_for_itself(busy: World) -> None:
    """A practice request has no telephone: two workers at once are kept apart by its line."""
    to = busy.phone("kg-country")
    busy.text(to, "DRILL")
    (row,) = busy.rows(vault)
    assert (row.caller, row.line is None) == (None, False)
    with busy.db.write() as tx:
        busy.work.ctx.settle_stops(tx, row.request)
        assert begun(busy.db, settling(busy, row.request, "50ms")).exception() is not None


def test_the_last_place_of_a_desk_is_given_once(busy: World) -> None:
    """Two telephones ask at once. The second one is on the waitlist, and is asked about when the first has declined."""
    only_one(busy, 1)
    one, two = asked_for(busy, CALLER), asked_for(busy, OTHER)
    with busy.db.write() as tx:
        assert attend.attend(busy.work.ctx, tx, one) is None
        later = begun(busy.db, attending(busy, two))
        assert later.result() == busy.clock() + attend.SOON
    busy.run()
    assert [row.request for row in busy.rows(offer) if row.state == "open"] == [one]


def test_two_offers_of_a_desk_have_different_codes(busy: World) -> None:
    """Here a code is its draw, so that the first draws of all offers collide."""
    only_one(busy, None)
    ctx = replace(busy.work.ctx, offer_code=lambda _, draw: str(draw))
    one, two = asked_for(busy, CALLER), asked_for(busy, OTHER)
    with busy.db.write() as tx:
        attend.attend(ctx, tx, one)
        later = begun(busy.db, attending(busy, two, ctx))
        assert later.result() == busy.clock() + attend.SOON
    assert attending(busy, two, ctx)() is None
    assert sorted(row.draws for row in busy.rows(offer)) == [0, 1]


def filled(world: World) -> tuple[str, str]:
    """Fill the only place of the only desk. Return the id of its offer, and of another request that waits."""
    only_one(world, 1)
    attending(world, asked_for(world, CALLER))()
    (row,) = world.rows(offer)
    return row.id, asked_for(world, OTHER)


def free(world: World, tx: Tx, id: str) -> None:
    """End an offer, and check the waitlist of its desk."""
    found = offers.get(tx, id)
    assert found is not None
    assert ending.end_offer(tx, found, OfferState.PASSED)
    waitlist.look_for_room(world.work.ctx, tx, found.service)


def test_a_place_that_becomes_free_meanwhile_is_not_missed(busy: World) -> None:
    """A request finds its desk full at the instant in which the desk is checked: it looks again soon."""
    held, other = filled(busy)
    with busy.db.write() as tx:
        free(busy, tx, held)
        later = begun(busy.db, attending(busy, other))
        assert later.result() == busy.clock() + attend.SOON


def test_a_request_that_goes_on_a_waitlist_meanwhile_is_not_missed(busy: World) -> None:
    """A desk is checked at the instant in which a request is put on its waitlist: the request is woken."""
    held, other = filled(busy)

    def checked() -> None:
        with busy.db.write() as tx:
            free(busy, tx, held)

    with busy.db.write() as tx:
        again = attend.attend(busy.work.ctx, tx, other)
        assert again is not None
        outbox.wake(tx, "attend", other, again)
        later = begun(busy.db, checked)
    assert later.exception() is None
    (row,) = [each for each in busy.rows(outbox_table) if (each.kind, each.ref) == ("attend", other)]
    assert row.due == busy.clock()


def test_r49_two_numbers_at_once_count_as_two(busy: World) -> None:
    """A desk may see one number a day here. It asks for those of two telephones at once."""
    only_one(busy, None)
    for caller in (CALLER, OTHER):
        busy.claimed() if caller == CALLER else busy.ask(caller)
        busy.run()
    to, code = busy.offered()
    busy.text(to, f"YES {code}")
    held = [row.id for row in busy.rows(offer)]
    with busy.db.read() as tx:
        contact = contacts.by_phone(tx, to)
        assert contact is not None

    def number(tx: Tx, id: str) -> str:
        return type(claims.ask_number(busy.work.ctx, tx, Actor.by_sms(contact), offers.get(tx, id))).__name__

    def other() -> str:
        with busy.db.write() as tx:
            return number(tx, held[1])

    with busy.db.write() as tx:
        first = number(tx, held[0])
        later = begun(busy.db, other)
    assert (first, later.result()) == ("NumberLeaves", "Refused")
