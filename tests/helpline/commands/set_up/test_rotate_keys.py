"""Changing keys while the service runs: what was sealed before can be opened until it is gone, and not after."""

from pathlib import Path

import pytest

from helpline.commands.set_up import settings_folder
from helpline.core.phone_numbers import Hidden
from helpline.keys.keyring import new_keys
from helpline.keys.sealing import CannotOpen, Opening, Sealing
from helpline.request import sealed_numbers
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.migrate import upgrade
from tests.steps.command_line import Done, komek
from tests.world import CALLER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What `komek setup` writes, with an empty database."""
    secrets = {name: key for name, key in new_keys().items() if name != "restore_key"} | {"webhook_secret": "w" * 32}
    plain = {"KOMEK_DATA": str(tmp_path / "data"), "KOMEK_CHANNELS": "africastalking"}
    settings_folder.write(tmp_path / "komek", settings_folder.Answers(plain, secrets))
    (tmp_path / "data").mkdir()
    db = database(tmp_path / "komek")
    upgrade(db)
    db.dispose()
    return tmp_path / "komek"


def database(folder: Path) -> Database:
    return connect(f"sqlite:///{folder.parent / 'data' / 'komek.sqlite3'}")


def store_number(folder: Path) -> bytes:
    """Seal a caller's number as the public web does now, and store it."""
    sealed = Sealing.of(settings_folder.read(folder).secrets["sealing_key"]).seal("r1", Hidden(CALLER))
    db = database(folder)
    with db.write() as tx:
        sealed_numbers.put(tx, "r1", sealed)
    db.dispose()
    return sealed


def keys(folder: Path, *arguments: str) -> Done:
    return komek("keys", *arguments, "--folder", str(folder))


def rotate(folder: Path) -> None:
    """Take both steps."""
    for _ in range(2):
        assert keys(folder, "rotate", "opening").code == 0


def test_a_key_is_not_destroyed_between_the_two_steps(folder: Path) -> None:
    """Numbers are still sealed with the old one, whatever the database holds now."""
    keys(folder, "rotate", "opening")
    done = keys(folder, "retire", "opening", "--yes")
    assert done.code == 1
    assert "run `komek keys rotate opening` again" in done.errors


def test_after_a_rotation_old_and_new_numbers_can_be_opened(folder: Path) -> None:
    old = store_number(folder)
    before = settings_folder.read(folder).secrets["sealing_key"]
    assert "Restart workers, clock and console" in keys(folder, "rotate", "opening").out
    assert settings_folder.read(folder).secrets["sealing_key"] == before  # who opens must know the new key first
    assert "sealed with the new key" in keys(folder, "rotate", "opening").out
    secrets = settings_folder.read(folder).secrets
    opening = Opening.of(secrets["opening_key"])
    assert opening.open("r1", old).reveal() == CALLER
    new = Sealing.of(secrets["sealing_key"]).seal("r2", Hidden(CALLER))
    assert opening.open("r2", new).reveal() == CALLER
    assert Opening.of(secrets["opening_key"].partition(",")[0]).open("r2", new).reveal() == CALLER


def test_a_key_that_a_number_still_needs_is_not_destroyed(folder: Path) -> None:
    store_number(folder)
    rotate(folder)
    before = settings_folder.read(folder).secrets
    done = keys(folder, "retire", "opening")
    assert done.code == 1
    assert "the old key still opens 1 numbers or texts" in done.errors
    assert settings_folder.read(folder).secrets == before


def test_once_the_number_is_gone_the_old_key_is_destroyed(folder: Path) -> None:
    old = store_number(folder)
    rotate(folder)
    db = database(folder)
    with db.write() as tx:
        sealed_numbers.drop(tx, "r1")
    db.dispose()
    asked = komek("keys", "retire", "opening", "--folder", str(folder), typed="n\n")
    assert "still seals for the old key" in asked.out
    assert Opening.of(settings_folder.read(folder).secrets["opening_key"]).open("r1", old).reveal() == CALLER
    assert keys(folder, "retire", "opening", "--yes").code == 0
    with pytest.raises(CannotOpen):
        Opening.of(settings_folder.read(folder).secrets["opening_key"]).open("r1", old)


def test_a_second_rotation_before_the_first_is_over_is_refused(folder: Path) -> None:
    rotate(folder)
    done = keys(folder, "rotate", "opening")
    assert done.code == 1
    assert "run `komek keys retire opening` first" in done.errors


def test_two_webhook_secrets_work_until_the_gateway_has_changed(folder: Path) -> None:
    keys(folder, "rotate", "webhook")
    new, _, old = settings_folder.read(folder).secrets["webhook_secret"].partition(",")
    assert old == "w" * 32
    assert len(new) >= 22
    assert keys(folder, "retire", "webhook", "--yes").code == 0
    assert settings_folder.read(folder).secrets["webhook_secret"] == new


def test_retiring_with_one_key_says_what_to_do(folder: Path) -> None:
    assert "`komek keys rotate webhook` makes a new one" in keys(folder, "retire", "webhook").errors
