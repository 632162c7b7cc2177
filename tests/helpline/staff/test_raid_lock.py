"""The raid lock by SMS: one word locks. The digits sent to two phones unlock, and nothing else does."""

import re

import pytest

from helpline.directory import replace_directory, services
from helpline.staff import contacts, locks, raid_lock
from helpline.staff.desk_codes import MOST_WRONG
from helpline.staff.raid_lock import Way
from helpline.store.engine import Database
from tests.steps.desk import DESK, only, says
from tests.world import CALLER, World

FIRST, SECOND = "kg-coordinator-1", "kg-coordinator-2"


@pytest.fixture
def world(db: Database) -> World:
    made = World.on(db)
    only(made, DESK)
    return made


def locked(world: World) -> bool:
    with world.db.read() as tx:
        return locks.is_raid_on(tx)


def digits(world: World, who: str) -> str:
    """Return the digits that were last sent to a coordinator's phone."""
    texts = [text for text in world.inbox(world.phone(who)) if "UNLOCK" in text]
    return str(re.findall(r"[0-9]{5}", texts[-1])[-1])


def write(world: World, who: str, text: str) -> list[str]:
    return says(world, text, world.phone(who))


def test_r32_lock_by_sms_stops_numbers_at_once_and_every_coordinator_is_told(world: World) -> None:
    world.ask()
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    replies = write(world, FIRST, "lock, they are at the door")
    (told,) = {*replies, *world.inbox(world.phone(FIRST))}
    assert told.endswith(f"Sooner, two of you: UNLOCK {digits(world, FIRST)}")
    assert len(world.inbox(world.phone(SECOND))) == 1
    assert CALLER not in "".join(says(world, f"NUMBER {code}", to))
    assert locked(world)


@pytest.mark.parametrize("word", ["LOCK", "замок", "құлып", "кулпу", "қулф", "qulfla", "қулфла", "gulpla", "Lock!!"])
def test_lock_is_recognised_in_every_language(world: World, word: str) -> None:
    write(world, FIRST, word)
    assert locked(world)


def test_a_service_cannot_lock_and_gets_help(world: World) -> None:
    for text in ("LOCK", "UNLOCK 12345"):
        assert says(world, text) == [
            "Send the five digits of a request: you get its menu. All requests: LIST. All words: HELP"
        ]
    assert not locked(world)


@pytest.mark.engines
def test_r32_unlocking_needs_two_telephones_with_their_own_digits(world: World) -> None:
    """Each phone has its own digits, and writing twice does not count as two people."""
    write(world, FIRST, "LOCK")
    first, second = digits(world, FIRST), digits(world, SECOND)
    assert first != second
    assert write(world, FIRST, f"UNLOCK {second}") == [f"{second} is not open for you. Nothing was changed."]
    for _ in range(2):
        assert write(world, FIRST, f"UNLOCK {first}") == [
            f"{first}: noted. A second coordinator must write UNLOCK too."
        ]
    assert locked(world)
    assert write(world, SECOND, f"UNLOCK {second}") == ["Unlocked: you can ask for numbers again."]
    assert world.inbox(world.phone(FIRST))[-1] == "Unlocked: you can ask for numbers again."
    assert not locked(world)


def test_r32_the_digits_of_an_earlier_lock_do_not_open_a_later_one(world: World) -> None:
    write(world, FIRST, "LOCK")
    old = {who: digits(world, who) for who in (FIRST, SECOND)}
    for who in (FIRST, SECOND):
        write(world, who, f"UNLOCK {old[who]}")
    world.wait(minutes=1)
    write(world, SECOND, "LOCK")
    for who in (FIRST, SECOND):
        write(world, who, f"UNLOCK {old[who]}")
    assert locked(world)


def test_r49_five_wrong_guesses_redraw_the_digits(world: World) -> None:
    """Nobody can keep a coordinator from unlocking by guessing under their number. They get new digits at once."""
    write(world, FIRST, "LOCK")
    right = digits(world, FIRST)
    for each in [each for each in ("11111", "22222", "33333", "44444", "55555", "66666") if each != right][:MOST_WRONG]:
        write(world, FIRST, f"UNLOCK {each}")
    fresh = digits(world, FIRST)
    assert fresh != right
    assert write(world, FIRST, f"UNLOCK {right}") == [f"{right} is not open for you. Nothing was changed."]
    assert write(world, FIRST, f"UNLOCK {fresh}")[0].startswith(f"{fresh}: noted.")


