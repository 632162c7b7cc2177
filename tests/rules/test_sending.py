"""A service asked for a number, and may not have it any more when the text would be sent (R32, R35)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from helpline.core.ports import SendFailed
from helpline.directory import pending_phones, services
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.store import outbox, texts_out
from helpline.store.engine import Database, Tx
from helpline.store.schema import message, offer, request
from tests.steps.desk import DESK, says
from tests.world import CALLER, World


@pytest.fixture
def world(db: Database) -> World:
    """Every desk writes English and gets numbers by SMS."""
    made = World.on(db, silent_hours=400)
    made.contacts_are(accepts_numbers_by_sms=True, language="en")
    return made


def leave_directory(tx: Tx, who: Contact) -> None:
    """Remove the service from the directory without telling its phone."""
    service = services.service_by_id(tx, who.desk)
    assert service is not None
    services.write(tx, "KG", replace(service, status=services.GONE))


def invalidate(tx: Tx, who: Contact) -> None:
    """Make the row of the phone invalid."""
    pending_phones.dismiss(tx, "KG", who)


def allow_console_only(tx: Tx, who: Contact) -> None:
    """Set that the service sees numbers in the console only."""
    pending_phones.admit(tx, "KG", replace(who, accepts_numbers_by_sms=False))


CHANGES: Mapping[str, Callable[[Tx, Contact], None]] = {
    "left": leave_directory,
    "off": invalidate,
    "refuses": allow_console_only,
}


def changes(world: World, how: str) -> None:
    """Change the directory's row of the desk with the claim."""
    with world.db.write() as tx:
        who = contacts.get(tx, DESK)
        assert who is not None
        CHANGES[how](tx, who)


def claimed(world: World) -> tuple[str, str]:
    """Claim a request. Return the telephone and the code."""
    world.ask()
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    return to, code


@pytest.mark.engines
@pytest.mark.parametrize("how", CHANGES)
def test_r32_a_waiting_number_is_not_sent_to_a_service_that_lost_the_right(world: World, how: str) -> None:
    """The gateway was busy when the number was requested. The window stays unused, because nobody has called."""
    to, code = claimed(world)
    world.gateway.fails = [SendFailed("busy", retry=True)]
    world.text(to, f"NUMBER {code}")
    changes(world, how)
    world.wait(hours=1)
    assert CALLER not in " ".join(text for _, text in world.gateway.sent)
    assert [row.shown_in for row in world.rows(offer)] == [None]
    assert world.rows(request)[0].reveals == 0


def test_r32_a_number_that_may_have_been_sent_counts_as_sent(world: World) -> None:
    """The gateway's answer was lost: the caller's phone may be ringing."""
    to, code = claimed(world)
    world.gateway.fails = [SendFailed("timeout", retry=True, unknown=True)]
    world.text(to, f"NUMBER {code}")
    changes(world, "left")
    world.wait(hours=1)
    assert (world.rows(request)[0].reveals, world.rows(offer)[0].shown_in is None) == (1, False)


def test_r32_a_service_that_left_the_directory_gets_no_number(world: World) -> None:
    """It may still give its claims back and report calls."""
    to, code = claimed(world)
    changes(world, "left")
    assert says(world, f"NUMBER {code}", to) == [f"{code} is not open for you. Nothing was changed."]
    assert world.rows(request)[0].reveals == 0


def test_a_text_that_an_older_version_queued_and_that_has_no_words_any_more_is_dropped(world: World) -> None:
    """It would be tried again for ever."""
    claimed(world)
    before = len(world.gateway.sent)
    with world.db.write(world.clock()) as tx:
        id = texts_out.add(tx, "service", DESK, "to_ngo.of_long_ago", "")
        outbox.wake(tx, "send", id, tx.now)
    world.run()
    assert len(world.gateway.sent) == before
    assert [row.state for row in world.rows(message) if row.id == id] == ["void"]
