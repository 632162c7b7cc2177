"""The files in `deploy/`: each role gets its own secrets, only the proxy is published, and no address is logged."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpline.core.config import Config
from helpline.core.process_keys import HOLDS, OTHER_SECRETS, PREFIX, Role

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
ROLES = {"web": Role.PUBLIC, "console": Role.CONSOLE, "worker": Role.WORKER, "clock": Role.CLOCK, "backup": Role.BACKUP}
"""The name in compose.yaml and in systemd → the role."""
GIVEN_BY_HAND = {"rehearsal_numbers", "directory_token", "events_key"}
"""The telephones of a rehearsal, and the secrets of what is off by default."""
OURS = [*ROLES, "migrate"]
MOST_EXPOSED = 2.0
"""What `systemd-analyze security` may say: 10 is no protection, 0 is all."""


def secrets_of(role: Role) -> set[str]:
    """Return the secrets that a role has, with its address of the database, but those that operators give by hand."""
    others = {name for name, roles in OTHER_SECRETS.items() if role in roles} - GIVEN_BY_HAND
    return {*HOLDS[role], *others, "database_url"}


def compose() -> dict[str, Any]:
    """Read compose.yaml."""
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return read


def files_of(environ: dict[str, str]) -> set[str]:
    """Return the settings that an environment gives as files."""
    return {name.removeprefix(PREFIX).removesuffix("_FILE").lower() for name in environ if name.endswith("_FILE")}


@pytest.mark.parametrize("name", ROLES)
def test_a_container_has_the_secrets_of_its_role_only(name: str) -> None:
    service = compose()["services"][name]
    given = {each.removesuffix("_public") for each in service["secrets"]}
    assert given == files_of(service["environment"]) == secrets_of(ROLES[name])
    assert ("database_url_public" in service["secrets"]) is (name == "web")


def test_only_the_proxy_is_published_and_each_secret_is_a_file() -> None:
    read = compose()
    services = read["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["caddy"]
    assert {name for service in services.values() for name in service.get("secrets", ())} == set(read["secrets"])
    assert all(read["networks"][name].get("internal") for name in ("front", "inside", "figures"))
    assert "outside" not in services["database"]["networks"] + services["web"]["networks"]


@pytest.mark.parametrize("name", OURS)
def test_a_container_cannot_write_its_image_or_gain_rights(name: str) -> None:
    service = compose()["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service


def test_figures_are_run_on_request_only_and_ask_nothing_outside() -> None:
    """A person who reads the figures sees that somebody called."""
    services = compose()["services"]
    assert [name for name, service in services.items() if "profiles" in service] == ["prometheus", "grafana"]
    for name in ("prometheus", "grafana"):
        assert services[name]["profiles"] == ["observe"]
        assert services[name]["networks"] == ["figures"]
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]


def test_the_web_starts_without_the_database() -> None:
    """Callers see the emergency number whatever else is down (R19)."""
    conditions = {each["condition"] for each in compose()["services"]["web"]["depends_on"].values()}
    assert conditions == {"service_started"}


def settings_in(text: str) -> dict[str, str]:
    """Return the settings in a file of an environment."""
    return dict(line.split("=", 1) for line in text.splitlines() if line.startswith(PREFIX))


def test_the_example_of_plain_settings_is_valid_and_holds_no_secret() -> None:
    given = settings_in((DEPLOY / "komek.env.example").read_text())
    config = Config.read(given)
    assert not config.demo
    assert not {name.removeprefix(PREFIX).lower() for name in given} & {*secrets_of(Role.WORKER), *OTHER_SECRETS}


def test_the_image_holds_what_runs_and_no_root() -> None:
    """All that pyproject.toml installs is copied, packages are checked against their hashes, and the user is not root."""
    lines = (DEPLOY / "Dockerfile").read_text()
    let_in = (DEPLOY / "Dockerfile.dockerignore").read_text()
    copied = {name for row in re.findall(r"^COPY (?!--)(.+) \S+$", lines, re.MULTILINE) for name in row.split()}
    assert all((ROOT / name).exists() for name in copied)
    assert {"content", "gateway", "helpline", "menus", "workers"} < copied
    assert {name.removeprefix("!") for name in let_in.splitlines() if name.startswith("!")} == copied
    assert "--require-hashes --only-binary :all:" in lines
    assert re.search(r"^USER ([1-9]\d+):\1$", lines, re.MULTILINE)


def test_the_grants_are_those_of_the_docs() -> None:
    page = (ROOT / "docs" / "database.md").read_text()
    written = (DEPLOY / "postgres" / "grants.sql").read_text()
    blocks = re.findall(r"<!-- tests/\S+ runs this[^>]*-->\n```sql\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 2
    assert all(block.strip() in written for block in blocks)


def test_no_proxy_logs_an_address() -> None:
    """The addresses of webhooks hold the secret."""
    nginx = (DEPLOY / "nginx.conf").read_text()
    assert (
        nginx.count("server {")
        == nginx.count("access_log off;")
        == nginx.count("error_log /var/log/nginx/komek.log crit;")
    )
    caddy = (DEPLOY / "Caddyfile").read_text()
    assert re.findall(r"^\s*log\b.*\n\s*(.*)\n\s*(.*)$", caddy, re.MULTILINE) == [
        ("level ERROR", "exclude http.log http.handlers")
    ]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_loads_the_secrets_of_its_role_only(unit: Path) -> None:
    text = unit.read_text()
    role = ROLES[re.sub(r"komek-(\w+)@?", r"\1", unit.stem)]
    loaded = set(re.findall(r"^LoadCredential=(\w+):", text, re.MULTILINE))
    environ = dict(re.findall(r"^Environment=(KOMEK_\w+_FILE)=%d/(\w+)$", text, re.MULTILINE))
    assert loaded == files_of(environ) == secrets_of(role)
    assert {name.removeprefix(PREFIX).removesuffix("_FILE").lower() for name in environ} == set(environ.values())
    assert ("database_url_public" in text) is (role is Role.PUBLIC)


def test_units_are_valid_and_little_exposed(tmp_path: Path) -> None:
    """`systemd-analyze` reads them. The command is replaced, because Komek is not installed there."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    for unit in sorted((DEPLOY / "systemd").glob("komek*")):
        text = unit.read_text().replace("/opt/komek/bin/komek", "/bin/true")
        for name in [unit.name.replace("@", f"@{number}") for number in (1, 2)] if "@" in unit.name else [unit.name]:
            (tmp_path / name).write_text(text)
    found = sorted(str(unit) for unit in tmp_path.iterdir())
    done = subprocess.run(
        [analyze, "verify", "--man=no", *found], env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "komek" in line]
    assert (done.returncode, ours) == (0, [])
    for unit in sorted(tmp_path.glob("*.service")):
        said = subprocess.run(
            [analyze, "security", "--offline=true", "--no-pager", str(unit)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        level = re.search(r"Overall exposure level for \S+ ([\d.]+)", said)
        assert level, said
        assert float(level[1]) <= MOST_EXPOSED, unit.name


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_may_read_the_clock_and_a_forbidden_system_call_ends_no_process(unit: Path) -> None:
    """Each process asks at its start whether a time service keeps the clock right (adjtimex). `@privileged` and
    `ProtectClock` forbid that, and the default of a filter is to kill: then no worker would run."""
    text = unit.read_text()
    filters = re.findall(r"^SystemCallFilter=(.*)$", text, re.MULTILINE)
    assert filters == ["@system-service", "~@privileged", "adjtimex clock_adjtime"]
    assert re.findall(r"^SystemCallErrorNumber=(.*)$", text, re.MULTILINE) == ["EPERM"]
    assert "ProtectClock=yes" not in text
    assert re.findall(r"^CapabilityBoundingSet=(.*)$", text, re.MULTILINE) == [""]


def test_the_users_are_valid(tmp_path: Path) -> None:
    """`systemd-sysusers` reads the file, and every user of a unit is made."""
    tool = shutil.which("systemd-sysusers")
    if tool is None:
        pytest.skip("systemd-sysusers is not installed")
    (tmp_path / "etc").mkdir()
    done = subprocess.run(
        [tool, "--dry-run", f"--root={tmp_path}", str(DEPLOY / "systemd" / "sysusers.conf")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = set(re.findall(r"Creating user '([\w-]+)'", done.stdout + done.stderr))
    assert made == {name for unit in UNITS for name in re.findall(r"^User=(\S+)$", unit.read_text(), re.MULTILINE)}


def test_compose_reads_its_file(tmp_path: Path) -> None:
    """`docker compose config` needs no daemon. It finds what only its own schema forbids."""
    for command in (["docker-compose"], ["docker", "compose"]):
        if shutil.which(command[0]):
            break
    else:
        pytest.skip("Docker Compose is not installed")
    place = tmp_path / "deploy"
    shutil.copytree(DEPLOY, place)
    shutil.copy(place / "komek.env.example", place / "komek.env")
    done = subprocess.run(
        [*command, "-f", str(place / "compose.yaml"), "--profile", "observe", "config", "--format", "json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    assert read["services"].keys() == compose()["services"].keys()
    assert read["services"]["worker"]["environment"]["KOMEK_COUNTRY"] == "KG"
