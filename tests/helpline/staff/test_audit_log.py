"""The audit log: it only grows, changes are found, and its head goes to coordinators every day."""

import re
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from helpline.staff import audit_report
from helpline.store import audit_log
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.outbox import ensure
from helpline.store.schema import audit as audit_table
from tests.conftest import Databases
from tests.steps.by_day import RARELY
from tests.steps.caller import recipients
from tests.world import World

pytestmark = pytest.mark.engines

PAGE = Path(__file__).parents[3] / "docs" / "database.md"


@pytest.fixture
def world(db: Database) -> World:
    """A whole service for tests that wait days."""
    return World.on(db, sweep_every=RARELY, page_again_minutes=720)


def logged(world: World, rows: int = 3) -> None:
    with world.db.write() as tx:
        for each in range(rows):
            audit_log.append(tx, world.work.ctx.audit_key, world.clock(), f"actor-{each}", "claim", f"request-{each}")


def test_a_changed_or_deleted_row_is_found(new_sqlite: Databases) -> None:
    """By an attacker who first removes the protection of the table."""
    for harmful, broken in (("update audit set actor = 'x' where seq = 2", 2), ("delete from audit where seq = 2", 3)):
        world = World.on(new_sqlite())
        logged(world)
        with world.db.write() as tx:
            assert audit_log.broken_at(tx, world.work.ctx.audit_key) is None
            for what in ("update", "delete"):
                tx.exec_driver_sql(f"drop trigger audit_no_{what}")
            tx.exec_driver_sql(harmful)
            assert audit_log.broken_at(tx, world.work.ctx.audit_key) == broken


def test_a_known_head_reveals_a_cut_off_log(new_sqlite: Databases) -> None:
    """The remaining chain is still valid. Only a person with yesterday's head can find out."""
    world = World.on(new_sqlite())
    logged(world)
    with world.db.write() as tx:
        count, head = audit_log.head(tx)
        assert (count, len(head), audit_log.has_head(tx, head)) == (3, 8, True)
        tx.exec_driver_sql("drop trigger audit_no_delete")
        tx.exec_driver_sql("delete from audit where seq = 3")
        assert audit_log.broken_at(tx, world.work.ctx.audit_key) is None
        assert not audit_log.has_head(tx, head)
        assert not audit_log.has_head(tx, "%")


def test_the_daily_check_of_a_very_long_log_begins_where_the_last_one_ended(new_sqlite: Databases) -> None:
    """Nobody can write the row of a check without the key. Only a check of the whole log finds older changes."""
    world = World.on(new_sqlite())
    logged(world)
    key = world.work.ctx.audit_key
    with world.db.write() as tx:
        audit_report.send_head(tx, key, world.work.ctx.country, None)
    logged(world)
    with world.db.write() as tx:
        assert [audit_report.first_to_check(tx, most) for most in (7, 6)] == [0, 4]
        for seq, found in ((2, None), (6, 6)):
            tx.exec_driver_sql("drop trigger if exists audit_no_update")
            tx.exec_driver_sql(f"update audit set actor = 'x' where seq = {seq}")
            assert audit_log.broken_at(tx, key, 4) == found
            assert audit_log.broken_at(tx, key) == 2


def test_the_audit_log_only_grows_on_sqlite(new_sqlite: Databases) -> None:
    world = World.on(new_sqlite())
    logged(world)
    for statement in ("update audit set actor = ''", "delete from audit"):
        with pytest.raises(DatabaseError, match="only grows"), world.db.write() as tx:
            tx.exec_driver_sql(statement)
    assert len(world.rows(audit_table)) == 3


@pytest.mark.postgres
def test_the_audit_log_only_grows_on_postgres(new_postgres: Databases) -> None:
    """The script of docs/database.md revokes the rights even from the owner of the table, who can still insert."""
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
            audit_log.append(tx, world.work.ctx.audit_key, world.clock(), "actor", "claim", "request")
            assert audit_log.broken_at(tx, world.work.ctx.audit_key) is None
        for statement in ("update audit set actor = ''", "delete from audit", "truncate audit"):
            with pytest.raises(DatabaseError, match="permission denied"), db.write() as tx:
                tx.exec_driver_sql(statement)
    finally:
        db.dispose()
        with world.db.write() as tx:
            tx.exec_driver_sql(f"drop owned by {role} cascade")
            tx.exec_driver_sql(f"drop role {role}")


def test_the_days_head_goes_to_every_coordinator_at_nine(world: World) -> None:
    """Once a day, however often the clock ticks. Its words name nobody."""
    logged(world)
    world.work.beat("clock")
    world.work.beat("clock")
    world.set_local(8, 59)
    assert recipients(world, "to_ngo.head") == []
    world.set_local(9)
    people = recipients(world, "to_ngo.head")
    assert len(people) == len(set(people)) > 1
    with world.db.read() as tx:
        count, head = audit_log.head(tx)
    assert re.fullmatch(rf"\S+ \d\d\.\d\d: {count}, {head}", world.inbox(world.phone(people[0]))[-1])
    world.wait(hours=24)
    assert [len(world.inbox(world.phone(who))) for who in people] == [2] * len(people)


def test_the_whole_log_is_checked_each_morning_and_the_check_is_logged(new_sqlite: Databases) -> None:
    world = World.on(new_sqlite(), sweep_every=RARELY)
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


def test_an_empty_log_has_no_head(world: World) -> None:
    with world.db.write() as tx:
        ensure(tx, "head", "all", audit_report.next_head_at(world.clock(), world.zone.key))
    world.wait(hours=25)
    assert recipients(world, "to_ngo.head") == []
