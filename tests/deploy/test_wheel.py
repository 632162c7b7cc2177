"""A wheel of Komek, installed where there is no checkout, answers a call; and a Python without its packages says so."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from tests.running import ROOT, running

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


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, so that nothing of an earlier build gets into it.

    pip fetches setuptools for it unless there is a new one here. Without network the tests are skipped.
    """
    copy, into = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in BUILT_FROM:
        there = ROOT / name
        shutil.copytree(there, copy / name, ignore=NOT_BUILT) if there.is_dir() else shutil.copy(there, copy)
    alone = ["--no-build-isolation"] if has_setuptools() else []
    made = run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", *alone, "-w", into, ".", folder=copy)
    if made.returncode and not alone:
        pytest.skip("pip cannot fetch setuptools: no network?")
    assert made.returncode == 0, made.stderr
    (path,) = into.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a new environment. Return its `komek`.

    The packages that it needs are those of the tests, by a `.pth` file: they are not fetched again. Their own `.pth`
    files do not count there, so the environment does not find this checkout.
    """
    place = tmp_path_factory.mktemp("installed") / "komek"
    venv.create(place, with_pip=False, symlinks=True)
    packages = next(place.glob("lib/python*/site-packages"))
    made = run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--disable-pip-version-check",
               "--prefix", place, wheel, folder=place)  # fmt: skip
    assert made.returncode == 0, made.stderr
    (packages / "tests.pth").write_text(sysconfig.get_path("purelib") + "\n")
    command = place / "bin" / "komek"
    lines = command.read_text().splitlines()
    command.write_text("\n".join([f"#!{place / 'bin' / 'python'}", *lines[1:]]) + "\n")  # pip names its own Python
    return command


def test_the_wheel_holds_the_content_and_no_tests(wheel: Path) -> None:
    import zipfile

    names = zipfile.ZipFile(wheel).namelist()
    assert "content/countries/kg.yaml" in names
    assert "content/locale/ky/LC_MESSAGES/content.po" in names
    assert any(name.startswith("gateway/console/templates/") for name in names)
    assert not any(name.startswith(("tests/", "docs/")) or name.endswith(".pyc") for name in names)


@pytest.mark.faults
def test_an_installed_wheel_answers_a_call(installed: Path, tmp_path: Path) -> None:
    where = run(installed.with_name("python"), "-c", "import helpline; print(helpline.__file__)", folder=tmp_path)
    assert Path(where.stdout.strip()).is_relative_to(installed.parents[1])
    assert run(installed, "--version", folder=tmp_path).stdout == "komek, version 0.1.0\n"
    with running(tmp_path / "data", installed) as service:
        assert "Русский" in service.hop("first", ())
        assert "2" in service.hop("first", ("2",))


@pytest.mark.parametrize("module", ["gateway", "workers", "workers.clock"])
def test_a_python_without_the_packages_says_which_environment_to_use(module: str, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    venv.create(bare, with_pip=False, symlinks=True)
    ended = run(bare / "bin" / "python", "-m", module, "public", folder=ROOT)
    assert ended.returncode == os.EX_CONFIG
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert line.startswith("komek: this Python has no ")
    assert "./komek run public" in line
    assert f".venv/bin/python -m {module}" in line


def test_an_error_of_our_own_is_not_taken_for_a_missing_package(tmp_path: Path) -> None:
    """A module of ours that does not exist is a fault to see as it is."""
    code = "from helpline.core import missing_package as m\nwith m.explained('gateway'):\n    import helpline.nothing"
    ended = run(sys.executable, "-c", code, folder=ROOT, PYTHONPATH=str(ROOT))
    assert ended.returncode == 1
    assert "No module named 'helpline.nothing'" in ended.stderr
