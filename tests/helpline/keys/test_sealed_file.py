"""Sealed files: the same bytes come out, or nothing."""

from pathlib import Path

import pytest

from helpline.keys import sealed_file
from tests.world import keys


@pytest.mark.parametrize("lines", [[], [b""], [b"a", b"b" * 300_000, bytes(range(1, 10))], [b"x" * 65_536] * 5])
def test_a_sealed_file_opens_to_the_same_bytes(tmp_path: Path, lines: list[bytes]) -> None:
    path = tmp_path / "file"
    with path.open("wb") as file:
        sealed_file.write(file, keys()["backup_key"], lines)
    with path.open("rb") as file:
        assert list(sealed_file.read(file, keys()["restore_key"])) == lines


def test_a_sealed_file_with_its_end_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as file:
        sealed_file.write(file, keys()["backup_key"], [b"a", b"b"])
    path.write_bytes(path.read_bytes()[:-1])
    with path.open("rb") as file, pytest.raises(sealed_file.CannotRead):
        list(sealed_file.read(file, keys()["restore_key"]))