def test_r32_a_telephone_and_an_account_do_not_count_as_two_people(world: World) -> None:
    """Phone, account and name at the command line may belong to one person, so both must use the same channel."""
    write(world, FIRST, "LOCK")
    write(world, FIRST, f"UNLOCK {digits(world, FIRST)}")
    with world.db.write(world.clock()) as tx:
        assert not raid_lock.unlock(tx, "aida", world.work.ctx.audit_key, Way.SHELL)
    assert locked(world)


def test_a_lost_text_is_sent_again_on_request(world: World) -> None:
    """By UNLOCK alone, by LOCK again, or by the digits alone."""
    write(world, FIRST, "LOCK")
    for text in ("UNLOCK", "LOCK", digits(world, FIRST)):
        (reply,) = write(world, FIRST, text)
        assert reply.endswith(f"UNLOCK {digits(world, FIRST)}")


def test_unlock_changes_nothing_if_nothing_is_locked(world: World) -> None:
    assert write(world, FIRST, "UNLOCK 12345") == ["Unlocked: you can ask for numbers again."]


def test_a_coordinator_who_left_the_directory_does_not_count(world: World) -> None:
    write(world, FIRST, "LOCK")
    write(world, FIRST, f"UNLOCK {digits(world, FIRST)}")
    with world.db.write() as tx:
        key, now = world.work.ctx.audit_key, world.clock()
        listed = services.services(tx, "KG")
        replace_directory.replace_all(
            tx, "KG", listed, [each for each in contacts.of_kind(tx, "coordinator", "KG") if each.id != FIRST]
        )
        assert not raid_lock.unlock(tx.at(now), SECOND, key, Way.TEXT)


@pytest.mark.engines
def test_threat_a_forged_lock_ends_after_an_hour(world: World) -> None:
    """The word alone locks, since somebody may be at the door. A forged sender must not stop every number for good.

    Saying it again neither prolongs the hour nor takes back that somebody has agreed to unlock.
    """
    before = world.clock.at
    (reply,) = write(world, FIRST, "LOCK")
    until = (before + raid_lock.UNCONFIRMED).astimezone(world.zone)
    code = digits(world, FIRST)
    assert reply == (
        f"Locked until {until:%H:%M}: no number is sent or shown. Longer: LOCK {code}. Sooner, two of you: UNLOCK {code}"
    )
    world.wait(minutes=30)
    write(world, FIRST, f"UNLOCK {code}")
    assert write(world, FIRST, "LOCK") == [reply]
    assert write(world, SECOND, f"UNLOCK {digits(world, SECOND)}") == ["Unlocked: you can ask for numbers again."]
    write(world, FIRST, "LOCK")
    world.wait(minutes=59)
    assert locked(world)
    write(world, SECOND, "LOCK")
    world.wait(minutes=2)
    assert not locked(world)
    for who in (FIRST, SECOND):
        assert world.inbox(world.phone(who))[-1] == "Unlocked: you can ask for numbers again."


def test_r32_a_lock_with_its_digits_stays(world: World) -> None:
    """The digits prove that it was no forged sender. Wrong ones lock no longer than none."""
    write(world, FIRST, "LOCK")
    code = digits(world, FIRST)
    wrong = f"{(int(code) + 1) % 100_000:05}"
    assert "Locked until" in write(world, FIRST, f"LOCK {wrong}")[0]
    said = f"Locked: no number is sent or shown. To unlock, two of you: UNLOCK {code}"
    assert write(world, FIRST, f"LOCK {code}") == [said]
    assert world.inbox(world.phone(SECOND))[-1].startswith("Locked: no number is sent or shown.")
    world.wait(days=2)
    assert locked(world)


def test_a_lock_at_the_machine_or_the_console_confirms_one_by_sms(world: World) -> None:
    write(world, FIRST, "LOCK")
    with world.db.write(world.clock()) as tx:
        raid_lock.lock(tx, "aida", world.work.ctx.audit_key, "KG")
    write(world, FIRST, "LOCK")
    world.wait(days=1)
    assert locked(world)


def test_r32_a_clock_that_may_be_wrong_ends_no_lock(world: World) -> None:
    """A number that has left cannot be taken back."""
    write(world, FIRST, "LOCK")
    world.clock.sure = False
    world.wait(hours=3)
    assert locked(world)
    world.clock.sure = True
    world.wait(hours=1)
    assert not locked(world)
