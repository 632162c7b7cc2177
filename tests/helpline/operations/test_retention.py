"""R34: what is stored for how long, and that nothing remains afterwards in any place, with any key."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from helpline.caller import my_request
from helpline.commands.operate.deployment import Deployment
from helpline.commands.operate.purge import sweep
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.operations.backup import NEWEST, mains, write
from helpline.operations.retention import EVERY, FAILS, REDUCED
from helpline.oversight import published
from helpline.request import sealed_numbers, tombstones
from helpline.store import outbox as outbox_rows
from helpline.store.engine import Database
from helpline.store.schema import audit, figure, gone, harm, inbox, message, metadata, outbox, request, talk, vault
from helpline.store.sql import day_of
from tests.steps.caller import code_of, save_draft
from tests.steps.every_store import NOTED, files_of, found, marks_of, notes_of, write_note
from tests.steps.month import fill
from tests.world import CALL_ME, CALLER, OTHER, World, keys

pytestmark = pytest.mark.engines


def later(world: World, **spans: float) -> None:
    """Move the time on and sweep only once at the end.

    A sweep for every ten minutes of seven weeks would take minutes. One that has counted a month is followed by others.
    """
    with world.db.write(world.clock()) as tx:
        outbox_rows.drop(tx, "sweep", "all")
    world.wait(timedelta(**spans))
    with world.db.write(world.clock()) as tx:
        world.work.erasure.sweep(tx)
    world.run()
    assert world.db.scrub()


def nights(world: World, count: int, folder: Path, apart: int = 1) -> None:
    """Move on night by night, some days apart, with a sweep and a backup each."""
    for _ in range(count):
        later(world, days=apart)
        write(world.db, folder, keys()["backup_key"], world.config.country, world.clock())


def busy_week(world: World) -> None:
    """Use every feature from one phone: a claim whose number is shown, and texts."""
    to, code = world.claimed()
    world.text(to, f"НОМЕР {code}")
    world.text(CALLER, "help")
    write_note(world, NOTED)
    world.ask(OTHER)
    world.run()


def test_r34_after_its_time_no_number_is_left_in_any_store_backup_or_log(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Checked in tables, files, a dump after vacuum, every night's backup and the logs, with all keys."""
    caplog.set_level(logging.DEBUG)
    busy_week(world)
    secrets = [secret for number in (CALLER, OTHER) for secret in marks_of(world, number)]
    assert len(secrets) == 18
    secrets += [*notes_of(world), NOTED]
    assert len(secrets) == 21
    nights(world, 1, tmp_path)
    assert found(world.db, tmp_path, secrets) != []
    nights(world, 12, tmp_path, apart=4)
    assert len(mains(tmp_path)) == 13
    assert world.rows(vault) == []
    assert found(world.db, tmp_path, secrets) == []
    assert [secret for secret in secrets if secret in caplog.text] == []
    assert all(row.draws == -1 for row in world.rows(request))
    for table in ("offer", "attempt", "inbox", "message", "talk", "dialogue", "gone", "block", "assent", "note"):
        assert world.rows(metadata.tables[table]) == [], table


def test_r34_no_stored_row_can_be_linked_to_a_counted_one(world: World) -> None:
    """The audit log and the register of harm remain, with exact times and staff. Counted rows then have another id.

    Otherwise a reader of both would know when a caller with that place and need was called, and who called.
    """
    to, code = world.claimed()
    world.text(to, f"НОМЕР {code}")
    world.text(to, f"STRANGER {code}")
    world.ask(OTHER)
    world.run()
    ids = {row.id for name in ("request", "offer") for row in world.rows(metadata.tables[name])}
    (harmed,) = world.rows(harm)
    assert harmed.request in ids
    later(world, days=31)
    assert [row.draws == -1 for row in world.rows(request)] != [True, True], "thirty days after its end, not before"
    later(world, days=20)
    assert [row.draws == -1 for row in world.rows(request)] == [True, True]
    assert {row.ref for row in world.rows(audit)} & ids, "the log is the proof, and nothing in it is changed"
    for table in (each for each in metadata.sorted_tables if each is not audit):
        assert [value for row in world.rows(table) for value in row if str(value).rpartition(":")[2] in ids] == [], (
            table
        )
    (kept,) = world.rows(harm)
    assert (kept.at, kept.request, kept.what) == (day_of(harmed.at), "", harmed.what)


