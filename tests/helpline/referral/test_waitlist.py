"""Full desks: who waits for a place, who goes first when one is free, and when a person is called instead."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from helpline.caller.intake import Saved
from helpline.directory.service import Service
from helpline.referral import attend, ending, pass_on
from helpline.referral.waitlist import look_for_room
from helpline.request import offers, requests, waitlist_entries
from helpline.request.offers import OfferState
from helpline.store import outbox
from helpline.store.engine import Tx
from helpline.store.schema import contact, desk, offer, request, waitlist
from helpline.store.schema import outbox as outbox_rows
from tests.conftest import Databases
from tests.steps.caller import AGREED, asked, claim, listed, save_draft
from tests.steps.desk import confirmed
from tests.steps.meanwhile import begun
from tests.world import CALLER, OTHER, World

THIRD, FOURTH = "+996000111003", "+996000111004"
COUNTRY, BISHKEK = "kg-country", "kg-bishkek"


def holds_one(each: Service) -> Service:
    """Limit each desk to one request at once."""
    return replace(each, capacity=1)


def decline_text(world: World, service: str, word: str = "NO") -> tuple[str, str]:
    """Return the phone of a service, and the text that declines its open offer, or another text about it."""
    with world.db.read() as tx:
        (found,) = [each for each in offers.live_of_service(tx, service) if each.state is OfferState.OPEN]
    return world.phone(service), f"{word} {world.work.ctx.offer_code(found.id, found.draws)}"


def test_a_full_desk_is_skipped_and_may_be_asked_later(world: World) -> None:
    """An open offer counts like a claim. The desk was not asked, so it is asked when it has room."""
    listed(world, holds_one, frozenset({"kg-country", "kg-bishkek"}))
    save_draft(world)
    world.run()
    save_draft(world, session="s2", caller=OTHER)
    world.run()
    assert [name for name, _ in asked(world)] == ["kg-country", "kg-bishkek"]
    world.text(*decline_text(world, "kg-country"))
    world.text(*decline_text(world, "kg-bishkek"))
    world.wait(minutes=10)
    assert sorted(asked(world)) == [
        ("kg-bishkek", "open"), ("kg-bishkek", "passed"), ("kg-country", "open"), ("kg-country", "passed"),
    ]  # fmt: skip


def test_if_all_desks_are_full_of_claims_a_person_is_called(world: World) -> None:
    """Nobody knows when a claim ends."""
    listed(world, holds_one, frozenset({"kg-country"}))
    save_draft(world)
    claim(world)
    save_draft(world, session="s2", caller=OTHER)
    world.run()
    assert sorted(row.state for row in world.rows(request)) == ["claimed", "stranded"]


def test_a_request_waits_for_a_desk_full_of_open_offers(world: World) -> None:
    """Offers end by themselves within half an hour, so nobody is called."""
    listed(world, holds_one, frozenset({"kg-country"}))
    save_draft(world)
    world.run()
    save_draft(world, session="s2", caller=OTHER)
    world.run()
    assert sorted(row.state for row in world.rows(request)) == ["offered", "waiting"]
    world.wait(minutes=41)
    assert sorted(row.state for row in world.rows(request)) == ["offered", "stranded"]
    assert [name for name, _ in asked(world)] == ["kg-country", "kg-country"]


@pytest.mark.parametrize(("days", "state"), [(0, "waiting"), (1, "stranded")])
def test_a_request_waits_for_a_full_desk_while_the_promise_can_be_kept(world: World, days: int, state: str) -> None:
    """Full for two hours, the desk is waited for. Full until tomorrow, a person is called."""
    listed(world, lambda each: each, frozenset({"kg-country"}))
    with world.db.write() as tx:
        until = world.clock() + timedelta(days=days, hours=2)
        tx.execute(sa.insert(desk).values(service="kg-country", full_until=until))
    save_draft(world)
    world.wait(minutes=20)
    assert world.state() == state
    world.wait(hours=2)
    assert world.state() == ("offered" if state == "waiting" else state)


def test_a_stranded_request_is_offered_when_a_full_desk_has_room_again(world: World) -> None:
    """This is checked before a coordinator is called again."""
    listed(world, holds_one, frozenset({"kg-country"}))
    save_draft(world)
    claim(world)
    save_draft(world, session="s2", caller=OTHER)
    world.run()
    first = next(row for row in world.rows(request) if row.state == "claimed")
    with world.db.write() as tx:
        tx.execute(sa.update(offer).where(offer.c.request == first.id).values(state=OfferState.VOID.value))
    world.wait(hours=6)
    assert sorted(row.state for row in world.rows(request)) == ["claimed", "offered"]


def states(world: World) -> list[str]:
    """Return the states of the requests, in the order in which they were made."""
    return [row.state for row in sorted(world.rows(request), key=lambda row: row.created)]


def one_after_another(world: World, *callers: str, **answers: str) -> None:
    """Make requests a second apart, and attend to each."""
    for caller in callers:
        world.clock.at += timedelta(seconds=1)
        save_draft(world, replace(AGREED, **answers), session=caller, caller=caller)
        world.run()


def decline(world: World, service: str) -> None:
    """Decline a desk's offer."""
    world.text(*decline_text(world, service))


