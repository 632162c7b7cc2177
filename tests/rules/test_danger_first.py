"""R1, R12, R49: somebody in danger waits for nobody, and a phone that cries often takes nothing from others."""

from datetime import timedelta

import pytest

from helpline.referral import pass_on
from helpline.request import offers
from helpline.request.offers import OfferState
from helpline.store.schema import offer
from menus.draft import Draft
from tests.rules.test_limits import DANGER, NAMED, name, states
from tests.steps.caller import save_draft
from tests.world import OTHER, World

EVENING = Draft(language="ru", consent="yes", window="evening")


@pytest.mark.engines
def test_r01_danger_does_not_wait_for_an_answer_about_another_request_of_its_phone(world: World) -> None:
    """A service may answer for hours. Its offer is taken back, and what it was about waits until danger is attended to.

    A claim in danger stays, however often the phone cries.
    """
    save_draft(world, session="before")
    world.run()
    assert states(world) == ["offered"]
    world.clock.at += timedelta(minutes=1)
    save_draft(world, DANGER, session="danger")
    world.run()
    assert states(world) == ["waiting", "offered"]
    to, code = world.offered()
    world.text(to, f"YES {code}")
    assert states(world) == ["waiting", "claimed"]
    world.clock.at += timedelta(minutes=1)
    save_draft(world, DANGER, session="again")
    world.run()
    assert states(world) == ["waiting", "claimed", "waiting"]


def test_r01_danger_comes_before_a_newer_request_of_its_phone(world: World) -> None:
    """Its first service does not answer. The next one is asked at once, although the caller has dialled again since."""
    save_draft(world, DANGER, session="danger")
    world.run()
    world.clock.at += timedelta(minutes=1)
    save_draft(world, session="newer")
    world.wait(minutes=5)
    assert states(world) == ["offered", "waiting"]
    assert [row.state for row in world.rows(offer)] == ["lapsed", "open"]


def test_r49_a_phone_that_cries_again_and_again_takes_back_no_offer_in_danger(world: World) -> None:
    """Otherwise no service would ever have the time to answer, and all digits that it was sent would be void."""
    for at in range(6):
        save_draft(world, DANGER, session=f"s{at}")
        world.wait(seconds=30)
    assert [row.state for row in world.rows(offer)] == ["open"]


def test_r49_a_naming_in_danger_takes_back_no_offer_of_the_owner(world: World) -> None:
    """Somebody else names a telephone whose owner has asked for a call. That takes nothing from the owner."""
    save_draft(world, session="own", caller=NAMED)
    world.run()
    world.clock.at += timedelta(minutes=1)
    name(world, "named", OTHER, DANGER)
    world.run()
    assert states(world) == ["offered", "waiting"]


@pytest.mark.engines
def test_r01_danger_does_not_wait_for_a_claim_of_another_request_of_its_phone(world: World) -> None:
    """A service promised to call in the evening. Now it is told not to, and is asked first about the danger."""
    save_draft(world, EVENING, session="before")
    to, code = claim_open(world)
    world.clock.at += timedelta(minutes=1)
    save_draft(world, DANGER, session="danger")
    world.run()
    assert states(world) == ["waiting", "offered"]
    assert f"{code}: do not call now, danger comes first. Please delete the number." in world.inbox(to)
    first, urgent = world.offered()
    assert (first, urgent != code) == (to, True)
    world.text(to, f"YES {urgent}")
    assert states(world) == ["waiting", "claimed"]


def test_r01_danger_goes_on_to_others_if_the_holder_of_another_request_is_silent(world: World) -> None:
    save_draft(world, EVENING, session="before")
    to, _ = claim_open(world)
    world.clock.at += timedelta(minutes=1)
    save_draft(world, DANGER, session="danger")
    world.wait(minutes=5)
    assert states(world) == ["waiting", "offered"]
    assert world.offered()[0] != to


def test_r27_what_made_way_for_danger_is_offered_again_when_the_danger_was_attended_to(world: World) -> None:
    """Its promise is kept as far as that is still possible, and no second service calls before."""
    save_draft(world, EVENING, session="before")
    claim_open(world)
    world.clock.at += timedelta(minutes=1)
    save_draft(world, DANGER, session="danger")
    world.run()
    to, urgent = claim_open(world)
    world.text(to, f"NUMBER {urgent}")
    world.text(to, f"REACHED {urgent}")
    world.run()
    assert states(world) == ["offered", "reached"]


def test_r49_a_phone_that_cries_again_and_again_ends_no_claim_in_danger(world: World) -> None:
    save_draft(world, DANGER, session="danger")
    claim_open(world)
    for at in range(4):
        save_draft(world, DANGER, session=f"s{at}")
        world.wait(seconds=30)
    assert [row.state for row in world.rows(offer)] == ["claimed"]