@pytest.mark.parametrize("state", ["closed", "expired"])
def test_r34_the_sweep_erases_the_number_of_an_ended_request(world: World, state: str) -> None:
    """No row was woken for it: the sweep finds it by itself."""
    kept = save_draft(world)
    with world.db.write(world.clock()) as tx:
        tx.execute(sa.update(request).where(request.c.id == kept.id).values(state=state))
        done = world.work.erasure.erase(tx)
        assert sealed_numbers.sealed_of(tx, kept.id) is None
    assert done["numbers"] == 1
    assert len(world.rows(gone)) == 1


def test_r34_each_kind_of_data_is_deleted_exactly_on_time(world: World) -> None:
    """An hour for the data of a call, fourteen days for a number, thirty days after the end for the rest."""
    world.dial(OTHER).press(*CALL_ME)
    save_draft(world)
    world.run()

    def remaining() -> tuple[int, ...]:
        bare = [row for row in world.rows(request) if row.draws == -1]
        return len(world.rows(talk)), len(world.rows(vault)), len(world.rows(gone)), len(bare)

    assert remaining() == (1, 1, 0, 0)
    later(world, minutes=60)
    assert remaining() == (0, 1, 0, 0)
    later(world, days=13, hours=22, minutes=50)
    assert remaining() == (0, 1, 0, 0)
    later(world, minutes=20)
    assert remaining() == (0, 0, 1, 0)
    later(world, days=1, minutes=11)
    assert remaining() == (0, 0, 0, 0)
    later(world, days=28, hours=23)
    assert remaining() == (0, 0, 0, 0)
    later(world, hours=1)
    assert remaining() == (0, 0, 0, 1)


def test_r34_an_unsent_reply_is_deleted_with_its_number(world: World) -> None:
    """Whatever delays it, its row is deleted after a week."""
    world.public.sms("at", IncomingSms("one", msisdn(CALLER), Hidden("help")))
    assert world.work.step()
    assert [row.sealed is None for row in world.rows(message)] == [False]
    with world.db.write(world.clock() + timedelta(days=7)) as tx:
        world.work.erasure.erase(tx)
    assert world.rows(message) == []


def test_counted_rows_have_only_the_documented_columns(world: World) -> None:
    """The columns that stay are those that docs/privacy.md names. A new one needs a decision."""
    stays = {
        "id", "state", "content", "language", "short_form", "place", "need", "age_band", "risk", "kind", "felt",
        "reveals", "outcome",
    }  # fmt: skip
    assert set(request.c.keys()) - set(tombstones.counted(world.clock())) == stays


def test_r34_a_purge_prints_what_it_erased_and_a_dry_run_erases_nothing(world: World) -> None:
    save_draft(world)
    world.text(OTHER, "hello")
    here = Deployment(world.config, world.db, world.clock() + timedelta(days=15))
    would = sweep(here, dry_run=True)
    assert len(world.rows(vault)) == 1
    assert len(world.rows(inbox)) == 1
    assert (would["numbers"], would["inbound texts"]) == (1, 1)
    sealed = [bytes(row.sealed).hex() for row in world.rows(vault)]
    assert sweep(here, dry_run=False) == would
    assert world.rows(vault) == []
    assert set(sweep(here, dry_run=False).values()) == {0}
    if world.db.engine.dialect.name == "sqlite":
        assert not any(sealed[0] in path.read_bytes().hex() for path in files_of(world.db))