@pytest.mark.engines
def test_a_free_place_goes_at_once_to_the_longest_waiting_request(world: World) -> None:
    """Nobody waits for the next check, and nobody is overtaken."""
    listed(world, holds_one, frozenset({COUNTRY}))
    one_after_another(world, CALLER, OTHER, THIRD)
    assert states(world) == ["offered", "waiting", "waiting"]
    decline(world, COUNTRY)
    assert states(world) == ["stranded", "offered", "waiting"]


def test_as_many_requests_are_offered_as_there_are_places(world: World) -> None:
    """A desk for two that said full opens again: two of three requests are offered to it."""
    listed(world, lambda each: replace(each, capacity=2), frozenset({COUNTRY}))
    confirmed(world, "FULL 2", world.phone(COUNTRY))
    one_after_another(world, CALLER, OTHER, THIRD)
    assert states(world) == ["stranded"] * 3
    world.text(world.phone(COUNTRY), "OPEN")
    assert states(world) == ["offered", "offered", "stranded"]


def test_in_danger_a_request_goes_first_even_after_a_person_was_called(world: World) -> None:
    """In danger no desk is waited for. But if one has room before a coordinator says yes, it is asked."""
    listed(world, holds_one, frozenset({COUNTRY}))
    one_after_another(world, CALLER, OTHER)
    one_after_another(world, THIRD, window="now", risk="now")
    assert states(world) == ["offered", "waiting", "stranded"]
    decline(world, COUNTRY)
    assert states(world) == ["stranded", "waiting", "offered"]


def test_when_a_claim_ends_a_stranded_request_is_offered_at_once(world: World) -> None:
    """Not only before a coordinator is called again."""
    listed(world, holds_one, frozenset({COUNTRY}))
    save_draft(world)
    to, code = claim(world)
    one_after_another(world, OTHER)
    assert states(world) == ["claimed", "stranded"]
    world.text(to, f"NO NO {code}")
    assert states(world) == ["stranded", "offered"]


def test_a_person_is_told_at_once_of_a_request_that_waits_in_vain(world: World) -> None:
    """The only desk claimed another request, so nobody knows when it will have room."""
    listed(world, holds_one, frozenset({COUNTRY}))
    save_draft(world)
    world.run()
    one_after_another(world, OTHER)
    assert states(world) == ["offered", "waiting"]
    world.text(*decline_text(world, COUNTRY, "YES"))
    assert states(world) == ["claimed", "stranded"]


