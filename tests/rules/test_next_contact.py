"""The next contact that a service and a caller it reached have agreed on: when and how, and never a number."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpline.caller import my_request
from helpline.casework import claims, handover, next_contact, outcomes
from helpline.casework.answers import Answer, NextContact, NotOpen
from helpline.core.ports import SendFailed
from helpline.oversight import desk_list
from helpline.oversight.desk_list import When
from helpline.referral import ending
from helpline.request import offers
from helpline.request.attempts import MET, NOT_MET
from helpline.request.offers import Offered
from helpline.staff import contacts, locks
from helpline.staff.contact import Actor
from helpline.store.schema import offer, outbox
from tests.rules.test_call_hours import claimed
from tests.steps.caller import code_of, the_request
from tests.steps.desk import says
from tests.world import CALLER, World


def reached(world: World) -> tuple[str, str]:
    """Reach a caller who may be called from 12 to 17 o'clock. Return telephone and code of the service."""
    to, code = claimed(world)
    world.set_local(13)
    says(world, f"NUMBER {code}", to)
    says(world, f"REACHED {code}", to)
    return to, code


def held(world: World, code: str) -> tuple[Actor, Offered]:
    with world.db.read() as tx:
        (desk,) = {row.service for row in world.rows(offer) if row.seq == 1}
        contact = contacts.get(tx, desk)
        assert contact is not None
        actor = Actor.by_sms(contact)
        found = claims.find(world.work.ctx, tx, actor, code)
    assert found is not None
    return actor, found


def agree(world: World, code: str, at: datetime | None, how: str = "comes") -> Answer | NextContact:
    actor, found = held(world, code)
    with world.db.write() as tx:
        return next_contact.agree(world.work.ctx, tx, actor, found, at=at, how=how)


def report(world: World, code: str, outcome: str) -> Answer | NextContact:
    actor, found = held(world, code)
    with world.db.write() as tx:
        return next_contact.report(world.work.ctx, tx, actor, found, outcome=outcome)


def agreed(world: World) -> list[tuple[datetime, str]]:
    return [(row.agreed_at, row.agreed_how) for row in world.rows(offer) if row.agreed_at]


def reminders(world: World) -> int:
    """Return how many reminders are still to come. Each says when a contact is."""
    return sum(row.kind == ending.REMIND for row in world.rows(outbox))


def placed(world: World) -> When:
    """Return the part of the list in which the case is."""
    (desk,) = {row.service for row in world.rows(offer) if row.seq == 1}
    with world.db.read() as tx:
        (line,) = desk_list.held(tx, desk)
    return line.when


def now(world: World) -> datetime:
    with world.db.read() as tx:
        return tx.now


def lock(world: World) -> None:
    with world.db.write() as tx:
        locks.put_on(tx, locks.RAID, "kg-coordinator-1")


def unlock(world: World) -> None:
    with world.db.write() as tx:
        locks.take_off(tx, locks.RAID)


def test_r03_a_service_agrees_to_call_only_in_the_hours_of_the_caller(world: World) -> None:
    """Whether the caller calls or comes at another hour is theirs to say."""
    _, code = reached(world)
    evening = now(world) + timedelta(hours=6)  # 19 o'clock
    assert agree(world, code, evening, "we_call") is NextContact.OUTSIDE
    assert agreed(world) == []
    assert agree(world, code, evening + timedelta(hours=18), "we_call") is NextContact.SAVED
    assert agree(world, code, evening, "calls") is NextContact.SAVED
    assert agreed(world) == [(evening, "calls")]


def test_r03_a_call_that_was_agreed_on_is_not_shown_outside_hours_that_changed_since(world: World) -> None:
    """The caller may learn that the hour is bad when nobody of the service is there to ask."""
    _, code = reached(world)
    assert agree(world, code, now(world) + timedelta(minutes=20), "we_call") is NextContact.SAVED
    assert placed(world) is When.AGREED
    assert my_request.change_window(world.public.ctx, *code_of(world), "morning", "") == "hour"
    _, found = held(world, code)
    with world.db.read() as tx:
        assert next_contact.known(tx, found, the_request(world)) is None
        assert next_contact.why_hidden(tx, found, the_request(world)) is NextContact.OUTSIDE
    assert placed(world) is When.HELPED_ON
    assert agree(world, code, now(world) + timedelta(minutes=20), "calls") is NextContact.SAVED
    assert placed(world) is When.AGREED


