"""What the raid lock stops, and who can end it."""

from datetime import timedelta

import pytest

from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.staff import locks, raid_lock
from helpline.store import audit_log
from helpline.store.schema import request
from tests.world import CALLER, World

pytestmark = pytest.mark.engines


def lock(world: World, by: str = "Aida") -> bool:
    with world.db.write(world.clock()) as tx:
        return raid_lock.lock(tx, by, world.work.ctx.audit_key)


def unlock(world: World, by: str) -> bool:
    with world.db.write(world.clock()) as tx:
        return raid_lock.unlock(tx, by, world.work.ctx.audit_key)


def shown(world: World, phone: str) -> list[str]:
    """Return the texts to a service that contain the caller's number."""
    return [text for text in world.inbox(phone) if CALLER in text]


def test_r32_no_number_leaves_during_the_raid_lock(world: World) -> None:
    """The service gets a neutral reply and may ask again afterwards. Offers and claims continue."""
    lock(world)
    to, code = world.claimed()
    world.text(to, f"НОМЕР {code}")
    assert world.inbox(to)[-1] == f"{code}: no number can be sent now. Please wait."
    assert shown(world, to) == []
    unlock(world, "Aida")
    unlock(world, "Bek")
    world.text(to, f"НОМЕР {code}")
    assert len(shown(world, to)) == 1


def test_r32_a_number_requested_before_the_lock_does_not_leave_after_it(world: World) -> None:
    """The text is stored and waits. The lock is obeyed first, and the one reveal is not used up."""
    to, code = world.claimed()
    world.public.sms("at", _sms(to, f"НОМЕР {code}"))
    assert world.work.step()  # the order is read, and its reply stored
    lock(world)
    world.run()
    assert shown(world, to) == []
    assert world.inbox(to)[-1] == f"{code}: no number can be sent now. Please wait."
    assert [row.reveals for row in world.rows(request)] == [0]
    unlock(world, "Aida")
    unlock(world, "Bek")
    world.text(to, f"НОМЕР {code}")
    assert len(shown(world, to)) == 1


def _sms(sender: str, text: str) -> IncomingSms:
    return IncomingSms("held", msisdn(sender), Hidden(text))


def test_two_different_people_within_a_day_end_the_lock(world: World) -> None:
    assert lock(world)
    assert not lock(world, "Bek")
    assert not unlock(world, "Aida")
    assert not unlock(world, "  AIDA ")  # the same person in another spelling
    world.clock.at += timedelta(hours=24)
    assert not unlock(world, "Bek")  # the first approval has expired
    assert unlock(world, "Aida")
    with world.db.read() as tx:
        assert not locks.is_raid_on(tx)
        done = [(row.actor, row.action) for row in audit_log.search(tx, ref=locks.RAID)]
    assert done[:3] == [("aida", "lock"), ("bek", "lock"), ("aida", "agree_unlock")]
    assert done[-2:] == [("aida", "agree_unlock"), ("aida", "unlock")]


def test_after_locking_again_both_people_must_approve_again(world: World) -> None:
    lock(world)
    unlock(world, "Aida")
    lock(world, "Bek")
    assert not unlock(world, "Bek")


@pytest.mark.parametrize("name", ["", "  ", "x" * 41])
def test_an_empty_name_is_not_a_person(name: str) -> None:
    with pytest.raises(ValueError, match="1 to 40"):
        raid_lock.person(name)
