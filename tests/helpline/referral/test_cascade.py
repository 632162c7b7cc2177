"""From one service to the next: time to answer, silent claims and full desks, with a clock that tests move."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa

from helpline.directory.opening_hours import DAYS, Opening
from helpline.directory.service import Service
from helpline.referral import attend, ending
from helpline.request import offers, phone_lines
from helpline.request.model import State
from helpline.staff import contacts
from helpline.store import outbox
from helpline.store.schema import attempt, offer, request
from menus.draft import Draft
from tests.steps.caller import AGREED, asked, claim, listed, recipients, save_draft, the_request
from tests.world import CALLER, OTHER, STOPPED, World

OFFICE = (Opening(frozenset(DAYS), time(9), time(18)),)
NIGHT = (Opening(frozenset(DAYS), time(0), time(0)),)
THIRD = "+996000111003"


def hours(lines: Mapping[str, tuple[Opening, ...]]) -> Callable[[Service], Service]:
    """Set opening hours of services by id, and office hours for all others."""
    return lambda each: replace(each, schedule=lines.get(each.id, OFFICE))


def until(world: World) -> datetime:
    """Return until when the open offer may be answered, by the country's clock."""
    found: list[datetime] = [row.until for row in world.rows(offer) if row.state == "open"]
    assert len(found) == 1
    return found[0].astimezone(world.zone)


def test_a_closed_desk_gets_its_half_hour_after_opening(world: World) -> None:
    """Asked at eight in the evening; all open at nine. Until half past nine no other service is asked."""
    listed(world, hours({}))
    world.set_local(20)
    save_draft(world)
    world.run()
    assert (until(world).hour, until(world).minute) == (9, 30)
    world.wait(hours=13, minutes=20)
    assert asked(world) == [("kg-country", "open")]
    world.wait(minutes=20)
    assert [state for _, state in asked(world)] == ["lapsed", "open"]


def test_an_open_desk_is_asked_within_five_seconds_of_the_last_key(world: World) -> None:
    """At ten, as the demo's clock. Neither a pause nor a deadline comes before the first offer."""
    listed(world, hours({}))
    world.set_local(10)
    call = world.ask(last=False)
    pressed = world.clock.at
    call.press("0")
    world.wait(seconds=5)
    (opened,) = [row.opened for row in world.rows(offer) if row.state == "open"]
    assert opened - pressed <= timedelta(seconds=5)
    assert len(world.gateway.sent) == 1


def test_a_closed_desk_does_not_cost_the_caller_a_call_tonight(world: World) -> None:
    """The nearest is closed and another is open all night. The caller was promised this evening."""
    listed(world, hours({"kg-bishkek": NIGHT}))
    world.set_local(19)
    kept = save_draft(world)
    assert kept.promise is not None
    world.run()
    assert (until(world).hour, until(world).minute) == (19, 30)
    world.wait(minutes=31)
    assert asked(world) == [("kg-country", "lapsed"), ("kg-bishkek", "open")]


def test_a_dropped_call_is_not_postponed_either(world: World) -> None:
    """No promise was shown. The one that could have been shown counts."""
    listed(world, hours({"kg-bishkek": NIGHT}))
    world.set_local(19)
    save_draft(world, last=False)
    world.wait(minutes=2)
    assert until(world).hour == 19


def test_in_danger_a_service_has_five_minutes_even_at_night(world: World) -> None:
    """At three in the morning four closed desks are asked within a quarter of an hour, and then a person."""
    listed(world, hours(dict.fromkeys(("kg-country", "kg-bishkek"), NIGHT)))
    world.set_local(20)
    save_draft(world, Draft(language="ru", consent="yes", window="any", risk="now"))
    world.run()
    assert until(world) - world.clock() == timedelta(minutes=5)
    world.wait(minutes=6)
    assert [state for _, state in asked(world)] == ["lapsed", "open"]


def test_danger_reported_during_an_offer_shortens_it(world: World) -> None:
    """Offered for half an hour; then the caller says that they are in danger."""
    save_draft(world, last=False)
    world.wait(minutes=5)
    before = until(world)
    save_draft(world, replace(AGREED, risk="now"), keys=5, last=False)
    world.run()
    assert until(world) == world.clock() + timedelta(minutes=5)
    assert until(world) < before
    world.wait(minutes=6)
    assert [state for _, state in asked(world)] == ["lapsed", "open"]


