"""A caller in danger asks by SMS to be called within two hours. Nobody can, so the later time that they chose counts.

An SMS gives no code. Without a later time nobody could call any more, although the caller waits (R3).
"""

from datetime import timedelta

import pytest

from helpline.core.call_windows import LAST_MINUTES
from helpline.directory import replace_directory
from helpline.directory.sample import sample
from helpline.store.engine import Database
from helpline.store.schema import message, offer, request
from tests.rules.test_sms_flows import texts
from tests.steps.caller import the_request
from tests.story import ABROAD
from tests.world import CALLER, World


@pytest.fixture
def alone(db: Database) -> World:
    """A directory of one service that may help anybody, and coordinators who get numbers by SMS."""
    world = World.on(db)
    services, people = sample("KG", "Asia/Bishkek", world.clock().date())
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", [each for each in services if each.id == "kg-country"], people)
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    return world


def declined(world: World) -> None:
    """Decline as the only service, so that the request strands."""
    world.run()
    to, code = world.offered()
    world.text(to, f"NO {code}")
    world.run()
    assert world.state() == "stranded"


def shown_to_coordinator(world: World) -> bool:
    """Take the request as the coordinator who was called, and ask for the number. Return whether it came."""
    row = next(each for each in world.rows(offer) if "coordinator" in each.service)
    to, code = world.phone(row.service), world.work.ctx.offer_code(row.id, row.draws)
    if row.state == "called":
        world.text(to, f"TAKE {code}")
    world.text(to, f"NUMBER {code}")
    return CALLER in world.inbox(to)[-1]


@pytest.mark.parametrize(("answer", "window"), [("1", "any"), ("2", "morning"), ("3", "day"), ("4", "evening")])
def test_a_later_time_is_asked_for_after_within_two_hours(world: World, answer: str, window: str) -> None:
    """The request is stored and offered before. What is asked after it is asked as before."""
    kept = texts(world, "SOS", "1", "1")
    assert (the_request(world).window, world.state()) == ("now", "offered")
    asked = texts(world, "1")
    assert asked == world.public.ctx.book.pages[the_request(world).language]["sms.later"][0].text != kept
    texts(world, answer)
    assert (the_request(world).window, world.state()) == (f"now_{window}", "offered")
    assert world.rows(message)[-1].notice == "to_caller.where"


def test_r03_from_abroad_the_hour_is_asked_before_the_later_time(world: World) -> None:
    """Otherwise nobody could call later."""
    texts(world, "SOS", "1", "1", "1", "22", "2", sender=ABROAD)
    assert [(row.window, row.hour) for row in world.rows(request)] == [("now_morning", "22")]
    assert the_request(world).zone


@pytest.mark.parametrize("answers", [(), ("0",), ("1", "0")])
def test_r03_without_a_later_time_nobody_may_call_after_the_two_hours(alone: World, answers: tuple[str, ...]) -> None:
    """The caller has agreed to no other time."""
    texts(alone, "SOS", "1", "1", *answers)
    declined(alone)
    alone.wait(hours=2)
    assert not shown_to_coordinator(alone)


def test_r03_the_number_of_a_stranded_request_is_shown_in_the_later_window_only(alone: World) -> None:
    """A coordinator cannot see it after the two hours, but can the next morning."""
    texts(alone, "SOS", "1", "1", "1", "2")
    declined(alone)
    alone.set_local(22)
    assert not shown_to_coordinator(alone)
    alone.set_local(8, 5)
    assert shown_to_coordinator(alone)


def test_services_that_were_closed_are_asked_when_the_two_hours_are_over(world: World) -> None:
    """Not before: they could not call within the two hours. Nobody waits for the next round of calls."""
    world.set_local(23)
    texts(world, "SOS", "1", "1", "1", "2")
    began = the_request(world).created
    world.wait(minutes=100)
    asked_first = {row.service for row in world.rows(offer) if row.state != "called"}
    assert world.state() == "stranded"
    world.wait(began + timedelta(hours=2) - LAST_MINUTES - world.clock())
    asked = {row.service for row in world.rows(offer) if row.state != "called"}
    assert asked > asked_first
    assert world.state() == "offered"


def test_r39_a_service_reads_the_window_that_counts_now(alone: World) -> None:
    """NOW within the two hours, and the later window after them."""
    texts(alone, "SOS", "1", "1", "1", "2")
    alone.run()
    wording, about = alone.work.outgoing.wording, the_request(alone)
    assert wording.about(about, "en", alone.clock())["window"] == "NOW"
    later = about.created + timedelta(hours=2)
    assert wording.about(about, "en", later)["window"] == "morning, URGENT"
