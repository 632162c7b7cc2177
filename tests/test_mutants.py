"""The mutants are tried for real, on a tiny tree with one rule and one test."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

from helpline.operations import mutants
from helpline.operations.mutant_forks import apply, patched_files
from helpline.operations.mutants import all_mutants, changed
from helpline.operations.testing import PARTS, ROOT, run, selected
from tests.conftest import CAN_WAIT, MARKS

CONTROLS = sorted((ROOT / "tests" / "faults").glob("*.patch"))
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
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # a tiny tree needs no plugins, and is quick without them
    tree = tmp_path / "tree"
    (tree / "tests" / "mutants").mkdir(parents=True)
    (tree / "rule.py").write_text(RULE)
    (tree / "tests" / "test_rule.py").write_text(TESTS)
    (tree / "data").mkdir()
    os.mkfifo(tree / "data" / "pipe")  # a pipe cannot be copied, so this fails if a demo's data is touched
    return tree


def try_mutants(tree: Path) -> int:
    return mutants.try_mutants(tree, all_mutants(tree))


def add(tree: Path, name: str, patch: str, *kills: str) -> None:
    (tree / "tests" / "mutants" / name).write_text("".join(f"# kills: {test}\n" for test in kills) + patch)


@pytest.mark.parametrize("plugins", ["the named ones", "all"])
def test_a_mutant_that_its_tests_notice_is_killed(
    tree: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, plugins: str
) -> None:
    if plugins == "all":  # as `komek test` finds them: a plugin that is also named must not count twice
        monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    add(tree, "r12-said.patch", BREAK, GUARD, "tests/test_rule.py::test_r12_in_a_process")
    assert try_mutants(tree) == 0
    assert "mutants: 1 passed, 0 failed" in capfd.readouterr().out
    assert (tree / "rule.py").read_text() == RULE


def test_a_mutant_of_the_same_size_and_second_is_still_compiled(tree: Path) -> None:
    """Python compares second and size to decide whether a compiled file is current."""
    add(tree, "r12-said.patch", BREAK.replace('!= "maybe"', '!= "yes"'), GUARD)
    assert try_mutants(tree) == 0


def test_a_mutant_may_break_a_file_that_is_not_python(tree: Path) -> None:
    (tree / "words.txt").write_text("no\n")
    (tree / "tests" / "test_words.py").write_text(
        "from pathlib import Path\n"
        "def test_words(): assert (Path(__file__).parents[1] / 'words.txt').read_text() == 'no\\n'\n"
    )
    add(
        tree,
        "r12.patch",
        "--- a/words.txt\n+++ b/words.txt\n@@ -1 +1 @@\n-no\n+yes\n",
        "tests/test_words.py::test_words",
    )
    assert try_mutants(tree) == 0
    assert (tree / "words.txt").read_text() == "no\n"


def test_without_hard_links_a_mutant_uses_copies(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = tree.parent / "sitecustomize.py"
    sealed.write_text("import os\ndef refuse(*_): raise OSError('another file system')\nos.link = refuse\n")
    monkeypatch.setenv("PYTHONPATH", str(tree.parent))
    add(tree, "r12-said.patch", BREAK, GUARD)
    assert try_mutants(tree) == 0


@pytest.mark.parametrize(
    ("patch", "kills", "message"),
    [
        pytest.param(BREAK, "tests/test_rule.py::test_r12_yes_is_yes", "SURVIVED", id="nobody notices"),
        pytest.param(BREAK, "tests/test_rule.py::test_r12_by_fixture", "did not run", id="only a fixture breaks"),
        pytest.param(BREAK, "", "names no test", id="no test named"),
        pytest.param(BREAK.replace("rule.py", "gone.py"), GUARD, "does not apply", id="outdated"),
        pytest.param(BREAK + "+    pass\n" * 5, GUARD, "5 at most", id="too large"),
        pytest.param(BREAK.replace("return said !=", "return said !"), GUARD, "exit code", id="cannot be imported"),
    ],
)
def test_a_surviving_mutant_is_a_failure(
    tree: Path, capfd: pytest.CaptureFixture[str], patch: str, kills: str, message: str
) -> None:
    add(tree, "r12-said.patch", patch, *filter(None, [kills]))
    assert try_mutants(tree) == 1
    out = capfd.readouterr().out
    assert message in out
    assert "mutants: 0 passed, 1 failed" in out


def test_a_mutant_survives_if_one_of_its_two_tests_passes(tree: Path, capfd: pytest.CaptureFixture[str]) -> None:
    add(tree, "r12-said.patch", BREAK, GUARD, "tests/test_rule.py::test_r12_yes_is_yes")
    assert try_mutants(tree) == 1
    assert "SURVIVED tests/test_rule.py::test_r12_yes_is_yes" in capfd.readouterr().out


@pytest.mark.parametrize("test", [GUARD, "tests/test_rule.py::test_r12_misspelt"])
def test_tests_that_fail_without_the_mutant_prove_nothing(
    tree: Path, capfd: pytest.CaptureFixture[str], test: str
) -> None:
    (tree / "rule.py").write_text(RULE.replace("==", "!="))
    add(tree, "r12-said.patch", BREAK, test)
    assert try_mutants(tree) == 1
    assert "must pass before" in capfd.readouterr().out


def test_no_mutants_is_not_a_success(tree: Path) -> None:
    assert try_mutants(tree) == 1


def test_patch_is_used_without_git(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (patch := shutil.which("patch")):
        pytest.skip("needs patch")
    programs = tree.parent / "programs"
    programs.mkdir()
    (programs / "patch").symlink_to(patch)
    monkeypatch.setenv("PATH", str(programs))
    add(tree, "r12-said.patch", BREAK, GUARD)
    assert try_mutants(tree) == 0


def test_without_git_and_patch_the_error_says_what_to_install(
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


@pytest.fixture
def repository(tree: Path) -> Path:
    """The tree as a repository of one commit, with a mutant for each of two files."""
    (tree / "other.py").write_text(RULE)
    (tree / "tests" / "test_other.py").write_text(TESTS.replace("from rule", "from other"))
    (tree / "tests" / "helper.py").write_text("")
    (tree / "data" / "pipe").unlink()
    (tree / ".gitignore").write_text("__pycache__\n")
    add(tree, "r12-other.patch", BREAK.replace("rule.py", "other.py"), GUARD.replace("rule", "other"))
    add(tree, "r12-said.patch", BREAK, GUARD)
    git(tree, "init", "-q", "-b", "main")
    commit(tree, "first")
    return tree


def git(tree: Path, *command: str) -> None:
    who = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(tree), *who, *command], check=True, capture_output=True)


def commit(tree: Path, subject: str) -> None:
    git(tree, "add", "-A")
    git(tree, "commit", "-q", "--allow-empty", "-m", subject)


def chosen(tree: Path) -> list[str]:
    return [mutant.path.name for mutant in changed(tree)[0]]


@pytest.mark.parametrize("file", ["other.py", "tests/test_other.py", "tests/mutants/r12-other.patch"])
@pytest.mark.parametrize("when", ["not committed", "in the last commit", "since the main branch"])
def test_a_change_tries_the_mutants_of_its_files(repository: Path, file: str, when: str) -> None:
    commit(repository, "second")
    if when == "since the main branch":
        git(repository, "switch", "-q", "-c", "work")
    with (repository / file).open("a") as written:
        written.write("\n")
    if when != "not committed":
        commit(repository, "third")
    if when == "since the main branch":
        commit(repository, "fourth")
    assert chosen(repository) == ["r12-other.patch"]
    assert "1 of 2 mutants" in changed(repository)[1]


def test_a_change_of_other_files_tries_no_mutant(repository: Path) -> None:
    (repository / "README.md").write_text("")
    commit(repository, "second")
    assert chosen(repository) == []


@pytest.mark.parametrize("file", ["tests/helper.py", "tests/conftest.py", "pyproject.toml"])
def test_a_change_of_shared_files_tries_all_mutants(repository: Path, file: str) -> None:
    commit(repository, "second")
    (repository / file).write_text("# new\n")
    assert chosen(repository) == ["r12-other.patch", "r12-said.patch"]
    assert file in changed(repository)[1]


@pytest.mark.parametrize("where", ["the first commit", "no repository"])
def test_without_a_commit_to_compare_with_all_mutants_are_tried(repository: Path, where: str) -> None:
    if where == "no repository":
        shutil.rmtree(repository / ".git")
    assert chosen(repository) == ["r12-other.patch", "r12-said.patch"]
    assert "no earlier commit" in changed(repository)[1]


@pytest.fixture
def grown(repository: Path) -> Path:
    """The repository with a mutant that is the first of its rule, and a long history."""
    shutil.copy(repository / "tests/mutants/r12-said.patch", repository / "tests/mutants/r12.patch")
    for number in range(mutants.RECENT + 1):
        commit(repository, f"commit {number}")
    return repository


def on_day(tree: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Commit something on a day. Return the mutants whose turn is that day."""
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"{1_790_000_000 + 86_400 * number} +0000")
    commit(tree, f"day {number}")
    return [mutant.path.name for mutant in mutants.in_turn(tree)[0]]


