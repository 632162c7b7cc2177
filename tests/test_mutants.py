"""The mutants are tried for real, on a tiny tree with one rule and one test of it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpline.operations.testing import run, selected, try_mutants

RULE = """\
def may_write(said: str) -> bool:
    return said == "yes"
"""
TESTS = """\
import subprocess, sys
import pytest
from rule import may_write

@pytest.mark.parametrize("said", ["no", ""])
def test_r12_not_said_is_no(said):
    assert not may_write(said)

def test_r12_yes_is_yes():
    assert may_write("yes")

def test_r12_in_a_process():
    code = "import rule, sys; sys.exit(rule.may_write('no'))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0

@pytest.fixture
def said():
    assert not may_write("no")

def test_r12_by_fixture(said): pass
"""
BREAK = """\
--- a/rule.py
+++ b/rule.py
@@ -1,2 +1,2 @@
 def may_write(said: str) -> bool:
-    return said == "yes"
+    return said != "maybe"
"""
GUARD = "tests/test_rule.py::test_r12_not_said_is_no"
pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="needs git")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # a tiny tree needs none: it is quick
    tree = tmp_path / "tree"
    (tree / "tests" / "mutants").mkdir(parents=True)
    (tree / "rule.py").write_text(RULE)
    (tree / "tests" / "test_rule.py").write_text(TESTS)
    (tree / "data").mkdir()
    os.mkfifo(tree / "data" / "pipe")  # cannot be copied: a demo's data must not be touched
    return tree


def add(tree: Path, name: str, patch: str, *kills: str) -> None:
    (tree / "tests" / "mutants" / name).write_text("".join(f"# kills: {test}\n" for test in kills) + patch)


@pytest.mark.parametrize("plugins", ["the named ones", "all"])
def test_a_mutant_that_its_tests_notice_is_killed(
    tree: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, plugins: str
) -> None:
    if plugins == "all":  # as `komek test` finds them: one that is named as well must not count twice
        monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    add(tree, "r12-said.patch", BREAK, GUARD, "tests/test_rule.py::test_r12_in_a_process")
    assert try_mutants(tree) == 0
    assert "mutants: 1 passed, 0 failed" in capfd.readouterr().out
    assert (tree / "rule.py").read_text() == RULE


@pytest.mark.parametrize(
    ("patch", "kills", "said"),
    [
        pytest.param(BREAK, "tests/test_rule.py::test_r12_yes_is_yes", "SURVIVED", id="nobody notices"),
        pytest.param(BREAK, "tests/test_rule.py::test_r12_by_fixture", "did not run", id="only a fixture breaks"),
        pytest.param(BREAK, "", "names no test", id="no test named"),
        pytest.param(BREAK.replace("rule.py", "gone.py"), GUARD, "does not apply", id="outdated"),
        pytest.param(BREAK + "+    pass\n" * 5, GUARD, "5 at most", id="too large"),
        pytest.param(BREAK.replace("return said !=", "return said !"), GUARD, "exit code", id="cannot be imported"),
    ],
)
def test_a_mutant_that_gets_away_is_a_failure(
    tree: Path, capfd: pytest.CaptureFixture[str], patch: str, kills: str, said: str
) -> None:
    add(tree, "r12-said.patch", patch, *filter(None, [kills]))
    assert try_mutants(tree) == 1
    out = capfd.readouterr().out
    assert said in out
    assert "mutants: 0 passed, 1 failed" in out


def test_one_of_two_tests_that_stays_green_is_enough_to_survive(tree: Path, capfd: pytest.CaptureFixture[str]) -> None:
    add(tree, "r12-said.patch", BREAK, GUARD, "tests/test_rule.py::test_r12_yes_is_yes")
    assert try_mutants(tree) == 1
    assert "SURVIVED tests/test_rule.py::test_r12_yes_is_yes" in capfd.readouterr().out


@pytest.mark.parametrize("test", [GUARD, "tests/test_rule.py::test_r12_misspelt"])
def test_tests_that_do_not_pass_on_the_code_as_it_is_prove_nothing(
    tree: Path, capfd: pytest.CaptureFixture[str], test: str
) -> None:
    (tree / "rule.py").write_text(RULE.replace("==", "!="))
    add(tree, "r12-said.patch", BREAK, test)
    assert try_mutants(tree) == 1
    assert "must pass before" in capfd.readouterr().out


def test_no_mutants_is_not_a_success(tree: Path) -> None:
    assert try_mutants(tree) == 1


def test_patch_does_where_there_is_no_git(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("patch"):
        pytest.skip("needs patch")
    monkeypatch.setattr("shutil.which", {"patch": "patch"}.get)
    add(tree, "r12-said.patch", BREAK, GUARD)
    assert try_mutants(tree) == 0


def test_without_either_it_says_what_to_install(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", {}.get)
    add(tree, "r12-said.patch", BREAK, GUARD)
    assert try_mutants(tree) == 1
    assert "apt install git" in capfd.readouterr().out


def test_a_mutant_applies_inside_another_checkout(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outer = tree.parent / "outer"
    outer.mkdir()
    subprocess.run(["git", "init", "-q", str(outer)], check=True)
    monkeypatch.setattr("tempfile.tempdir", str(outer))
    add(tree, "r12-said.patch", BREAK, GUARD)
    assert try_mutants(tree) == 0


@pytest.mark.parametrize(
    ("arguments", "nightly", "given"),
    [
        ([], False, ["-m", "not nightly"]),
        ([], True, []),
        (["-q", "-m", "faults or postgres"], False, ["-m", "(faults or postgres) and not nightly", "-q"]),
        (["-m", "browser"], True, ["-m", "(browser)"]),
    ],
)
def test_nightly_tests_run_only_when_asked_for(arguments: list[str], nightly: bool, given: list[str]) -> None:
    assert selected(arguments, nightly=nightly) == given


def test_a_run_says_what_is_absent_and_gives_pytests_exit_code(tree: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["-q", GUARD], mutants=False, nightly=False, root=tree) == 0
    out = capfd.readouterr().out
    assert all(f"{what}: " in out for what in ("browser", "PostgreSQL", "node"))
    assert "2 passed" in out
    assert run([GUARD + "_misspelt"], mutants=False, nightly=False, root=tree) == 4


def test_absent_things_are_named_with_what_is_lost(tmp_path: Path) -> None:
    code = "from helpline.operations.testing import surroundings; print(*surroundings(), sep='\\n')"
    path = {"PATH": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[1])}
    out = subprocess.run([sys.executable, "-c", code], env=path, capture_output=True, text=True, check=True).stdout
    assert "browser: absent, so the browser tests are skipped" in out
    assert "node: absent" in out


def test_an_installed_copy_has_no_tests_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([], mutants=False, nightly=False, root=tmp_path) == 2
    assert "checkout" in capsys.readouterr().out
