"""The daily drill: once a day for each desk, marked, counted separately, and never in the way of real requests."""

from datetime import UTC, datetime, timedelta

import pytest

from helpline.casework import drill_results, drills
from helpline.casework.drill_results import DailyDrill, results
from helpline.directory import services
from helpline.matching import candidates
from helpline.operations import health_figures
from helpline.request import attempts, offers
from helpline.request.attempts import NO_CALL
from helpline.request.model import DRILL, State, Way
from helpline.staff import people, raid_lock
from helpline.staff.roles import Person, Role
from helpline.store import outbox
from helpline.store.engine import Database
from helpline.store.schema import harm, message, offer, request
from helpline.store.sql import new_id
from tests.steps.by_day import RARELY
from tests.steps.desk import DESK, only, says
from tests.world import World

HOUR = 10


@pytest.fixture
def world(db: Database) -> World:
    """A round begins at ten in the morning; there are one desk and two coordinators."""
    made = World.on(db, sweep_every=RARELY, drill_hour=HOUR)
    only(made, DESK)
    made.set_local(9, 30)
    made.work.beat("clock")
    return made


def drilled(world: World) -> list[DailyDrill]:
    with world.db.read() as tx:
        return drill_results.since(tx, datetime(2020, 1, 1, tzinfo=UTC))


def code(world: World) -> str:
    (offer,) = [text for text in world.inbox(world.phone(DESK)) if "YES" in text][-1:]
    assert offer.startswith("PRACTICE. Request:")
    return offer[-5:]


@pytest.mark.engines
def test_a_desk_practises_once_a_day_from_end_to_end(world: World) -> None:
    world.set_local(HOUR)
    world.wait(minutes=3)
    for verb in ("YES", "NUMBER", "REACHED", "DONE DONE"):
        (reply,) = says(world, f"{verb} {code(world)}")
        assert reply.startswith("PRACTICE. ")
    world.work.beat("clock")
    world.set_local(HOUR + 5)
    (one,) = drilled(world)
    assert one.service == DESK
    assert one.claimed
    assert one.ended
    assert not one.by_account
    world.set_local(HOUR)
    world.wait(minutes=1)
    assert len(drilled(world)) == 2


def test_a_drill_has_no_outcome_before_one_is_reported(world: World) -> None:
    """To change the hours, to ask another service, or to be full, reports no call."""
    world.set_local(HOUR)
    world.wait(minutes=3)
    says(world, f"YES {code(world)}")
    with world.db.write() as tx:
        claimed = offers.get(tx, str(world.rows(offer)[-1].id))
        assert claimed is not None
        for action in NO_CALL:
            attempts.add(tx, claimed, "an account", action, State.CLAIMED)
    (one,) = drilled(world)
    assert one.claimed
    assert not one.ended


def test_drills_alternate_between_sms_and_console(world: World) -> None:
    """A desk with accounts has a drill by SMS one day, and one at the console the next day."""
    with world.db.write() as tx:
        who = Person(new_id(), "Demo", "demo", Role.CASEWORKER, DESK, "en", "")
        people.add(tx, who, "", b"", world.clock(), "test")
    for _ in range(4):
        world.set_local(HOUR)
        world.wait(hours=2)
    ways = [each.way for each in drilled(world)]
    assert ways == [Way.TEXT, Way.ACCOUNT, Way.TEXT, Way.ACCOUNT]
    assert len([text for text in world.inbox(world.phone(DESK)) if "YES" in text]) == 2
    with world.db.write() as tx:
        people.change(tx, who.id, {"disabled": world.clock()})
    world.set_local(HOUR)
    world.wait(hours=26)
    assert [each.way for each in drilled(world)][4:] == [Way.TEXT, Way.TEXT]


def test_without_a_set_hour_there_is_no_drill(db: Database) -> None:
    world = World.on(db, sweep_every=RARELY)
    world.work.beat("clock")
    world.wait(days=2)
    assert drilled(world) == []


def test_a_drill_waits_for_a_real_request(world: World) -> None:
    """A desk with a request gets its drill later, unless it is too late that day."""
    world.ask()
    world.run()
    to, real = world.offered()
    world.text(to, f"YES {real}")
    world.set_local(HOUR)
    world.wait(minutes=50)
    assert drilled(world) == []
    world.text(to, f"NUMBER {real}")
    world.text(to, f"REACHED {real}")
    world.text(to, f"DONE DONE {real}")
    world.wait(minutes=30)
    assert len(drilled(world)) == 1


def test_a_real_request_is_offered_during_a_drill(db: Database) -> None:
    """A drill takes no place: a desk with room for one is offered the real request beside it."""
    world = World.on(db, sweep_every=RARELY, drill_hour=HOUR)
    only(world, DESK)
    with world.db.write() as tx:
        (service,) = services.services(tx, "KG")
        from dataclasses import replace

        services.write(tx, "KG", replace(service, capacity=1))
    world.set_local(9, 30)
    world.work.beat("clock")
    world.set_local(HOUR)
    world.wait(minutes=1)
    assert len(drilled(world)) == 1
    with world.db.read(world.clock()) as tx:
        assert candidates.full(tx, services.services(tx, "KG")) == {}
    world.ask()
    world.run()
    assert [row.state for row in world.rows(offer)] == ["open", "open"]