def test_r49_a_naming_in_danger_ends_no_claim_of_the_owner(world: World) -> None:
    """Somebody else names a telephone whose owner is promised a call."""
    save_draft(world, EVENING, session="own", caller=NAMED)
    claim_open(world)
    world.clock.at += timedelta(minutes=1)
    name(world, "named", OTHER, DANGER)
    world.run()
    assert states(world) == ["claimed", "waiting"]


def claim_open(world: World) -> tuple[str, str]:
    """Claim the open offer, whatever else is on the line. Return the telephone and the code."""
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    return to, code


def test_r01_a_claimed_request_that_turns_to_danger_alarms_a_coordinator_and_is_chased_in_minutes(world: World) -> None:
    """The service claimed while the caller went on. For an ordinary call it has a day, and half an hour now."""
    save_draft(world, EVENING, session="same")
    to, code = claim_open(world)
    coordinator = world.phone("kg-coordinator-1")
    assert not world.inbox(coordinator)
    save_draft(world, DANGER, session="same", keys=9)
    world.run()
    assert [text.split(":")[0].lower() for text in world.inbox(coordinator)] == ["опасно"]
    world.wait(minutes=31)
    assert any(text.startswith(f"{code}: no report yet") for text in world.inbox(to))


def test_r01_a_call_before_the_danger_does_not_keep_the_number_back(world: World) -> None:
    """The service rang in vain at eleven, in the morning window. At half past the caller is in danger (R11)."""
    world.set_local(11)
    save_draft(world, Draft(language="ru", consent="yes", window="morning"), session="before")
    to, code = claim_open(world)
    world.text(to, f"NUMBER {code}")
    world.wait(minutes=30)
    save_draft(world, DANGER, session="danger")
    to, urgent = claim_open(world)
    world.text(to, f"NUMBER {urgent}")
    assert any(text.startswith(f"{urgent}: +") for text in world.inbox(to))


def test_r01_a_coordinator_hears_at_once_that_somebody_in_danger_did_not_answer(world: World) -> None:
    """No other call may follow within what the caller agreed to (R11), and the service is told what comes then."""
    save_draft(world, DANGER, session="danger")
    to, code = claim_open(world)
    world.text(to, f"NUMBER {code}")
    world.text(to, f"{code} 2")
    assert world.inbox(to)[-1] == f"{code}: noted. No more calls now. We tell a coordinator."
    told = world.inbox(world.phone("kg-coordinator-1"))[-1]
    assert "не ответил" in told
    assert code in told


def test_r11_a_service_hears_that_a_call_was_the_last(world: World) -> None:
    """Two hours were agreed to, and nobody answered in them. That is noted, which the text must say."""
    save_draft(world, Draft(language="ru", consent="yes", window="now"), session="two hours")
    to, code = claim_open(world)
    world.text(to, f"NUMBER {code}")
    world.text(to, f"{code} 2")
    assert world.inbox(to)[-1] == f"{code}: noted. No more calls for now."
    world.wait(days=4)
    assert not [text for text in world.inbox(to) if "no report yet" in text]
    assert world.inbox(to)[-1] == f"{code}: do not call any more. Please delete the number."
    assert states(world) == ["stranded"]


@pytest.mark.parametrize("orders", [["NUMBER"], ["NUMBER", "BUSY", "UNDO"]])
def test_r11_a_service_that_did_not_report_its_last_call_is_reminded(world: World, orders: list[str]) -> None:
    """It may have reached the caller. So it is asked before its claim ends, although no time is left for a call."""
    save_draft(world, Draft(language="ru", consent="yes", window="now"), session="two hours")
    to, code = claim_open(world)
    for order in orders:
        world.text(to, f"{order} {code}")
    world.wait(days=4)
    assert [text for text in world.inbox(to) if "no report yet" in text]
    assert states(world) == ["stranded"]


def test_r01_a_claim_that_changed_meanwhile_makes_no_way(world: World) -> None:
    """Its service reached the caller at the same instant: nothing ends, and nobody is told to delete the number."""
    save_draft(world, Draft(language="ru", consent="yes", window="now"), session="before")
    to, code = claim_open(world)
    world.text(to, f"NUMBER {code}")
    with world.db.read() as tx:
        (row,) = world.rows(offer)
        as_read = offers.get(tx, str(row.id))
    assert as_read
    world.text(to, f"REACHED {code}")
    with world.db.write() as tx:
        assert pass_on.pass_on(world.work.ctx, tx, as_read, OfferState.VOID) is False
    assert states(world) == ["reached"]
