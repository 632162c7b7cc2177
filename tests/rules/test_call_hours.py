"""R3: a service may leave out hours of the caller at any time, and set others only after it has reached the caller."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from alembic import command

from helpline.caller import my_request
from helpline.casework import call_hours, claims
from helpline.casework.answers import Answer, HoursChange, NotOpen, Refused
from helpline.core.call_windows import EVERY_DAY, NOW, windows
from helpline.referral import ending
from helpline.referral.own_hours import restore
from helpline.request import requests
from helpline.request.attempts import HOURS
from helpline.staff import contacts
from helpline.staff.contact import Actor
from helpline.store import migrate
from helpline.store.schema import attempt, audit, offer, request
from menus.draft import NOT_SAID
from tests.conftest import Databases
from tests.steps.caller import AGREED, claim, code_of, save_draft, the_request
from tests.steps.desk import all_fit, says
from tests.steps.meanwhile import begun
from tests.world import World

FIRST, SECOND = "kg-coordinator-1", "kg-coordinator-2"


def change(world: World, code: str, first: int, last: int, on: Collection[int] = EVERY_DAY) -> Answer | HoursChange:
    """Change the hours of a case, as a person of the service that was asked first."""
    (desk,) = {row.service for row in world.rows(offer) if row.seq == 1}
    with world.db.write() as tx:
        contact = contacts.get(tx, desk)
        assert contact is not None
        actor = Actor.by_sms(contact)
        found = claims.find(world.work.ctx, tx, actor, code)
        return call_hours.change(world.work.ctx, tx, actor, found, first=first, last=last, weekdays=on)


def claimed(world: World, window: str = "day", days: str = "") -> tuple[str, str]:
    """Save a request with these hours, and claim it. Return the telephone and the code."""
    save_draft(world, replace(AGREED, window=window, days=days))
    return claim(world)


def hours(world: World) -> tuple[str, str]:
    """Return the window and the days of the only request."""
    found = the_request(world)
    return found.window, found.days


def logged(world: World) -> int:
    """Return how often the audit log says that hours were changed."""
    return [row.action for row in world.rows(audit)].count("hours")


@pytest.mark.engines
def test_r03_a_service_leaves_out_hours_and_adds_some_only_after_it_has_reached_the_caller(world: World) -> None:
    """Each change is in the audit log. What is refused changes nothing."""
    to, code = claimed(world)  # 12 to 17 o'clock
    for first, last in ((11, 15), (12, 18), (8, 21)):
        assert change(world, code, first, last) is HoursChange.WIDER
    assert (hours(world), logged(world)) == (("day", ""), 0)
    assert change(world, code, 13, 16, {1, 2, 3}) is HoursChange.SET
    assert (hours(world), logged(world)) == (("13-16", "123"), 1)
    assert change(world, code, 12, 17) is HoursChange.SET, "what the caller chose can be put back"
    assert change(world, code, 12, 18) is HoursChange.WIDER
    world.set_local(13)
    says(world, f"NUMBER {code}", to)
    assert change(world, code, 12, 18) is HoursChange.WIDER, "the number was shown, but nobody was reached"
    says(world, f"REACHED {code}", to)
    assert change(world, code, 9, 20, {6, 7}) is HoursChange.SET
    assert (hours(world), logged(world)) == (("09-20", "67"), 3)
    assert [row.outcome for row in world.rows(attempt)].count("hours") == 3


def test_r03_a_report_that_was_undone_is_no_reason_for_more_hours(world: World) -> None:
    to, code = claimed(world)
    world.set_local(13)
    says(world, f"NUMBER {code}", to)
    says(world, f"REACHED {code}", to)
    says(world, f"UNDO {code}", to)
    assert world.state() == "claimed"
    assert change(world, code, 8, 21) is HoursChange.WIDER
    says(world, f"NOT OURS {code}", to)
    assert change(world, code, 8, 21) is not HoursChange.SET
    assert hours(world) == ("day", "")


def test_r03_days_that_the_caller_did_not_choose_are_more_hours(world: World) -> None:
    _, code = claimed(world, days="24")
    assert change(world, code, 12, 17) is HoursChange.WIDER
    assert change(world, code, 12, 17, {2, 5}) is HoursChange.WIDER
    assert change(world, code, 12, 17, {4}) is HoursChange.SET
    assert hours(world) == ("12-17", "4")


def test_r03_one_day_stays_one_day_if_a_service_leaves_out_hours(world: World) -> None:
    """And it is one again when the claim ends. The claim is of the same day."""
    _, code = claimed(world, days="tomorrow")
    assert change(world, code, 12, 17, {3, 4}) is HoursChange.WIDER
    assert change(world, code, 13, 16, {3}) is HoursChange.SET
    assert hours(world) == ("13-16", "03")
    narrowed = the_request(world)
    assert list(windows(narrowed.hours, world.clock.at + timedelta(days=3))) == []
    with world.db.write() as tx:
        own = restore(tx, narrowed).hours
    assert own == replace(narrowed.hours, window="day")


@pytest.mark.parametrize(
    ("first", "last", "on"),
    [(7, 12, {2}), (12, 22, {2}), (14, 14, {2}), (16, 13, {2}), (-1, 13, {2}), (13, 16, ()), (13, 16, {0}), (13, 16, {8})],
)  # fmt: skip
def test_r03_no_service_sets_hours_in_which_nobody_is_called(
    world: World, first: int, last: int, on: Collection[int]
) -> None:
    """Also not after it has reached the caller."""
    to, code = claimed(world)
    assert change(world, code, first, last, on) is HoursChange.UNCLEAR
    world.set_local(13)
    says(world, f"NUMBER {code}", to)
    says(world, f"REACHED {code}", to)
    assert change(world, code, first, last, on) is HoursChange.UNCLEAR
    assert hours(world) == ("day", "")


def test_r03_the_number_is_not_shown_in_hours_that_the_service_left_out(world: World) -> None:
    """The telephone on duty is told the new time."""
    to, code = claimed(world)
    change(world, code, 15, 17)
    world.run()
    assert "15:00-17:00" in world.inbox(to)[-1]
    world.set_local(13)
    assert "0001" not in says(world, f"NUMBER {code}", to)[-1]
    world.set_local(15)
    assert "+996" in says(world, f"NUMBER {code}", to)[-1]


def test_r11_other_hours_bring_no_second_call_in_one_window(world: World) -> None:
    to, code = claimed(world, "any")
    world.set_local(11)
    says(world, f"NUMBER {code}", to)
    says(world, f"BUSY {code}", to)
    assert change(world, code, 15, 21) is HoursChange.USED
    assert change(world, code, 8, 20) is HoursChange.SET
    world.set_local(16)
    assert "+996" not in says(world, f"NUMBER {code}", to)[-1]
    world.set_local(9)
    assert "+996" in says(world, f"NUMBER {code}", to)[-1]


def test_r39_what_was_promised_stays_promised_if_it_is_in_the_new_hours(world: World) -> None:
    _, code = claimed(world, "any")
    promised = the_request(world).promised
    assert promised is not None
    here = promised.start.astimezone(world.zone).hour, promised.end.astimezone(world.zone).hour
    assert change(world, code, *here) is HoursChange.SET
    assert the_request(world).promised == promised
    assert change(world, code, here[0] + 1, here[1]) is HoursChange.SET
    assert the_request(world).promised is None


def test_r03_what_the_caller_chooses_later_counts_and_not_what_they_chose_before(world: World) -> None:
    """The service had left out hours. The caller chooses shorter ones: the earlier ones cannot be put back."""
    _, code = claimed(world, "any")
    assert change(world, code, 9, 20) is HoursChange.SET
    world.wait(minutes=1)
    assert my_request.change_window(world.public.ctx, *code_of(world), "morning", "") == "hour"
    assert change(world, code, 8, 21) is HoursChange.WIDER
    assert change(world, code, 9, 12) is HoursChange.SET
    assert change(world, code, 8, 12) is HoursChange.SET


def test_r03_what_the_caller_answers_later_in_the_same_call_counts(world: World) -> None:
    """A service has claimed the request and left out hours before the call was over."""
    _, code = claimed(world, "any")
    world.wait(minutes=1)
    assert change(world, code, 9, 20) is HoursChange.SET
    save_draft(world, replace(AGREED, window="morning"), keys=9)
    assert hours(world) == ("morning", "")
    assert change(world, code, 8, 21) is HoursChange.WIDER


def test_r03_a_caller_who_chooses_the_hours_that_a_service_has_left_gives_up_the_others(world: World) -> None:
    """The same hours are now the caller's own choice, and the newest one."""
    _, code = claimed(world, "any")
    assert change(world, code, 9, 20) is HoursChange.SET
    world.wait(minutes=1)
    assert my_request.change_window(world.public.ctx, *code_of(world), "09-20", "") == "hour"
    assert change(world, code, 8, 21) is HoursChange.WIDER
    assert hours(world) == ("09-20", "")


