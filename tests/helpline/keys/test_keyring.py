"""The keys of a demo, in a folder."""

from pathlib import Path

from helpline.core.process_keys import KEYS
from helpline.keys import keyring


def test_an_older_demo_gets_the_missing_key(tmp_path: Path) -> None:
    """The other keys remain, so that sealed data can still be opened."""
    before = keyring.load_or_create(tmp_path)
    (tmp_path / "session_key").unlink()
    after = keyring.load_or_create(tmp_path)
    assert after.pop("session_key") != before.pop("session_key")
    assert after == before


def test_a_demo_older_than_backups_keeps_its_keys(tmp_path: Path) -> None:
    """Numbers that are sealed there can still be opened."""
    folder = tmp_path / "keys"
    before = keyring.load_or_create(folder)
    for name in ("backup_key", "restore_key"):
        (folder / name).unlink()
    after = keyring.load_or_create(folder)
    assert {name: after[name] for name in KEYS} == {name: before[name] for name in KEYS}
    assert after["backup_key"] != before["backup_key"]