def test_later_answers_never_lengthen_the_time_to_answer(world: World) -> None:
    """However often the caller changes something while a service is being asked."""
    save_draft(world, last=False)
    world.wait(minutes=5)
    before = until(world)
    for at in range(3):
        world.wait(minutes=3)
        save_draft(world, replace(AGREED, cover=("shop", "friend", "survey")[at]), keys=5 + at, last=False)
        world.run()
    assert until(world) == before


def test_if_consent_ends_at_night_the_offer_does_not_wait_for_the_morning(world: World) -> None:
    """The desk stays closed until after the consent, so its time to answer runs at once."""
    listed(world, hours({}))
    world.set_local(17)
    save_draft(world)
    with world.db.write() as tx:
        tx.execute(sa.update(request).values(expires=world.clock() + timedelta(hours=5)))
    world.wait(minutes=31)
    assert [state for _, state in asked(world)] == ["lapsed", "open"]
    assert (until(world).hour, until(world).minute) == (18, 0)


def outcome(world: World, at: datetime | None = None, undone: datetime | None = None) -> None:
    """Record that the holder reported how a call went."""
    (row,) = [row for row in world.rows(offer) if row.state == "claimed"]
    values = {
        "request": row.request, "offer": row.id, "service": row.service, "actor": row.service,
        "outcome": "no_answer", "at": at or world.clock(), "was_request": "claimed", "was_offer": "claimed",
        "undone": undone,
    }  # fmt: skip
    with world.db.write() as tx:
        tx.execute(sa.insert(attempt).values(values))


def test_a_shown_number_without_a_report_is_silence_too(world: World) -> None:
    """Two days after that window a person is told by name and the holder reminded. Four hours later the claim ends."""
    save_draft(world)
    to, code = claim(world)
    world.text(to, f"NUMBER {code}")
    world.wait(days=2)
    assert recipients(world, "to_ngo.silent") == []
    world.set_local(21, 1)
    assert recipients(world, "to_ngo.silent") == ["kg-coordinator-1"]
    with world.db.read() as tx:
        holder = contacts.get(tx, "kg-country")
    assert holder is not None
    silent = f"{code}, взяли: {holder.name('ru')}. Вестей нет. Позвоните туда."
    assert world.inbox(world.phone("kg-coordinator-1")) == [silent]
    assert world.inbox(to)[-1] == f"{code}: no report yet. Call at the agreed time, then text how it was."
    assert world.state() == "claimed"
    world.wait(hours=4)
    assert world.state() in ("offered", "stranded")
    assert world.inbox(to)[-1] == f"{code}: do not call any more. Please delete the number."


def test_a_report_ends_the_silence_and_an_undone_one_does_not(world: World) -> None:
    """A report on the second day gives two more days. An undone report does not count."""
    save_draft(world)
    claim(world)
    world.wait(hours=40)
    outcome(world)
    outcome(world, world.clock() + timedelta(hours=30), undone=world.clock())
    world.wait(hours=53)  # reported at two in the night: the two days count from eight
    assert recipients(world, "to_ngo.silent") == []
    world.wait(hours=2)
    assert recipients(world, "to_ngo.silent") == ["kg-coordinator-1"]


def test_a_report_after_the_reminder_keeps_the_claim(world: World) -> None:
    """And a new silence is reported again."""
    save_draft(world)
    claim(world)
    world.wait(hours=49)
    outcome(world)
    world.wait(hours=40)
    assert world.state() == "claimed"
    assert recipients(world, "to_ngo.silent") == ["kg-coordinator-1"]
    world.wait(hours=20)
    assert recipients(world, "to_ngo.silent") == ["kg-coordinator-1"] * 2


def test_in_danger_silence_is_half_an_hour(world: World) -> None:
    """So another service still has time within the caller's two hours."""
    save_draft(world, Draft(language="ru", consent="yes", window="now", risk="now"))
    claim(world)
    world.wait(minutes=31)
    assert recipients(world, "to_ngo.silent") == ["kg-coordinator-1"]
    world.wait(minutes=5)
    assert world.state() in ("offered", "stranded")


def test_a_clock_that_was_stopped_for_a_week_still_reminds_first(world: World) -> None:
    """No service loses a claim without a warning because our machine was off."""
    save_draft(world)
    claim(world)
    world.clock.at += timedelta(days=7)
    world.run()
    assert (world.state(), recipients(world, "to_ngo.silent")) == ("claimed", ["kg-coordinator-1"])
    world.wait(hours=4)
    assert world.state() != "claimed"