def test_a_request_that_also_waits_for_another_desk_keeps_waiting(world: World) -> None:
    """The other one still has an open offer, which will end by itself."""
    listed(world, holds_one, frozenset({COUNTRY, BISHKEK}))
    one_after_another(world, CALLER, OTHER, THIRD)
    assert states(world) == ["offered", "offered", "waiting"]
    world.text(*decline_text(world, COUNTRY, "YES"))
    assert states(world) == ["claimed", "offered", "waiting"]
    assert {row.service for row in world.rows(waitlist)} == {COUNTRY, BISHKEK}


def test_requests_are_offered_the_moment_a_pause_ends(world: World) -> None:
    """Whatever else happens at the desk meanwhile."""
    listed(world, lambda each: each, frozenset({COUNTRY}))
    save_draft(world)
    to, code = claim(world)
    confirmed(world, "FULL", to)
    one_after_another(world, OTHER)
    world.text(to, f"NO {code}")
    world.set_local(7, 59)
    world.run()
    assert states(world)[1] == "stranded"
    world.set_local(8)
    world.run()
    assert states(world)[1] == "offered"


def test_a_request_does_not_wait_for_a_desk_that_no_longer_fits(world: World) -> None:
    """A later answer of the caller excludes that desk, and the next in turn gets the place."""
    listed(world, holds_one, frozenset({COUNTRY}))
    one_after_another(world, CALLER, OTHER, THIRD)
    second = sorted(world.rows(request), key=lambda row: row.created)[1]
    with world.db.write() as tx:
        tx.execute(sa.update(request).where(request.c.id == second.id).values(operator_language="tk"))
    decline(world, COUNTRY)
    assert states(world)[1:] == ["waiting", "offered"]
    assert second.id not in {row.request for row in world.rows(waitlist)}


def test_r34_an_erased_request_is_not_on_the_waitlist(world: World) -> None:
    """An erased request waits for nothing."""
    listed(world, holds_one, frozenset({COUNTRY}))
    one_after_another(world, CALLER, OTHER)
    assert len(world.rows(waitlist)) == 1
    with world.db.write(world.clock()) as tx:
        waits = requests.get(tx, str(world.rows(waitlist)[0].request))
        assert waits
        assert ending.withdraw(tx, waits)
    world.run()
    assert world.rows(waitlist) == []


def test_a_place_is_not_kept_for_a_request_that_waits_for_another_of_its_telephone(world: World) -> None:
    """The older of two requests of that phone is first but cannot be offered, so the next one is (R27)."""
    listed(world, holds_one, frozenset({COUNTRY}))
    one_after_another(world, CALLER, OTHER)
    world.clock.at += timedelta(seconds=1)
    save_draft(world, session="again", caller=OTHER)
    world.run()
    one_after_another(world, THIRD)
    assert states(world) == ["offered", "waiting", "waiting", "waiting"]
    decline(world, COUNTRY)
    assert states(world)[1:] == ["waiting", "offered", "waiting"]


def test_two_desks_with_room_at_one_instant_get_two_requests(world: World) -> None:
    """Both pauses end at eight: two requests are offered."""
    listed(world, holds_one, frozenset({COUNTRY, BISHKEK}))
    for each in (COUNTRY, BISHKEK):
        confirmed(world, "FULL", world.phone(each))
    one_after_another(world, CALLER, OTHER, THIRD)
    assert states(world) == ["stranded"] * 3
    world.set_local(8)
    world.run()
    assert states(world) == ["offered", "offered", "stranded"]


def test_a_stranded_request_keeps_its_turn(world: World) -> None:
    """The order is by the time of asking, not by the last check."""
    listed(world, holds_one, frozenset({COUNTRY, BISHKEK}))
    save_draft(world)
    to, code = claim(world)
    one_after_another(world, OTHER, THIRD, FOURTH)
    assert states(world)[1:] == ["offered", "waiting", "waiting"]
    world.text(*decline_text(world, BISHKEK if to == world.phone(COUNTRY) else COUNTRY))
    assert states(world)[1:] == ["stranded", "offered", "waiting"]
    world.text(to, f"NO NO {code}")
    assert states(world)[1:] == ["offered", "offered", "waiting"]