def test_each_mutant_has_its_turn_and_the_first_of_a_rule_each_day(
    grown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [on_day(grown, number, monkeypatch) for number in range(mutants.TURNS)]
    assert all("r12.patch" in tried for tried in days)
    assert sorted(name for tried in days for name in tried if name != "r12.patch") == [
        "r12-other.patch", "r12-said.patch",
    ]  # fmt: skip


@pytest.mark.parametrize("file", ["other.py", "tests/test_other.py", "tests/mutants/r12-other.patch"])
def test_what_recent_commits_concern_is_tried_each_day(grown: Path, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    with (grown / file).open("a") as written:
        written.write("\n")
    assert all("r12-other.patch" in on_day(grown, number, monkeypatch) for number in range(mutants.TURNS))


def test_without_a_history_all_mutants_are_tried(repository: Path) -> None:
    assert mutants.in_turn(repository)[0] == all_mutants(repository)


@pytest.mark.parametrize(
    ("arguments", "nightly", "given"),
    [
        ([], False, ["-m", "not nightly"]),
        ([], True, []),
        (["-q", "-m", "faults or postgres"], False, ["-m", "(faults or postgres) and not nightly", "-q"]),
        (["-m", "browser"], True, ["-m", "(browser)"]),
    ],
)
def test_nightly_tests_run_only_on_request(arguments: list[str], nightly: bool, given: list[str]) -> None:
    assert selected(arguments, nightly=nightly) == given


def test_change_and_nightly_lists_together_are_all_tests(pytestconfig: pytest.Config) -> None:
    """Each test is in one part of one of the two lists, and the nightly run has all parts of both."""

    def chosen(nightly: bool) -> list[str]:
        rows = [(part.files(ROOT), selected(["-m", part.marked], nightly=nightly)[1]) for part in PARTS]
        return [
            test
            for files, expression in rows
            for test, marks in collected.items()
            if (not files or test.partition("::")[0] in files)
            and Expression.compile(expression).evaluate(lambda name, /, **_: name in marks)  # noqa: B023  # at once
        ]

    collected = pytestconfig.stash[MARKS]
    at_night = [test for test, marks in collected.items() if "nightly" in marks]
    assert sorted(chosen(nightly=True)) == sorted(collected)
    assert sorted([*chosen(nightly=False), *at_night]) == sorted(collected)


def test_each_test_in_a_browser_has_a_run_by_day_unless_its_author_says_otherwise(pytestconfig: pytest.Config) -> None:
    """Which ways to show a page wait for the night is chosen by the test's name, and must leave one by day."""
    runs = dict[str, list[set[str]]]()
    for test, marks in pytestconfig.stash[MARKS].items():
        if "browser" in marks:
            runs.setdefault(test.partition("[")[0], []).append(marks)
    never = {test for test, of in runs.items() if all("nightly" in marks for marks in of)}
    assert {test for test in never if any(CAN_WAIT in marks for marks in runs[test])} == set()


def test_every_test_that_a_mutant_names_runs_for_each_change(pytestconfig: pytest.Config) -> None:
    """None waits for the night, so a broken rule is seen by day. Of a file that was not collected, nothing is known."""
    marks = pytestconfig.stash[MARKS]
    files = {test.partition("::")[0] for test in marks}
    by_day = {test.partition("[")[0] for test, of in marks.items() if not {"nightly", "postgres"} & of}
    named = {test.partition("[")[0] for mutant in all_mutants(ROOT) for test in mutant.tests}
    assert {test for test in named if test.partition("::")[0] in files} <= by_day


@pytest.mark.parametrize("patch", CONTROLS, ids=[each.stem for each in CONTROLS])
def test_the_patch_of_each_control_of_the_night_applies(patch: Path, tmp_path: Path) -> None:
    """By day nobody would notice that it does not fit the code any more."""
    for name in patched_files(patch):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    assert apply(patch, tmp_path) == ""


def test_what_a_run_compiles_is_kept_for_its_other_processes(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")  # as in many images of containers
    assert run(["-q", GUARD], root=tree) == 0
    assert [path.name.partition(".")[0] for path in (tree / "__pycache__").iterdir()] == ["rule"]


def test_a_run_reports_missing_tools_and_returns_pytests_exit_code(
    tree: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["-q", GUARD], root=tree) == 0
    out = capfd.readouterr().out
    assert all(f"{what}: " in out for what in ("browser", "PostgreSQL", "node", "gettext", "Kannel", "git", "patch"))
    assert "2 passed" in out
    assert run([GUARD + "_misspelt"], root=tree) == 4


def test_missing_tools_are_named_with_the_tests_that_are_skipped(tmp_path: Path) -> None:
    code = "from helpline.operations.testing import surroundings; print(*surroundings(), sep='\\n')"
    path = {"PATH": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[1])}
    out = subprocess.run([sys.executable, "-c", code], env=path, capture_output=True, text=True, check=True).stdout
    assert "browser: absent, so the browser tests are skipped" in out
    assert all(f"{what}: absent" in out for what in ("node", "gettext", "Kannel", "git", "patch"))
    assert "apt install nodejs" in out


def test_an_installed_copy_has_no_tests_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([], root=tmp_path) == 2
    assert "checkout" in capsys.readouterr().out
