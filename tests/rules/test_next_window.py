"""A text that names the next window names one in which the number may really be shown (R11, R39)."""

import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from helpline.store.engine import Database
from helpline.store.schema import request
from tests.world import CALLER, STOPPED, World


@pytest.fixture
def world(db: Database) -> World:
    """A service where every desk writes English and gets numbers, and silence is not reported."""
    world = World.on(db, silent_hours=400)
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    return world


def claim(world: World) -> tuple[str, str]:
    """Claim the newest offer. Return the telephone and the code."""
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    return to, code


def asks(world: World, to: str, code: str) -> str:
    """Ask for the number. Return the answer."""
    world.text(to, f"NUMBER {code}")
    return world.inbox(to)[-1]


def named(world: World, text: str) -> tuple[datetime, datetime]:
    """Return the window that a text names."""
    found = re.search(r"(\d\d)\.(\d\d) (\d\d):(\d\d)-(\d\d):(\d\d)", text)
    assert found, text
    day, month, *times = map(int, found.groups())
    start = datetime(world.clock().year, month, day, times[0], times[1], tzinfo=world.zone)
    return start, start.replace(hour=times[2], minute=times[3])


def holds(world: World, text: str, to: str, code: str) -> None:
    """Check that the number is refused until the window that a text names, and leaves in it."""
    start, _ = named(world, text)
    assert start > world.clock()
    world.wait(start - world.clock() - timedelta(minutes=1))
    assert CALLER not in asks(world, to, code)
    world.wait(minutes=1)
    assert CALLER in asks(world, to, code)


@pytest.mark.parametrize("window", ["1", "2"])
def test_r11_a_second_desk_in_a_used_window_is_told_the_next_one(world: World, window: str) -> None:
    """One desk has the number and gives the request back. The other is not sent to the window that is open now."""
    world.ask(window=window)
    to, code = claim(world)
    assert CALLER in asks(world, to, code)
    world.text(to, f"NO NO {code}")
    second, its = claim(world)
    assert second != to
    told = asks(world, second, its)
    assert told.startswith(f"{its}: the number was already sent. Next, 25.11 ")
    holds(world, told, second, its)


def test_r11_a_second_request_of_a_used_line_is_told_the_next_window(world: World) -> None:
    """The telephone was called for another request, which the caller has stopped since."""
    world.ask()
    to, code = claim(world)
    assert CALLER in asks(world, to, code)
    world.dial().press(*STOPPED)
    world.run()
    world.wait(minutes=1)
    world.ask()
    second, its = claim(world)
    told = asks(world, second, its)
    assert "25.11" in told
    holds(world, told, second, its)


@pytest.mark.parametrize(("hour", "answer"), [(11, "not now"), (12, "was already sent")])
def test_r11_a_window_that_another_one_overlaps_is_not_named(world: World, hour: int, answer: str) -> None:
    """Called at eleven in the window of the whole day. The afternoon of a second request is used with it."""
    world.set_local(11)
    world.ask()
    to, code = claim(world)
    assert CALLER in asks(world, to, code)
    world.ask(window="3")
    world.run()
    world.text(to, f"BADNUMBER {code}")
    second, its = claim(world)
    if hour != 11:
        world.set_local(hour, 30)
    told = asks(world, second, its)
    assert answer in told
    holds(world, told, second, its)


def test_r11_the_rest_of_a_window_is_named_from_its_first_free_minute(world: World) -> None:
    """A call in the two hours of danger, from 11:40 on, leaves the afternoon from 13:40 on."""
    world.set_local(11, 40)
    call = world.dial().press("2", "1", "2").agree()
    call.press("1").press("0")
    to, code = claim(world)
    assert CALLER in asks(world, to, code)
    world.ask(window="3")
    world.run()
    world.text(to, f"BADNUMBER {code}")
    second, its = claim(world)
    world.set_local(12, 10)
    told = asks(world, second, its)
    assert "24.11 13:40-17:00" in told
    holds(world, told, second, its)


def test_r11_after_a_call_in_vain_the_next_free_window_is_named(world: World) -> None:
    """The text that notes the call agrees with what NUMBER then answers."""
    world.ask()
    to, code = claim(world)
    assert CALLER in asks(world, to, code)
    world.text(to, f"BUSY {code}")
    holds(world, world.inbox(to)[-1], to, code)


def test_r11_after_the_last_call_no_window_is_named(world: World) -> None:
    """The number was shown three times. A call in vain is noted, and the service hears that it was the last."""
    world.ask()
    to, code = claim(world)
    for _ in range(3):
        assert CALLER in asks(world, to, code)
        world.set_local(9)
    assert "too many numbers" in asks(world, to, code)
    world.text(to, f"BUSY {code}")
    assert "noted. No more calls" in world.inbox(to)[-1]


def test_r11_the_card_of_a_second_desk_names_a_window_in_which_the_number_comes(world: World) -> None:
    """The first desk has used today's window. The second reads tomorrow's on its card, and LIST says the same."""
    world.ask()
    to, code = claim(world)
    assert CALLER in asks(world, to, code)
    world.text(to, f"NO NO {code}")
    second, its = claim(world)
    card = world.inbox(second)[-1]
    assert card.startswith(f"{its} is yours. 25.11")
    world.text(second, "LIST")
    assert f"{its} call 25.11" in world.inbox(second)[-1]
    holds(world, card, second, its)


def test_r11_who_has_the_number_reads_the_window_that_is_open(world: World) -> None:
    """They should call now. After the call they read when they can ask for the number again."""
    world.ask()
    to, code = claim(world)
    assert CALLER in asks(world, to, code)
    world.text(to, "LIST")
    assert f"{code} call 24.11" in world.inbox(to)[-1]
    world.text(to, f"BUSY {code}")
    world.text(to, "LIST")
    assert f"{code} call 25.11" in world.inbox(to)[-1]


def test_r39_what_was_promised_is_not_named_once_it_is_over(world: World) -> None:
    """The caller may still be called this evening. A card with the hours of this morning would say: too late."""
    world.set_local(19)
    world.ask()
    over = {"promised_from": world.clock() - timedelta(hours=9), "promised_to": world.clock() - timedelta(hours=1)}
    with world.db.write(world.clock()) as tx:
        tx.execute(sa.update(request).values(**over))
    to, code = claim(world)
    assert named(world, world.inbox(to)[-1])[1] > world.clock()
    assert CALLER in asks(world, to, code)
    world.text(to, "LIST")
    assert named(world, world.inbox(to)[-1])[1] > world.clock()