@pytest.mark.engines
def test_r03_a_caller_who_chooses_other_days_has_their_own_hours_again(world: World) -> None:
    """The service had left out hours. They are the caller's all the same, also once the claim is over."""
    to, code = claimed(world, "any")
    assert change(world, code, 9, 10) is HoursChange.SET
    world.wait(minutes=1)
    assert my_request.change_window(world.public.ctx, *code_of(world), "", "24") == "hour"
    assert hours(world) == ("any", "24")
    assert change(world, code, 9, 10, {1}) is HoursChange.WIDER
    assert change(world, code, 9, 10, {2}) is HoursChange.SET
    says(world, f"NO NO {code}", to)
    assert hours(world) == ("any", "24")


@pytest.mark.engines
def test_r03_a_caller_who_chooses_another_time_has_their_own_days_again(world: World) -> None:
    _, code = claimed(world, "any", days="246")
    assert change(world, code, 9, 20, {2}) is HoursChange.SET
    world.wait(minutes=1)
    assert my_request.change_window(world.public.ctx, *code_of(world), "morning", "") == "hour"
    assert hours(world) == ("morning", "246")


@pytest.mark.parametrize("window", ["morning", "09-20"])
def test_r03_days_are_changed_after_hours_that_count_for_the_caller(world: World, window: str) -> None:
    """The caller has chosen hours after the service, perhaps even the same: other days do not bring back older ones."""
    _, code = claimed(world, "any")
    assert change(world, code, 9, 20) is HoursChange.SET
    world.wait(minutes=1)
    for chosen in ((window, ""), ("", "24")):
        assert my_request.change_window(world.public.ctx, *code_of(world), *chosen) == "hour"
    assert hours(world) == (window, "24")