def test_a_service_that_reached_the_caller_is_not_silent(world: World) -> None:
    """The line is free for its next request, the code still stops, and nobody is reminded."""
    save_draft(world)
    to, code = claim(world)
    with world.db.write(world.clock()) as tx:
        (held,) = offers.live_of_request(tx, the_request(world).id)
        tx.execute(sa.update(request).values(state=State.REACHED.value))
        assert ending.free_line(tx, held)
        assert not phone_lines.is_taken(tx, held.line)
        assert not ending.free_line(tx, held), "once"
    world.wait(days=5)
    assert (world.state(), recipients(world, "to_ngo.silent")) == ("reached", [])
    with world.db.write(world.clock()) as tx:
        ending.stop(tx, the_request(world), State.PAUSED)
    world.run()
    assert world.inbox(to)[-1] == f"{code}: do not call any more. Please delete the number."


@pytest.mark.engines
def test_r49_a_flood_goes_to_the_end_of_the_queue_and_is_not_dropped(world: World) -> None:
    """One phone makes more requests in a day than it may. Others are attended first, and then these."""
    for at in range(5):
        save_draft(world, session=f"flood{at}")
        world.clock.at += timedelta(seconds=1)
    world.clock.at += timedelta(seconds=1)
    save_draft(world, session="other", caller=OTHER)
    save_draft(world, session="third", caller=THIRD)
    world.run()

    def states() -> list[str]:
        return [row.state for row in sorted(world.rows(request), key=lambda row: row.created)]

    assert states() == ["waiting"] * 5 + ["offered"] * 2
    world.wait(minutes=1)
    assert states() == ["waiting"] * 4 + ["offered"] * 3


def test_r49_in_danger_no_request_goes_to_the_end_of_the_queue(world: World) -> None:
    """However many requests that phone made before."""
    for at in range(4):
        save_draft(world, session=f"flood{at}")
        world.clock.at += timedelta(seconds=1)
    save_draft(world, Draft(language="ru", consent="yes", window="now", risk="now"), session="danger")
    save_draft(world, session="other", caller=OTHER)
    world.work.step()
    while not world.rows(offer):
        assert world.work.step()
    newest = next(row for row in world.rows(request) if row.risk == "now")
    world.run()
    assert next(row for row in world.rows(request) if row.id == newest.id).state == "offered"


def test_r49_a_flood_waits_half_an_hour_at_most(world: World) -> None:
    """Under endless load its turn still comes."""
    for at in range(4):
        save_draft(world, session=f"flood{at}")
        world.clock.at += timedelta(seconds=1)
    newest = max(world.rows(request), key=lambda row: row.created)

    def look() -> datetime | None:
        with world.db.write(world.clock()) as tx:
            outbox.wake(tx, "attend", "busy", world.clock())
            return attend.attend(world.work.ctx, tx, newest.id)

    assert look() == world.clock() + timedelta(minutes=1)
    world.clock.at = newest.created + timedelta(minutes=29, seconds=59)
    assert look() is not None
    assert world.rows(offer) == []
    world.clock.at += timedelta(seconds=1)
    assert look() is None
    assert [row.request for row in world.rows(offer)] == [newest.id]


@pytest.mark.parametrize("to", [State.PAUSED, State.FROZEN, State.CLOSED])
def test_r48_a_stop_holds_even_if_the_request_was_claimed_meanwhile(world: World, to: State) -> None:
    """The stop was read while the request was offered; in the same instant a service claims it."""
    save_draft(world)
    world.run()
    before = the_request(world)
    holder, code = claim(world)
    with world.db.write(world.clock()) as tx:
        assert ending.stop(tx, before, to)
        assert not ending.stop(tx, before, to), "once"
    world.run()
    assert (world.state(), [row.state for row in world.rows(offer)]) == (to.value, ["void"])
    assert world.inbox(holder)[-1] == f"{code}: do not call any more. Please delete the number."


@pytest.mark.parametrize("by", ["menu", "sms"])
def test_r48_a_stop_holds_even_if_the_clock_was_set_back(world: World, by: str) -> None:
    """The caller asked when the clock said ten. It is corrected, and at half past nine they say stop."""
    world.ask()
    world.run()
    world.clock.at -= timedelta(minutes=30)
    if by == "menu":
        world.dial().press(*STOPPED)
        world.run()
    else:
        world.text(CALLER, "STOP")
    assert world.state() == State.PAUSED


def test_r48_a_request_after_a_stop_is_called_even_if_the_clock_was_set_back(world: World) -> None:
    """A stop is about requests that existed when it arrived, whatever the clock says."""
    world.ask()
    world.run()
    world.clock.at -= timedelta(minutes=30)
    world.dial().press(*STOPPED)
    world.run()
    world.ask()
    world.run()
    assert sorted(row.state for row in world.rows(request)) == ["offered", "paused"]