def test_nothing_is_agreed_on_before_the_caller_was_reached_or_after_the_case_closes(world: World) -> None:
    to, code = claimed(world)
    world.set_local(13)
    later = now(world) + timedelta(hours=2)
    assert isinstance(agree(world, code, later), NotOpen)
    says(world, f"NUMBER {code}", to)
    assert isinstance(report(world, code, NOT_MET), NotOpen)
    says(world, f"REACHED {code}", to)
    for at, why in (
        (None, NextContact.UNCLEAR), (now(world), NextContact.PAST),
        (later + timedelta(days=40), NextContact.TOO_LATE),
    ):  # fmt: skip
        assert agree(world, code, at) is why
    assert agree(world, code, later, "elsewhere") is NextContact.UNCLEAR
    assert agreed(world) == []
    assert agree(world, code, later) is NextContact.SAVED


def test_an_agreed_contact_is_due_half_an_hour_before_until_somebody_reports_it(world: World) -> None:
    _, code = reached(world)
    assert report(world, code, MET) is NextContact.NONE
    assert agree(world, code, now(world) + timedelta(hours=2)) is NextContact.SAVED
    assert placed(world) is When.HELPED_ON
    world.clock.at += timedelta(minutes=90)
    assert placed(world) is When.AGREED
    world.clock.at += timedelta(hours=20)
    assert placed(world) is When.AGREED, "nobody has said whether it took place"
    assert report(world, code, MET) is NextContact.MET
    assert placed(world) is When.HELPED_ON
    assert agreed(world) == []


def test_r11_contacts_in_vain_after_reached_show_no_number_and_end_nothing(world: World) -> None:
    to, code = reached(world)
    sent = sum(CALLER in text for _, text in world.gateway.sent)
    for _ in range(4):
        assert report(world, code, NOT_MET) is NextContact.NOT_MET
    assert world.state() == "reached"
    says(world, f"NUMBER {code}", to)
    assert sum(CALLER in text for _, text in world.gateway.sent) == sent


@pytest.mark.parametrize("how", ["stopped", "withdrawn", "closed", "handed"])
def test_r34_what_was_agreed_on_is_deleted_when_the_service_no_longer_holds_the_case(world: World, how: str) -> None:
    _, code = reached(world)
    agree(world, code, now(world) + timedelta(hours=2))
    assert agreed(world)
    assert reminders(world) == 1
    if how == "stopped":
        world.text(CALLER, "STOP")
    elif how == "withdrawn":
        my_request.withdraw(world.public.ctx, *code_of(world))
        world.run()
    elif how == "closed":
        actor, found = held(world, code)
        with world.db.write() as tx:
            outcomes.finish_following(world.work.ctx, tx, actor, found)
    else:
        actor, found = held(world, code)
        with world.db.write() as tx:
            other = next(each for each in contacts.of_kind(tx, "service", "KG") if each.desk != found.service)
            handover.hand_over(world.work.ctx, tx, actor, found, other.desk)
        world.run()
        (asked,) = [row for row in world.rows(offer) if row.state == "proposed"]
        with world.db.write() as tx:
            contact = contacts.get(tx, str(asked.service))
            assert contact is not None
            handover.take(world.work.ctx, tx, Actor.by_sms(contact), offers.get(tx, str(asked.id)))
    assert agreed(world) == []
    assert reminders(world) == 0


def test_r34_the_public_process_does_not_read_when_somebody_can_be_met(world: World) -> None:
    """Nor do its statements name the columns, on which it has no right on PostgreSQL."""
    _, code = reached(world)
    agree(world, code, now(world) + timedelta(hours=2))
    _, found = held(world, code)
    assert found.agreed_at
    with world.public.ctx.db.write() as tx:
        seen = (offers.get(tx, found.id), *offers.of_request(tx, found.request), offers.locked(tx, found.id))
    assert [(each.agreed_at, each.agreed_how) for each in seen if each] == [(None, None)] * 3


