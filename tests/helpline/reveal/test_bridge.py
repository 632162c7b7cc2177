"""Bridged calls: nobody at the service sees a number, and every rule of a reveal also holds for them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.casework import claims
from helpline.casework.answers import CallPlaced
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import Ask, CallStep, HangUp, IncomingSms, Join, SendFailed
from helpline.directory import services
from helpline.reveal.bridging import LASTS
from helpline.staff import contacts, raid_lock
from helpline.store.engine import Database
from helpline.store.schema import audit, bridge, inbox, outbox, request
from tests.steps import every_store
from tests.steps.bridge import AT, Caseworker, on
from tests.steps.desk import DESK, give_order, says, shown
from tests.world import CALLER, EN_STOPPED, OTHER, World

TRUNK = "+996000500500"
LOST = SendFailed("ReadTimeout", retry=False, unknown=True)
REFUSED = SendFailed("DestinationNotSupported", retry=False)


@pytest.fixture
def world(db: Database) -> World:
    return on(db)


@pytest.fixture
def worker(world: World) -> Caseworker:
    return Caseworker.of(world)


def actions(world: World) -> list[str]:
    """Return the actions of the audit log, oldest first."""
    return [str(row.action) for row in world.rows(audit)]


def locked(world: World) -> None:
    with world.db.write(world.clock()) as tx:
        raid_lock.lock(tx, "aida", world.work.ctx.audit_key)


def remove_service(world: World) -> None:
    """Remove the service from the directory without a text to its phone."""
    with world.db.write() as tx:
        service = services.service_by_id(tx, DESK)
        assert service is not None
        services.write(tx, "KG", replace(service, status=services.GONE))


@pytest.mark.engines
def test_r32_the_gateway_calls_the_service_then_the_caller_and_nobody_sees_a_number(
    world: World, worker: Caseworker
) -> None:
    before = len(world.gateway.sent)
    session = worker.start_call()
    assert world.gateway.calls == [(world.phone(DESK), TRUNK, session)]
    asked = worker.answer()
    assert isinstance(asked, Ask)
    assert asked.text.startswith("Press 1")
    answer = worker.answer("1")
    assert isinstance(answer, Join)
    assert (answer.number.reveal(), answer.trunk) == (CALLER, TRUNK)
    assert actions(world)[-1] == "bridged"
    assert "reveal" not in actions(world)
    assert len(world.gateway.sent) == before
    assert not world.rows(bridge)


def test_r08_the_outcome_is_reported_as_after_any_call(world: World, worker: Caseworker) -> None:
    worker.start_call()
    worker.join()
    says(world, f"STRANGER {worker.code}")
    assert world.state() == "frozen"


def test_nobody_is_joined_twice(worker: Caseworker) -> None:
    worker.start_call()
    assert worker.join() == CALLER
    assert worker.answer("1") == HangUp()


@pytest.mark.parametrize("keys", ["", "2", "11", "1#1"])
def test_a_mailbox_is_not_joined_to_the_caller(worker: Caseworker, keys: str) -> None:
    worker.start_call()
    assert worker.answer(keys) == HangUp()


def test_a_person_who_calls_the_line_back_hears_nothing(world: World, worker: Caseworker) -> None:
    """The caller's phone shows the line, and somebody else there may call it."""
    session = worker.start_call()
    for each in (session, "ATVId_of_somebody_who_rings_us"):
        assert worker.calls.answer(AT, CallStep(each, outbound=False, active=True)) == HangUp()
    assert len(world.rows(bridge)) == 1


@pytest.mark.parametrize(("channel", "session"), [(AT, "x" * 32), ("kannel", "")], ids=["session", "channel"])
def test_r35_only_its_own_session_opens_a_call(worker: Caseworker, channel: str, session: str) -> None:
    own = worker.start_call()
    assert worker.calls.answer(channel, CallStep(session or own, outbound=True, active=True, keys="1")) == HangUp()


def test_r11_the_window_is_used_before_the_gateway_calls(world: World, worker: Caseworker) -> None:
    assert worker.press_button()
    assert not world.gateway.calls
    assert worker.shown_at() == world.clock()
    assert not worker.press_button()
    assert CALLER not in says(world, f"NUMBER {worker.code}")[-1]


def test_r11_after_a_reveal_there_is_no_call_in_the_same_window(world: World) -> None:
    worker = Caseworker.of(world, shown(world))
    assert not worker.press_button()
    world.wait(days=1)
    assert worker.press_button()