def test_a_drill_is_not_counted_in_any_gauge(world: World) -> None:
    """Nobody is woken because a drill waits."""
    world.set_local(HOUR)
    world.wait(minutes=30)
    with world.db.read(world.clock()) as tx:
        seen = health_figures.read(tx, timedelta(hours=24))
        assert (seen.closing, seen.oldest_waiting, seen.oldest_stranded) == (0, None, None)
        assert health_figures.services_with_open_offer(tx) == frozenset()
    assert [row.kind for row in world.rows(request)] == [DRILL]


def test_no_other_service_is_told_of_an_unanswered_drill(world: World) -> None:
    world.set_local(HOUR)
    world.wait(days=1, minutes=5)
    assert {to for to, text in world.gateway.sent if "PRACTICE" in text} == {world.phone(DESK)}
    assert not any("No service took" in text for _, text in world.gateway.sent)
    assert world.rows(harm) == []


@pytest.mark.parametrize("why", ["the raid lock", "work that is late", "a desk that is full"])
def test_these_conditions_postpone_a_drill(world: World, why: str) -> None:
    world.set_local(9, 59)
    now, key = world.clock(), world.work.ctx.audit_key
    with world.db.write(now) as tx:
        if why == "the raid lock":
            raid_lock.lock(tx, "aida", key)
        elif why == "a desk that is full":
            candidates.set_full(tx, DESK, now + timedelta(days=3))
    practice = world.work.inbound.orders.drills
    with world.db.write() as tx:
        if why == "work that is late":
            outbox.wake(tx, "sweep", "all", now - timedelta(minutes=1))
        at = now + timedelta(minutes=10)
        again = drills.run_daily_drill(practice, tx.at(at), DESK)
    assert again == (None if why == "a desk that is full" else at + drills.AGAIN)
    assert drilled(world) == []


def test_a_round_that_comes_too_late_waits_for_tomorrow(world: World) -> None:
    """Nobody practises at night because the machine was off in the morning."""
    world.set_local(9, 45)
    world.clock.at += timedelta(hours=12)
    world.run()
    world.wait(minutes=30)
    assert drilled(world) == []


def test_open_drills_end_when_drills_are_turned_off(world: World) -> None:
    practice = world.work.inbound.orders.drills
    off = practice.ctx.config.model_copy(update={"drill_hour": None})
    object.__setattr__(practice.ctx, "config", off)
    with world.db.write(world.clock()) as tx:
        assert drills.start_daily_round(practice.ctx, tx) is None
        assert drills.run_daily_drill(practice, tx, DESK) is None


NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def one(service: str, days_ago: int, took: int | None, by_account: bool = False, way: Way = Way.TEXT) -> DailyDrill:
    asked = NOON - timedelta(days=days_ago)
    claimed = asked + timedelta(minutes=took) if took is not None else None
    return DailyDrill(service, way, asked, claimed, None, by_account)


def test_desks_silent_for_days_come_first() -> None:
    rows = [one("quick", 2, 3), one("quick", 1, 5, by_account=True, way=Way.ACCOUNT), one("dead", 5, 4)]
    rows += [one("dead", each, None) for each in (3, 2, 1)]
    first, second = results(rows, NOON)
    assert (first.service, first.silent, first.asked, first.answered) == ("dead", frozenset({Way.TEXT}), 4, 1)
    assert (second.service, second.silent, second.took) == ("quick", frozenset(), timedelta(minutes=4))
    assert second.last == {
        Way.TEXT: NOON - timedelta(days=2) + timedelta(minutes=3),
        Way.ACCOUNT: NOON - timedelta(days=1) + timedelta(minutes=5),
    }


def test_a_dead_telephone_is_found_even_if_the_desk_uses_the_console() -> None:
    rows = [one("desk", day, 5, by_account=True, way=(Way.ACCOUNT, Way.TEXT)[day % 2]) for day in range(5)]
    (desk,) = results(rows, NOON)
    assert (desk.answered, desk.silent) == (5, frozenset({Way.TEXT}))


def test_a_desk_with_its_first_drill_today_is_not_silent() -> None:
    assert not results([one("new", 0, None)], NOON)[0].silent


def test_nobody_is_reminded_of_a_drill_or_called_about_it(db: Database) -> None:
    """Also where a claim counts as silent after an hour: a drill ends by itself."""
    world = World.on(db, drill_hour=HOUR, silent_hours=1)
    only(world, DESK)
    world.set_local(9, 30)
    world.work.beat("clock")
    world.set_local(HOUR)
    world.wait(minutes=3)
    says(world, f"YES {code(world)}")
    world.wait(hours=5)
    assert {row.notice for row in world.rows(message)} & {"to_ngo.remind", "to_ngo.silent", "to_ngo.stop"} == set()