def test_r32_the_lock_hides_when_a_caller_comes(world: World) -> None:
    _, code = reached(world)
    agree(world, code, now(world) + timedelta(minutes=20))
    assert placed(world) is When.AGREED
    lock(world)
    _, found = held(world, code)
    with world.db.read() as tx:
        assert next_contact.known(tx, found, the_request(world)) is None
        assert next_contact.why_hidden(tx, found, the_request(world)) is NextContact.LOCKED
    assert placed(world) is When.HELPED_ON


def test_r32_no_contact_is_saved_under_the_lock(world: World) -> None:
    """Whoever forces somebody to save one would learn when a caller comes, or send them away."""
    _, code = reached(world)
    before = now(world) + timedelta(hours=2)
    agree(world, code, before)
    lock(world)
    assert agree(world, code, before + timedelta(hours=1)) is NextContact.LOCKED
    assert agreed(world) == [(before, "comes")]


@pytest.mark.engines
def test_a_service_is_reminded_once_by_sms_half_an_hour_before_an_agreed_contact(world: World) -> None:
    """Also if another one was agreed on meanwhile. The text does not say who comes, and has no number."""
    to, code = reached(world)
    agree(world, code, now(world) + timedelta(hours=1))
    at = now(world) + timedelta(hours=2)
    agree(world, code, at)
    before = len(world.inbox(to))
    world.wait(minutes=80)
    assert world.inbox(to)[before:] == []
    world.wait(minutes=15)
    (text,) = world.inbox(to)[before:]
    assert text.startswith(f"{code}: ")
    assert f"{at.astimezone(ZoneInfo('Asia/Bishkek')):%H:%M}" in text
    assert CALLER not in text
    world.wait(hours=20)
    assert world.inbox(to)[before:] == [text]


@pytest.mark.parametrize("why", ["hours", "lock", "reported", "stopped"])
def test_r03_no_reminder_of_a_contact_that_may_not_be_or_is_over(world: World, why: str) -> None:
    """If the caller's hours have changed, the service is told these, and not to call."""
    to, code = reached(world)
    at = now(world) + timedelta(hours=2)
    agree(world, code, at, "we_call")
    if why == "hours":
        my_request.change_window(world.public.ctx, *code_of(world), "morning", "")
    elif why == "lock":
        lock(world)
    elif why == "reported":
        assert report(world, code, MET) is NextContact.MET
    else:
        world.text(CALLER, "STOP")
    world.run()
    before = len(world.inbox(to))
    world.wait(minutes=119)
    assert world.inbox(to)[before:] == []


@pytest.mark.parametrize("due", ["under the lock", "before it, and unsent"])
def test_r32_a_reminder_waits_until_the_lock_ends_and_comes_once(world: World, due: str) -> None:
    """Else a service without a console would forget the contact because somebody was at the door that day."""
    to, code = reached(world)
    agree(world, code, now(world) + timedelta(minutes=40))
    before = len(world.inbox(to))
    if due != "under the lock":
        world.clock.at += timedelta(minutes=10)
        world.gateway.fails = [SendFailed("busy", retry=True)]
        world.run()
        assert world.gateway.fails == []
    lock(world)
    world.wait(minutes=80)
    assert world.inbox(to)[before:] == []
    unlock(world)
    world.wait(minutes=5)
    (text,) = world.inbox(to)[before:]
    assert text.startswith(f"{code}: ")
    world.wait(hours=2)
    assert world.inbox(to)[before:] == [text]


def test_no_reminder_comes_so_late_that_the_list_asks_whether_the_contact_took_place(world: World) -> None:
    to, code = reached(world)
    agree(world, code, now(world) + timedelta(minutes=40))
    before = len(world.inbox(to))
    lock(world)
    world.wait(minutes=101)
    assert reminders(world) == 0
    unlock(world)
    world.wait(minutes=5)
    assert world.inbox(to)[before:] == []
    assert placed(world) is When.AGREED


def test_r39_a_reminder_that_waited_names_no_hour_of_another_day(world: World) -> None:
    """It says the hour alone, so the service would wait for the caller on the wrong day."""
    to, code = reached(world)
    agree(world, code, now(world) + timedelta(hours=1))
    before = len(world.inbox(to))
    world.clock.at += timedelta(minutes=40)
    world.gateway.fails = [SendFailed("busy", retry=True)]
    world.run()
    assert world.gateway.fails == []
    agree(world, code, now(world) + timedelta(days=1, hours=2))
    world.wait(minutes=30)
    assert world.inbox(to)[before:] == []
