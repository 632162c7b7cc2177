"""Who may see what is kept, and who can tell that they did: raid lock, audit log, register of harm."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from helpline.caller import my_request
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.referral import harms
from helpline.staff import audit_report, raid_lock
from helpline.store import audit_log
from helpline.store.engine import connect
from helpline.store.outbox import ensure
from helpline.store.schema import audit as audit_table
from helpline.store.schema import request
from tests.conftest import Databases
from tests.steps.caller import code_of, keep, told
from tests.world import CALLER, World

PAGE = Path(__file__).parents[3] / "docs" / "operations.md"


def key(world: World) -> bytes:
    return world.work.ctx.audit_key


def lock(world: World, by: str = "Aida") -> bool:
    with world.db.write(world.clock()) as tx:
        return raid_lock.lock(tx, by, key(world))


def unlock(world: World, by: str) -> bool:
    with world.db.write(world.clock()) as tx:
        return raid_lock.unlock(tx, by, key(world))


def shown(world: World, phone: str) -> list[str]:
    """Return the texts to a service that hold the caller's number."""
    return [text for text in world.inbox(phone) if CALLER in text]


def test_r32_while_the_raid_lock_is_on_no_number_leaves(world: World) -> None:
    """Asked for then, it is told neutrally, and may ask again afterwards; offers and claims go on."""
    lock(world)
    to, code = world.claimed()
    world.text(to, f"НОМЕР {code}")
    assert world.inbox(to)[-1] == f"{code}: no number can be sent now. Please wait."
    assert shown(world, to) == []
    unlock(world, "Aida")
    unlock(world, "Bek")
    world.text(to, f"НОМЕР {code}")
    assert len(shown(world, to)) == 1


def test_r32_a_number_that_was_asked_for_before_the_lock_does_not_leave_after_it(world: World) -> None:
    """The text is written down and waits to go; the lock is heard first, and the one reveal is not used up."""
    to, code = world.claimed()
    world.talk.sms("at", _sms(to, f"НОМЕР {code}"))
    assert world.work.step()  # the order is read, and its answer written down
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


def test_two_different_people_within_a_day_take_the_lock_off(world: World) -> None:
    assert lock(world)
    assert not lock(world, "Bek")
    assert not unlock(world, "Aida")
    assert not unlock(world, "  AIDA ")  # the same person, however she writes herself
    world.clock.at += timedelta(hours=24)
    assert not unlock(world, "Bek")  # the first has lapsed
    assert unlock(world, "Aida")
    with world.db.read() as tx:
        assert not raid_lock.is_locked(tx)
        done = [(row.actor, row.action) for row in audit_log.search(tx, ref=raid_lock.RAID)]
    assert done[:3] == [("aida", "lock"), ("bek", "lock"), ("aida", "agree_unlock")]
    assert done[-2:] == [("aida", "agree_unlock"), ("aida", "unlock")]


def test_locking_again_asks_both_people_anew(world: World) -> None:
    lock(world)
    unlock(world, "Aida")
    lock(world, "Bek")
    assert not unlock(world, "Bek")


@pytest.mark.parametrize("name", ["", "  ", "x" * 41])
def test_nobody_is_no_person(name: str) -> None:
    with pytest.raises(ValueError, match="1 to 40"):
        raid_lock.person(name)


def logged(world: World, rows: int = 3) -> None:
    with world.db.write() as tx:
        for each in range(rows):
            audit_log.append(tx, key(world), world.clock(), f"actor-{each}", "claim", f"request-{each}")


def test_the_log_shows_a_row_that_was_changed_or_taken_out(new_sqlite: Databases) -> None:
    """By somebody who takes the guard of the table away first."""
    for harmful, broken in (("update audit set actor = 'x' where seq = 2", 2), ("delete from audit where seq = 2", 3)):
        world = World.on(new_sqlite())
        logged(world)
        with world.db.write() as tx:
            assert audit_log.broken_at(tx, key(world)) is None
            for what in ("update", "delete"):
                tx.exec_driver_sql(f"drop trigger audit_no_{what}")
            tx.exec_driver_sql(harmful)
            assert audit_log.broken_at(tx, key(world)) == broken


def test_a_head_that_was_told_shows_that_the_end_of_the_log_is_gone(new_sqlite: Databases) -> None:
    """The chain of what is left still holds; only somebody who has yesterday's head can tell."""
    world = World.on(new_sqlite())
    logged(world)
    with world.db.write() as tx:
        count, head = audit_log.head(tx)
        assert (count, len(head), audit_log.has_head(tx, head)) == (3, 8, True)
        tx.exec_driver_sql("drop trigger audit_no_delete")
        tx.exec_driver_sql("delete from audit where seq = 3")
        assert audit_log.broken_at(tx, key(world)) is None
        assert not audit_log.has_head(tx, head)
        assert not audit_log.has_head(tx, "%")