def test_coordinators_are_still_called_about_a_request_that_cannot_be_offered(world: World) -> None:
    """Two requests of one phone, two places: one is offered, and a coordinator is told of the other as before (R27)."""
    listed(world, lambda each: replace(each, capacity=2), frozenset({COUNTRY}))
    confirmed(world, "FULL", world.phone(COUNTRY))
    one_after_another(world, CALLER)
    world.clock.at += timedelta(seconds=1)
    save_draft(world, session="again")
    world.run()
    assert states(world) == ["stranded", "stranded"]
    world.text(world.phone(COUNTRY), "OPEN")
    assert sorted(states(world)) == ["offered", "stranded"]


def test_a_waiting_request_finds_a_new_service(world: World) -> None:
    """Not only within the hour, but as soon as the directory changes."""
    listed(world, holds_one, frozenset({COUNTRY}))
    one_after_another(world, CALLER, OTHER)
    assert states(world) == ["offered", "waiting"]
    listed(world, holds_one, frozenset({COUNTRY, BISHKEK}))
    with world.db.write() as tx:
        outbox.wake(tx, "listed", "KG", world.clock())
    world.run()
    assert states(world) == ["offered", "offered"]


def test_if_the_other_desk_is_full_for_days_a_person_is_told(world: World) -> None:
    """The desk has a date, but that is too late for the caller."""
    listed(world, holds_one, frozenset({COUNTRY, BISHKEK}))
    one_after_another(world, CALLER)
    first = next(row.service for row in world.rows(offer))
    last = BISHKEK if first == COUNTRY else COUNTRY
    confirmed(world, "FULL 5", world.phone(last))
    one_after_another(world, OTHER)
    assert states(world) == ["offered", "waiting"]
    world.text(*decline_text(world, first, "YES"))
    assert states(world) == ["claimed", "stranded"]


def test_a_withdrawal_and_a_full_desk_never_deadlock(world: World) -> None:
    """An ending offer wakes only its own row, so two ending offers never lock the same rows (R48)."""
    listed(world, lambda each: each, frozenset({COUNTRY}))
    one_after_another(world, CALLER, OTHER)
    with world.db.write(world.clock()) as tx:
        before = tx.execute(sa.select(sa.func.max(outbox_rows.c.id))).scalar() or 0
        for held in offers.live_of_service(tx, COUNTRY):
            assert ending.end_offer(tx, held, OfferState.PASSED)
        rows = tx.execute(sa.select(outbox_rows.c.dedupe).where(outbox_rows.c.id > before)).scalars().all()
    assert len(rows) == len(set(rows)) == 4


@pytest.mark.engines
def test_a_stranded_request_that_is_attended_to_stays_on_its_waitlist(world: World) -> None:
    """A worker was a moment late: another one has stranded the request. The next free place is still its own."""
    listed(world, holds_one, frozenset({COUNTRY}))
    save_draft(world)
    to, code = claim(world)
    save_draft(world, session="s2", caller=OTHER)
    world.run()
    (waits,) = world.rows(waitlist)
    with world.db.write() as tx:
        attend.attend(world.work.ctx, tx, str(waits.request))
    assert [row.request for row in world.rows(waitlist)] == [waits.request]
    world.text(to, f"NO NO {code}")
    assert states(world)[1] == "offered"


def interrupted(world: World, statement: str, other: Callable[[], object], work: Callable[[Tx], object]) -> None:
    """Do `work` in a transaction, and everything of `other` in others before its first such statement."""
    done = list[str]()

    def interrupt(_connection: Any, _cursor: Any, said: str, *_: Any) -> None:
        if statement in said and not done:
            done.append(said)
            other()

    with world.db.write() as tx:
        sa.event.listen(world.db.engine, "before_cursor_execute", interrupt)
        try:
            work(tx)
        finally:
            sa.event.remove(world.db.engine, "before_cursor_execute", interrupt)
    assert done


