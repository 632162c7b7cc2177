"""NEXT by SMS: a service that has no console saves when it calls a caller it reached again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpline.caller import my_request
from helpline.casework.contact_by_sms import instant_of
from helpline.referral import ending
from helpline.request import offers
from helpline.staff import locks
from helpline.store.schema import offer
from menus.orders import DayAndTime
from tests.rules.test_call_hours import claimed
from tests.rules.test_next_contact import agreed, lock, now, reached, unlock
from tests.steps.caller import code_of
from tests.steps.desk import says
from tests.world import CALLER, World

ZONE = ZoneInfo("Asia/Bishkek")
THURSDAY = datetime(2026, 12, 3, 10, tzinfo=ZONE).astimezone(UTC)


def weekday(at: datetime) -> str:
    """Return the day of the week as a caseworker types it."""
    return f"{at.astimezone(ZONE):%a}"


def test_a_caseworker_saves_the_next_call_and_is_reminded(world: World) -> None:
    """The text says the day that was understood, so that a slip shows, and neither number nor place."""
    to, code = reached(world)
    at = (now(world) + timedelta(days=2)).astimezone(ZONE)
    (said,) = says(world, f"NEXT {code} {weekday(at)} 14:00", to)
    assert said == f"{code}: next call {weekday(at)[:2]} {at:%d.%m} 14:00. We remind you 30 minutes before."
    ((stored, how),) = agreed(world)
    assert (f"{stored.astimezone(ZONE):%d.%m %H:%M}", how) == (f"{at:%d.%m} 14:00", "we_call")
    before = len(world.inbox(to))
    world.wait(stored - now(world))
    (text,) = world.inbox(to)[before:]
    assert "14:00" in text
    assert CALLER not in said + text


def test_a_later_order_takes_the_place_of_the_one_before(world: World) -> None:
    to, code = reached(world)
    says(world, f"NEXT {code} TOMORROW 14:00", to)
    says(world, f"NEXT {code} TOMORROW 15:00", to)
    ((stored, _),) = agreed(world)
    assert f"{stored.astimezone(ZONE):%H:%M}" == "15:00"


def test_no_reminder_is_promised_of_a_call_that_is_near(world: World) -> None:
    to, code = reached(world)
    (said,) = says(world, f"NEXT {code} TODAY 13:20", to)
    assert said.endswith("13:20.")


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("NEXT {code}", "{code}: not saved. Send: NEXT {code} FRI 14:00. Or TODAY, TOMORROW"),
        ("NEXT {code} FRI 25:00", "{code}: not saved. Send: NEXT {code} FRI 14:00. Or TODAY, TOMORROW"),
        ("NEXT {code} 4.12 14:00", "{code}: not saved. Send: NEXT {code} FRI 14:00. Or TODAY, TOMORROW"),
        ("NEXT {code} TOMORROW 14:00 market", "{code}: not saved. Send: NEXT {code} FRI 14:00. Or TODAY, TOMORROW"),
        ("NEXT TOMORROW 14:00", "{code}: not saved. Send: NEXT {code} FRI 14:00. Or TODAY, TOMORROW"),
        ("HELP NEXT", "{code}: not saved. Send: NEXT {code} FRI 14:00. Or TODAY, TOMORROW"),
        ("NEXT {code} TODAY 12:30", "{code}: not saved. That time is over."),
        ("NEXT 00000 TOMORROW 14:00", "00000 is not open for you. Nothing was changed."),
    ],
)
def test_an_unclear_order_saves_nothing_and_is_told_what_to_send(world: World, order: str, said: str) -> None:
    to, code = reached(world)
    assert says(world, order.format(code=code), to) == [said.format(code=code)]
    assert agreed(world) == []


def test_r03_a_call_by_sms_is_saved_only_in_the_hours_of_the_caller(world: World) -> None:
    """The caller may be called from 12 to 17. The answer says so."""
    to, code = reached(world)
    (said,) = says(world, f"NEXT {code} TOMORROW 19:00", to)
    assert said.startswith(f"{code}: not saved. Call only ")
    assert "12:00-17:00" in said
    assert agreed(world) == []


def test_nothing_is_saved_by_sms_before_the_caller_was_reached_or_after_the_case_closes(world: World) -> None:
    to, code = claimed(world)
    assert says(world, f"NEXT {code} TOMORROW 14:00", to) == [
        f"{code}: not reached yet. When you talk to the caller: REACHED {code}"
    ]
    world.set_local(13)
    says(world, f"NUMBER {code}", to)
    says(world, f"REACHED {code}", to)
    my_request.withdraw(world.public.ctx, *code_of(world))
    world.run()
    (over,) = says(world, f"NEXT {code} TOMORROW 14:00", to)
    assert over == f"{code}: do not call any more. Please delete the number."
    assert agreed(world) == []


def test_r32_no_call_is_saved_by_sms_under_the_lock(world: World) -> None:
    to, code = reached(world)
    lock(world)
    assert says(world, f"NEXT {code} TOMORROW 14:00", to) == [
        f"{code}: not saved. Everything is locked now. Please wait."
    ]
    assert agreed(world) == []
    unlock(world)
    says(world, f"NEXT {code} TOMORROW 14:00", to)
    assert len(agreed(world)) == 1


def test_r32_the_text_that_says_what_was_saved_does_not_leave_under_the_lock(world: World) -> None:
    """It would say when somebody talks to the caller."""
    to, _ = reached(world)
    before = len(world.inbox(to))
    with world.db.write() as tx:
        found = offers.of_rows(tx, offer.c.state == "followed")[0]
        offers.agree(tx, found.id, tx.now + timedelta(days=1), "we_call")
        ending.tell_service(tx, found, "to_ngo.next_saved")
        locks.put_on(tx, locks.RAID, "kg-coordinator-1")
    world.wait(minutes=10)
    assert world.inbox(to)[before:] == []


@pytest.mark.parametrize(
    ("when", "there"),
    [
        (("friday", 14, 0), "04.12 14:00"),
        (("thursday", 14, 0), "03.12 14:00"),
        (("thursday", 9, 0), "10.12 09:00"),
        (("wednesday", 9, 0), "09.12 09:00"),
        (("today", 9, 0), "03.12 09:00"),
        (("tomorrow", 9, 0), "04.12 09:00"),
    ],
)
def test_a_day_is_the_next_one_by_the_clock_of_the_country(when: tuple[str, int, int], there: str) -> None:
    """It is Thursday, ten o'clock. Today's weekday is today as long as the time is to come."""
    at = instant_of(DayAndTime(*when), ZONE, THURSDAY)
    assert at is not None
    assert f"{at.astimezone(ZONE):%d.%m %H:%M}" == there