def test_r11_after_a_call_there_is_no_reveal_in_the_same_window(world: World, worker: Caseworker) -> None:
    worker.start_call()
    assert worker.join() == CALLER
    world.wait(minutes=10)
    assert CALLER not in says(world, f"NUMBER {worker.code}")[-1]


@pytest.mark.parametrize("failure", [LOST, REFUSED], ids=["lost", "refused"])
def test_r11_a_failed_call_frees_the_window(world: World, worker: Caseworker, failure: SendFailed) -> None:
    """Also if the gateway's answer was lost: without a row nobody is joined."""
    world.gateway.call_failures = [failure]
    assert worker.press_button()
    world.run()
    assert worker.shown_at() is None
    assert [row.reveals for row in world.rows(request)] == [0]
    assert CALLER in says(world, f"NUMBER {worker.code}")[-1]


def test_r11_an_unanswered_call_frees_the_window(world: World, worker: Caseworker) -> None:
    session = worker.start_call()
    world.wait(LASTS)
    assert not world.rows(bridge)
    assert worker.answer("1", session) == HangUp()
    assert worker.shown_at() is None
    assert worker.start_call() != session
    assert worker.join() == CALLER


def test_r11_calls_and_reveals_together_are_limited_to_three(world: World, worker: Caseworker) -> None:
    for _ in range(3):
        worker.start_call()
        assert worker.join() == CALLER
        world.wait(days=1)
    assert not worker.press_button()


def test_a_person_who_pressed_the_button_long_ago_is_not_called(world: World, worker: Caseworker) -> None:
    """The workers were away, and the person has gone to do something else."""
    assert worker.press_button()
    world.clock.at += LASTS
    world.run()
    assert not world.gateway.calls
    assert worker.shown_at() is None


def test_r11_an_old_call_request_does_not_reuse_a_later_reveal(world: World, worker: Caseworker) -> None:
    assert worker.press_button()
    with world.db.write() as tx:
        tx.execute(sa.update(outbox).where(outbox.c.kind == "bridge").values(due=world.clock() + timedelta(days=1)))
    world.clock.at += timedelta(days=1)
    with world.db.write(world.clock()) as tx:
        who = contacts.get(tx, DESK)
        assert who is not None
        give_order(world.work.ctx, tx, who, claims.ask_number, worker.code)
    used = worker.shown_at()
    assert used == world.clock()
    world.run()
    assert not world.gateway.calls
    assert worker.shown_at() == used


def test_r48_a_stop_between_the_button_and_the_call_is_obeyed(world: World, worker: Caseworker) -> None:
    assert worker.press_button()
    world.dial().press(*EN_STOPPED)
    world.run()
    assert not world.gateway.calls
    assert not world.rows(bridge)


def test_r48_a_stop_between_the_call_and_the_answer_deletes_the_number(world: World, worker: Caseworker) -> None:
    worker.start_call()
    world.dial().press(*EN_STOPPED)
    world.run()
    assert not world.rows(bridge)
    assert worker.join() == ""


def test_r48_an_unread_text_delays_the_call(world: World, worker: Caseworker) -> None:
    """The public process cannot see whose text it is, so any unread text delays all calls until it is read."""
    worker.start_call()
    world.dial(OTHER).press(*EN_STOPPED)
    assert worker.join() == ""
    world.run()
    assert worker.join() == CALLER


def test_r48_a_stop_while_the_service_is_called_is_obeyed(world: World, worker: Caseworker) -> None:
    call = world.gateway.call

    class Meanwhile:
        def call(self, to: object, trunk: str) -> str:
            world.dial().press(*EN_STOPPED)
            return call(to, trunk)  # type: ignore[arg-type]

    world.work = replace(world.work, bridging=replace(world.work.bridging, call_maker=Meanwhile()))
    assert worker.press_button()
    world.run()
    assert not world.rows(bridge)
    assert worker.join() == ""


@pytest.mark.parametrize("what", [locked, remove_service], ids=["locked", "gone"])
def test_r32_conditions_that_prevent_reveals_prevent_calls(
    world: World, worker: Caseworker, what: Callable[[World], None]
) -> None:
    what(world)
    assert not worker.press_button()