@pytest.mark.postgres
def test_a_request_that_another_worker_strands_meanwhile_stays_on_its_waitlist(new_postgres: Databases) -> None:
    """One worker sees that it is too early. Another one strands it when it is due, because all desks are full."""
    world = World.on(new_postgres())
    listed(world, holds_one, frozenset({COUNTRY}))
    save_draft(world)
    claim(world)
    kept = save_draft(world, session="s2", caller=OTHER, last=False)
    assert isinstance(kept, Saved)
    with world.db.write() as tx:
        attend.attend(world.work.ctx, tx, kept.id)  # the line of the request is found

    def strand() -> None:
        with world.db.write() as tx:
            read = requests.get(tx, kept.id)
            assert read
            pass_on.strand(world.work.ctx, tx, read)
            waitlist_entries.put(tx, kept.id, {COUNTRY}, frozenset())

    interrupted(world, "FROM waitlist", strand, lambda tx: attend.attend(world.work.ctx, tx, kept.id))
    assert states(world) == ["claimed", "stranded"]
    assert [row.request for row in world.rows(waitlist)] == [kept.id]


@pytest.mark.postgres
def test_a_request_that_fits_again_while_the_desk_is_locked_stays_on_its_waitlist(new_postgres: Databases) -> None:
    """The desk had no telephone when its waitlist was checked, and has one again before anything is changed."""
    world = World.on(new_postgres())
    listed(world, holds_one, frozenset({COUNTRY}))
    save_draft(world)
    claim(world)
    save_draft(world, session="s2", caller=OTHER)
    world.run()
    (waits,) = world.rows(waitlist)
    with world.db.write() as tx:
        tx.execute(sa.update(offer).where(offer.c.state == "claimed").values(state=OfferState.VOID.value))
        phones = tx.execute(sa.select(contact).where(contact.c.service == COUNTRY)).mappings().all()
        tx.execute(sa.delete(contact).where(contact.c.service == COUNTRY))

    def on_duty_again() -> None:
        with world.db.write() as tx:
            tx.execute(sa.insert(contact), [dict(each) for each in phones])

    assert phones
    interrupted(world, "pg_advisory_xact_lock", on_duty_again, lambda tx: look_for_room(world.work.ctx, tx, COUNTRY))
    assert [row.request for row in world.rows(waitlist)] == [waits.request]


@pytest.mark.postgres
def test_a_request_that_another_worker_holds_is_removed_from_a_waitlist_later(new_postgres: Databases) -> None:
    """That worker wakes the requests of its own desk in turn, and needs next the one that was woken here."""
    world = World.on(new_postgres())
    listed(world, holds_one, frozenset({COUNTRY}))
    save_draft(world)
    claim(world)
    one_after_another(world, OTHER, THIRD)
    assert states(world) == ["claimed", "stranded", "stranded"]
    _, unfit, fits = (str(row.id) for row in sorted(world.rows(request), key=lambda row: row.created))
    with world.db.write() as tx:
        tx.execute(sa.update(offer).values(state=OfferState.VOID.value))
        tx.execute(sa.update(request).where(request.c.id == unfit).values(operator_language="tk"))

    def look() -> None:
        with world.db.write() as tx:
            look_for_room(world.work.ctx, tx, COUNTRY)

    with world.db.write() as tx:
        assert requests.hold(tx, unfit)
        later = begun(world.db, look)
        assert requests.hold(tx, fits)
    later.result()
    assert states(world)[1:] == ["stranded", "waiting"]
    assert unfit in {row.request for row in world.rows(waitlist)}
    look()
    assert unfit not in {row.request for row in world.rows(waitlist)}