def test_r03_who_says_only_what_their_clock_shows_has_chosen_no_hours(world: World) -> None:
    """What the service has left out stays out as long as it holds the case, and is the caller's again afterwards."""
    to, code = claimed(world, "any")
    with world.db.write() as tx:
        tx.execute(sa.update(request).values(zone="Europe/Moscow", place="RU"))
    assert change(world, code, 9, 10) is HoursChange.SET
    world.wait(minutes=1)
    here = f"{world.clock.at.astimezone(ZoneInfo('Asia/Yekaterinburg')).hour or 24}"
    assert my_request.change_window(world.public.ctx, *code_of(world), "", "", here) == "hour"
    assert (hours(world), the_request(world).zone) == (("09-10", ""), "Asia/Yekaterinburg")
    says(world, f"NO NO {code}", to)
    assert hours(world) == ("any", "")


def test_r03_what_a_service_left_out_at_a_wrong_time_counts_again_when_its_claim_is_over(world: World) -> None:
    """The clock was ahead when the service chose, and is right again."""
    to, code = claimed(world, "any")
    assert change(world, code, 9, 10) is HoursChange.SET
    with world.db.write(world.clock.at - timedelta(days=3)) as tx:
        requests.begin_hours_now(tx)
    says(world, f"NO NO {code}", to)
    assert hours(world) == ("any", "")


@pytest.mark.engines
def test_r03_hours_that_a_service_left_out_count_again_if_its_claim_is_not_genuine(world: World) -> None:
    """Somebody who can write the database has moved it to another time, and the log does not vouch for it."""
    _, code = claimed(world, "any")
    assert change(world, code, 9, 10) is HoursChange.SET
    with world.db.write() as tx:
        tx.execute(sa.update(offer).values(mac="", claimed=tx.now + timedelta(days=1)))
    world.work.begin()
    assert (world.state(), hours(world)) == ("waiting", ("any", ""))


