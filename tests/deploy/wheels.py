"""Build Komek as a wheel and install it where there is no checkout."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

BUILT_FROM = ("content", "gateway", "helpline", "menus", "workers", "pyproject.toml", "README.md", "LICENSE")
NOT_BUILT = shutil.ignore_patterns("__pycache__", "*.pyc")
OLDEST_SETUPTOOLS = 77


def run(*command: str | Path, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KOMEK_", "PYTHON"))}
    return subprocess.run(
        [*map(str, command)], cwd=folder, env=clean | environ, capture_output=True, text=True, check=False
    )


def has_setuptools() -> bool:
    try:
        return int(version("setuptools").partition(".")[0]) >= OLDEST_SETUPTOOLS
    except PackageNotFoundError:
        return False


def build(tree: Path, folder: Path) -> Path:
    """Build the wheel of a tree from a copy in `folder`, so that nothing of an earlier build gets into it.

    pip fetches setuptools for it unless there is a new one here. Without network the test is skipped.
    """
    copy, into = folder / "source", folder / "wheel"
    copy.mkdir(parents=True)
    for name in BUILT_FROM:
        there = tree / name
        shutil.copytree(there, copy / name, ignore=NOT_BUILT) if there.is_dir() else shutil.copy(there, copy)
    alone = ["--no-build-isolation"] if has_setuptools() else []
    made = run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", *alone, "-w", into, ".", folder=copy)
    if made.returncode and not alone:
        pytest.skip("pip cannot fetch setuptools: no network?")
    assert made.returncode == 0, made.stderr
    (path,) = into.glob("*.whl")
    return path


def install(wheel: Path, place: Path) -> Path:
    """Install a wheel into the environment `place`, which is made if there is none. Return its `komek`.

    The packages that it needs are those of the tests, by a `.pth` file: they are not fetched again. Their own `.pth`
    files do not count there, so the environment does not find this checkout.
    """
    if not place.exists():
        venv.create(place, with_pip=False, symlinks=True)
    packages = next(place.glob("lib/python*/site-packages"))
    made = run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--disable-pip-version-check",
               "--upgrade", "--force-reinstall", "--prefix", place, wheel, folder=place)  # fmt: skip
    assert made.returncode == 0, made.stderr
    (packages / "tests.pth").write_text(sysconfig.get_path("purelib") + "\n")
    command = place / "bin" / "komek"
    lines = command.read_text().splitlines()
    command.write_text("\n".join([f"#!{place / 'bin' / 'python'}", *lines[1:]]) + "\n")  # pip names its own Python
    return command
