"""Each rule that code must keep has a test with its number and a mutant on which that test fails."""

import shutil
import subprocess

import pytest

from tests.rules.table import MUST, PAGE, ROOT, breaks, named, rule_text, table

MUTANTS = sorted((ROOT / "tests" / "mutants").glob("r*.patch"))


@pytest.mark.parametrize("rule", MUST)
def test_a_rule_has_a_test_and_a_mutant_that_the_test_kills(rule: int) -> None:
    """A rule without both is only a paragraph."""
    assert rule_text(rule), f"docs/rules.md does not have R{rule}"
    tests, mutants = named(rule), breaks(rule)
    assert tests, f"no test is named test_r{rule:02}_…"
    assert mutants, f"no mutant is named r{rule:02}….patch"
    assert any(killed.rpartition("::")[2].partition("[")[0] in tests for each in mutants for killed in each.tests)


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_every_mutant_applies_to_the_present_code() -> None:
    """`./komek test --mutants` checks whether it is killed. One that does not apply proves nothing."""
    tried = {path: subprocess.run(["git", "apply", "--check", str(path)], cwd=ROOT, check=False) for path in MUTANTS}
    assert [path.name for path, done in tried.items() if done.returncode] == [], "rebuild these patches"


def test_the_page_of_proofs_is_current() -> None:
    """`python -m tests.rules.table --write` rebuilds it."""
    assert PAGE.read_text("utf-8") == table()