def test_r34_a_withdrawn_number_is_in_no_backup_after_the_next_one(world: World, tmp_path: Path) -> None:
    save_draft(world)
    world.run()
    secrets = [each for each in marks_of(world, CALLER) if each != world.public.ctx.words.session("at", "s1")]
    nights(world, 1, tmp_path)
    assert any(NEWEST in place for place in found(world.db, tmp_path, secrets))
    my_request.withdraw(world.public.ctx, *code_of(world))
    world.run()
    nights(world, 1, tmp_path)
    (kept,) = {str(row.code_mac) for row in world.rows(request)}  # tells the caller that it is done, for 30 days
    assert found(world.db, tmp_path, [secret for secret in secrets if secret != kept]) == []


def test_r34_many_overdue_numbers_are_erased_a_hundred_at_a_time_and_wait_for_no_figures(world: World) -> None:
    """Each sweep ends soon, so that callers never wait for it, and the next one follows at once."""
    fill(world.db, datetime(2026, 9, 1, tzinfo=UTC), 250, days=9)
    ids = [row.id for row in world.rows(request)]
    with world.db.write(world.clock()) as tx:
        tx.execute(sa.insert(vault), [{"request": id, "sealed": b"sealed"} for id in ids])
    left = []
    for _ in range(4):
        with world.db.write(world.clock()) as tx:
            again = world.work.erasure.sweep(tx)
            assert published.uncounted(tx)
        left.append((len(world.rows(vault)), again - world.clock()))
    assert left == [(150, timedelta()), (50, timedelta()), (0, EVERY), (0, EVERY)]
    assert {row.draws for row in world.rows(request)} == {0}
    world.run()
    assert {row.draws for row in world.rows(request)} == {-1}
    assert {row.month for row in world.rows(figure)} == {"2026-09", "2026-10"}


def test_r34_requests_are_reduced_though_their_month_cannot_be_counted(world: World) -> None:
    """Deletion matters more than figures. Somebody who looks at the failures has ten minutes."""
    fill(world.db, datetime(2026, 9, 1, tzinfo=UTC), 3)
    with world.db.write(world.clock()) as tx:
        world.work.erasure.sweep(tx)
        tx.execute(sa.update(outbox).where(outbox.c.kind == "month").values(failures=FAILS - 1))
        assert world.work.erasure.erase(tx)[REDUCED] == 0
        tx.execute(sa.update(outbox).where(outbox.c.kind == "month").values(failures=FAILS))
        assert world.work.erasure.erase(tx)[REDUCED] == 3


def test_deleted_bytes_leave_the_database_at_most_once_a_minute_on_postgresql(world: World) -> None:
    """VACUUM reads whole tables: after each erased number it would do nothing else."""
    save_draft(world)
    my_request.withdraw(world.public.ctx, *code_of(world))
    world.run()
    waits = [row.due - world.clock() for row in world.rows(outbox) if row.kind == "scrub"]
    assert waits == ([timedelta(minutes=1)] if world.db.engine.dialect.name == "postgresql" else [])
    world.wait(timedelta(minutes=1))
    world.run()
    assert [row for row in world.rows(outbox) if row.kind == "scrub"] == []


@pytest.mark.postgres
def test_vacuum_may_take_longer_than_other_statements(clean_postgres: Database) -> None:
    """If it is cancelled, it has removed nothing, and the next one is cancelled, too."""
    limits = list[tuple[str, object]]()

    def note(connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:
        asked = connection.connection.cursor()
        asked.execute("show statement_timeout")
        limits.append((statement.partition(" ")[0], asked.fetchone()))

    sa.event.listen(clean_postgres.engine, "before_cursor_execute", note)
    try:
        assert clean_postgres.scrub()
        with clean_postgres.engine.connect() as connection:
            connection.exec_driver_sql("select 1")
    finally:
        sa.event.remove(clean_postgres.engine, "before_cursor_execute", note)
    assert limits == [("set", ("10s",)), ("VACUUM", ("30s",)), ("reset", ("30s",)), ("select", ("10s",))]