@pytest.mark.parametrize("what", [locked, remove_service], ids=["locked", "gone"])
def test_r32_conditions_that_prevent_reveals_stop_a_requested_call(
    world: World, worker: Caseworker, what: Callable[[World], None]
) -> None:
    assert worker.press_button()
    what(world)
    world.run()
    assert not world.gateway.calls
    assert worker.shown_at() is None


def test_r32_nobody_is_joined_during_the_raid_lock(world: World, worker: Caseworker) -> None:
    worker.start_call()
    locked(world)
    assert worker.join() == ""


def test_r32_an_unread_text_that_may_be_lock_delays_a_call(world: World, worker: Caseworker) -> None:
    worker.start_call()
    world.public.sms("at", IncomingSms("m1", msisdn(OTHER), Hidden("LOCK")))
    assert worker.join() == ""


def test_r49_the_daily_limit_counts_calls_and_reveals_together(db: Database) -> None:
    world = on(db, reveals_a_day=1)
    first = Caseworker.of(world)
    first.start_call()
    assert first.join() == CALLER
    world.ask(OTHER)
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    assert "too many" in says(world, f"NUMBER {code}", to)[-1]


def test_r03_nobody_is_called_outside_the_callers_hours(world: World, worker: Caseworker) -> None:
    world.set_local(22)
    assert not worker.press_button()


def test_a_service_that_gave_a_claim_back_is_not_joined(world: World, worker: Caseworker) -> None:
    worker.start_call()
    says(world, f"NO NO {worker.code}")
    assert worker.join() == ""


def test_r10_a_service_whose_calls_show_another_number_is_not_joined(world: World, worker: Caseworker) -> None:
    """The caller was told what their phone shows."""
    with world.db.write() as tx:
        service = services.service_by_id(tx, DESK)
        assert service is not None
        services.write(tx, "KG", replace(service, shows="hidden"))
    assert not worker.press_button()
    assert CALLER in says(world, f"NUMBER {worker.code}")[-1]


def test_a_drill_calls_nobody(world: World) -> None:
    says(world, "DRILL")
    to, code = world.offered()
    world.text(to, f"YES {code}")
    assert not Caseworker.of(world, code).press_button()
    assert code in says(world, f"NUMBER {code}")[-1]


def test_bridged_calls_are_off_by_default(db: Database) -> None:
    world = on(db, bridge=False)
    code = world.claimed()[1]
    with world.db.write(world.clock()) as tx:
        who = contacts.get(tx, DESK)
        assert who is not None
        assert not isinstance(give_order(world.work.ctx, tx, who, claims.ask_bridge, code), CallPlaced)
    world.run()
    assert not world.gateway.calls


def test_r35_neither_number_nor_session_is_stored(
    world: World, worker: Caseworker, caplog: pytest.LogCaptureFixture
) -> None:
    """During the call, once it is answered, and when it is over."""
    caplog.set_level(0)
    session = worker.start_call()
    worker.answer()
    secrets = [session, session.encode().hex(), CALLER, CALLER.encode().hex()]
    stored = [every_store.all_values(world.db)]
    worker.answer("1")
    worker.calls.answer(AT, CallStep(session, outbound=True, active=False, cause="NORMAL_CLEARING"))
    world.wait(minutes=5)
    stored += [
        every_store.all_values(world.db),
        *(f"{record.getMessage()} {vars(record)}" for record in caplog.records),
    ]
    assert not [secret for secret in secrets for each in stored if secret in each]
    assert not world.rows(bridge)


def test_r34_an_unanswered_call_is_deleted(world: World, worker: Caseworker) -> None:
    """Also if the row that should check it never came."""
    worker.start_call()
    with world.db.write(world.clock() + LASTS + timedelta(seconds=1)) as tx:
        found = world.work.erasure.erase(tx)
    assert found["bridged calls that were not answered"] == 1
    assert not world.rows(bridge)


def test_the_end_of_a_call_is_logged_and_its_row_deleted(
    world: World, worker: Caseworker, caplog: pytest.LogCaptureFixture
) -> None:
    session = worker.start_call()
    worker.join()
    caplog.set_level(0)
    arrived = len(world.rows(inbox))
    worker.calls.answer(AT, CallStep(session, outbound=True, active=False, cause="USER_BUSY"))
    assert [vars(record)["ids"] for record in caplog.records] == [{"about": "USER_BUSY"}]
    assert len(world.rows(inbox)) == arrived
