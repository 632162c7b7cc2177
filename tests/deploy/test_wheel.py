"""A wheel of Komek, installed where there is no checkout, answers a call; and a Python without its packages says so."""

import os
import sys
import venv
from pathlib import Path

import pytest

from tests.deploy.wheels import run
from tests.running import ROOT, running


def test_the_wheel_holds_the_content_and_no_tests(wheel: Path) -> None:
    import zipfile

    names = zipfile.ZipFile(wheel).namelist()
    assert "content/countries/kg.yaml" in names
    assert "content/locale/ky/LC_MESSAGES/content.po" in names
    assert any(name.startswith("gateway/console/templates/") for name in names)
    assert not any(name.startswith(("tests/", "docs/")) or name.endswith(".pyc") for name in names)


@pytest.mark.faults
@pytest.mark.nightly
def test_an_installed_wheel_answers_a_call(installed: Path, tmp_path: Path) -> None:
    where = run(installed.with_name("python"), "-c", "import helpline; print(helpline.__file__)", folder=tmp_path)
    assert Path(where.stdout.strip()).is_relative_to(installed.parents[1])
    assert run(installed, "--version", folder=tmp_path).stdout == "komek, version 0.1.0\n"
    marked = run(installed, "translate", "reviewed", "ru", "danger", "--by", "A. Reader", "--write", folder=tmp_path)
    assert marked.returncode == 1
    assert "in the checkout" in marked.stderr
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
