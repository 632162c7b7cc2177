"""The rule of docs/architecture.md: imports point down. Each contract is shown to catch what it forbids."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PUBLIC = "The public process imports nothing of casework, and nothing that opens a number"
LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONPATH": str(root), "NO_COLOR": "1"}
    command = [*LINT, "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)


def test_every_import_points_down() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a tree that has nothing but the modules that the contracts name, all empty."""
    root = tmp_path_factory.mktemp("bare")
    config = re.sub(
        r"^ignore_imports = \[.*?^\]$", "", (ROOT / "pyproject.toml").read_text(), flags=re.MULTILINE | re.DOTALL
    )
    (root / "pyproject.toml").write_text(config)
    linter = tomllib.loads(config)["tool"]["importlinter"]
    ours = set(linter["root_packages"])
    for contract in linter["contracts"]:
        named = {*contract.get("source_modules", ()), *contract.get("forbidden_modules", ())}
        inside = [f"{container}." for container in contract.get("containers", [""])]
        layers = (name for layer in contract.get("layers", ()) for name in layer.split(" | "))
        for module in (*named, *(f"{container}{name}".lstrip(".") for name in layers for container in inside)):
            package, *rest = module.split(".")
            if package in ours:
                folder = root.joinpath(package, *rest)
                folder.mkdir(parents=True, exist_ok=True)
                while folder != root:
                    (folder / "__init__.py").touch()
                    folder = folder.parent
    return root


def test_a_tree_without_imports_breaks_no_contract(bare: Path) -> None:
    done = lint(bare)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "imports", "contract"),
    [
        ("menus", "helpline", "Imports point down"),
        ("helpline", "gateway.channels", "Imports point down"),
        ("gateway.webhooks", "workers", "Imports point down"),
        *(
            ("menus", library, "The engine is pure")
            for library in ("flask", "logging", "random", "redis", "requests", "rq", "socket", "sqlalchemy", "time")
        ),
        ("helpline.matching.next_step", "sqlalchemy", "Code that decides knows no SQL and no HTTP"),
        ("helpline.request.model", "helpline.store", "Code that decides knows no SQL and no HTTP"),
        ("helpline.core.call_windows", "requests", "Code that decides knows no SQL and no HTTP"),
        ("helpline.request.model", "flask", "Code that decides knows no SQL and no HTTP"),
        ("helpline.directory.service", "rq", "Code that decides knows no SQL and no HTTP"),
        ("gateway.channels", "flask", "Channels import neither Flask nor the app"),
        ("gateway.channels", "gateway.app", "Channels import neither Flask nor the app"),
        ("workers", "gateway.phone", "Workers reach gateways through channels, never through the web app"),
        ("gateway.app", "gateway.console", "The public web and the console are two processes and share no page"),
        ("helpline.staff.roles", "helpline.store", "Code that decides knows no SQL and no HTTP"),
        ("helpline.matching", "helpline.casework", "Packages of helpline import only packages below them"),
        ("helpline.staff", "helpline.request", "Packages of helpline import only packages below them"),
        ("helpline.caller", "helpline.reveal", "Packages of helpline import only packages below them"),
        *(
            ("gateway.webhooks", f"helpline.{hidden}", PUBLIC)
            for hidden in ("casework", "messaging", "accounts", "oversight", "authoring", "reveal.revealing")
        ),
        (
            "helpline.caller.stops",
            "helpline.referral.context",
            "Code for callers never gets the workers' context, which holds the audit key",
        ),
        ("helpline.caller.hop", "sqlalchemy", "Only store and modules that hold rows use SQL"),
        ("workers", "gateway.console", "Workers reach gateways through channels, never through the web app"),
        ("workers", "gateway.webhooks", "Workers reach gateways through channels, never through the web app"),
    ],
)
def test_a_forbidden_import_is_reported(bare: Path, module: str, imports: str, contract: str) -> None:
    path = bare.joinpath(*module.split(".")) / "__init__.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"def later():\n    import {imports}\n")
    try:
        done = lint(bare)
    finally:
        path.write_text("")
    assert done.returncode == 1
    assert f"{contract} BROKEN" in done.stdout


def dependencies() -> list[Requirement]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return [Requirement(line) for line in (*config["project"]["dependencies"], *config["dependency-groups"]["test"])]


@pytest.mark.parametrize("wanted", dependencies(), ids=lambda wanted: wanted.name)
def test_every_dependency_is_locked_and_has_a_reason(wanted: Requirement) -> None:
    locked = (ROOT / "requirements.lock").read_text() + (ROOT / "requirements-test.lock").read_text()
    found = re.search(rf"^{re.escape(wanted.name)}==(\S+)", locked, re.MULTILINE)
    assert found, f"{wanted.name} is not locked: run the commands in the first lines of the locks"
    assert found[1] in wanted.specifier, (
        "the locks are older than pyproject.toml: run the commands in their first lines"
    )
    assert f"\n| `{wanted.name}`" in (ROOT / "docs/decisions/0002-dependencies.md").read_text()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_has_hashes_and_no_addresses(lock: str) -> None:
    text = (ROOT / lock).read_text()
    pins = re.findall(r"^[a-z0-9].*", text, re.MULTILINE)
    assert pins
    assert all(pin.endswith("\\") and "==" in pin for pin in pins), "each pin goes on with its hashes"
    assert "://" not in text
    assert "@" not in text


def test_a_package_in_two_locks_has_the_same_version() -> None:
    run, test = (
        dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))
        for lock in ("requirements.lock", "requirements-test.lock")
    )
    both = run.keys() & test.keys()
    assert {name: test[name] for name in both} == {name: run[name] for name in both}


@pytest.mark.parametrize(
    ("process", "imports", "needless"),
    [
        (
            "komek up",
            "helpline.cli, helpline.commands.operate.run_all",
            "flask phonenumbers redis requests rq sqlalchemy yaml helpline.content helpline.store",
        ),
        ("the web", "gateway.__main__, gateway.app", "argon2 reportlab segno webauthn helpline.casework"),
        ("the console", "gateway.__main__, gateway.console.app", "reportlab requests segno webauthn gateway.channels"),
        ("a worker", "workers.__main__, workers.jobs, workers.wiring", "argon2 flask jinja2 reportlab segno werkzeug"),
        ("the clock", "workers.clock, workers.jobs, workers.wiring", "argon2 flask jinja2 reportlab segno werkzeug"),
    ],
)
def test_a_process_imports_nothing_needless(process: str, imports: str, needless: str) -> None:
    """It would keep that in memory for months."""
    code = f"import sys, {imports}\nprint(*(name for name in {needless.split()} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [], f"{process} imports what it does not need"
