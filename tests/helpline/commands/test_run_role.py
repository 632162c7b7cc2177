"""`komek run ROLE` and the `Procfile`: one process of the service, with its own keys only."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from helpline.commands.operate.run_role import part_of
from helpline.commands.operate.up import environ_of
from helpline.core.config import Config, ConfigError
from helpline.core.process_keys import HOLDS, KEYS, Role, is_plain
from helpline.keys.keyring import new_keys
from helpline.store.connection import connect
from helpline.store.migrate import upgrade
from tests.deploy.test_image import ready_source
from tests.others import PATIENCE_SECONDS, free_port, until
from tests.steps.by_day import first
from tests.workers.conftest import Server

ROOT = Path(__file__).resolve().parents[3]
ROLES = (Role.PUBLIC, Role.CONSOLE, Role.WORKER, Role.CLOCK)
WHOLE = {
    "PATH": os.environ["PATH"],
    "OTHER_SECRET": "of another program",
    "KOMEK_CHANNELS": "africastalking",
    "KOMEK_WEBHOOK_SECRET": "s" * 22,
    "KOMEK_GATEWAY_API_KEY": "api",
    "KOMEK_METRICS_TOKEN": "m" * 24,
    **{f"KOMEK_{name.upper()}": key for name, key in new_keys().items() if name != "restore_key"},
}
"""The environment of a whole service, as one file of settings gives it."""
EXTRA = {
    Role.PUBLIC: {"webhook_secret"},
    Role.CONSOLE: {"metrics_token"},
    Role.WORKER: {"gateway_api_key"},
    Role.CLOCK: {"gateway_api_key"},
}


def secrets_in(environ: dict[str, str]) -> set[str]:
    """Return the names of all secrets in an environment, given as a value or as a file."""
    named = {name.removeprefix("KOMEK_").lower().removesuffix("_file") for name in environ}
    return named & {*KEYS, "backup_key", "restore_key", "other_secret", *set.union(*EXTRA.values())}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_its_own_secrets_only(role: Role) -> None:
    """As values or as files. Files of other roles are not read: their user may be unable to."""
    own = HOLDS[role] | EXTRA[role]
    assert secrets_in(dict(part_of(role, WHOLE).environ)) == own
    plain = {name: value for name, value in WHOLE.items() if not secrets_in({name: value})}
    absent = {f"{name}_FILE": "/no/such" for name in WHOLE if secrets_in({name: ""}) - own}
    assert secrets_in(dict(part_of(role, plain | absent).environ)) == set()


def test_secrets_of_channels_go_where_they_are_used() -> None:
    """What admits a gateway goes to the public web, and what sends through it to workers and clock, also as a file."""
    given = {"KOMEK_CHANNEL_A_WEBHOOK_SECRET_FILE": "/a", "KOMEK_CHANNEL_A_API_KEY": "b", "KOMEK_CHANNELS_FILE": "/c"}
    held = {role: {name for name in environ_of(role, given) if name in given} for role in ROLES}
    every = {"KOMEK_CHANNELS_FILE"}
    assert held[Role.PUBLIC] - every == {"KOMEK_CHANNEL_A_WEBHOOK_SECRET_FILE"}
    assert held[Role.WORKER] - every == held[Role.CLOCK] - every == {"KOMEK_CHANNEL_A_API_KEY"}
    assert held[Role.CONSOLE] == every
    assert not is_plain("KOMEK_CHANNEL_A_API_KEY")


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.CONSOLE])
def test_the_port_of_a_web(role: Role, tmp_path: Path) -> None:
    """An option counts first, then the setting, then `PORT`. In the demo the workers must know it, so `PORT` is not used."""
    setting = "KOMEK_PORT" if role is Role.PUBLIC else "KOMEK_CONSOLE_PORT"
    assert part_of(role, {**WHOLE, "PORT": "5000"}).address == "http://127.0.0.1:5000"
    assert part_of(role, {**WHOLE, "PORT": "5000", setting: "6000"}).address == "http://127.0.0.1:6000"
    assert part_of(role, {**WHOLE, "PORT": "5000", setting: "6000"}, port=7000).address == "http://127.0.0.1:7000"
    assert part_of(role, {**WHOLE, "PORT": "none"}).address.rpartition(":")[2] in {"8000", "8001"}
    assert part_of(Role.CONSOLE, {"KOMEK_DATA": str(tmp_path), "PORT": "5000"}).address == "http://127.0.0.1:8001"


def test_a_key_that_opens_backups_is_refused() -> None:
    with pytest.raises(ConfigError, match="must not be on a machine that runs Komek"):
        part_of(Role.WORKER, {**WHOLE, "KOMEK_RESTORE_KEY": "x"})


@dataclass(frozen=True, slots=True)
class Started:
    """A service that honcho or foreman started."""

    output: Path
    port: int
    console_port: int
    leader: int
    """The process id of honcho or foreman."""

    def pids(self) -> dict[str, int]:
        """Return the process ids, by the name in the `Procfile`."""
        found = re.findall(r"(\w+)\.1 +(?:started \(pid=|\| started with pid )(\d+)", self.output.read_text())
        return {name: int(pid) for name, pid in found}


def starter(name: str) -> list[str]:
    """Return the command of a starter of Procfiles. Skip the test if it is not installed."""
    there = importlib.util.find_spec(name) if name == "honcho" else shutil.which(name)
    if there is None:
        pytest.skip(f"{name} is not installed")
    return [sys.executable, "-m", name] if name == "honcho" else [name]


@pytest.fixture(params=first(["honcho", "foreman"], by_day=1))
def started(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Started]:
    """The `Procfile` of the checkout, started by honcho and by foreman as the demo."""
    with begun(starter(request.param), tmp_path, ROOT, {"KOMEK_METRICS_TOKEN": "m" * 24}) as started:
        yield started


@contextmanager
def begun(begin: list[str], tmp_path: Path, code: Path, settings: dict[str, str]) -> Iterator[Started]:
    """Start the `Procfile` with the code of a folder. Only the launcher is replaced."""
    lines = (ROOT / "Procfile").read_text().replace("./komek ", f"{sys.executable} -m helpline.cli ")
    (tmp_path / "Procfile").write_text(lines)
    port, desk = free_port(), free_port()
    environ = settings | {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(code), "PYTHONTZPATH": "", "KOMEK_DATA": str(tmp_path / "data"),
        "KOMEK_PORT": str(port), "KOMEK_CONSOLE_PORT": str(desk),
    }  # fmt: skip
    output = tmp_path / "output"
    with output.open("w") as file:
        command = [*begin, "start", "-f", str(tmp_path / "Procfile"), "-d", str(tmp_path)]
        honcho = subprocess.Popen(command, env=environ, cwd=tmp_path, stdout=file, stderr=file, start_new_session=True)
        try:
            yield Started(output, port, desk, honcho.pid)
        finally:
            honcho.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                honcho.wait(PATIENCE_SECONDS / 3)
            for pid in [*Started(output, port, desk, honcho.pid).pids().values(), honcho.pid]:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(pid, signal.SIGKILL)
            honcho.wait(PATIENCE_SECONDS / 3)


def is_ready(port: int) -> bool:
    """Whether a web answers that it is ready."""
    with suppress(requests.RequestException):
        return requests.get(f"http://127.0.0.1:{port}/health/ready", timeout=5).ok
    return False


def test_the_procfile_starts_as_it_stands(started: Started) -> None:
    """Both webs become ready, a hop is served, and no process has the key of another one, also not in the kernel."""
    until(lambda: is_ready(started.port) and is_ready(started.console_port), "both webs ready")
    hook = until(lambda: re.search(r"http://\S+/ussd", started.output.read_text()), "the address of the webhook")[0]
    form = {"sessionId": "ATUid_1", "serviceCode": "*500#", "phoneNumber": "+996000111001", "text": ""}
    assert requests.post(hook, form, timeout=PATIENCE_SECONDS).text.startswith("CON 1 ")
    for name, role in zip(("web", "console", "worker", "clock"), ROLES, strict=True):
        there = Path(f"/proc/{started.pids()[name]}/environ")
        if there.exists():
            held = dict(line.partition("=")[::2] for line in there.read_text().split("\0") if line)
            assert secrets_in(held) - EXTRA[role] == HOLDS[role], name


def is_live(port: int) -> bool:
    """Whether a web answers at all."""
    with suppress(requests.RequestException):
        return requests.get(f"http://127.0.0.1:{port}/health/live", timeout=5).ok
    return False


def key_files(folder: Path) -> dict[str, str]:
    """Write each secret of production into a file of its own. Return the settings that name them."""
    folder.mkdir(mode=0o700)
    found = {}
    for name, value in WHOLE.items():
        if secrets_in({name: value}) and name != "OTHER_SECRET":
            (file := folder / name).touch(mode=0o600)
            file.write_text(value)
            found[f"{name}_FILE"] = str(file)
    return found


@pytest.mark.nightly
@pytest.mark.faults
@pytest.mark.parametrize("name", ["honcho", "foreman"])
def test_in_production_no_process_holds_a_key_or_knows_where_another_roles_keys_are(name: str, tmp_path: Path) -> None:
    """With the keys in files. The environment is read from the kernel, as another program of the same user could."""
    begin, queue = starter(name), Server(tmp_path / "queue")
    (tmp_path / "queue").mkdir()
    queue.begin()
    upgrade_a_new(tmp_path / "data")
    settings = key_files(tmp_path / "keys") | {
        "KOMEK_CHANNELS": "africastalking", "KOMEK_GATEWAY_USERNAME": "sandbox", "KOMEK_REDIS_URL": queue.url,
        "KOMEK_CONSOLE_URL": "https://desk.example.org",
    }  # fmt: skip
    try:
        with begun(begin, tmp_path, ready_source(tmp_path / "source"), settings) as started:
            until(lambda: is_live(started.port) and is_live(started.console_port), "both webs answer", 200)
            form = {"sessionId": "ATUid_1", "serviceCode": "*500#", "phoneNumber": "+996000111001", "text": ""}
            hook = f"http://127.0.0.1:{started.port}/in/africastalking/{WHOLE['KOMEK_WEBHOOK_SECRET']}/ussd"
            assert requests.post(hook, form, timeout=PATIENCE_SECONDS).text.startswith("END "), "the line is not open"
            for process, role in zip(("web", "console", "worker", "clock"), ROLES, strict=True):
                told = Path(f"/proc/{started.pids()[process]}/environ").read_text()
                held = dict(line.partition("=")[::2] for line in told.split("\0") if line)
                assert secrets_in(held) == HOLDS[role] | EXTRA[role], process
                assert not [key for key, value in WHOLE.items() if secrets_in({key: value}) and value in told], process
    finally:
        queue.end()


def upgrade_a_new(data: Path) -> None:
    """Make the tables in a data folder."""
    data.mkdir(mode=0o700)
    db = connect(Config(data=data).sql_url)
    upgrade(db)
    db.dispose()
