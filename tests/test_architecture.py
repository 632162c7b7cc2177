"""The rule of docs/architecture.md: an arrow points down, or it is a bug. And the check itself is checked."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONPATH": str(root), "NO_COLOR": "1"}
    command = [*LINT, "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)


def test_every_arrow_points_down() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a tree that has nothing but the modules that the contracts name, all empty."""
    root = tmp_path_factory.mktemp("bare")
    config = (ROOT / "pyproject.toml").read_text()
    (root / "pyproject.toml").write_text(config)
    linter = tomllib.loads(config)["tool"]["importlinter"]
    ours = set(linter["root_packages"])
    lists = ("source_modules", "forbidden_modules", "layers")
    named = {module for contract in linter["contracts"] for key in lists for module in contract.get(key, ())}
    for module in named:
        package, *rest = module.split(".")
        if package in ours:
            folder = root.joinpath(package, *rest)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "__init__.py").touch()
    return root


def test_a_tree_without_imports_breaks_no_contract(bare: Path) -> None:
    done = lint(bare)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "imports", "contract"),
    [
        ("menus", "helpline", "An arrow points down"),
        ("helpline", "gateway.channels", "An arrow points down"),
        ("gateway.webhooks", "workers", "An arrow points down"),
        *(
            ("menus", library, "The engine is pure")
            for library in ("flask", "logging", "random", "redis", "requests", "rq", "socket", "sqlalchemy", "time")
        ),
        ("helpline.dispatch", "sqlalchemy", "What decides knows no SQL and no HTTP"),
        ("helpline.consent", "helpline.store", "What decides knows no SQL and no HTTP"),
        ("helpline.contact", "requests", "What decides knows no SQL and no HTTP"),
        ("helpline.request", "flask", "What decides knows no SQL and no HTTP"),
        ("helpline.directory", "rq", "What decides knows no SQL and no HTTP"),
        ("gateway.channels", "flask", "A channel knows neither Flask nor the app"),
        ("gateway.channels", "gateway.app", "A channel knows neither Flask nor the app"),
        ("workers", "gateway.phone", "Workers reach the outside through channels, never through the web app"),
        ("workers", "gateway.webhooks", "Workers reach the outside through channels, never through the web app"),
    ],
)
def test_an_arrow_that_points_up_is_seen(bare: Path, module: str, imports: str, contract: str) -> None:
    path = bare.joinpath(*module.split(".")) / "__init__.py"
    path.write_text(f"def later():\n    import {imports}\n")
    try:
        done = lint(bare)
    finally:
        path.write_text("")
    assert done.returncode == 1
    assert f"{contract} BROKEN" in done.stdout
