"""The two hours of *now* in which a caller was called in vain: nobody is asked for a call that cannot come (R11)."""

from dataclasses import replace

import pytest

from helpline.caller import my_request, receive
from helpline.core.call_windows import NOW
from helpline.store.engine import Database
from helpline.store.schema import message
from tests.steps.caller import AGREED, claim, code_of, save_draft
from tests.steps.desk import shown, states
from tests.world import CALLER, World

pytestmark = pytest.mark.engines


@pytest.fixture
def world(db: Database) -> World:
    """A service where every desk writes English and gets numbers, at ten in the morning."""
    world = World.on(db)
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    world.set_local(10)
    return world


def called_in_vain(world: World, window: str) -> tuple[str, str]:
    """Somebody in danger asks, and does not answer the first call. Return the telephone of the service and its code."""
    save_draft(world, replace(AGREED, window=window, risk=NOW))
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    world.wait(minutes=1)
    world.text(to, f"NUMBER {code}")
    assert CALLER in world.inbox(to)[-1]
    world.text(to, f"BUSY {code}")
    return to, code


def told(world: World) -> str:
    """Return what the caller reads under *my request*."""
    return my_request.status(world.public.ctx, *code_of(world))


def test_r39_after_the_last_call_my_request_promises_no_other_one(world: World) -> None:
    """*A helper will call at your time* is true until the number is shown. Then that call comes or has come."""
    save_draft(world, replace(AGREED, window=NOW, risk=NOW))
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    assert told(world) == "claimed"
    world.text(to, f"NUMBER {code}")
    assert told(world) == "last_call"
    world.text(to, f"BUSY {code}")
    assert told(world) == "last_call"
    assert my_request.change_window(world.public.ctx, *code_of(world), "any", "") == "hour"
    assert told(world) == "claimed"


@pytest.mark.parametrize("window", ["any", "now_any"])
def test_r39_while_other_hours_are_left_my_request_promises_a_call(world: World, window: str) -> None:
    called_in_vain(world, window)
    assert told(world) == "claimed"


def test_r11_nobody_is_asked_for_two_hours_that_are_used(world: World) -> None:
    """A second service would accept, in danger, and get no number. Coordinators are called until there is another time."""
    to, code = called_in_vain(world, NOW)
    world.text(to, f"NO NO {code}")
    world.run()
    assert states(world) == [("stranded", None)]
    assert told(world) == "last_call"
    my_request.change_window(world.public.ctx, *code_of(world), "any", "")
    world.run()
    assert states(world) == [("offered", None)]


def test_r11_a_second_service_is_asked_for_the_later_hours(world: World) -> None:
    """The caller chose *now*, and else any time: *NOW* would send the service to two hours that are used."""
    to, code = called_in_vain(world, "now_any")
    assert any(" NOW" in text for text in world.inbox(to))
    world.text(to, f"NO NO {code}")
    world.run()
    second, its = world.offered()
    assert its != code
    offered = next(text for text in reversed(world.inbox(second)) if its in text)
    assert "NOW" not in offered
    assert "danger" in offered.lower()
    world.text(second, f"YES {its}")
    world.text(second, f"NUMBER {its}")
    assert CALLER not in world.inbox(second)[-1]


def test_r11_a_claim_for_later_hours_is_not_silent_before_them(world: World) -> None:
    """The card says *from noon*. To take the claim back before would leave somebody in danger without a helper."""
    to, code = called_in_vain(world, "now_any")
    world.text(to, f"NO NO {code}")
    world.wait(minutes=1)
    second, its = world.offered()
    world.text(second, f"YES {its}")
    world.set_local(12, 25)
    assert (states(world), "no report" in world.inbox(second)[-1]) == ([("claimed", None)], False)
    world.set_local(12, 31)
    assert "no report" in world.inbox(second)[-1]


def test_r11_a_call_in_vain_leaves_the_claim_for_the_next_day(world: World) -> None:
    """In danger too: the service has reported its call, and may call again only tomorrow at eight."""
    to, _ = called_in_vain(world, "any")
    world.wait(hours=22)
    assert (states(world), "no report" in world.inbox(to)[-1]) == ([("claimed", None)], False)
    world.set_local(8, 32)
    assert "no report" in world.inbox(to)[-1]


@pytest.mark.parametrize(("window", "said"), [("any", "last_call"), ("evening", "hour")])
def test_r39_who_chooses_hours_that_are_used_reads_that_no_call_is_left(world: World, window: str, said: str) -> None:
    """They may be called today only, were called in vain, and choose other hours of today."""
    save_draft(world, replace(AGREED, days="today"))
    to, code = claim(world)
    world.wait(minutes=1)
    world.text(to, f"NUMBER {code}")
    world.text(to, f"BUSY {code}")
    for _ in range(2):  # the gateway may send the last hop twice
        assert my_request.change_window(world.public.ctx, *code_of(world), window, "") == said
    assert told(world) == ("claimed" if said == "hour" else said)


def test_r39_who_chooses_hours_that_are_over_reads_so(world: World) -> None:
    save_draft(world, replace(AGREED, days="today"))
    world.set_local(15)
    assert my_request.change_window(world.public.ctx, *code_of(world), "morning", "") == "hours_over"


def test_r11_a_number_that_did_not_arrive_wakes_the_stranded_request(world: World) -> None:
    """The service gave it back, as it got no number. The two hours are free again, and there are not many of them."""
    save_draft(world, replace(AGREED, window=NOW, risk=NOW))
    to, code = claim(world)
    world.wait(minutes=1)
    world.text(to, f"NUMBER {code}")
    sent = next(str(row.gateway_id) for row in world.rows(message) if row.notice == "to_ngo.number")
    world.text(to, f"NO NO {code}")
    world.run()
    assert states(world) == [("stranded", None)]
    receive.receipt(world.public.ctx, sent, "failed")
    world.run()
    assert states(world) == [("offered", None)]


def test_r39_who_was_reached_and_asks_again_for_today_is_called_today(world: World) -> None:
    """The END screen promises it. The window in which they were reached is open still, and counts for nobody."""
    code = shown(world)
    world.text(world.offered()[0], f"REACHED {code}")
    save_draft(world, replace(AGREED, window="evening", days="today"), session="again")
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    world.set_local(18)
    world.text(to, f"NUMBER {code}")
    assert CALLER in world.inbox(to)[-1]
