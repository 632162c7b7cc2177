"""What operators read when the disk is really full, when the password is really wrong, and when no server runs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.steps.command_line import komek

FULL = "the disk is full: free some space"


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own without any space."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root of Linux makes a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        with (folder / "filled").open("wb", buffering=0) as file, suppress(OSError):  # no space left
            while True:
                file.write(bytes(4096))
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.parametrize("words", [("migrate",), ("keys", "new", "--to", "{disk}/keys")], ids=lambda words: words[0])
def test_a_full_disk_is_named(full_disk: Path, words: tuple[str, ...]) -> None:
    told = {"KOMEK_DATA": str(full_disk / "data")}
    done = komek(*(word.format(disk=full_disk) for word in words), told=told)
    assert done.code == 1
    assert FULL in done.errors


@pytest.fixture
def with_password(postgres: str) -> Iterator[sa.URL]:
    """The address of a PostgreSQL that asks one role for its password."""
    admin = sa.create_engine(postgres, isolation_level="AUTOCOMMIT")
    with admin.connect() as server:
        rules = Path(server.scalar(sa.text("show hba_file")))
        before = rules.read_text()
        server.execute(sa.text("create role komek_asked login password 'right'"))
        rules.write_text(f"local all komek_asked scram-sha-256\nhost all komek_asked all scram-sha-256\n{before}")
        server.execute(sa.text("select pg_reload_conf()"))
        try:
            yield admin.url.set(username="komek_asked")
        finally:
            rules.write_text(before)
            server.execute(sa.text("select pg_reload_conf()"))
            server.execute(sa.text("drop role komek_asked"))
    admin.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize("command", ["doctor", "migrate"])
def test_a_wrong_password_and_no_server_differ(with_password: sa.URL, command: str, tmp_path: Path) -> None:
    """And the right password is no fault of that kind."""

    def said(url: sa.URL) -> str:
        address = url.render_as_string(hide_password=False)
        done = komek(command, told={"KOMEK_DATA": str(tmp_path / "data"), "KOMEK_DATABASE_URL": address})
        assert done.code == 1
        return (done.out + done.errors).replace(str(tmp_path), "")  # the name of this test is in it

    wrong = said(with_password.set(password="wrong"))
    assert "the user or the password in KOMEK_DATABASE_URL is wrong" in wrong
    away = said(sa.URL.create("postgresql+psycopg", "komek", "right", "127.0.0.1", 1, "komek"))
    assert "no server answers: is it running" in away
    assert "password" not in away.replace("user:password", "")
    assert "is wrong" not in said(with_password.set(password="right"))