@pytest.mark.engines
def test_r03_hours_that_were_left_out_before_an_update_count_again_after_it(world: World) -> None:
    """The version before stored the caller's own hours in the action of the service."""
    to, code = claimed(world, "any")
    assert change(world, code, 9, 10) is HoursChange.SET
    config = migrate._config()
    with world.db.write() as tx:
        tx.execute(sa.update(attempt).where(attempt.c.outcome == HOURS).values(hours="any/ 09-10/"))
        config.attributes["connection"] = tx.connection
        command.downgrade(config, "0035")
    migrate.upgrade(world.db)
    assert hours(world) == ("09-10", "")
    says(world, f"NO NO {code}", to)
    assert hours(world) == ("any", "")


@pytest.mark.postgres
def test_r03_hours_that_the_caller_chooses_at_the_same_moment_count(new_postgres: Databases) -> None:
    """The caller's change is not committed yet when the service's begins: no number may be shown outside of it."""
    world = World.on(new_postgres())
    _, code = claimed(world, "any")
    with world.db.write() as tx:
        held = requests.hold(tx, str(the_request(world).id))
        assert held is not None
        later = begun(world.db, partial(change, world, code, 9, 20))
        my_request.set_window(tx, held, {"window": "morning", "days": ""})
    assert later.result() is HoursChange.WIDER
    assert hours(world) == ("morning", "")


def test_r03_the_two_hours_of_now_are_no_other_hours(world: World) -> None:
    save_draft(world, replace(AGREED, window=NOW, risk=NOW))
    _, code = claim(world)
    assert change(world, code, 8, 12) is HoursChange.WIDER
    assert hours(world) == (NOW, "")


def test_r03_hours_that_never_come_are_refused(world: World) -> None:
    """The consent ends before: nobody could call at all."""
    _, code = claimed(world, "any")
    world.wait(days=10)
    assert change(world, code, 8, 9, {1}) in (NotOpen(), HoursChange.NONE_LEFT)


def test_r30_hours_stay_while_another_service_is_asked(world: World) -> None:
    """It reads the hours of the offer."""
    all_fit(world)
    to, code = claimed(world)
    says(world, f"HANDED {code} {_another(world)}", to)
    assert isinstance(change(world, code, 13, 16), Refused)
    assert hours(world) == ("day", "")


def test_r32_only_a_service_that_holds_the_case_changes_its_hours(world: World) -> None:
    save_draft(world, replace(AGREED, window="day", age_band=NOT_SAID))
    world.run()
    _, code = world.offered()
    assert change(world, code, 13, 16) == NotOpen(), "it was offered, and not claimed"
    assert hours(world) == ("day", "")


@pytest.mark.engines
@pytest.mark.parametrize("ends", ["given back", "silent"])
def test_r03_hours_that_a_service_left_out_count_again_once_its_claim_is_over(world: World, ends: str) -> None:
    """It has not reached the caller, who still expects a call at any time. The next service is offered these hours."""
    to, code = claimed(world, "any")
    assert change(world, code, 20, 21, {7}) is HoursChange.SET
    if ends == "given back":
        says(world, f"NO NO {code}", to)
    else:
        world.wait(days=12)
    assert hours(world) == ("any", "")
    assert len({row.service for row in world.rows(offer)}) > 1


def change_as_colleague(world: World, code: str, first: int, last: int, on: Collection[int] = EVERY_DAY) -> None:
    """Change the hours as an account of the service does: the telephone that writes UNDO has not done it."""
    assert change(world, code, first, last, on) is HoursChange.SET
    with world.db.write() as tx:
        tx.execute(sa.update(attempt).where(attempt.c.outcome == HOURS).values(actor="an account"))


def test_a_report_is_undone_although_a_colleague_has_left_out_hours_since(world: World) -> None:
    to, code = claimed(world)
    world.set_local(13)
    says(world, f"NUMBER {code}", to)
    says(world, f"BUSY {code}", to)
    change_as_colleague(world, code, 12, 16)
    says(world, f"UNDO {code}", to)
    says(world, f"REACHED {code}", to)
    assert (world.state(), hours(world)) == ("reached", ("12-16", ""))


def test_r03_hours_that_were_added_after_a_call_keep_its_report_from_being_undone(world: World) -> None:
    """Without the report, nobody would have asked the caller about these hours."""
    to, code = claimed(world)
    world.set_local(13)
    says(world, f"NUMBER {code}", to)
    says(world, f"REACHED {code}", to)
    change_as_colleague(world, code, 9, 20)
    says(world, f"UNDO {code}", to)
    assert (world.state(), hours(world)) == ("reached", ("09-20", ""))