def test_the_audit_log_only_grows_on_sqlite(new_sqlite: Databases) -> None:
    world = World.on(new_sqlite())
    logged(world)
    for statement in ("update audit set actor = ''", "delete from audit"):
        with pytest.raises(DatabaseError, match="only grows"), world.db.write() as tx:
            tx.exec_driver_sql(statement)
    assert len(world.rows(audit_table)) == 3


@pytest.mark.postgres
def test_the_audit_log_only_grows_on_postgres(new_postgres: Databases) -> None:
    """The script of docs/operations.md takes the rights from the very role that owns the table; it can still write."""
    world = World.on(new_postgres())
    role = "komek_test_owner"
    (block,) = re.findall(r"```sql\n(revoke update.*?)```", PAGE.read_text(), re.DOTALL)
    with world.db.write() as tx:
        tx.exec_driver_sql(f"create role {role} login")
        tx.exec_driver_sql(f"alter table audit owner to {role}")
        tx.exec_driver_sql(block.replace("from komek;", f"from {role};"))
    db = connect(world.db.engine.url.set(username=role).render_as_string(hide_password=False))
    try:
        with db.write() as tx:
            audit_log.append(tx, key(world), world.clock(), "actor", "claim", "request")
            assert audit_log.broken_at(tx, key(world)) is None
        for statement in ("update audit set actor = ''", "delete from audit", "truncate audit"):
            with pytest.raises(DatabaseError, match="permission denied"), db.write() as tx:
                tx.exec_driver_sql(statement)
    finally:
        db.dispose()
        with world.db.write() as tx:
            tx.exec_driver_sql(f"drop owned by {role} cascade")
            tx.exec_driver_sql(f"drop role {role}")


def test_the_days_head_goes_to_every_coordinator_at_nine(world: World) -> None:
    """Once a day, however often the clock beats; its words name nobody."""
    logged(world)
    world.work.beat("clock")
    world.work.beat("clock")
    world.set_local(8, 59)
    assert told(world, "to_ngo.head") == []
    world.set_local(9)
    people = told(world, "to_ngo.head")
    assert len(people) == len(set(people)) > 1
    with world.db.read() as tx:
        count, head = audit_log.head(tx)
    assert re.fullmatch(rf"\S+ \d\d\.\d\d: {count}, {head}", world.inbox(world.phone(people[0]))[-1])
    world.wait(hours=24)
    assert [len(world.inbox(world.phone(who))) for who in people] == [2] * len(people)


def test_each_morning_all_of_the_log_is_checked_and_that_stands_in_it(new_sqlite: Databases) -> None:
    world = World.on(new_sqlite())
    logged(world)
    world.work.beat("clock")
    world.set_local(9)
    world.run()
    with world.db.write() as tx:
        (check,) = audit_report.checks(tx, 5)
        assert (check.count, check.head) == audit_log.head(tx)
        assert check.broken is None
        tx.exec_driver_sql("drop trigger audit_no_update")
        tx.exec_driver_sql("update audit set actor = 'x' where seq = 2")
    world.wait(hours=24)
    with world.db.read() as tx:
        assert [each.broken for each in audit_report.checks(tx, 5)] == [2, None]


def test_an_empty_log_has_no_head_to_tell(world: World) -> None:
    with world.db.write() as tx:
        ensure(tx, "head", "all", audit_report.next_head_at(world.clock(), world.zone.key))
    world.wait(hours=25)
    assert told(world, "to_ngo.head") == []


def test_r46_the_register_takes_each_harm_once_until_somebody_looked(world: World) -> None:
    now = world.clock()
    with world.db.write(now) as tx:
        assert harms.add(tx, "r1", "caller", harms.CALL)
        assert not harms.add(tx, "r1", "caller", harms.CALL)
        assert harms.add(tx, "r1", "service", harms.WRONG_PERSON)
        first, second = sorted(harms.unreviewed(tx), key=lambda each: each.source)
        assert harms.mark_reviewed(tx, first.id, "aida")
        assert not harms.mark_reviewed(tx, first.id, "aida")
        assert harms.unreviewed(tx) == [second]
        assert harms.add(tx, "r1", "caller", harms.CALL)
        assert len(harms.every_harm(tx)) == 3


@pytest.mark.parametrize(("source", "what"), [("someone", "call"), ("caller", "shouted")])
def test_r46_the_register_takes_no_stories(world: World, source: str, what: str) -> None:
    with world.db.write(world.clock()) as tx, pytest.raises(ValueError, match="no such harm"):
        harms.add(tx, "r1", source, what)


def test_r46_what_she_reports_waits_in_the_register(world: World) -> None:
    kept = keep(world)
    for felt in ("harm", "fine", "harm"):
        my_request.record_feedback(world.talk.acting.by_code, *code_of(world), felt)
        world.run()
    with world.db.read() as tx:
        assert [(each.request, each.source, each.what) for each in harms.unreviewed(tx)] == [
            (kept.id, "caller", "call")
        ]
