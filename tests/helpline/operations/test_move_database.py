"""Moving a service from SQLite to PostgreSQL: everything arrives, or nothing does."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.keys import keyring
from helpline.keys.sealing import Opening
from helpline.operations import copies, heartbeats, move_database
from helpline.operations.move_database import CannotMove
from helpline.staff import raid_lock
from helpline.store import audit_log
from helpline.store.connection import connect
from helpline.store.engine import Database, Tx
from helpline.store.schema import audit, beat, offer, request, vault
from tests.conftest import Databases
from tests.steps.command_line import komek
from tests.world import CALLER, OTHER, World, keys

pytestmark = pytest.mark.engines


@pytest.fixture
def world(new_sqlite: Databases) -> World:
    """A service in use: an offer, a claim with a number shown, and a request that was withdrawn."""
    world = World.on(new_sqlite())
    world.ask(language="4")
    world.run()
    world.ask(OTHER, language="4")
    world.run()
    return world


@pytest.fixture(params=[pytest.param("postgres", marks=pytest.mark.postgres)])
def new(new_postgres: Databases, request: pytest.FixtureRequest) -> Database:
    assert request.param == "postgres"
    return new_postgres()


def moved(world: World, new: Database, *, dry: bool = False) -> move_database.Moved:
    ctx = world.work.ctx
    return move_database.move(world.db, new, ctx.audit_key, "aida", Opening.of(keys()["opening_key"]), dry=dry)


def rows(db: Database, table: sa.Table) -> list[dict[str, object]]:
    with db.read() as tx:
        return [dict(row) for row in tx.execute(sa.select(table).order_by(*table.primary_key)).mappings()]


def test_every_row_arrives_and_the_old_database_saves_nothing_more(world: World, new: Database) -> None:
    with world.db.read() as tx:
        before = copies.fingerprints(tx)
    done = moved(world, new)
    assert done.opened == len(rows(new, vault)) == 2
    with new.read() as tx:
        after = copies.fingerprints(tx)
        assert audit_log.broken_at(tx, world.work.ctx.audit_key) is None
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"audit"}  # the move itself is logged
    assert move_database.was_moved(world.db)
    with pytest.raises(sa.exc.OperationalError), world.db.write() as tx:
        tx.execute(sa.select(request.c.id))


def test_new_rows_are_numbered_behind_the_old_ones(world: World, new: Database) -> None:
    with world.db.write() as tx:
        for action in ("claimed", "closed"):
            audit_log.append(tx, world.work.ctx.audit_key, tx.now, "aida", action, "r1")
    last = max(int(str(row["seq"])) for row in rows(world.db, audit))
    moved(world, new)
    assert max(int(str(row["seq"])) for row in rows(new, audit)) == last + 1


def test_a_trial_changes_neither_database(world: World, new: Database) -> None:
    with world.db.read() as tx:
        before = copies.fingerprints(tx)
    assert moved(world, new, dry=True).opened == 2
    with new.read() as tx:
        assert [name for name in copies.filled_tables(tx) if name != "lock"] == []
    with world.db.read() as tx:
        assert copies.fingerprints(tx) == before


def cut_off(monkeypatch: pytest.MonkeyPatch, world: World, new: Database) -> None:
    """Move, and be killed when the new database is whole and the old one still in use."""

    def cut(_: Tx) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(copies, "close_for_good", cut)
        with pytest.raises(KeyboardInterrupt):
            moved(world, new)


def test_a_move_that_was_cut_off_after_the_copy_ends_the_second_time(
    world: World, new: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new database has everything, and the old one is still in use. Nothing is copied twice."""

    cut_off(monkeypatch, world, new)
    there = rows(new, audit)
    assert moved(world, new).opened == 2
    assert rows(new, audit) == there
    with pytest.raises(sa.exc.OperationalError):
        rows(world.db, request)


def test_rows_that_came_after_a_cut_are_not_lost_in_silence(
    world: World, new: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody started the old service again in between."""

    cut_off(monkeypatch, world, new)
    world.ask("+996000111009", language="4")
    with pytest.raises(CannotMove, match="not empty"):
        moved(world, new)
    assert len(rows(world.db, request)) == 3


def test_a_database_in_use_is_not_moved(world: World, new: Database) -> None:
    with world.db.write() as tx:
        heartbeats.record_heartbeat(tx, "clock")
    with pytest.raises(CannotMove, match="stop the service first"):
        moved(world, new)
    world.clock.at += timedelta(minutes=3)
    assert moved(world, new).opened == 2
    assert [row["name"] for row in rows(new, beat)] == ["clock"]


def test_under_the_raid_lock_nothing_is_moved(world: World, new: Database) -> None:
    with world.db.write() as tx:
        raid_lock.lock(tx, "aida", world.work.ctx.audit_key)
    with pytest.raises(raid_lock.Locked):
        moved(world, new)


def test_a_number_that_no_key_opens_stops_the_move(world: World, new: Database) -> None:
    other = Opening.of(keyring.new_keys()["opening_key"])
    with pytest.raises(CannotMove, match="cannot be opened"):
        move_database.move(world.db, new, world.work.ctx.audit_key, "aida", other, dry=False)
    assert len(rows(world.db, offer)) == 2
    with new.read() as tx:
        assert [name for name in copies.filled_tables(tx) if name != "lock"] == []


def test_the_old_file_is_set_aside_whole(tmp_path: Path) -> None:
    for end in ("", "-wal"):
        (tmp_path / f"komek.sqlite3{end}").write_text(end)
    assert move_database.set_aside(tmp_path / "komek.sqlite3") == tmp_path / "komek.sqlite3.moved"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["komek.sqlite3.moved", "komek.sqlite3.moved-wal"]


def test_the_caller_of_the_rows_is_hidden(world: World, new: Database) -> None:
    """No number stands in clear in the new database, as in the old one."""
    moved(world, new)
    with new.read() as tx:
        text = "".join(str(row) for row in copies.all_rows(tx))
    assert CALLER.removeprefix("+") not in text


def test_the_command_finishes_a_move_whose_file_was_not_renamed(tmp_path: Path) -> None:
    told = {
        "KOMEK_DATA": str(tmp_path),
        "KOMEK_CHANNELS": "africastalking",
        **{f"KOMEK_{name.upper()}": key for name, key in keyring.new_keys().items() if name != "restore_key"},
    }
    assert komek("migrate", told=told).code == 0
    db = connect(f"sqlite:///{tmp_path / 'komek.sqlite3'}")
    with db.write() as tx:
        copies.close_for_good(tx)
    db.dispose()
    (tmp_path / "address").write_text("postgresql://nobody@127.0.0.1:1/komek")
    done = komek("move", "--to", str(tmp_path / "address"), "--by", "Aida", told=told)
    assert done.code == 0, done.errors
    assert (tmp_path / move_database.OLD).exists()
    assert "still holds numbers; delete it" in komek("doctor", told=told).out
    told["KOMEK_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/komek"
    again = komek("move", "--to", str(tmp_path / "address"), "--by", "Aida", told=told)
    assert again.code == 1