def test_r03_a_claim_that_is_undone_leaves_no_hours_out(world: World) -> None:
    """A colleague has left them out at the console."""
    to, code = claimed(world, "any", days="1234567")
    change_as_colleague(world, code, 9, 10, {1})
    says(world, f"UNDO {code}", to)
    assert hours(world) == ("any", "1234567")


def test_r03_hours_that_the_caller_chooses_meanwhile_stay_when_a_claim_is_over(world: World) -> None:
    to, code = claimed(world, "any")
    assert change(world, code, 9, 20) is HoursChange.SET
    world.wait(minutes=1)
    assert my_request.change_window(world.public.ctx, *code_of(world), "09-20", "") == "hour"
    says(world, f"NO NO {code}", to)
    assert hours(world) == ("09-20", "")


def lift(world: World) -> None:
    """Unfreeze the line: two coordinators agree that the freeze was a mistake."""
    world.run()
    for who in (FIRST, SECOND):
        (order,) = re.findall(r"LIFT \d{5}", world.inbox(world.phone(who))[-1])
        world.text(world.phone(who), order)
    world.run()


def test_r03_hours_that_a_service_left_out_count_again_when_a_freeze_was_a_mistake(world: World) -> None:
    """The freeze has ended the claim."""
    to, code = claimed(world, "any")
    assert change(world, code, 12, 16) is HoursChange.SET
    world.set_local(13)
    says(world, f"NUMBER {code}", to)
    says(world, f"WRONG {code}", to)
    assert hours(world) == ("12-16", "")
    lift(world)
    assert hours(world) == ("any", "")


def test_r03_hours_that_the_caller_chooses_while_a_freeze_is_lifted_stay(world: World) -> None:
    """The coordinators' transaction has read the request an instant before."""
    to, code = claimed(world, "any")
    assert change(world, code, 12, 16) is HoursChange.SET
    world.set_local(13)
    says(world, f"NUMBER {code}", to)
    says(world, f"WRONG {code}", to)
    before = the_request(world)
    my_request.change_window(world.public.ctx, *code_of(world), "18-20", "")
    with world.db.write() as tx:
        ending.resume(tx, restore(tx, before), tx.now)
    assert hours(world) == ("18-20", "")
    assert world.state() == "waiting"


def test_r03_hours_that_the_caller_agreed_to_stay_when_a_later_claim_is_over(world: World) -> None:
    """The first service reached the caller. Its second call was taken for a stranger's, by mistake."""
    to, code = claimed(world)
    world.set_local(13)
    says(world, f"NUMBER {code}", to)
    says(world, f"REACHED {code}", to)
    assert change(world, code, 9, 20) is HoursChange.SET
    says(world, f"WRONG {code}", to)
    lift(world)
    next_to, next_code = world.offered()
    says(world, f"YES {next_code}", next_to)
    says(world, f"NO NO {next_code}", next_to)
    assert hours(world) == ("09-20", "")


def _another(world: World) -> str:
    """Return the name of a service that was not asked first."""
    (first,) = {row.service for row in world.rows(offer)}
    with world.db.read() as tx:
        return next(each.names["en"] for each in contacts.of_kind(tx, "service", "KG") if each.desk != first)


def test_r11_hours_that_a_service_sets_or_puts_back_open_no_window_again_in_danger(world: World) -> None:
    """A call was in vain. Whatever hours the service sets, and even if another one has the claim then, it counts."""
    world.set_local(9)
    save_draft(world, replace(AGREED, window="any", risk=NOW))
    to, code = claim(world)
    for order in ("NUMBER", "BUSY"):
        world.text(to, f"{order} {code}")
    world.wait(minutes=10)
    assert change(world, code, 8, 20) is HoursChange.SET
    world.wait(minutes=10)
    world.text(to, f"NUMBER {code}")
    assert world.inbox(to)[-1] == f"{code}: the number was already sent. Next, 26.11 08:00-20:00: NUMBER {code}"
    world.text(to, f"NO NO {code}")
    second, code = claim(world)
    assert second != to
    world.text(second, f"НОМЕР {code}")
    assert world.inbox(second)[-1] == f"{code}: номер уже послали. Ещё раз 26.11 08:00-21:00: НОМЕР {code}"
