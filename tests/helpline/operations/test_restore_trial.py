"""`komek backup --to` and `komek restore-drill`: a copy elsewhere, and the proof that it can be restored."""

from datetime import timedelta
from pathlib import Path

import pytest

from helpline.core import clock
from helpline.operations import backup, restore_trial
from helpline.operations.backup import NEWEST, CannotCopy, copy_to
from helpline.store.engine import Database
from tests.conftest import Databases
from tests.helpline.operations.test_backup import copy, withdraw
from tests.steps.command_line import komek
from tests.world import OTHER, World, keys


@pytest.fixture
def world(new_sqlite: Databases) -> World:
    world = World.on(new_sqlite())
    world.ask(language="4")
    world.run()
    return world


def test_a_backup_can_be_restored_and_nothing_of_the_trial_is_left(world: World, tmp_path: Path) -> None:
    before = sorted(restore_trial.IN_MEMORY.iterdir())
    copy(world, tmp_path)
    done = restore_trial.trial(tmp_path, keys()["restore_key"], keys()["audit_key"])
    assert (done.restored.live, done.checked, done.broken) == (1, True, None)
    assert sorted(restore_trial.IN_MEMORY.iterdir()) == before


def test_the_age_of_the_backup_is_what_would_be_lost(new_sqlite: Databases, tmp_path: Path) -> None:
    db: Database = new_sqlite()
    made = clock.real() - timedelta(hours=3)
    backup.write(db, tmp_path, keys()["backup_key"], "KG", made)
    lost = restore_trial.trial(tmp_path, keys()["restore_key"], "").lost
    assert timedelta(hours=3) <= lost < timedelta(hours=4)


def test_without_the_file_of_numbers_there_is_no_trial(world: World, tmp_path: Path) -> None:
    copy(world, tmp_path)
    (tmp_path / NEWEST).unlink()
    with pytest.raises(CannotCopy, match="there must be"):
        restore_trial.trial(tmp_path, keys()["restore_key"], "")


def test_r34_a_withdrawn_number_is_gone_from_the_second_place_too(world: World, tmp_path: Path) -> None:
    """Each copy overwrites the file with numbers that the place had."""
    call = world.ask(OTHER, language="4")
    world.run()
    first, second = tmp_path / "first", tmp_path / "second"
    for _ in range(2):
        files = backup.write(world.db, first, keys()["backup_key"], "KG", world.clock())
        copied = copy_to(files, second)
        assert [path.read_bytes() for path in copied] == [each.path.read_bytes() for each in files]
        withdraw(world, call)
        world.clock.at += timedelta(seconds=1)
    assert restore_trial.trial(second, keys()["restore_key"], "").restored.live == 1
    assert len(list(second.glob("vault*"))) == 1
    assert not any(path.stat().st_mode & 0o077 for path in second.iterdir())


def test_a_second_place_that_fails_ends_with_an_error_and_keeps_the_first(tmp_path: Path) -> None:
    """The operator must learn that the numbers over there are older than they may be."""
    told = {
        "KOMEK_DATA": str(tmp_path / "data"),
        "KOMEK_CHANNELS": "africastalking",
        "KOMEK_BACKUP_KEY": keys()["backup_key"],
    }
    assert komek("migrate", told=told).code == 0
    (tmp_path / "file").touch()
    done = komek(
        "backup", str(tmp_path / "a"), "--to", str(tmp_path / "file" / "in"), "--to", str(tmp_path / "b"), told=told
    )
    assert done.code == 1
    assert "the backup is made, but not copied to" in done.errors
    assert (tmp_path / "a" / NEWEST).exists()
    assert (tmp_path / "b" / NEWEST).exists()


def test_the_drill_says_both_times(tmp_path: Path) -> None:
    told = {
        "KOMEK_DATA": str(tmp_path / "data"),
        "KOMEK_CHANNELS": "africastalking",
        "KOMEK_BACKUP_KEY": keys()["backup_key"],
    }
    assert komek("migrate", told=told).code == 0
    assert komek("backup", str(tmp_path / "a"), told=told).code == 0
    assert "KOMEK_RESTORE_KEY is missing" in komek("restore-drill", str(tmp_path / "a"), told=told).errors
    done = komek("restore-drill", str(tmp_path / "a"), told=told | {"KOMEK_RESTORE_KEY": keys()["restore_key"]})
    assert done.code == 0, done.errors
    assert "RPO: " in done.out
    assert "RTO: " in done.out
    assert "not checked (KOMEK_AUDIT_KEY is not set)" in done.out
