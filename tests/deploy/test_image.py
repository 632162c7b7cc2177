"""The steps of the Dockerfile are run, and what they make runs as the image would: its user, nothing writable but /tmp."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.deploy.image import inside, script, stages
from tests.others import free_port

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
